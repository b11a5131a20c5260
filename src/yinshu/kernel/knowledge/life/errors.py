"""What can be refused in the life of a document, with what the person can do next."""

from __future__ import annotations

from yinshu.kernel.base.errors import BadInput, NotAllowed, NotFound, YinshuError


class Conflict(YinshuError):
    """Somebody else was faster, or the thing is not in the state that the step needs."""

    code = "conflict"
    exit_code = 3
    http_status = 409


class SamePerson(NotAllowed):
    """Maker and checker are one person."""

    code = "same_person"


class Unsupported(BadInput):
    """What was written is not supported by the clauses that it cites."""

    code = "unsupported"


def no_collection(collection_id: str) -> NotFound:
    """There is no such collection, or it is hidden from the caller: the same words for both."""
    return NotFound("没有这个资料库。请从知识库页面重新选择。", detail=collection_id)


def no_document(document_id: str) -> NotFound:
    """There is no such document, or it is hidden from the caller."""
    return NotFound("没有这个文件。它可能已被移走，请从知识库页面重新查找。", detail=document_id)


def no_version(version_id: str) -> NotFound:
    """There is no such version, or it is hidden from the caller."""
    return NotFound("没有这个版本。请从文件页面重新选择版本。", detail=version_id)
