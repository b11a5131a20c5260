"""Works shown arithmetic out again: 500亿元×5%＋300亿元×4%＝37亿元, 2021年8月15日＋5年＝2026年8月15日."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal, DivisionByZero, InvalidOperation

from yinshu.kernel.base.clock import BANK_ZONE
from yinshu.kernel.evidence.dates import HOURS_PER_DAY, Moment, PeriodUnit, add_period
from yinshu.kernel.evidence.numerals import fold
from yinshu.kernel.evidence.quantities import Quantity, parse_quantities
from yinshu.kernel.evidence.records import Computation, Fault, Source

MAX_TERMS = 40
PLAIN_YEAR = 2001
MONDAY = date(2024, 1, 1)
_TEMPLATE = re.compile(
    r"按此计算|按月数计算|经计算|无对日|取月末日|，?仅扣除周末|未计法定节假日|该比例要求|不符合|计算(?:结果)?|算下来|合计|剩余|还可以?|最高|最低|最多|最少|最迟|最晚|上限|下限|至|到期日|截止|期限|期满日?|期满|届满|不超过|不低于|"
    r"较[高低]者|共|有|可以|按|保存|低于|高于|取|即|约|分别|结果|为|符合|不符合|未达到|达到|未超过|超过|在|范围|区间|落入|属于|"
    r"[＋+×÷＝=－−<>≤≥＜＞*/()（）-]"
)
_EXPRESSION_PART = re.compile(r"[，,；;]")
_OPERATORS = str.maketrans("＋－−×÷＝（）＜＞", "+--*/=()<>")


class _UnreadableError(ValueError):
    """The expression is not plain arithmetic."""


def check_computation(
    text: str, computation: Computation, sources: Sequence[Source], question: str
) -> list[tuple[Fault, str]]:
    """Faults of a computation: an input that stands nowhere, an equation that does not hold, another result."""
    faults: list[tuple[Fault, str]] = []
    places = [source.text for source in sources] + ([question] if question else [])
    from_sources = 0
    for wanted in computation.inputs:
        from_sources += any(_stands_in(wanted, source.text) for source in sources)
        if question and not any(_stands_in(wanted, place) for place in places):
            faults.append(("number", wanted))
    if not from_sources and not question:
        faults.append(("no_source", "、".join(computation.inputs)))
    if not expression_holds(computation.expression):
        faults.append(("number", computation.expression))
    shown = _keys(computation.expression)
    faults += [("number", computation.result) for key in _keys(computation.result) if key not in shown][:1]
    allowed = shown | _keys(computation.result) | {key for place in places for key in _keys(place)}
    faults += [("number", q.text) for q in parse_quantities(text) if _key(q) not in allowed]
    return faults


def computed_spans(segment: str, computation: Computation | None, question: str) -> list[tuple[int, int]]:
    """Spans of a computed sentence that the computation or the question vouches for."""
    if computation is None:
        return []
    spans: list[tuple[int, int]] = []
    for words in (computation.expression, computation.result):
        place = segment.find(words)
        if words and place >= 0:
            spans.append((place, place + len(words)))
    shown = (
        _keys(computation.expression) | _keys(computation.result) | {k for i in computation.inputs for k in _keys(i)}
    )
    spans += [(q.start, q.end) for q in parse_quantities(segment) if _key(q) in shown]
    spans += [match.span() for match in _TEMPLATE.finditer(segment)]
    return _merge(spans + _shared_runs(segment, question))


def _merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _shared_runs(segment: str, question: str) -> list[tuple[int, int]]:
    """Runs of two and more characters that the question holds too, unless they hold a negation."""
    spans = []
    for start in range(len(segment) - 1):
        pair = segment[start : start + 2]
        if pair in question and not re.search(r"[不未无非禁]", pair):
            spans.append((start, start + 2))
    return spans


def _stands_in(wanted: str, text: str) -> bool:
    if wanted in text:
        return True
    keys = _keys(wanted)
    return bool(keys) and keys <= _keys(text)


def _key(quantity: Quantity) -> tuple[str, str]:
    if quantity.moment is not None:
        return "moment", repr(quantity.moment)
    unit = "" if quantity.unit == "元" else quantity.unit
    return f"{quantity.value.normalize():f}", unit


def _keys(text: str) -> set[tuple[str, str]]:
    return {_key(quantity) for quantity in parse_quantities(text)}


def expression_holds(expression: str) -> bool:
    """Whether every part that has an =, < or > is true; at least one part must have one."""
    checked = 0
    for part in _EXPRESSION_PART.split(expression.replace(",", "")):
        plain = part.translate(_OPERATORS)
        if not re.search(r"[=<>≤≥]", plain):
            continue
        checked += 1
        try:
            if not _relation_holds(plain):
                return False
        except (_UnreadableError, DivisionByZero, InvalidOperation):
            return False
    return checked > 0


def _relation_holds(part: str) -> bool:
    pieces = re.split(r"([=<>≤≥])", part)
    sides = [_side(piece) for piece in pieces[0::2]]
    for left, sign, right in zip(sides, pieces[1::2], sides[1:], strict=False):
        if isinstance(left, Decimal) != isinstance(right, Decimal):
            return False
        holds = {
            "=": left == right,
            "<": left < right,  # type: ignore[operator]
            ">": left > right,  # type: ignore[operator]
            "≤": left <= right,  # type: ignore[operator]
            "≥": left >= right,  # type: ignore[operator]
        }[sign]
        if not holds:
            return False
    return True


def _side(text: str) -> Decimal | datetime:
    text = re.sub(r"^[^\d(一二三四五六七八九十两百周星上下半]*", "", text.strip())
    quantities = parse_quantities(text)
    if quantities and quantities[0].moment is not None:
        return _moment_sum(text, quantities)
    return _Arithmetic(text, quantities).value()


def _moment_sum(text: str, quantities: list[Quantity]) -> datetime:
    moments = [quantity.moment for quantity in quantities if quantity.moment is not None]
    start = _as_datetime(moments)
    sign = -1 if "-" in re.sub(r"\d-\d", "", text) else 1
    for quantity in quantities:
        if quantity.kind != "period":
            continue
        if quantity.unit in ("小时", "分钟"):
            minutes = int(quantity.value * (60 if quantity.unit == "小时" else 1))
            start += timedelta(minutes=sign * minutes)
            continue
        units: dict[str, PeriodUnit] = {"年": "年", "月": "月", "日": "日", "周": "周", "工作日": "工作日",
                                        "营业日": "工作日"}  # fmt: skip
        if quantity.unit not in units:
            raise _UnreadableError(quantity.unit)
        moved = add_period(start.date(), sign * quantity.value, units[quantity.unit])
        if moved is None:
            raise _UnreadableError(quantity.text)
        start = datetime.combine(moved, start.time(), tzinfo=BANK_ZONE)
    on_weekday = any(moment.weekday is not None for moment in moments)
    return datetime(2024, 1, 1 + start.weekday(), start.hour, start.minute, tzinfo=BANK_ZONE) if on_weekday else start


def _as_datetime(moments: list[Moment]) -> datetime:
    day: date | None = None
    hour = minute = 0
    for moment in moments:
        if moment.weekday is not None:
            day = MONDAY + timedelta(days=moment.weekday)
        elif moment.hour is not None:
            hour, minute = moment.hour % HOURS_PER_DAY, moment.minute or 0
        else:
            day = replace(moment, year=moment.year or PLAIN_YEAR).as_date()
    if day is None:
        raise _UnreadableError("no day")
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BANK_ZONE)


class _Arithmetic:
    """A recursive reader of + - * / and brackets over quantities."""

    def __init__(self, text: str, quantities: list[Quantity]) -> None:
        self._items: list[str | Decimal] = []
        place = 0
        for quantity in [*quantities[:MAX_TERMS], None]:
            end = len(text) if quantity is None else quantity.start
            for character in fold(text[place:end]):
                if character in "+-*/()":
                    self._items.append(character)
                elif not character.isspace() and quantity is not None and character != "约":
                    raise _UnreadableError(character)
            if quantity is not None:
                self._items.append(quantity.value)
                place = quantity.end
        self._at = 0

    def value(self) -> Decimal:
        result = self._sum()
        if self._at != len(self._items):
            raise _UnreadableError("trailing")
        return result

    def _next(self) -> str | Decimal | None:
        return self._items[self._at] if self._at < len(self._items) else None

    def _sum(self) -> Decimal:
        result = self._product()
        while self._next() in ("+", "-"):
            sign = self._items[self._at]
            self._at += 1
            term = self._product()
            result = result + term if sign == "+" else result - term
        return result

    def _product(self) -> Decimal:
        result = self._factor()
        while self._next() in ("*", "/"):
            sign = self._items[self._at]
            self._at += 1
            factor = self._factor()
            result = result * factor if sign == "*" else result / factor
        return result

    def _factor(self) -> Decimal:
        item = self._next()
        self._at += 1
        if isinstance(item, Decimal):
            return item
        if item == "(":
            result = self._sum()
            if self._next() != ")":
                raise _UnreadableError("bracket")
            self._at += 1
            return result
        raise _UnreadableError(str(item))
