"""Sign-in against an LDAP directory: find the entry, then bind as it with the given password."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

import ldap3
import structlog
from ldap3.core.exceptions import LDAPBindError, LDAPException, LDAPInvalidCredentialsResult
from ldap3.utils.conv import escape_filter_chars
from ldap3.utils.dn import parse_dn

from yinshu.kernel.base.errors import DependencyDown
from yinshu.kernel.identity.errors import SignInRefused
from yinshu.kernel.identity.persons import LDAP_SOURCE, DirectoryPerson

if TYPE_CHECKING:
    from yinshu.adapters.directories.configuration import LdapPart

log = structlog.get_logger("yinshu.directories")

FROM_DN = "dn"
DOWN = "单位目录没有应答，暂时不能用目录账号登录。请稍后重试，或联系系统管理员。"
REFUSED = "登录名或密码不对。请核对后重试；忘记密码请按单位目录的办法重置。"


class LdapDirectory:
    """A `PasswordDirectory` on LDAP version 3."""

    def __init__(self, part: LdapPart, bind_password: str) -> None:
        self._part = part
        self._bind_password = bind_password
        tls = ldap3.Tls(
            validate=ssl.CERT_REQUIRED,
            version=ssl.PROTOCOL_TLS_CLIENT,
            ca_certs_file=str(part.ca_file) if part.ca_file else None,
        )
        self._server = ldap3.Server(
            part.url,
            use_ssl=part.tls == "ldaps",
            tls=None if part.tls == "none" else tls,
            connect_timeout=part.timeout_seconds,
            get_info=ldap3.NONE,
        )

    def sign_in(self, login: str, password: str) -> DirectoryPerson:
        """Who it is. Raises SignInRefused, or DependencyDown when the directory does not answer."""
        if not password:
            # A bind with a name and no password "succeeds" without proving anything (RFC 4513, 5.1.2).
            raise SignInRefused(REFUSED)
        try:
            dn, attributes = self._find(login)
            self._bind(dn, password).unbind()
        except (LDAPBindError, LDAPInvalidCredentialsResult):
            raise SignInRefused(REFUSED) from None
        except (LDAPException, OSError) as error:
            log.warning("ldap.down", error=type(error).__name__)
            raise DependencyDown(DOWN, detail=type(error).__name__) from None
        return self._person(login, dn, attributes)

    def _bind(self, dn: str, password: str) -> ldap3.Connection:
        connection = ldap3.Connection(
            self._server,
            user=dn or None,
            password=password or None,
            auto_bind=ldap3.AUTO_BIND_NONE,
            auto_referrals=False,
            read_only=True,
            receive_timeout=self._part.timeout_seconds,
            raise_exceptions=False,
        )
        try:
            connection.open()
            if self._part.tls == "starttls" and not connection.start_tls():
                raise LDAPException("no TLS")
            if not connection.bind():
                raise LDAPBindError("refused")
        except (LDAPException, OSError):
            _close(connection)
            raise
        return connection

    def _find(self, login: str) -> tuple[str, dict[str, list[str]]]:
        part = self._part
        wanted = [part.id_attribute, part.name_attribute, part.email_attribute, part.posts_attribute]
        if part.department != FROM_DN:
            wanted.append(part.department)
        try:
            connection = self._bind(part.bind_dn, self._bind_password)
        except LDAPBindError as error:
            # Our own account is refused: that is no fault of the person who signs in.
            raise LDAPException("service bind refused") from error
        try:
            connection.search(
                part.base_dn,
                part.user_filter.replace("{login}", escape_filter_chars(login)),
                search_scope=ldap3.SUBTREE,
                attributes=wanted,
                size_limit=2,
                time_limit=max(1, int(part.timeout_seconds)),
            )
            found = [one for one in connection.response or [] if one.get("type") == "searchResEntry"]
        finally:
            connection.unbind()
        if len(found) != 1:
            raise SignInRefused(REFUSED)
        raw: dict[str, Any] = found[0]["raw_attributes"]
        attributes = {name.lower(): [_text(value) for value in values] for name, values in raw.items()}
        return str(found[0]["dn"]), attributes

    def _person(self, login: str, dn: str, attributes: dict[str, list[str]]) -> DirectoryPerson:
        part = self._part

        def first(name: str) -> str:
            return next(iter(attributes.get(name.lower(), [])), "")

        return DirectoryPerson(
            source=LDAP_SOURCE,
            external_id=first(part.id_attribute) or dn.lower(),
            login=login,
            name=first(part.name_attribute),
            email=first(part.email_attribute),
            department=units_of(dn) if part.department == FROM_DN else first(part.department),
            posts=tuple(last_name(one) for one in attributes.get(part.posts_attribute.lower(), [])),
        )


def _close(connection: ldap3.Connection) -> None:
    """Close the socket of a connection that never came about; ldap3 leaves it open when TLS fails."""
    if connection.socket is not None:
        connection.socket.close()


def _text(value: bytes | str) -> str:
    if isinstance(value, str):
        return value
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        # A binary identifier such as objectGUID.
        return value.hex()


def units_of(dn: str) -> str:
    """The organisational units of a name, from the top: cn=a,ou=运营管理部,ou=总行,dc=x gives 总行/运营管理部."""
    units = [value for name, value, _ in parse_dn(dn) if name.lower() == "ou"]
    return "/".join(reversed([_unescaped(unit) for unit in units]))


def last_name(value: str) -> str:
    """The first part of a name that is a DN (a group), otherwise the value itself."""
    try:
        parts = parse_dn(value)
    except LDAPException:
        return value
    return _unescaped(parts[0][1]) if parts else value


def _unescaped(value: str) -> str:
    """A part of a name without the escapes of RFC 4514."""
    raw = bytearray()
    rest = value
    while rest:
        if rest[0] == "\\" and len(rest) > 2 and all(letter in "0123456789abcdefABCDEF" for letter in rest[1:3]):
            raw.append(int(rest[1:3], 16))
            rest = rest[3:]
        elif rest[0] == "\\" and len(rest) > 1:
            raw += rest[1].encode()
            rest = rest[2:]
        else:
            raw += rest[0].encode()
            rest = rest[1:]
    return raw.decode("utf-8", "replace")
