"""The file that tells of the bank's directories, read and checked once at the start."""

from __future__ import annotations

import json
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from yinshu.adapters.directories.ldap_directory import LdapDirectory
from yinshu.adapters.directories.oidc_directory import OidcConnectDirectory
from yinshu.kernel.base.errors import BadArgument
from yinshu.kernel.base.faults import describe_faults
from yinshu.kernel.identity.newcomers import DirectoryRules
from yinshu.kernel.identity.records import Clearance

ID_SHAPE = r"^[a-z0-9][a-z0-9-]{0,39}$"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class LdapPart(_Part):
    """An LDAP directory. `user_filter` has {login} where the escaped login goes.

    The department is an attribute's value, or with `dn` the organisational units of the entry's name, from the top.
    """

    url: str
    tls: Literal["ldaps", "starttls", "none"] = "ldaps"
    ca_file: Path | None = None
    bind_dn: str = ""
    bind_password_file: Path | None = None
    base_dn: str
    user_filter: str = "(&(objectClass=person)(uid={login}))"
    id_attribute: str = "entryUUID"
    name_attribute: str = "cn"
    email_attribute: str = "mail"
    department: str = "dn"
    posts_attribute: str = "title"
    timeout_seconds: float = Field(default=5, gt=0, le=60)

    @model_validator(mode="after")
    def _checked(self) -> Self:
        if "{login}" not in self.user_filter:
            raise ValueError("user_filter 要包含 {login}")
        parts = urlsplit(self.url)
        if parts.scheme != ("ldaps" if self.tls == "ldaps" else "ldap") or not parts.hostname:
            raise ValueError("url 要与 tls 一致：ldaps 用 ldaps://主机，starttls 和 none 用 ldap://主机")
        if self.tls == "none" and not is_loopback(parts.hostname):
            raise ValueError("tls 只有对本机的目录才能设为 none，否则密码会明文经过网络")
        return self


class OidcPart(_Part):
    """An OpenID Connect provider. The claims name where department and posts are; dots go into nested objects."""

    id: str = Field(pattern=ID_SHAPE)
    name: str
    issuer: str
    client_id: str
    client_secret_file: Path | None = None
    ca_file: Path | None = None
    scope: str = "openid profile email"
    login_claim: str = "preferred_username"
    name_claim: str = "name"
    email_claim: str = "email"
    department_claim: str = "department"
    posts_claim: str = "posts"
    timeout_seconds: float = Field(default=10, gt=0, le=60)

    @model_validator(mode="after")
    def _checked(self) -> Self:
        parts = urlsplit(self.issuer)
        if not parts.hostname or (parts.scheme != "https" and not is_loopback(parts.hostname)):
            raise ValueError("issuer 要以 https:// 开头（本机除外）")
        return self


class DirectoriesFile(_Part):
    """The whole file."""

    ldap: LdapPart | None = None
    oidc: list[OidcPart] = Field(default_factory=list, max_length=10)
    departments: dict[str, str] = Field(default_factory=dict)
    posts: dict[str, str] = Field(default_factory=dict)
    take_unmapped: bool = False
    take_in: bool = True
    clearance: Clearance = "internal"


@dataclass(frozen=True)
class Directories:
    """What the file tells, ready to be used."""

    ldap: LdapDirectory | None
    oidc: tuple[OidcConnectDirectory, ...]
    rules: DirectoryRules


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_directories(path: Path) -> Directories:
    """Read the file. Raises BadArgument, naming the fault."""
    try:
        read = DirectoriesFile.model_validate(json.loads(path.read_text("utf-8")))
        ldap = LdapDirectory(read.ldap, _secret(read.ldap.bind_password_file)) if read.ldap else None
        oidc = tuple(OidcConnectDirectory(one, _secret(one.client_secret_file)) for one in read.oidc)
    except ValidationError as error:
        raise BadArgument(
            f"单位目录的设置文件不对：{describe_faults(error.errors())}。请对照 docs/rights.md 修改。"
        ) from None
    except (OSError, ValueError) as error:
        raise BadArgument(
            "单位目录的设置文件读不到，或不是 JSON，请检查 YINSHU_DIRECTORIES_FILE。", detail=type(error).__name__
        ) from None
    rules = DirectoryRules(read.departments, read.posts, read.take_unmapped, read.take_in, read.clearance)
    return Directories(ldap, oidc, rules)


def _secret(path: Path | None) -> str:
    return path.read_text("utf-8").strip() if path is not None else ""
