"""The permission decision as a condition on rows, so that a search never sees what its asker may not read."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, true

from yinshu.kernel.identity.permission import sees_everything
from yinshu.kernel.identity.records import Subject


def readable(subject: Subject, _collection_id: ColumnElement[str]) -> ColumnElement[bool]:
    """The rows, told by their column of collection ids, that `may(subject, "read", ...)` allows."""
    return true() if sees_everything(subject) else false()
