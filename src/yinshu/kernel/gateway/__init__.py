"""The only way to a model: embeddings and completions, cached, limited and counted."""

from yinshu.kernel.gateway.complete import complete
from yinshu.kernel.gateway.embed import VectorCache, embed, embed_question, gives_tokens
from yinshu.kernel.gateway.ports import ChatModel, Completion, Embedder, Message, TokenEmbedder, TokenStates, Vectors

__all__ = [
    "ChatModel",
    "Completion",
    "Embedder",
    "Message",
    "TokenEmbedder",
    "TokenStates",
    "VectorCache",
    "Vectors",
    "complete",
    "embed",
    "embed_question",
    "gives_tokens",
]
