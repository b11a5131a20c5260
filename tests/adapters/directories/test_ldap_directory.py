"""Sign-in against a real OpenLDAP: over TLS, with escaped filters, and never without a password."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.directories.conftest import ADMIN_PASSWORD, PEOPLE, Ldap, free_port
from yinshu.adapters.directories.configuration import read_directories
from yinshu.adapters.directories.ldap_directory import LdapDirectory, last_name, units_of
from yinshu.kernel.base.errors import BadArgument, DependencyDown
from yinshu.kernel.identity.errors import SignInRefused

LINA_PASSWORD = PEOPLE["lina"][1]


def directory(ldap: Ldap, tmp_path: Path, **changed: Any) -> LdapDirectory:
    """The directory as a file describes it; LDAPS unless something is changed."""
    secret = tmp_path / "bind"
    secret.write_text(f"{ADMIN_PASSWORD}\n")
    part = {
        "url": f"ldaps://127.0.0.1:{ldap.tls_port}",
        "ca_file": str(ldap.ca_file),
        "bind_dn": "cn=admin,dc=bank,dc=example",
        "bind_password_file": str(secret),
        "base_dn": "dc=bank,dc=example",
        **changed,
    }
    file = tmp_path / "directories.json"
    file.write_text(json.dumps({"ldap": part}), "utf-8")
    found = read_directories(file).ldap
    assert found is not None
    return found


@pytest.mark.parametrize("tls", ["ldaps", "starttls", "none"])
def test_the_right_password_tells_who_it_is_and_where_they_work(ldap: Ldap, tmp_path: Path, tls: str) -> None:
    url = f"ldaps://127.0.0.1:{ldap.tls_port}" if tls == "ldaps" else f"ldap://127.0.0.1:{ldap.port}"
    person = directory(ldap, tmp_path, url=url, tls=tls).sign_in("lina", LINA_PASSWORD)
    assert (person.source, person.login, person.name, person.email) == ("ldap", "lina", "李娜", "lina@bank.example")
    assert person.department == "总行/运营管理部"
    assert set(person.posts) == {"综合柜员", "反假货币专员"}
    assert len(person.external_id) == 36, "the entryUUID, which stays when the entry moves"


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("lina", "别的密码"),
        ("lina", ""),
        ("nobody", LINA_PASSWORD),
        ("*", LINA_PASSWORD),
        ("lin*", LINA_PASSWORD),
        ("lina)(uid=*", LINA_PASSWORD),
        ("lina)(|(uid=*", LINA_PASSWORD),
        ("\\6cina\x00", LINA_PASSWORD),
        ("twin", PEOPLE["twin"][1]),
    ],
)
def test_everybody_else_is_refused_in_the_same_words(ldap: Ldap, tmp_path: Path, login: str, password: str) -> None:
    found = directory(ldap, tmp_path)
    with pytest.raises(SignInRefused) as refused:
        found.sign_in(login, password)
    with pytest.raises(SignInRefused) as wrong:
        found.sign_in("lina", "别的密码")
    assert refused.value.message == wrong.value.message


def test_a_login_with_a_star_is_that_person_and_nobody_else(ldap: Ldap, tmp_path: Path) -> None:
    assert directory(ldap, tmp_path).sign_in("star*", PEOPLE["star*"][1]).name == "带星号"


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(ldap: Ldap, tmp_path: Path) -> None:
    with pytest.raises(DependencyDown, match="单位目录"):
        directory(ldap, tmp_path, ca_file=None).sign_in("lina", LINA_PASSWORD)


def test_a_directory_that_is_down_says_so(ldap: Ldap, tmp_path: Path) -> None:
    with pytest.raises(DependencyDown, match="没有应答"):
        directory(ldap, tmp_path, url=f"ldaps://127.0.0.1:{free_port()}").sign_in("lina", LINA_PASSWORD)


def test_a_wrong_password_of_our_own_account_is_no_fault_of_the_person(ldap: Ldap, tmp_path: Path) -> None:
    found = directory(ldap, tmp_path, bind_dn="cn=other,dc=bank,dc=example")
    with pytest.raises(DependencyDown):
        found.sign_in("lina", LINA_PASSWORD)


@pytest.mark.parametrize(
    "changed",
    [
        {"url": "ldap://ldap.bank.example", "tls": "none"},
        {"url": "ldap://ldap.bank.example", "tls": "ldaps"},
        {"user_filter": "(uid=*)"},
        {"unknown": 1},
    ],
)
def test_a_file_that_would_be_unsafe_is_refused(tmp_path: Path, changed: dict[str, Any]) -> None:
    part = {"url": "ldaps://ldap.bank.example", "base_dn": "dc=x", **changed}
    file = tmp_path / "directories.json"
    file.write_text(json.dumps({"ldap": part}), "utf-8")
    with pytest.raises(BadArgument, match=r"rights\.md"):
        read_directories(file)


def test_names_are_read_without_their_escapes() -> None:
    assert units_of(r"uid=a,ou=\E8\BF\90\E8\90\A5\, 一部,ou=总行,dc=x") == "总行/运营, 一部"
    assert last_name("cn=tellers,ou=groups,dc=x") == "tellers"
    assert last_name("综合柜员") == "综合柜员"
