"""Logs are events with key=value; customer text, prompts and keys do not reach them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from yinshu.kernel.base.logs import FORBIDDEN_KEYS, LogFormat, configure_logs

SECRET = "单位卡能取现金吗"


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def logged(capsys: pytest.CaptureFixture[str], log_format: LogFormat, **fields: object) -> str:
    configure_logs("info", log_format)
    structlog.get_logger("test").info("run.started", **fields)
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


@pytest.mark.parametrize("key", sorted(FORBIDDEN_KEYS))
def test_what_a_forbidden_key_holds_is_withheld(capsys: pytest.CaptureFixture[str], key: str) -> None:
    assert SECRET not in logged(capsys, "keyvalue", **{key: SECRET})


def test_a_value_too_long_to_be_a_name_is_counted_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    line = logged(capsys, "keyvalue", title="长" * 400)
    assert "长长" not in line
    assert "400" in line


def test_names_and_figures_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    line = logged(capsys, "keyvalue", run_id="run_1", duration_ms=3.5)
    assert "event=run.started" in line
    assert "run_id=run_1" in line
    assert "duration_ms=3.5" in line


def test_json_lines_can_be_read_back(capsys: pytest.CaptureFixture[str]) -> None:
    line = json.loads(logged(capsys, "json", run_id="run_1"))
    assert (line["event"], line["run_id"], line["level"]) == ("run.started", "run_1", "info")


def test_an_exception_is_named_with_its_place_but_not_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", "keyvalue")
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise ValueError(SECRET) from error
    except ValueError:
        structlog.get_logger("test").exception("run.failed")
    line = capsys.readouterr().err
    assert "ValueError at test_logs.py" in line
    assert "caused by KeyError" in line
    assert SECRET not in line


def test_libraries_speak_in_the_same_form_and_only_when_it_matters(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", "keyvalue")
    logging.getLogger("sqlalchemy.engine").info("SELECT %s", SECRET)
    logging.getLogger("uvicorn.error").warning("limit reached")
    line = capsys.readouterr().err
    assert SECRET not in line
    assert 'event="limit reached"' in line


def test_a_record_that_cannot_be_formatted_is_named_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", "keyvalue")
    logging.getLogger("uvicorn.error").warning("%d", SECRET)
    line = capsys.readouterr().err
    assert "event=log.unformattable" in line
    assert SECRET not in line
