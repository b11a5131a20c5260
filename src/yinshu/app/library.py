"""Wiring of questions: retrieval, answering and the worker processes that do both."""

from __future__ import annotations

import contextlib
import gc
import importlib.metadata
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal

from yinshu.adapters.workers.forked import ForkedWorkers, WorkerLost
from yinshu.api.platform import AnsweredRun, Asked, CalibrateOrder, OnEvidence
from yinshu.app.wording import EXTRACTIVE, Wording
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, Engine, reading
from yinshu.kernel.base.errors import BadArgument
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.answer import Answerer, Retrieved
from yinshu.kernel.knowledge.calibrate import calibrate, read_cases
from yinshu.kernel.knowledge.glossary import Glossary, load_glossary
from yinshu.kernel.knowledge.pinned import PinnedAnswers
from yinshu.kernel.knowledge.recorder import Recorder
from yinshu.kernel.knowledge.records import Hit, SearchScope, StoredClause
from yinshu.kernel.knowledge.replay import Replayed, replay
from yinshu.kernel.knowledge.retrieve import retrieve, term_weights
from yinshu.kernel.knowledge.selector import (
    read_thresholds,
    shipped_selector,
    shipped_support,
    shipped_thresholds,
    write_thresholds,
)

if TYPE_CHECKING:
    from yinshu.kernel.gateway import Embedder
    from yinshu.kernel.knowledge.attached import VectorMemory
    from yinshu.kernel.knowledge.ports import ClauseIndex
    from yinshu.settings import Settings

THRESHOLDS_NAME = "thresholds.json"
WARM_UP_QUESTION = "开立单位银行结算账户需要哪些材料"


@dataclass(frozen=True)
class _Task:
    """What a worker is asked to do. `words` counts changes of the glossary and the thresholds."""

    kind: Literal["ask", "search"]
    question: str
    scope: SearchScope
    limit: int
    words: int
    attached: tuple[StoredClause, ...] = ()


