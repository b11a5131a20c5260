"""The only way to a model: embeddings and completions, cached, limited and counted."""

from yinshu.kernel.gateway.complete import complete
from yinshu.kernel.gateway.embed import VectorCache, embed, embed_question
from yinshu.kernel.gateway.ports import ChatModel, Completion, Embedder, Message, Vectors

__all__ = [
    "ChatModel",
    "Completion",
    "Embedder",
    "Message",
    "VectorCache",
    "Vectors",
    "complete",
    "embed",
    "embed_question",
]
