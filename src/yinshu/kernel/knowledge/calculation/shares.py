"""Shares that are no money: a part of a number of things, a ratio defined as A/B, a holding through other companies."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import permutations

from yinshu.kernel.evidence.overlap import content, shared
from yinshu.kernel.knowledge.calculation.bounds import base_of
from yinshu.kernel.knowledge.calculation.reading import (
    TEN_THOUSAND,
    Figure,
    Reading,
    choose,
    inputs_of,
    plain,
    show,
    used_of,
)
from yinshu.kernel.knowledge.calculation.records import Calculation

MIN_NUMBER = 10
"""Smaller numbers of a question count its own things (两家公司, 三条红线), not what a share is of."""
MIN_BASE_SHARED = 3.0
MAX_HOLDINGS = 6
MAX_DEPTH = 4
_FAR_BOUND = re.compile(r"不(?:得|应)?(?P<word>超过|高于|低于|少于)[^，。；\d]{0,40}$")
_ASKS_NUMBER = re.compile(r"多少|几[个家台名股笔份张]")
_ASKS_RATE = re.compile(r"率")
_DEFINED = re.compile(
    r"(?P<name>[一-龥]{2,12}率)\s*(?:[：:=＝]|是指|为|指)\s*(?P<top>[一-龥（）]{2,24})\s*[/÷／]\s*(?P<bottom>[一-龥（）]{2,24})"
)
_HOLDING = re.compile(
    r"(?P<owner>[一-龥A-Za-z]{0,8}?)(?:直接|间接|又|再|还|也|同时|另外?)*(?:持股|持有|持|控股|占有?|拥有)"
    r"(?:了|着|有)?(?P<company>[一-龥A-Za-z]{1,10}?)的?(?:股权|股份|股)?(?P<share>\d+(?:\.\d+)?\s*%)"
)
_ADVERBS = re.compile(r"^(?:如果|假设|假如|现在)|(?:直接|间接|又|再|还|也|同时|另外?)+$")
_OWNERSHIP = re.compile(r"股权|股份|表决权")
_ALL_SHARES = re.compile(r"总股本|股份总[数额]|股权总[数额]|总股份")
_OWN_SHARES = re.compile(r"其|该|所持|持有|本人")
_OF_COMPANY = re.compile(r"公司|银行|本行|发行人|总股本")
_ASKS_HOLDING = re.compile(r"间接|合计|一共|总共|加起来")


def count_share(reading: Reading) -> Calculation | None:
    """200个网点 and 不低于…网点数的70%: 140个; parts are rounded up to a floor and down to a cap."""
    counted = [f for f in reading.asked if f.quantity.kind == "count"]
    others = [f for f in reading.asked if f.quantity.kind in ("money", "ratio", "multiple")]
    if len(counted) != 1 or others or counted[0].value < MIN_NUMBER or not _ASKS_NUMBER.search(reading.question):
        return None
    number = counted[0]
    ratios = [f for f in reading.law_of("ratio") if _bound_of(f) and f.quantity.unit != "百分点"]
    ratios = [f for f in ratios if shared(base_of(f), number.piece) >= MIN_BASE_SHARED or _whole(f, number)]
    ratio = choose(reading, ratios)
    if ratio is None or ratio.value >= 1:
        return None
    exact = number.value * ratio.value
    floor = _bound_of(ratio) in ("ge", "gt")
    whole = exact.to_integral_value(ROUND_CEILING if floor else ROUND_FLOOR)
    unit = number.quantity.unit
    result = _things(whole, unit)
    expression = f"{_things(number.value, unit)}×{show(ratio.quantity)}＝{_things(exact, unit)}"
    if exact != whole:
        expression += f"，{_things(exact, unit)}{'＜' if floor else '＞'}{result}"
    answer = f"{'最少' if floor else '最多'}为{result}（{expression}）。"
    return Calculation("count", expression, answer, result, inputs_of(number, ratio), used_of(ratio))


def _bound_of(ratio: Figure) -> str:
    """The bound of a ratio, also when a long name stands between: 不得超过该股东所持有…股权总数的50%."""
    if ratio.quantity.bound is not None:
        return ratio.quantity.bound
    far = _FAR_BOUND.search(ratio.before)
    return "" if far is None else "le" if far["word"] in ("超过", "高于") else "ge"


def _whole(ratio: Figure, number: Figure) -> bool:
    """该股东所持股权总数的50% and 4000万股; of the company's shares only when the question names those."""
    base = base_of(ratio)
    if number.quantity.unit != "股" or "股" not in base:
        return False
    named = _ALL_SHARES.search(number.piece) is not None
    return named or (_OWN_SHARES.search(base) is not None and _OF_COMPANY.search(base) is None)


