"""Logs as events with key=value on stderr; customer text, prompts and keys never reach them."""

from __future__ import annotations

import contextlib
import logging
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, Literal

import structlog

LogFormat = Literal["keyvalue", "json"]

VALUE_CHARS_MAX = 300
CAUSES_MAX = 5
FRAMES_MAX = 12
FORBIDDEN_KEYS = frozenset(
    "answer authorization body key password prompt query question quote secret text token".split()  # noqa: SIM905
)
_QUIET_LIBRARIES = ("alembic", "asyncio", "dbos", "httpx", "PIL", "pdfminer", "rapidocr", "sqlalchemy", "uvicorn")


def drop_private(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take out what may hold customer text: forbidden keys, and values too long to be a name or a figure."""
    for key, value in list(event.items()):
        if key.lower() in FORBIDDEN_KEYS:
            event[key] = "[withheld]"
        elif key != "exception" and isinstance(value, str) and len(value) > VALUE_CHARS_MAX:
            event[key] = f"[{len(value)} characters]"
    return event


def name_exception(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace an exception by its types and places; its message may quote what the customer wrote."""
    caught = event.pop("exc_info", None)
    if caught is True:
        caught = sys.exc_info()
    error = caught[1] if isinstance(caught, tuple) else caught
    causes: list[str] = []
    while isinstance(error, BaseException) and len(causes) < CAUSES_MAX:
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES_MAX:]
        places = " > ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
        causes.append(f"{type(error).__qualname__} at {places}")
        error = error.__cause__ or error.__context__
    if causes:
        event["exception"] = "; caused by ".join(causes)
    return event


class _StandardError(logging.Handler):
    """Writes to whatever standard error is at the moment, which tests and daemons may have changed."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            line = f"level=error event=log.unformattable logger={record.name} error={type(error).__name__}"
        # A closed standard error leaves nobody to tell; the base class would print the record, customer text and all.
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()


def configure_logs(level: str, log_format: LogFormat) -> None:
    """Send every log of this process, ours and the libraries', to stderr in one form. May be called again."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_exception,
        drop_private,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = _StandardError()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET_LIBRARIES:
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
        library.setLevel(logging.WARNING)
