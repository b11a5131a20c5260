"""Where words go: results to stdout (JSON or Chinese text), everything else to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

Result = Mapping[str, Any]


def emit(result: Result, as_json: bool, show: Callable[[Result], str]) -> None:
    """Print a command's result: one JSON object on one line, or `show`'s text for people."""
    sys.stdout.write(json.dumps(result, ensure_ascii=False) if as_json else show(result))
    sys.stdout.write("\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """Tell the person at the terminal something that is not the result."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
