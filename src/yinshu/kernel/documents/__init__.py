"""Documents in: sniff, parse, read scans, and cut into clauses that keep their place."""

from yinshu.kernel.documents.isolated import ParseWorker, draw_isolated, parse_isolated
from yinshu.kernel.documents.limits import DEFAULT, ParseLimits
from yinshu.kernel.documents.parse import parse
from yinshu.kernel.documents.ports import OcrEngine, OcrLine
from yinshu.kernel.documents.records import Block, Clause, ParsedDocument

__all__ = [
    "DEFAULT",
    "Block",
    "Clause",
    "OcrEngine",
    "OcrLine",
    "ParseLimits",
    "ParseWorker",
    "ParsedDocument",
    "draw_isolated",
    "parse",
    "parse_isolated",
]
