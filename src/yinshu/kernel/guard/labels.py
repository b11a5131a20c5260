"""Labels of generated text: the visible line and the metadata object that exported files carry.

**Source**: 《人工智能生成合成内容标识办法》 (in force 2025-09-01), GB 45438-2025.
"""

from __future__ import annotations

VISIBLE_LABEL = "（本内容由人工智能生成，请注意甄别）"
_SAYS_SO = ("人工智能生成", "AI生成", "AI 生成", "由AI", "AI辅助生成")
_LOOKED_AT_CHARS = 60


def is_labelled(text: str) -> bool:
    """A visible label stands at the head or the foot of the text."""
    ends = text[:_LOOKED_AT_CHARS] + "\n" + text[-_LOOKED_AT_CHARS:]
    return any(sign in ends for sign in _SAYS_SO)


def labelled(text: str) -> str:
    """The text with the visible label at its foot; unchanged when it has one or is empty."""
    return text if not text.strip() or is_labelled(text) else f"{text}\n{VISIBLE_LABEL}"


def aigc_metadata(*, producer: str, produce_id: str, propagator: str = "", propagate_id: str = "") -> dict[str, str]:
    """The AIGC object for the metadata of an exported file; `Label` 1 says that it is generated."""
    return {
        "Label": "1",
        "ContentProducer": producer,
        "ProduceID": produce_id,
        "ReservedCode1": "",
        "ContentPropagator": propagator,
        "PropagateID": propagate_id,
        "ReservedCode2": "",
    }
