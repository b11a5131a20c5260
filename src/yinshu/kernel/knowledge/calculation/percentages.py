"""A ratio or a multiple of an amount, with brackets, floors, caps and the higher or lower of two limbs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from yinshu.kernel.evidence.overlap import shared
from yinshu.kernel.knowledge.calculation.bounds import (
    apply_limb,
    base_of,
    holds,
    is_condition,
    is_higher_of_two,
    is_lower_of_two,
    limb_of,
    subject_of,
)
from yinshu.kernel.knowledge.calculation.reading import (
    ASKS_AMOUNT,
    ASKS_REST,
    Figure,
    Reading,
    inputs_of,
    label_of,
    noun_before,
    show,
    show_money,
    used_of,
)
from yinshu.kernel.knowledge.calculation.records import Calculation

_CASE = re.compile(
    r"情节(?:特别)?(?:严重|较重|轻微|较轻)|逾期(?:不|未)改|拒不改正|造成[^，。；]{0,10}(?:损失|后果)|没有(?:违法所得|收入)|无法计算"
)
_UNMENDED = re.compile(r"逾期(?:不|未)改|拒不改正|逾期仍?未")
_TIME = re.compile(r"第[一二三四五两\d][次回]")
_CHANGE = re.compile(r"(?:增加|减少|上升|下降|提高|降低|增长|变动|变化|上浮|下浮)[^，。；]{0,4}$")
_SAID_AS = (
    (re.compile(r"所得|违法收入|非法收入"), re.compile(r"所得|[赚捞挣]|获利|收入|好处|到手|牟利")),
    (re.compile(r"涉及金额|涉案金额"), re.compile(r"金额|涉案|涉及|洗|赃")),
    (re.compile(r"收入$"), re.compile(r"收入|[赚挣收]|进账|营收|管理费")),
    (re.compile(r"发行(?:总?规模|总?额|量|金额)$"), re.compile(r"发")),
    (re.compile(r"集资金额|集资额"), re.compile(r"集")),
    (re.compile(r"违法金额"), re.compile(r"金额|逃汇|套汇|换汇|倒|折合|骗购|违法|夹带|携带|[买卖换汇转]")),
)
_LIMITED = re.compile(
    r"(?P<what>[一-龥、（）()“”]{2,80}?)(?:均?应当?|均?不得|不能|须|必须|均?不)*(?:超过|低于|高于|少于|达到|小于|大于)[^，。；]{0,40}$"
)
_NUMBER_WORDS = re.compile(r"最[多高低少]|多少|[几个亿万元]")
_CAPITAL = re.compile(
    r"净资产|总资产|资产总额|净资本|资本净额|一级资本|核心资本|实收资本|注册资本|营运资金|负债总额|各项存款|资本余额|资本金|流动性负债"
)
MIN_LIMITED = 1.0
_FINED_TOO = re.compile(r"还(?=[能要会得可以]{1,2}[^，。？]{0,3}罚)")
_MOST = re.compile(r"最多|最高|上限|封顶|顶格|顶多")
_LEAST = re.compile(r"最少|至少|最低|下限|起码")
MIN_ENDING = 3
_SHARE_OF_PRICE = re.compile(r"(?:首付款?(?:的)?(?:比例)?|抵借比|贷款成数)[^，。；]{0,8}$")
_PRICE = re.compile(r"价|值|房|铺|车|总额")
_GENERIC_BASE = re.compile(r"金额|所得|票面|本金|余额|款项?|价[款值格]|收入|资金|费|额")
_DERIVED = re.compile(r"率|比例|比重|占比|浮动|折扣|折")
_RATE = re.compile(r"每[日天]|[日天]数|按[日天]|日利?率|日息|年利?率|年息|月利?率|月息|年化")


def percentage(reading: Reading) -> Calculation | None:
    """罚款区间, 保证金, 手续费: ratio × amount for the bracket that the amount falls into."""
    amounts = reading.amounts()
    rest = ASKS_REST.search(_FINED_TOO.sub("", reading.question))
    if not ASKS_AMOUNT.search(reading.question) or rest or len(amounts) != 1:
        return None
    amount = amounts[0]
    ratios = _nearest_of_like(reading, _applicable(reading, amount))
    said = {f.value for f in reading.asked if f.quantity.kind in ("ratio", "multiple", "number") and f is not amount}
    if said - {ratio.value for ratio in ratios}:
        return None
    if not ratios:
        return _fixed_bracket(reading, amount)
    if len(ratios) > 2:
        return None
    if _RATE.search(ratios[0].piece) or any(_DERIVED.search(r.before[-3:]) or "部分" in r.segment for r in ratios):
        return None
    if not _base_agrees(amount, ratios[0]) or _asks_other_end(reading.question, ratios):
        return None
    if any(_cents(amount.value * ratio.value) is None for ratio in ratios) or not _about(reading, amount, ratios[0]):
        return None
    if len(ratios) == 2:
        return _range(amount, ratios[0], ratios[1])
    return _single(reading, amount, ratios[0])


def _cents(value: Decimal) -> Decimal | None:
    """The value when it is whole in 分; a third of 500万元 is not."""
    return value if value == round(value, 2) else None


def _about(reading: Reading, amount: Figure, ratio: Figure) -> bool:
    """What the ratio limits (正回购余额超过…) must be spoken of outside the words that name the amount."""
    limited = _LIMITED.search(re.split(r"[，,；;]", ratio.before)[-1])
    rest = reading.question.replace(noun_before(amount) + amount.quantity.text, "")
    if limited is None or re.fullmatch(r"[均应当不得须必能]+|[该其]比例|(?:账户)?余额", limited["what"]):
        return True
    return shared(limited["what"], _NUMBER_WORDS.sub("", rest)) >= MIN_LIMITED


def _nearest_of_like(reading: Reading, ratios: list[Figure]) -> list[Figure]:
    """开放式…不得超过140%，封闭式…不得超过200%: the one whose own words are clearly nearest to the question."""
    bounds = {ratio.quantity.bound for ratio in ratios}
    if len(ratios) < 2 or len(bounds) != 1 or None in bounds or len({ratio.piece for ratio in ratios}) != len(ratios):
        return ratios
    ranked = sorted(ratios, key=lambda ratio: -shared(reading.question, ratio.piece))
    first, second = (shared(reading.question, ratio.piece) for ratio in ranked[:2])
    return ranked[:1] if first >= second + 2 else ratios


def _asks_other_end(question: str, ratios: Sequence[Figure]) -> bool:
    """最多多少 is not answered by 增加超过20%, nor 至少多少 by 不超过20%."""
    if len(ratios) != 1 or (_MOST.search(question) and _LEAST.search(question)):
        return False
    bound = ratios[0].quantity.bound
    if re.search(r"余额超过", ratios[0].before):  # of a list of what is forbidden
        return False
    return bool(
        (bound in ("gt", "ge") and _MOST.search(question)) or (bound in ("le", "lt") and _LEAST.search(question))
    )


def _applicable(reading: Reading, amount: Figure) -> list[Figure]:
    """The ratios of the one segment whose conditions the amount meets."""
    segments: dict[tuple[int | None, str], list[Figure]] = {}
    for figure in reading.law_of("ratio", "multiple"):
        if figure.quantity.unit != "百分点":
            segments.setdefault((figure.evidence, figure.segment), []).append(figure)
    conditioned: list[list[Figure]] = []
    open_: list[list[Figure]] = []
    defiant = [key for key in segments if _defies(reading.question) and _UNMENDED.search(key[1])]
    for (evidence, segment), ratios in segments.items():
        case = _CASE.search(segment[: segment.find(ratios[0].piece) + 1] or segment)
        if (evidence, segment) not in defiant and (defiant or (case and case.group() not in reading.question)):
            continue
        if _other_time(reading.question, segment) or _CHANGE.search(ratios[0].before):
            continue
        bounds = [
            f for f in reading.law_of("money") if f.evidence == evidence and f.segment == segment and is_condition(f)
        ]
        if bounds and not all(holds(f.quantity, amount.value) for f in bounds):
            continue
        (conditioned if bounds else open_).append(ratios)
    groups = conditioned or open_
    groups = [ratios for ratios in groups if _base_agrees(amount, ratios[0])] or groups
    if len(groups) == 1:
        return groups[0]
    ranked = sorted(groups, key=lambda ratios: -reading.relevance(ratios[0]))
    if len(ranked) > 1 and reading.relevance(ranked[0][0]) >= reading.relevance(ranked[1][0]) + 3:
        return ranked[0]
    chosen = [ratios for ratios in ranked if ratios[0].evidence == 0]
    if len(chosen) == 1 and reading.relevance(chosen[0][0]) + 3 > reading.relevance(ranked[0][0]):
        return chosen[0]
    same = {tuple((r.value, r.quantity.unit) for r in ratios) for ratios in groups}
    return ranked[0] if len(same) == 1 and ranked else []


def _defies(question: str) -> bool:
    """Whether the asker says that a fault was not mended in time."""
    return bool(re.search(r"拖着不|不改|没改|拒不|逾期[不未没]|还是不", question))


def _other_time(question: str, segment: str) -> bool:
    """第二次 in the question and 第三次 in the clause."""
    asked, law = (set(_TIME.findall(re.sub("头一[回次]|首次|初次", "第一次", text))) for text in (question, segment))
    return bool(asked and law and not asked & law)


def _fixed_bracket(reading: Reading, amount: Figure) -> Calculation | None:
    """不足一千万元的，处五十万元以上一千万元以下: the bracket that the amount falls into, when only one does."""
    found: dict[tuple[Figure, ...], Figure] = {}
    for condition in reading.law_of("money"):
        if not is_condition(condition) or not holds(condition.quantity, amount.value):
            continue
        after = condition.quantity.end
        rest = [f for f in reading.law if f.evidence == condition.evidence and f.segment == condition.segment]
        rest = [f for f in rest if f.quantity.start > after]
        limits = tuple(f for f in rest if f.quantity.kind == "money")
        if (
            len(limits) == 2
            and len(rest) == 2
            and limits[0].quantity.bound == "ge"
            and limits[1].quantity.bound == "le"
        ):
            found[limits] = condition
    if len(found) != 1:
        return None
    (low, high), condition = found.popitem()
    if not _base_agrees(amount, condition) or re.search("罚", reading.question) is None:
        return None
    sign = {"ge": "≥", "gt": "＞", "le": "≤", "lt": "＜"}[condition.quantity.bound or "ge"]
    expression = f"{show(amount.quantity)}{sign}{show(condition.quantity)}"
    result = f"{show(low.quantity)}至{show(high.quantity)}"
    shown = f"{expression}，{show(low.quantity)}＜{show(high.quantity)}"
    answer = f"{expression}，为{result}。"
    return Calculation("percentage", shown, answer, result, inputs_of(amount, condition, low, high), used_of(condition))


def _base_agrees(amount: Figure, ratio: Figure) -> bool:
    """The question's amount must be what the ratio is of, and not what the ratio limits."""
    base = base_of(ratio)
    noun = amount.piece
    kinds, named = set(_CAPITAL.findall(base)), set(_CAPITAL.findall(noun_before(amount)))
    if kinds and named and not kinds & named:
        return False
    for law, said in _SAID_AS:
        if law.search(base):
            return bool(said.search(noun))
    if not base:
        return bool(_SHARE_OF_PRICE.search(ratio.before) and _PRICE.search(noun))
    subject = subject_of(ratio)
    if _same_ending(base, noun[: noun.find(amount.quantity.text)]):
        return True
    near_base, near_subject = shared(base, noun), shared(subject, noun)
    if subject and near_subject > near_base:
        return False
    return near_base >= 2 or (bool(_GENERIC_BASE.search(base)) and (not subject or near_subject <= 1))


