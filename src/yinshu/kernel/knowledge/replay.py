"""Rebuilding a past answer from its record: the same question, law, library and thresholds, and what differs now."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from yinshu.kernel.base.database import Connection, Engine, reading
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.answer import Answerer
from yinshu.kernel.knowledge.manners import manner_of
from yinshu.kernel.knowledge.records import Answer, SearchScope
from yinshu.kernel.knowledge.selector import Thresholds

EXTRACTIVE = "extractive"
_SENTENCE_END = re.compile(r"(?<=[。！？；\n])")


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was: `what` in Chinese, and both sides as text."""

    what: str
    then: str
    now: str


@dataclass(frozen=True)
class Sentence:
    """A sentence that the model said, and the source that carried it then and carries it now (None: none does)."""

    text: str
    then: int | None
    now: int | None
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Rewording:
    """How a model worded the answer: its name, its prompt, all it said, and the verdicts on its sentences.

    `chose` says that it only named exact sentences; `sentences` are those it named.
    """

    model: str
    prompt_version: str
    said: str
    sentences: tuple[Sentence, ...]
    chose: bool = False


@dataclass(frozen=True)
class Replayed:
    """A past answer, the one built again, and every difference between them.

    `wording` tells of the model that worded it. The model is not asked again: what it said is in the record, and goes
    once more through the verifier. None when no model spoke.
    """

    run: store.AnsweredRun
    then: Answer
    now: Answer
    hidden_versions: int
    differences: tuple[Difference, ...]
    wording: Rewording | None = None


def replay(engine: Engine, answerer: Answerer, run_id: str, software: str) -> Replayed:
    """Answer a recorded question again, with versions that came later hidden. Nothing is recorded by this.

    Raises NotFound when there is no such run.
    """
    with reading(engine) as connection:
        run = store.get_answer(connection, run_id)
        scope, hidden = _scope_then(connection, run)
        evidence = _changed_evidence(connection, store.answer_of(run.record))
    limits = run.record.get("thresholds")
    thresholds = Thresholds(**limits) if limits else answerer.thresholds
    now, _ = replace(answerer, thresholds=thresholds).answer(run.question, scope)
    then = store.answer_of(run.record)
    now, wording = _reworded(engine, run, now)
    found = (*_compare(run, then, now, software), *_compare_wording(then, wording), *evidence)
    return Replayed(run, then, now, hidden, found, wording)


def _reworded(engine: Engine, run: store.AnsweredRun, extract: Answer) -> tuple[Answer, Rewording | None]:
    """The answer built again in the words of the record's model, and the verdicts on them; as it is without any."""
    kept = run.record.get("wording")
    if not kept:
        return extract, None
    with reading(engine) as connection:
        ids = [citation.clause_id for citation in extract.citations]
        clauses = {clause.clause_id: clause for clause in store.get_clauses(connection, ids)}
    manner = manner_of(kept["prompt_version"])
    worded = manner.work(run.question, extract, clauses, run.as_of, lambda *_: str(kept["said"]))
    by = kept["model"] if worded.composed_by == "model" else extract.composed_by
    today = {one.text: one for one in worded.heard}
    sentences = tuple(
        Sentence(
            one["text"],
            one["source"],
            today[one["text"]].source if one["text"] in today else None,
            tuple(words for _, words in one["faults"]),
        )
        for one in kept["heard"]
    )
    rewording = Rewording(kept["model"], kept["prompt_version"], kept["said"], sentences, manner.chooses)
    return replace(worded.answer, composed_by=by), rewording


def _compare_wording(then: Answer, wording: Rewording | None) -> list[Difference]:
    if wording is None:
        lost = then.composed_by != EXTRACTIVE
        return [Difference("措辞", f"模型 {then.composed_by}", "当时没有留下模型的原话，只能重放摘录")] if lost else []
    found = [
        Difference(f"对模型一句话的核验（{one.text}）", _carried(one.then), _carried(one.now))
        for one in wording.sentences
        if (one.then is None) != (one.now is None)
    ]
    today = manner_of(wording.prompt_version).prompt.cited_as
    if wording.prompt_version != today:
        found.append(Difference("提示词版本", wording.prompt_version, today))
    return found


def _carried(source: int | None) -> str:
    return "不被支持" if source is None else f"由依据{source}支持"


def _scope_then(connection: Connection, run: store.AnsweredRun) -> tuple[SearchScope, int]:
    """What could be searched then, and how many versions were not there yet."""
    kept = run.record.get("scope", {})
    scope = SearchScope(
        tuple(run.record.get("collections", ())),
        run.as_of,
        document_ids=tuple(kept.get("document_ids", ())),
        partial_collection_ids=tuple(kept.get("partial_collection_ids", ())),
        denied_document_ids=tuple(kept.get("denied_document_ids", ())),
        level_max=kept.get("level_max", SearchScope.level_max),
    )
    clause_ids, versions = store.clauses_since(
        connection, (*scope.collection_ids, *scope.partial_collection_ids), run.asked_at
    )
    return replace(scope, hidden_clause_ids=frozenset(clause_ids)), versions


def _changed_evidence(connection: Connection, then: Answer) -> list[Difference]:
    ids = [citation.clause_id for citation in then.citations]
    texts = {clause.clause_id: clause.text for clause in store.get_clauses(connection, ids)}
    return [
        Difference(
            f"依据{citation.n}（{citation.document}{citation.article}）的原文",
            citation.quote,
            texts.get(citation.clause_id, "（已不在库中）"),
        )
        for citation in then.citations
        if citation.clause_id > 0 and not _holds(texts.get(citation.clause_id, ""), citation.quote)
    ]


def _holds(text: str, quote: str) -> bool:
    """Whether a clause still says every sentence of a quote, which may leave out some between them."""
    whole = _squeezed(text)
    return all(_squeezed(sentence) in whole for sentence in _SENTENCE_END.split(quote))


def _squeezed(text: str) -> str:
    return "".join(text.split())


_COMPARED: tuple[tuple[str, Callable[[Answer], Any]], ...] = (
    ("结论", lambda answer: answer.status),
    ("回答", lambda answer: answer.answer),
    ("依据", lambda answer: "；".join(f"{one.document}{one.article}（{one.version}）" for one in answer.citations)),
    ("措辞者", lambda answer: answer.composed_by),
    ("逐句核验", lambda answer: "、".join("通过" if one.verified else "未通过" for one in answer.sentences)),
)


def _compare(run: store.AnsweredRun, then: Answer, now: Answer, software: str) -> list[Difference]:
    found = [Difference(what, str(look(then)), str(look(now))) for what, look in _COMPARED if look(then) != look(now)]
    if then.status != now.status:
        # The weights of words move with the library; near the threshold that alone can turn an answer.
        found.append(Difference("把握（与门槛比较）", f"{then.confidence:.3f}", f"{now.confidence:.3f}"))
    version = str(run.record.get("software", ""))
    if version and version != software:
        found.append(Difference("程序版本", version, software))
    return found
