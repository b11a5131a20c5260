"""Full text (tsvector on pre-segmented text, BM25-like score) and pgvector in the PostgreSQL database of the truth."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from sqlalchemy import Connection, text

from yinshu.kernel.knowledge.ports import IndexedText, TextQuery, Vector
from yinshu.kernel.knowledge.records import SEARCHABLE_STATUSES, SearchScope
from yinshu.kernel.knowledge.store.clauses import in_parts
from yinshu.kernel.knowledge.wording import grams

TITLE_WEIGHT, PATH_WEIGHT, BODY_WEIGHT = 0.6, 0.6, 1.0
CANDIDATES_MAX = 6_000
"""Clauses scored for one question: those that hold its rarest terms. PostgreSQL scores about 100 a millisecond."""
TERMS_KEPT_MIN = 3
LENGTH_SHARE = 0.5
AVERAGE_TERMS = 130.0
POSITIONS_MAX = 16_000
"""PostgreSQL knows positions up to 16,383; the terms behind them count as standing at the last one."""
ALL_CLAUSES = ""
"""The entry of the term table that counts every clause."""

_TABLES = (
    "CREATE EXTENSION IF NOT EXISTS vector",
    """CREATE TABLE IF NOT EXISTS clause_text (
       clause_id bigint PRIMARY KEY, terms tsvector NOT NULL, length integer NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS ix_clause_text_terms ON clause_text USING gin (terms)",
    "CREATE TABLE IF NOT EXISTS clause_term (term text PRIMARY KEY, clauses integer NOT NULL)",
    """CREATE TABLE IF NOT EXISTS clause_vectors (
       key text NOT NULL, embedder text NOT NULL, vector vector NOT NULL, PRIMARY KEY (embedder, key))""",
)
_IN_SCOPE = """(c.collection_id = ANY(:collections) OR c.document_id = ANY(:documents))
    AND c.level <= :level_max AND NOT c.document_id = ANY(:denied) AND c.status = ANY(:statuses)
    AND (:everything OR ((c.effective_from IS NULL OR c.effective_from <= :as_of)
                         AND (c.effective_to IS NULL OR c.effective_to > :as_of)))
    AND NOT c.id = ANY(:hidden)"""
_SEARCH = text(
    f"""SELECT t.clause_id,
          (SELECT sum(q.weight * ts_rank(CAST(:fields AS float4[]), t.terms, CAST(q.term AS tsquery)))
           FROM unnest(CAST(:terms AS text[]), CAST(:weights AS float8[])) AS q(term, weight))
          / (1 - {LENGTH_SHARE} + {LENGTH_SHARE} * t.length / {AVERAGE_TERMS}) AS score
        FROM clause_text AS t JOIN clauses AS c ON c.id = t.clause_id
        WHERE t.terms @@ CAST(:rare AS tsquery) AND {_IN_SCOPE}
        ORDER BY score DESC, t.clause_id LIMIT :limit"""
)
_NEAREST = text(
    f"""SELECT c.id, -(v.vector <#> CAST(:vector AS vector)) AS cosine
        FROM clauses AS c JOIN clause_vectors AS v ON v.key = c.vector_key AND v.embedder = :embedder
        WHERE {_IN_SCOPE} ORDER BY v.vector <#> CAST(:vector AS vector), c.id LIMIT :limit"""
)
_COUNT_WITHIN = text(
    f"""SELECT count(*) FROM clause_text AS t JOIN clauses AS c ON c.id = t.clause_id
        WHERE t.terms @@ CAST(:term AS tsquery) AND {_IN_SCOPE}"""
)
_COSINES = text(
    """SELECT c.id, -(v.vector <#> CAST(:vector AS vector)) AS cosine
       FROM clauses AS c JOIN clause_vectors AS v ON v.key = c.vector_key AND v.embedder = :embedder
       WHERE c.id = ANY(:ids)"""
)
_COUNT_TERMS = text(
    """INSERT INTO clause_term (term, clauses)
       SELECT term, clauses FROM unnest(CAST(:terms AS text[]), CAST(:counts AS integer[])) AS new(term, clauses)
       ORDER BY term
       ON CONFLICT (term) DO UPDATE SET clauses = clause_term.clauses + excluded.clauses"""
)


