"""Compound files (old Office): the chains of sectors are followed once, since a loop in them hangs the readers."""

from __future__ import annotations

import struct

_HEADER_BYTES = 512
_END = 0xFFFFFFFA
"""Sector numbers from here on are marks (free, end of chain), not sectors."""
_ENTRY_BYTES = 128
_HEADER_TABLE = 109
_SHIFTS = (9, 12)


class BrokenCompound(ValueError):
    """A chain runs in a circle, or the header makes no sense."""


def check_compound(data: bytes) -> None:
    """Follow every chain of sectors. Raises BrokenCompound."""
    if len(data) < _HEADER_BYTES:
        raise BrokenCompound("shorter than its header")
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in _SHIFTS:
        raise BrokenCompound(f"sector shift {shift}")
    size = 1 << shift
    folder, _, cutoff, mini, _, more, _ = struct.unpack_from("<7I", data, 48)
    table = _sector_table(data, size, more)
    mini_table = [number for sector in _chain(table, mini) for number in _numbers(data, sector, size)]
    for sector in _chain(table, folder):
        place = (sector + 1) * size
        for start in range(place, min(place + size, len(data) - _ENTRY_BYTES + 1), _ENTRY_BYTES):
            kind = data[start + 66]
            first, length = struct.unpack_from("<II", data, start + 116)
            if kind == 5 or (kind == 2 and length >= cutoff):
                _chain(table, first)
            elif kind == 2:
                _chain(mini_table, first)


def _sector_table(data: bytes, size: int, more: int) -> list[int]:
    """For each sector the next one, put together from the sectors that hold the table."""
    holders = list(struct.unpack_from(f"<{_HEADER_TABLE}I", data, 76))
    seen: set[int] = set()
    while more < _END:
        if more in seen:
            raise BrokenCompound("the list of table sectors runs in a circle")
        seen.add(more)
        numbers = _numbers(data, more, size)
        if not numbers:
            break
        holders += numbers[:-1]
        more = numbers[-1]
    held = [holder for holder in holders if holder < _END]
    if len(held) != len(set(held)):
        raise BrokenCompound("a table sector is named twice")
    return [number for holder in held for number in _numbers(data, holder, size)]


def _numbers(data: bytes, sector: int, size: int) -> list[int]:
    start = (sector + 1) * size
    whole = data[start : start + size]
    return list(struct.unpack(f"<{len(whole) // 4}I", whole[: len(whole) // 4 * 4]))


def _chain(table: list[int], first: int) -> list[int]:
    """Sectors from `first` on; a number outside the table ends the chain."""
    chain: list[int] = []
    seen: set[int] = set()
    sector = first
    while sector < _END and sector < len(table):
        if sector in seen:
            raise BrokenCompound("a chain of sectors runs in a circle")
        seen.add(sector)
        chain.append(sector)
        sector = table[sector]
    return chain
