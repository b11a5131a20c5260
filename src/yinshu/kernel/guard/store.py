"""Policies, word lists and verdicts in the database; every change of them is in the ledger."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, Table, func, insert, select, update

from yinshu.kernel.audit.store import append
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.errors import BadInput, NotAllowed, NotFound
from yinshu.kernel.base.ids import new_id
from yinshu.kernel.guard.lexicon import Lexicon, export_csv, import_csv
from yinshu.kernel.guard.policy import default_policies, policy_json, read_policy
from yinshu.kernel.guard.records import Verdict
from yinshu.kernel.guard.tables import lexicons, policies, verdicts

Status = Literal["draft", "submitted", "in_force", "retired", "refused"]
VerdictStatus = Literal["noted", "waiting", "confirmed", "mistaken"]
LISTED_MAX = 500
EXCERPT_CHARS = 300


@dataclass(frozen=True)
class Versioned:
    """One version of a policy or word list; `body` is its JSON or CSV."""

    id: str
    name: str
    version: str
    body: str
    status: Status
    written_by: str
    written_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    entries: int = 0


@dataclass(frozen=True)
class KeptVerdict:
    """A verdict as it may be kept: findings without the words, and an excerpt with personal data masked."""

    id: str
    at: datetime
    person: str
    channel: str
    direction: str
    action: str
    policy: str
    findings: list[dict[str, Any]]
    excerpt: str
    status: VerdictStatus
    decided_by: str | None
    note: str


def draft_policy(connection: Connection, clock: Clock, body: str, *, by: str) -> Versioned:
    """Keep a draft; its version follows the last of its name. Raises PolicyRejected for what cannot be read."""
    given = _fields_of(body)
    policy = read_policy(json.dumps({**given, "version": _next_version(connection, str(given.get("name", "")))}))
    row = {
        "id": new_id("pol"),
        "name": policy.name,
        "version": policy.version,
        "body": policy_json(policy),
        "status": "draft",
        "written_by": by,
        "written_at": clock.now(),
    }
    connection.execute(insert(policies).values(row))
    _record(connection, clock, by, "guard.policy_drafted", str(row["id"]), f"{policy.name}@{policy.version}")
    return get_version(connection, policies, str(row["id"]))


def _fields_of(body: str) -> dict[str, Any]:
    try:
        given = json.loads(body)
    except ValueError:
        # Nothing that can be read, as `read_policy` says with what to do.
        return {}
    return given if isinstance(given, dict) else {}


def _next_version(connection: Connection, name: str) -> int:
    kept = connection.execute(select(func.max(policies.c.version)).where(policies.c.name == name)).scalar_one()
    shipped = max((one.version for one in default_policies() if one.name == name), default=1)
    return max(kept or 0, shipped) + 1


def import_lexicon(connection: Connection, clock: Clock, name: str, text: str, *, by: str) -> Versioned:
    """Keep a word list as submitted. Raises LexiconRejected naming the row that cannot be meant."""
    entries = import_csv(text)
    lexicon = Lexicon.of(entries)
    row = {
        "id": new_id("lex"),
        "name": name,
        "version": lexicon.version,
        "entries": len(entries),
        "csv": export_csv(entries),
        "status": "submitted",
        "written_by": by,
        "written_at": clock.now(),
    }
    connection.execute(insert(lexicons).values(row))
    _record(connection, clock, by, "guard.lexicon_submitted", str(row["id"]), f"{name}@{lexicon.version}")
    return get_version(connection, lexicons, str(row["id"]))


def submit_policy(connection: Connection, clock: Clock, policy_id: str, *, by: str) -> Versioned:
    """Hand a draft to a second person. Raises NotFound, BadInput when it is no draft."""
    kept = get_version(connection, policies, policy_id)
    if kept.status != "draft":
        raise BadInput("只有草稿可以提交。请另存一份新的草稿。")
    connection.execute(update(policies).where(policies.c.id == policy_id).values(status="submitted"))
    _record(connection, clock, by, "guard.policy_submitted", policy_id, f"{kept.name}@{kept.version}")
    return get_version(connection, policies, policy_id)


def decide(connection: Connection, clock: Clock, table: Table, version_id: str, *, approve: bool, by: str) -> Versioned:
    """Put a submitted version in force (its predecessor retires) or refuse it. Raises NotAllowed for its author."""
    kept = get_version(connection, table, version_id)
    if kept.status != "submitted":
        raise BadInput("这一版不在等待复核。请刷新列表。")
    if kept.written_by == by:
        raise NotAllowed("须由起草人以外的第二人复核。请换一位安全管理员处理。")
    if approve:
        before = update(table).where(table.c.name == kept.name, table.c.status == "in_force")
        connection.execute(before.values(status="retired"))
    status = "in_force" if approve else "refused"
    change = update(table).where(table.c.id == version_id)
    connection.execute(change.values(status=status, decided_by=by, decided_at=clock.now()))
    what = "policy" if table is policies else "lexicon"
    action = f"guard.{what}_{'approved' if approve else 'refused'}"
    _record(connection, clock, by, action, version_id, f"{kept.name}@{kept.version}")
    return get_version(connection, table, version_id)


def retire(connection: Connection, clock: Clock, table: Table, version_id: str, *, by: str) -> Versioned:
    """Take a version out of force; what was shipped holds again. Raises BadInput when it is not in force."""
    kept = get_version(connection, table, version_id)
    if kept.status != "in_force":
        raise BadInput("这一版没有生效，无需停用。")
    connection.execute(
        update(table).where(table.c.id == version_id).values(status="retired", decided_by=by, decided_at=clock.now())
    )
    _record(connection, clock, by, "guard.retired", version_id, f"{kept.name}@{kept.version}")
    return get_version(connection, table, version_id)


def list_versions(connection: Connection, table: Table, *, status: Status | None = None) -> list[Versioned]:
    """Versions, newest first."""
    query = select(table).order_by(table.c.written_at.desc()).limit(LISTED_MAX)
    if status is not None:
        query = query.where(table.c.status == status)
    return [_version(row) for row in connection.execute(query).mappings()]


def get_version(connection: Connection, table: Table, version_id: str) -> Versioned:
    """One version. Raises NotFound."""
    row = connection.execute(select(table).where(table.c.id == version_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"没有编号为 {version_id} 的版本。请刷新列表。")
    return _version(row)


def _version(kept: RowMapping) -> Versioned:
    return Versioned(
        kept["id"],
        kept["name"],
        str(kept["version"]),
        kept["body"] if "body" in kept else kept["csv"],
        kept["status"],
        kept["written_by"],
        _aware(kept["written_at"]),
        kept["decided_by"],
        _aware(kept["decided_at"]) if kept["decided_at"] else None,
        kept.get("entries", 0),
    )


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def state_in_force(connection: Connection) -> tuple[str, ...]:
    """Ids of everything in force: when it changes, the guard has to be made anew."""
    found = [
        connection.execute(select(table.c.id).where(table.c.status == "in_force").order_by(table.c.id)).scalars().all()
        for table in (policies, lexicons)
    ]
    return tuple(found[0]) + tuple(found[1])


def keep_verdict(
    connection: Connection, clock: Clock, verdict: Verdict, excerpt: str, *, person: str, channel: str, direction: str
) -> str:
    """Keep a verdict; blocks and reviews wait in the queue. The excerpt must be masked already. Its id."""
    verdict_id = new_id("vrd")
    action = verdict.verdict.value
    connection.execute(
        insert(verdicts).values(
            id=verdict_id,
            at=clock.now(),
            person=person,
            channel=channel,
            direction=direction,
            action=action,
            policy=verdict.policy,
            findings=verdict.as_json()["findings"],
            excerpt=excerpt[:EXCERPT_CHARS],
            status="waiting" if action in ("block", "review") else "noted",
            note="",
        )
    )
    return verdict_id


def list_verdicts(
    connection: Connection, *, status: VerdictStatus | None = None, before: str = "", limit: int = 50
) -> list[KeptVerdict]:
    """Verdicts, newest first; `before` is the id of the last one seen (ids sort by time)."""
    query = select(verdicts).order_by(verdicts.c.id.desc()).limit(limit)
    if status is not None:
        query = query.where(verdicts.c.status == status)
    if before:
        query = query.where(verdicts.c.id < before)
    return [_verdict(row) for row in connection.execute(query).mappings()]


def decide_verdict(
    connection: Connection, clock: Clock, verdict_id: str, status: VerdictStatus, note: str, *, by: str
) -> KeptVerdict:
    """A person's word on a verdict. Raises NotFound."""
    change = update(verdicts).where(verdicts.c.id == verdict_id).values(status=status, decided_by=by, note=note)
    if connection.execute(change).rowcount != 1:
        raise NotFound(f"没有编号为 {verdict_id} 的裁决。请刷新列表。")
    _record(connection, clock, by, "guard.verdict_decided", verdict_id, status)
    return _verdict(connection.execute(select(verdicts).where(verdicts.c.id == verdict_id)).mappings().one())


def _verdict(row: RowMapping) -> KeptVerdict:
    kept: dict[str, Any] = dict(row)
    return KeptVerdict(**{**kept, "at": _aware(kept["at"])})


def _record(connection: Connection, clock: Clock, by: str, action: str, subject: str, what: str) -> None:
    append(connection, clock, actor=by, action=action, subject=subject, payload={"what": what})


def policies_in_force(connection: Connection) -> tuple[list[str], list[tuple[str, str]]]:
    """Bodies of the policies in force, and name and CSV of the word lists in force."""
    bodies = [one.body for one in list_versions(connection, policies, status="in_force")]
    lists = [(one.name, one.body) for one in list_versions(connection, lexicons, status="in_force")]
    return bodies, lists
