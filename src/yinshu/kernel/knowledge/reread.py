"""A second look at the best clauses: the reader compares them with the question token by token and may reorder them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files

import numpy as np

from yinshu.kernel.base.database import Connection
from yinshu.kernel.gateway import Embedder, TokenStates, gives_tokens
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.rank import RankingModel, parse_model
from yinshu.kernel.knowledge.reader import Reader, Reading, Span, shipped_reader
from yinshu.kernel.knowledge.records import Hit, StoredClause
from yinshu.kernel.knowledge.sentences import split_units
from yinshu.kernel.knowledge.wording import text_offset

BLEND_FILE = "blend.json"
READ_HITS = 12
READ_UNITS = 40
BLEND_FEATURES = ("reader", "reader_gap", "rank_score", "rank_gap")


@lru_cache(maxsize=1)
def shipped_blend() -> RankingModel:
    """The weights that join the reader's score with the ranking's."""
    return parse_model((files("yinshu.kernel.knowledge") / "weights" / BLEND_FILE).read_text("utf-8"))


def reread(
    connection: Connection,
    embedder: Embedder,
    question: str,
    hits: Sequence[Hit],
    reader: Reader | None = None,
    asked: Future[TokenStates] | None = None,
    aside: Executor | None = None,
) -> list[Hit]:
    """The hits with what the reader made of the first of them: features reader and reader_gap, and `Hit.units`.

    They stay in their order. Nothing changes for an embedder without tokens, and while most of them are still to be
    computed; a single clause without tokens counts as the middle of the others. `asked`: the question's tokens, when
    they are being computed already. `aside` takes half of the reading.
    """
    near = list(hits[:READ_HITS])
    if not near or not gives_tokens(embedder):
        return list(hits)
    kept = store.get_tokens(connection, embedder.name, [hit.clause.clause_id for hit in near])
    read = [hit for hit in near if _has_words(kept.get(hit.clause.clause_id))]
    if 2 * len(read) < len(near):
        return list(hits)
    words = embedder.read_query(question) if asked is None else asked.result()
    if not len(words.ends):
        return list(hits)
    chosen = reader or shipped_reader()

    def look(some: Sequence[Hit]) -> list[Reading]:
        return chosen.read(
            words, [kept[hit.clause.clause_id] for hit in some], [unit_spans(hit.clause) for hit in some]
        )

    half = len(read) // 2 if aside is not None else 0
    first = aside.submit(look, read[:half]) if aside is not None else None
    found = look(read[half:])
    found = [*(first.result() if first is not None else ()), *found]
    readings = dict(zip((hit.clause.clause_id for hit in read), found, strict=True))
    return [*_described(near, readings), *hits[READ_HITS:]]


def reordered(hits: Sequence[Hit], blend: RankingModel | None = None) -> list[Hit]:
    """The hits that were reread by ranking and reader together, best first; their score is the new relevance."""
    blend = blend or shipped_blend()
    near = [hit for hit in hits if "reader" in hit.features]
    if not near:
        return list(hits)
    scores = blend.scores([hit.features for hit in near])
    joined = []
    for i in sorted(range(len(near)), key=lambda i: (-scores[i], i)):
        relevance = blend.relevance(float(scores[i]))
        joined.append(replace(near[i], score=relevance, features={**near[i].features, "relevance": relevance}))
    return [*joined, *(hit for hit in hits if "reader" not in hit.features)]


def _has_words(tokens: TokenStates | None) -> bool:
    return tokens is not None and len(tokens.ends) > 0


def _described(near: Sequence[Hit], readings: dict[int, Reading]) -> list[Hit]:
    logits = [reading.clause for reading in readings.values()]
    best, usual = max(logits), float(np.median(logits))
    top = max(hit.features["rank_score"] for hit in near)
    described = []
    for hit in near:
        reading = readings.get(hit.clause.clause_id, Reading(usual, ()))
        more = {
            "reader": reading.clause,
            "reader_gap": reading.clause - best,
            "rank_gap": hit.features["rank_score"] - top,
        }
        described.append(replace(hit, features={**hit.features, **more}, units=reading.units))
    return described


def unit_spans(clause: StoredClause) -> list[Span]:
    """Where the units of a clause are in the text that was read."""
    start = text_offset(clause.version.title, clause.path, clause.text, clause.lead)
    return [(start + unit.start, start + unit.end) for unit in split_units(clause.text)[:READ_UNITS]]
