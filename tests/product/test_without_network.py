"""Everything that is installed runs with the network off."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 280
pytestmark = pytest.mark.timeout(300)


def namespace_command() -> list[str]:
    """How this machine makes a network namespace: as root, or as a user who becomes root in it."""
    for command in (["unshare", "--net"], ["unshare", "--map-root-user", "--net"]):
        try:
            tried = subprocess.run([*command, "true"], capture_output=True, timeout=10, check=False)
        except FileNotFoundError:
            break
        if tried.returncode == 0:
            return command
    pytest.skip("this machine cannot make a network namespace (unshare --net)")


def test_the_product_serves_and_answers_with_the_network_off(home: Path, tmp_path: Path) -> None:
    script = [sys.executable, "-m", "tests.product.without_network", str(home), str(tmp_path / "server.log")]
    done = subprocess.run(
        [*namespace_command(), *script],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)["answers"]
    assert [answer["status"] for answer in answers] == ["answered"] * 3
