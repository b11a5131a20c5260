"""`yinshu audit`: check that the ledger is whole."""

from __future__ import annotations

import typer

from yinshu.cli.options import Json
from yinshu.cli.output import emit
from yinshu.kernel.base.errors import BadInput

app = typer.Typer(help="台账：核对记录链是否完整、未被改动。", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def verify(as_json: Json = False) -> None:
    """逐条核对台账；有改动或缺失时指出第一条，并以退出码 3 结束。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show import show_chain

    with open_door() as door:
        result = door.call("verify_ledger", {})
    emit(result, as_json, show_chain)
    if not result["ok"]:
        raise typer.Exit(BadInput.exit_code)
