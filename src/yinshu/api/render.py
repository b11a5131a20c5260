"""Records of the kernel as JSON, in the one shape that the HTTP edge and the command line share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from yinshu.kernel.audit.records import ChainReport
from yinshu.kernel.base.jobs import JobStatus
from yinshu.kernel.knowledge.records import (
    Answer,
    Citation,
    Collection,
    CollectionCounts,
    Hit,
    StoredLink,
    VersionInfo,
)

JsonObject = dict[str, Any]


def render_date(day: date | None) -> str | None:
    """YYYY-MM-DD or null."""
    return day.isoformat() if day else None


def render_answer(answer: Answer, run_id: str, latency_ms: Mapping[str, float]) -> JsonObject:
    """The result of `ask`. `latency_ms` has the times from the start until the evidence and the answer stood."""
    return {
        "status": answer.status,
        "answer": answer.answer,
        "sentences": [
            {"text": sentence.text, "citations": list(sentence.citations), "verified": sentence.verified}
            for sentence in answer.sentences
        ],
        "citations": [render_citation(citation) for citation in answer.citations],
        "missing": answer.missing,
        "clarify": list(answer.clarify),
        "nearest": [render_citation(citation) for citation in answer.nearest],
        "refusal": answer.refusal,
        "confidence": round(answer.confidence, 4),
        "latency_ms": {stage: round(value, 1) for stage, value in latency_ms.items()},
        "run_id": run_id,
        "composed_by": answer.composed_by,
        "shortened": answer.shortened,
        "faq": {"id": answer.faq_id, "question": answer.faq_question} if answer.faq_id else None,
    }


def render_citation(citation: Citation) -> JsonObject:
    """One numbered source; `bbox` is left, top, right, bottom as shares of the page."""
    return {
        "n": citation.n,
        "document": citation.document,
        "file": citation.file,
        "version": citation.version,
        "article": citation.article,
        "page": citation.page,
        "bbox": list(citation.bbox) if citation.bbox else None,
        "quote": citation.quote,
        "effective_from": render_date(citation.effective_from),
        "effective_to": render_date(citation.effective_to),
        "in_force": citation.in_force,
        "document_id": citation.document_id,
        "version_id": citation.version,
        "clause_id": citation.clause_id,
    }


def render_hit(hit: Hit) -> JsonObject:
    """One clause of a search."""
    clause = hit.clause
    return {
        "file": clause.version.file_name,
        "document": clause.version.title,
        "article": clause.article,
        "path": list(clause.path),
        "text": clause.text,
        "score": round(hit.score, 6),
        "page": clause.page,
        "bbox": list(clause.box) if clause.box else None,
        "effective_from": render_date(clause.effective_from),
        "effective_to": render_date(clause.effective_to),
        "clause_id": clause.clause_id,
    }


def render_version(version: VersionInfo) -> JsonObject:
    """One version of a document."""
    return {
        "file": version.file_name,
        "title": version.title,
        "number": version.number,
        "issuer": version.issuer,
        "kind": version.kind,
        "status": version.status,
        "version": version.version_id,
        "ordinal": version.ordinal,
        "issued_on": render_date(version.issued_on),
        "effective_from": render_date(version.effective_from),
        "effective_to": render_date(version.effective_to),
    }


def render_link(link: StoredLink, from_version: VersionInfo, to_title: str | None) -> JsonObject:
    """One statement of a document about another; `target_title` is the library's own title where it holds it."""
    proposal = link.proposal
    return {
        "from_file": from_version.file_name,
        "from_title": from_version.title,
        "relation": proposal.relation,
        "target_title": to_title or proposal.target_title,
        "target_number": proposal.target_number,
        "target_articles": list(proposal.target_articles),
        "in_library": link.to_document_id is not None,
        "effective_on": render_date(proposal.effective_on),
        "mark": proposal.mark,
        "quote": proposal.quote,
    }


def render_collection(collection: Collection, counts: CollectionCounts, vectors: int) -> JsonObject:
    """A collection and how much it holds; `vectors` counts the clauses that have theirs."""
    return {
        "name": collection.name,
        "documents": counts.documents,
        "versions": counts.versions,
        "clauses": counts.clauses,
        "vectors": vectors,
    }


def render_job(status: JobStatus) -> JsonObject:
    """How far a job is; `result` is what it gave, `error` why it failed."""
    return {
        "job_id": status.id,
        "kind": status.name,
        "status": status.state,
        "done": status.done,
        "total": status.total,
        "rate_per_s": round(status.rate_per_s, 2),
        "message": status.message,
        "error": status.error,
        "result": status.result,
        "created_at": status.created_at.isoformat() if status.created_at else None,
    }


def render_chain(report: ChainReport) -> JsonObject:
    """Whether the ledger is whole; `first_bad` is the number of the first entry that is not."""
    return {"records": report.records, "ok": report.ok, "first_bad": report.first_bad, "head": report.head_hash}
