"""The portal in a real browser: Chromium drives the built portal against a server with the sample bank."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.browsing import PASSWORD, RUN_SECONDS, missing, travel
from tests.product.running import Server, serving, yinshu

PEOPLE = {
    "teller": "zhangwei",
    "colleague": "chenjing",
    "stranger": "zhaomin",
    "maker": "lina",
    "checker": "wangfang",
    "peopleAdmin": "sunli",
    "contentAdmin": "qianwei",
    "operator": "zhengkai",
    "safetyAdmin": "zhoujie",
    "auditAdmin": "wuting",
}

pytestmark = [pytest.mark.browser, pytest.mark.timeout(RUN_SECONDS + 600)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample bank, with a file of its people's one-time passwords."""
    if reason := missing():
        pytest.skip(reason)
    home = tmp_path_factory.mktemp("bank")
    made = yinshu(home, "init", "--sample", "--sample-passwords", str(home / "passwords.csv"), "--json")
    assert made.code == 0, made.err
    return home


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    """A server on the sample bank."""
    with serving(home, home / "server.log", YINSHU_LOG_LEVEL="warning") as running:
        yield running


@pytest.fixture(scope="module")
def people(home: Path) -> Path:
    """A file with the people of the scenarios and their one-time passwords."""
    with (home / "passwords.csv").open(encoding="utf-8", newline="") as rows:
        staff = {row["login"]: row for row in csv.DictReader(rows)}
    found = {
        part: {"login": login, "name": staff[login]["name"], "oneTime": staff[login]["password"], "password": PASSWORD}
        for part, login in PEOPLE.items()
    }
    file = home / "people.json"
    file.write_text(json.dumps(found), "utf-8")
    return file


def test_people_work_in_the_portal_from_first_login_to_refusal(server: Server, people: Path, tmp_path: Path) -> None:
    travel("scenarios", server.url, people, tmp_path)
