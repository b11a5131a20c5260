"""What auditors do with the ledger; whoever reads it is written into it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from yinshu.kernel.audit import archive as archiving
from yinshu.kernel.audit import governance
from yinshu.kernel.audit.errors import KeyMissing, PersonErased
from yinshu.kernel.audit.export import export_ledger
from yinshu.kernel.audit.heads import anchor_head, heads_that_fail, list_heads, take_head
from yinshu.kernel.audit.keys import SigningKey, load_signing_key
from yinshu.kernel.audit.originals import (
    Sealed,
    erase_person,
    keep_original,
    read_auditor_private_key,
    read_auditor_public_key,
    read_original,
)
from yinshu.kernel.audit.ports import Anchor
from yinshu.kernel.audit.records import Act, ChainReport, Json, LedgerEntry, LedgerQuery, SignedHead
from yinshu.kernel.audit.siem import LINES, SiemFormat
from yinshu.kernel.audit.store import append, read_entries, search_entries, verify_chain
from yinshu.kernel.audit.writer import LedgerWriter
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, Engine, reading, writing
from yinshu.kernel.base.errors import YinshuError

log = structlog.get_logger("yinshu.audit")
STOP_SECONDS = 10
SECONDS_A_MINUTE = 60


@dataclass(frozen=True)
class OfficeKeys:
    """Where the signing key (made when missing) and the auditors' public key (may be missing) lie."""

    signing_file: Path
    auditors_public_file: Path


