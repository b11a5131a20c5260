"""Wiring of the ledger: the writer, the keys and the places outside."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from yinshu.adapters.anchors.places import open_anchor
from yinshu.kernel.audit.office import AuditOffice, OfficeKeys
from yinshu.kernel.audit.writer import LedgerWriter

if TYPE_CHECKING:
    from yinshu.kernel.audit.ports import MaskText
    from yinshu.kernel.audit.records import Json
    from yinshu.kernel.base.clock import Clock
    from yinshu.kernel.base.database import Connection, Engine
    from yinshu.kernel.knowledge.recorder import KeepOriginal
    from yinshu.settings import Settings


def keep_original_of(office: AuditOffice) -> KeepOriginal:
    """Seals an original; the entry gets its id and the hash of the sealed bytes."""

    def keep(connection: Connection, person: str, content: str) -> dict[str, Json]:
        sealed = office.keep(connection, person, content)
        return {} if sealed is None else {"original": sealed.id, "original_sha256": sealed.sha256}

    return keep


def wire_ledger(
    settings: Settings, engine: Engine, clock: Clock, stack: ExitStack, mask: MaskText | None = None
) -> AuditOffice:
    """The office; what it has begun ends with the stack."""
    keys = OfficeKeys(settings.ledger_signing_file, settings.ledger_auditors_file)
    anchors = [open_anchor(settings.ledger_anchor)] if settings.ledger_anchor else []
    office = AuditOffice(engine, clock, LedgerWriter(engine, clock, mask), keys, anchors)
    stack.callback(office.close)
    return office
