"""What the browser tests need of this machine, and how they run the portal's journeys."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from yinshu.api.portal import SITE

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NODE = shutil.which("node")
RUN_SECONDS = 900
PASSWORD = "Qiu-Tian-De-Ye-2026"


def missing() -> str:
    """What this machine lacks for these tests, in words; "" when nothing."""
    if CHROMIUM is None:
        return "没有 Chromium（apt-get install chromium fonts-noto-cjk），跳过浏览器测试。"
    if NODE is None or not (WEB / "node_modules" / "playwright-core").exists():
        return "没有 Node 或 web/node_modules（make portal），跳过浏览器测试。"
    return "" if (SITE / "index.html").exists() else "门户还没有构建（make portal），跳过浏览器测试。"


def travel(journeys: str, url: str, people: Path, shots: Path) -> None:
    """Run a file of journeys (its name under web/e2e) to the end; fails with what the browser saw.

    YINSHU_SHOTS names the folder where screenshots are wanted, instead of `shots`.
    """
    folder = os.environ.get("YINSHU_SHOTS", str(shots))
    done = subprocess.run(
        [str(NODE), "e2e/run.mjs", url, str(people), "--journeys", journeys, "--shots", folder],
        cwd=WEB,
        env={**os.environ, "CHROMIUM": str(CHROMIUM)},
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "not ok" not in done.stdout
    assert "ok " in done.stdout
