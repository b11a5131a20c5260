"""Finds the version that an administrator means by the name of its file."""

from __future__ import annotations

from collections.abc import Sequence

from yinshu.kernel.base.database import reading
from yinshu.kernel.base.errors import BadArgument, NotFound
from yinshu.kernel.identity import Subject
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.life.desk import Desk
from yinshu.kernel.knowledge.records import Status
from yinshu.kernel.knowledge.store import catalogue

VERSION_PREFIX = "ver_"


def version_meant(
    desk: Desk, subject: Subject, name: str, collection: str = "", statuses: Sequence[Status] = ()
) -> str:
    """The id of the newest version of a file that is in one of the states; a version's id means itself.

    Raises NotFound when no such file or version is visible, BadArgument when files of several collections have the
    name.
    """
    if name.startswith(VERSION_PREFIX):
        return name
    with reading(desk.engine) as connection:
        files = catalogue.files_named(connection, subject, name)
        if collection:
            wanted = store.get_collection(connection, collection).id
            files = [one for one in files if one.info.collection_id == wanted]
    if not files:
        raise NotFound(f"没有名为“{name}”的文件。请用 yinshu knowledge list 查看文件名。")
    if len({one.info.document_id for one in files}) > 1:
        raise BadArgument(f"有几个资料库都有“{name}”。请用 --collection 指定资料库。")
    fitting = [one for one in files if not statuses or one.info.status in statuses]
    if not fitting:
        raise NotFound(f"“{name}”现在没有可以做这一步的版本。请用 yinshu knowledge list 查看状态。")
    return max(fitting, key=lambda one: one.info.ordinal).info.version_id
