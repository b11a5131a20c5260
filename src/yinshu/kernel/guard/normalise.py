"""Readings of a text for matching, each keeping for every character where it stands in the original."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from yinshu.kernel.guard.characters import DROPPED, SEVERAL, characters
from yinshu.kernel.guard.once import once
from yinshu.kernel.guard.signs import GRAPHIC, SHORT_CHARS, Flags, has_run, sign_table
from yinshu.kernel.guard.variants import rewrite_variants, unleet

LONG_LATIN_CHARS = 12
"""Shorter runs of Latin letters, digits and marks hold neither a key nor an encoding."""
Offsets = NDArray[np.int32]
Codes = NDArray[np.uint32]
PIECES_MAX = 4_000
WHOLE_CHARS = 2_000
AROUND_CHARS = 130
_LONG_LATIN = re.compile(rf"[!-~]{{{LONG_LATIN_CHARS}}}")
_DROPPED_SIGN, _SEVERAL_SIGN = chr(DROPPED), chr(SEVERAL)


class View:
    """A reading: `text`, and for each character the original offsets `starts` (inclusive) and `ends` (exclusive).

    The offsets are made when they are first asked for: most texts hold nothing whose place matters.
    """

    def __init__(self, text: str, places: Callable[[], tuple[Offsets, Offsets]]) -> None:
        self.text = text
        self._make_places = places

    @once
    def _places(self) -> tuple[Offsets, Offsets]:
        return self._make_places()

    @property
    def starts(self) -> Offsets:
        """Original offset of the first character that each character stands for, shape (len(text),)."""
        return self._places[0]

    @property
    def ends(self) -> Offsets:
        """Original offset behind the last character that each character stands for, shape (len(text),)."""
        return self._places[1]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets into the original of the characters [start, end) of this reading; end must be above start."""
        return int(self.starts[start]), int(self.ends[end - 1])

    def place(self, offset: int) -> int:
        """The first character of this reading that stands at or after an original offset."""
        # A number of another width would make numpy copy the whole array.
        return int(self.starts.searchsorted(np.int32(offset)))


@dataclass(frozen=True)
class Reading:
    """A text read in several ways, each made when it is first asked for.

    - `plain`: NFKC by character, zero width and controls dropped, traditional to simplified; case and marks stay.
    - `lower`: `plain` in lower case, of the same length.
    - `joined`: only letters, digits and ideographs, lower case, known variants and split characters mended.
    - `unleeted`: `joined` with digits inside Latin words read as letters, or None when there are none.

    A short text is read by `str` and `re`, a long one by arrays: each is several times quicker at its own.
    """

    original: str

    @once
    def _short(self) -> str | None:
        """The plain reading of a short text of which every character stays one; None for others."""
        if len(self.original) > SHORT_CHARS:
            return None
        plain = self.original.translate(characters().as_plain)
        return None if _DROPPED_SIGN in plain or _SEVERAL_SIGN in plain else plain

    @once
    def _codes(self) -> Codes:
        return _code_points(self.original)

    @once
    def _plain_codes(self) -> tuple[Codes, Offsets, Offsets]:
        if self._short is not None:
            return _code_points(self._short), *_in_place(len(self.original))
        folded = characters().plain[self._codes]
        positions = np.arange(len(folded), dtype=np.int32)
        special = np.flatnonzero(folded <= SEVERAL)
        if not len(special):
            return folded, positions, positions + 1
        if len(special) <= PIECES_MAX:
            return _in_pieces(self._codes, folded, positions, special)
        return _with_gaps(self._codes, folded, positions)

    @once
    def plain(self) -> View:
        text = self._short
        if text is not None:
            return View(text, partial(_in_place, len(text)))
        codes, *places = self._plain_codes
        return _view(_text(codes), *places)

    @once
    def _lower_codes(self) -> Codes:
        return characters().lower[self._plain_codes[0]]

    @once
    def lower(self) -> View:
        plain = self.plain
        text = _text(self._lower_codes) if self._short is None else plain.text.translate(characters().as_lower)
        return View(text, lambda: (plain.starts, plain.ends))

    @once
    def joined(self) -> View:
        if self._short is not None:
            return _rewritten(View(self.lower.text.translate(characters().as_joined), self._joined_places))
        codes, lower = self._lower_codes, self.plain
        kept = np.flatnonzero(characters().joins[codes])
        return _rewritten(_view(_text(codes[kept]), lower.starts[kept], lower.ends[kept]))

    def _joined_places(self) -> tuple[Offsets, Offsets]:
        kept = np.flatnonzero(characters().joins[_code_points(self.lower.text)]).astype(np.int32)
        return kept, kept + 1

    @once
    def has_long_latin(self) -> bool:
        """Whether a run of Latin letters, digits and marks of keys is long enough to hold a secret or an encoding."""
        if self._short is not None:
            return _LONG_LATIN.search(self._short) is not None
        return has_run((self.signs & GRAPHIC) > 0, LONG_LATIN_CHARS)

    @once
    def signs(self) -> Flags:
        """What each character of `plain` may be part of, flags of `signs.py`."""
        return sign_table()[self._plain_codes[0]]

    @once
    def unleeted(self) -> View | None:
        joined = self.joined
        read = unleet(joined.text)
        return None if read == joined.text else View(read, lambda: (joined.starts, joined.ends))

    @once
    def unleeted_parts(self) -> View | None:
        """What `unleeted` reads differently, with the text around it: enough for searching, however long the text."""
        changed = self.unleeted
        if changed is None or len(changed.text) <= WHOLE_CHARS:
            return changed
        before, after = (_code_points(view.text) for view in (self.joined, changed))
        places = np.flatnonzero(before != after)
        near = np.zeros(len(after) + 1, dtype=np.int64)
        np.add.at(near, np.maximum(places - AROUND_CHARS, 0), 1)
        np.add.at(near, np.minimum(places + AROUND_CHARS, len(after)), -1)
        kept = np.flatnonzero(np.cumsum(near[:-1]) > 0)
        return _view(_text(after[kept]), changed.starts[kept], changed.ends[kept])


