"""Files dropped into a conversation: read in a process apart, kept with it, evidence for it alone, gone with it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from yinshu.kernel.assistant import store
from yinshu.kernel.assistant.errors import TooManyAttachments
from yinshu.kernel.assistant.records import Attachment
from yinshu.kernel.assistant.screen import forbidden
from yinshu.kernel.assistant.share import owned
from yinshu.kernel.audit.store import append
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, Engine, reading, writing
from yinshu.kernel.base.errors import BadInput, DependencyDown, NotFound
from yinshu.kernel.base.ids import new_id
from yinshu.kernel.documents.records import Clause
from yinshu.kernel.identity import Subject
from yinshu.kernel.knowledge.attached import stored
from yinshu.kernel.knowledge.reading import FileReader
from yinshu.kernel.knowledge.records import FreshVersion, Hints, StoredClause

MIB = 1024 * 1024
FILE_BYTES_MAX = 20 * MIB
FILES_MAX = 20
CLAUSES_MAX = 2_000
CLAUSES_OF_ALL_MAX = 3_000
"""Each of them is compared with each question."""
NAME_CHARS_MAX = 200
NUMBERS_PER_FILE = 100_000
"""Clause ids of the first file begin at -1, of the second at -100001, and so on."""


def no_reader(_content: bytes, _name: str, _hints: Hints, _progress: object) -> FreshVersion:
    """Where nothing reads files."""
    raise DependencyDown("这台服务没有启用文件读取，请联系系统管理员。")


@dataclass(frozen=True)
class Attachments:
    """The files of conversations."""

    engine: Engine
    clock: Clock
    read: FileReader = no_reader

    def add(self, subject: Subject, conversation_id: str, name: str, content: bytes) -> Attachment:
        """Read a file and keep it with the conversation.

        Raises NoConversation, NotYours, TooManyAttachments, and BadInput for a file that is empty, too large,
        unreadable, or holds authentication data.
        """
        with reading(self.engine) as connection:
            owned(connection, subject, conversation_id, "ask")
            _refuse_more(connection, conversation_id, 0)
        fresh = self._read(name, content)
        added = Attachment(
            id=new_id("att"),
            conversation_id=conversation_id,
            name=name[:NAME_CHARS_MAX],
            media_type=fresh.parsed.media_type,
            size_bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            clauses=len(fresh.clauses),
            added_at=self.clock.now(),
            warnings=fresh.parsed.warnings,
        )
        with writing(self.engine) as connection:
            owned(connection, subject, conversation_id, "ask", lock=True)
            _refuse_more(connection, conversation_id, len(fresh.clauses))
            store.add_attachment(connection, added, content, [_plain(clause) for clause in fresh.clauses])
            payload: dict[str, Any] = {"attachment": added.id, "sha256": added.sha256, "bytes": added.size_bytes}
            append(
                connection,
                self.clock,
                actor=subject.id,
                action="conversation.attached",
                subject=conversation_id,
                payload=payload,
            )
        return added

    def _read(self, name: str, content: bytes) -> FreshVersion:
        if not content:
            raise BadInput(f"文件“{name}”是空的，请检查后重新上传。")
        if len(content) > FILE_BYTES_MAX:
            raise BadInput(f"文件“{name}”超过 {FILE_BYTES_MAX // MIB} MB，请拆分后再上传。")
        fresh = self.read(content, name, Hints(title=name), lambda _done, _pages: None)
        if not fresh.clauses:
            raise BadInput(f"没有从文件“{name}”里读到文字。如果是照片或扫描件，请换成清晰的版本。")
        if len(fresh.clauses) > CLAUSES_MAX:
            raise BadInput(f"文件“{name}”的内容太多，请只上传有关的部分，或请资料管理员收入资料库。")
        if forbidden("\n".join(clause.text for clause in fresh.clauses)):
            raise BadInput(f"文件“{name}”里有密码、验证码等身份鉴别信息，不能上传。请删去后再试。")
        return fresh

    def remove(self, subject: Subject, conversation_id: str, attachment_id: str) -> None:
        """Take a file away; answers that rest on it stay as they are. Raises NotFound."""
        with writing(self.engine) as connection:
            owned(connection, subject, conversation_id, lock=True)
            if not store.remove_attachment(connection, conversation_id, attachment_id):
                raise _no_file()

    def original(self, subject: Subject, conversation_id: str, attachment_id: str) -> tuple[Attachment, bytes]:
        """The file as it was uploaded, for the owner alone. Raises NotFound."""
        with reading(self.engine) as connection:
            owned(connection, subject, conversation_id, "read")
            known = store.get_attachments(connection, conversation_id, [attachment_id])
            content = store.attachment_content(connection, conversation_id, attachment_id)
        if not known or content is None:
            raise _no_file()
        return known[0], content

    def clauses(self, subject: Subject, conversation_id: str, ids: Sequence[str]) -> tuple[StoredClause, ...]:
        """The clauses of these files as evidence, for the owner's questions alone."""
        if not ids:
            return ()
        with reading(self.engine) as connection:
            owned(connection, subject, conversation_id, "ask")
            files = store.get_attachments(connection, conversation_id, ids)
            clauses = store.attached_clauses(connection, conversation_id, ids)
        found: list[StoredClause] = []
        for number, file in enumerate(files):
            kept = [_clause(one) for one in clauses[file.id]]
            found += stored(file.id, file.name, -1 - number * NUMBERS_PER_FILE, kept)
        return tuple(found)


def _no_file() -> NotFound:
    return NotFound("这个对话里没有这份文件，请刷新后查看。")


def _refuse_more(connection: Connection, conversation_id: str, clauses: int) -> None:
    files, known = store.count_attachments(connection, conversation_id)
    if files >= FILES_MAX:
        raise TooManyAttachments(f"一个对话最多上传 {FILES_MAX} 个文件，请新建对话，或删除不用的文件。")
    if known + clauses > CLAUSES_OF_ALL_MAX:
        raise TooManyAttachments("这个对话里上传的内容太多，请新建对话，或删除不用的文件。")


def _plain(clause: Clause) -> dict[str, Any]:
    """A clause as JSON; the cells of a table are in its text already."""
    return {name: value for name, value in asdict(clause).items() if name != "rows"}


def _clause(plain: dict[str, Any]) -> Clause:
    box = plain.get("box")
    return Clause(**{**plain, "path": tuple(plain["path"]), "box": tuple(box) if box else None})
