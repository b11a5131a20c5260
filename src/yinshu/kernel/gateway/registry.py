"""The models in memory: read at the start and after every change, so that a call never waits for the database."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from urllib.parse import urlsplit

from yinshu.kernel.audit.records import Act, Json
from yinshu.kernel.audit.store import append_acts
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, Engine, reading, writing
from yinshu.kernel.base.ids import new_id
from yinshu.kernel.gateway import store
from yinshu.kernel.gateway.errors import BadModel, NoSuchModel
from yinshu.kernel.gateway.keys import KeyRing
from yinshu.kernel.gateway.records import CAPABILITIES, Capability, Endpoint, EndpointState, Model
from yinshu.kernel.identity import Subject

NAME_SHAPE = re.compile(r"[A-Za-z0-9一-鿿][A-Za-z0-9一-鿿._:/@-]{0,118}")
ENDPOINTS_MAX = 64
FALLBACKS_MAX = 8
EMBEDDED_URL = "embedded:"
BUILTIN_URL = "builtin:"
DATA_LEVELS = range(1, 6)
CUSTOMER_LEVELS = range(4)


@dataclass(frozen=True)
class _Snapshot:
    models: Mapping[str, Model] = field(default_factory=dict)
    ciphers: Mapping[str, bytes] = field(default_factory=dict)


class Registry:
    """What may be called. Reads are lock-free (a snapshot is replaced whole); changes go through the database."""

    def __init__(self, engine: Engine, clock: Clock, ring: KeyRing, builtin: Sequence[Model] = ()) -> None:
        self._engine = engine
        self._clock = clock
        self._ring = ring
        self._builtin = {model.name: model for model in builtin}
        self._snapshot = _Snapshot()
        self._opened: dict[str, str] = {}

    def refresh(self) -> None:
        """Read every model again; another process may have changed them."""
        with reading(self._engine) as connection:
            models = {model.name: model for model in store.list_models(connection)}
            ciphers = store.read_key_ciphers(connection)
        if ciphers != self._snapshot.ciphers:
            self._opened = {}
        self._snapshot = _Snapshot({**self._builtin, **models}, ciphers)

    def models(self) -> list[Model]:
        """Every model, by name."""
        return [self._snapshot.models[name] for name in sorted(self._snapshot.models)]

    def find(self, name: str) -> Model:
        """The model of this name. Raises NoSuchModel naming the remedy."""
        model = self._snapshot.models.get(name)
        if model is None:
            raise NoSuchModel(f"没有名为“{name[:120]}”的模型，请用 yinshu models list 查看已登记的模型。")
        return model

    def first(self, capability: Capability) -> Model | None:
        """The model to use when none is named: approved before trial, the embedded one last."""
        fitting = [one for one in self.models() if capability in one.capabilities and one.stage != "retired"]
        fitting.sort(key=lambda one: (one.stage != "approved", one.kind == "embedded", one.name))
        return fitting[0] if fitting else None

    def key_of(self, endpoint: Endpoint) -> str:
        """The endpoint's key, "" where it has none. Raises BadModel when it cannot be opened."""
        known = self._opened.get(endpoint.id)
        if known is None:
            cipher = self._snapshot.ciphers.get(endpoint.id)
            known = self._opened[endpoint.id] = self._ring.open(cipher, endpoint.id) if cipher else ""
        return known

    def save(self, actor: Subject, model: Model, keys: Mapping[str, str] | None = None) -> Model:
        """Register or change a model; the change is in the ledger. `keys` by endpoint id; "" removes a key.

        Raises BadModel with what is wrong.
        """
        checked = check_model(model, {one.name for one in self.models()})
        ciphers = {
            endpoint_id: self._ring.seal(key, endpoint_id) if key else None for endpoint_id, key in (keys or {}).items()
        }
        with writing(self._engine) as connection:
            store.save_model(connection, checked, self._clock.now(), ciphers)
            self._record(connection, actor, "gateway.model_saved", checked)
        self._opened = {}
        self.refresh()
        return self.find(checked.name)

    def set_state(self, actor: Subject, name: str, endpoint_id: str, state: EndpointState) -> Model:
        """Drain an endpoint, switch it off or on again. Raises NoSuchModel."""
        model = self.find(name)
        if endpoint_id not in {one.id for one in model.endpoints}:
            raise NoSuchModel(f"模型“{name}”没有这个端点，请刷新模型页后重试。")
        with writing(self._engine) as connection:
            store.set_endpoint_state(connection, endpoint_id, state)
            self._record(connection, actor, "gateway.endpoint_state", model, {"endpoint": endpoint_id, "state": state})
        self.refresh()
        return self.find(name)

    def remove(self, actor: Subject, name: str) -> None:
        """Take a model out of the registry. Raises NoSuchModel, BadModel when others fall back on it."""
        model = self.find(name)
        if model.kind == "builtin":
            raise BadModel("随产品附带的模型不能删除。")
        leaning = [one.name for one in self.models() if name in one.fallbacks]
        if leaning:
            raise BadModel(f"模型“{'、'.join(leaning)}”以它为后备，请先修改后备设置再删除。")
        with writing(self._engine) as connection:
            store.delete_model(connection, model.id)
            self._record(connection, actor, "gateway.model_removed", model)
        self.refresh()

    def _record(
        self,
        connection: Connection,
        actor: Subject,
        action: str,
        model: Model,
        more: Mapping[str, str] | None = None,
    ) -> None:
        detail: dict[str, Json] = {"name": model.name, "stage": model.stage, **(more or {})}
        if more is None:
            detail |= {
                "kind": model.kind,
                "endpoints": [one.url for one in model.endpoints],
                "data_level_max": model.data_level_max,
                "customer_level_max": model.customer_level_max,
                "price_input": str(model.price_input),
                "price_output": str(model.price_output),
            }
        append_acts(
            connection, self._clock, [(Act(actor.id, action, model.id, right="model:configure", detail=detail), None)]
        )


