"""Sessions, API keys, failures to sign in, and sign-ins under way at other places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, or_, select, update

from yinshu.kernel.identity.persons import ApiKey, Session
from yinshu.kernel.identity.store.people import aware
from yinshu.kernel.identity.tables import api_keys, oidc_requests, people, sessions, sign_in_failures


def _session(row: Row[Any]) -> Session:
    times = (aware(row.created_at), aware(row.seen_at), aware(row.expires_at))
    return Session(row.id, row.person_id, row.person_name, row.method, row.address, row.agent, *times)


def _select_sessions() -> Any:
    return select(sessions, people.c.name.label("person_name")).join(people, people.c.id == sessions.c.person_id)


def add_session(connection: Connection, session: Session, token_hash: str) -> None:
    """Keep a session under the hash of its token."""
    connection.execute(
        insert(sessions).values(
            id=session.id,
            token_hash=token_hash,
            person_id=session.person_id,
            method=session.method,
            address=session.address,
            agent=session.agent,
            created_at=session.created_at,
            seen_at=session.seen_at,
            expires_at=session.expires_at,
        )
    )


def find_session(connection: Connection, token_hash: str) -> Session | None:
    """The session of this token, whether or not it has ended by time."""
    row = connection.execute(_select_sessions().where(sessions.c.token_hash == token_hash)).one_or_none()
    return _session(row) if row else None


def list_sessions(connection: Connection, *, now: datetime, idle_since: datetime, person_id: str = "") -> list[Session]:
    """Sessions that still count, the last seen first; of one person, or of everybody."""
    query = _select_sessions().where(sessions.c.expires_at > now, sessions.c.seen_at > idle_since)
    if person_id:
        query = query.where(sessions.c.person_id == person_id)
    return [_session(row) for row in connection.execute(query.order_by(sessions.c.seen_at.desc()))]


def touch_session(connection: Connection, session_id: str, now: datetime) -> None:
    """It was used; a later use that is written already stays."""
    earlier = update(sessions).where(sessions.c.id == session_id, sessions.c.seen_at < now)
    connection.execute(earlier.values(seen_at=now))


def remove_session(connection: Connection, session_id: str, *, person_id: str = "") -> bool:
    """End a session (of this person only, if one is named); whether it was there."""
    conditions = [sessions.c.id == session_id, *([sessions.c.person_id == person_id] if person_id else [])]
    return connection.execute(delete(sessions).where(*conditions)).rowcount > 0


def remove_sessions_of(connection: Connection, person_id: str, *, except_id: str = "") -> int:
    """End every session of a person, but for one."""
    gone = delete(sessions).where(sessions.c.person_id == person_id, sessions.c.id != except_id)
    return connection.execute(gone).rowcount


def forget_ended(connection: Connection, *, now: datetime, idle_since: datetime, failures_before: datetime) -> None:
    """Remove sessions that time has ended, expired keys' traces of sign-in, and failures that no longer count."""
    connection.execute(delete(sessions).where(or_(sessions.c.expires_at <= now, sessions.c.seen_at <= idle_since)))
    connection.execute(delete(sign_in_failures).where(sign_in_failures.c.at <= failures_before))
    connection.execute(delete(oidc_requests).where(oidc_requests.c.created_at <= failures_before))


# ---- keys ----


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=row.id,
        person_id=row.person_id,
        person_name=row.person_name,
        name=row.name,
        opening=row.opening,
        scopes=tuple(row.scopes),
        created_at=aware(row.created_at),
        expires_at=aware(row.expires_at),
        used_at=aware(row.used_at) if row.used_at else None,
    )


def _select_keys() -> Any:
    return select(api_keys, people.c.name.label("person_name")).join(people, people.c.id == api_keys.c.person_id)


def add_key(connection: Connection, key: ApiKey, key_hash: str) -> None:
    """Keep a key under its hash."""
    connection.execute(
        insert(api_keys).values(
            id=key.id,
            person_id=key.person_id,
            name=key.name,
            opening=key.opening,
            key_hash=key_hash,
            scopes=list(key.scopes),
            created_at=key.created_at,
            expires_at=key.expires_at,
        )
    )


