"""`yinshu models`: register models, fetch weights, try them and compare two."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from yinshu.cli.options import Json
from yinshu.cli.output import emit, note
from yinshu.kernel.base.errors import BadArgument

app = typer.Typer(help="模型：登记、下载权重、试用、换型对比。", no_args_is_help=True, rich_markup_mode=None)
Named = Annotated[str, typer.Argument(metavar="NAME", help="模型名称。")]
GGUF_SUFFIX = ".gguf"


def _call(operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
    from yinshu.cli.door import open_door

    with open_door() as door:
        return door.call(operation, request)


@app.command("list")
def list_models(as_json: Json = False) -> None:
    """列出已登记的模型。"""
    from yinshu.cli.show_models import show_models

    emit(_call("models", {}), as_json, show_models)


@app.command()
def pull(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="目录中的名称；留空为默认的小模型。")] = "",
    as_json: Json = False,
) -> None:
    """从软件源下载权重（可续传，逐段校验），并登记为内置模型。"""
    from yinshu.app.models import pull_weights
    from yinshu.cli.door import load_settings
    from yinshu.cli.show_models import show_pulled

    settings = load_settings()

    def begin(title: str, licence: str, size_mb: int) -> None:
        note(f"{title}，许可：{licence}，约 {size_mb} MB。继续下载即表示接受该许可。")

    weights, path = pull_weights(settings, name, begin, lambda done, total: note(f"已完成 {done}/{total} 段"))
    request = {"name": weights.name, "path": str(path), "licence": weights.licence}
    saved = _call("model_add_embedded", {**request, "context_tokens": weights.context_tokens})
    emit({**saved, "path": str(path), "sha256": weights.sha256}, as_json, show_pulled)


@app.command()
def add(
    source: Annotated[str, typer.Argument(metavar="FILE.gguf|URL", help="GGUF 文件，或 OpenAI 兼容服务的地址。")],
    name: Annotated[str, typer.Option("--name", help="登记的名称；GGUF 默认用文件名。")] = "",
    capability: Annotated[
        list[str] | None, typer.Option("--capability", help="能力，可多次给出：chat、embed、rerank、asr 等。")
    ] = None,
    upstream: Annotated[str, typer.Option("--upstream-model", help="服务那边的模型名称；留空与登记的相同。")] = "",
    key_env: Annotated[str, typer.Option("--key-env", help="放着密钥的环境变量名；密钥加密保存，不再显示。")] = "",
    stage: Annotated[
        str, typer.Option("--stage", help="trial（试用）、approved（可用）或 retired（停用）。")
    ] = "trial",
    data_level: Annotated[int, typer.Option("--data-level", help="最高可发送几级数据（1 至 5）。")] = 2,
    price_input: Annotated[str, typer.Option("--price-input", help="每百万输入词元的价格（元）。")] = "0",
    price_output: Annotated[str, typer.Option("--price-output", help="每百万输出词元的价格（元）。")] = "0",
    licence: Annotated[str, typer.Option("--licence", help="许可。")] = "",
    in_flight_max: Annotated[int, typer.Option("--in-flight-max", help="服务同时最多处理多少个请求。")] = 256,
    as_json: Json = False,
) -> None:
    """登记一个模型：GGUF 文件由内置运行时加载，地址则按 OpenAI 接口调用。"""
    from yinshu.cli.show_models import show_model

    if source.lower().endswith(GGUF_SUFFIX) and "://" not in source:
        path = Path(source).absolute()
        weights = {"name": name or path.stem, "path": str(path), "licence": licence}
        emit(_call("model_add_embedded", weights), as_json, show_model)
        return
    if not name:
        raise BadArgument("登记远程模型须用 --name 给出名称。")
    endpoint: dict[str, Any] = {"url": source, "upstream_model": upstream, "in_flight_max": in_flight_max}
    if key_env:
        if key_env not in os.environ:
            raise BadArgument(f"环境变量 {key_env} 没有设置，请先设置再登记。")
        endpoint["key"] = os.environ[key_env]
    request: dict[str, Any] = {
        "name": name,
        "capabilities": capability or ["chat"],
        "endpoints": [endpoint],
        "stage": stage,
        "data_level_max": data_level,
        "price_input": price_input,
        "price_output": price_output,
        "licence": licence,
    }
    emit(_call("model_save", request), as_json, show_model)


@app.command("test")
def try_out(name: Named, as_json: Json = False) -> None:
    """用一句话试一试模型是否可用。"""
    from yinshu.cli.show_models import show_test

    emit(_call("model_test", {"id": name}), as_json, show_test)


@app.command()
def remove(name: Named, as_json: Json = False) -> None:
    """从登记中删除一个模型（用量和台账保留）。"""
    from yinshu.cli.show_models import show_removed

    emit(_call("model_remove", {"id": name}), as_json, show_removed)


@app.command("swap-test")
def swap_test(
    first: Annotated[str, typer.Argument(metavar="A", help="现在用的模型。")],
    second: Annotated[str, typer.Argument(metavar="B", help="想换成的模型。")],
    cases: Annotated[Path, typer.Option("--cases", help="题目文件（JSONL：id、prompt，可有 expect）。")],
    out: Annotated[Path | None, typer.Option("--out", help="逐题结果写到哪个 JSONL 文件。")] = None,
    as_json: Json = False,
) -> None:
    """同一批题目问两个模型，报告差异。"""
    from yinshu.cli.show_models import show_swap

    request = {
        "first": first,
        "second": second,
        "cases": str(cases.absolute()),
        "out": str(out.absolute()) if out else "",
    }
    emit(_call("model_swap_test", request), as_json, show_swap)
