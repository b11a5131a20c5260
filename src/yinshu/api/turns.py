"""A question of a conversation over HTTP: as understood, its evidence, its sentences, and then the whole turn."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from threading import Event as Flag
from typing import Any

import structlog
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from yinshu.api.ask import EVIDENCE_SHOWN, pool_of
from yinshu.api.auth import Caller, Wired
from yinshu.api.errors import Unexpected, error_body
from yinshu.api.events import Event, event_stream
from yinshu.api.metrics import ASK_SECONDS, ASKS
from yinshu.api.platform import Asked, Platform
from yinshu.api.pool import WorkPool
from yinshu.api.render import render_date, render_hit
from yinshu.api.render_conversations import render_turn
from yinshu.api.requests_conversations import Question
from yinshu.kernel.assistant import Begun, Ended, Turn, TurnRequest
from yinshu.kernel.assistant.withhold import ATTACHMENT_PREFIX
from yinshu.kernel.base.errors import BadArgument, NotFound, YinshuError
from yinshu.kernel.identity import Resource, Subject, require, require_or_hide
from yinshu.kernel.knowledge.records import AnswerSentence, Hit, StoredClause

log = structlog.get_logger("yinshu.api")
router = APIRouter(prefix="/api/conversations", tags=["conversations"])

LAST_EVENTS = frozenset({"answer", "error"})


@router.post("/{conversation_id}/turns")
async def ask_turn(
    request: Request, platform: Wired, caller: Caller, conversation_id: str, question: Question
) -> StreamingResponse:
    """Server-sent events: `question`, `evidence`, `sentence` (several), then `answer` with the turn, or `error`.

    The question is recorded before the first event; what closes the stream early stops an answer that has not begun.
    """
    begun = await run_in_threadpool(_begin, platform, caller, conversation_id, question)
    stream = _Stream(pool_of(request), platform, caller, str(request.scope["request_id"]))
    return event_stream(stream.events(begun))


def _begin(platform: Platform, caller: Subject, conversation_id: str, question: Question) -> Begun:
    chars_max = platform.limits.question_chars_max
    if len(question.question) > chars_max:
        raise BadArgument(f"问题太长（超过 {chars_max} 字），请精简后再问。")
    require(caller, "ask", Resource("collection"))
    for one in question.collection_ids:
        missing = NotFound("选中的资料库不存在，或您无权使用。请重新选择资料库。")
        require_or_hide(caller, "ask", Resource("collection", one), missing)
    if question.retry_turn_id:
        return platform.assistant.reask(caller, conversation_id, question.retry_turn_id)
    screened = platform.guard.screen(caller.id, question.question, channel="ask")
    asked = TurnRequest(
        question=screened.text,
        collection_ids=tuple(question.collection_ids),
        as_of=question.as_of,
        composer=question.composer or platform.composer,
        attachment_ids=None if question.attachment_ids is None else tuple(question.attachment_ids),
        key=question.key,
        as_written=question.as_written,
    )
    return platform.assistant.begin(caller, conversation_id, asked)


def _answer(platform: Platform, caller: Subject, turn: Turn, listener: _Listener) -> Turn:
    """Answer a recorded turn and write the answer down. Raises YinshuError."""
    listener.begun.set()
    asked = Asked(
        subject=caller,
        question=turn.understood_as,
        collection="",
        as_of=turn.as_of,
        composer=turn.composer,
        collection_ids=turn.collection_ids,
        attached=platform.assistant.files.clauses(caller, turn.conversation_id, turn.attachment_ids),
        on_sentence=listener.sentence,
        check_wanted=listener.check_wanted,
    )
    run = platform.ask(asked, listener.evidence)
    ASKS.labels(run.answer.status).inc()
    for stage, latency_ms in run.latency_ms.items():
        ASK_SECONDS.labels(stage).observe(latency_ms / 1000)
    return platform.assistant.end(caller, turn, Ended(run.answer, run.run_id, dict(run.latency_ms), run.composed_by))


def _place(clause: StoredClause) -> dict[str, str]:
    """Where to open the clause while its answer is still being written; nothing for a file of the conversation."""
    version = clause.version
    if version.document_id.startswith(ATTACHMENT_PREFIX):
        return {}
    return {"document_id": version.document_id, "version_id": version.version_id}


class ReaderLeft(YinshuError):
    """Nobody listens to the model any more; the extract stands in."""

    code = "reader_left"

    def __init__(self) -> None:
        super().__init__("已停止作答。可以再问一次。")


class _Listener:
    """Carries what the answering thread tells to the reader's stream, as long as there is a reader."""

    def __init__(self, loop: asyncio.AbstractEventLoop, queue: asyncio.Queue[Event]) -> None:
        self.loop = loop
        self.begun, self.left = Flag(), Flag()
        self.heard = 0
        self._queue = queue

    def evidence(self, hits: list[Hit], latency_ms: float) -> None:
        """The best clauses."""
        shown = [{**render_hit(hit), **_place(hit.clause)} for hit in hits[:EVIDENCE_SHOWN]]
        self._put(("evidence", {"hits": shown, "latency_ms": round(latency_ms, 1)}))

    def sentence(self, one: AnswerSentence) -> None:
        """A sentence of a model. Raises ReaderLeft."""
        self.check_wanted()
        self.heard += 1
        self._put(_sentence(self.heard, one))

    def check_wanted(self) -> None:
        """Raises ReaderLeft when the reader is gone."""
        if self.left.is_set():
            raise ReaderLeft

    def _put(self, event: Event) -> None:
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._queue.put_nowait, event)


