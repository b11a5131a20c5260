"""The life of a document: created, reviewed by a second person, published, updated, archived; and reading it."""
