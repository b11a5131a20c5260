"""Turns a sentence into comparable tokens: quantities and modal words by meaning, everything else by character."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from yinshu.kernel.evidence.modality import BOUND_WORDS, modals
from yinshu.kernel.evidence.numerals import fold
from yinshu.kernel.evidence.quantities import Quantity, parse_all

TokenKind = Literal["char", "quantity", "modal", "bound", "comma"]

_COMMAS = frozenset("，,：:")
_DROPPED = re.compile(r"[\s　\"'“”‘’《》〈〉【】「」『』*_`|、()（）\[\]〔〕—\-–·.．。；;！!？?…<>]")
_SAME_CHARACTER = {"帐": "账", "○": "〇", "×": "乘", "*": "乘", "及": "和", "与": "和", "／": "/"}
_SAME_BOUND = {
    "之内": "以内", "之前": "以前", "之后": "以后", "至多": "最多", "内": "以内",
    "前": "以前", "后": "以后",
    "不得超过": "不超过", "不得低于": "不低于", "不得少于": "不少于", "不得高于": "不高于",
    "翌年": "次年", "翌日": "次日",
}  # fmt: skip


@dataclass(frozen=True)
class Token:
    """`key` is what is compared, text[start:end] is what the reader sees."""

    key: str
    kind: TokenKind
    start: int
    end: int


def _quantity_key(quantity: Quantity) -> str:
    if quantity.moment is not None:
        moment = quantity.moment
        parts = (moment.year, moment.month, moment.day, moment.part, moment.weekday, moment.hour, moment.minute)
        return "date:" + "/".join("" if part is None else str(part) for part in parts)
    return f"{quantity.kind}:{quantity.value.normalize():f}:{quantity.unit}"


@lru_cache(maxsize=4096)
def tokenise(text: str) -> tuple[Token, ...]:
    """Tokens of a sentence in order; white space, quotation marks and brackets are left out."""
    folded = fold(text)
    taken: dict[int, Token] = {}
    for quantity in parse_all(folded):
        taken[quantity.start] = Token(_quantity_key(quantity), "quantity", quantity.start, quantity.end)
    covered = {place for token in taken.values() for place in range(token.start, token.end)}
    spans: list[tuple[int, int, str, TokenKind]] = []
    for match in BOUND_WORDS.finditer(folded):
        word = match.group()
        spans.append((match.start(), match.end(), "bound:" + _SAME_BOUND.get(word, word), "bound"))
    spans += [(start, end, "modal:" + kind, "modal") for start, end, kind in modals(folded)]
    for start, end, key, kind in spans:
        if not any(place in covered for place in range(start, end)):
            taken[start] = Token(key, kind, start, end)
            covered.update(range(start, end))
    return tuple(_walk(folded, taken))


def _walk(text: str, taken: dict[int, Token]) -> list[Token]:
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        token = taken.get(place)
        if token is not None:
            tokens.append(token)
            place = token.end
            continue
        character = text[place]
        if character in _COMMAS:
            tokens.append(Token("，", "comma", place, place + 1))
        elif not _DROPPED.match(character):
            tokens.append(Token(_SAME_CHARACTER.get(character, character.lower()), "char", place, place + 1))
        place += 1
    return tokens