@dataclass(frozen=True)
class _Stream:
    """The events of one turn for one reader."""

    pool: WorkPool
    platform: Platform
    caller: Subject
    request_id: str
    queue: asyncio.Queue[Event] = field(default_factory=asyncio.Queue)

    async def events(self, begun: Begun) -> AsyncIterator[Event]:
        """What happens to the turn, in order."""
        yield "question", _as_understood(begun.turn)
        if not begun.fresh:
            for event in _whole(begun.turn):
                yield event
            return
        task = asyncio.create_task(self._answered(begun.turn))
        try:
            while True:
                event = await self.queue.get()
                yield event
                if event[0] in LAST_EVENTS:
                    return
        finally:
            task.cancel()

    async def _answered(self, turn: Turn) -> None:
        listener = _Listener(asyncio.get_running_loop(), self.queue)
        try:
            answered = await self.pool.run(_answer, self.platform, self.caller, turn, listener)
        except asyncio.CancelledError:
            listener.left.set()
            # What a thread has begun it ends and writes down, without a model's further words; the rest will never run.
            if not listener.begun.is_set():
                listener.loop.run_in_executor(None, functools.partial(self._end, turn, Ended(stopped=True)))
            raise
        except YinshuError as error:
            await self._fail(turn, error)
        except Exception as error:
            # The stream has begun, so the edge can no longer tell.
            log.error("request.failed", request_id=self.request_id, exc_info=error)
            await self._fail(turn, Unexpected())
        else:
            for event in _whole(answered):
                if not (listener.heard and event[0] == "sentence"):
                    self.queue.put_nowait(event)

    async def _fail(self, turn: Turn, error: YinshuError) -> None:
        await run_in_threadpool(self._end, turn, Ended(error=error.message))
        body = error_body(error.code, error.message, self.request_id)
        self.queue.put_nowait(("error", {**body, "turn_id": turn.id}))

    def _end(self, turn: Turn, ended: Ended) -> None:
        try:
            self.platform.assistant.end(self.caller, turn, ended)
        except YinshuError as error:
            log.info("turn.gone", turn=turn.id, code=error.code)


def _as_understood(turn: Turn) -> dict[str, Any]:
    return {
        "turn_id": turn.id,
        "ordinal": turn.ordinal,
        "question": turn.question,
        "understood_as": turn.understood_as,
        "follow_up": turn.understood_as != turn.question,
        "as_of": render_date(turn.as_of),
    }


def _sentence(n: int, one: AnswerSentence) -> Event:
    return "sentence", {"n": n, "text": one.text, "citations": list(one.citations), "verified": one.verified}


def _whole(turn: Turn) -> list[Event]:
    """The sentences of an answered turn one by one, then the turn."""
    sentences: list[Event] = []
    if turn.answer is not None:
        sentences = [_sentence(n, one) for n, one in enumerate(turn.answer.sentences, 1)]
    return [*sentences, ("answer", {"turn": render_turn(turn)})]
