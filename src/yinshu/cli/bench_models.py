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


def cascade(
    cases: Annotated[Path, typer.Option("--cases", help="题目文件：CSV（text、category）或 JSONL（text、label）。")],
    name: Annotated[str, typer.Option("--name", help="级联的名称。")] = "banking-intents",
    model: Annotated[str, typer.Option("--model", help="最后一级用哪个大模型；留空用第一个对话模型。")] = "",
    limit: Annotated[int, typer.Option("--limit", min=0, help="从文件中均匀取多少题；0 为全部。")] = 0,
    large_cases: Annotated[int, typer.Option("--large-cases", min=0, help="最多让大模型答多少题。")] = 40,
    as_json: Json = False,
) -> None:
    """画出级联（规则、小模型、大模型）的准确率与代价曲线，选定阈值并连同依据存下。"""
    from yinshu.cli.door import open_door

    request = {"cases": str(cases.absolute()), "name": name, "model": model, "limit": limit, "large_cases": large_cases}
    with open_door() as door:
        emit(door.call("cascade_bench", request), as_json, show_cascade)


def show_cascade(result: Mapping[str, Any]) -> str:
    """The curve, one line a threshold, the chosen one marked."""
    lines = [f"{result['name']}（{result['cases']}）：{' → '.join(result['steps'])}"]
    for point in result["points"]:
        mark = "→" if point["threshold"] == result["threshold"] else " "
        lines.append(
            f"{mark} 阈值 {point['threshold']:.2f}  准确率 {point['accuracy']:.3f}  送大模型 {point['sent_on']:.3f}  "
            f"千次费用 {point['cost_per_thousand']}  平均 {point['latency_ms_mean']} 毫秒"
        )
    return "\n".join(lines)


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
    lines.append("每次请求的处理器时间（微秒）：" + "，".join(f"{name} {us}" for name, us in result["cpu_us"].items()))
    lines.append(f"{many['concurrent']} 路并发流：共 {many['streams']} 路，失败 {many['failed']}")
    lines.append("每层耗时（微秒）：" + "，".join(f"{name} {value}" for name, value in result["layers_us"].items()))
    return "\n".join(lines)
