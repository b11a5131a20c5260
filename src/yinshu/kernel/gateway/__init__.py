"""The only way to a model: embeddings and completions, cached, limited and counted."""