class AuditOffice:
    """The ledger's desk: writing, searching, verifying, exporting, anchoring, originals and settings."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        writer: LedgerWriter,
        keys: OfficeKeys,
        anchors: Sequence[Anchor] = (),
    ) -> None:
        self.writer = writer
        self._engine = engine
        self._clock = clock
        self._keys = keys
        self._anchors = tuple(anchors)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def search(self, by: str, query: LedgerQuery) -> list[LedgerEntry]:
        """The newest entries that fit; the search itself is recorded first."""
        sought = {name: value for name, value in vars(query).items() if name != "actors" and value not in ("", None)}
        self.writer.write(Act(by, "audit.read", "ledger", detail={"query": dict(sought)}))
        with reading(self._engine) as connection:
            return search_entries(connection, query)

    def verify(self, by: str) -> tuple[ChainReport, list[int]]:
        """Whether the chain holds, and the signed heads that it no longer leads through. Recorded."""
        with reading(self._engine) as connection:
            report, failing = verify_chain(connection), heads_that_fail(connection)
        detail: dict[str, Json] = {"ok": report.ok, "records": report.records, "heads_failing": len(failing)}
        self.writer.write(Act(by, "audit.verified", "ledger", detail=detail))
        return report, failing

    def heads(self) -> list[tuple[SignedHead, str]]:
        """The latest signed heads with the places outside that hold them, newest first."""
        with reading(self._engine) as connection:
            return list_heads(connection)

    def sign(self) -> SignedHead:
        """Sign the present end of the chain."""
        return take_head(self._engine, self._clock, self._signing_key())

    def anchor(self) -> SignedHead:
        """Sign the present end and put it at every place outside. Raises DependencyDown."""
        return anchor_head(self._engine, self._clock, self._signing_key(), self._anchors)

    def _signing_key(self) -> SigningKey:
        return load_signing_key(self._keys.signing_file)

    def export(self, by: str, target: Path, head_file: Path) -> tuple[int, SignedHead]:
        """Write the chain and its signed head to two files; how many entries, and the head. Recorded first."""
        self.writer.write(Act(by, "audit.exported", target.name, detail={"format": "chain"}))
        return export_ledger(self._engine, self.sign, target, head_file)

    def siem(self, by: str, form: SiemFormat, after_seq: int) -> Iterator[str]:
        """Lines for a security information system, in order, after `after_seq`. Recorded first."""
        self.writer.write(Act(by, "audit.exported", "siem", detail={"format": form, "after": after_seq}))
        line = LINES[form]
        while True:
            with reading(self._engine) as connection:
                batch = read_entries(connection, after_seq=after_seq)
            if not batch:
                return
            yield from (line(entry) + "\n" for entry in batch)
            after_seq = batch[-1].seq

    def archive(self, by: str, target: Path, head_file: Path) -> archiving.Archived:
        """Take what is older than the retention out of the database into a checked file."""
        return archiving.archive(self._engine, self._clock, self.sign, target, head_file, by)

    def keep(self, connection: Connection, person: str, content: str) -> Sealed | None:
        """Seal what a person said in the caller's transaction; None without an auditors' key, or once erased."""
        public = read_auditor_public_key(self._keys.auditors_public_file)
        if public is None or not governance.audit_setting(connection, "keep_originals"):
            return None
        try:
            return keep_original(connection, self._clock, public, person, content)
        except PersonErased:
            return None

    def reveal(self, by: str, original_id: str, private_file: Path, passphrase: str) -> str:
        """What was really said, for an auditor with the private key. Recorded before it is shown."""
        if read_auditor_public_key(self._keys.auditors_public_file) is None:
            raise KeyMissing("还没有安装审计员公钥，未保存任何原文。请先执行 yinshu audit new-key。")
        key = read_auditor_private_key(private_file, passphrase)
        with reading(self._engine) as connection:
            content = read_original(connection, original_id, key)
        self.writer.write(Act(by, "audit.original_read", original_id))
        return content

    def erase(self, by: str, person: str) -> int:
        """Destroy a person's key; how many originals nobody can read any more."""
        with writing(self._engine) as connection:
            return erase_person(connection, self._clock, person, by=by)

    def settings(self) -> tuple[dict[str, int], list[governance.SettingChange]]:
        """The audit settings in force, and the latest changes."""
        with reading(self._engine) as connection:
            values = {name: governance.audit_setting(connection, name) for name in governance.SETTINGS}
            return values, governance.list_changes(connection)

    def propose(self, by: str, name: str, value: int) -> governance.SettingChange:
        """Propose a setting for a second person to approve."""
        with writing(self._engine) as connection:
            return governance.propose_setting(connection, self._clock, name=name, value=value, by=by)

    def decide(self, by: str, change_id: str, *, approve: bool) -> governance.SettingChange:
        """Approve or refuse another person's proposal."""
        with writing(self._engine) as connection:
            return governance.decide_setting(connection, self._clock, change_id=change_id, approve=approve, by=by)

    def start(self) -> None:
        """Begin to anchor heads from time to time, where there is a place for them."""
        if self._anchors and self._thread is None:
            self._thread = threading.Thread(target=self._keep_anchoring, name="anchor", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop anchoring; write what waits."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)
        self.writer.close()

    def _keep_anchoring(self) -> None:
        last = -1
        while not self._stop.is_set():
            wait_minutes = 1
            try:
                with reading(self._engine) as connection:
                    wait_minutes = governance.audit_setting(connection, "anchor_minutes")
                last = self._anchor_if_new(last)
            except (YinshuError, OSError) as error:
                log.warning("ledger.anchor_failed", exc_info=error)
            self._stop.wait(wait_minutes * SECONDS_A_MINUTE)

    def _anchor_if_new(self, last: int) -> int:
        signed = self.sign()
        if signed.head.seq != last:
            self.anchor()
            log.info("ledger.anchored", seq=signed.head.seq)
        return signed.head.seq

    def record(self, act: Act) -> None:
        """Record an act that has no effect of its own, durably."""
        self.writer.write(act)

    def record_in(self, connection: Connection, act: Act) -> None:
        """Record an act in the caller's transaction; its free text is masked like everybody's."""
        prepared = self.writer.masked(act)
        append(
            connection,
            self._clock,
            actor=prepared.actor,
            action=prepared.action,
            subject=prepared.subject,
            payload=replace(prepared, content={}).payload(),
        )
