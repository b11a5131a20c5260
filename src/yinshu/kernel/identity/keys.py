"""API keys: hashed, scoped, expiring; a key may do at most what its owner may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from yinshu.kernel.audit.store import append
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Engine, reading, writing
from yinshu.kernel.base.errors import BadArgument, NotFound
from yinshu.kernel.base.ids import new_id
from yinshu.kernel.identity import store
from yinshu.kernel.identity.errors import Conflict
from yinshu.kernel.identity.persons import ApiKey
from yinshu.kernel.identity.records import ACTIONS, Action, Subject
from yinshu.kernel.identity.tokens import KEY_OPENING_CHARS, new_key, token_hash
from yinshu.kernel.identity.touches import Touches, touch_key

KEYS_MAX = 20
TOUCH_SECONDS = 60
"""A last use is written at most once in so long."""
NAME_CHARS_MAX = 100


@dataclass(frozen=True)
class Keys:
    """Making, listing, using and withdrawing keys."""

    engine: Engine
    clock: Clock
    days_max: int = 365
    touches: Touches = field(default_factory=lambda: Touches(touch_key))

    def create(self, owner: Subject, name: str, scopes: Iterable[Action], days: int) -> tuple[ApiKey, str]:
        """A new key of the owner; the key itself is told this once. Raises BadArgument or Conflict."""
        wanted = tuple(action for action in ACTIONS if action in set(scopes))
        if not name.strip() or len(name) > NAME_CHARS_MAX:
            raise BadArgument(f"请给密钥起一个名字（不超过 {NAME_CHARS_MAX} 字），以便日后辨认。")
        if not wanted or set(scopes) - set(ACTIONS):
            raise BadArgument(f"请选择密钥的用途，可选：{'、'.join(ACTIONS)}。")
        if not 1 <= days <= self.days_max:
            raise BadArgument(f"密钥的有效期要在 1 到 {self.days_max} 天之间。")
        now, key = self.clock.now(), new_key()
        made = ApiKey(
            id=new_id("key"),
            person_id=owner.id,
            person_name=owner.name,
            name=name.strip(),
            opening=key[:KEY_OPENING_CHARS],
            scopes=wanted,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        with writing(self.engine) as connection:
            if store.count_keys(connection, owner.id) >= KEYS_MAX:
                raise Conflict(f"一个人最多有 {KEYS_MAX} 个密钥，请先撤销不用的。")
            store.add_key(connection, made, token_hash(key))
            detail = {"scopes": list(wanted), "days": days}
            append(
                connection,
                self.clock,
                actor=owner.id,
                action="identity.key_made",
                subject=made.id,
                payload=dict(detail),  # type: ignore[arg-type]
            )
        return made, key

    def who(self, key: str) -> Subject | None:
        """The owner of a key, within its scopes and under its name; None when key or owner are no longer good."""
        now = self.clock.now()
        with reading(self.engine) as connection:
            found = store.find_key(connection, token_hash(key))
            if found is None or found.expires_at <= now:
                return None
            person = store.get_person(connection, found.person_id)
            if person is None or person.status != "active":
                return None
            subject = store.subject_of(connection, person)
        if found.used_at is None or (now - found.used_at).total_seconds() > TOUCH_SECONDS:
            self.touches.note(self.engine, found.id, now)
        return replace(subject, scopes=frozenset(found.scopes), application=found.name)

    def list_keys(self, person_id: str = "") -> list[ApiKey]:
        """Keys, newest first; of one person, or of everybody."""
        with reading(self.engine) as connection:
            return store.list_keys(connection, person_id=person_id)

    def withdraw(self, by: Subject, key_id: str, *, person_id: str = "") -> None:
        """Withdraw a key (of this person only, if one is named). Raises NotFound."""
        with writing(self.engine) as connection:
            if not store.remove_key(connection, key_id, person_id=person_id):
                raise NotFound("没有这个密钥，可能已经撤销。请刷新后查看。")
            append(connection, self.clock, actor=by.id, action="identity.key_withdrawn", subject=key_id, payload={})
