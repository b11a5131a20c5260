"""Shows an answer to a reader of today: what rests on a document they may not read is withheld, and says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from yinshu.kernel.assistant.records import Turn
from yinshu.kernel.knowledge.records import Answer, AnswerSentence, Citation

WITHHELD_SENTENCE = "（这句话所依据的资料您现在无权查看，已隐去。如需查看，请向资料的主管部门申请。）"
WITHHELD_SOURCE = "无权查看的资料"
ATTACHMENT_PREFIX = "att_"


def is_attached(citation: Citation) -> bool:
    """Whether the source is a file that was dropped into the conversation."""
    return citation.document_id.startswith(ATTACHMENT_PREFIX)


def versions_of(turns: Iterable[Turn]) -> set[str]:
    """Every version of the library whose words these turns show."""
    found: set[str] = set()
    for turn in turns:
        found.update(turn.carried_versions)
        if turn.answer is not None:
            shown = (*turn.answer.citations, *turn.answer.nearest)
            found.update(one.version for one in shown if not is_attached(one))
    return found


def shown_to(turn: Turn, readable: set[str]) -> Turn:
    """The turn without the words of versions that are not among the readable ones."""
    understood = turn.understood_as
    if not set(turn.carried_versions) <= readable:
        understood = turn.question
    if turn.answer is None:
        return replace(turn, understood_as=understood)
    answer, withheld = answer_shown(turn.answer, readable)
    return replace(turn, understood_as=understood, answer=answer, withheld=withheld)


def answer_shown(answer: Answer, readable: set[str]) -> tuple[Answer, int]:
    """The answer as it may be shown, and how many of its sources are withheld."""

    def allowed(citation: Citation) -> bool:
        return is_attached(citation) or citation.version in readable

    hidden = {citation.n for citation in answer.citations if not allowed(citation)}
    near_hidden = sum(not allowed(citation) for citation in answer.nearest)
    if not hidden and not near_hidden:
        return answer, 0
    sentences = tuple(_sentence(one, hidden) for one in answer.sentences)
    shown = replace(
        answer,
        answer="\n".join(one.text for one in sentences) if hidden else answer.answer,
        sentences=sentences,
        citations=tuple(_blank(one) if one.n in hidden else one for one in answer.citations),
        nearest=tuple(one for one in answer.nearest if allowed(one)),
        # A choice names what was found: without all of it, none is shown.
        clarify=() if near_hidden else answer.clarify,
    )
    return shown, len(hidden) + near_hidden


def _sentence(sentence: AnswerSentence, hidden: set[int]) -> AnswerSentence:
    if not hidden & set(sentence.citations):
        return sentence
    return AnswerSentence(WITHHELD_SENTENCE, sentence.citations, verified=False)


def _blank(citation: Citation) -> Citation:
    """A source of which only its number is left."""
    return Citation(citation.n, WITHHELD_SOURCE, "", "", "", "", 0, in_force=False)
