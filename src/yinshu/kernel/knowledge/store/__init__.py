"""All queries of the knowledge room; nothing else touches its tables, except the index adapters."""

from yinshu.kernel.knowledge.store.batches import Batch, BatchItem, close_batch, open_batch, open_batches
from yinshu.kernel.knowledge.store.clauses import (
    clause_ids_of_files,
    count_collection,
    find_collection,
    get_clauses,
    get_collection,
    get_versions,
    group_of,
    in_scope,
    list_clauses,
    list_collections,
    list_versions,
    neighbours,
)
from yinshu.kernel.knowledge.store.intake import (
    FileOrigin,
    SavedVersion,
    current_hashes,
    ensure_collection,
    latest_hash,
    lock_collection,
    save_version,
)
from yinshu.kernel.knowledge.store.words import add_synonyms, list_synonyms, remove_synonym

__all__ = [
    "Batch",
    "BatchItem",
    "FileOrigin",
    "SavedVersion",
    "add_synonyms",
    "clause_ids_of_files",
    "close_batch",
    "count_collection",
    "current_hashes",
    "ensure_collection",
    "find_collection",
    "get_clauses",
    "get_collection",
    "get_versions",
    "group_of",
    "in_scope",
    "latest_hash",
    "list_clauses",
    "list_collections",
    "list_synonyms",
    "list_versions",
    "lock_collection",
    "neighbours",
    "open_batch",
    "open_batches",
    "remove_synonym",
    "save_version",
]
