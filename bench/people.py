"""Fifty people at their pages: how long the data of each page takes, and what it costs the server's processors.

    python -m bench.people                       # makes a sample bank of its own (a minute or two), then measures
    python -m bench.people --home DIR            # on a copy of a data folder that holds documents already

Each person is signed in by a session of their own and opens page after page, looking at each for `--look` seconds on
average. A page is done when all the requests that the portal makes for its data are answered. The load comes from the
same machine, so its own processor time (printed too) is taken from the server's.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench.serving import Server, run_yinshu, running_server, spread

DEPARTMENT = "测量部"
WORDS = ("账户", "现金", "贷款", "印章", "反洗钱", "密码", "营业", "审批")
QUESTIONS = ("单位卡能取现金吗", "对公账户开户要什么材料")
DOCUMENTS_LISTED = 50
CPU_ROUNDS = 40
TARGET_MS = 300.0


@dataclass
class Person:
    """Somebody signed in, with a connection that stays open and what they have to look at."""

    server: Server
    cookie: str
    csrf: str
    chance: random.Random
    conversations: list[str] = field(default_factory=list)
    documents: list[tuple[str, str, str]] = field(default_factory=list)
    connection: http.client.HTTPConnection | None = None

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> bytes:
        """The body of the answer; RuntimeError when it is not a success."""
        try:
            answer = self._send(method, path, body)
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server closes a connection that was idle for long; a browser opens another one, and so do we.
            self.connection = None
            answer = self._send(method, path, body)
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:200]!r}")
        return content

    def _send(self, method: str, path: str, body: dict[str, Any] | None) -> http.client.HTTPResponse:
        self.connection = self.connection or self.server.connect()
        headers = {"Cookie": self.cookie, "X-CSRF-Token": self.csrf, "Content-Type": "application/json"}
        self.connection.request(method, path, None if body is None else json.dumps(body), headers)
        return self.connection.getresponse()

    def get(self, path: str) -> Any:
        return json.loads(self.call("GET", path))


# ---- the pages, by the requests that the portal makes for their data ----


def open_home(person: Person) -> None:
    person.get("/api/session")
    person.get("/api/home")


def open_conversations(person: Person) -> None:
    person.get("/api/conversations?limit=30")


def open_conversation(person: Person) -> None:
    person.get(f"/api/conversations/{person.chance.choice(person.conversations)}")


def open_library(person: Person) -> None:
    person.get("/api/knowledge/collections")
    collection = person.chance.choice(person.documents)[0]
    person.get(f"/api/knowledge/collections/{collection}/documents?limit={DOCUMENTS_LISTED}&sort=title")


def open_document(person: Person) -> None:
    _, document, version = person.chance.choice(person.documents)
    person.get(f"/api/knowledge/documents/{document}")
    person.get(f"/api/knowledge/documents/{document}/versions/{version}/text")


def search(person: Person) -> None:
    person.get(f"/api/find?q={quote(person.chance.choice(WORDS))}")


PAGES: dict[str, Callable[[Person], None]] = {
    "home": open_home,
    "conversation list": open_conversations,
    "conversation": open_conversation,
    "library list": open_library,
    "document": open_document,
    "search": search,
}


# ---- the people ----


def operator(server: Server, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """A request of the machine's own operator."""
    connection = server.connect()
    headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status >= 300:
        raise SystemExit(f"{method} {path}: {answer.status} {content[:300]!r}")
    return json.loads(content) if content else None


def make_people(server: Server, count: int, turns: int) -> list[Person]:
    """A department that may read everything, and people in it who have asked something."""
    department = operator(server, "POST", "/api/departments", {"name": f"{DEPARTMENT}{secrets.token_hex(3)}"})["id"]
    collections = [one["id"] for one in operator(server, "GET", "/api/knowledge/collections")["collections"]]
    for one in collections:
        grant = {
            "resource": {"kind": "collection", "id": one},
            "holder": {"kind": "department", "id": department},
            "action": "read",
            "effect": "allow",
        }
        operator(server, "POST", "/api/grants", grant)
    people = [_new_person(server, department, number) for number in range(count)]
    for person in people:
        for collection in collections:
            path = f"/api/knowledge/collections/{collection}/documents?status=published&limit={DOCUMENTS_LISTED}"
            for row in person.get(path)["items"]:
                person.documents.append((collection, row["document_id"], row["version_id"]))
        conversation = json.loads(person.call("POST", "/api/conversations", {}))["id"]
        for question in (QUESTIONS * turns)[:turns]:
            person.call("POST", f"/api/conversations/{conversation}/turns", {"question": question})
        person.conversations.append(conversation)
    return people


