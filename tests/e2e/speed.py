"""Measures the portal over loopback on the sample bank and prints the figures: python -m tests.e2e.speed."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.e2e.browsing import CHROMIUM, NODE, PASSWORD, WEB, missing
from tests.product.running import serving, yinshu

TELLER = "zhangwei"


def main() -> int:
    """0 when every page was measured."""
    if reason := missing():
        sys.stderr.write(f"{reason}\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "bank"
        made = yinshu(home, "init", "--sample", "--sample-passwords", str(home / "passwords.csv"), "--json")
        assert made.code == 0, made.err
        with (home / "passwords.csv").open(encoding="utf-8", newline="") as rows:
            one_time = next(row["password"] for row in csv.DictReader(rows) if row["login"] == TELLER)
        people = home / "people.json"
        people.write_text(json.dumps({"teller": {"login": TELLER, "oneTime": one_time, "password": PASSWORD}}), "utf-8")
        with serving(home, home / "server.log", YINSHU_LOG_LEVEL="warning") as server:
            return subprocess.run(
                [str(NODE), "e2e/speed.mjs", server.url, str(people)],
                cwd=WEB,
                env={**os.environ, "CHROMIUM": str(CHROMIUM)},
                check=False,
            ).returncode


if __name__ == "__main__":
    raise SystemExit(main())