class PostgresIndex:
    """The `ClauseIndex` of a PostgreSQL library; it keeps nothing in memory, so many processes may share one."""

    def create(self, connection: Connection) -> None:
        """Make the extension and the tables if they are missing."""
        for statement in _TABLES:
            connection.exec_driver_sql(statement)

    def add(self, connection: Connection, texts: Sequence[IndexedText]) -> None:
        """Make clauses searchable by text."""
        rows, counted = [], Counter[str]()
        for one in texts:
            fields = ((grams(one.title), "A"), (grams(one.path), "B"), (grams(one.body), "D"))
            rows.append(
                {"id": one.clause_id, "terms": _tsvector(fields), "length": sum(len(terms) for terms, _ in fields)}
            )
            counted.update({term for terms, _ in fields for term in terms})
        if rows:
            insert = (
                "INSERT INTO clause_text (clause_id, terms, length) VALUES (:id, CAST(:terms AS tsvector), :length)"
            )
            connection.execute(text(insert), rows)
            self._count(connection, counted, len(rows))

    def remove(self, connection: Connection, clause_ids: Sequence[int]) -> None:
        """Take clauses out of the text index."""
        for part in in_parts(clause_ids):
            lexemes = text(
                "SELECT lexeme, count(*) FROM clause_text, unnest(terms) WHERE clause_id = ANY(:ids) GROUP BY lexeme"
            )
            counted = Counter({row[0]: -row[1] for row in connection.execute(lexemes, {"ids": part})})
            gone = connection.execute(
                text("DELETE FROM clause_text WHERE clause_id = ANY(:ids)"), {"ids": part}
            ).rowcount
            if gone:
                self._count(connection, counted, -gone)

    def search_text(
        self, connection: Connection, query: TextQuery, scope: SearchScope, limit: int
    ) -> list[tuple[int, float]]:
        """Clauses in the scope that hold one of the rarer terms, by inverse frequency and rank over all terms."""
        weights = dict(query.terms)
        total, frequencies = self.document_frequencies(connection, list(weights))
        known = sorted((term for term in weights if frequencies[term] > 0), key=lambda term: (frequencies[term], term))
        if not known:
            return []
        values = {
            "fields": [BODY_WEIGHT, BODY_WEIGHT, PATH_WEIGHT, TITLE_WEIGHT],
            "terms": [_quoted(term) for term in known],
            "weights": [weights[term] * math.log((total + 1) / (frequencies[term] + 0.5)) for term in known],
            "rare": " | ".join(_quoted(term) for term in _rarest(known, frequencies)),
            "limit": limit,
            **_scope_values(scope),
        }
        return [(row.clause_id, max(0.0, float(row.score))) for row in connection.execute(_SEARCH, values)]

    def document_frequencies(self, connection: Connection, terms: Sequence[str]) -> tuple[int, dict[str, int]]:
        """How many clauses the index holds, and in how many of them each term occurs (0 when in none)."""
        query = text("SELECT term, clauses FROM clause_term WHERE term = ANY(:terms)")
        found = {row.term: row.clauses for row in connection.execute(query, {"terms": [ALL_CLAUSES, *terms]})}
        return found.get(ALL_CLAUSES, 0), {term: max(0, found.get(term, 0)) for term in terms}

    def frequencies_within(self, connection: Connection, terms: Sequence[str], scope: SearchScope) -> dict[str, int]:
        """In how many clauses inside the rights of the scope, whatever their dates, each of these rare terms occurs."""
        values = {**_scope_values(scope), "everything": True}
        return {
            term: connection.execute(_COUNT_WITHIN, {**values, "term": _quoted(term)}).scalar_one() for term in terms
        }

    def put_vectors(self, connection: Connection, embedder: str, vectors: Sequence[tuple[str, Vector]]) -> None:
        """Store unit vectors under their keys; a key that is there already stays as it is."""
        insert = text(
            "INSERT INTO clause_vectors (key, embedder, vector) VALUES (:key, :embedder, CAST(:vector AS vector))"
            " ON CONFLICT DO NOTHING"
        )
        rows = [
            {"key": key, "embedder": embedder, "vector": _written(vector)} for key, vector in sorted(vectors, key=_key)
        ]
        if rows:
            connection.execute(insert, rows)

    def known_vectors(self, connection: Connection, embedder: str, keys: Sequence[str]) -> set[str]:
        """Those of the keys that have a vector of this embedder already."""
        query = text("SELECT key FROM clause_vectors WHERE embedder = :embedder AND key = ANY(:keys)")
        return set(connection.execute(query, {"embedder": embedder, "keys": list(keys)}).scalars())

    def search_vector(
        self, connection: Connection, embedder: str, vector: Vector, scope: SearchScope, limit: int
    ) -> list[tuple[int, float]]:
        """Clauses in the scope by cosine, best first; an exact scan."""
        values = {"vector": _written(vector), "embedder": embedder, "limit": limit, **_scope_values(scope)}
        return [(row.id, float(row.cosine)) for row in connection.execute(_NEAREST, values)]

    def cosines(
        self, connection: Connection, embedder: str, vector: Vector, clause_ids: Sequence[int]
    ) -> dict[int, float]:
        """The cosine of each of the clauses; one without a vector is left out."""
        values = {"vector": _written(vector), "embedder": embedder, "ids": list(clause_ids)}
        return {row.id: float(row.cosine) for row in connection.execute(_COSINES, values)}

    def _count(self, connection: Connection, counted: Counter[str], clauses: int) -> None:
        terms = {**counted, ALL_CLAUSES: clauses}
        connection.execute(_COUNT_TERMS, {"terms": list(terms), "counts": list(terms.values())})


def _tsvector(fields: Iterable[tuple[Sequence[str], str]]) -> str:
    """A tsvector literal: every term with its positions and the letter of its field."""
    places: dict[str, list[str]] = {}
    position = 0
    for terms, field in fields:
        for term in terms:
            position = min(position + 1, POSITIONS_MAX)
            places.setdefault(term, []).append(f"{position}{field if field != 'D' else ''}")
    return " ".join(f"{_quoted(term)}:{','.join(at)}" for term, at in places.items())


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def _rarest(known: Sequence[str], frequencies: dict[str, int]) -> list[str]:
    kept: list[str] = []
    held = 0
    for term in known:
        held += frequencies[term]
        if held > CANDIDATES_MAX and len(kept) >= TERMS_KEPT_MIN:
            break
        kept.append(term)
    return kept


def _written(vector: Vector) -> str:
    return "[" + ",".join(f"{value:.7g}" for value in np.asarray(vector, np.float32).tolist()) + "]"


def _key(item: tuple[str, Vector]) -> str:
    return item[0]


def _scope_values(scope: SearchScope) -> dict[str, object]:
    return {
        "collections": list(scope.collection_ids),
        "documents": list(scope.document_ids),
        "denied": list(scope.denied_document_ids),
        "level_max": scope.level_max,
        "statuses": list(SEARCHABLE_STATUSES),
        "everything": scope.include_not_in_force,
        "as_of": scope.as_of,
        "hidden": sorted(scope.hidden_clause_ids),
    }
