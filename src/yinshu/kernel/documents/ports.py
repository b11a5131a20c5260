"""What an OCR adapter must supply to the documents room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""Height x width x 3, RGB."""

Polygon = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
"""Four corners in pixels, clockwise as seen on the image, from the box's own top left."""


@dataclass(frozen=True)
class OcrLine:
    """A line of text found on an image; `confidence` is 0 to 1."""

    text: str
    polygon: Polygon
    confidence: float


class OcrEngine(Protocol):
    """Reads printed text. An engine must be picklable, since reading happens in a process of its own."""

    def read(self, image: Image) -> Sequence[OcrLine]:
        """Every line found, in any order, as the image lies (upside-down text may come out as nonsense)."""
