"""A formula written in a clause, filled with the figures of the question and of the clause."""

from __future__ import annotations

import re
from decimal import Decimal

from yinshu.kernel.evidence.numerals import read_number
from yinshu.kernel.evidence.overlap import content, shared
from yinshu.kernel.knowledge.calculation.reading import (
    ASKS_AMOUNT,
    ASKS_REST,
    Figure,
    Reading,
    show,
    show_money,
)
from yinshu.kernel.knowledge.calculation.records import Calculation, Input

MAX_OPERANDS = 5
_FORMULA = re.compile(r"(?P<name>[一-龥（）()A-Za-z]{2,40})\s*[=＝]\s*(?P<right>[^。；;\n＝=]{3,160})")
_OPERATOR = re.compile(r"\s*([*×xX·+＋\-－÷/]|乘以|除以|加上|减去)\s*")
_SIGN = {"乘以": "×", "*": "×", "x": "×", "X": "×", "·": "×", "×": "×", "+": "＋", "＋": "＋", "加上": "＋",
         "-": "－", "－": "－", "减去": "－", "÷": "÷", "/": "÷", "除以": "÷"}  # fmt: skip
_VALUE_OF = r"{name}\s*值?(?:暂定|统一|设定|定|取值)?(?:为|是|取|：|:|=)\s*(?P<value>\d+(?:\.\d+)?%?)"
MIN_NAME_COVER = 0.7
MIN_NAME = 4


class _Operand:
    """A named part of a formula with its value, how it is shown and where it came from."""

    def __init__(self, value: Decimal, shown: str, source: Input, currency: str) -> None:
        self.value, self.shown, self.source, self.currency = value, shown, source, currency


def formula(reading: Reading) -> Calculation | None:
    """上限＝所有者权益×调节系数: every operand must be named in the question or given a value by the clause."""
    if not ASKS_AMOUNT.search(reading.question) or ASKS_REST.search(reading.question):
        return None
    found: dict[str, Calculation] = {}
    for index, text in enumerate(reading.evidence):
        for match in _FORMULA.finditer(text):
            if shared(match["name"], reading.question) < 4:
                continue
            glued = text[match.end() : match.end() + 1] in ("=", "＝")
            calculation = _fill(reading, index, match["name"], match["right"], glued)
            if calculation is not None:
                found[calculation.result] = calculation
    return next(iter(found.values())) if len(found) == 1 else None


def _fill(reading: Reading, index: int, name: str, right: str, glued: bool) -> Calculation | None:
    """`glued`: the line break before the next formula was lost, so that its name stands behind the last operand."""
    right = re.split(r"[，,]|[（(][一二三四五六七八九十]+[）)]", right)[0]
    parts = _OPERATOR.split(re.sub(r"[（(].*?[)）]", "", right).strip("，, "))
    names, signs = parts[0::2], [_SIGN[sign] for sign in parts[1::2]]
    if not signs or len(names) > MAX_OPERANDS or any(not part.strip() for part in names):
        return None
    operands = []
    for part in names:
        operand = _operand(reading, part.strip())
        if operand is None and glued and part is names[-1]:
            operand = _beginning(reading, part.strip())
        if operand is None:
            return None
        operands.append(operand)
    if sum(operand.source.evidence is None for operand in operands) != len(reading.amounts()):
        return None
    value = _evaluate([operand.value for operand in operands], signs)
    money = [operand for operand in operands if operand.currency]
    if value is None or not money:
        return None
    result = show_money(value, money[0].currency, *(operand.shown for operand in money))
    expression = (
        operands[0].shown + "".join(sign + o.shown for sign, o in zip(signs, operands[1:], strict=True)) + "＝" + result
    )
    used = tuple(sorted({index, *(o.source.evidence for o in operands if o.source.evidence is not None)}))
    inputs = tuple(operand.source for operand in operands)
    lead = _short(name) if _short(name) in reading.question else "按此计算"
    return Calculation("formula", expression, f"{lead}为{result}（{expression}）。", result, inputs, used)


def _short(name: str) -> str:
    return re.split(r"其中|即|公式为|计算公式", name)[-1]


def _operand(reading: Reading, name: str) -> _Operand | None:
    literal = read_number(name.rstrip("%％")) if re.fullmatch(r"\d+(?:\.\d+)?[%％]?", name) else None
    if literal is not None:
        for index, text in enumerate(reading.evidence):
            if name in text:
                start = text.find(name)
                value = literal / 100 if name[-1] in "%％" else literal
                return _Operand(value, name, Input(name, index, (start, start + len(name))), "")
    given = _given_by_clause(reading, name)
    return given or _named_in_question(reading, name)


def _beginning(reading: Reading, name: str) -> _Operand | None:
    """The operand that the longest beginning of a name stands for."""
    tried = (_given_by_clause(reading, name[:end]) for end in range(len(name) - 1, MIN_NAME - 1, -1))
    return next((operand for operand in tried if operand is not None), None)


def _given_by_clause(reading: Reading, name: str) -> _Operand | None:
    values: dict[str, _Operand] = {}
    endings = [name[start:] for start in range(len(name) - MIN_NAME + 1)] or [name]
    for index, text in enumerate(reading.evidence):
        for match in re.finditer(_VALUE_OF.format(name=f"(?:{'|'.join(map(re.escape, endings))})"), text):
            words = match["value"]
            number = read_number(words.rstrip("%")) or Decimal(0)
            value = number / 100 if words.endswith("%") else number
            values[words] = _Operand(value, words, Input(words, index, match.span("value")), "")
    return next(iter(values.values())) if len(values) == 1 else None


def _named_in_question(reading: Reading, name: str) -> _Operand | None:
    wanted = content(name)
    matches: list[Figure] = []
    for figure in reading.amounts():
        near = figure.piece[: figure.piece.find(figure.quantity.text)][-24:]
        if wanted and len(wanted & content(near)) / len(wanted) >= MIN_NAME_COVER:
            matches.append(figure)
    if len(matches) != 1:
        return None
    figure = matches[0]
    return _Operand(figure.value, show(figure.quantity), figure.as_input(), figure.quantity.unit or "元")


def _evaluate(values: list[Decimal], signs: list[str]) -> Decimal | None:
    terms, adders = [values[0]], []
    for sign, value in zip(signs, values[1:], strict=True):
        if sign == "×":
            terms[-1] *= value
        elif sign == "÷":
            if value == 0 or (terms[-1] / value) * value != terms[-1]:
                return None
            terms[-1] /= value
        else:
            adders.append(sign)
            terms.append(value)
    total = terms[0]
    for sign, term in zip(adders, terms[1:], strict=True):
        total = total + term if sign == "＋" else total - term
    return total
