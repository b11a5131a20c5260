"""Tokens by reckoning, for servers that do not count them: about right for Chinese and English, never zero."""

from __future__ import annotations

import math

CJK_TOKENS_PER_CHAR = 0.75
OTHER_TOKENS_PER_CHAR = 0.28


def estimate_tokens(text: str) -> int:
    """About how many tokens a text has."""
    if not text:
        return 0
    others = len(text.encode("ascii", "ignore"))
    return max(1, math.ceil((len(text) - others) * CJK_TOKENS_PER_CHAR + others * OTHER_TOKENS_PER_CHAR))