def _things(value: Decimal, unit: str) -> str:
    large = value / TEN_THOUSAND
    return f"{plain(large)}万{unit}" if large >= 1 and large == round(large, 2) else f"{plain(value)}{unit}"


def defined_ratio(reading: Reading) -> Calculation | None:
    """报告率：A/B with the numbers of A and of B in the question."""
    counted = [f for f in reading.asked if f.quantity.kind in ("count", "money", "number")]
    if len(counted) != 2 or not _ASKS_RATE.search(reading.question):
        return None
    if len({(f.quantity.kind, f.quantity.unit) for f in counted}) != 1:
        return None
    found: dict[str, Calculation] = {}
    for index, text in enumerate(reading.evidence):
        for match in _DEFINED.finditer(text):
            worked = _divide(match, counted, index) if match["name"] in reading.question else None
            if worked is not None:
                found[worked.result] = worked
    return next(iter(found.values())) if len(found) == 1 else None


def _divide(match: re.Match[str], counted: list[Figure], index: int) -> Calculation | None:
    top_words, bottom_words = (content(match[name]) for name in ("top", "bottom"))
    scores = {
        order: len((top_words - bottom_words) & content(order[0].piece))
        + len((bottom_words - top_words) & content(order[1].piece))
        for order in permutations(counted)
    }
    (top, bottom), best = max(scores.items(), key=lambda item: item[1])
    if best < 1 or scores[bottom, top] >= best or not bottom.value:
        return None
    percent = top.value / bottom.value * 100
    if percent != round(percent, 2) or percent > 100:
        return None
    result = f"{plain(percent)}%"
    expression = f"{show(top.quantity)}÷{show(bottom.quantity)}＝{result}"
    answer = f"{match['name']}为{result}（{expression}）。"
    return Calculation("formula", expression, answer, result, inputs_of(top, bottom), (index,))


def holding(reading: Reading) -> Calculation | None:
    """甲持A公司60%，A持乙公司50%: an indirect share is the product along the way, several ways are added."""
    if not _ASKS_HOLDING.search(reading.question) or not any(_OWNERSHIP.search(text) for text in reading.evidence[:1]):
        return None
    edges = _edges(reading)
    shares = [f for f in reading.asked if f.quantity.kind == "ratio"]
    if not 2 <= len(edges) <= MAX_HOLDINGS or len(shares) != len(edges):
        return None
    person, target = edges[0][0], edges[-1][1]
    ways = _ways(edges, person, target, MAX_DEPTH)
    if not ways or sum(len(way) for way in ways) != len(edges) or max(len(way) for way in ways) < 2:
        return None
    total, terms = Decimal(0), []
    for way in ways:
        product = Decimal(1)
        for figure in way:
            product *= figure.value
        total += product
        terms.append("×".join(show(figure.quantity) for figure in way))
    percent = total * 100
    if percent > 100 or percent != round(percent, 4):
        return None
    result = f"{plain(percent)}%"
    expression = f"{'＋'.join(terms)}＝{result}"
    return Calculation("formula", expression, f"合计为{result}（{expression}）。", result, inputs_of(*shares), (0,))


def _edges(reading: Reading) -> list[tuple[str, str, Figure]]:
    """Owner, company and share of each holding; an owner not named is the one before."""
    edges: list[tuple[str, str, Figure]] = []
    figures = {f.quantity.end: f for f in reading.asked if f.quantity.kind == "ratio"}
    names: list[str] = []
    for match in _HOLDING.finditer(reading.question):
        figure = figures.get(match.end("share"))
        owner = _ADVERBS.sub("", match["owner"]) or (edges[0][0] if edges else "")
        if figure is None or not owner:
            return []
        owner = next((name for name in names if owner in name or name in owner), owner)
        company = next((name for name in names if name in match["company"] or match["company"] in name), "")
        company = company or match["company"]
        names += [owner, company]
        edges.append((owner, company, figure))
    return edges


def _ways(edges: list[tuple[str, str, Figure]], start: str, end: str, depth: int) -> list[list[Figure]]:
    if start == end:
        return [[]]
    if depth == 0:
        return []
    return [
        [figure, *rest]
        for owner, company, figure in edges
        if owner == start
        for rest in _ways(edges, company, end, depth - 1)
    ]
