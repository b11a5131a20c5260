"""A small bank with borders: four documents, nine people, one conversation; wired as the product is."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi.testclient import TestClient

from tests.api.stand_in import StubJobs
from yinshu.adapters.indexes.sqlite_index import SqliteIndex
from yinshu.api import operations
from yinshu.api.application import create_api
from yinshu.api.platform import Platform
from yinshu.app.run import open_application
from yinshu.kernel.base.database import reading
from yinshu.kernel.base.errors import NotFound
from yinshu.kernel.base.jobs import JobStatus
from yinshu.kernel.base.logs import configure_logs
from yinshu.kernel.identity.keys import Keys
from yinshu.kernel.identity.persons import NewPerson
from yinshu.kernel.identity.records import ACTIONS
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.ingest import Ingester
from yinshu.kernel.knowledge.reading import file_reader
from yinshu.kernel.knowledge.rights_table import apply_levels, apply_rights
from yinshu.settings import Settings

OPEN, SECRET, DENIED, CREDIT = "open", "secret", "denied", "credit"
HOME, OTHER = "运营制度", "信贷制度"


@dataclass(frozen=True)
class Paper:
    """A document of the bank. Its amount is long, so that no id or time of day holds it by chance."""

    key: str
    collection: str
    file: str
    subject: str
    amount: str

    @property
    def text(self) -> str:
        return (
            f"{self.subject}管理办法\n第一条 {self.subject}保证金为{self.amount}元，由{self.key}岗收取。\n"
            f"第二条 {self.subject}保证金应当在三个工作日内入账。\n第三条 本办法自2024年1月1日起施行。\n"
        )

    @property
    def question(self) -> str:
        return f"{self.subject}保证金是多少元"


PAPERS = {
    OPEN: Paper(OPEN, HOME, "青铜海棠.txt", "青铜海棠业务", "731164208"),
    SECRET: Paper(SECRET, HOME, "白银木槿.txt", "白银木槿业务", "842275319"),
    DENIED: Paper(DENIED, HOME, "赤铁山茶.txt", "赤铁山茶业务", "953386427"),
    CREDIT: Paper(CREDIT, OTHER, "紫铜丁香.txt", "紫铜丁香业务", "624497538"),
}
SEES: dict[str, frozenset[str]] = {
    "owner": frozenset({OPEN, SECRET, DENIED}),
    "reviewer": frozenset({OPEN, SECRET, DENIED}),
    "teller": frozenset({OPEN}),
    "asker": frozenset({OPEN}),
    "single": frozenset({CREDIT}),
    "loans": frozenset({CREDIT}),
    "outsider": frozenset(),
    "people": frozenset(),
    "content": frozenset(),
    "safety": frozenset(),
    "audit": frozenset(),
    "operator": frozenset(),
}
"""Which documents each person may ask about."""
ROLES = {
    "people": "people_admin",
    "content": "content_admin",
    "safety": "safety_admin",
    "audit": "audit_admin",
    "operator": "operator",
}
RIGHTS = [
    {"对象": "", "授予": "人员:owner", "动作": "manage"},
    {"对象": "", "授予": "岗位:审核", "动作": "publish"},
    {"对象": "", "授予": "部门:银行/网点", "动作": "read"},
    {"对象": "", "授予": "人员:asker", "动作": "ask"},
    {"对象": "赤铁山茶.txt", "授予": "部门:银行/网点", "动作": "read", "允许": "禁止"},
    {"对象": "赤铁山茶.txt", "授予": "人员:asker", "动作": "ask", "允许": "禁止"},
]
OTHER_RIGHTS = [
    {"对象": "", "授予": "部门:银行/信贷部", "动作": "read"},
    {"对象": "紫铜丁香.txt", "授予": "人员:single", "动作": "read"},
]


class OwnedJobs(StubJobs):
    """One job, of the owner."""

    owner = ""

    def status(self, job_id: str) -> JobStatus:
        if job_id != "job_1":
            raise NotFound(f"没有编号为 {job_id} 的任务。")
        return JobStatus("job_1", "knowledge.ingest", "running", owner=self.owner)

    def list_jobs(self, limit: int = 50, owner: str | None = None) -> list[JobStatus]:
        return [one for one in [self.status("job_1")] if owner in (None, one.owner)]


@dataclass(frozen=True)
class Bank:
    """The bank, wired, with a client for everybody who works there."""

    platform: Platform
    client: TestClient
    keys: dict[str, str]
    ids: dict[str, str]
    collections: dict[str, str]
    documents: dict[str, str]
    versions: dict[str, str]
    conversation: str
    run: str
    logs: io.StringIO

    def ask(self, who: str, method: str, path: str, **given: Any) -> Any:
        """A request of somebody, by their API key, under an id that does not change."""
        headers = {"Authorization": f"Bearer {self.keys[who]}", "X-Request-ID": "probe"}
        return self.client.request(method, path, headers=headers, **given)


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """The bank, made once."""
    home = tmp_path_factory.mktemp("bank")
    logs = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    settings = Settings(home=home, today=date(2026, 11, 22))
    with open_application(settings, create=True) as application:
        configure_logs("debug", "keyvalue")
        root.addHandler(logging.StreamHandler(logs))
        jobs: Any = OwnedJobs()
        platform = replace(application.platform, jobs=jobs)
        _fill(platform, home)
        ids = _staff(platform)
        jobs.owner = ids["owner"]
        apply_rights(platform.engine, platform.clock, platform.operator, HOME, RIGHTS)
        apply_rights(platform.engine, platform.clock, platform.operator, OTHER, OTHER_RIGHTS)
        apply_levels(platform.engine, HOME, [{"文件": "白银木槿.txt", "密级": "秘密"}])
        keys = _keys(platform, ids)
        with TestClient(create_api(platform)) as client:
            yield _opened(platform, client, keys, ids, logs)
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def _fill(platform: Platform, home: Path) -> None:
    ingester = Ingester(platform.engine, SqliteIndex(), platform.desk.originals, platform.clock, file_reader())
    for paper in PAPERS.values():
        file = home / paper.file
        file.write_text(paper.text, "utf-8")
        ingester.ingest([file], paper.collection, published=True, actor="local")


def _staff(platform: Platform) -> dict[str, str]:
    office, by = platform.people, platform.operator
    top = office.structure.add_department(by, "银行", None)
    desk = office.structure.add_department(by, "网点", top.id)
    loans = office.structure.add_department(by, "信贷部", top.id)
    post = office.structure.add_post(by, "审核", "")
    places = {"teller": desk.id, "loans": loans.id, "reviewer": top.id}
    ids = {}
    for login in SEES:
        new = NewPerson(
            login,
            f"员工{login}",
            department_id=places.get(login),
            post_ids=(post.id,) if login == "reviewer" else (),
            roles=frozenset({ROLES[login]}) if login in ROLES else frozenset(),  # type: ignore[arg-type]
            clearance="secret" if login in ROLES else "confidential" if login in ("owner", "reviewer") else "internal",
        )
        ids[login] = office.staff.create(by, new, with_password=False)[0].id
    return ids


def _keys(platform: Platform, ids: dict[str, str]) -> dict[str, str]:
    made = {}
    for login in ids:
        subject = platform.people.sign_in.subject_named(login)
        assert subject is not None
        keys: Keys = platform.people.keys
        made[login] = keys.create(subject, "probe", ACTIONS, 30)[1]
    return made


def _opened(
    platform: Platform, client: TestClient, keys: dict[str, str], ids: dict[str, str], logs: io.StringIO
) -> Bank:
    with reading(platform.engine) as connection:
        homes = {one.name: one.id for one in store.list_collections(connection)}
        versions = {
            version.file_name: version for home in homes.values() for version in store.list_versions(connection, home)
        }
    found = {key: versions[paper.file] for key, paper in PAPERS.items()}
    bank = Bank(
        platform,
        client,
        keys,
        ids,
        homes,
        {key: version.document_id for key, version in found.items()},
        {key: version.version_id for key, version in found.items()},
        "",
        "",
        logs,
    )
    conversation = bank.ask("owner", "POST", "/api/conversations", json={"title": "白银木槿"}).json()["id"]
    bank.ask("owner", "POST", f"/api/conversations/{conversation}/turns", json={"question": PAPERS[SECRET].question})
    run = bank.ask("owner", "POST", "/api/ask", json={"question": PAPERS[SECRET].question}).json()["run_id"]
    return replace(bank, conversation=conversation, run=run)


def command_line(bank: Bank, who: str, operation: str, **fields: Any) -> dict[str, Any]:
    """What the command line does with `--as`."""
    return operations.call(bank.platform, bank.platform.operator, operation, {**fields, "as_user": who})
