"""Full text (FTS5 on pre-segmented text) and exact vectors in the SQLite database that holds the truth."""

from __future__ import annotations

import json
import threading
import weakref
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from sqlalchemy import Connection, Engine, text

from yinshu.adapters.indexes.vector_cache import ScopeRow, VectorCache
from yinshu.kernel.base.database import metadata
from yinshu.kernel.knowledge.ports import IndexedText, TextQuery, Vector
from yinshu.kernel.knowledge.records import SEARCHABLE_STATUSES, SearchScope
from yinshu.kernel.knowledge.store.clauses import in_parts
from yinshu.kernel.knowledge.wording import grams

TITLE_WEIGHT, PATH_WEIGHT, BODY_WEIGHT = 0.6, 0.6, 1.0
"""BM25 weights of the three fields, measured by bench/retrieval.py."""
POSTINGS_MAX = 8_000
"""Postings that one question may walk; the commonest terms are left out first. On 17,000 clauses recall at 100 is the
same as with all postings (0.915 against 0.919) in half the time."""
TERMS_KEPT_MIN = 5
TERM_REPEATS_MAX = 3
CHANGES_KEPT_MAX = 2_000_000
"""Entries of the change log; a cache that lags behind further is loaded anew."""
ALL_CLAUSES = ""
"""The entry of the term table that counts every clause."""

_SCOPED = ("collection_id", "status", "effective_from", "effective_to", "vector_key", "document_id", "level")
_TABLES = (
    """CREATE VIRTUAL TABLE IF NOT EXISTS clause_text
       USING fts5(title, path, body, tokenize = 'ascii', detail = 'full')""",
    "CREATE VIRTUAL TABLE IF NOT EXISTS clause_term USING fts5vocab('clause_text', 'row')",
    """CREATE TABLE IF NOT EXISTS index_scope (
       clause_id INTEGER PRIMARY KEY, collection_id TEXT NOT NULL, status TEXT NOT NULL,
       effective_from TEXT, effective_to TEXT, vector_key TEXT NOT NULL,
       document_id TEXT NOT NULL, level INTEGER NOT NULL)""",
    "CREATE TABLE IF NOT EXISTS term_counts (term TEXT PRIMARY KEY, clauses INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS ix_index_scope_vector_key ON index_scope (vector_key)",
    "CREATE TABLE IF NOT EXISTS index_changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, clause_id INTEGER NOT NULL)",
)
_LOG = "INSERT INTO index_changes (clause_id) VALUES ({which}.id);"
_TRIGGERS = (
    f"""CREATE TRIGGER IF NOT EXISTS index_clause_added AFTER INSERT ON clauses BEGIN
        INSERT OR REPLACE INTO index_scope VALUES (NEW.id, {", ".join("NEW." + name for name in _SCOPED)});
        {_LOG.format(which="NEW")} END""",
    f"""CREATE TRIGGER IF NOT EXISTS index_clause_changed AFTER UPDATE OF {", ".join(_SCOPED)} ON clauses BEGIN
        UPDATE index_scope SET {", ".join(f"{name} = NEW.{name}" for name in _SCOPED)} WHERE clause_id = NEW.id;
        {_LOG.format(which="NEW")} END""",
    f"""CREATE TRIGGER IF NOT EXISTS index_clause_removed AFTER DELETE ON clauses BEGIN
        DELETE FROM index_scope WHERE clause_id = OLD.id;
        {_LOG.format(which="OLD")} END""",
)
_IN_SCOPE = """(s.collection_id IN (SELECT value FROM json_each(:collections))
         OR s.document_id IN (SELECT value FROM json_each(:documents)))
    AND s.level <= :level_max AND s.document_id NOT IN (SELECT value FROM json_each(:denied))
    AND s.status IN (SELECT value FROM json_each(:statuses))
    AND (:everything OR ((s.effective_from IS NULL OR s.effective_from <= :as_of)
                         AND (s.effective_to IS NULL OR s.effective_to > :as_of)))
    AND s.clause_id NOT IN (SELECT value FROM json_each(:hidden))"""
_SEARCH = text(
    f"""SELECT s.clause_id, -bm25(clause_text, {TITLE_WEIGHT}, {PATH_WEIGHT}, {BODY_WEIGHT}) AS score
        FROM clause_text CROSS JOIN index_scope AS s ON s.clause_id = clause_text.rowid
        WHERE clause_text MATCH :terms AND {_IN_SCOPE}
        ORDER BY score DESC, s.clause_id LIMIT :limit"""
)
_COUNT_WITHIN = text(
    f"""SELECT count(*) FROM clause_text CROSS JOIN index_scope AS s ON s.clause_id = clause_text.rowid
        WHERE clause_text MATCH :terms AND {_IN_SCOPE}"""
)
_SCOPE_COLUMNS = ", ".join(("clause_id", *_SCOPED))


