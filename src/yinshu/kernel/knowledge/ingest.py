"""Documents in: keep the originals, read, cut, store and index them so that a kill at any moment loses nothing."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from yinshu.kernel.audit.store import append
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, Engine, reading, writing
from yinshu.kernel.base.errors import BadArgument, BadInput, YinshuError
from yinshu.kernel.base.jobs import STEP_ITEMS, JobCancelled, Json
from yinshu.kernel.documents.records import Clause
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.life.stale import flag_stale
from yinshu.kernel.knowledge.originals import Originals
from yinshu.kernel.knowledge.ports import ClauseIndex, IndexedText
from yinshu.kernel.knowledge.reading import FileQuarantined, FileReader
from yinshu.kernel.knowledge.records import FreshVersion, Hints, Status
from yinshu.kernel.knowledge.resolve import resolve_collection
from yinshu.kernel.knowledge.scan import FailedFile, FoundFile, find_files
from yinshu.kernel.knowledge.store import Batch, BatchItem, FileOrigin, Outcome, SavedVersion
from yinshu.kernel.knowledge.store.batches import is_kept
from yinshu.kernel.knowledge.store.reviews import take_step
from yinshu.kernel.knowledge.vectorise import VectorCount
from yinshu.kernel.knowledge.wording import embedding_text, vector_key

_log = logging.getLogger(__name__)

MIB = 1024 * 1024
FILE_BYTES_MAX = 200 * MIB
COLLECTION_NAME_CHARS_MAX = 200
FILE_NAME_CHARS_MAX = 500

Progress = Callable[[int, int, str], None]
"""Called with (items done, items in all, what is going on, in Chinese)."""


@dataclass(frozen=True)
class IngestReport:
    """What became of a batch. Every file is new, unchanged, updated or failed; `clauses` are those added."""

    collection: str
    files: int
    new: int = 0
    unchanged: int = 0
    updated: int = 0
    failed: tuple[FailedFile, ...] = ()
    clauses: int = 0
    vectors: VectorCount = field(default=VectorCount(0, 0))
    seconds: float = 0.0

    def as_json(self) -> dict[str, Json]:
        """The report as plain JSON."""
        plain: dict[str, Json] = asdict(self)
        plain["failed"] = [asdict(one) for one in self.failed]
        return plain


def no_progress(_done: int, _total: int, _message: str) -> None:
    """For callers who do not watch."""


@dataclass(frozen=True)
class Ingester:
    """Everything that taking documents in needs; made once by the composition root."""

    engine: Engine
    index: ClauseIndex
    originals: Originals
    clock: Clock
    read: FileReader
    file_bytes_max: int = FILE_BYTES_MAX

    def ingest(
        self,
        paths: Sequence[Path],
        collection: str,
        *,
        hints: dict[str, Hints] | None = None,
        skip: Sequence[Path] = (),
        published: bool = False,
        actor: str,
        progress: Progress = no_progress,
    ) -> IngestReport:
        """Take files and folders into a collection; their text is searchable at the end, vectors come by a job.

        A file that cannot be read is in the report and the rest goes on. Raises `BadArgument` for a collection name
        that cannot be, `BadInput` for too many files.
        """
        started_s = time.monotonic()
        batch = self.open(paths, collection, hints=hints, skip=skip, published=published, actor=actor)
        return self.finish(batch.batch_id, progress=progress, started_s=started_s)

    def open(
        self,
        paths: Sequence[Path],
        collection: str,
        *,
        hints: dict[str, Hints] | None = None,
        skip: Sequence[Path] = (),
        published: bool = False,
        actor: str,
        note_unchanged: bool = False,
    ) -> Batch:
        """Keep the originals of what is new or changed and record the batch: from here on a kill loses nothing.

        With `note_unchanged`, what the collection holds just so already has its line in the batch too.
        """
        found, failed = find_files(paths, skip=skip)
        with writing(self.engine) as connection:
            owner = store.ensure_collection(connection, _checked_name(collection), self.clock.now())
            settled = store.settled_hashes(connection, owner.id, published=published)
        items = [BatchItem(one.file, outcome="failed", error=one.error) for one in failed]
        unchanged = 0
        for file in found:
            item = self._keep(file, settled, hints or {})
            if item is None and note_unchanged:
                item = BatchItem(file.file_name, outcome="unchanged")
            unchanged += item is None
            if item is not None:
                items.append(item)
        with writing(self.engine) as connection:
            batch_id = store.open_batch(
                connection,
                owner.id,
                items,
                actor=actor,
                published=published,
                unchanged=unchanged,
                now=self.clock.now(),
            )
            return store.get_batch(connection, batch_id)

    def _keep(self, file: FoundFile, settled: dict[str, str], hints: dict[str, Hints]) -> BatchItem | None:
        """The file as an item of a batch, its original kept; None when the collection holds just this already."""
        try:
            content = _read_bytes(file, self.file_bytes_max)
        except BadInput as error:
            return BatchItem(file.file_name, outcome="failed", error=error.message)
        if settled.get(file.file_name) == hashlib.sha256(content).hexdigest():
            return None
        hint = hints.get(file.file_name) or hints.get(file.path.name) or Hints()
        return BatchItem(file.file_name, self.originals.keep(content), len(content), hint)

    def finish(
        self, batch_id: str, *, progress: Progress = no_progress, started_s: float | None = None
    ) -> IngestReport:
        """Do what is left of a batch and close it; a batch that is closed already only gives its report."""
        started_s = time.monotonic() if started_s is None else started_s
        for start in range(0, self.count(batch_id), STEP_ITEMS):
            self.take_in(batch_id, start, start + STEP_ITEMS, progress=progress)
        self.resolve(batch_id)
        return replace(self.close(batch_id), seconds=round(time.monotonic() - started_s, 3))

    def recover(self) -> list[IngestReport]:
        """Finish every batch that a kill cut short."""
        with reading(self.engine) as connection:
            open_now = store.open_batches(connection)
        return [self.finish(batch.batch_id) for batch in open_now]

    def count(self, batch_id: str) -> int:
        """How many files a batch has to look at."""
        with reading(self.engine) as connection:
            return store.count_items(connection, batch_id)

    def take_in(self, batch_id: str, start: int, stop: int, *, progress: Progress = no_progress) -> None:
        """Read and store the files at positions `start` to `stop` (not included) that still wait."""
        with reading(self.engine) as connection:
            batch = store.get_batch(connection, batch_id)
            total = store.count_items(connection, batch_id)
            waiting = store.waiting_items(connection, batch_id, start, stop)
        for position, item in waiting:

            def tell(place: str = "", position: int = position, item: BatchItem = item) -> None:
                progress(position, total, f"正在导入 {item.file_name}{place}")

            tell()
            self._take_in_one(batch, position, item, tell)
        progress(min(stop, total), total, "")

    def _take_in_one(self, batch: Batch, position: int, item: BatchItem, tell: Callable[[str], None]) -> None:
        def tell_page(done: int, pages: int) -> None:
            tell(f"（第 {done}/{pages} 页）")

        outcome: Outcome = "failed"
        try:
            fresh = self.read(self.originals.read(item.sha256), item.file_name, item.hints, tell_page)
        except JobCancelled:
            raise
        except FileQuarantined as error:
            outcome, problem = "quarantined", error.message
        except YinshuError as error:
            problem = error.message
        except Exception:  # noqa: BLE001
            # One file that the readers did not foresee must not stop the others.
            _log.exception("ingest.file_crashed batch=%s position=%s", batch.batch_id, position)
            problem = f"文件“{item.file_name}”读取时发生意外错误。请另存为其他格式（如 PDF 或 TXT）后重试。"
        else:
            self._store(batch, position, item, fresh)
            return
        with writing(self.engine) as connection:
            store.set_outcome(connection, batch.batch_id, position, outcome, error=problem)
            kept = outcome != "quarantined" or is_kept(connection, item.sha256)
        if not kept:
            self.originals.remove(item.sha256)

    def _store(self, batch: Batch, position: int, item: BatchItem, fresh: FreshVersion) -> None:
        """Version, clauses, text index, ledger entry and the file's outcome, all in one transaction."""
        keys = [
            vector_key(embedding_text(fresh.title, clause.path, clause.text, clause.lead)) for clause in fresh.clauses
        ]
        texts = [indexed_text(fresh, clause) for clause in fresh.clauses]
        status: Status = "published" if batch.published else "draft"
        origin = FileOrigin(item.file_name, item.sha256, item.size_bytes, status, batch.published, batch.actor)
        with writing(self.engine) as connection:
            store.lock_collection(connection, batch.collection_id)
            if not store.is_waiting(connection, batch.batch_id, position):
                return
            settled = store.settled_hashes(
                connection, batch.collection_id, published=batch.published, file_name=item.file_name
            )
            if settled.get(item.file_name) == item.sha256:
                store.set_outcome(connection, batch.batch_id, position, "unchanged")
                return
            saved = store.save_version(
                connection,
                batch.collection_id,
                origin,
                fresh,
                keys,
                now=self.clock.now(),
                today=self.clock.today(),
            )
            if not saved.reinstated:
                self.index.add(connection, _numbered(saved, texts))
            outcome: Outcome = "new" if saved.ordinal == 1 else "updated"
            added = 0 if saved.reinstated else len(saved.clause_ids)
            store.set_outcome(connection, batch.batch_id, position, outcome, version_id=saved.version_id, clauses=added)
            self._append(connection, batch, item, saved)
            detail = {"file": item.file_name, "bulk_loaded": batch.published, "reinstated": saved.reinstated}
            take_step(connection, saved.version_id, "created", batch.actor, self.clock.now(), detail=detail)

    def _append(self, connection: Connection, batch: Batch, item: BatchItem, saved: SavedVersion) -> None:
        append(
            connection,
            self.clock,
            actor=batch.actor,
            action="knowledge.ingest",
            subject=saved.version_id,
            payload={
                "batch": batch.batch_id,
                "collection": batch.collection_name,
                "file": item.file_name,
                "sha256": item.sha256,
                "clauses": len(saved.clause_ids),
                "superseded": saved.superseded,
                "reinstated": saved.reinstated,
                "bulk_loaded": batch.published,
            },
        )

    def resolve(self, batch_id: str) -> None:
        """Settle, over the whole collection, which document each link means and when each clause is in force."""
        with reading(self.engine) as connection:
            batch = store.get_batch(connection, batch_id)
        resolve_collection(self.engine, batch.collection_id)
        with writing(self.engine) as connection:
            store.lock_collection(connection, batch.collection_id)
            flag_stale(connection, batch.collection_id, self.clock)

    def close(self, batch_id: str) -> IngestReport:
        """Mark the batch as finished, with an entry in the ledger, and give its report."""
        with writing(self.engine) as connection:
            batch = store.get_batch(connection, batch_id)
            counted = store.tally(connection, batch)
            assert counted.waiting == 0, "a batch is closed when every file has its outcome"
            if store.close_batch(connection, batch_id, self.clock.now()):
                append(
                    connection,
                    self.clock,
                    actor=batch.actor,
                    action="knowledge.ingest_batch",
                    subject=batch_id,
                    payload={
                        "collection": batch.collection_name,
                        "published": batch.published,
                        "new": counted.new,
                        "updated": counted.updated,
                        "unchanged": counted.unchanged,
                        "failed": len(counted.failed),
                    },
                )
        return IngestReport(
            collection=batch.collection_name,
            files=counted.files,
            new=counted.new,
            unchanged=counted.unchanged,
            updated=counted.updated,
            failed=tuple(FailedFile(*one) for one in counted.failed),
            clauses=counted.clauses,
        )


