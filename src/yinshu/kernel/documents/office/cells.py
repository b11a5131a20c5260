"""A cell's value as Excel shows it: percentages, thousands, dates."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import ROUND_HALF_UP, Decimal

_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_DIGITS_MAX = 12


def shown(value: object, number_format: str | None) -> str:
    """Text of a value under a number format; what the format adds (千分位, %, 小数位) is kept, colours are not."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return _number(value, number_format or "General")
    if isinstance(value, dt.datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return f"{value:%Y-%m-%d}" if midnight else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, dt.date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, dt.time):
        return f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"
    return re.sub(r"_x000[Dd]_", "\n", str(value)).strip()


def _number(value: float, number_format: str) -> str:
    if not math.isfinite(value):
        return ""
    section = number_format.split(";", maxsplit=1)[0]
    plain = _QUOTED.sub("", section)
    suffix = "".join(re.findall(r'"([^"]*)"', section.rpartition("0")[2]))
    exact = Decimal(repr(value))
    percent = "%" in plain
    if percent:
        exact *= 100
    decimals = re.search(r"\.([0#?]+)", plain)
    if re.search(r"[0#?]", plain) and "E" not in plain.upper().replace("GENERAL", "") and "/" not in plain:
        places = len(decimals.group(1)) if decimals else 0
        written = _written(exact, places)
        if decimals and "#" in decimals.group(1) and "." in written:
            written = written.rstrip("0").rstrip(".")
        if re.search(r"[#0?],[#0?]", plain):
            written = f"{Decimal(written):,}"
    else:
        written = _general(exact)
    return written + ("%" if percent else "") + suffix


def _written(exact: Decimal, places: int) -> str:
    """Rounded for display, unless that would hide digits that matter: a rate of 0.05 shown as 0 keeps its digits."""
    rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    if rounded == 0 and exact != 0:
        return _general(exact)
    return f"{rounded:f}"


def _general(exact: Decimal) -> str:
    if exact == exact.to_integral_value() and abs(exact) < Decimal(10) ** 15:
        return f"{exact.to_integral_value():f}"
    trimmed = exact.normalize()
    if -_DIGITS_MAX <= trimmed.adjusted() < 15:
        return f"{float(round(trimmed, _DIGITS_MAX)):.12f}".rstrip("0").rstrip(".")
    return str(trimmed)
