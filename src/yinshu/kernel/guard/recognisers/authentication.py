"""C3 data near a cue: passwords, CVV, one-time codes, card expiry and track data; never kept, not even masked.

**Source**: 《个人金融信息保护技术规范》(JR/T 0171-2020), category C3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import ahocorasick_rs as aho

from yinshu.kernel.guard.normalise import Reading
from yinshu.kernel.guard.records import Hit, Kind, Severity
from yinshu.kernel.guard.signs import DIGIT, has_run

_IS = r"\s?(?:[:：=]|是|为|改成了?|改为|设成了?|设为|设置为|就是|叫|填|输入|输)+\s?[\"'“”‘’「]?"
_PASSWORD = re.compile(
    rf"(?:密码|口令|密钥短语|查询密|交易密|支付密|pin码?|passw(?:or)?d|passcode|\bpwd)\s?(?:\([^)]{{0,8}}\))?(?:{_IS}|\s(?=[0-9]{{6}}(?![0-9])))"
    r"(?P<value>[!-~]{4,32})",
    re.I,
)
_CVV = re.compile(
    r"(?:cvv2?|cvc2?|cvn2?|安全码|校验值|背面(?:的)?(?:后|末)?三位(?:数字?|码)?|后三码)\s?(?:[:：=]|是|为|码|就是|\s)*\s?(?P<value>\d{3,4})(?![0-9元万])",
    re.I,
)
_CODE = re.compile(
    r"(?:验证码|动态码|校验码|短信码|动态口令|动态密码|一次性密码|确认码|授权码|\botp)\s?(?:\([^)]{0,8}\))?"
    r"(?:[:：=]|是|为|发的|收到的?|就是|给你|码|了|\s|,|，){0,3}\s?[\"'“”]?(?P<value>\d(?:[ -]?\d){3,7})(?![0-9年月日元位分秒天个万%])",  # noqa: E501
    re.I,
)
_CODE_BEFORE = re.compile(
    r"(?<![0-9A-Za-z.\-])(?P<value>\d{4,8})\s?[(（]?\s?(?:是|为|就是)?(?:您|你|我)?(?:的|这次|本次)?(?:短信|登录|支付|动态|交易|转账|手机)?(?:验证码|校验码|动态码)"
)
_EXPIRY = re.compile(
    r"(?:有效期|valid thru|expiry|exp)\s?(?:至|到|[:：]|是|为)*\s?(?P<value>(?:0[1-9]|1[0-2])\s?[/\-]\s?(?:20)?[2-4]\d)(?![0-9])",  # noqa: E501
    re.I,
)
_TRACK = re.compile(r"(?P<value>(?:%[Bb]\d{13,19}\^[^?]{2,40}\?|;\d{13,19}=\d{7,}\??))")
_NO_VALUE = re.compile(
    r"[*xX#.…•_\-]{3,}$|[<${\[(%]|(?:https?:|os\.|get|null|none|true|false|string|input|type|required|string|env)\b|.*[(\[{]",
    re.I,
)
MIN_PASSWORD_CHARS = 4
_VALUE_SIGN = re.compile(r"[!-~]{3}")
_CUES = (
    "密码",
    "口令",
    "密钥短语",
    "查询密",
    "交易密",
    "支付密",
    "pin",
    "pass",
    "pwd",
    "cvv",
    "cvc",
    "cvn",
    "安全码",
    "校验值",
    "背面",
    "后三码",
    "验证码",
    "动态码",
    "校验码",
    "短信码",
    "确认码",
    "授权码",
    "otp",
    "有效期",
    "valid",
    "exp",
    "%b",
)
_CUE_FINDER = aho.AhoCorasick(_CUES, implementation=aho.Implementation.DFA)
TRACK_DIGITS = 13
CUE_BEFORE_CHARS = 16
CUE_AFTER_CHARS = 90
"""Where around a cue a value is looked for."""
_RULES = (
    ("password", _PASSWORD),
    ("cvv", _CVV),
    ("one_time_code", _CODE),
    ("one_time_code", _CODE_BEFORE),
    ("card_expiry", _EXPIRY),
    ("card_track", _TRACK),
)


def find_authentication(reading: Reading) -> Iterator[Hit]:
    """C3 values in the plain reading; the hit covers the value, not its cue."""
    seen: set[tuple[int, int]] = set()
    for low, high in _windows(reading):
        for rule, pattern in _RULES:
            for match in pattern.finditer(reading.plain.text, low, high):
                hit = _hit(reading, rule, match)
                if hit is not None and (hit.start, hit.end) not in seen:
                    seen.add((hit.start, hit.end))
                    yield hit


def _windows(reading: Reading) -> list[tuple[int, int]]:
    """Stretches around cues that hold a digit or a mark to be a value; track data needs no cue."""
    merged: list[tuple[int, int]] = []
    text = reading.plain.text
    if (";" in text or "%" in text) and has_run((reading.signs & DIGIT) > 0, TRACK_DIGITS):
        merged += [match.span() for match in _TRACK.finditer(text)]
    for _, start, end in _CUE_FINDER.find_matches_as_indexes(reading.lower.text):
        low, high = max(0, start - CUE_BEFORE_CHARS), end + CUE_AFTER_CHARS
        if not _VALUE_SIGN.search(text, low, high):
            continue
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _hit(reading: Reading, rule: str, match: re.Match[str]) -> Hit | None:
    start, end = match.span("value")
    if rule == "password":
        value = _trimmed(match["value"])
        end = start + len(value)
        if len(value) < MIN_PASSWORD_CHARS or _NO_VALUE.match(match["value"]) or not _secretive(value):
            return None
    first, last = reading.plain.span(start, end)
    return Hit(Kind.C3, rule, first, last, Severity.HIGH, "c3")


def _trimmed(value: str) -> str:
    return re.split(r"[,;\"'<>]|\.$", value)[0].rstrip(".)]}")


def _secretive(value: str) -> bool:
    """A value rather than a word: it holds a digit or a mark, or mixes cases."""
    return any(not letter.isalpha() for letter in value) or (value != value.lower() and value != value.upper())
