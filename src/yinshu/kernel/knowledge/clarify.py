"""Asks back when a question fits several matters whose rules differ: two to four questions that each have an answer.

A question with words of its own is left to the answerer; only one that could be asked of any matter (限额是多少), or
that would be refused although the library speaks of the matter in several places, is looked at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from yinshu.kernel.knowledge.question import Question
from yinshu.kernel.knowledge.records import Hit
from yinshu.kernel.knowledge.select import FIGURE_KINDS
from yinshu.kernel.knowledge.sentences import split_units
from yinshu.kernel.knowledge.vague import ATTRIBUTES
from yinshu.kernel.knowledge.wording import canonical, normalise, short_title, without_fillers

CHOICES_MIN, CHOICES_MAX = 2, 4
TRIES_MAX = 5
"""Questions that are asked in trial, each of which costs a retrieval."""
CLAUSES_READ = 40
ROWS_READ = 3
"""Rows of one table that may each be a matter."""
VAGUE_CHARS_MAX = 1
SHORT_CHARS_MAX = 4
"""A refused question with so few letters of its own may still mean one of several matters."""
LABEL_CHARS = (2, 14)
CLARIFY_WORDS = "这个问题可能指几项不同的规定，请选择您要问的是哪一项："

_LIKE = (
    "手续费 费用 收费 收费标准 工本费 服务费 年费 价格",
    "材料 资料 证件 凭证",
    "期限 时限 有效期 时间 期间 年限 保存 保管",
    "审批 授权 权限 批准",
    "条件 要求 门槛",
    "上限 限额 额度 最高 不得超过 不超过",
    "下限 起点 最低 不低于 不得低于",
)
"""Words for one thing that may be asked: the question says one, the rule another."""
_KIN: Mapping[str, frozenset[str]] = {word: frozenset(line.split()) for line in _LIKE for word in line.split()}
_ATTRIBUTE = re.compile(f"{ATTRIBUTES}|保存|保管")
_LETTERS = re.compile(r"[\u3400-\u9fffA-Za-z0-9ⅠⅡⅢⅣ]+")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_ARTICLE = re.compile(
    r"^(?:第[〇零一二三四五六七八九十百千\d]+条|[（(][一二三四五六七八九十\d]+[）)]|[一二三四五六七八九十\d]+[、.．])"
    r"[\s\u3000]*"
)
_CELL = re.compile(r"(?:^|[；;])\s*[^：:；;]{1,12}[：:]\s*([^；;]+)")
_BRACKET = re.compile(r"[（(]")
_CODE = re.compile(r"^[A-Za-z]{0,3}-?\d+$")
_LABEL_END = re.compile(
    r"自|应当|应|任一|每|实行|免收|收取|不收|可以|可|由|不得|按照|按|为|是|如下|需|至少|不少于|最|单笔|日累计|的(?=限|比|期|标|手|费)|[：:，,。；;（(\d〇一二三四五六七八九十]"
)
_FORM = re.compile(
    r"(?:业务)?(?:分类)?(?:管理)?(?:实施|内部操作|操作|暂行|试行)?(?:办法|规程|细则|规定|手册|标准表|指引|条例|制度|规则|预案|一览表|表|通知)?"
    r"(?:[（(][^（）()]*[）)])?$"
)
_ISSUER = re.compile(r"^(?:.{2,12}?银行|中华人民共和国|关于(?:进一步)?(?:加强|规范|做好|印发)?)")


@dataclass(frozen=True)
class Tried:
    """How a question in trial would be answered: how sure, and by which clause first (None when by none)."""

    sure: bool
    first: Hit | None


@dataclass(frozen=True)
class Choice:
    """A question to choose, and the clause that answers it."""

    question: str
    hit: Hit


@dataclass(frozen=True)
class _Matter:
    """A sentence of the library that would answer, and what it is about."""

    hit: Hit
    text: str
    question: str

    @property
    def figures(self) -> frozenset[str]:
        return frozenset(_DIGITS.findall(canonical(_ARTICLE.sub("", self.text))))


def may_mean_several(question: Question, *, refused: bool) -> bool:
    """Whether to look for choices at all: cheap, and false for every question that names its matter."""
    if len(question.parts) > 1 or question.titles or question.numbers or question.checks_premise:
        return False
    if _DIGITS.search(normalise(question.text)) or not _ATTRIBUTE.search(question.text):
        return False
    own = sum(map(len, named_words(question.text)))
    return own <= VAGUE_CHARS_MAX or (refused and own <= SHORT_CHARS_MAX)


def named_words(question: str) -> list[str]:
    """The runs of letters by which a question names its matter; empty when it only names what is asked of one."""
    return _LETTERS.findall(_ATTRIBUTE.sub(" ", without_fillers(question)))


def choices(question: Question, hits: Sequence[Hit], attempt: Callable[[str], Tried]) -> tuple[Choice, ...]:
    """Two to four questions of which each has an answer of its own; none when fewer or when all answers are alike.

    `hits` are the clauses found for the question, best first; one of an uploaded file in front is what was meant.
    `attempt` asks a question in trial.
    """
    if hits and hits[0].clause.attached:
        return ()
    found: list[Choice] = []
    answers: set[frozenset[str]] = set()
    taken: set[tuple[str, str]] = set()
    for matter in _matters(question, hits)[:TRIES_MAX]:
        tried = attempt(matter.question)
        if not tried.sure or tried.first is None:
            continue
        place = (tried.first.clause.version.document_id, tried.first.clause.article)
        if tried.first.clause.version.document_id != matter.hit.clause.version.document_id or place in taken:
            continue
        taken.add(place)
        answers.add(matter.figures)
        found.append(Choice(matter.question, tried.first))
        if len(found) == CHOICES_MAX:
            break
    if len(found) < CHOICES_MIN or len(answers) < CHOICES_MIN:
        return ()
    return tuple(found)


def _matters(question: Question, hits: Sequence[Hit]) -> list[_Matter]:
    """What the question could mean: one matter for each label, those of different documents first."""
    asked = question.text.rstrip("？?。！! ")
    seen: dict[str, _Matter] = {}
    for hit, text in _sentences(question, hits):
        own = _label(text, asked)
        matter = _worded(hit, own, asked)
        if matter and matter not in seen:
            seen[matter] = _Matter(hit, text, f"{matter}？")
    return sorted(seen.values(), key=_spread())


def _spread() -> Callable[[_Matter], tuple[int, int]]:
    """An order in which other figures come before the same again, and other documents before the same."""
    figures: Counter[frozenset[str]] = Counter()
    documents: Counter[str] = Counter()

    def place(matter: _Matter) -> tuple[int, int]:
        document_id = matter.hit.clause.version.document_id
        figures[matter.figures] += 1
        documents[document_id] += 1
        return documents[document_id] if documents[document_id] > 1 else 0, figures[matter.figures]

    return place


def _sentences(question: Question, hits: Sequence[Hit]) -> Iterator[tuple[Hit, str]]:
    """The sentences of the clauses that name what is asked for, and every word of the question's own."""
    asked = _ATTRIBUTE.findall(question.text)
    words = [canonical(word) for word in named_words(question.text) if len(word) > 1]
    wants_figure = bool(question.kinds & FIGURE_KINDS)
    for hit in hits:
        clause = hit.clause
        if clause.kind == "qa" or clause.attached:
            continue
        around = f"{clause.version.title}{''.join(clause.path)}{clause.heading}{clause.lead}"
        left = ROWS_READ if clause.kind == "table" else 1
        for unit in split_units(clause.text):
            named = all(any(word in unit.text for word in _KIN.get(one, (one,))) for one in asked)
            figure = not wants_figure or _DIGITS.search(canonical(_ARTICLE.sub("", unit.text)))
            if left and named and figure and all(word in canonical(around + unit.text) for word in words):
                left -= 1
                yield hit, unit.text


