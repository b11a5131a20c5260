"""Models as Chinese text for people at a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Result = Mapping[str, Any]
_STAGE = {"trial": "试用", "approved": "可用", "retired": "停用"}
_KIND = {"openai": "远程", "embedded": "内置运行", "builtin": "随附"}
_SHOWN = 5
_EXCERPT_CHARS = 60


def show_models(result: Result) -> str:
    """One line a model."""
    return "\n".join(show_model(one) for one in result["items"]) or "还没有登记模型。"


def show_model(result: Result) -> str:
    """Name, kind, stage, capabilities, levels, and where it runs."""
    where = "、".join(one["url"] for one in result["endpoints"] if "://" in one["url"]) or result["source"]
    return (
        f"{result['name']}  {_KIND[result['kind']]}  {_STAGE[result['stage']]}  "
        f"{'、'.join(result['capabilities'])}  数据≤{result['data_level_max']}级  {where}"
    )


def show_pulled(result: Result) -> str:
    """Where the weights lie."""
    return f"已下载并登记 {result['name']}：{result['path']}\nSHA-256 {result['sha256']}"


def show_test(result: Result) -> str:
    """Whether it answered, how fast, what."""
    return f"{result['name']}：{'可用' if result['ok'] else '没有回答'}，{result['latency_ms']} 毫秒\n{result['text']}"


def show_removed(result: Result) -> str:
    """What was removed."""
    return f"已删除 {result['name']}。"


def show_swap(result: Result) -> str:
    """The sums, then the first differences."""
    first, second = result["models"]
    sides = [
        f"{name}：中位 {result['latency_ms_p50'][side]} 毫秒，失败 {result['failed'][side]}"
        + (f"（{'、'.join(result['errors'][side])}）" if result["errors"][side] else "")
        for side, name in enumerate((first, second))
    ]
    compared = f"相同 {result['same']}，不同 {result['differing']}，相似度 {result['similarity_mean']}"
    lines = [
        f"{result['cases']} 题，比较了 {result['compared']} 题" + (f"：{compared}" if result["compared"] else ""),
        *sides,
    ]
    if result["checked"]:
        lines.append(
            f"答对：{first} {result['right'][0]}/{result['checked']}，{second} {result['right'][1]}/{result['checked']}"
        )
    lines += [
        f"[{one['id']}] {one['texts'][0][:_EXCERPT_CHARS]} ⇄ {one['texts'][1][:_EXCERPT_CHARS]}"
        for one in result["differences"][:_SHOWN]
    ]
    return "\n".join(lines)
