"""The sample library of the fictitious 示范银行: its documents, their index and questions its staff would ask."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_ROOM = Path(__file__).parent
_LIBRARY = _ROOM / "library"


def library_files() -> list[Path]:
    """Return the sample documents in order of their number (the index is not among them)."""
    return sorted(path for path in _LIBRARY.iterdir() if path.name[:2].isdigit())


def index_file() -> Path:
    """Return the CSV of the library: file, title, published, published_from, kind, chars, from_ocr, source_url,
    number, owner, effective, status."""
    return _LIBRARY / "index.csv"


def questions_file() -> Path:
    """Return the JSONL of staff questions over the library, in the format of `yinshu bench qa`."""
    return _ROOM / "questions.jsonl"


def source_files() -> list[Path]:
    """Return the reviewable Markdown sources from which `yinshu.sample.build` makes the library."""
    return sorted((_ROOM / "sources").glob("*.md"))


@dataclass(frozen=True)
class StaffFiles:
    """CSV files of the sample bank's people, of their rights, and of the levels of its documents."""

    people: Path
    rights: Path
    levels: Path


def staff_files() -> StaffFiles:
    """Return the files of the staff."""
    folder = _ROOM / "staff"
    return StaffFiles(folder / "people.csv", folder / "rights.csv", folder / "levels.csv")


__all__ = ["StaffFiles", "index_file", "library_files", "questions_file", "source_files", "staff_files"]
