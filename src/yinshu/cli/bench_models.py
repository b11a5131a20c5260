"""`yinshu bench gateway` and `cascade`: what the way to the models costs, and where a cascade should cut."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from yinshu.cli.options import Json
from yinshu.cli.output import emit, note

LITELLM_FOLDER = "yinshu-bench-litellm"


def gateway(
    requests: Annotated[int, typer.Option("--requests", min=100, help="每轮多少次请求。")] = 2_000,
    concurrency: Annotated[int, typer.Option("--concurrency", min=1, max=1_000, help="同时多少个连接。")] = 64,
    litellm: Annotated[
        Path | None, typer.Option("--litellm", help="LiteLLM 独立环境的文件夹；留空用系统临时文件夹，没有就安装。")
    ] = None,
    as_json: Json = False,
) -> None:
    """网关对比 LiteLLM 代理和裸转发代理：同一个模拟模型、同一次运行、各一个进程，功能全开。"""
    from yinshu.app.bench_gateway import bench_gateway

    folder = litellm or Path(tempfile.gettempdir()) / LITELLM_FOLDER
    emit(bench_gateway(requests, concurrency, folder, note), as_json, show_gateway)


def show_gateway(result: Mapping[str, Any]) -> str:
    """The ratios, the rates, what each layer costs."""
    many = result["many_streams"]
    lines = [
        f"网关：{result['rps']} 次/秒，{result['streams_per_second']} 路流/秒",
        f"单路 p50 增加 {result['p50_added_ms']} 毫秒",
        result["skipped"] or f"相对 LiteLLM：{result['ratio_to_litellm']} 倍，流式 {result['ratio_stream']} 倍",
    ]
    lines += [
        f"{name}：{one['rps']} 次/秒，{one['streams_per_second']} 路流/秒" for name, one in result["others"].items()
    ]
    lines.append(f"{many['concurrent']} 路并发流：共 {many['streams']} 路，失败 {many['failed']}")
    lines.append("每层耗时（微秒）：" + "，".join(f"{name} {value}" for name, value in result["layers_us"].items()))
    return "\n".join(lines)
