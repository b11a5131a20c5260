"""A chain of ONNX operators written down as the bytes that onnxruntime reads, without the `onnx` package.

**Source**: onnx.proto of ONNX 1.17 (field numbers) and the Protocol Buffers encoding specification.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import onnxruntime
from numpy.typing import NDArray

Floats = NDArray[np.float32]

IR_VERSION = 9
OPSETS: Mapping[str, int] = {"": 18, "com.microsoft": 1}
MICROSOFT = "com.microsoft"
_FLOAT_TENSOR = 1
_EXTERNAL = 1
_ATTRIBUTE_FLOAT, _ATTRIBUTE_INT = 1, 2
_VARINT, _BYTES, _FIXED32 = 0, 2, 5


@dataclass
class Graph:
    """Operators in their order and the weights they use; one input `x` and one output, of rows of `width` floats."""

    width: int
    nodes: list[bytes] = field(default_factory=list)
    weights: dict[str, Floats] = field(default_factory=dict)

    def weight(self, name: str, values: Floats) -> str:
        """Take in a weight; its name."""
        self.weights[name] = np.ascontiguousarray(values, dtype=np.float32)
        return name

    def add(self, operator: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: float) -> str:
        """Append an operator; the name of its output."""
        parts = [_text(1, name) for name in inputs]
        parts += [_text(2, output), _text(3, output), _text(4, operator)]
        parts += [_bytes(5, _attribute(name, value)) for name, value in attributes.items()]
        self.nodes.append(b"".join([*parts, _text(7, domain)]))
        return output

    def session(self, output: str) -> onnxruntime.InferenceSession:
        """The graph ready to run on the caller's thread alone; it takes the weights over, shape (batch, n, width)."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        names = list(self.weights)
        held = [onnxruntime.OrtValue.ortvalue_from_numpy(self.weights[name]) for name in names]
        options.add_external_initializers(names, held)
        return onnxruntime.InferenceSession(self._model(output), options, providers=["CPUExecutionProvider"])

    def _model(self, output: str) -> bytes:
        graph = [_bytes(1, node) for node in self.nodes]
        graph.append(_text(2, "network"))
        graph += [_bytes(5, _outside(name, values.shape)) for name, values in self.weights.items()]
        graph += [_bytes(11, _rows("x", self.width)), _bytes(12, _rows(output, self.width))]
        opsets = [_bytes(8, _text(1, domain) + _number(2, version)) for domain, version in OPSETS.items()]
        return b"".join([_number(1, IR_VERSION), _bytes(7, b"".join(graph)), *opsets])


def _outside(name: str, shape: Sequence[int]) -> bytes:
    """A weight whose values are handed over beside the graph."""
    place = _text(1, "location") + _text(2, name)
    return b"".join(
        [
            *(_number(1, size) for size in shape),
            _number(2, _FLOAT_TENSOR),
            _text(8, name),
            _bytes(13, place),
            _number(14, _EXTERNAL),
        ]
    )


def _rows(name: str, width: int) -> bytes:
    sizes = [_text(2, "batch"), _text(2, "length"), _number(1, width)]
    shape = b"".join(_bytes(1, size) for size in sizes)
    return _text(1, name) + _bytes(2, _bytes(1, _number(1, _FLOAT_TENSOR) + _bytes(2, shape)))


def _attribute(name: str, value: float) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, _ATTRIBUTE_INT)
    return _text(1, name) + _key(2, _FIXED32) + struct.pack("<f", value) + _number(20, _ATTRIBUTE_FLOAT)


def _key(number: int, kind: int) -> bytes:
    return _varint(number << 3 | kind)


def _number(number: int, value: int) -> bytes:
    return _key(number, _VARINT) + _varint(value)


def _bytes(number: int, value: bytes) -> bytes:
    return _key(number, _BYTES) + _varint(len(value)) + value


def _text(number: int, value: str) -> bytes:
    return _bytes(number, value.encode("ascii"))


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
