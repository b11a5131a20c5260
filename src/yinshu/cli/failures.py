"""Failures become exit codes and Chinese sentences here, and nowhere else on the command line."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Sequence

import typer

from yinshu.cli.output import note
from yinshu.kernel.base.errors import BadArgument, YinshuError

EXIT_INTERNAL = 1
EXIT_INTERRUPTED = 130

_TYPED = re.compile(r"['(]([^')]+)[')]")
_USAGE_WORDS = {
    "MissingParameter": "缺少必填的参数",
    "NoSuchOption": "没有这个选项",
    "BadParameter": "参数的值不对",
    "BadOptionUsage": "选项的用法不对",
    "BadArgumentUsage": "参数的用法不对",
}


def run_guarded(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Run the command that `arguments` name; turn whatever it raises into an exit code and a message."""
    as_json = "--json" in arguments
    try:
        code = app(args=list(arguments), prog_name="yinshu", standalone_mode=False)
    except typer.TyperException as error:
        return _refuse_usage(error, as_json)
    except YinshuError as error:
        return _fail(error.exit_code, error.code, error.message, as_json)
    except (KeyboardInterrupt, typer.Abort):
        note("已中断。")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`yinshu ... | head`); a second flush at exit would complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_INTERNAL
    except Exception as error:  # noqa: BLE001 # the boundary of a command: our own fault, logged without its words
        _log_unexpected(error)
        return _fail(EXIT_INTERNAL, "internal", "程序内部出错，已记入日志。请把上面的记录告诉系统管理员。", as_json)
    return code if isinstance(code, int) else 0


def _log_unexpected(error: Exception) -> None:
    import structlog

    from yinshu.kernel.base.logs import configure_logs

    if not structlog.is_configured():
        configure_logs("info", "keyvalue")
    structlog.get_logger("yinshu.cli").error("command.failed", exc_info=error)


def _refuse_usage(error: typer.TyperException, as_json: bool) -> int:
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        note(error.format_message())
        return BadArgument.exit_code
    words = _USAGE_WORDS.get(kind, "命令的用法不对")
    name = _wrong_name(error)
    message = f"{words}{f'：{name}' if name else ''}。加 --help 可查看用法。"
    return _fail(BadArgument.exit_code, BadArgument.code, message, as_json)


def _wrong_name(error: typer.TyperException) -> str:
    """The parameter that is wrong, as the user typed it or should have."""
    if option := getattr(error, "option_name", None):
        return str(option)
    parameter = getattr(error, "param", None)
    if parameter is None:
        return ", ".join(_TYPED.findall(error.format_message()))
    return str(parameter.opts[0] if parameter.opts[0].startswith("-") else parameter.metavar or parameter.name.upper())


def _fail(exit_code: int, code: str, message: str, as_json: bool) -> int:
    if as_json:
        sys.stdout.write(json.dumps({"status": "error", "code": code, "message": message}, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    note(f"出错了：{message}")
    return exit_code
