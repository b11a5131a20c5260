"""Thresholds for a bank's own library, learnt from its own questions with and without their gold clauses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from yinshu.kernel.base.database import Connection, reading
from yinshu.kernel.base.errors import BadInput
from yinshu.kernel.knowledge.answer import EVIDENCE_HITS, Answerer
from yinshu.kernel.knowledge.records import Hit, SearchScope
from yinshu.kernel.knowledge.selector import Thresholds

FALSE_REFUSAL_MAX = 0.10
"""Share of answerable questions that the calibrated threshold may refuse."""
CASES_MIN = 20
CASES_MAX = 5_000
RELATED_SHARE = 1 / 3
QUOTE_CHARS = 40
HIDING_ROUNDS = 3

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Calibration:
    """The thresholds, and what they do to the cases: shares from 0 to 1, None where no case tells."""

    thresholds: Thresholds
    answerable: int
    unanswerable: int
    hidden: int
    false_refusal: float | None
    refusal_recall: float | None
    hidden_refused: float | None


def read_cases(path: Path) -> list[dict[str, Any]]:
    """Cases as JSON lines with question, gold [{file, quote or locate}] and as_of. Raises BadInput naming the line."""
    cases: list[dict[str, Any]] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
            if not isinstance(case["question"], str) or not isinstance(case.get("gold", []), list):
                raise TypeError(line)
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(f"{path.name} 第 {number} 行不是有效的问题，请检查后重试。", detail=repr(error)) from error
        cases.append(case)
    if not CASES_MIN <= len(cases) <= CASES_MAX:
        raise BadInput(f"校准需要 {CASES_MIN} 到 {CASES_MAX} 个问题，{path.name} 中有 {len(cases)} 个。")
    return cases


def calibrate(answerer: Answerer, collection_id: str, cases: Sequence[Mapping[str, Any]], name: str) -> Calibration:
    """Weigh every case as it is, and answerable ones again with their gold and equal clauses hidden."""
    open_, closed, hidden = [], [], []
    with reading(answerer.engine) as connection:
        for case in cases:
            as_of = date.fromisoformat(case["as_of"]) if case.get("as_of") else answerer.clock.today()
            scope = SearchScope((collection_id,), as_of)
            confidence, hits = _weigh(answerer, connection, case["question"], scope)
            if not case.get("gold"):
                closed.append(confidence)
                continue
            open_.append(confidence)
            gold = _gold_among(case, hits)
            if gold:
                hidden.append(_weigh_hidden(answerer, connection, case, scope, gold))
    return _conclude(open_, closed, hidden, name, answerer.clock.today())


def _weigh(
    answerer: Answerer, connection: Connection, question: str, scope: SearchScope
) -> tuple[float, Sequence[Hit]]:
    found = answerer.retrieve(connection, question, scope, EVIDENCE_HITS)
    return answerer.weigh(connection, question, found, scope).confidence, found.hits


def _weigh_hidden(
    answerer: Answerer, connection: Connection, case: Mapping[str, Any], scope: SearchScope, gold: frozenset[int]
) -> float:
    """The confidence without gold; what comes up as gold in its place is hidden too, a few times."""
    confidence = 0.0
    for _ in range(HIDING_ROUNDS):
        confidence, hits = _weigh(answerer, connection, case["question"], replace(scope, hidden_clause_ids=gold))
        more = _gold_among(case, hits)
        if not more:
            break
        gold |= more
    return confidence


def _gold_among(case: Mapping[str, Any], hits: Sequence[Hit]) -> frozenset[int]:
    """Clauses that hold a gold quote, whatever file they stand in, with the others of the same words."""
    quotes = [_SPACE.sub("", str(gold.get("quote") or gold.get("locate") or ""))[:QUOTE_CHARS] for gold in case["gold"]]
    found = (hit for hit in hits if any(quote and quote in _SPACE.sub("", hit.clause.text) for quote in quotes))
    return frozenset(_ids(found))


def _ids(hits: Iterator[Hit]) -> Iterator[int]:
    for hit in hits:
        yield hit.clause.clause_id
        yield from hit.alternatives


def _conclude(
    open_: Sequence[float], closed: Sequence[float], hidden: Sequence[float], name: str, today: date
) -> Calibration:
    if not open_:
        raise BadInput("校准需要能回答的问题，请在问题集中加入带 gold 的问题。")
    answer = sorted(open_)[int(len(open_) * FALSE_REFUSAL_MAX)]
    thresholds = Thresholds(round(answer, 4), round(answer * RELATED_SHARE, 4), f"{name}，{today.isoformat()}")
    return Calibration(
        thresholds,
        len(open_),
        len(closed),
        len(hidden),
        _share_below(open_, answer),
        _share_below(closed, answer),
        _share_below(hidden, answer),
    )


def _share_below(values: Sequence[float], threshold: float) -> float | None:
    return round(sum(value < threshold for value in values) / len(values), 4) if values else None
