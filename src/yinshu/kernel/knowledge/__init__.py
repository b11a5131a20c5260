"""Knowledge: documents in, published versions, retrieval, cited answers."""