def _label(text: str, asked: str) -> str:
    """What a sentence speaks of: the first telling cell of a row, or its words up to where the rule begins."""
    plain = _ARTICLE.sub("", " ".join(text.split()))
    cells = _CELL.findall(plain)
    if len(cells) > 1:
        told = next((cell.strip() for cell in cells if not _CODE.match(cell.strip())), "")
        return _bare(_BRACKET.split(told)[0], asked)[: LABEL_CHARS[1]]
    attribute = next((one for one in _ATTRIBUTE.findall(asked) if one in plain), "")
    before = plain[: plain.index(attribute)] if attribute else plain
    end = _LABEL_END.search(before)
    label = _bare((before[: end.start()] if end else before).strip(" 的、"), asked)
    return label if LABEL_CHARS[0] <= len(label) <= LABEL_CHARS[1] else ""


def _bare(label: str, asked: str) -> str:
    """The label without the words at its end with which the question begins or goes on."""
    again = next((size for size in range(len(label) - 1, 0, -1) if asked.startswith(label[-size:])), 0)
    label = label[: len(label) - again]
    last = next((one for one in _ATTRIBUTE.findall(asked) if label.endswith(one) and label != one), "")
    return label.removesuffix(last)


def _worded(hit: Hit, label: str, asked: str) -> str:
    """The question asked of one matter: of the sentence's own, inside its document where that is a short name."""
    title = _ISSUER.sub("", short_title(hit.clause.version.title))
    subject = _FORM.sub("", title).strip("的 ")
    if not LABEL_CHARS[0] <= len(subject) <= LABEL_CHARS[1]:
        subject = ""
    if subject and (subject in label or label in subject):
        subject, label = (label, "") if len(label) > len(subject) else (subject, "")
    named = f"{subject}的{label}" if subject and label else subject or label
    return f"{named}{asked}" if named else ""