def _same_ending(base: str, words: str) -> bool:
    """Whether the words before the amount end as the base does: 净资产50亿 and 该产品净资产的10%."""
    words = re.sub(r"(?:为|是|有|达到?|约|共|合计)+$", "", words.rstrip())
    return len(words) >= MIN_ENDING and base.endswith(words[-MIN_ENDING:])


def _range(amount: Figure, low: Figure, high: Figure) -> Calculation | None:
    if low.quantity.bound not in ("ge", "gt") or high.quantity.bound not in ("le", "lt"):
        return None
    first, second = low.value * amount.value, high.value * amount.value
    if first >= second:
        return None
    unit = amount.quantity.unit or "元"
    shown_low, shown_high = (show_money(value, unit, amount.quantity.text) for value in (first, second))
    base = show(amount.quantity)
    expression = f"{base}×{show(low.quantity)}＝{shown_low}，{base}×{show(high.quantity)}＝{shown_high}"
    result = f"{shown_low}至{shown_high}"
    answer = f"按此计算为{result}（{expression}）。"
    return Calculation("percentage", expression, answer, result, inputs_of(amount, low, high), used_of(low, high))


def _single(reading: Reading, amount: Figure, ratio: Figure) -> Calculation | None:
    unit = amount.quantity.unit or "元"
    value = ratio.value * amount.value
    shown = show_money(value, unit, amount.quantity.text)
    expression = f"{show(amount.quantity)}×{show(ratio.quantity)}＝{shown}"
    limb = limb_of(reading, ratio)
    figures = [amount, ratio]
    if limb is not None:
        figures.append(limb[0])
        value, expression = apply_limb(value, unit, expression, limb, amount.quantity.text)
        shown = show_money(value, unit, amount.quantity.text, limb[0].quantity.text if value == limb[0].value else "")
    elif is_higher_of_two(ratio.segment) or is_lower_of_two(ratio.segment):
        return None
    lead = label_of(reading.question, "按此计算")
    word = {"ge": "不低于", "gt": "超过", "le": "不超过", "lt": "低于"}.get(ratio.quantity.bound or "", "")
    if limb is not None:
        word = ""
    if word[:1] == "不" and lead[-2:] in ("最低", "最高", "上限", "下限"):
        word = ""
    answer = f"{lead}为{shown}（{expression}）。" if not word else f"按此计算，{word}{shown}（{expression}）。"
    return Calculation("percentage", expression, answer, shown, inputs_of(*figures), used_of(ratio))


