"""What an adapter to a directory of people must supply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from yinshu.kernel.identity.persons import DirectoryPerson


class PasswordDirectory(Protocol):
    """A directory that checks a login and a password itself (LDAP)."""

    def sign_in(self, login: str, password: str) -> DirectoryPerson:
        """Who it is. Raises SignInRefused, or DependencyDown when the directory does not answer."""


@dataclass(frozen=True)
class OidcStart:
    """Where to send the browser, and what the answer must match; `state`, `nonce` and `verifier` are secrets."""

    url: str
    state: str
    nonce: str
    verifier: str


class OidcDirectory(Protocol):
    """An OpenID Connect provider: authorization code with PKCE."""

    id: str
    name: str

    def begin(self, redirect_uri: str) -> OidcStart:
        """A new sign-in. Raises DependencyDown when the provider does not answer."""

    def finish(self, redirect_uri: str, code: str, nonce: str, verifier: str) -> DirectoryPerson:
        """Who came back with the code. Raises SignInRefused when anything does not match, or DependencyDown."""
