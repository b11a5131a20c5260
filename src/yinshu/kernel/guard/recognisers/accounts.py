"""Numbers written in digits: resident ID, mobile, bank card and account, telephone; in groups or Chinese digits too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yinshu.kernel.guard.normalise import Reading
from yinshu.kernel.guard.recognisers.numbers import card_prefix, luhn, mobile, resident_id_check, resident_id_shape
from yinshu.kernel.guard.records import Hit, Kind, Severity
from yinshu.kernel.guard.signs import DIGIT, HAN_DIGIT, SHORT_CHARS, stretches

_RUN = re.compile(r"[0-9](?:[ \-_.·*—~/+]{0,2}[0-9]){8,40}(?:[ \-]?[xX](?![A-Za-z0-9]))?")
RUN_DIGITS, RUN_GAP, RUN_AFTER = 9, 3, 4
"""A run holds so many digits at least, each no further from the next; so much behind it decides where it ends."""
HAN_RUN_DIGITS, HAN_RUN_GAP = 11, 2
_HAN_RUN = re.compile(
    r"[零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖](?:[ \-、]?[零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖0-9]){10,20}"
)
_HAN_DIGITS = str.maketrans("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "0012345678911234567 89".replace(" ", ""))
_PIECE = re.compile(r"[0-9]+[xX]?")
CUE_CHARS = 14
"""How far before a number its name is looked for."""
_ID_CUE = re.compile(r"身份证|身份号|证件|公民身份|居民身份|\bid\b", re.I)
_CARD_CUE = re.compile(r"卡号|银行卡|储蓄卡|借记卡|信用卡|工资卡|社保卡|卡片|收款卡|还款卡|这张卡|的卡|card", re.I)
_ACCOUNT_CUE = re.compile(r"账号|帐号|账户|帐户|户头|结算户|存折|account", re.I)
_PHONE_CUE = re.compile(r"手机|电话|联系|致电|拨打|号码|微信|短信|tel|phone|mobile", re.I)
_OTHER_CUE = re.compile(
    r"订单|流水|单号|编号|合同|工单|凭证|批次|票号|文号|发票|代码|序列|版本|金额|余额|合计|代号|学号|工号|时间戳|条码|快递|序号|IMEI|ISBN|案号|基金|条形码|编码|串号|业务号|受理号|回单号|保单号|借据号|id[:=]",
    re.I,
)
_AMOUNT_AFTER = re.compile(r"\s?(?:元|万|亿|股|份|笔|人民币|美元|%|‰|吨|字节|毫秒|\.\d)")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Digits at [start, end) of the plain reading, with the text before and after."""

    digits: str
    start: int
    end: int
    before: str
    after: str
    spread: bool

    def cue(self, pattern: re.Pattern[str]) -> int:
        """Where the last match of a cue in the text before ends, -1 when there is none."""
        return max((match.end() for match in pattern.finditer(self.before)), default=-1)


def find_numbers(reading: Reading) -> Iterator[Hit]:
    """Personal numbers, longest readings first within one run of digits."""
    plain = reading.plain
    for candidate in _candidates(reading):
        named = _named(candidate)
        if named is not None:
            rule, severity, score = named
            start, end = plain.span(candidate.start, candidate.end)
            yield Hit(Kind.PERSONAL, rule, start, end, severity, "personal", score, candidate.digits.upper())


def _candidates(reading: Reading) -> Iterator[_Candidate]:
    text = reading.plain.text
    for run in _runs(reading):
        taken = run.start()
        for first, last in _groups(run[0]):
            start, end = run.start() + first, run.start() + last
            if start < taken or not _stands_alone(text, start, end):
                continue
            candidate = _candidate(text, start, end)
            if _named(candidate) is not None:
                taken = end
                yield candidate
    for run in _han_runs(reading):
        yield _candidate(text, run.start(), run.end())


def _runs(reading: Reading) -> Iterator[re.Match[str]]:
    text = reading.plain.text
    if len(text) <= SHORT_CHARS:
        yield from _RUN.finditer(text)
        return
    for low, high in stretches((reading.signs & DIGIT) > 0, least=RUN_DIGITS, gap=RUN_GAP, after=RUN_AFTER):
        yield from _RUN.finditer(text, low, high)


