"""The measured comparison of the gateway: a mock model server, a bare proxy, LiteLLM and their common load."""
