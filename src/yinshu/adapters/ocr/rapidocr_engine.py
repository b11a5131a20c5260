"""RapidOCR (PP-OCR weights inside its wheel) as an OCR engine; nothing is downloaded."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from yinshu.kernel.documents.ports import Image, OcrLine

_TEXT_SCORE_MIN = 0.3
_SIDE_MAX = 2_400
_DETECTION_SIDE = 1_440
"""Lines are found on a reduced page (enough for 7 pt at 200 dpi) and read at full size: half the time and memory."""
_LINES_AT_ONCE = 4
_THREADS = 2


@dataclass
class RapidOcrEngine:
    """Reads printed Chinese and Latin text on the CPU. The models (31 MB) load at the first page.

    Each line is read as it lies: turning pages upright is left to the caller, who sees the confidence fall.
    """

    threads: int = _THREADS
    _engine: Any = field(default=None, repr=False, compare=False)
    _lock: Any = field(default_factory=threading.Lock, repr=False, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        return {"threads": self.threads}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]

    def read(self, image: Image) -> Sequence[OcrLine]:
        """Every line of text on an RGB image."""
        with self._lock:
            engine = self._loaded()
            result = engine(image[:, :, ::-1].copy(), use_cls=False)
        if result.boxes is None or result.txts is None:
            return ()
        lines = []
        for polygon, text, confidence in zip(result.boxes, result.txts, result.scores, strict=True):
            (ax, ay), (bx, by), (cx, cy), (dx, dy) = ((float(x), float(y)) for x, y in polygon)
            lines.append(OcrLine(str(text), ((ax, ay), (bx, by), (cx, cy), (dx, dy)), float(confidence)))
        return lines

    def _loaded(self) -> Any:
        if self._engine is None:
            from rapidocr import RapidOCR

            self._engine = RapidOCR(
                params={
                    "Global.log_level": "error",
                    "Global.use_cls": False,
                    "Global.text_score": _TEXT_SCORE_MIN,
                    "Global.max_side_len": _SIDE_MAX,
                    "Det.limit_type": "max",
                    "Det.limit_side_len": _DETECTION_SIDE,
                    "Rec.rec_batch_num": _LINES_AT_ONCE,
                    "EngineConfig.onnxruntime.intra_op_num_threads": self.threads,
                    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                }
            )
            logging.getLogger("RapidOCR").setLevel(logging.ERROR)
        return self._engine