class SqliteIndex:
    """The `ClauseIndex` of a SQLite library. One instance serves every thread of the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._caches: weakref.WeakKeyDictionary[Engine, dict[str, VectorCache]] = weakref.WeakKeyDictionary()

    def create(self, connection: Connection) -> None:
        """Make the tables and triggers if they are missing; clauses that are there already enter the scope table."""
        known = set(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
        for statement in (*_TABLES, *_TRIGGERS):
            connection.exec_driver_sql(statement)
        if "index_scope" not in known:
            connection.exec_driver_sql(
                f"INSERT OR REPLACE INTO index_scope SELECT id, {', '.join(_SCOPED)} FROM clauses"
            )
        if "term_counts" not in known:
            connection.exec_driver_sql("INSERT INTO term_counts SELECT term, doc FROM clause_term")
            connection.exec_driver_sql("INSERT INTO term_counts SELECT ?, count(*) FROM clause_text", (ALL_CLAUSES,))

    def add(self, connection: Connection, texts: Sequence[IndexedText]) -> None:
        """Make clauses searchable by text."""
        fields = [(_segmented(one.title), _segmented(one.path), _segmented(one.body)) for one in texts]
        if fields:
            rows = [(one.clause_id, *own) for one, own in zip(texts, fields, strict=True)]
            connection.exec_driver_sql("INSERT INTO clause_text (rowid, title, path, body) VALUES (?, ?, ?, ?)", rows)
            _count(connection, fields, 1)
            self._trim_log(connection)

    def remove(self, connection: Connection, clause_ids: Sequence[int]) -> None:
        """Take clauses out of the text index."""
        for part in in_parts(clause_ids):
            wanted = (json.dumps(part),)
            held = "FROM clause_text WHERE rowid IN (SELECT value FROM json_each(?))"
            rows = connection.exec_driver_sql(f"SELECT title, path, body {held}", wanted).all()
            if rows:
                _count(connection, [(str(title), str(path), str(body)) for title, path, body in rows], -1)
                connection.exec_driver_sql(f"DELETE {held}", wanted)

    def search_text(
        self, connection: Connection, query: TextQuery, scope: SearchScope, limit: int
    ) -> list[tuple[int, float]]:
        """Clauses in the scope by BM25 over title, path and body; a term's weight counts in whole steps up to 3."""
        wanted = self._worth_searching(connection, query)
        if not wanted:
            return []
        match = " OR ".join(f'"{term}"' for term, repeats in wanted for _ in range(repeats))
        found = connection.execute(_SEARCH, {"terms": match, "limit": limit, **_scope_values(scope)})
        return [(row.clause_id, max(0.0, row.score)) for row in found]

    def document_frequencies(self, connection: Connection, terms: Iterable[str]) -> tuple[int, dict[str, int]]:
        """How many clauses the index holds, and in how many of them each term occurs (0 when in none)."""
        wanted = list(terms)
        found = connection.exec_driver_sql(
            "SELECT term, clauses FROM term_counts WHERE term IN (SELECT value FROM json_each(?))",
            (json.dumps([ALL_CLAUSES, *wanted]),),
        )
        known = {row.term: row.clauses for row in found}
        return known.get(ALL_CLAUSES, 0), {term: known.get(term, 0) for term in wanted}

    def frequencies_within(self, connection: Connection, terms: Sequence[str], scope: SearchScope) -> dict[str, int]:
        """In how many clauses inside the rights of the scope, whatever their dates, each of these rare terms occurs."""
        values = {**_scope_values(scope), "everything": True}
        return {
            term: connection.execute(_COUNT_WITHIN, {**values, "terms": f'"{term}"'}).scalar_one() for term in terms
        }

    def put_vectors(self, connection: Connection, embedder: str, vectors: Sequence[tuple[str, Vector]]) -> None:
        """Store unit vectors under their keys; a key that is there already stays as it is."""
        table = metadata.tables["vectors"].name
        rows = [(key, embedder, np.asarray(vector, "<f4").tobytes()) for key, vector in vectors]
        if rows:
            connection.exec_driver_sql(f"INSERT OR IGNORE INTO {table} (key, embedder, vector) VALUES (?, ?, ?)", rows)
            connection.execute(
                text(
                    "INSERT INTO index_changes (clause_id) SELECT clause_id FROM index_scope"
                    " WHERE vector_key IN (SELECT value FROM json_each(:keys))"
                ),
                {"keys": json.dumps([key for key, _, _ in rows])},
            )

    def known_vectors(self, connection: Connection, embedder: str, keys: Sequence[str]) -> set[str]:
        """Those of the keys that have a vector of this embedder already."""
        statement = text(
            "SELECT key FROM vectors WHERE embedder = :embedder AND key IN (SELECT value FROM json_each(:keys))"
        )
        found: set[str] = set()
        for part in in_parts(keys):
            found.update(connection.execute(statement, {"embedder": embedder, "keys": json.dumps(part)}).scalars())
        return found

    def search_vector(
        self, connection: Connection, embedder: str, vector: Vector, scope: SearchScope, limit: int
    ) -> list[tuple[int, float]]:
        """Clauses in the scope by cosine, best first; an exact scan."""
        return self._cache(connection, embedder, len(vector)).best(vector, scope, limit)

    def cosines(
        self, connection: Connection, embedder: str, vector: Vector, clause_ids: Sequence[int]
    ) -> dict[int, float]:
        """The cosine of each of the clauses; one without a vector is left out."""
        return self._cache(connection, embedder, len(vector)).cosines(vector, clause_ids)

    def _worth_searching(self, connection: Connection, query: TextQuery) -> list[tuple[str, int]]:
        """Terms that occur, rarest first, with repeats, as long as their postings fit the limit."""
        weights = dict(query.terms)
        _, frequencies = self.document_frequencies(connection, weights)
        kept: list[tuple[str, int]] = []
        postings = 0
        for term in sorted((one for one in weights if frequencies.get(one)), key=lambda one: frequencies[one]):
            postings += frequencies[term]
            if postings > POSTINGS_MAX and len(kept) >= TERMS_KEPT_MIN:
                break
            kept.append((term, min(TERM_REPEATS_MAX, max(1, round(weights[term])))))
        return kept

    def _cache(self, connection: Connection, embedder: str, dimension: int) -> VectorCache:
        """The cache of this database and embedder, brought up to the connection's snapshot.

        A writing transaction gets one of its own: what it has not committed must not reach others.
        """
        if connection.get_execution_options().get("yinshu_write", False):
            own = VectorCache(dimension)
            _update(connection, own, embedder)
            return own
        with self._lock:
            cache = self._caches.setdefault(connection.engine, {}).setdefault(embedder, VectorCache(dimension))
        newest = connection.exec_driver_sql("SELECT max(seq) FROM index_changes").scalar() or 0
        if newest > cache.seen_change:
            with cache.update_lock:
                _update(connection, cache, embedder)
        return cache

    def _trim_log(self, connection: Connection) -> None:
        newest = connection.exec_driver_sql("SELECT max(seq) FROM index_changes").scalar() or 0
        connection.exec_driver_sql("DELETE FROM index_changes WHERE seq <= ?", (newest - CHANGES_KEPT_MAX,))


