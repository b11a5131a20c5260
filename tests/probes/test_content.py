"""Every border of content, tried by everybody through every door: nothing leaks, not even that something is there."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.probes.conftest import HOME, OPEN, PAPERS, ROLES, SECRET, SEES, Bank, Paper, command_line
from yinshu.kernel.base.errors import YinshuError

Look = Callable[[Bank, str, Paper], str]
BORDERS = [
    (who, key)
    for who, seen in SEES.items()
    for key in (PAPERS if who not in ROLES else (OPEN, SECRET))
    if key not in seen
]
UNKNOWN = "zzz_00000000000000000000"


def _posted(path: str) -> Look:
    def look(bank: Bank, who: str, paper: Paper) -> str:
        return str(bank.ask(who, "POST", path, json={"question": paper.question}).text)

    return look


def _shown(path: str) -> Look:
    def look(bank: Bank, who: str, paper: Paper) -> str:
        return str(bank.ask(who, "GET", path).text)

    return look


def _commanded(operation: str) -> Look:
    def look(bank: Bank, who: str, paper: Paper) -> str:
        try:
            return json.dumps(command_line(bank, who, operation, question=paper.question), ensure_ascii=False)
        except YinshuError as refused:
            return refused.message

    return look


def _conversed(bank: Bank, who: str, paper: Paper) -> str:
    made = bank.ask(who, "POST", "/api/conversations", json={}).json()["id"]
    told = bank.ask(who, "POST", f"/api/conversations/{made}/turns", json={"question": paper.question}).text
    return str(told) + str(bank.ask(who, "GET", f"/api/conversations/{made}/export?format=md").text)


def _found(bank: Bank, who: str, paper: Paper) -> str:
    return str(bank.ask(who, "GET", "/api/find", params={"q": paper.subject}).text)


DOORS: dict[str, Look] = {
    "search": _posted("/api/search"),
    "ask": _posted("/api/ask"),
    "stream": _posted("/api/ask/stream"),
    "command line search": _commanded("search"),
    "command line ask": _commanded("ask"),
    "conversation": _conversed,
    "top search": _found,
    "documents": _shown("/api/knowledge/documents"),
    "links": _shown("/api/knowledge/links"),
    "reviews": _shown("/api/knowledge/reviews"),
    "questions and answers": _shown("/api/knowledge/faq"),
    "home": _shown("/api/home"),
    "conversations": _shown("/api/conversations"),
}


def tokens(bank: Bank, paper: Paper) -> list[str]:
    """What gives a document away; its subject is left out, because the questions name it themselves."""
    return [paper.amount, paper.file, bank.documents[paper.key], bank.versions[paper.key]]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("who", "key"), BORDERS)
def test_what_somebody_may_not_see_comes_through_no_door(bank: Bank, door: str, who: str, key: str) -> None:
    paper = PAPERS[key]
    told = DOORS[door](bank, who, paper)
    assert [token for token in tokens(bank, paper) if token in told] == []


@pytest.mark.parametrize("door", ["search", "ask", "stream", "command line search", "conversation", "top search"])
@pytest.mark.parametrize(("who", "key"), [(who, key) for who, seen in SEES.items() for key in sorted(seen)])
def test_what_somebody_may_see_comes_through_the_same_doors(bank: Bank, door: str, who: str, key: str) -> None:
    paper = PAPERS[key]
    told = DOORS[door](bank, who, paper)
    assert any(token in told for token in tokens(bank, paper)), told[:500]


@pytest.mark.parametrize(("who", "key"), BORDERS)
def test_a_hidden_rule_is_refused_like_one_that_never_was(bank: Bank, who: str, key: str) -> None:
    paper = PAPERS[key]
    hidden = bank.ask(who, "POST", "/api/ask", json={"question": paper.question})
    invented = paper.question.replace(paper.subject, "黄金玉兰业务")
    never = bank.ask(who, "POST", "/api/ask", json={"question": invented})
    assert hidden.status_code == never.status_code
    if hidden.status_code == 200:
        assert hidden.json()["status"] == never.json()["status"]
        assert len(hidden.json()["nearest"]) == len(never.json()["nearest"])


def _document_doors(bank: Bank, key: str) -> dict[str, tuple[str, str, str, Any]]:
    """Doors to one document: method, path with the id, the same path with an id that does not exist, body."""
    document, version = bank.documents[key], bank.versions[key]

    def both(shape: str) -> tuple[str, str]:
        return shape.format(d=document, v=version), shape.format(d=f"doc_{UNKNOWN}", v=f"ver_{UNKNOWN}")

    base = "/api/knowledge/documents/{d}"
    return {
        "card": ("GET", *both(base), None),
        "text": ("GET", *both(base + "/versions/{v}/text"), None),
        "page": ("GET", *both(base + "/versions/{v}/pages/1.png"), None),
        "original": ("GET", *both(base + "/versions/{v}/original"), None),
        "level": ("PUT", *both(base + "/level"), {"level": "public"}),
        "owner": ("PATCH", *both(base), {"owner_id": None}),
        "grants": ("GET", *both("/api/grants?resource_kind=document&resource_id={d}"), None),
        "history": ("GET", *both("/api/knowledge/versions/{v}/history"), None),
        "diff": ("GET", *both("/api/knowledge/versions/{v}/diff"), None),
        "impact": ("GET", *both("/api/knowledge/versions/{v}/impact"), None),
        "archive": ("POST", *both("/api/knowledge/versions/{v}/archive"), {"comment": "试"}),
        "publish": ("POST", *both("/api/knowledge/versions/{v}/publish"), {"comment": "试"}),
    }


@pytest.mark.parametrize("door", list(_document_doors(Bank(*[{}] * 3, *[{OPEN: ""}] * 4, "", "", None), OPEN)))  # type: ignore[arg-type]
@pytest.mark.parametrize(("who", "key"), BORDERS)
def test_a_hidden_document_answers_exactly_like_none(bank: Bank, door: str, who: str, key: str) -> None:
    method, path, unknown_path, body = _document_doors(bank, key)[door]
    hidden = bank.ask(who, method, path, json=body)
    never = bank.ask(who, method, unknown_path, json=body)
    assert hidden.status_code in (403, 404)
    assert (hidden.status_code, _without_ids(bank, key, hidden.text)) == (
        never.status_code,
        _without_ids(bank, key, never.text),
    )


def _without_ids(bank: Bank, key: str, text: str) -> str:
    for one in (bank.documents[key], bank.versions[key], f"doc_{UNKNOWN}", f"ver_{UNKNOWN}"):
        text = text.replace(one, "*")
    return text


@pytest.mark.parametrize("who", [who for who, seen in SEES.items() if OPEN not in seen])
def test_a_hidden_collection_answers_exactly_like_none(bank: Bank, who: str) -> None:
    collection = bank.collections[HOME]
    for shape in ("/api/knowledge/collections/{}/documents",):
        hidden, never = (bank.ask(who, "GET", shape.format(one)) for one in (collection, f"col_{UNKNOWN}"))
        assert hidden.status_code == 404
        assert hidden.text.replace(collection, "*") == never.text.replace(f"col_{UNKNOWN}", "*")
    named, unnamed = (
        bank.ask(who, "POST", "/api/search", json={"question": "保证金", "collection": name})
        for name in (HOME, "没有的库")
    )
    assert named.status_code == unnamed.status_code >= 400
    assert named.text.replace(HOME, "*") == unnamed.text.replace("没有的库", "*")


@pytest.mark.parametrize("who", [who for who in SEES if who not in ("owner", "content")])
def test_who_does_not_manage_a_collection_gives_no_rights_on_it(bank: Bank, who: str) -> None:
    def give(collection: str) -> Any:
        body = {
            "resource": {"kind": "collection", "id": collection},
            "holder": {"kind": "person", "id": bank.ids[who]},
            "action": "read",
        }
        return bank.ask(who, "POST", "/api/grants", json=body)

    hidden, never = give(bank.collections[HOME]), give(f"col_{UNKNOWN}")
    assert (hidden.status_code, hidden.text) == (never.status_code, never.text)
    assert hidden.status_code == 404


@pytest.mark.parametrize("who", [who for who in SEES if who != "owner"])
def test_nobody_uploads_where_they_may_not(bank: Bank, who: str) -> None:
    def upload(collection: str) -> Any:
        files = {"files": ("新.txt", "内容".encode(), "text/plain")}
        return bank.ask(who, "POST", "/api/knowledge/uploads", files=files, data={"collection_id": collection})

    hidden, never = upload(bank.collections[HOME]), upload(f"col_{UNKNOWN}")
    if OPEN in SEES[who]:
        # Whoever may ask knows the collection by its name, and is told that uploading is not their right.
        assert hidden.status_code == 403
        return
    assert hidden.status_code == 404
    assert hidden.text.replace(bank.collections[HOME], "*") == never.text.replace(f"col_{UNKNOWN}", "*")
