"""Sign-in by OpenID Connect: authorization code with PKCE; the answer's signature, issuer, audience and nonce count."""

from __future__ import annotations

import ssl
import threading
import time
from typing import TYPE_CHECKING, Any

import httpx2
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from yinshu.kernel.base.errors import DependencyDown
from yinshu.kernel.identity.errors import SignInRefused
from yinshu.kernel.identity.persons import DirectoryPerson
from yinshu.kernel.identity.ports import OidcStart

if TYPE_CHECKING:
    from yinshu.adapters.directories.configuration import OidcPart

log = structlog.get_logger("yinshu.directories")

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures by a private key of the provider only; neither none nor a shared secret."""
DISCOVERY_SECONDS = 3_600
LEEWAY_SECONDS = 60
STATE_CHARS, NONCE_CHARS, VERIFIER_CHARS = 48, 48, 64
DOWN = "统一登录没有应答，请稍后重试，或换一种方式登录。"
REFUSED = "统一登录没有确认您的身份，请从登录页重新开始。"


class OidcConnectDirectory:
    """An `OidcDirectory`. What the provider tells of itself is kept for an hour."""

    def __init__(self, part: OidcPart, client_secret: str) -> None:
        self.id = part.id
        self.name = part.name
        self._part = part
        self._secret = client_secret
        self._verify = ssl.create_default_context(cafile=str(part.ca_file) if part.ca_file else None)
        self._known: tuple[float, dict[str, Any], KeySet] | None = None
        self._lock = threading.Lock()

    def begin(self, redirect_uri: str) -> OidcStart:
        """A new sign-in. Raises DependencyDown when the provider does not answer."""
        told, _ = self._discover()
        state, nonce = generate_token(STATE_CHARS), generate_token(NONCE_CHARS)
        verifier = generate_token(VERIFIER_CHARS)
        with self._client(redirect_uri) as client:
            url, _ = client.create_authorization_url(
                told["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        return OidcStart(str(url), state, nonce, verifier)

    def finish(self, redirect_uri: str, code: str, nonce: str, verifier: str) -> DirectoryPerson:
        """Who came back with the code. Raises SignInRefused when anything does not match, or DependencyDown."""
        if not code:
            raise SignInRefused(REFUSED)
        told, keys = self._discover()
        try:
            with self._client(redirect_uri) as client:
                token = client.fetch_token(
                    told["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=verifier
                )
                claims = self._claims(str(token.get("id_token", "")), keys, nonce)
                if "userinfo_endpoint" in told:
                    claims = {**self._more(client, told["userinfo_endpoint"], str(claims["sub"])), **claims}
        except (AuthlibBaseError, JoseError, ValueError, KeyError) as error:
            # The words of a foreign error may hold the token.
            log.warning("oidc.refused", provider=self.id, error=type(error).__name__)
            raise SignInRefused(REFUSED) from None
        except httpx2.HTTPError as error:
            raise self._down(error) from None
        return self._person(claims)

    def _client(self, redirect_uri: str) -> Any:
        return OAuth2Client(
            client_id=self._part.client_id,
            client_secret=self._secret or None,
            token_endpoint_auth_method="client_secret_basic" if self._secret else "none",
            scope=self._part.scope,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            verify=self._verify,
            timeout=self._part.timeout_seconds,
            trust_env=False,
        )

    def _claims(self, id_token: str, keys: KeySet, nonce: str) -> dict[str, Any]:
        """The claims of the token once signature, issuer, audience, times and nonce are right."""
        decoded = jwt.decode(id_token, self._keys_for(id_token, keys), algorithms=ALGORITHMS)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={
                "iss": {"essential": True, "value": self._part.issuer},
                "aud": {"essential": True, "value": self._part.client_id},
                "nonce": {"essential": True, "value": nonce},
            },
            params={"nonce": nonce, "client_id": self._part.client_id},
        )
        claims.validate(leeway=LEEWAY_SECONDS)
        return dict(claims)

    def _keys_for(self, id_token: str, keys: KeySet) -> KeySet:
        """The provider's keys, asked for anew when it signs with one that we do not know."""
        kid = str(jws.extract_compact(id_token.encode()).headers().get("kid", ""))
        if kid and kid not in {key.kid for key in keys.keys}:
            with self._lock:
                self._known = None
            return self._discover()[1]
        return keys

    def _more(self, client: Any, endpoint: str, subject: str) -> dict[str, Any]:
        told = client.get(endpoint).raise_for_status().json()
        if told.get("sub") != subject:
            raise ValueError("another subject")
        return dict(told)

    def _discover(self) -> tuple[dict[str, Any], KeySet]:
        with self._lock:
            if self._known is not None and time.monotonic() - self._known[0] < DISCOVERY_SECONDS:
                return self._known[1], self._known[2]
            try:
                told, keys = self._ask()
            except (httpx2.HTTPError, ValueError, KeyError, JoseError) as error:
                raise self._down(error) from None
            self._known = (time.monotonic(), told, keys)
            return told, keys

    def _ask(self) -> tuple[dict[str, Any], KeySet]:
        address = f"{self._part.issuer.rstrip('/')}/.well-known/openid-configuration"
        with httpx2.Client(verify=self._verify, timeout=self._part.timeout_seconds, trust_env=False) as client:
            told = client.get(address).raise_for_status().json()
            if told["issuer"] != self._part.issuer:
                raise ValueError("another issuer")
            keys = KeySet.import_key_set(client.get(told["jwks_uri"]).raise_for_status().json())
        return told, keys

    def _down(self, error: Exception) -> DependencyDown:
        log.warning("oidc.down", provider=self.id, error=type(error).__name__)
        return DependencyDown(DOWN, detail=type(error).__name__)

    def _person(self, claims: dict[str, Any]) -> DirectoryPerson:
        part = self._part
        posts = _at(claims, part.posts_claim)
        return DirectoryPerson(
            source=f"oidc:{self.id}",
            external_id=str(claims["sub"]),
            login=_word(_at(claims, part.login_claim)) or str(claims["sub"]),
            name=_word(_at(claims, part.name_claim)),
            email=_word(_at(claims, part.email_claim)),
            department=_word(_at(claims, part.department_claim)),
            posts=tuple(str(one) for one in posts) if isinstance(posts, list) else tuple(filter(None, [_word(posts)])),
        )


def _at(claims: dict[str, Any], path: str) -> Any:
    found: Any = claims
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""