def indexed_text(fresh: FreshVersion, clause: Clause) -> IndexedText:
    """The searchable fields of a clause that has no id yet."""
    path = " ".join((*clause.path, clause.article, clause.heading)).strip()
    body = f"{clause.lead}\n{clause.text}" if clause.lead else clause.text
    return IndexedText(0, fresh.title, path, body)


def _numbered(saved: SavedVersion, texts: Sequence[IndexedText]) -> list[IndexedText]:
    return [replace(text, clause_id=clause_id) for clause_id, text in zip(saved.clause_ids, texts, strict=True)]


def _checked_name(collection: str) -> str:
    name = collection.strip()
    if not name or len(name) > COLLECTION_NAME_CHARS_MAX or not name.isprintable():
        raise BadArgument(
            f"资料库名称要有 1 到 {COLLECTION_NAME_CHARS_MAX} 个可见字符。请用 --collection 另取一个名称。"
        )
    return name


def _read_bytes(file: FoundFile, bytes_max: int) -> bytes:
    """The file's content; `BadInput` when it is too large, its name too long, or it cannot be read."""
    if len(file.file_name) > FILE_NAME_CHARS_MAX:
        raise BadInput(f"文件名超过 {FILE_NAME_CHARS_MAX} 个字符。请缩短文件名后重试。")
    try:
        if file.path.stat().st_size > bytes_max:
            raise BadInput(f"文件“{file.file_name}”超过 {bytes_max / MIB:.0f} MB。请拆分后再导入。")
        return file.path.read_bytes()
    except OSError as error:
        raise BadInput(f"读不到文件“{file.file_name}”。请检查读取权限后重试。", detail=str(error)) from error
