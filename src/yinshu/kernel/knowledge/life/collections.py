"""Making and changing collections of the bank, of a department, and of one person alone."""

from __future__ import annotations

from dataclasses import dataclass

from yinshu.kernel.audit.store import append
from yinshu.kernel.base.database import Connection, writing
from yinshu.kernel.base.errors import BadArgument, NotAllowed
from yinshu.kernel.base.ids import new_id
from yinshu.kernel.identity import GrantedAction, Holder, Resource, Subject, add_grants, may, require
from yinshu.kernel.knowledge.life import errors
from yinshu.kernel.knowledge.life.desk import Desk, of_collection
from yinshu.kernel.knowledge.life.records import CollectionKind, Shelf
from yinshu.kernel.knowledge.store import names, shelves

NAME_CHARS_MAX = 100
PERSONAL_MAX = 20
"""Collections one person may have for themselves."""
OWNER_ACTIONS: tuple[GrantedAction, ...] = ("read", "ask", "ingest", "manage")
READER_ACTIONS: tuple[GrantedAction, ...] = ("read", "ask")


@dataclass(frozen=True)
class NewCollection:
    """What a collection is to be. A department's names its department; a personal one belongs to whoever makes it."""

    name: str
    kind: CollectionKind
    department_id: str | None = None
    owner_id: str | None = None


def create(desk: Desk, subject: Subject, wanted: NewCollection) -> Shelf:
    """Make a collection with the rights that its kind brings.

    Everybody may make their own; those of departments and of the bank are made by content administrators, who do not
    see inside them thereby. Raises Conflict for a name that is taken, BadArgument for one that cannot be.
    """
    name = checked_name(wanted.name)
    personal = wanted.kind == "personal"
    if not personal:
        require(subject, "administer", Resource("collection"))
    with writing(desk.engine) as connection:
        owner_id = subject.id if personal else wanted.owner_id
        collection_id = new_id("col")
        if personal and shelves.count_personal(connection, subject.id) >= PERSONAL_MAX:
            raise BadArgument(f"每人最多有 {PERSONAL_MAX} 个“我的资料”。请先整理已有的。")
        if wanted.kind == "department":
            _known_department(connection, wanted.department_id)
        made_it = shelves.add_collection(
            connection,
            collection_id,
            name=collection_id if personal else name,
            title=name if personal else "",
            kind=wanted.kind,
            department_id=wanted.department_id if wanted.kind == "department" else None,
            owner_id=owner_id,
            now=desk.clock.now(),
        )
        if not made_it:
            raise _taken(name)
        _give_rights(desk, connection, subject, collection_id, wanted, owner_id)
        _note(desk, connection, subject, "knowledge.collection_made", collection_id, kind=wanted.kind)
        made = shelves.find_shelf(connection, collection_id)
    assert made is not None, "it was just made"
    return made


def _taken(name: str) -> errors.Conflict:
    return errors.Conflict(f"已经有名为“{name}”的资料库。请换一个名称。")


def _known_department(connection: Connection, department_id: str | None) -> None:
    if not department_id or department_id not in names.names_of(connection, [department_id]):
        raise BadArgument("请选择资料库所属的部门。")


def owner_actions(kind: CollectionKind) -> tuple[GrantedAction, ...]:
    """What an owner may do; publishing belongs to somebody else, except where there is nobody else."""
    return (*OWNER_ACTIONS, "publish") if kind == "personal" else OWNER_ACTIONS


def _give_rights(
    desk: Desk, connection: Connection, subject: Subject, collection_id: str, wanted: NewCollection, owner: str | None
) -> None:
    """The owner manages; a department reads its own, the whole bank what is the bank's. The rest is for grants."""
    given: list[tuple[Holder, tuple[GrantedAction, ...]]] = []
    if owner is not None:
        given.append((Holder("person", owner), owner_actions(wanted.kind)))
    if wanted.kind == "department" and wanted.department_id:
        given.append((Holder("department", wanted.department_id), READER_ACTIONS))
    if wanted.kind == "enterprise":
        given += [(Holder("department", one), READER_ACTIONS) for one in names.top_departments(connection)]
    for holder, actions in given:
        add_grants(
            connection, "collection", collection_id, holder, actions, granted_by=subject.id, now=desk.clock.now()
        )


def change(
    desk: Desk, subject: Subject, collection_id: str, *, name: str | None = None, owner_id: str | None = None
) -> Shelf:
    """Rename a collection or give it to another owner; whoever manages it may, and content administrators.

    Raises NotFound when it is hidden, Conflict for a name that is taken.
    """
    with writing(desk.engine) as connection:
        shelf = shelves.find_shelf(connection, collection_id)
        if shelf is None or not _may_change(subject, shelf):
            raise errors.no_collection(collection_id)
        values: dict[str, str] = {}
        if name is not None and checked_name(name) != shelf.name:
            values["title" if shelf.kind == "personal" else "name"] = checked_name(name)
        if owner_id is not None and owner_id != shelf.owner_id:
            if shelf.kind == "personal":
                raise NotAllowed("“我的资料”只属于您自己，不能转给别人。请把文件上传到部门资料库。")
            if owner_id not in names.names_of(connection, [owner_id]):
                raise BadArgument("没有这位负责人。请从人员中选择。")
            values["owner_id"] = owner_id
            holder = Holder("person", owner_id)
            add_grants(
                connection,
                "collection",
                collection_id,
                holder,
                OWNER_ACTIONS,
                granted_by=subject.id,
                now=desk.clock.now(),
            )
        if values:
            if not shelves.change_collection(connection, collection_id, values):
                raise _taken(values.get("name", ""))
            _note(desk, connection, subject, "knowledge.collection_changed", collection_id, changed=sorted(values))
        changed = shelves.find_shelf(connection, collection_id)
    assert changed is not None, "it was just read"
    return changed


def _may_change(subject: Subject, shelf: Shelf) -> bool:
    if shelf.kind == "personal":
        return shelf.owner_id == subject.id
    return (
        may(subject, "manage", of_collection(shelf)).allowed
        or may(subject, "administer", Resource("collection")).allowed
    )


def checked_name(name: str) -> str:
    """The name without outer white space. Raises BadArgument when it is empty, too long or holds control characters."""
    text = name.strip()
    if not text or len(text) > NAME_CHARS_MAX or not text.isprintable():
        raise BadArgument(f"资料库名称要有 1 到 {NAME_CHARS_MAX} 个可见字符。请另取一个名称。")
    return text


def _note(
    desk: Desk, connection: Connection, subject: Subject, action: str, collection_id: str, **payload: str | list[str]
) -> None:
    plain = {key: list(value) if isinstance(value, list) else value for key, value in payload.items()}
    append(connection, desk.clock, actor=subject.id, action=action, subject=collection_id, payload=plain)  # type: ignore[arg-type]