class Library:
    """Questions to the library, answered by worker processes where there are some."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        index: ClauseIndex,
        embedder: Embedder,
        clock: Clock,
        recorder: Recorder,
        wording: Wording,
    ) -> None:
        self._wording = wording
        self._recorder = recorder
        self._engine = engine
        self._index = index
        self._embedder = embedder
        self._clock = clock
        self._thresholds_file = settings.thresholds_file or settings.home / THRESHOLDS_NAME
        self._seconds_max = settings.ask_timeout_seconds
        self._glossary: tuple[tuple[int, str], Glossary] | None = None
        self._glossary_lock = threading.Lock()
        self._words = 0
        self._workers: ForkedWorkers | None = None

    @cached_property
    def _answerer(self) -> Answerer:
        selector, support = shipped_selector(), shipped_support()
        thresholds = read_thresholds(self._thresholds_file) if self._thresholds_file.exists() else shipped_thresholds()
        pinned = PinnedAnswers(self._index, self._words_of, self._clock)
        return Answerer(self._engine, self._retrieve, selector, support, thresholds, self._clock, pinned)

    def forget_words(self) -> None:
        """The glossary or the thresholds have changed."""
        with self._glossary_lock:
            self._words += 1
            self._glossary = None
            self.__dict__.pop("_answerer", None)

    def get_ready(self, processes: int) -> None:
        """Load the model and the index, so that the first question is as quick as the next; then fork workers."""
        with reading(self._engine) as connection:
            ids = tuple(one.id for one in store.list_collections(connection))
        if ids:
            self._compute(_Task("search", WARM_UP_QUESTION, SearchScope(ids, self._clock.today()), 1, self._words))
            # What is loaded stays: looking through it for garbage would hold up a question by a tenth of a second, and
            # make workers copy the pages that they share.
            gc.collect()
            gc.freeze()
        if processes > 1:
            # SQLite must not be carried across a fork.
            self._engine.dispose()
            self._workers = ForkedWorkers(processes, self._compute)

    def close(self) -> None:
        """End the workers."""
        if self._workers is not None:
            self._workers.close()

    def search(self, asked: Asked, limit: int) -> list[Hit]:
        """The best clauses."""
        hits: list[Hit] = self._run(_Task("search", asked.question, self._scope(asked), limit, self._words))
        return hits

    def ask(self, asked: Asked, on_evidence: OnEvidence | None = None) -> AnsweredRun:
        """The answer, recorded with its evidence in the ledger."""
        started = time.perf_counter()
        screened = self._recorder.screen(asked.subject.id, asked.question)
        asked = replace(asked, question=screened.text)
        task = _Task("ask", asked.question, self._scope(asked), 0, self._words, asked.attached)
        answer, latency_ms = self._run(task, on_evidence)
        composed = self._wording(asked, answer, started)
        if composed.by != EXTRACTIVE:
            latency_ms = {**latency_ms, "answer": (time.perf_counter() - started) * 1_000}
        limits = self._answerer.thresholds
        run_id = self._recorder.record(
            asked.subject, screened, task.scope, composed.answer, composed.by, limits, composed.words
        )
        self._wording.keep_cases(run_id, composed.cases)
        return AnsweredRun(composed.answer, run_id, latency_ms, composed.by)

    def replay(self, run_id: str) -> Replayed:
        """A past answer, built again, with the differences."""
        return replay(self._engine, self._answerer, run_id, importlib.metadata.version("yinshu"))

    def _run(self, task: _Task, on_evidence: OnEvidence | None = None) -> Any:
        def tell(message: tuple[list[Hit], float]) -> None:
            if on_evidence is not None:
                on_evidence(*message)

        if self._workers is not None:
            with contextlib.suppress(WorkerLost):
                return self._workers.run(task, tell, self._seconds_max)
        return self._compute(task, tell)

    def _compute(self, task: _Task, tell: Callable[[tuple[list[Hit], float]], None] = lambda _: None) -> Any:
        """Do a task in this process: hits, or an answer with its times."""
        if task.words != self._words:
            self.forget_words()
            self._words = task.words
        if task.kind == "ask":
            answerer = self._answerer
            if task.attached:
                answerer = replace(answerer, retrieve=partial(self._retrieve_with, task.attached))
            return answerer.answer(task.question, task.scope, lambda hits, took_ms: tell((hits, took_ms)))
        with reading(self._engine) as connection:
            return list(self._retrieve(connection, task.question, task.scope, task.limit).hits)

    def calibrate(self, order: CalibrateOrder) -> dict[str, Any]:
        """Thresholds for this library, kept in its folder."""
        if order.cases is None:
            raise BadArgument("请用 --cases 指定问题集（JSONL，每行一个问题，能回答的带 gold）。")
        with reading(self._engine) as connection:
            collection = store.get_collection(connection, order.collection)
        result = calibrate(self._answerer, collection.id, read_cases(order.cases), order.cases.name)
        target = order.out or self._thresholds_file
        write_thresholds(target, result.thresholds)
        self.forget_words()
        return {**asdict(result), "out": str(target)}

    def _scope(self, asked: Asked) -> SearchScope:
        """The asker's rights, compiled once; the scope travels with the task into the worker."""
        with reading(self._engine) as connection:
            return store.search_scope(
                connection,
                asked.subject,
                asked.as_of,
                collection=asked.collection,
                collection_ids=asked.collection_ids,
            )

    def _words_of(self, connection: Connection) -> Glossary:
        """The glossary as it stands; on PostgreSQL another process may have changed it."""
        state = store.synonyms_state(connection)
        with self._glossary_lock:
            if self._glossary is None or self._glossary[0] != state:
                self._glossary = state, load_glossary(connection)
            return self._glossary[1]

    def _retrieve(self, connection: Connection, question: str, scope: SearchScope, limit: int) -> Retrieved:
        glossary = self._words_of(connection)
        hits = retrieve(connection, self._index, self._embedder, glossary, question, scope, limit)
        return Retrieved(tuple(hits), term_weights(connection, self._index, glossary, question, scope))

    def _retrieve_with(
        self,
        attached: tuple[StoredClause, ...],
        connection: Connection,
        question: str,
        scope: SearchScope,
        limit: int,
    ) -> Retrieved:
        """The library's clauses and those of files that were dropped into the question."""
        from yinshu.kernel.knowledge.attached import attached_hits, joined
        from yinshu.kernel.knowledge.question import analyse
        from yinshu.kernel.knowledge.retrieve import wanted_of

        found = self._retrieve(connection, question, scope, limit)
        glossary = self._words_of(connection)
        wanted = wanted_of(connection, self._index, glossary, analyse(question), scope)
        top = max((hit.features.get("cosine", 0.0) for hit in found.hits), default=0.0)
        own = attached_hits(connection, wanted, attached, self._vector_memory, scope, top_cosine=top)
        return Retrieved(joined(found.hits, own, limit), found.weights)

    @cached_property
    def _vector_memory(self) -> VectorMemory:
        from yinshu.kernel.knowledge.attached import VectorMemory

        return VectorMemory(self._embedder)
