"""A person at a browser, for tests of the served product: signs in, keeps the cookie, sends what a page must send."""

from __future__ import annotations

import http.client
import json
import re
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.product.running import Server

SECONDS_MAX = 60


@dataclass(frozen=True)
class Reply:
    """What came back; `json` raises when it is none."""

    status: int
    body: bytes
    cookie: str = ""

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body)) if self.body else {}


def request(
    server: Server, method: str, path: str, headers: dict[str, str], body: bytes | dict[str, Any] | None = None
) -> Reply:
    """One request on a connection of its own. Raises OSError or HTTPException when the server is gone."""
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=SECONDS_MAX)
    sent = headers
    if isinstance(body, dict):
        body, sent = json.dumps(body).encode(), {**headers, "Content-Type": "application/json"}
    try:
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        cookie = re.match(r"yinshu_session=[^;]+", answer.headers.get("set-cookie") or "")
        return Reply(answer.status, answer.read(), cookie[0] if cookie else "")
    finally:
        connection.close()


def as_operator(server: Server, method: str, path: str, body: dict[str, Any] | None = None) -> Reply:
    """A request of the machine's own operator."""
    return request(server, method, path, {"Authorization": f"Bearer {server.token}"}, body)


@dataclass
class Person:
    """Somebody signed in. Every server that shares the database knows the same cookie."""

    cookie: str
    csrf: str

    def ask(self, server: Server, method: str, path: str, body: bytes | dict[str, Any] | None = None) -> Reply:
        """A request of this person's page."""
        return request(server, method, path, {"Cookie": self.cookie, "X-CSRF-Token": self.csrf}, body)

    def upload(self, server: Server, collection_id: str, files: dict[str, str]) -> Reply:
        """Send files into a collection."""
        body, kind = form({"collection_id": collection_id}, files)
        headers = {"Cookie": self.cookie, "X-CSRF-Token": self.csrf, "Content-Type": kind}
        return request(server, "POST", "/api/knowledge/uploads", headers, body)


def new_person(server: Server, login: str, name: str) -> Person:
    """Take somebody in and sign in for the first time, with a password of their own."""
    made = as_operator(server, "POST", "/api/people", {"login": login, "name": name})
    assert made.status == 201, made.body
    first = _sign_in(server, login, str(made.json["password"]))
    # In pairs, so that no run of letters is one that the policy refuses.
    own = f"Ws.{'.'.join(secrets.token_hex(1) for _ in range(6))}"
    changed = first.ask(server, "POST", "/api/session/password", {"old": made.json["password"], "new": own})
    assert changed.status == 204, changed.body
    return _sign_in(server, login, own)


def _sign_in(server: Server, login: str, password: str) -> Person:
    given = {"login": login, "password": password, "method": "password"}
    opened = request(server, "POST", "/api/session", {}, given)
    assert opened.status == 200, opened.body
    assert opened.cookie
    return Person(opened.cookie, str(opened.json["csrf_token"]))


def form(fields: dict[str, str], files: dict[str, str]) -> tuple[bytes, str]:
    """A multipart body and its content type."""
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{one}\r\n' for key, one in fields.items()
    ]
    parts += [
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        f"Content-Type: text/plain\r\n\r\n{text}\r\n"
        for name, text in files.items()
    ]
    return ("".join(parts) + f"--{boundary}--\r\n").encode(), f"multipart/form-data; boundary={boundary}"