def _new_person(server: Server, department: str, number: int) -> Person:
    login = f"bench{number}x{secrets.token_hex(3)}"
    made = operator(
        server, "POST", "/api/people", {"login": login, "name": f"同事{number}", "department_id": department}
    )
    person = _signed_in(server, login, made["password"], number)
    # In pairs, so that no run of letters is one that the policy refuses.
    own = f"Qz.{'.'.join(secrets.token_hex(1) for _ in range(6))}"
    person.call("POST", "/api/session/password", {"old": made["password"], "new": own})
    assert person.connection is not None
    person.connection.close()
    return _signed_in(server, login, own, number)


def _signed_in(server: Server, login: str, password: str, number: int) -> Person:
    connection = server.connect()
    given = json.dumps({"login": login, "password": password, "method": "password"})
    connection.request("POST", "/api/session", given, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    told = json.loads(answer.read())
    cookie = str(answer.headers["set-cookie"]).split(";")[0]
    return Person(server, cookie, told["csrf_token"], random.Random(number), connection=connection)


# ---- measuring ----


def crowd(people: Sequence[Person], rounds: int, look_seconds: float) -> dict[str, list[float]]:
    """Everybody opens every page `rounds` times in an order of their own; milliseconds by page."""
    taken: dict[str, list[float]] = {name: [] for name in PAGES}
    failures: list[str] = []
    lock = threading.Lock()

    def work(person: Person) -> None:
        names = list(PAGES) * rounds
        person.chance.shuffle(names)
        time.sleep(person.chance.uniform(0, max(look_seconds, 0.5)))
        for name in names:
            started = time.perf_counter()
            try:
                PAGES[name](person)
            except (RuntimeError, OSError, http.client.HTTPException) as error:
                with lock:
                    failures.append(str(error))
                continue
            with lock:
                taken[name].append(1000 * (time.perf_counter() - started))
            time.sleep(person.chance.uniform(0, 2 * look_seconds))

    threads = [threading.Thread(target=work, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit(f"{len(failures)} pages failed, the first: {failures[0]}")
    return taken


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and of its children that live."""
    ticks = 0
    for one in [pid, *_children(pid)]:
        try:
            fields = Path(f"/proc/{one}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(one) for one in (task / "children").read_text("ascii").split()]
    return found


def cost(person: Person, pid: int) -> dict[str, float]:
    """Milliseconds of the server's processor time that one opening of each page costs; nobody else asks meanwhile."""
    costs = {}
    for name, page in PAGES.items():
        page(person)
        before = cpu_seconds(pid)
        for _ in range(CPU_ROUNDS):
            page(person)
        costs[name] = round(1000 * (cpu_seconds(pid) - before) / CPU_ROUNDS, 1)
    return costs


def measure(home: Path, people: int, rounds: int, look_seconds: float, turns: int) -> dict[str, Any]:
    """The figures, on a data folder that holds documents."""
    with running_server(home) as server:
        staff = make_people(server, people, turns)
        costs = cost(staff[0], server.pid)
        own, served, started = time.process_time(), cpu_seconds(server.pid), time.perf_counter()
        taken = crowd(staff, rounds, look_seconds)
        seconds = time.perf_counter() - started
        everything = [one for times in taken.values() for one in times]
        return {
            "people": people,
            "pages": len(everything),
            "pages_per_second": round(len(everything) / seconds, 1),
            "server_cpu_share": round((cpu_seconds(server.pid) - served) / seconds, 2),
            "bench_cpu_share": round((time.process_time() - own) / seconds, 2),
            "load_average": os.getloadavg()[0],
            "all_ms": spread(everything),
            "page_ms": {name: spread(times) for name, times in taken.items()},
            "page_cpu_ms": costs,
            "target_p95_ms": TARGET_MS,
        }


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="a data folder to copy; without it a sample bank is made")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=4, help="how often everybody opens every page")
    parser.add_argument("--look", type=float, default=2.0, help="seconds that a page is looked at, on average")
    parser.add_argument("--turns", type=int, default=2, help="questions in each person's conversation")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="yinshu-people-") as folder:
        home = Path(folder) / "home"
        if given.home:
            shutil.copytree(given.home, home, ignore=shutil.ignore_patterns("*.sock", "*.lock"))
        else:
            run_yinshu(home, "init", "--sample")
        result = measure(home, given.people, given.rounds, given.look, given.turns)
    print(json.dumps(result, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
