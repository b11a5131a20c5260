"""Puts the new thing of a follow-up ("单位的呢？", "60万呢？") where the last question had the old one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from yinshu.kernel.assistant.topic import take_apart

HEAD_CHARS_MAX = 6
QUANTITY_WORDS_MAX = 4
"""With more words around it a figure is a case, not a thing."""
_QUANTITY = re.compile(
    r"(?<!第)(?:等值)?(?P<number>[\d.,]+|[〇零一二两三四五六七八九十百千]+)\s*(?P<unit>(?:[百千万亿]+)?(?:元|美元|块钱?|岁|张|次|级|类|笔|户|天|个月|年期?|小时|人|个人)|[千万亿]+)"
)
_KINDS = {"万": "元", "亿": "元", "千": "元", "万元": "元", "亿元": "元", "块": "元", "块钱": "元", "千元": "元"}
_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]+[次级类档]|首次|初次|再次")
_WORD = re.compile(r"[\u3400-\u9fffA-Za-z0-9ⅠⅡⅢⅣ]")
_LATIN = re.compile(r"[A-Za-z0-9ⅠⅡⅢⅣ]+$")
_PUNCTUATION = "，,、。；;：:？?（）()《》"


@dataclass(frozen=True)
class Contrast:
    """Words of which one takes the place of another. A qualifier may also be added where there is none."""

    words: tuple[str, ...]
    qualifies: bool


@lru_cache(maxsize=1)
def contrasts() -> tuple[Contrast, ...]:
    """The sets of contrasts.txt; a line of qualifiers begins with a plus sign."""
    lines = resources.files(__package__ or "").joinpath("contrasts.txt").read_text("utf-8").splitlines()
    return tuple(
        Contrast(tuple(line.removeprefix("+").split()), line.startswith("+")) for line in lines if line.strip()
    )


def swapped(thing: str, question: str) -> str | None:
    """The question about the new thing; None when no place for it is found."""
    return (
        _swap_ordinal(thing, question)
        or _swap_members(thing, question)
        or _swap_head(thing, question)
        or _swap_quantity(thing, question)
    )


def asked_of(thing: str, question: str) -> str:
    """What the question asks, asked of the new thing instead: its own subject is dropped."""
    taken = take_apart(question)
    return f"{thing}{taken.ask}？" if taken.ask else f"{question.rstrip('？?。')}，{thing}？"


def _kind(unit: str) -> str:
    return _KINDS.get(unit, unit.lstrip("百千万亿") or "元")


def _swap_quantity(thing: str, question: str) -> str | None:
    """60万 takes the place of 30万元, 72岁 that of 45岁; words around the new figure (超过, 以上) come along."""
    new = _QUANTITY.search(thing)
    if new is None:
        return None
    for old in _QUANTITY.finditer(question):
        if _kind(old["unit"]) != _kind(new["unit"]):
            continue
        rest = thing[: new.start()] + thing[new.end() :]
        if len(_WORD.findall(rest)) > QUANTITY_WORDS_MAX or old[0] == new[0]:
            continue
        unit = old["unit"] if new["unit"] in old["unit"] else new["unit"]
        exact = f"{thing[: new.start()]}{new['number']}{unit}{thing[new.end() :]}"
        return question[: old.start()] + exact + question[old.end() :]
    return None


def _swap_ordinal(thing: str, question: str) -> str | None:
    new, old = _ORDINAL.search(thing), _ORDINAL.search(question)
    if new is None or old is None or new[0] == old[0]:
        return None
    return question[: old.start()] + new[0] + question[old.end() :]


def _members(thing: str) -> list[tuple[str, Contrast]] | None:
    """The thing as a row of words from the sets; None when something else is in it."""
    found: list[tuple[str, Contrast]] = []
    rest = thing
    while rest:
        fitting = [(word, group) for group in contrasts() for word in group.words if rest.startswith(word)]
        if fitting:
            found.append(max(fitting, key=lambda pair: len(pair[0])))
            rest = rest[len(found[-1][0]) :]
        elif rest[0] in "的和、":
            rest = rest[1:]
        else:
            return None
    return found or None


def _swap_members(thing: str, question: str) -> str | None:
    """企业网银 replaces 个人 by 企业 and 柜台 by 网银; a qualifier without its counterpart comes first."""
    members = _members(thing)
    if members is None:
        return None
    changed, front = question, ""
    for word, group in members:
        there = [one for one in group.words if one in changed and one != word]
        old = min(there, key=lambda one: (len(one) != len(word), -len(one)), default=None)
        if old is not None:
            changed = changed.replace(old, word, 1)
        elif group.qualifies and word not in changed:
            front += word
        elif not group.qualifies:
            return None
    return f"{front}{changed}" if (changed, front) != (question, "") else None


def _swap_head(thing: str, question: str) -> str | None:
    """重大投诉 replaces 一般投诉: both end alike, and as many letters before the shared end are exchanged."""
    for size in range(min(HEAD_CHARS_MAX, len(thing) - 1), 0, -1):
        head, own = thing[-size:], thing[:-size]
        place = question.find(head)
        if place <= 0 or not own:
            continue
        latin = _LATIN.search(question[:place])
        start = latin.start() if latin and _LATIN.fullmatch(own) else max(0, place - len(own))
        before = question[start:place]
        if size == 1 and (len(own) > 2 or not _bounded(question, start)):
            continue
        if any(sign in _PUNCTUATION for sign in before) or before == own:
            continue
        return question[:start] + thing + question[place + size :]
    return None


def _bounded(question: str, start: int) -> bool:
    """Whether a word can begin here: at the beginning, or after a mark."""
    return start == 0 or question[start - 1] in _PUNCTUATION
