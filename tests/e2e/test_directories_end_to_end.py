"""Signing in from a real browser with the bank's own accounts: a real OpenLDAP and a real OpenID Connect provider."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.directories import conftest as directories
from tests.adapters.directories.conftest import ADMIN_PASSWORD, Ldap, free_port, providing
from tests.adapters.directories.test_oidc_directory import SECRET
from tests.e2e.browsing import PASSWORD, RUN_SECONDS, missing, travel
from tests.product.running import Server, serving, yinshu

ldap = directories.ldap
ONE_TIME = re.compile(r"登录名 (\S+)，一次性密码 (\S+)")
SAID_SECONDS = 10

pytestmark = [pytest.mark.browser, pytest.mark.timeout(RUN_SECONDS + 600)]


def describe(folder: Path, ldap: Ldap, issuer: str) -> Path:
    """The file that tells the product of both directories."""
    (folder / "bind").write_text(ADMIN_PASSWORD)
    (folder / "client").write_text(SECRET)
    told = {
        "ldap": {
            "url": f"ldaps://127.0.0.1:{ldap.tls_port}",
            "ca_file": str(ldap.ca_file),
            "bind_dn": "cn=admin,dc=bank,dc=example",
            "bind_password_file": str(folder / "bind"),
            "base_dn": "dc=bank,dc=example",
        },
        "oidc": [
            {
                "id": "bank",
                "name": "统一认证",
                "issuer": issuer,
                "client_id": "yinshu",
                "client_secret_file": str(folder / "client"),
            }
        ],
        "departments": {"Head Office/IT": "总行/信息科技部"},
        "posts": {"sec-officer": "信息安全岗"},
        "take_unmapped": True,
    }
    file = folder / "directories.json"
    file.write_text(json.dumps(told), "utf-8")
    return file


@pytest.fixture
def server(tmp_path: Path, ldap: Ldap) -> Iterator[Server]:
    """A server of an empty bank that knows both directories."""
    if reason := missing():
        pytest.skip(reason)
    home = tmp_path / "bank"
    made = yinshu(home, "init", "--json")
    assert made.code == 0, made.err
    port = free_port()
    with providing(f"http://127.0.0.1:{port}/api/sign-in/oidc/bank/callback") as provider:
        file = describe(tmp_path, ldap, provider.issuer)
        settings = {"YINSHU_PORT": str(port), "YINSHU_DIRECTORIES_FILE": str(file), "YINSHU_LOG_LEVEL": "warning"}
        with serving(home, home / "server.log", **settings) as running:
            yield running


def test_people_of_the_directories_sign_in_at_the_portal(server: Server, tmp_path: Path) -> None:
    deadline = time.monotonic() + SAID_SECONDS
    while not (found := ONE_TIME.search(server.log.read_text("utf-8"))):
        assert time.monotonic() < deadline, "the first start tells the administrator's one-time password"
        time.sleep(0.05)
    people = {
        "admin": {"login": found[1], "oneTime": found[2], "password": PASSWORD, "name": "系统管理员"},
        "ldap": {"login": "lina", "name": "李娜", "password": directories.PEOPLE["lina"][1]},
        "oidc": {"login": "8842", "name": "周洁", "password": "any"},
    }
    file = tmp_path / "people.json"
    file.write_text(json.dumps(people), "utf-8")
    travel("directories", server.url, file, tmp_path / "shots")