def find_key(connection: Connection, key_hash: str) -> ApiKey | None:
    """The key of this hash, whether or not it has expired."""
    row = connection.execute(_select_keys().where(api_keys.c.key_hash == key_hash)).one_or_none()
    return _key(row) if row else None


def list_keys(connection: Connection, *, person_id: str = "") -> list[ApiKey]:
    """Keys, newest first; of one person, or of everybody."""
    query = _select_keys().order_by(api_keys.c.created_at.desc())
    if person_id:
        query = query.where(api_keys.c.person_id == person_id)
    return [_key(row) for row in connection.execute(query)]


def count_keys(connection: Connection, person_id: str) -> int:
    """How many keys a person has."""
    query = select(func.count()).select_from(api_keys).where(api_keys.c.person_id == person_id)
    return connection.execute(query).scalar_one()


def touch_key(connection: Connection, key_id: str, now: datetime) -> None:
    """It was used; a later use that is written already stays."""
    earlier = or_(api_keys.c.used_at.is_(None), api_keys.c.used_at < now)
    connection.execute(update(api_keys).where(api_keys.c.id == key_id, earlier).values(used_at=now))


def remove_key(connection: Connection, key_id: str, *, person_id: str = "") -> bool:
    """Withdraw a key (of this person only, if one is named); whether it was there."""
    conditions = [api_keys.c.id == key_id, *([api_keys.c.person_id == person_id] if person_id else [])]
    return connection.execute(delete(api_keys).where(*conditions)).rowcount > 0


def remove_keys_of(connection: Connection, person_id: str) -> int:
    """Withdraw every key of a person."""
    return connection.execute(delete(api_keys).where(api_keys.c.person_id == person_id)).rowcount


# ---- failures ----


def add_failure(connection: Connection, login_hash: str, address_hash: str, now: datetime) -> None:
    """Remember a failed attempt."""
    connection.execute(insert(sign_in_failures).values(login_hash=login_hash, address_hash=address_hash, at=now))


def failures_of_login(connection: Connection, login_hash: str, since: datetime) -> list[datetime]:
    """When attempts with this login failed, oldest first."""
    return _failures(connection, sign_in_failures.c.login_hash == login_hash, since)


def failures_of_address(connection: Connection, address_hash: str, since: datetime) -> list[datetime]:
    """When attempts from this address failed, oldest first."""
    return _failures(connection, sign_in_failures.c.address_hash == address_hash, since)


def _failures(connection: Connection, condition: ColumnElement[bool], since: datetime) -> list[datetime]:
    query = select(sign_in_failures.c.at).where(condition, sign_in_failures.c.at > since)
    return [aware(at) for at in connection.execute(query.order_by(sign_in_failures.c.at)).scalars()]


def forget_failures(connection: Connection, login_hash: str) -> None:
    """They have proven who they are, or an administrator let them in again."""
    connection.execute(delete(sign_in_failures).where(sign_in_failures.c.login_hash == login_hash))


# ---- sign-ins at other places ----


@dataclass(frozen=True)
class OidcRequest:
    """What the answer of a provider must match."""

    provider: str
    nonce: str
    verifier: str
    created_at: datetime


def add_oidc_request(connection: Connection, state_hash: str, request: OidcRequest, *, oldest: datetime) -> None:
    """Remember a sign-in that has begun; those from before `oldest` were given up."""
    connection.execute(delete(oidc_requests).where(oidc_requests.c.created_at < oldest))
    connection.execute(
        insert(oidc_requests).values(
            state_hash=state_hash,
            provider=request.provider,
            nonce=request.nonce,
            verifier=request.verifier,
            created_at=request.created_at,
        )
    )


def take_oidc_request(connection: Connection, state_hash: str) -> OidcRequest | None:
    """The sign-in that began with this state; it can be taken once."""
    row = connection.execute(select(oidc_requests).where(oidc_requests.c.state_hash == state_hash)).one_or_none()
    gone = connection.execute(delete(oidc_requests).where(oidc_requests.c.state_hash == state_hash)).rowcount
    if row is None or not gone:
        return None
    return OidcRequest(row.provider, row.nonce, row.verifier, aware(row.created_at))
