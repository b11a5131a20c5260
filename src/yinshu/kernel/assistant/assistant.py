"""The assistant room's verbs on conversations, with the database and the clock in place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from yinshu.kernel.assistant import store
from yinshu.kernel.assistant.attach import Attachments
from yinshu.kernel.assistant.errors import TooManyShares
from yinshu.kernel.assistant.export import MEDIA_TYPES, Exported, Format, Paper, as_markdown, paper_of
from yinshu.kernel.assistant.records import (
    Attachment,
    Begun,
    Conversation,
    ConversationPage,
    Ended,
    Share,
    Turn,
    TurnRequest,
)
from yinshu.kernel.assistant.share import owned, readable_conversation
from yinshu.kernel.assistant.turns import NEW_TITLE, begin, checked_title, end, reask
from yinshu.kernel.assistant.withhold import shown_to, versions_of
from yinshu.kernel.audit.store import append
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, Engine, reading, writing
from yinshu.kernel.base.errors import BadArgument, NotFound
from yinshu.kernel.base.ids import new_id
from yinshu.kernel.identity import Holder, Resource, Subject, may, require
from yinshu.kernel.knowledge.store import feedback_of, readable_versions

PAGE_MAX = 100
TURNS_PAGE_MAX = 100
SHARES_MAX = 50


@dataclass(frozen=True)
class OpenConversation:
    """A conversation as a reader sees it. `earlier` is the ordinal before which older turns are (None at the start)."""

    conversation: Conversation
    turns: tuple[Turn, ...]
    attachments: tuple[Attachment, ...]
    mine: bool
    earlier: int | None


@dataclass(frozen=True)
class Assistant:
    """Conversations for whoever asks. `claim_seconds` is how long an answer may take before its turn counts as lost."""

    engine: Engine
    clock: Clock
    claim_seconds: float
    files: Attachments

    # ---- conversations ----

    def create(self, subject: Subject, title: str = "") -> Conversation:
        """Begin a conversation. Raises BadArgument for an overlong title, NotAllowed for a key without asking."""
        require(subject, "ask", Resource("conversation", owner=subject.id))
        now = self.clock.now()
        made = Conversation(new_id("cnv"), subject.id, checked_title(title) or NEW_TITLE, now, now)
        with writing(self.engine) as connection:
            store.insert_conversation(connection, made)
        return made

    def page(
        self, subject: Subject, *, shared: bool = False, limit: int = 30, after: str | None = None
    ) -> ConversationPage:
        """One page, latest first: the subject's own, or those that others share with them."""
        require(subject, "read", Resource("conversation", owner=subject.id))
        limit = max(1, min(limit, PAGE_MAX))
        with reading(self.engine) as connection:
            return store.list_conversations(connection, subject, shared=shared, limit=limit, after=after)

    def find(self, subject: Subject, words: str, limit: int) -> list[Conversation]:
        """Conversations the subject may read whose title or questions hold the words."""
        if not may(subject, "read", Resource("conversation", owner=subject.id)).allowed:
            return []
        with reading(self.engine) as connection:
            return store.find_conversations(connection, subject, words, limit)

    def open(
        self, subject: Subject, conversation_id: str, *, limit: int = TURNS_PAGE_MAX, before: int | None = None
    ) -> OpenConversation:
        """The conversation with its latest turns; what the subject may not read now is withheld.

        Raises NoConversation.
        """
        limit = max(1, min(limit, TURNS_PAGE_MAX))
        with reading(self.engine) as connection:
            found = readable_conversation(connection, subject, conversation_id)
            turns = store.list_turns(connection, conversation_id, self.clock.now(), limit=limit, before=before)
            shown = self._shown(connection, subject, turns, files=_may_see_files(subject, found.owner))
            mine = found.owner == subject.id
            files = store.list_attachments(connection, conversation_id) if mine else []
        earlier = turns[0].ordinal if turns and turns[0].ordinal > 1 else None
        return OpenConversation(found, shown, tuple(files), mine, earlier)

    def _shown(self, connection: Connection, subject: Subject, turns: list[Turn], *, files: bool) -> tuple[Turn, ...]:
        readable = readable_versions(connection, subject, versions_of(turns))
        said = feedback_of(connection, subject.id, [turn.run_id for turn in turns if turn.run_id])
        return tuple(
            replace(shown_to(turn, readable, files=files), feedback=said.get(turn.run_id or "")) for turn in turns
        )

    def rename(self, subject: Subject, conversation_id: str, title: str) -> Conversation:
        """Give it another title. Raises NoConversation, NotYours, BadArgument."""
        checked = checked_title(title)
        if not checked:
            raise BadArgument("对话的名称不能为空，请写一个名称。")
        with writing(self.engine) as connection:
            found = owned(connection, subject, conversation_id)
            store.rename_conversation(connection, conversation_id, checked)
        return replace(found, title=checked)

    def delete(self, subject: Subject, conversation_id: str) -> None:
        """Take it away with its turns, shares and files; the ledger keeps that there were runs, and which."""
        with writing(self.engine) as connection:
            found = owned(connection, subject, conversation_id, lock=True)
            store.delete_conversation(connection, conversation_id)
            append(
                connection,
                self.clock,
                actor=subject.id,
                action="conversation.deleted",
                subject=conversation_id,
                payload={"turns": found.turns, "shares": found.shares},
            )

    # ---- turns ----

    def begin(self, subject: Subject, conversation_id: str, request: TurnRequest) -> Begun:
        """Record a question before it is answered, completed from the conversation where it does not stand alone.

        The same `request.key` again gives the same turn. Raises NoConversation, NotYours, StillAnswering,
        ConversationFull.
        """
        with writing(self.engine) as connection:
            owned(connection, subject, conversation_id, "ask", lock=True)
            begun = begin(connection, self.clock, self._claim, conversation_id, request)
            return self._as_shown(connection, subject, begun)

    def reask(self, subject: Subject, conversation_id: str, turn_id: str) -> Begun:
        """Take a turn up again that has no answer. Raises StillAnswering while somebody answers it."""
        with writing(self.engine) as connection:
            owned(connection, subject, conversation_id, "ask", lock=True)
            begun = reask(connection, self.clock, self._claim, conversation_id, turn_id)
            return self._as_shown(connection, subject, begun)

    def _as_shown(self, connection: Connection, subject: Subject, begun: Begun) -> Begun:
        readable = readable_versions(connection, subject, versions_of([begun.turn]))
        files = _may_see_files(subject, subject.id)
        return replace(begun, turn=shown_to(begun.turn, readable, files=files))

    @property
    def _claim(self) -> timedelta:
        return timedelta(seconds=self.claim_seconds)

    def end(self, subject: Subject, turn: Turn, ended: Ended) -> Turn:
        """Write down what became of a turn; the turn as the subject sees it."""
        with writing(self.engine) as connection:
            end(connection, self.clock, turn, ended)
        with reading(self.engine) as connection:
            written = store.get_turn(connection, turn.conversation_id, turn.id, self.clock.now())
            if written is None:
                raise NotFound("这个对话在作答时被删除了，请新建对话后再问。")
            files = _may_see_files(subject, subject.id)
            return self._shown(connection, subject, [written], files=files)[0]

    def interrupt_all(self) -> int:
        """Mark what was being answered when the only process died; returns how many turns."""
        with writing(self.engine) as connection:
            return store.interrupt_asking(connection)

    # ---- export ----

    def export(self, subject: Subject, conversation_id: str, form: Format, turn_id: str = "") -> Exported:
        """The conversation, or one turn of it, as a file, as far as the subject may read it. The ledger keeps its hash.

        Raises NoConversation, NotFound when there is nothing to export.
        """
        turns: list[Turn] = []
        opened = self.open(subject, conversation_id)
        turns[:0] = opened.turns
        while opened.earlier is not None:
            opened = self.open(subject, conversation_id, before=opened.earlier)
            turns[:0] = opened.turns
        if turn_id:
            turns = [one for one in turns if one.id == turn_id]
        if not turns:
            raise NotFound("这个对话还没有可导出的内容，请先提问。")
        title = opened.conversation.title
        paper = paper_of(title, conversation_id, turns, self.clock.now())
        with writing(self.engine) as connection:
            append(
                connection,
                self.clock,
                actor=subject.id,
                action="conversation.exported",
                subject=conversation_id,
                payload={"format": form, "turns": len(turns), "sha256": paper.digest},
            )
        return Exported(f"{title}.{form}", MEDIA_TYPES[form], _written(paper, form), paper.digest)

    # ---- shares ----

    def shares(self, subject: Subject, conversation_id: str) -> list[Share]:
        """To whom the subject shares the conversation. Raises NoConversation, NotYours."""
        with reading(self.engine) as connection:
            owned(connection, subject, conversation_id)
            return store.list_shares(connection, conversation_id)

    def share(self, subject: Subject, conversation_id: str, holder: Holder) -> Share:
        """Let a holder read it; giving it twice changes nothing. Raises TooManyShares, NoConversation, NotYours."""
        if not holder.id.strip():
            raise BadArgument("请选择要共享给哪个人、部门或岗位。")
        with writing(self.engine) as connection:
            owned(connection, subject, conversation_id, lock=True)
            there = store.list_shares(connection, conversation_id)
            for one in there:
                if one.holder == holder:
                    return one
            if len(there) >= SHARES_MAX:
                raise TooManyShares(f"一个对话最多共享给 {SHARES_MAX} 个对象，可改为共享给部门或岗位。")
            made = Share(new_id("shr"), conversation_id, holder, subject.id, self.clock.now())
            store.add_share(connection, made)
            self._tell_share(connection, subject, "conversation.shared", conversation_id, holder)
        return made

    def unshare(self, subject: Subject, conversation_id: str, holder: Holder) -> None:
        """Take the right back, at once. Raises NotFound when the holder had none."""
        with writing(self.engine) as connection:
            owned(connection, subject, conversation_id, lock=True)
            if not store.remove_share(connection, conversation_id, holder):
                raise NotFound("这个对话没有共享给该对象，请刷新后查看。")
            self._tell_share(connection, subject, "conversation.unshared", conversation_id, holder)

    def _tell_share(
        self, connection: Connection, subject: Subject, action: str, conversation_id: str, holder: Holder
    ) -> None:
        append(
            connection,
            self.clock,
            actor=subject.id,
            action=action,
            subject=conversation_id,
            payload={"kind": holder.kind, "holder": holder.id},
        )


def _may_see_files(subject: Subject, owner: str) -> bool:
    """Whether the subject may see what was uploaded into a conversation of this owner: a share does not give it."""
    return may(subject, "read", Resource("attachment", owner=owner)).allowed


def _written(paper: Paper, form: Format) -> bytes:
    if form == "md":
        return as_markdown(paper)
    from yinshu.kernel.assistant.export_docx import as_docx

    return as_docx(paper)
