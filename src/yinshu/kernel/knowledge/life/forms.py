"""The form of a sentence: what it is about, without its figures, its modals and words that change nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from yinshu.kernel.evidence.modality import Modal, modals
from yinshu.kernel.evidence.numerals import ARABIC_NUMERAL, CHINESE_NUMERAL
from yinshu.kernel.evidence.overlap import character_pairs
from yinshu.kernel.knowledge.wording import normalise

LETTERS_MIN = 12
"""A shorter sentence (不超过3年) says too little to be about the same thing elsewhere."""
BY_ITSELF_MIN = 30
"""A sentence as long as this names its subject itself; a shorter one may mean the subject of its document."""
TITLES_SHARE_MIN = 0.3
"""Of the shorter title's pairs of letters, more than this must be shared for both documents to have one subject."""
BESIDES_MAX, BESIDES_SHARE_MAX = 8, 0.2
"""So many letters, and such a share of a sentence, may one of two sentences say besides."""
FIGURE, MODAL = "#", "@"
_NUMERAL = re.compile(rf"{CHINESE_NUMERAL}|{ARABIC_NUMERAL}")
_LABEL = re.compile(r"^\s*(?:第[^条]{1,9}条|[（(][^）)]{1,4}[）)]|[一二三四五六七八九十\d]{1,3}[、.．])\s*")
_ITEM = re.compile(r"^\s*[“\"]?(?:[（(][^）)]{1,4}[）)]|\d{1,3}[、.．]|[①-⑳])|[；;]\s*$")
"""An item of a list: its subject stands in the words before the list."""
_PENALTY = re.compile(r"罚款|违法所得|有期徒刑|拘役|处分|罚金")
"""What is punished stands elsewhere, and every law has its own measure."""
_AMENDS = re.compile(r"修改为|修订为|调整为|改为|废止|删去|增加一[条款项]")
_UNITS = (
    (re.compile(r"#(?:至|到|[-~－—～])#"), "#"),
    (re.compile(r"(?:人民币)?#(?:个)?(?:万|亿|千|百)*元(?:人民币)?"), "#元"),
    (re.compile(r"#个?(?:工作日|营业日|交易日|自然日|日历日|日|天|月|季度|年)"), "#期"),
    (re.compile(r"[百千万]分之#|#分之#|#[%‰]"), "#率"),
)
_SAME = (
    (re.compile(r"不(?:得|应|能|可)?(?:少于|低于|小于)|至少|最少|最低|最短"), "≥"),
    (re.compile(r"不(?:得|应|能|可)?(?:超过|高于|多于|大于|超出)|至多|最多|最高|最长"), "≤"),
)
_NEUTRAL = re.compile(
    r"按照?(?:有关|相关)?规定|及时|予以|进行|切实|认真|严格|相关|有关|相应|一律|同时|其中|以及|并且|或者|对于"
    r"|之日|以内|之内|[均其该且并和与及或对向将把由在于为之可所内的了]"
)
_SPLIT = re.compile(r"[，,；;：:、。]")
_TITLE_WORDS = re.compile(
    r"中国|人民银行|国务院|委员会|监督|管理|办公厅|总局|关于|有关|问题|事项|进一步|规范|加强|做好|印发|通知|公告|办法|规定|细则|实施|条例|暂行"
    r"|试行|工作|业务|令|第?\d+号|[〔(（\[].*?[〕)）\]]|\d"
)
_FILLING = re.compile(r"[\s“”\"'《》]")
_TURNS = re.compile(
    r"[非不未无免除仅只外上下前后男女#≥≤ⅠⅡⅢⅣ]|个人|单位|企业|对公|自然人|法人|首次|再次|初始|特殊|紧急|大额|小额|一般|基本|专用"
    r"|临时|例外|另|书面|分支|上述|境"
)
"""Words that make two things of one: who says them besides speaks of something else."""


@dataclass(frozen=True)
class Form:
    """`parts` are the parts of the sentence in an order that does not tell; figures are # with their kind, modals @.

    `alone` says that the sentence names its subject itself; a short one, or an item of a list, may not.
    """

    parts: tuple[str, ...]
    modals: tuple[Modal, ...]
    running: str
    alone: bool

    @property
    def measures(self) -> bool:
        """Whether the sentence gives a figure of some kind."""
        return any(f"{FIGURE}{kind}" in self.running for kind in "元期率")

    @property
    def tells(self) -> bool:
        """Whether it says enough to be about one thing, and something that can be ruled differently."""
        ruled = FIGURE in self.running or bool(self.modals)
        return ruled and sum(letter not in "#@≥≤元期率" for letter in self.running) >= LETTERS_MIN

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Its pairs of neighbouring letters."""
        return frozenset(character_pairs(self.running))


def is_comparable(sentence: str) -> bool:
    """Whether a sentence rules something that can be held against another rule: no penalty, no amendment."""
    return not _PENALTY.search(sentence) and not _AMENDS.search(sentence)


def form_of(sentence: str, lead: str = "") -> Form:
    """The form of a sentence; the lead of its list belongs to it."""
    plain = normalise(f"{lead}{_LABEL.sub('', sentence)}")
    text = _NUMERAL.sub(FIGURE, plain)
    for pattern, sign in (*_UNITS, *_SAME):
        text = pattern.sub(sign, text)
    kinds: list[Modal] = []
    pieces, last = [], 0
    for start, stop, modal in modals(text):
        pieces += [text[last:start], MODAL]
        last = stop
        kinds.append("must" if modal == "ought" else modal)
    text = "".join([*pieces, text[last:]])
    parts = [_NEUTRAL.sub("", _FILLING.sub("", part)) for part in _SPLIT.split(text)]
    kept = [part for part in parts if part]
    running = "".join(kept)
    alone = len(running) >= BY_ITSELF_MIN and (bool(lead) or not _ITEM.search(sentence))
    return Form(tuple(sorted(kept)), tuple(kinds), running, alone)


def apart(one: Form, other: Form) -> bool:
    """Whether two forms are about different things: one has other words in a place, or says something besides."""
    if one.parts == other.parts:
        return False
    besides = 0
    for kind, start, stop, other_start, other_stop in SequenceMatcher(
        None, one.running, other.running, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            continue
        if kind == "replace":
            return True
        said = one.running[start:stop] or other.running[other_start:other_stop]
        if _TURNS.search(said):
            return True
        besides += len(said)
    return besides > min(BESIDES_MAX, BESIDES_SHARE_MAX * min(len(one.running), len(other.running)))


def one_subject(one: Form, title: str, other: Form, other_title: str) -> bool:
    """Whether sentences of these two documents can have one subject: both name theirs, or the titles share theirs."""
    if one.alone and other.alone:
        return True
    mine, theirs = _topic(title), _topic(other_title)
    return len(mine & theirs) > TITLES_SHARE_MIN * min(len(mine), len(theirs))


def _topic(title: str) -> frozenset[str]:
    """The pairs of letters of what a document is about, by its title."""
    return frozenset(character_pairs(_FILLING.sub("", _TITLE_WORDS.sub("", title))))
