"""The options that several commands share, declared once so that they read and behave alike."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="在标准输出打印一个 JSON 对象。")]
CollectionOption = Annotated[str, typer.Option("--collection", "-c", help="资料库名称；留空则在全部资料库中查找。")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="按这一天有效的规定作答。")]
AsUser = Annotated[str | None, typer.Option("--as", metavar="USER", help="以某位用户的权限执行；留空为本机操作员。")]
Composed = Annotated[str | None, typer.Option("--composer", metavar="extractive|model|auto", help="作答方式。")]
