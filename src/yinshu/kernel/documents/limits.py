"""How much a single file may cost: every limit of parsing in one frozen record."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class ParseLimits:
    """Limits of one file; a bank may raise them by settings.

    `seconds` is the time for reading without OCR; each page by OCR may take `ocr_seconds_per_page` more.
    `memory_bytes` is what the reading process may add to the address space it starts with.
    """

    file_bytes_max: int = 200 * MIB
    pages_max: int = 1_500
    ocr_pages_max: int = 500
    image_pixels_max: int = 80_000_000
    archive_entries_max: int = 10_000
    archive_bytes_max: int = 512 * MIB
    archive_ratio_max: int = 200
    rows_max: int = 200_000
    cells_max: int = 2_000_000
    blocks_max: int = 300_000
    chars_max: int = 50_000_000
    depth_max: int = 200
    seconds: float = 120.0
    ocr_seconds_per_page: float = 60.0
    memory_bytes: int = 1_536 * MIB


DEFAULT = ParseLimits()
