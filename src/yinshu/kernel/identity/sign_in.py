"""Signing in and staying signed in: attempts are counted, sessions are opaque, and everything ends by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NoReturn

from yinshu.kernel.audit.store import append
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, Engine, reading, writing
from yinshu.kernel.base.errors import NotFound
from yinshu.kernel.base.ids import new_id
from yinshu.kernel.identity import store
from yinshu.kernel.identity.errors import Conflict, SignInLocked, SignInRefused
from yinshu.kernel.identity.newcomers import DirectoryRules, receive
from yinshu.kernel.identity.passwords import check_password, hash_password, matches, needs_rehash
from yinshu.kernel.identity.persons import LOCAL_SOURCE, DirectoryPerson, OpenedSession, Person, Session, Visitor
from yinshu.kernel.identity.ports import OidcDirectory, PasswordDirectory
from yinshu.kernel.identity.records import Subject
from yinshu.kernel.identity.tokens import new_token, same, token_hash
from yinshu.kernel.identity.touches import Touches

WRONG = "登录名或密码不对。请核对后重试；忘记密码请联系人员管理员重置。"
EXPIRED = "这次登录没有完成或已过期，请从登录页重新开始。"
TOUCH_SECONDS = 60
"""A session's last use is written down at most this often."""
OIDC_MINUTES_MAX = 10
ADDRESS_CHARS, AGENT_CHARS = 60, 200
FORGET_HOURS = 24
ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class SignInPolicy:
    """How long a session lasts and how many failures are borne. Keys: days that one may be valid at most."""

    session_idle_minutes: int = 60
    session_hours_max: int = 12
    failures_max: int = 5
    address_failures_max: int = 50
    lock_minutes: int = 15
    key_days_max: int = 365
    passwords: bool = True


@dataclass(frozen=True)
class SignedIn:
    """Whoever a session belongs to."""

    session: Session
    person: Person
    subject: Subject


@dataclass(frozen=True)
class OidcBegun:
    """Where to send the browser, and the state that it must bring back."""

    url: str
    state: str


def login_hash(login: str) -> str:
    """Under what failures of a login are counted; what was typed may be a password, so it is not kept."""
    return token_hash(f"login {login.strip().lower()}")


