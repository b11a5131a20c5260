"""LiteLLM's proxy in a throw-away environment of its own; never a dependency of ours."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

KEY = "sk-bench"
INSTALL_SECONDS_MAX = 900
REQUIREMENT = "litellm[proxy]"


class NotInstalled(Exception):
    """LiteLLM could not be installed here; `args[0]` says why."""


def install(folder: Path) -> Path:
    """The `litellm` command of an environment in the folder; one that is there already is used. Raises NotInstalled."""
    command = folder / "bin" / "litellm"
    if command.exists():
        return command
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.is_file() else shutil.which("uv")
    if uv is None:
        raise NotInstalled("没有 uv")
    python = str(folder / "bin" / "python")
    for step in (
        [uv, "venv", "--quiet", str(folder)],
        [uv, "pip", "install", "--quiet", "--python", python, REQUIREMENT],
    ):
        try:
            # The words come from this file and the folder from our caller.
            done = subprocess.run(  # noqa: S603
                step, capture_output=True, text=True, timeout=INSTALL_SECONDS_MAX, check=False
            )
        except subprocess.TimeoutExpired:
            raise NotInstalled("安装超时") from None
        if done.returncode != 0:
            raise NotInstalled(done.stderr.strip()[-300:] or "安装失败")
    return command


def write_config(path: Path, upstream: str) -> Path:
    """One model that passes on to the mock server, a master key, nothing else switched on."""
    path.write_text(
        "model_list:\n"
        "  - model_name: mock\n"
        "    litellm_params:\n"
        "      model: openai/mock\n"
        f"      api_base: {upstream}/v1\n"
        "      api_key: none\n"
        "general_settings:\n"
        f"  master_key: {KEY}\n"
        "litellm_settings:\n"
        "  telemetry: false\n"
        "  set_verbose: false\n",
        encoding="utf-8",
    )
    return path
