"""Models and their endpoints in the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from yinshu.kernel.gateway.errors import NoSuchModel
from yinshu.kernel.gateway.records import Endpoint, EndpointState, Model
from yinshu.kernel.gateway.tables import endpoints, models

MICRO = 1_000_000


def list_models(connection: Connection) -> list[Model]:
    """Every model with its endpoints, by name."""
    of_model: dict[str, list[Endpoint]] = defaultdict(list)
    for row in connection.execute(select(endpoints).order_by(endpoints.c.position, endpoints.c.id)):
        of_model[row.model_id].append(_endpoint(row))
    return [_model(row, of_model[row.id]) for row in connection.execute(select(models).order_by(models.c.name))]


def save_model(connection: Connection, model: Model, now: datetime, keys: Mapping[str, bytes | None]) -> None:
    """Insert or replace a model and its endpoints. `keys` gives ciphers by endpoint id; an endpoint that is not in it
    keeps the one it has."""
    row = _model_row(model, now)
    known = connection.execute(select(models.c.id).where(models.c.id == model.id)).one_or_none()
    if known is None:
        connection.execute(insert(models).values(**row, created_at=now))
    else:
        connection.execute(update(models).where(models.c.id == model.id).values(**row))
    kept = read_key_ciphers(connection, [one.id for one in model.endpoints])
    connection.execute(delete(endpoints).where(endpoints.c.model_id == model.id))
    for position, endpoint in enumerate(model.endpoints):
        cipher = keys[endpoint.id] if endpoint.id in keys else kept.get(endpoint.id)
        connection.execute(insert(endpoints).values(**_endpoint_row(model.id, endpoint, position), key_cipher=cipher))


def add_endpoint(connection: Connection, endpoint: Endpoint, cipher: bytes | None, position: int) -> None:
    """One more endpoint of a model."""
    row = _endpoint_row(endpoint.model_id, endpoint, position)
    connection.execute(insert(endpoints).values(**row, key_cipher=cipher))


def set_endpoint_state(connection: Connection, endpoint_id: str, state: EndpointState) -> None:
    """Active, draining or off. Raises NoSuchModel."""
    done = connection.execute(update(endpoints).where(endpoints.c.id == endpoint_id).values(state=state))
    if done.rowcount != 1:
        raise NoSuchModel("没有这个模型端点，请刷新模型页后重试。")


def delete_model(connection: Connection, model_id: str) -> None:
    """Remove a model and its endpoints; usage and ledger keep its name."""
    connection.execute(delete(endpoints).where(endpoints.c.model_id == model_id))
    connection.execute(delete(models).where(models.c.id == model_id))


def read_key_ciphers(connection: Connection, endpoint_ids: Sequence[str] | None = None) -> dict[str, bytes]:
    """The encrypted keys by endpoint (of all endpoints when None); endpoints without a key are left out."""
    query = select(endpoints.c.id, endpoints.c.key_cipher).where(endpoints.c.key_cipher.is_not(None))
    if endpoint_ids is not None:
        query = query.where(endpoints.c.id.in_(endpoint_ids))
    return {row.id: bytes(row.key_cipher) for row in connection.execute(query)}


def _micro(price: Decimal) -> int:
    return int(price * MICRO)


def _model_row(model: Model, now: datetime) -> dict[str, Any]:
    return {
        "id": model.id,
        "name": model.name,
        "kind": model.kind,
        "capabilities": list(model.capabilities),
        "size_class": model.size_class,
        "context_tokens": model.context_tokens,
        "price_input_micro": _micro(model.price_input),
        "price_output_micro": _micro(model.price_output),
        "currency": model.currency,
        "data_level_max": model.data_level_max,
        "customer_level_max": model.customer_level_max,
        "owner": model.owner,
        "stage": model.stage,
        "licence": model.licence,
        "source": model.source,
        "fallbacks": list(model.fallbacks),
        "timeout_seconds": model.timeout_seconds,
        "updated_at": now,
    }


def _endpoint_row(model_id: str, endpoint: Endpoint, position: int) -> dict[str, Any]:
    return {
        "id": endpoint.id,
        "model_id": model_id,
        "url": endpoint.url,
        "upstream_model": endpoint.upstream_model,
        "state": endpoint.state,
        "in_flight_max": endpoint.in_flight_max,
        "position": position,
    }


def _endpoint(row: Row[Any]) -> Endpoint:
    return Endpoint(
        id=row.id,
        model_id=row.model_id,
        url=row.url,
        upstream_model=row.upstream_model,
        state=row.state,
        in_flight_max=row.in_flight_max,
        has_key=row.key_cipher is not None,
    )


def _model(row: Row[Any], of_model: Sequence[Endpoint]) -> Model:
    return Model(
        id=row.id,
        name=row.name,
        kind=row.kind,
        capabilities=tuple(row.capabilities),
        size_class=row.size_class,
        context_tokens=row.context_tokens,
        price_input=Decimal(row.price_input_micro) / MICRO,
        price_output=Decimal(row.price_output_micro) / MICRO,
        currency=row.currency,
        data_level_max=row.data_level_max,
        customer_level_max=row.customer_level_max,
        owner=row.owner,
        stage=row.stage,
        licence=row.licence,
        source=row.source,
        fallbacks=tuple(row.fallbacks),
        timeout_seconds=row.timeout_seconds,
        endpoints=tuple(of_model),
    )
