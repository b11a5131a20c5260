"""Amounts held against two limits at once, or measured from one: the earlier of two, the gap, the part beyond."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from yinshu.kernel.evidence.overlap import shared
from yinshu.kernel.knowledge.calculation.bounds import apply_limb, base_of, is_higher_of_two, limb_of
from yinshu.kernel.knowledge.calculation.reading import (
    ASKS_AMOUNT,
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

MIN_RELEVANCE = 3.0
MIN_CHOSEN_RELEVANCE = 2.0
_OR_MONEY = re.compile(r"\s*(?:以上|及以上)?\s*或者?(?:超过|达到|高于|不低于)?\s*(?:人民币)?\s*$")
_ASKS_LEVEL = re.compile(r"多大|线|门槛|触发|算")
_WAYS = ("单笔", "累计")
_SHORT = re.compile(r"还差|差多少|缺多少|差几")
_BEYOND = re.compile(r"超(?:出|过|了)?[^，。？]{0,16}(?:部分|是多少|多少)|超出|多出")
_LEAST = re.compile(r"不(?:得)?(?:低于|少于)|最低|起点|至少|门槛")
_MOST = re.compile(r"不(?:得|应)?(?:超过|高于)|最高|限额|上限|为限")
_AMENDED = re.compile(r"修改为|改为|调整为")
_BASIS = re.compile(r"\s*(?:的)?基数")
_EXCESS_OF = re.compile(r"(?:超过|超出|高于)\s*(?:人民币)?\s*$")
_PART = re.compile(r"\s*(?:以上)?(?:的)?部分[^，。；]{0,4}$")


def earlier_of_two(reading: Reading) -> Calculation | None:
    """净资产5%以上或超过50亿元: the threshold is whichever is reached first."""
    amounts = reading.amounts()
    if len(amounts) != 1 or not (ASKS_AMOUNT.search(reading.question) or _ASKS_LEVEL.search(reading.question)):
        return None
    amount = amounts[0]
    pairs = []
    for ratio in reading.law_of("ratio"):
        money = _money_after(reading, ratio)
        fits = money is not None and money.quantity.unit == (amount.quantity.unit or "元")
        if money is not None and fits and not is_higher_of_two(ratio.segment):
            pairs.append((ratio, money))
    ways = [way for way in _WAYS if way in reading.question]
    if len(pairs) > 1 and len(ways) == 1:
        pairs = [pair for pair in pairs if ways[0] in re.split(r"[，,]", pair[0].before)[-1]]
    if len(pairs) != 1 or shared(base_of(pairs[0][0]), amount.piece) < MIN_RELEVANCE:
        return None
    ratio, money = pairs[0]
    unit = amount.quantity.unit or "元"
    value = amount.value * ratio.value
    shown, other = show_money(value, unit, amount.quantity.text), show(money.quantity)
    sign, result = ("≤", shown) if value <= money.value else ("＞", other)
    expression = f"{show(amount.quantity)}×{show(ratio.quantity)}＝{shown}，{shown}{sign}{other}，取{result}"
    answer = f"按此计算为{result}（{expression}）。"
    return Calculation("percentage", expression, answer, result, inputs_of(amount, ratio, money), used_of(ratio))


def _money_after(reading: Reading, ratio: Figure) -> Figure | None:
    for figure in reading.law_of("money"):
        if figure.evidence == ratio.evidence and figure.quantity.start >= ratio.quantity.end:
            gap = reading.evidence[figure.evidence or 0][ratio.quantity.end : figure.quantity.start]
            return figure if _OR_MONEY.fullmatch(gap) and "或" in gap else None
    return None


def gap(reading: Reading) -> Calculation | None:
    """还差多少够起点: the least amount less what there is; 超出限额的部分: what there is less the most."""
    amounts = [f for f in reading.amounts() if not re.search("收入|年薪|工资", noun_before(f))] or reading.amounts()
    short, beyond = _SHORT.search(reading.question), _BEYOND.search(reading.question)
    if len(amounts) != 1 or bool(short) == bool(beyond):
        return None
    have = amounts[0]
    limit = _limit(reading, _LEAST if short else _MOST, have)
    if limit is None:
        return None
    low, high = (have, limit) if short else (limit, have)
    if low.value >= high.value:
        return None
    value = show_money(high.value - low.value, have.quantity.unit or "元", have.quantity.text, limit.quantity.text)
    expression = f"{show(high.quantity)}－{show(low.quantity)}＝{value}"
    answer = f"{'还差' if short else '超出'}{value}（{expression}）。"
    return Calculation("quota", expression, answer, value, inputs_of(limit, have), used_of(limit))


def _limit(reading: Reading, words: re.Pattern[str], have: Figure) -> Figure | None:
    unit = have.quantity.unit or "元"
    limits = []
    for figure in reading.law_of("money"):
        near = figure.piece[: figure.piece.find(figure.quantity.text)]
        amended = _AMENDED.search(figure.after) and not _AMENDED.search(figure.before)
        if figure.quantity.unit == unit and words.search(near) and not amended:
            limits.append(figure)
    limit = choose(reading, _of_piece(noun_before(have), limits) or _of_piece(reading.question, limits))
    if limit is None:
        return None
    least = MIN_RELEVANCE if limit.evidence else MIN_CHOSEN_RELEVANCE
    return limit if shared(reading.question, limit.segment) >= least else None


def _of_piece(words: str, limits: Sequence[Figure]) -> Sequence[Figure]:
    """Of several limits in a sentence, those whose own words are clearly nearest; none when the words say nothing."""
    best = max((shared(words, f.piece) for f in limits), default=0.0)
    nearest = [f for f in limits if shared(words, f.piece) >= best]
    rivals = [f for f in limits if f not in nearest and shared(words, f.piece) > best - 2]
    return [] if best < MIN_CHOSEN_RELEVANCE else limits if rivals else nearest


def base_and_excess(reading: Reading) -> Calculation | None:
    """在10万元基数上，加上超过100万元部分的1%."""
    amounts = reading.amounts()
    if len(amounts) != 1 or not re.search(r"多少|几", reading.question):
        return None
    amount = amounts[0]
    for rate in reading.law_of("ratio"):
        inside = [
            f for f in reading.law_of("money") if f.evidence == rate.evidence and f.quantity.end <= rate.quantity.start
        ]
        bases = [f for f in inside if _BASIS.match(f.after) and f.segment == rate.segment]
        if not inside or len(bases) != 1 or not _PART.fullmatch(rate.before[-_between(inside[-1], rate) :]):
            continue
        line = inside[-1]
        if not _EXCESS_OF.search(line.before) or amount.value < line.value:
            continue
        if shared(reading.question, rate.segment) < MIN_RELEVANCE:
            continue
        return _plus_excess(reading, amount, bases[0], line, rate)
    return None


def _between(first: Figure, second: Figure) -> int:
    return max(1, second.quantity.start - first.quantity.end)


def _plus_excess(reading: Reading, amount: Figure, base: Figure, line: Figure, rate: Figure) -> Calculation | None:
    value: Decimal = base.value + (amount.value - line.value) * rate.value
    result = show_money(value, amount.quantity.unit or "元", amount.quantity.text, base.quantity.text)
    expression = (
        f"{show(base.quantity)}＋（{show(amount.quantity)}－{show(line.quantity)}）×{show(rate.quantity)}＝{result}"
    )
    limb = limb_of(reading, rate)
    later = [f for f in reading.law_of("money") if f.evidence == rate.evidence and f.quantity.start > rate.quantity.end]
    if any(limb is None or figure is not limb[0] for figure in later):
        return None
    if limb is not None:
        value, expression = apply_limb(value, amount.quantity.unit or "元", expression, limb, amount.quantity.text)
        result = show_money(value, amount.quantity.unit or "元", amount.quantity.text, limb[0].quantity.text)
    answer = f"按此计算为{result}（{expression}）。"
    return Calculation("tiers", expression, answer, result, inputs_of(amount, base, line, rate), used_of(base, rate))
