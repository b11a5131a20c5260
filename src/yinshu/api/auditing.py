"""Operations on the ledger: requests, work and results; every one of them is recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from pydantic import Field

from yinshu.api.platform import Platform
from yinshu.api.render import JsonObject, render_chain
from yinshu.api.requests import Name, NoParameters, Request, RequiredName
from yinshu.kernel.audit.governance import SETTINGS
from yinshu.kernel.audit.records import Act, LedgerEntry, LedgerQuery, SignedHead
from yinshu.kernel.audit.siem import SiemFormat
from yinshu.kernel.base.database import reading
from yinshu.kernel.base.errors import BadArgument
from yinshu.kernel.identity import Action, Subject
from yinshu.kernel.knowledge.records import Answer
from yinshu.kernel.knowledge.replay import Replayed
from yinshu.kernel.knowledge.store.names import ids_called, names_of

ENTRIES_MAX = 500
ACTORS_MAX = 100


class EntriesRequest(Request):
    """Which entries are wanted; times in ISO form (UTC), `after` is the seq of the last entry seen."""

    actor: Name = ""
    action: Name = ""
    subject: Name = ""
    since: Name = ""
    until: Name = ""
    q: Name = ""
    after: int | None = Field(default=None, ge=1)
    limit: int = Field(default=50, ge=1, le=ENTRIES_MAX)


class ExportRequest(Request):
    """Files on this machine for the chain and its signed head; only the local socket accepts it."""

    file: RequiredName
    head: RequiredName


class SiemRequest(Request):
    """A file on this machine for a security system's lines, after the entry `after`."""

    file: RequiredName
    form: SiemFormat = "ocsf"
    after: int = Field(default=0, ge=0)


class ReplayRequest(Request):
    """A past run."""

    run_id: RequiredName


class PersonRequest(Request):
    """A person's id."""

    person: RequiredName


class RevealRequest(Request):
    """An original, the auditors' private key file on this machine, and its passphrase."""

    original_id: RequiredName
    key_file: RequiredName
    passphrase: RequiredName


class ProposeRequest(Request):
    """A value for an audit setting."""

    name: RequiredName
    value: int


class DecideRequest(Request):
    """A proposal and the second person's word on it."""

    change_id: RequiredName
    decision: Literal["approve", "refuse"]


def entries(platform: Platform, subject: Subject, request: EntriesRequest) -> JsonObject:
    """The newest entries that fit; an actor may be given by id, login or a part of the name."""
    with reading(platform.engine) as connection:
        meant = ids_called(connection, request.actor, ACTORS_MAX + 1) if request.actor else []
    if len(meant) > ACTORS_MAX:
        raise BadArgument(f"名字里有“{request.actor}”的人超过 {ACTORS_MAX} 个，请写全姓名或登录名再查。")
    query = LedgerQuery(
        actor=request.actor,
        actors=tuple(meant),
        action=request.action,
        subject=request.subject,
        since=request.since,
        until=request.until,
        words=request.q,
        before_seq=request.after,
        limit=request.limit,
    )
    found = platform.ledger.search(subject.id, query)
    more = str(found[-1].seq) if len(found) == request.limit else None
    with reading(platform.engine) as connection:
        known = names_of(connection, {id_ for entry in found for id_ in (entry.actor, entry.subject)})
    return {"items": [render_entry(entry, known) for entry in found], "next": more}


def render_entry(entry: LedgerEntry, names: Mapping[str, str]) -> JsonObject:
    """An entry as an audit administrator sees it: what was written, which is masked, and who the people in it are."""
    people = {"actor_name": names.get(entry.actor, ""), "subject_name": names.get(entry.subject, "")}
    return {**asdict(entry), "at": entry.at.isoformat(), **people}


def verify(platform: Platform, subject: Subject, _request: Request) -> JsonObject:
    """Whether the chain holds and leads through every signed head."""
    report, failing = platform.ledger.verify(subject.id)
    return {**render_chain(report), "ok": report.ok and not failing, "heads_failing": list(failing)}


def heads(platform: Platform, _subject: Subject, _request: Request) -> JsonObject:
    """The latest signed heads."""
    return {"items": [{**render_head(head), "anchored_to": places} for head, places in platform.ledger.heads()]}


def render_head(signed: SignedHead) -> JsonObject:
    """A signed head."""
    return {**asdict(signed.head), **{name: value for name, value in asdict(signed).items() if name != "head"}}


