"""The library for reading over HTTP: collections, documents, texts, page images and originals."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from yinshu.api.auth import Caller, Wired
from yinshu.api.gaps import rendered
from yinshu.api.render_library import render_document, render_listed, render_shelf, render_text
from yinshu.kernel.base.database import reading
from yinshu.kernel.base.errors import BadArgument
from yinshu.kernel.knowledge.life import faq, read
from yinshu.kernel.knowledge.life.records import DocumentSort, VersionFile
from yinshu.kernel.knowledge.records import Status
from yinshu.kernel.knowledge.store import names, reviews

router = APIRouter(prefix="/api/knowledge", tags=["library"])

TOKEN_CHARS_MAX = 2_000
WORDS_CHARS_MAX = 100
_EXTENSIONS = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "image/png": ".png",
    "image/jpeg": ".jpg",
}


@router.get("/collections")
def list_collections(platform: Wired, caller: Caller) -> dict[str, Any]:
    """The collections that the caller may see, how much they hold, and what the caller may do there."""
    desk = platform.desk
    found = read.open_shelves(desk, caller)
    with reading(desk.engine) as connection:
        known = names.names_of(connection, [id_ for one, _ in found for id_ in (one.owner_id, one.department_id)])
    return {
        "collections": [render_shelf(one, may, known, desk.count_vectors(one.id, one.clauses)) for one, may in found]
    }


@router.get("/collections/administered")
def list_administered(platform: Wired, caller: Caller) -> dict[str, Any]:
    """Every shared collection by name, for content administrators; no counts, because they do not see inside."""
    desk = platform.desk
    found = read.administered(desk, caller)
    with reading(desk.engine) as connection:
        known = names.names_of(connection, [id_ for one in found for id_ in (one.owner_id, one.department_id)])
    return {"collections": [render_shelf(one, [], known, 0) for one in found]}


@router.get("/collections/{collection_id}/documents")
def list_documents(
    platform: Wired,
    caller: Caller,
    collection_id: str,
    status: Status | None = None,
    q: Annotated[str, Query(max_length=WORDS_CHARS_MAX)] = "",
    sort: DocumentSort = "title",
    limit: Annotated[int, Query(ge=1, le=read.PAGE_ROWS_MAX)] = 50,
    after: Annotated[str, Query(max_length=TOKEN_CHARS_MAX)] = "",
) -> dict[str, Any]:
    """A page of the documents of a collection; `next` is the `after` of the next page."""
    desk = platform.desk
    page = read.list_documents(
        desk,
        caller,
        collection_id,
        status=status,
        words=q.strip(),
        sort=sort,
        limit=limit,
        after=_read_token(after, sort) if after else None,
    )
    with reading(desk.engine) as connection:
        known = names.names_of(connection, [one.owner_id for one in page.items])
    return {
        "items": [render_listed(one, known) for one in page.items],
        "next": _token(page.next_after) if page.next_after else None,
        "total": page.total,
    }


def _token(after: tuple[Any, str]) -> str:
    value = after[0].isoformat() if isinstance(after[0], date) else after[0]
    return base64.urlsafe_b64encode(json.dumps([value, after[1]]).encode()).decode("ascii")


def _read_token(token: str, sort: DocumentSort) -> tuple[Any, str]:
    """Where the page before ended. Raises BadArgument for a token that is not of this sort."""
    try:
        value, id_ = json.loads(base64.urlsafe_b64decode(token.encode("ascii")))
        if sort == "newest":
            return datetime.fromisoformat(value), str(id_)
        return (str(value) if sort == "title" else date.fromisoformat(value)), str(id_)
    except (ValueError, TypeError, binascii.Error) as error:
        raise BadArgument("翻页标记不对，请回到第一页重新查看。", detail=repr(error)) from None


@router.get("/documents/{document_id}")
def show_document(
    platform: Wired, caller: Caller, document_id: str, version: Annotated[str, Query(max_length=80)] = ""
) -> dict[str, Any]:
    """A document's card, versions, links, rights and questions; `version` shows another than the standing one."""
    desk = platform.desk
    opened = read.open_for_reading(desk, caller, document_id, version)
    with reading(desk.engine) as connection:
        latest = reviews.latest_reviews(connection, [one.info.version_id for one in opened.versions])
        ids = [opened.facts.owner_id, *(one.created_by for one in opened.versions)]
        known = names.names_of(connection, [*ids, *(grant.holder.id for grant in opened.grants)])
    questions = rendered(platform, faq.of_document(desk, caller, document_id))
    return render_document(opened, latest, known, questions)


@router.get("/documents/{document_id}/versions/{version_id}/text")
def show_text(platform: Wired, caller: Caller, document_id: str, version_id: str) -> dict[str, Any]:
    """A version's text clause by clause, with its outline."""
    return render_text(read.open_text(platform.desk, caller, document_id, version_id))


@router.get("/documents/{document_id}/versions/{version_id}/pages/{page}.png")
def show_page(platform: Wired, caller: Caller, document_id: str, version_id: str, page: int) -> Response:
    """A page of the original as an image."""
    return Response(read.page_image(platform.desk, caller, document_id, version_id, page), media_type="image/png")


@router.get("/documents/{document_id}/versions/{version_id}/original")
def download_original(platform: Wired, caller: Caller, document_id: str, version_id: str) -> Response:
    """The original file, to be saved and never opened in the browser's own window."""
    version, content = read.original(platform.desk, caller, document_id, version_id)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(download_name(version), safe='')}",
        "Content-Security-Policy": "sandbox",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)


def download_name(version: VersionFile) -> str:
    """The file's name with the extension of what it really is."""
    extension = _EXTENSIONS.get(version.media_type)
    path = PurePosixPath(version.info.file_name)
    if extension is None or path.suffix.lower() == extension or (extension == ".jpg" and path.suffix == ".jpeg"):
        return path.name
    return path.stem + extension
