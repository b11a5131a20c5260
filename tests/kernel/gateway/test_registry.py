"""The registry keeps models, their levels and their keys; a key goes in and never comes out."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from yinshu.kernel.audit.store import read_entries
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import reading
from yinshu.kernel.gateway.errors import BadModel, NoSuchModel
from yinshu.kernel.gateway.keys import KEY_FILE_NAME, load_key_ring
from yinshu.kernel.gateway.records import Endpoint, Model
from yinshu.kernel.gateway.registry import Registry
from yinshu.kernel.gateway.tables import endpoints
from yinshu.kernel.identity import local_operator

KEY = "sk-very-secret-0123456789"
ME = local_operator()


def make_model(name: str = "qwen", **changes: Any) -> Model:
    """A chat model with one endpoint."""
    fields: dict[str, Any] = {
        "id": "",
        "kind": "openai",
        "capabilities": ("chat",),
        "endpoints": (Endpoint("end_1", "", "http://qwen.test/v1/", "qwen3"),),
    }
    return Model(name=name, **{**fields, **changes})


@pytest.fixture
def registry(engine: Engine, clock: Clock, tmp_path: Path) -> Registry:
    return Registry(engine, clock, load_key_ring(tmp_path))


def test_a_model_comes_back_as_it_was_saved(registry: Registry) -> None:
    saved = registry.save(
        ME,
        make_model(price_input=Decimal("2.5"), price_output=Decimal(10), data_level_max=3, stage="approved"),
    )
    again = registry.find("qwen")
    assert again == saved
    assert again.endpoints[0].url == "http://qwen.test/v1"
    assert again.cost(1_000_000, 500_000) == Decimal("7.5")


def test_a_key_is_sealed_at_rest_and_opens_only_with_the_file(
    registry: Registry, engine: Engine, clock: Clock, tmp_path: Path
) -> None:
    saved = registry.save(ME, make_model(), {"end_1": KEY})
    assert saved.endpoints[0].has_key
    assert registry.key_of(saved.endpoints[0]) == KEY
    with reading(engine) as connection:
        cipher = connection.execute(select(endpoints.c.key_cipher)).scalar_one()
        entries = read_entries(connection)
    assert KEY.encode() not in bytes(cipher)
    assert KEY not in str(entries)
    assert KEY not in repr(saved)
    assert (tmp_path / KEY_FILE_NAME).stat().st_mode & 0o777 == 0o600
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    stranger = Registry(engine, clock, load_key_ring(elsewhere))
    stranger.refresh()
    with pytest.raises(BadModel, match="解不开"):
        stranger.key_of(saved.endpoints[0])


def test_a_key_of_one_endpoint_does_not_open_for_another(tmp_path: Path) -> None:
    ring = load_key_ring(tmp_path)
    with pytest.raises(BadModel):
        ring.open(ring.seal(KEY, "end_1"), "end_2")


def test_a_change_without_a_key_keeps_the_key(registry: Registry) -> None:
    saved = registry.save(ME, make_model(), {"end_1": KEY})
    changed = registry.save(ME, make_model(id=saved.id, stage="approved", endpoints=saved.endpoints))
    assert registry.key_of(changed.endpoints[0]) == KEY
    without = registry.save(ME, changed, {"end_1": ""})
    assert (without.endpoints[0].has_key, registry.key_of(without.endpoints[0])) == (False, "")


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "../etc"},
        {"name": ""},
        {"capabilities": ()},
        {"capabilities": ("fly",)},
        {"data_level_max": 6},
        {"customer_level_max": 4},
        {"price_input": Decimal(-1)},
        {"timeout_seconds": 0},
        {"endpoints": ()},
        {"fallbacks": ("nobody",)},
        {"fallbacks": ("qwen",)},
        {"endpoints": (Endpoint("", "", "ftp://a/v1", "m"),)},
        {"endpoints": (Endpoint("", "", "http://user:secret@a/v1", "m"),)},
        {"endpoints": (Endpoint("", "", "file:///etc/passwd", "m"),)},
    ],
)
def test_what_cannot_be_meant_is_refused(registry: Registry, changes: dict[str, Any]) -> None:
    with pytest.raises(BadModel):
        registry.save(ME, make_model(**{"name": "qwen", **changes}))
    assert registry.models() == []


def test_a_model_others_lean_on_stays(registry: Registry) -> None:
    registry.save(ME, make_model("spare"))
    registry.save(ME, make_model("main", fallbacks=("spare",), endpoints=(Endpoint("", "", "http://m/v1", "m"),)))
    with pytest.raises(BadModel, match="main"):
        registry.remove(ME, "spare")
    registry.remove(ME, "main")
    registry.remove(ME, "spare")
    with pytest.raises(NoSuchModel):
        registry.find("spare")


def test_every_change_is_in_the_ledger(registry: Registry, engine: Engine) -> None:
    saved = registry.save(ME, make_model())
    registry.set_state(ME, "qwen", saved.endpoints[0].id, "draining")
    registry.remove(ME, "qwen")
    with reading(engine) as connection:
        actions = [entry.action for entry in read_entries(connection)]
    assert actions == ["gateway.model_saved", "gateway.endpoint_state", "gateway.model_removed"]


def test_the_default_is_approved_before_trial_and_remote_before_embedded(registry: Registry) -> None:
    registry.save(ME, make_model("a-trial"))
    assert registry.first("chat") == registry.find("a-trial")
    registry.save(ME, make_model("own", kind="embedded", stage="approved", endpoints=()))
    assert registry.first("chat") == registry.find("own")
    registry.save(ME, make_model("z-big", stage="approved", endpoints=(Endpoint("", "", "http://z/v1", "m"),)))
    assert registry.first("chat") == registry.find("z-big")
    assert registry.first("asr") is None
