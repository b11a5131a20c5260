"""The portal's files: one page for every address, caching by name, compression beforehand, and a strict policy."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from starlette.responses import JSONResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from yinshu.api.portal import Portal

SCRIPT = b"console.log('portal');" * 100
PAGE = b'<!doctype html><meta name="style-nonce" content="__STYLE_NONCE__"><div id="root"></div>'


async def missing(scope: Scope, receive: Receive, send: Send) -> None:
    """What answers for addresses that are not the portal's."""
    await JSONResponse({"code": "not_found"}, status_code=404)(scope, receive, send)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_bytes(PAGE)
    (tmp_path / "assets" / "index-abc.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "index-abc.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "mark.svg").write_bytes(b"<svg/>")
    return tmp_path


def client_of(site: Path) -> TestClient:
    portal = Portal(site, missing)

    async def numbered(scope: Scope, receive: Receive, send: Send) -> None:
        await portal({**scope, "request_id": "req_1"}, receive, send)

    return TestClient(numbered)


@pytest.fixture
def client(site: Path) -> TestClient:
    return client_of(site)


@pytest.mark.parametrize("address", ["/", "/chat/conv_1", "/index.html", "/knowledge/documents/doc_1"])
def test_every_address_is_the_one_page(client: TestClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert b'id="root"' in response.content
    assert response.headers["cache-control"] == "no-cache"


def test_the_policy_lets_no_inline_script_in_and_styles_only_with_this_pages_word(client: TestClient) -> None:
    first, second = client.get("/"), client.get("/")
    policy = first.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert f'content="{nonce}"'.encode() in first.content
    assert nonce.encode() not in second.content


def test_a_hashed_file_is_kept_and_comes_compressed(client: TestClient) -> None:
    response = client.get("/assets/index-abc.js", headers={"Accept-Encoding": "gzip"})
    assert response.content == SCRIPT
    assert response.headers["content-encoding"] == "gzip"
    assert "immutable" in response.headers["cache-control"]


def test_whoever_takes_no_compression_gets_the_plain_file(client: TestClient) -> None:
    response = client.get("/assets/index-abc.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in response.headers
    assert response.content == SCRIPT


def test_a_known_file_is_not_sent_again(client: TestClient) -> None:
    tag = client.get("/mark.svg").headers["etag"]
    assert client.get("/mark.svg", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("address", ["/assets/index-old.js", "/..%2fpyproject.toml", "/assets/../../secret.txt"])
def test_a_file_that_is_not_the_portals_is_not_there(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/api/nothing", "/v1/nothing", "/metrics/x"])
def test_addresses_of_the_edge_are_left_to_it(client: TestClient, address: str) -> None:
    assert client.get(address).json() == {"code": "not_found"}


def test_nothing_is_posted_to_the_portal(client: TestClient) -> None:
    assert client.post("/chat").status_code == 404


def test_without_a_built_portal_the_page_says_how_to_build_it(tmp_path: Path) -> None:
    response = client_of(tmp_path / "site").get("/")
    assert response.status_code == 503
    assert "make portal" in response.text


def test_a_rebuilt_portal_is_seen_without_a_restart(client: TestClient, site: Path) -> None:
    client.get("/")
    (site / "assets" / "index-new.js").write_bytes(b"new")
    index = site / "index.html"
    index.write_bytes(PAGE + b"<!-- new -->")
    import os

    os.utime(index, (1, 1))
    assert client.get("/assets/index-new.js").content == b"new"