def sign(platform: Platform, subject: Subject, _request: Request) -> JsonObject:
    """Sign the present end of the chain and put it outside, where a place is set."""
    platform.ledger.record(Act(subject.id, "audit.head_signed", "ledger"))
    return render_head(platform.ledger.anchor())


def export(platform: Platform, subject: Subject, request: ExportRequest) -> JsonObject:
    """Write the chain and its head to files."""
    count, signed = platform.ledger.export(subject.id, Path(request.file), Path(request.head))
    return {"records": count, "file": request.file, "head_file": request.head, "head": render_head(signed)}


def siem(platform: Platform, subject: Subject, request: SiemRequest) -> JsonObject:
    """Write lines for a security system to a file."""
    count = 0
    with Path(request.file).open("w", encoding="utf-8") as target:
        for line in platform.ledger.siem(subject.id, request.form, request.after):
            target.write(line)
            count += 1
    return {"records": count, "file": request.file}


def archive(platform: Platform, subject: Subject, request: ExportRequest) -> JsonObject:
    """Take what is older than the retention out of the database into files."""
    return asdict(platform.ledger.archive(subject.id, Path(request.file), Path(request.head)))


def erase(platform: Platform, subject: Subject, request: PersonRequest) -> JsonObject:
    """Destroy a person's key."""
    return {"person": request.person, "originals": platform.ledger.erase(subject.id, request.person)}


def reveal(platform: Platform, subject: Subject, request: RevealRequest) -> JsonObject:
    """What was really said."""
    text = platform.ledger.reveal(subject.id, request.original_id, Path(request.key_file), request.passphrase)
    return {"original_id": request.original_id, "text": text}


def settings(platform: Platform, _subject: Subject, _request: Request) -> JsonObject:
    """Audit settings in force and proposals."""
    values, changes = platform.ledger.settings()
    described = [{**asdict(one), "value": values[name]} for name, one in SETTINGS.items()]
    return {"settings": described, "changes": [asdict(change) for change in changes]}


def propose(platform: Platform, subject: Subject, request: ProposeRequest) -> JsonObject:
    """Propose a setting."""
    return asdict(platform.ledger.propose(subject.id, request.name, request.value))


def decide(platform: Platform, subject: Subject, request: DecideRequest) -> JsonObject:
    """Approve or refuse a proposal."""
    approve = request.decision == "approve"
    return asdict(platform.ledger.decide(subject.id, request.change_id, approve=approve))


def replay(platform: Platform, subject: Subject, request: ReplayRequest) -> JsonObject:
    """A past answer, built again."""
    platform.ledger.record(Act(subject.id, "audit.replayed", request.run_id))
    return render_replay(platform.replay(request.run_id))


def render_replay(replayed: Replayed) -> JsonObject:
    """Both answers and what differs; the same when nothing does."""
    run = replayed.run
    return {
        "run_id": run.run_id,
        "asked_at": run.asked_at.isoformat(),
        "actor": run.subject,
        "question": run.question,
        "as_of": run.as_of.isoformat(),
        "same": not replayed.differences,
        "then": _shown(replayed.then),
        "now": _shown(replayed.now),
        "wording": asdict(replayed.wording) if replayed.wording is not None else None,
        "versions_hidden": replayed.hidden_versions,
        "differences": [asdict(one) for one in replayed.differences],
    }


def _shown(answer: Answer) -> JsonObject:
    return {
        "status": answer.status,
        "answer": answer.answer,
        "composed_by": answer.composed_by,
        "shortened": answer.shortened,
    }


OPERATIONS: tuple[tuple[str, type[Request], Action, Callable[..., JsonObject]], ...] = (
    ("verify_ledger", NoParameters, "audit", verify),
    ("ledger_entries", EntriesRequest, "read", entries),
    ("ledger_heads", NoParameters, "read", heads),
    ("ledger_sign", NoParameters, "audit", sign),
    ("ledger_export", ExportRequest, "audit", export),
    ("ledger_siem", SiemRequest, "audit", siem),
    ("ledger_archive", ExportRequest, "configure", archive),
    ("ledger_erase", PersonRequest, "configure", erase),
    ("ledger_reveal", RevealRequest, "audit", reveal),
    ("ledger_settings", NoParameters, "read", settings),
    ("ledger_propose", ProposeRequest, "configure", propose),
    ("ledger_decide", DecideRequest, "configure", decide),
    ("replay", ReplayRequest, "audit", replay),
)
"""Name, request, right on the ledger, and work, for the table of all operations."""
