"""Taking uploads in: into which collection, as which document, and what became of each file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yinshu.kernel.base.database import reading
from yinshu.kernel.base.errors import BadArgument, NotFound
from yinshu.kernel.identity import Subject, may
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.life.desk import Desk, TakenIn, Upload, of_collection, open_collection, open_document
from yinshu.kernel.knowledge.store import batches, shelves
from yinshu.kernel.knowledge.store.batches import ItemReport

ITEMS_MAX = 10_000


@dataclass(frozen=True)
class Place:
    """Where an upload goes. `file_name` is set when it is to be a new version of the document of that name."""

    collection_name: str
    personal: bool
    file_name: str | None


def place_for(desk: Desk, subject: Subject, collection_id: str, document_id: str = "") -> Place:
    """Where the subject may put files. Raises NotFound when that is hidden, NotAllowed without the right."""
    with reading(desk.engine) as connection:
        file_name = None
        if document_id:
            document = open_document(connection, subject, document_id, "ingest")
            if collection_id and collection_id != document.collection_id:
                raise BadArgument("这个文件不在所选的资料库里。请刷新页面后重试。")
            collection_id, file_name = document.collection_id, document.file_name
        else:
            open_collection(connection, subject, collection_id, "ingest")
        shelf = shelves.find_shelf(connection, collection_id)
        assert shelf is not None, "it was just opened"
        return Place(shelves.stored_name(connection, collection_id), shelf.kind == "personal", file_name)


def take_in(desk: Desk, subject: Subject, place: Place, paths: Sequence[Path]) -> TakenIn:
    """Keep files and queue their reading. They become drafts; in a personal collection they count at once, because
    nobody else sees them or could check them.
    """
    return desk.take_in(Upload(tuple(paths), place.collection_name, published=place.personal, actor=subject.id))


def report(desk: Desk, subject: Subject, batch_id: str) -> list[ItemReport]:
    """What became of each file. Raises NotFound unless the subject sent the batch or manages its collection."""
    with reading(desk.engine) as connection:
        batch = store.get_batch(connection, batch_id)
        shelf = shelves.find_shelf(connection, batch.collection_id)
        assert shelf is not None, "a batch goes into a collection"
        if batch.actor != subject.id and not may(subject, "manage", of_collection(shelf)).allowed:
            raise NotFound("没有这个导入批次。请重新导入文件。", detail=batch_id)
        return batches.report_items(connection, batch_id, ITEMS_MAX)
