"""What a clause says around a figure: of what a ratio is, under which condition it stands, its floor or cap."""

from __future__ import annotations

import re
from decimal import Decimal

from yinshu.kernel.evidence.quantities import Quantity
from yinshu.kernel.knowledge.calculation.reading import Figure, Reading, show, show_money

_FLOOR = re.compile(r"不(?:得)?(?:低于|少于)|最低|至少")
_CAP = re.compile(r"不(?:得)?(?:超过|高于)|最高|封顶|为限|上限")
_OF_TWO = re.compile(
    r"与(?P<base>[^，。；、与]{2,20}?)的?(?:比例|比率|比值|比重|之比|比)(?:应当?|须)?(?:不得?|不应)(?:超过|高于|低于|少于)\s*$"
)
_BASE = re.compile(
    r"(?P<base>[一-龥（）()]{2,30}?)(?:的|之)?\s*(?:不(?:得)?(?:超过|低于|高于|少于)|最高|最低|按|以|为|加收|收取|处以?|并处)*\s*$"
)
_SUBJECT = re.compile(
    r"^(?P<subject>[一-龥、（）()]{2,40}?)(?:应当?|不得|不能|须|必须|不)(?:超过|低于|高于|少于|大于|小于|为|达到)"
)
_UPPER_OF_TWO = re.compile(r"较高者|孰高|较大者|取高|较高的|高者")
_LOWER_OF_TWO = re.compile(r"较低者|孰低|较小者|取低|较低的|低者")


def is_condition(figure: Figure) -> bool:
    """一千万元以上的， states a condition; 处五十万元以上…罚款 and 但不低于400元 do not."""
    after = re.split(r"[，,]", figure.after)[0]
    return (
        figure.quantity.bound is not None
        and bool(re.search(r"^[^，]{0,24}的$|^[^，]{0,24}的(?:，|,|$)|^[^，]{0,12}时$", after + ""))
        and (not re.search(r"处|罚|但|收取", figure.piece[: figure.piece.find(figure.quantity.text)]))
    )


def holds(bound: Quantity, value: Decimal) -> bool:
    """Whether a value satisfies a bound (以上 and 以下 include the number itself)."""
    if bound.bound == "ge":
        return value >= bound.value
    if bound.bound == "gt":
        return value > bound.value
    if bound.bound == "le":
        return value <= bound.value
    return value < bound.value if bound.bound == "lt" else True


def base_of(ratio: Figure) -> str:
    """The words before a ratio that say of what it is: 净资本的60% and 与净资本的比例不得超过60% give 净资本."""
    of_two = _OF_TWO.search(ratio.before)
    if of_two:
        return of_two["base"]
    before = re.split(r"[，,：:]", ratio.before)[-1]
    if not before.strip():
        pieces = [piece for piece in re.split(r"[，,：:]", ratio.before) if piece.strip()]
        before = pieces[-1] if pieces else ""
    if re.search(r"(?:不(?:得|应|能)?(?:超过|低于|高于|少于)|[最][高低]|至少|达到)\s*$", before):
        return ""
    found = _BASE.search(before.rstrip())
    base = found["base"] if found else ""
    return re.split(r"不(?:得|应|能)?(?:超过|低于|高于|少于)|按照?|处以?|为|以", base)[-1].strip()


def subject_of(ratio: Figure) -> str:
    """What the ratio limits: A of A不得超过B的60%."""
    found = _SUBJECT.search(re.split(r"[；;]", ratio.before)[-1].split("，")[-1])
    return found["subject"] if found else ""


Limb = tuple[Figure, str]
"""A floor or a cap: its figure, and which of the two it is."""


def is_higher_of_two(words: str) -> bool:
    """两者孰高, 取较高者."""
    return bool(_UPPER_OF_TWO.search(words))


def is_lower_of_two(words: str) -> bool:
    """两者孰低, 取较低者."""
    return bool(_LOWER_OF_TWO.search(words))


def limb_of(reading: Reading, ratio: Figure) -> Limb | None:
    """但不低于400元 (floor), 最高不超过5万元 (cap), 较高者 and 较低者 in the same segment as the ratio."""
    for figure in reading.law_of("money"):
        if figure.evidence != ratio.evidence or figure.segment != ratio.segment or is_condition(figure):
            continue
        near = figure.piece[: figure.piece.find(figure.quantity.text)][-12:] + figure.after[:4]
        if is_higher_of_two(ratio.segment):
            return figure, "floor"
        if is_lower_of_two(ratio.segment):
            return figure, "cap"
        if figure.quantity.start < ratio.quantity.start or figure.quantity.bound is None:
            continue
        if figure.quantity.bound == "ge" and _FLOOR.search(near):
            return figure, "floor"
        if figure.quantity.bound == "le" and _CAP.search(near):
            return figure, "cap"
    return None


def apply_limb(value: Decimal, unit: str, expression: str, limb: Limb, *likes: str) -> tuple[Decimal, str]:
    """The value after a floor or a cap, and the expression with the comparison shown."""
    figure, kind = limb
    bound = figure.value
    shown, limit = show_money(value, unit, *likes), show(figure.quantity)
    if kind == "floor":
        return (
            (bound, f"{expression}，{shown}＜{limit}，取{limit}")
            if value < bound
            else (value, f"{expression}，{shown}≥{limit}")
        )
    return (
        (bound, f"{expression}，{shown}＞{limit}，取{limit}")
        if value > bound
        else (value, f"{expression}，{shown}≤{limit}")
    )