def _count(connection: Connection, rows: Sequence[tuple[str, str, str]], sign: int) -> None:
    """Add clauses (their segmented fields) to the term table, or take them out."""
    counted = Counter(term for fields in rows for term in {ALL_CLAUSES, *" ".join(fields).split()})
    connection.exec_driver_sql(
        "INSERT INTO term_counts (term, clauses) VALUES (?, ?)"
        " ON CONFLICT (term) DO UPDATE SET clauses = clauses + excluded.clauses",
        [(term, sign * count) for term, count in counted.items()],
    )


def _segmented(written: str) -> str:
    return " ".join(grams(written))


def _scope_values(scope: SearchScope) -> dict[str, object]:
    return {
        "collections": json.dumps(scope.collection_ids),
        "documents": json.dumps(scope.document_ids),
        "denied": json.dumps(scope.denied_document_ids),
        "level_max": scope.level_max,
        "statuses": json.dumps(SEARCHABLE_STATUSES),
        "everything": scope.include_not_in_force,
        "as_of": scope.as_of.isoformat(),
        "hidden": json.dumps(sorted(scope.hidden_clause_ids)),
    }


def _update(connection: Connection, cache: VectorCache, embedder: str) -> None:
    """Bring a cache to the snapshot of the connection: only what changed, or everything when the log is too short."""
    span = connection.exec_driver_sql("SELECT min(seq), max(seq) FROM index_changes").one()
    oldest, newest = span[0] or 0, span[1] or 0
    if cache.seen_change < 0 or cache.seen_change + 1 < oldest:
        rows = connection.exec_driver_sql(f"SELECT {_SCOPE_COLUMNS} FROM index_scope").all()
        vectors = connection.execute(
            text("SELECT key, vector FROM vectors WHERE embedder = :embedder"), {"embedder": embedder}
        )
        cache.hold_vectors((row.key, row.vector) for row in vectors)
        cache.hold_clauses(ScopeRow(*row) for row in rows)
    elif newest > cache.seen_change:
        _apply_changes(connection, cache, embedder, newest)
    cache.seen_change = max(cache.seen_change, newest)


def _apply_changes(connection: Connection, cache: VectorCache, embedder: str, newest: int) -> None:
    changed = connection.exec_driver_sql(
        "SELECT DISTINCT clause_id FROM index_changes WHERE seq > ? AND seq <= ?", (cache.seen_change, newest)
    ).scalars()
    for part in in_parts(changed):
        wanted = json.dumps(part)
        rows = [
            ScopeRow(*row)
            for row in connection.exec_driver_sql(
                f"SELECT {_SCOPE_COLUMNS} FROM index_scope WHERE clause_id IN (SELECT value FROM json_each(?))",
                (wanted,),
            )
        ]
        lacking = json.dumps(cache.lacks(row.vector_key for row in rows))
        found = connection.exec_driver_sql(
            "SELECT key, vector FROM vectors WHERE embedder = ? AND key IN (SELECT value FROM json_each(?))",
            (embedder, lacking),
        )
        cache.hold_vectors((row.key, row.vector) for row in found)
        cache.hold_clauses(rows)
        cache.drop_clauses(set(part) - {row.clause_id for row in rows})
