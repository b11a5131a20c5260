"""How much two Chinese texts speak of the same thing, by content characters and neighbouring pairs."""

from __future__ import annotations

STOP = frozenset(
    "的了吗呢是在有和与或及对于由为被把我你他它们这那个一不要能可以会还就都也什么怎样吧啊，。？、“”《》（）"
    "应当得须请问想给让跟说行到上下里中后前时人银行客户单位如果其该等"
)


def content(text: str) -> set[str]:
    """The characters that carry meaning."""
    return {character for character in text if character not in STOP and not character.isspace()}


def character_pairs(text: str) -> list[str]:
    """Its pairs of neighbouring characters, in their order."""
    return [text[place : place + 2] for place in range(len(text) - 1)]


def shared(a: str, b: str) -> float:
    """Shared content characters, plus 1.5 for each shared pair of neighbours."""
    kept = sum(not set(pair) <= STOP for pair in set(character_pairs(a)) & set(character_pairs(b)))
    return len(content(a) & content(b)) + 1.5 * kept


def cover(part: str, whole: str) -> float:
    """The share of `part`'s content characters that `whole` holds, 0 to 1."""
    wanted = content(part)
    return len(wanted & content(whole)) / len(wanted) if wanted else 0.0
