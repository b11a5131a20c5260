"""Comparing places inside a document: 第三条第四项第3目 of a link with the clause named 三（四）3."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yinshu.kernel.documents.markers import chinese_to_int

_N = r"[零〇○一二三四五六七八九十百\d]+"
_LEGAL = re.compile(
    rf"^第({_N})条(?:之[一二三四五六七八九十])?(?:第({_N})款)?(?:第({_N})项|（({_N})）)?(?:第({_N})目|(\d+))?$"
)
_SECTION = re.compile(rf"^(?:附件?\S{{0,3}} )?({_N})(?:（({_N})）)?(?:、?(\d+))?$")


@dataclass(frozen=True)
class Place:
    """Article or section, paragraph (款), item (项) and sub-item (目); 0 where the name does not go so deep."""

    article: int
    paragraph: int = 0
    item: int = 0
    sub_item: int = 0

    @property
    def is_whole(self) -> bool:
        """Say whether a whole article is meant."""
        return not (self.paragraph or self.item or self.sub_item)


def _int(text: str | None) -> int:
    return chinese_to_int(text) if text else 0


def read_place(name: str) -> Place | None:
    """Return the place that a name such as 第四十四条第二款 or 三（四）3 says, or None for anything else."""
    compact = re.sub(r"^附\S*\s+(?=第)", "", name.strip())
    legal = _LEGAL.match(compact)
    if legal:
        article, paragraph, item, bracketed, sub_item, plain = legal.groups()
        return Place(_int(article), _int(paragraph), _int(item or bracketed), _int(sub_item or plain))
    section = _SECTION.match(compact)
    if section:
        number, item, sub_item = section.groups()
        return Place(_int(number), 0, _int(item), _int(sub_item))
    return None


def article_of(name: str) -> int:
    """Return the number of the article or section that a clause's name begins with, or 0."""
    compact = re.sub(r"^附\S*\s+", "", name.strip())
    match = re.match(rf"^第({_N})条", compact) or re.match(rf"^({_N})(?=[（、]|$)", compact)
    return _int(match.group(1)) if match else 0


def same_place(meant: Place, clause_name: str) -> bool:
    """Say whether a clause lies wholly inside the place meant.

    A whole article covers all of its parts. A deeper place covers only a clause that is named exactly so, since a
    clause holding more than the place must not end with it.
    """
    if meant.is_whole:
        return meant.article == article_of(clause_name)
    place = read_place(clause_name)
    if place is None or place.article != meant.article:
        return False
    paragraph_agrees = meant.paragraph == place.paragraph or {meant.paragraph, place.paragraph} <= {0, 1}
    sub_item_agrees = meant.sub_item == 0 or meant.sub_item == place.sub_item
    return paragraph_agrees and meant.item == place.item and sub_item_agrees
