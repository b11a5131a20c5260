"""What is kept of a token: its state on the 96 main axes of the library's language, in 8 bits.

Nothing here is learnt from questions: the axes are the principal components of token states of clauses, so that a
reader can be trained anew without reading the library again. They were computed once, from ten to twelve tokens of each
of 5,127 clauses of the regulations; with other axes every library has to be read again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files

import numpy as np

from yinshu.adapters.embeddings.e5_file import Floats
from yinshu.adapters.embeddings.e5_forward import Read
from yinshu.kernel.gateway import TokenStates

PROJECTION_FILE = "token_projection.npz"
STEPS = 127
SCALE_MIN = 1e-6


@dataclass(frozen=True)
class _Projection:
    """`middle`, shape (width,), is taken off before `axes`, shape (width, 96)."""

    middle: Floats
    axes: Floats


@lru_cache(maxsize=1)
def _shipped() -> _Projection:
    with as_file(files("yinshu.adapters.embeddings") / PROJECTION_FILE) as path, np.load(path) as stored:
        return _Projection(stored["middle"].astype(np.float32), stored["axes"].astype(np.float32))


def kept_tokens(read: Read) -> TokenStates:
    """The tokens of a text, small enough to be kept: about 100 bytes each."""
    projection = _shipped()
    states = (read.states - projection.middle) @ projection.axes
    scales = (np.abs(states).max(axis=1, initial=0.0) / STEPS + SCALE_MIN).astype(np.float16)
    steps = np.clip(np.round(states / scales.astype(np.float32)[:, None]), -STEPS, STEPS)
    return TokenStates(steps.astype(np.int8), scales, read.ends.astype(np.uint16))
