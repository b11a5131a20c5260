"""Placeholders for personal data: reversible for who may see it, and final for C3 and secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping

LABELS: dict[str, str] = {
    "resident_id": "身份证",
    "mobile": "手机号",
    "telephone": "电话",
    "bank_card": "银行卡",
    "bank_account": "账号",
    "passport": "护照",
    "uscc": "信用代码",
    "email": "邮箱",
    "plate": "车牌",
    "address": "地址",
    "name": "姓名",
    "password": "密码",
    "cvv": "安全码",
    "one_time_code": "验证码",
    "card_expiry": "有效期",
    "card_track": "磁道",
}
_KEY_LABEL = "密钥"
_PLACEHOLDER = re.compile(r"〔([\u4e00-\u9fff]+?)(\d{1,4})〕")


class Masker:
    """Hands out placeholders for one conversation: the same value always gets the same one.

    Numbers continue after placeholders the text already holds, so that a user's own 〔姓名1〕 is never taken over.
    """

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self._values: dict[str, str] = dict(known or {})
        self._tokens: dict[tuple[str, str], str] = {}
        self._last: dict[str, int] = {}
        for token, value in self._values.items():
            self.reserve(token)
            match = _PLACEHOLDER.fullmatch(token)
            if match:
                self._tokens[match[1], value] = token

    @property
    def masks(self) -> dict[str, str]:
        """Placeholder to what it stands for."""
        return dict(self._values)

    def reserve(self, text: str) -> None:
        """Do not hand out the placeholders that a text holds already."""
        if "〔" not in text:
            return
        for label, number in _PLACEHOLDER.findall(text):
            self._last[label] = max(self._last.get(label, 0), int(number))

    def mask(self, rule: str, written: str, value: str) -> str:
        """The reversible placeholder of a value; `written` is its form in the text, which restoring gives back."""
        label = LABELS.get(rule, "信息")
        token = self._tokens.get((label, value or written)) or self._tokens.get((label, written))
        if token is None:
            self._last[label] = self._last.get(label, 0) + 1
            token = f"〔{label}{self._last[label]}〕"
            self._values[token] = written
        self._tokens[label, value or written] = token
        return token


def removed(rule: str) -> str:
    """What stands for a value that is removed for good."""
    return f"〔已移除{LABELS.get(rule, _KEY_LABEL)}〕"


def restore(text: str, masks: Mapping[str, str]) -> str:
    """The text with reversible placeholders replaced by what they stand for; unknown placeholders stay."""
    return _PLACEHOLDER.sub(lambda match: masks.get(match[0], match[0]), text)
