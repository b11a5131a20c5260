"""What pydantic finds wrong, in Chinese words, without repeating the values: they may be secrets or customer text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

PLACES_OUTSIDE = frozenset({"body", "query", "path", "header"})
_WORDS: dict[str, str] = {
    "bool_parsing": "应为 true 或 false",
    "bool_type": "应为 true 或 false",
    "date_from_datetime_inexact": "应为日期，格式 YYYY-MM-DD",
    "date_from_datetime_parsing": "应为日期，格式 YYYY-MM-DD",
    "date_parsing": "应为日期，格式 YYYY-MM-DD",
    "date_type": "应为日期，格式 YYYY-MM-DD",
    "dict_type": "应为 JSON 对象",
    "extra_forbidden": "没有这一项，请检查拼写",
    "float_parsing": "应为数字",
    "int_from_float": "应为整数",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "json_invalid": "不是合法的 JSON",
    "list_type": "应为列表",
    "literal_error": "应为 {expected} 之一",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "missing": "必须填写",
    "model_attributes_type": "应为 JSON 对象",
    "string_too_long": "最多 {max_length} 个字",
    "string_too_short": "不能为空",
    "string_type": "应为文字",
    "too_long": "最多 {max_length} 项",
    "too_short": "至少 {min_length} 项",
}
OTHERWISE = "值不对"


def describe_faults(errors: Iterable[Mapping[str, Any]], name: Callable[[str], str] = str) -> str:
    """Each wrong field with what it should be, parted by semicolons: `limit（不能小于 1）；as_of（应为日期……）`.

    `errors` are what a pydantic ValidationError lists; `name` turns a field's path into the name the user knows.
    """
    return "；".join(f"{name(_place(error['loc']))}（{_words(error)}）" for error in errors)


def _place(location: Iterable[int | str]) -> str:
    return ".".join(str(part) for part in location if part not in PLACES_OUTSIDE) or "内容"


def _words(error: Mapping[str, Any]) -> str:
    return _WORDS.get(error["type"], OTHERWISE).format_map(error.get("ctx") or {})
