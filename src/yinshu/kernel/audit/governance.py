"""Settings of the ledger itself, which one person proposes and another approves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from yinshu.kernel.audit.errors import SecondPersonNeeded
from yinshu.kernel.audit.store import append, stamp
from yinshu.kernel.audit.tables import audit_settings
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.errors import BadArgument, BadInput, NotFound
from yinshu.kernel.base.ids import new_id

RETENTION_DAYS_MIN = 183
"""**Source**: 网络安全法第二十一条（三），留存相关的网络日志不少于六个月."""
RETENTION_DAYS_MAX = 36_500
CHANGES_LISTED = 200


@dataclass(frozen=True)
class AuditSetting:
    """A setting: what it means, its default, and the bounds of its whole number."""

    name: str
    help: str
    default: int
    least: int
    most: int


SETTINGS = {
    one.name: one
    for one in (
        AuditSetting(
            "retention_days", "台账在库中保留多少天，之后才能归档移出。", 3_650, RETENTION_DAYS_MIN, RETENTION_DAYS_MAX
        ),
        AuditSetting("anchor_minutes", "每隔多少分钟把签名的链头存到库外。", 5, 1, 1_440),
        AuditSetting("keep_originals", "是否加密保存原文（1 是，0 否）。", 1, 0, 1),
    )
}


@dataclass(frozen=True)
class SettingChange:
    """A proposed change and what became of it; `approved` is None while it waits for the second person."""

    id: str
    name: str
    value: int
    proposed_by: str
    proposed_at: str
    decided_by: str | None
    decided_at: str | None
    approved: bool | None


def audit_setting(connection: Connection, name: str) -> int:
    """The value in force: the latest approved one, or the default."""
    query = select(audit_settings.c.value).where(audit_settings.c.name == name, audit_settings.c.approved.is_(True))
    value = connection.execute(query.order_by(audit_settings.c.decided_at.desc()).limit(1)).scalar_one_or_none()
    return SETTINGS[name].default if value is None else int(value)


def propose_setting(connection: Connection, clock: Clock, *, name: str, value: int, by: str) -> SettingChange:
    """Propose a value; it has no effect until another person approves it. Raises BadArgument."""
    setting = SETTINGS.get(name)
    if setting is None:
        raise BadArgument(f"没有名为 {name} 的审计设置，可用的有：{'、'.join(SETTINGS)}。")
    if not setting.least <= value <= setting.most:
        raise BadArgument(f"{name} 应在 {setting.least} 到 {setting.most} 之间。")
    change = SettingChange(new_id("set"), name, value, by, stamp(clock), None, None, None)
    row = {"id": change.id, "name": name, "value": str(value), "proposed_by": by, "proposed_at": change.proposed_at}
    connection.execute(insert(audit_settings).values(**row))
    append(
        connection,
        clock,
        actor=by,
        action="audit.setting_proposed",
        subject=change.id,
        payload={"name": name, "value": value, "in_force": audit_setting(connection, name)},
    )
    return change


def decide_setting(connection: Connection, clock: Clock, *, change_id: str, approve: bool, by: str) -> SettingChange:
    """Approve or refuse a proposal. Raises NotFound, BadInput when decided already, SecondPersonNeeded."""
    query = select(audit_settings).where(audit_settings.c.id == change_id).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"没有编号为 {change_id} 的变更申请。请刷新列表。")
    if row.approved is not None:
        raise BadInput("这项变更已经有人处理过了。请刷新列表。")
    if row.proposed_by == by:
        raise SecondPersonNeeded("审计设置须由提出人以外的第二人复核。请换一位审计管理员处理。")
    decided_at = stamp(clock)
    change = update(audit_settings).where(audit_settings.c.id == change_id)
    connection.execute(change.values(decided_by=by, decided_at=decided_at, approved=approve))
    append(
        connection,
        clock,
        actor=by,
        action="audit.setting_approved" if approve else "audit.setting_refused",
        subject=change_id,
        payload={"name": row.name, "value": int(row.value), "proposed_by": row.proposed_by},
    )
    return SettingChange(row.id, row.name, int(row.value), row.proposed_by, row.proposed_at, by, decided_at, approve)


def list_changes(connection: Connection) -> list[SettingChange]:
    """The latest changes, newest first."""
    query = select(audit_settings).order_by(audit_settings.c.proposed_at.desc()).limit(CHANGES_LISTED)
    return [_change(row) for row in connection.execute(query)]


def _change(row: Row[Any]) -> SettingChange:
    return SettingChange(
        row.id,
        row.name,
        int(row.value),
        row.proposed_by,
        row.proposed_at,
        row.decided_by,
        row.decided_at,
        row.approved,
    )