@dataclass(frozen=True)
class SignIn:
    """The doors by which people come in."""

    engine: Engine
    clock: Clock
    policy: SignInPolicy = field(default_factory=SignInPolicy)
    ldap: PasswordDirectory | None = None
    oidc: Mapping[str, OidcDirectory] = field(default_factory=dict)
    rules: DirectoryRules = field(default_factory=DirectoryRules)
    touches: Touches = field(default_factory=Touches)

    # ---- coming in ----

    def with_password(self, login: str, password: str, visitor: Visitor) -> OpenedSession:
        """Sign in with a password of this house. Raises SignInRefused or SignInLocked."""
        self._count_attempt(login, visitor)
        with reading(self.engine) as connection:
            person = store.find_person(connection, login)
            local = person is not None and person.source == LOCAL_SOURCE
            kept = store.password_of(connection, person.id) if person is not None and local else ""
        right = matches(password, kept)
        if not right or person is None or person.status != "active" or not self.policy.passwords:
            self._refuse(person, visitor, "password")
        if needs_rehash(kept):
            with writing(self.engine) as connection:
                store.change_person(connection, person.id, password_hash=hash_password(password))
        return self._open(person, login, visitor, "password")

    def with_ldap(self, login: str, password: str, visitor: Visitor) -> OpenedSession:
        """Sign in with the password of the bank's directory. Raises SignInRefused, SignInLocked or DependencyDown."""
        if self.ldap is None:
            raise NotFound("没有启用单位目录登录，请用本系统的密码登录。")
        self._count_attempt(login, visitor)
        try:
            found = self.ldap.sign_in(login, password)
        except SignInRefused:
            self._refuse(None, visitor, "ldap")
        return self._open(self._receive(found), login, visitor, "ldap")

    def begin_oidc(self, provider: str, redirect_uri: str) -> OidcBegun:
        """Begin a sign-in at another place. Raises NotFound for an unknown provider, DependencyDown."""
        start = self._provider(provider).begin(redirect_uri)
        now = self.clock.now()
        request = store.OidcRequest(provider, start.nonce, start.verifier, now)
        with writing(self.engine) as connection:
            oldest = now - timedelta(minutes=OIDC_MINUTES_MAX)
            store.add_oidc_request(connection, token_hash(start.state), request, oldest=oldest)
        return OidcBegun(start.url, start.state)

    def finish_oidc(
        self, provider: str, redirect_uri: str, *, state: str, browser_state: str, code: str, visitor: Visitor
    ) -> OpenedSession:
        """End it: the state must be the one this browser began with, and it counts once. Raises SignInRefused."""
        directory = self._provider(provider)
        with writing(self.engine) as connection:
            begun = store.take_oidc_request(connection, token_hash(state))
        oldest = self.clock.now() - timedelta(minutes=OIDC_MINUTES_MAX)
        if begun is None or begun.provider != provider or begun.created_at < oldest or not same(state, browser_state):
            raise SignInRefused(EXPIRED)
        found = directory.finish(redirect_uri, code, begun.nonce, begun.verifier)
        person = self._receive(found)
        return self._open(person, person.login, visitor, f"oidc:{provider}")

    def _provider(self, provider: str) -> OidcDirectory:
        if provider not in self.oidc:
            raise NotFound("没有这个登录方式，请回到登录页选择。")
        return self.oidc[provider]

    def _receive(self, found: DirectoryPerson) -> Person:
        with writing(self.engine) as connection:
            person = receive(connection, self.clock, found, self.rules)
        if person.status != "active":
            raise SignInRefused("您的账号已停用，请联系人员管理员。")
        return person

    def _count_attempt(self, login: str, visitor: Visitor) -> None:
        """Count the attempt as failed before it is checked, so that many at once cannot slip through."""
        now = self.clock.now()
        window = timedelta(minutes=self.policy.lock_minutes)
        of_login, of_address = login_hash(login), token_hash(f"address {visitor.address}")
        with writing(self.engine) as connection:
            known = store.failures_of_login(connection, of_login, now - window)
            near = store.failures_of_address(connection, of_address, now - window)
            if len(known) < self.policy.failures_max and len(near) < self.policy.address_failures_max:
                store.add_failure(connection, of_login, of_address, now)
                return
        oldest = known[0] if len(known) >= self.policy.failures_max else near[0]
        wait = max(1, int((oldest + window - now).total_seconds()))
        minutes = -(-wait // 60)
        raise SignInLocked(
            f"登录失败次数过多，已暂时锁定。请约 {minutes} 分钟后再试，或联系人员管理员。", retry_after_seconds=wait
        )

    def _refuse(self, person: Person | None, visitor: Visitor, method: str) -> NoReturn:
        with writing(self.engine) as connection:
            append(
                connection,
                self.clock,
                actor=person.id if person else ANONYMOUS,
                action="identity.sign_in_failed",
                subject=person.id if person else ANONYMOUS,
                payload={"method": method, "address": visitor.address[:ADDRESS_CHARS]},
            )
        raise SignInRefused(WRONG)

    def _open(self, person: Person, login: str, visitor: Visitor, method: str) -> OpenedSession:
        now, token = self.clock.now(), new_token()
        session = Session(
            id=new_id("ses"),
            person_id=person.id,
            person_name=person.name,
            method=method,
            address=visitor.address[:ADDRESS_CHARS],
            agent=visitor.agent[:AGENT_CHARS],
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(hours=self.policy.session_hours_max),
        )
        with writing(self.engine) as connection:
            store.forget_failures(connection, login_hash(login))
            store.forget_ended(
                connection,
                now=now,
                idle_since=self._idle_since(now),
                failures_before=now - timedelta(hours=FORGET_HOURS),
            )
            store.add_session(connection, session, token_hash(token))
            payload = {"method": method, "session": session.id}
            append(
                connection,
                self.clock,
                actor=person.id,
                action="identity.signed_in",
                subject=person.id,
                payload=dict(payload),
            )
        return OpenedSession(session, token)

    # ---- being in ----

    def who(self, token: str) -> SignedIn | None:
        """Whoever a session token belongs to, with their rights as they are now; None when it has ended."""
        now = self.clock.now()
        with reading(self.engine) as connection:
            session = store.find_session(connection, token_hash(token))
            if session is None or session.expires_at <= now or session.seen_at <= self._idle_since(now):
                return None
            person = store.get_person(connection, session.person_id)
            if person is None or person.status != "active":
                return None
            subject = store.subject_of(connection, person)
        if (now - session.seen_at).total_seconds() > TOUCH_SECONDS:
            self.touches.note(self.engine, session.id, now)
        return SignedIn(replace(session, seen_at=now), person, subject)

    def _idle_since(self, now: datetime) -> datetime:
        return now - timedelta(minutes=self.policy.session_idle_minutes)

    def sessions(self, person_id: str = "") -> list[Session]:
        """Sessions that still count; of one person, or of everybody."""
        now = self.clock.now()
        with reading(self.engine) as connection:
            return store.list_sessions(connection, now=now, idle_since=self._idle_since(now), person_id=person_id)

    def end(self, by: Subject, session_id: str, *, person_id: str = "") -> None:
        """End a session (of this person only, if one is named). Raises NotFound."""
        with writing(self.engine) as connection:
            if not store.remove_session(connection, session_id, person_id=person_id):
                raise NotFound("没有这个登录会话，可能已经结束。请刷新后查看。")
            self._record(connection, by, "identity.session_ended", session_id)

    def change_password(self, signed_in: SignedIn, old: str, new: str) -> None:
        """Set a new password; every other session of the person ends. Raises SignInRefused, WeakPassword, Conflict."""
        person = signed_in.person
        if person.source != LOCAL_SOURCE:
            raise Conflict("您通过单位目录登录，请在目录中修改密码。")
        self._count_attempt(person.login, Visitor(signed_in.session.address))
        with reading(self.engine) as connection:
            kept = store.password_of(connection, person.id)
        if not matches(old, kept):
            raise SignInRefused("原密码不对，请重新输入。")
        check_password(new, login=person.login, name=person.name, old=old)
        hashed = hash_password(new)
        with writing(self.engine) as connection:
            store.change_person(connection, person.id, password_hash=hashed, must_change_password=False)
            store.remove_sessions_of(connection, person.id, except_id=signed_in.session.id)
            store.forget_failures(connection, login_hash(person.login))
            self._record(connection, signed_in.subject, "identity.password_changed", person.id)

    def preferences(self, person_id: str) -> dict[str, object]:
        """What somebody chose for themselves."""
        with reading(self.engine) as connection:
            return store.preferences_of(connection, person_id)

    def set_preferences(self, person_id: str, preferences: Mapping[str, object]) -> None:
        """Keep what somebody chose."""
        with writing(self.engine) as connection:
            store.change_person(connection, person_id, preferences=dict(preferences))

    def subject_named(self, login_or_id: str) -> Subject | None:
        """The person of this login or id as rights see them; None when there is none or they are disabled."""
        with reading(self.engine) as connection:
            person = store.find_person(connection, login_or_id) or store.get_person(connection, login_or_id)
            if person is None or person.status != "active":
                return None
            return store.subject_of(connection, person)

    def _record(self, connection: Connection, by: Subject, action: str, subject: str) -> None:
        append(connection, self.clock, actor=by.id, action=action, subject=subject, payload={})
