"""Models behind the gateway: OpenAI-compatible servers, the embedded llama.cpp process, weights from an index."""
