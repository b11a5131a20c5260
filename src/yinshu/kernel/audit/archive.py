"""Taking the oldest entries out of the database, once they stand in a checked and signed file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path

from sqlalchemy import delete, func, select, update

from yinshu.kernel.audit.errors import LedgerBroken
from yinshu.kernel.audit.export import export_ledger, verify_file
from yinshu.kernel.audit.governance import audit_setting
from yinshu.kernel.audit.records import SignedHead
from yinshu.kernel.audit.store import append
from yinshu.kernel.audit.tables import HEAD_ID, ledger, ledger_head
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Engine, reading, writing
from yinshu.kernel.base.errors import BadInput


@dataclass(frozen=True)
class Archived:
    """How many entries left the database, the last of them, and the days that entries are kept."""

    records: int
    last_seq: int
    retention_days: int


def archive(
    engine: Engine, clock: Clock, sign: Callable[[], SignedHead], target: Path, head_file: Path, by: str
) -> Archived:
    """Write the whole chain to a file, check it, and take out what is older than the retention allows.

    The chain goes on: it begins where the archive's part ends, and the archive itself is an entry. Raises BadInput
    when nothing is old enough, LedgerBroken when the file does not hold (nothing is taken out then).
    """
    with reading(engine) as connection:
        days = audit_setting(connection, "retention_days")
        before = (clock.now() - timedelta(days=days)).astimezone(UTC).isoformat(timespec="microseconds")
        last_seq = connection.execute(select(func.max(ledger.c.seq)).where(ledger.c.at < before)).scalar_one()
    if last_seq is None:
        raise BadInput(f"没有超过保留期（{days} 天）的记录，无需归档。")
    export_ledger(engine, sign, target, head_file)
    report = verify_file(target, head_file)
    if not report.ok:
        raise LedgerBroken(f"导出的台账在第 {report.first_bad} 条处不完整，没有移出任何记录。请立即联系审计部门。")
    with writing(engine) as connection:
        last_hash = connection.execute(select(ledger.c.hash).where(ledger.c.seq == last_seq)).scalar_one()
        removed = connection.execute(delete(ledger).where(ledger.c.seq <= last_seq)).rowcount
        change = update(ledger_head).where(ledger_head.c.id == HEAD_ID)
        connection.execute(change.values(start_seq=last_seq, start_hash=last_hash))
        payload = {"file": target.name, "records": removed, "last_seq": last_seq, "last_hash": last_hash}
        append(connection, clock, actor=by, action="audit.archived", subject=str(last_seq), payload=dict(payload))
    return Archived(removed, last_seq, days)
