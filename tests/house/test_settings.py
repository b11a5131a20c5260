"""Settings are read from the environment with one prefix, and a wrong one is named without its value."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from yinshu.cli.door import load_settings
from yinshu.kernel.base.errors import BadArgument
from yinshu.settings import Settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"YINSHU_{name.upper()}", raising=False)


def test_without_anything_set_the_library_is_local_and_private() -> None:
    settings = Settings()
    assert settings.host == "127.0.0.1"
    assert settings.uses_sqlite
    assert settings.resolved_database_url == f"sqlite:///{Path('var').absolute()}/yinshu.sqlite"


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINSHU_TODAY", "2026-11-22")
    monkeypatch.setenv("YINSHU_DATABASE_URL", "postgresql+psycopg://a@b/c")
    settings = Settings()
    assert settings.today == date(2026, 11, 22)
    assert not settings.uses_sqlite


def test_an_empty_variable_is_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINSHU_TODAY", "")
    assert Settings().today is None


@pytest.mark.parametrize(("name", "value"), [("PORT", "70000"), ("ASK_THREADS", "0"), ("LOG_LEVEL", "机密")])
def test_a_wrong_value_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"YINSHU_{name}", value)
    with pytest.raises(BadArgument) as caught:
        load_settings()
    assert f"YINSHU_{name}" in caught.value.message
    assert value not in caught.value.message


def test_the_commands_own_options_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINSHU_PORT", "1234")
    assert load_settings(port=4321).port == 4321


def test_home_is_absolute_whatever_the_current_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINSHU_HOME", "~/bank")
    assert Settings().home == Path.home() / "bank"
