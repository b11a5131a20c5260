"""Keeps every answer together with its entry in the ledger, so that neither is there without the other."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from yinshu.kernel.audit.records import Act, Json
from yinshu.kernel.audit.writer import LedgerWriter
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection
from yinshu.kernel.base.ids import new_id
from yinshu.kernel.identity import Subject
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.records import Answer, AnswerStatus, SearchScope
from yinshu.kernel.knowledge.selector import Thresholds
from yinshu.kernel.knowledge.worded import Heard

_ACTIONS: Mapping[AnswerStatus, str] = {
    "answered": "knowledge.answered",
    "refused": "knowledge.refused",
    "clarify": "knowledge.asked_back",
}


@dataclass(frozen=True)
class Screened:
    """A question as it may be kept, what the guard said of it, and the original for the auditors (or None)."""

    text: str
    verdicts: tuple[str, ...] = ()
    original: str | None = None


@dataclass(frozen=True)
class ModelWords:
    """What a model said when it worded an answer: which model, by which prompt, everything it said, the verdicts."""

    model: str
    prompt_version: str
    said: str
    heard: tuple[Heard, ...]


KeepOriginal = Callable[[Connection, str, str], dict[str, Json]]
"""Seals what a person said in the caller's transaction; what the entry says of it."""


def keep_nothing(_connection: Connection, _person: str, _content: str) -> dict[str, Json]:
    """Where no original is to be kept."""
    return {}


ScreenQuestion = Callable[[str, str], Screened]
"""Who asks and what, before anything of it is used or kept; raises when it may not be asked."""


def as_it_is(_person: str, question: str) -> Screened:
    """Where no guard is wired."""
    return Screened(question)


@dataclass(frozen=True)
class Recorder:
    """Screens questions and writes answers. Its methods may be called from any thread."""

    writer: LedgerWriter
    clock: Clock
    keep: KeepOriginal = keep_nothing
    screen: ScreenQuestion = as_it_is

    def record(
        self,
        subject: Subject,
        question: Screened,
        scope: SearchScope,
        answer: Answer,
        model: str,
        limits: Thresholds,
        words: ModelWords | None = None,
    ) -> str:
        """Keep an answer and its entry in one transaction; the id of the run, once both are durable.

        `words` is what a model said to it, kept so that the answer can be replayed without asking the model again.
        """
        run_id = new_id("run")
        detail = _detail(scope, answer)
        if words is not None:
            detail["wording"] = {
                "model": words.model,
                "said_digest": result_digest(words.said),
                "carried": [one.source is not None for one in words.heard],
            }

        def effect(connection: Connection) -> None:
            if question.original is not None:
                detail.update(self.keep(connection, subject.id, question.original))
            store.save_answer(
                connection,
                run_id,
                answer,
                question=question.text,
                as_of=scope.as_of,
                subject=subject.id,
                now=self.clock.now(),
                extra={
                    "model": model,
                    "collections": list(scope.collection_ids),
                    "scope": {**_scope(scope)},
                    "thresholds": asdict(limits),
                    "software": importlib.metadata.version("yinshu"),
                    **({"wording": asdict(words)} if words is not None else {}),
                },
            )

        act = Act(
            subject.id,
            _ACTIONS[answer.status],
            run_id,
            right="ask",
            model=model,
            model_version=importlib.metadata.version("yinshu"),
            prompt_version=words.prompt_version if words is not None else "",
            evidence=tuple(dict.fromkeys(citation.version for citation in answer.citations)),
            guard=question.verdicts,
            result_digest=result_digest(answer.answer),
            detail=detail,
        )
        self.writer.write(act, effect)
        return run_id


def result_digest(text: str) -> str:
    """SHA-256 (hex) of the words that went out."""
    return hashlib.sha256(text.encode()).hexdigest()


def _scope(scope: SearchScope) -> dict[str, Any]:
    return {
        "document_ids": list(scope.document_ids),
        "partial_collection_ids": list(scope.partial_collection_ids),
        "denied_document_ids": list(scope.denied_document_ids),
        "level_max": scope.level_max,
    }


def _detail(scope: SearchScope, answer: Answer) -> dict[str, Json]:
    return {
        "collections": list(scope.collection_ids),
        "as_of": scope.as_of.isoformat(),
        "status": answer.status,
        "refusal": answer.refusal,
        "confidence": round(answer.confidence, 4),
        "evidence": [
            {"clause": citation.clause_id, "version": citation.version, "article": citation.article}
            for citation in answer.citations
        ],
        "verified": [sentence.verified for sentence in answer.sentences],
    }