def check_model(model: Model, known_names: set[str]) -> Model:
    """The model with ids for what is new. Raises BadModel with what is wrong and how to mend it."""
    if not NAME_SHAPE.fullmatch(model.name):
        raise BadModel("模型名称只能用字母、数字、汉字和 . _ : / @ -，最多 119 个字符，请修改后重试。")
    unknown = [one for one in model.capabilities if one not in CAPABILITIES]
    if unknown or not model.capabilities:
        raise BadModel(f"模型能力只能从这些中选：{'、'.join(CAPABILITIES)}。")
    if model.data_level_max not in DATA_LEVELS or model.customer_level_max not in CUSTOMER_LEVELS:
        raise BadModel("数据级别应为 1 至 5，客户信息级别应为 0 至 3（C1 至 C3），请修改后重试。")
    if min(model.price_input, model.price_output) < Decimal(0) or model.context_tokens < 1:
        raise BadModel("价格不能为负，上下文长度至少为 1，请修改后重试。")
    if not 0 < model.timeout_seconds <= 3_600:
        raise BadModel("超时应大于 0 秒、不超过 3600 秒，请修改后重试。")
    strangers = [one for one in model.fallbacks if one not in known_names or one == model.name]
    if strangers or len(model.fallbacks) > FALLBACKS_MAX:
        raise BadModel(f"后备模型须是已登记的其他模型，最多 {FALLBACKS_MAX} 个：{'、'.join(strangers)}。")
    if len(model.endpoints) > ENDPOINTS_MAX or (not model.endpoints and model.kind == "openai"):
        raise BadModel(f"请填写 1 至 {ENDPOINTS_MAX} 个服务地址。")
    model_id = model.id or new_id("mod")
    endpoints = tuple(
        replace(one, id=one.id or new_id("end"), model_id=model_id, url=checked_url(one.url)) for one in model.endpoints
    )
    return replace(model, id=model_id, endpoints=endpoints)


def checked_url(url: str) -> str:
    """The address without a trailing slash. Raises BadModel when it is no HTTP address or carries a password."""
    if url in (EMBEDDED_URL, BUILTIN_URL):
        return url
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise BadModel("服务地址应形如 http://主机:端口/v1，且不含用户名和密码；密钥请填在密钥一栏。")
    return url.strip().rstrip("/").removesuffix("/chat/completions")
