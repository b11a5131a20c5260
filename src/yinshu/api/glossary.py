"""The glossary over HTTP: to be read by everybody, changed by content administrators."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from yinshu.api import operations
from yinshu.api.auth import Caller, Wired
from yinshu.api.requests import NoParameters, PairsRequest, Request, RequiredName

router = APIRouter(prefix="/api/knowledge/glossary", tags=["glossary"])


class TermRequest(Request):
    """A word people use and the library's own word for it."""

    term: RequiredName
    standard: RequiredName


@router.get("")
def list_terms(platform: Wired, caller: Caller) -> dict[str, Any]:
    """Every pair of words and where it comes from."""
    return {"items": operations.perform(platform, caller, "glossary", NoParameters())["terms"], "next": None}


@router.post("", status_code=201)
def add_term(platform: Wired, caller: Caller, given: TermRequest) -> dict[str, Any]:
    """Add a pair of words."""
    pairs = PairsRequest(pairs=[(given.term, given.standard)])
    return operations.perform(platform, caller, "glossary_add", pairs)


@router.delete("")
def remove_term(platform: Wired, caller: Caller, given: TermRequest) -> dict[str, Any]:
    """Take a pair of words away."""
    pairs = PairsRequest(pairs=[(given.term, given.standard)])
    return operations.perform(platform, caller, "glossary_remove", pairs)