def lower_of_two(reading: Reading) -> Calculation | None:
    """贷款额不超过价格与评估价较低者的80%: two amounts in the question, one ratio in the clause."""
    amounts = reading.amounts()
    if len(amounts) != 2 or not ASKS_AMOUNT.search(reading.question):
        return None
    ratios = [f for f in reading.law_of("ratio") if f.quantity.unit != "百分点"]
    words = next((text for text in reading.evidence if is_lower_of_two(text) or is_higher_of_two(text)), None)
    if words is None or len({r.value for r in ratios}) != 1:
        return None
    lower = is_lower_of_two(words)
    if lower and is_higher_of_two(words):
        return None
    if not all(shared(amount.piece, words) >= 2 for amount in amounts):
        return None
    picked = (min if lower else max)(amounts, key=lambda figure: figure.value)
    return _of_picked(reading, amounts, picked, ratios[0], lower)


def _of_picked(reading: Reading, amounts: Sequence[Figure], picked: Figure, ratio: Figure, lower: bool) -> Calculation:
    unit = picked.quantity.unit or "元"
    shown = show_money(picked.value * ratio.value, unit, *(figure.quantity.text for figure in amounts))
    small, large = sorted(amounts, key=lambda figure: figure.value)
    order = f"{show(small.quantity)}＜{show(large.quantity)}，取{'较低者' if lower else '较高者'}"
    expression = f"{order}，{show(picked.quantity)}×{show(ratio.quantity)}＝{shown}"
    answer = f"{label_of(reading.question, '按此计算')}为{shown}（{expression}）。"
    return Calculation("percentage", expression, answer, shown, inputs_of(*amounts, ratio), used_of(ratio))
