"""Wiring of answers worded by a model: the extractive answer first, then the model's sentences that hold."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import structlog

from yinshu.kernel.base.database import Engine, reading
from yinshu.kernel.base.errors import DependencyDown, YinshuError
from yinshu.kernel.base.ids import new_id
from yinshu.kernel.gateway import complete
from yinshu.kernel.gateway.ports import Message
from yinshu.kernel.gateway.records import Caller, ModelCase
from yinshu.kernel.gateway.routed import RoutedChat
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.manners import Manner, manner_for
from yinshu.kernel.knowledge.recorder import ModelWords
from yinshu.kernel.knowledge.records import Answer, StoredClause
from yinshu.kernel.knowledge.worded import OUTPUT_TOKENS_MAX, Worded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from yinshu.api.platform import Asked
    from yinshu.kernel.base.clock import Clock
    from yinshu.kernel.gateway.desk import ModelDesk
    from yinshu.settings import Settings

log = structlog.get_logger("yinshu.app")

EXTRACTIVE = "extractive"
AUTO = "auto"
APPLICATION = "knowledge"
SHARE_OF_TIME = 0.9
"""The model may use so much of what a question may take, so that the extractive answer can still be given."""
NO_MODEL = (
    "还没有可用的对话模型。请先执行 yinshu models pull，或用 yinshu models add 登记；"
    "也可用 --composer extractive 摘录作答。"
)


@dataclass(frozen=True)
class Composed:
    """An answer, who worded it (`extractive` or the model's name), and what the model got wrong."""

    answer: Answer
    by: str
    cases: tuple[ModelCase, ...] = ()
    words: ModelWords | None = None


class Wording:
    """Words answers by a model through the gateway. Its methods may be called from any thread."""

    def __init__(self, settings: Settings, engine: Engine, clock: Clock, desk: ModelDesk) -> None:
        self._name = settings.composer_model
        self._seconds_max = settings.composer_timeout_seconds
        self._ask_seconds_max = settings.ask_timeout_seconds * SHARE_OF_TIME
        self._engine = engine
        self._clock = clock
        self._desk = desk

    def __call__(self, asked: Asked, answer: Answer, started: float) -> Composed:
        """The answer as the model words it, or as it was. `started` is when the question came (perf_counter).

        Raises DependencyDown when a model is demanded and none is registered.
        """
        if asked.composer == EXTRACTIVE:
            return Composed(answer, EXTRACTIVE)
        first = self._desk.registry.first("chat")
        if not self._name and first is None:
            if asked.composer == AUTO:
                return Composed(answer, EXTRACTIVE)
            raise DependencyDown(NO_MODEL)
        left = min(self._seconds_max, self._ask_seconds_max - (time.perf_counter() - started))
        if answer.status != "answered" or answer.faq_id is not None or left <= 0:
            return Composed(answer, EXTRACTIVE)
        clauses = self._cited(asked, answer)
        try:
            model = first if first is not None and not self._name else self._desk.registry.find(self._name)
            manner = manner_for(model.size_class)
            worded, name = self._worded(asked, answer, clauses, manner, left)
        except YinshuError as error:
            # The extractive answer stands in: a slow or absent model never leaves the asker with nothing.
            log.warning("wording.stood_in", code=error.code, detail=error.detail)
            return Composed(answer, EXTRACTIVE)
        by = name if worded.composed_by == "model" else EXTRACTIVE
        words = ModelWords(name, manner.prompt.cited_as, worded.said, worded.heard) if worded.said else None
        return Composed(replace(worded.answer, composed_by=by), by, self._cases(worded, name), words)

    def keep_cases(self, run_id: str, cases: Sequence[ModelCase]) -> None:
        """Keep what the model got wrong, with the run in which it did."""
        if cases:
            self._desk.keep_cases([ModelCase(**{**vars(case), "run_id": run_id}) for case in cases])

    def _cited(self, asked: Asked, answer: Answer) -> dict[int, StoredClause]:
        ids = [citation.clause_id for citation in answer.citations]
        with reading(self._engine) as connection:
            known = {clause.clause_id: clause for clause in store.get_clauses(connection, ids)}
        return {**{clause.clause_id: clause for clause in asked.attached}, **known}

    def _worded(
        self, asked: Asked, answer: Answer, clauses: dict[int, StoredClause], manner: Manner, seconds: float
    ) -> tuple[Worded, str]:
        level = 1 + max((clause.version.level for clause in clauses.values()), default=0)
        chat = RoutedChat(self._desk, Caller(asked.subject, APPLICATION, level), self._name, manner.prompt.cited_as)
        answered_by: list[str] = []

        def speak(messages: Sequence[Message], hear: Callable[[str], None], schema: Mapping[str, Any] | None) -> str:
            def listen(piece: str) -> None:
                if asked.check_wanted is not None:
                    asked.check_wanted()
                hear(piece)

            said = complete(
                chat,
                messages,
                max_output_tokens=OUTPUT_TOKENS_MAX,
                timeout_s=seconds,
                on_text=listen,
                json_schema=schema,
            )
            answered_by.append(said.model)
            return said.text

        worded = manner.work(asked.question, answer, clauses, asked.as_of, speak, asked.on_sentence)
        return worded, answered_by[0] if answered_by else chat.name

    def _cases(self, worded: Worded, model: str) -> tuple[ModelCase, ...]:
        now = self._clock.now()
        return tuple(
            ModelCase(new_id("case"), now, "", model, one.sentence, one.clause_id, one.faults)
            for one in worded.contradictions
            # What a person uploaded for themselves is nobody else's to read, not even as a model misread it.
            if one.clause_id > 0
        )
