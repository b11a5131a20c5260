"""Shows an answer to a reader of today: what rests on a document they may not read is withheld, and says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from yinshu.kernel.assistant.records import Turn
from yinshu.kernel.knowledge.records import Answer, AnswerSentence, Citation

WITHHELD_SENTENCE = "（这句话所依据的资料您现在无权查看，已隐去。如需查看，请向资料的主管部门申请。）"
WITHHELD_SOURCE = "无权查看的资料"
PRIVATE_SENTENCE = "（这句话依据的是提问人自己上传的文件，没有随对话共享，已隐去。如需查看，请向提问人索取。）"
PRIVATE_SOURCE = "提问人上传的文件"
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


def shown_to(turn: Turn, readable: set[str], *, files: bool) -> Turn:
    """The turn without the words of versions that are not among the readable ones.

    `files` says whether the reader may read what was uploaded into the conversation; if not, nothing of it is shown.
    """
    understood = turn.understood_as
    if not set(turn.carried_versions) <= readable:
        understood = turn.question
    turn = replace(turn, understood_as=understood, attachment_ids=turn.attachment_ids if files else ())
    if turn.answer is None:
        return turn
    answer, withheld = answer_shown(turn.answer, readable, files=files)
    return replace(turn, answer=answer, withheld=withheld)


def answer_shown(answer: Answer, readable: set[str], *, files: bool) -> tuple[Answer, int]:
    """The answer as it may be shown, and how many of its sources are withheld."""

    def allowed(citation: Citation) -> bool:
        return files if is_attached(citation) else citation.version in readable

    hidden = {citation.n: citation for citation in answer.citations if not allowed(citation)}
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


def _sentence(sentence: AnswerSentence, hidden: Mapping[int, Citation]) -> AnswerSentence:
    sources = [hidden[number] for number in sentence.citations if number in hidden]
    if not sources:
        return sentence
    private = all(is_attached(one) for one in sources)
    return AnswerSentence(PRIVATE_SENTENCE if private else WITHHELD_SENTENCE, sentence.citations, verified=False)


def _blank(citation: Citation) -> Citation:
    """A source of which only its number is left."""
    name = PRIVATE_SOURCE if is_attached(citation) else WITHHELD_SOURCE
    return Citation(citation.n, name, "", "", "", "", 0, in_force=False)