def _han_runs(reading: Reading) -> Iterator[re.Match[str]]:
    text = reading.plain.text
    if len(text) <= SHORT_CHARS:
        yield from _HAN_RUN.finditer(text)
        return
    marks = (reading.signs & (HAN_DIGIT | DIGIT)) > 0
    for low, high in stretches(marks, least=HAN_RUN_DIGITS, gap=HAN_RUN_GAP, after=0):
        yield from _HAN_RUN.finditer(text, low, high)


def _candidate(text: str, start: int, end: int) -> _Candidate:
    raw = text[start:end].translate(_HAN_DIGITS)
    digits = re.sub(r"[^0-9xX]", "", raw)
    before = re.split(r"[。;\n]", text[max(0, start - CUE_CHARS) : start])[-1]
    return _Candidate(digits, start, end, before, text[end : end + 4], len(digits) != end - start)


def _groups(run: str) -> list[tuple[int, int]]:
    """Every stretch of whole pieces of a run that holds 7 to 22 digits, leftmost first, then longest."""
    pieces = [(match.start(), match.end()) for match in _PIECE.finditer(run)]
    found: list[tuple[int, int]] = []
    for i, (start, _) in enumerate(pieces):
        digits = 0
        for first, end in pieces[i : i + 22]:
            digits += end - first
            if digits > 22:
                break
            if digits >= 7:
                found.append((start, end))
    return sorted(found, key=lambda span: (span[0], -span[1]))


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = text[start - 1 : start]
    after = text[end : end + 1]
    return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())


def _named(candidate: _Candidate) -> tuple[str, Severity, float] | None:
    """Rule, severity and score of what a number is, or None."""
    if _AMOUNT_AFTER.match(candidate.after):
        return None
    cues = {
        "id": candidate.cue(_ID_CUE),
        "card": candidate.cue(_CARD_CUE),
        "account": candidate.cue(_ACCOUNT_CUE),
        "phone": candidate.cue(_PHONE_CUE),
        "other": candidate.cue(_OTHER_CUE),
    }
    return (
        _resident_id(candidate, cues)
        or _mobile(candidate, cues)
        or _card(candidate, cues)
        or _account(candidate, cues)
        or _telephone(candidate, cues)
    )


def _nearest(cues: dict[str, int], *names: str) -> bool:
    """One of the named cues stands before the number, nearer than a cue of something else."""
    best = max(cues[name] for name in names)
    return best >= 0 and best >= cues["other"]


def _resident_id(candidate: _Candidate, cues: dict[str, int]) -> tuple[str, Severity, float] | None:
    digits = candidate.digits
    if not resident_id_shape(digits):
        return None
    if len(digits) == 18 and resident_id_check(digits):
        return "resident_id", Severity.HIGH, 1.0
    if _nearest(cues, "id"):
        return "resident_id", Severity.MEDIUM, 0.8
    return None


def _mobile(candidate: _Candidate, cues: dict[str, int]) -> tuple[str, Severity, float] | None:
    digits = candidate.digits
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if not mobile(digits) or cues["other"] > cues["phone"] or _nearest(cues, "account"):
        return None
    return "mobile", Severity.MEDIUM, 1.0 if cues["phone"] >= 0 else 0.9


def _card(candidate: _Candidate, cues: dict[str, int]) -> tuple[str, Severity, float] | None:
    digits = candidate.digits
    if not 15 <= len(digits) <= 19 or not digits.isdigit():
        return None
    cued = _nearest(cues, "card", "account")
    if card_prefix(digits) and luhn(digits):
        if cued:
            return "bank_card", Severity.HIGH, 1.0
        return None if cues["other"] >= 0 else ("bank_card", Severity.HIGH, 0.85)
    if _nearest(cues, "card") or (cued and card_prefix(digits)):
        return "bank_card", Severity.MEDIUM, 0.7
    return None


def _account(candidate: _Candidate, cues: dict[str, int]) -> tuple[str, Severity, float] | None:
    if 9 <= len(candidate.digits) <= 22 and candidate.digits.isdigit() and _nearest(cues, "account"):
        return "bank_account", Severity.MEDIUM, 0.9
    return None


_AREA = re.compile(r"0(?:10|2[0-57-9]|[3-9]\d{2})[2-8]\d{6,7}")


def _telephone(candidate: _Candidate, cues: dict[str, int]) -> tuple[str, Severity, float] | None:
    if _nearest(cues, "phone") and _AREA.fullmatch(candidate.digits):
        return "telephone", Severity.LOW, 0.8
    return None
