"""Rights and levels from a table by names: for the sample bank, and for setting many at once on the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, Engine, writing
from yinshu.kernel.base.errors import BadInput
from yinshu.kernel.identity import Holder, Subject
from yinshu.kernel.identity import store as identity_store
from yinshu.kernel.identity.granting import Grantable, Rights
from yinshu.kernel.identity.records import EFFECTS, GRANTED_ACTIONS, Effect, GrantedAction
from yinshu.kernel.identity.roster import LEVEL_NAMES
from yinshu.kernel.identity.staff import ROLE_NAMES
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.records import Collection

EFFECT_NAMES: Mapping[str, Effect] = {"": "allow", "允许": "allow", "禁止": "deny", **{one: one for one in EFFECTS}}
HOLDER_WORDS = "部门:路径、岗位:名称、角色:名称、人员:登录名"


def apply_rights(engine: Engine, clock: Clock, by: Subject, collection: str, rows: Sequence[Mapping[str, str]]) -> int:
    """Give what the rows say: 对象 (a file, empty is the whole collection), 授予, 动作, 允许. How many there were.

    Raises BadInput naming the row; what stands before it stays given.
    """
    rights = Rights(engine, clock)
    with writing(engine) as connection:
        home = store.get_collection(connection, collection)
        wanted = [
            (_on(connection, home, row), holder_of(connection, row["授予"]), _action(row), _effect(row)) for row in rows
        ]
    for on, holder, action, effect in wanted:
        rights.give(by, on, holder, action, effect)
    return len(wanted)


def apply_levels(engine: Engine, collection: str, rows: Sequence[Mapping[str, str]]) -> int:
    """Keep the files of the rows (文件) at the levels they say (密级). How many there were. Raises BadInput."""
    with writing(engine) as connection:
        home = store.get_collection(connection, collection)
        for row in rows:
            if row["密级"] not in LEVEL_NAMES:
                raise BadInput(f"密级“{row['密级']}”不认识，可填：公开、内部、秘密、机密。")
            store.set_level(connection, _document(connection, home, row["文件"]), LEVEL_NAMES[row["密级"]])
    return len(rows)


def holder_of(connection: Connection, words: str) -> Holder:
    """The holder that words like 部门:总行/运营管理部 name. Raises BadInput."""
    kind, _, name = words.partition(":")
    name = name.strip()
    if kind in ("部门", "department"):
        places = {one.path: one.id for one in identity_store.list_departments(connection)}
        if name in places:
            return Holder("department", places[name])
    elif kind in ("岗位", "post"):
        post_id = identity_store.find_post(connection, name)
        if post_id is not None:
            return Holder("post", post_id)
    elif kind in ("角色", "role"):
        roles: dict[str, str] = {word: role for role, word in ROLE_NAMES.items()}
        roles.update({role: role for role in ROLE_NAMES})
        if name in roles:
            return Holder("role", roles[name])
    elif kind in ("人员", "person"):
        person = identity_store.find_person(connection, name)
        if person is not None:
            return Holder("person", person.id)
    raise BadInput(f"找不到“{words}”，请写成 {HOLDER_WORDS}，并确认它已建立。")


def _on(connection: Connection, home: Collection, row: Mapping[str, str]) -> Grantable:
    kind, resource_id = (
        ("document", _document(connection, home, row["对象"])) if row["对象"] else ("collection", home.id)
    )
    found = store.grantable(connection, kind, resource_id)  # type: ignore[arg-type] # one of the two words above
    assert found is not None, "its id was read in this transaction"
    return found


def _document(connection: Connection, home: Collection, file_name: str) -> str:
    found = store.find_document(connection, home.id, file_name)
    if found is None:
        raise BadInput(f"资料库“{home.name}”里没有文件“{file_name}”，请核对文件名。")
    return found


def _action(row: Mapping[str, str]) -> GrantedAction:
    for action in GRANTED_ACTIONS:
        if action == row["动作"]:
            return action
    raise BadInput(f"动作“{row['动作']}”不认识，可填：{'、'.join(GRANTED_ACTIONS)}。")


def _effect(row: Mapping[str, str]) -> Effect:
    word = row.get("允许", "")
    if word not in EFFECT_NAMES:
        raise BadInput(f"“{word}”不认识，可填：允许、禁止。")
    return EFFECT_NAMES[word]
