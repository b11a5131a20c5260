"""What is left of a limit: a cap of the clause less what the question says is used."""

from __future__ import annotations

import re
from decimal import Decimal

from yinshu.kernel.evidence.overlap import shared
from yinshu.kernel.knowledge.calculation.bounds import base_of, subject_of
from yinshu.kernel.knowledge.calculation.reading import (
    ASKS_REST,
    Figure,
    Reading,
    choose,
    inputs_of,
    noun_before,
    show,
    show_money,
    used_of,
)
from yinshu.kernel.knowledge.calculation.records import Calculation

_CAP_WORDS = re.compile(r"限额|上限|额度|不超过|不得超过|最高|最多|累计|以内|为限|总额")
_SINGLE = re.compile(r"单笔|每笔|每次|单次|一次性")
_PERIODS = {
    "日": (
        re.compile(r"今天|当天|当日|每天|一天|一日|今日"),
        re.compile(r"日累计|当日|每日|单日|每天|一日|日限额|同一日"),
    ),
    "月": (re.compile(r"本月|这个月|当月|每月|一个月"), re.compile(r"月累计|当月|每月|月限额|自然月")),
    "年": (re.compile(r"今年|本年|全年|年内|当年|每年|一年"), re.compile(r"年累计|年度|每年|当年|年限额|自然年")),
}
_USED = re.compile(r"已|用了|有|收|花|转|取|刷|买|借|余额|发行|存|汇|付|消费|支出|开|占用")
_PLANNED = re.compile(r"想再|打算|准备|计划|要再|再[转取汇买借付刷花]")


def quota(reading: Reading) -> Calculation | None:
    """还能取多少, 最多还能发多少: cap - used, where the cap is an amount, a count or a ratio of an amount."""
    if not ASKS_REST.search(reading.question):
        return None
    if any(_PLANNED.search(figure.piece) for figure in reading.asked if figure.quantity.kind in ("money", "number")):
        return None
    return _fixed_cap(reading) or _ratio_cap(reading)


def _right_period(reading: Reading, figure: Figure) -> bool:
    """A daily question takes the daily cap and no other."""
    near = _near(figure)
    for asked, law in _PERIODS.values():
        if law.search(near) and not asked.search(reading.question):
            other = [name for name, (words, _) in _PERIODS.items() if words.search(reading.question)]
            return not other and not any(
                entry[1].search(figure.segment.replace(near, "")) for entry in _PERIODS.values()
            )
    return True


def _near(figure: Figure) -> str:
    """The words of a cap without those of the figure before it: 日累计不超过1000元、月累计不超过1万元."""
    return noun_before(figure) or figure.piece


def _fixed_cap(reading: Reading) -> Calculation | None:
    used = reading.amounts() or [f for f in reading.asked if f.quantity.kind == "count"]
    kinds = {("money", f.quantity.unit or "元") if f in reading.amounts() else ("count", f.quantity.unit) for f in used}
    if len(kinds) != 1 or not all(_USED.search(f.piece) for f in used):
        return None
    kind, unit = kinds.pop()
    caps = [
        f
        for f in reading.law
        if (f.quantity.kind, f.quantity.unit) == (kind, unit) and f.quantity.bound not in ("ge", "gt", "lt")
        and _CAP_WORDS.search(f.segment) and not _SINGLE.search(f.piece) and _right_period(reading, f)
    ]  # fmt: skip
    said = [name for name, (asked, _) in _PERIODS.items() if any(asked.search(f.piece) for f in used)]
    if len(said) == 1:
        caps = [f for f in caps if _PERIODS[said[0]][1].search(_near(f))] or caps
    if any(f.quantity.kind == "ratio" for f in reading.law) and len({f.value for f in caps}) != 1:
        return None
    cap = choose(reading, caps, margin=1.5)
    if cap is None:
        return None
    return _remaining(reading, cap.value, show(cap.quantity), [cap], used, unit)


def _ratio_cap(reading: Reading) -> Calculation | None:
    ratios = [
        f
        for f in reading.law_of("ratio", "multiple")
        if f.quantity.bound in ("le", None) and f.quantity.unit != "百分点"
    ]
    ratio = choose(reading, [f for f in ratios if _CAP_WORDS.search(f.segment)])
    amounts = reading.amounts()
    if ratio is None or len(amounts) < 2:
        return None
    base_words, subject = base_of(ratio), subject_of(ratio)
    scored = sorted(amounts, key=lambda f: -_nearness(f, base_words))
    if _nearness(scored[0], base_words) < 2 or _nearness(scored[1], base_words) >= _nearness(scored[0], base_words):
        return None
    base, used = scored[0], [f for f in amounts if f is not scored[0]]
    if any(not _USED.search(noun_before(f)) and shared(subject, noun_before(f)) < 2 for f in used):
        return None
    return _remaining(
        reading, base.value * ratio.value, f"{show(base.quantity)}×{show(ratio.quantity)}", [base, ratio], used, "元"
    )


def _nearness(figure: Figure, words: str) -> float:
    return shared(words, noun_before(figure))


def _remaining(
    reading: Reading, cap: Decimal, shown_cap: str, law: list[Figure], used: list[Figure], unit: str
) -> Calculation | None:
    left = cap - sum((figure.value for figure in used), Decimal(0))
    money = used[0].quantity.kind in ("money", "number")
    texts = [figure.quantity.text for figure in (*law, *used)]

    def name(value: Decimal) -> str:
        return (
            show_money(value, unit or "元", *(texts if value >= cap or len(used) == 1 else texts[-1:]))
            if money
            else f"{value}{unit}"
        )

    if left < 0:
        return None
    terms = "".join(f"－{show(figure.quantity)}" for figure in used)
    expression = f"{shown_cap}{terms}＝{name(left)}"
    answer = f"{_lead(reading.question)}{name(left)}（{expression}）。"
    return Calculation("quota", expression, answer, name(left), inputs_of(*law, *used), used_of(*law))


def _lead(question: str) -> str:
    found = re.search(r"(?:还能|还可以?|再)(?P<verb>[一-龥]{1,4}?)(?:多少|几)", question)
    words = found["verb"] if found else "有"
    if re.search("剩|有|能", words):
        return "最多还可以有"
    return f"最多还能{words}" if f"还能{words}" in question else f"最多还可以{words}"
