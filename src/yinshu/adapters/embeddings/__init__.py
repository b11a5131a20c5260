"""Embedding models behind the gateway's `Embedder` port."""