def _view(text: str, starts: Offsets, ends: Offsets) -> View:
    """A reading whose offsets are known already."""
    return View(text, lambda: (starts, ends))


def _in_place(count: int) -> tuple[Offsets, Offsets]:
    """The offsets of a reading in which every character stands where it stood."""
    places = np.arange(count + 1, dtype=np.int32)
    return places[:-1], places[1:]


def _code_points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _text(codes: NDArray[np.uint32]) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _in_pieces(
    codes: Codes, folded: Codes, positions: Offsets, special: NDArray[np.intp]
) -> tuple[Codes, Offsets, Offsets]:
    """The plain reading where few characters vanish or become several: the stretches between them, put together."""
    expansions = characters().expansions
    out: list[Codes] = []
    starts: list[Offsets] = []
    last = 0
    for place in special.tolist():
        out.append(folded[last:place])
        starts.append(positions[last:place])
        if folded[place] == SEVERAL:
            form = expansions[int(codes[place])]
            out.append(np.array([ord(letter) for letter in form], dtype=np.uint32))
            starts.append(np.full(len(form), place, dtype=np.int32))
        last = place + 1
    out.append(folded[last:])
    starts.append(positions[last:])
    first = np.concatenate(starts)
    return np.concatenate(out), first, first + 1


def _with_gaps(codes: Codes, folded: Codes, positions: Offsets) -> tuple[Codes, Offsets, Offsets]:
    """The plain reading where many characters vanish or become several; the latter are read one by one."""
    several = np.flatnonzero(folded == SEVERAL)
    if not len(several):
        kept = folded != DROPPED
        return folded[kept], positions[kept], positions[kept] + 1
    expansions = characters().expansions
    forms = {int(place): expansions[int(codes[place])] for place in several}
    counts = (folded != DROPPED).astype(np.int64)
    for place, form in forms.items():
        counts[place] = len(form)
    spread = np.repeat(positions, counts)
    out = np.repeat(folded, counts)
    firsts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    for place, form in forms.items():
        out[firsts[place] : firsts[place] + len(form)] = [ord(letter) for letter in form]
    return out, spread, spread + 1


def _rewritten(view: View) -> View:
    """The reading with variants mended; each mended word keeps the offsets of the whole it replaces."""
    mended = rewrite_variants(view.text)
    if not mended:
        return view
    pieces: list[str] = []
    starts: list[Offsets] = []
    ends: list[Offsets] = []
    last = 0
    for start, end, word in mended:
        pieces += [view.text[last:start], word]
        first, stop = view.span(start, end)
        starts += [view.starts[last:start], np.full(len(word), first, dtype=np.int32)]
        ends += [view.ends[last:start], np.full(len(word), stop, dtype=np.int32)]
        last = end
    pieces.append(view.text[last:])
    starts.append(view.starts[last:])
    ends.append(view.ends[last:])
    return _view("".join(pieces), np.concatenate(starts), np.concatenate(ends))
