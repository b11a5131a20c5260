"""Sign-in at a real OpenID Connect provider: PKCE, state, nonce, issuer, audience and signature."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.adapters.directories.conftest import Oidc, free_port
from yinshu.adapters.directories.configuration import OidcPart
from yinshu.adapters.directories.oidc_directory import OidcConnectDirectory
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Engine, metadata, open_engine
from yinshu.kernel.base.errors import DependencyDown
from yinshu.kernel.identity.errors import SignInRefused
from yinshu.kernel.identity.newcomers import DirectoryRules
from yinshu.kernel.identity.persons import Visitor
from yinshu.kernel.identity.sign_in import SignIn

SECRET = "a-secret-of-the-test-only"
HERE = Visitor("127.0.0.1", "test")


def directory(oidc: Oidc, *, secret: str = SECRET, client_id: str = "yinshu") -> OidcConnectDirectory:
    part = OidcPart(id="bank", name="统一登录", issuer=oidc.issuer, client_id=client_id)
    return OidcConnectDirectory(part, secret)


def approve(url: str, redirect_uri: str) -> dict[str, str]:
    """What the person does at the provider; what comes back with the browser."""
    with httpx.Client(follow_redirects=False, trust_env=False) as browser:
        answer = browser.get(url)
        for _ in range(12):
            if "location" in answer.headers:
                target = str(answer.url.join(answer.headers["location"]))
                if target.startswith(redirect_uri):
                    return dict(httpx.URL(target).params)
                answer = browser.get(target)
                continue
            form = re.search(r'action="([^"]+)"', answer.text)
            assert form, answer.text[:300]
            fields = dict(re.findall(r'name="(prompt)" value="([^"]+)"', answer.text))
            answer = browser.post(str(answer.url.join(form[1])), data={**fields, "login": "8842", "password": "any"})
    raise AssertionError("the provider never sent the browser back")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_engine(f"sqlite:///{tmp_path / 'people.db'}")
    metadata.create_all(opened)
    yield opened
    opened.dispose()


def test_whoever_proves_it_is_taken_in_with_department_and_posts(oidc: Oidc, engine: Engine) -> None:
    rules = DirectoryRules({"Head Office/IT": "总行/信息科技部"}, {"sec-officer": "信息安全岗"})
    sign_in = SignIn(engine, Clock(), oidc={"bank": directory(oidc)}, rules=rules)
    begun = sign_in.begin_oidc("bank", oidc.redirect_uri)
    told = approve(begun.url, oidc.redirect_uri)
    opened = sign_in.finish_oidc(
        "bank", oidc.redirect_uri, state=told["state"], browser_state=begun.state, code=told["code"], visitor=HERE
    )
    found = sign_in.who(opened.token)
    assert found is not None
    assert (found.person.login, found.person.name, found.person.source) == ("zhou.jie", "周洁", "oidc:bank")
    assert found.person.department is not None
    assert found.person.department.path == "总行/信息科技部"
    assert [post.name for post in found.person.posts] == ["信息安全岗"]
    assert found.person.roles == frozenset(), "a directory gives no roles"
    with pytest.raises(SignInRefused):
        sign_in.finish_oidc(
            "bank", oidc.redirect_uri, state=told["state"], browser_state=begun.state, code=told["code"], visitor=HERE
        )


def test_the_state_must_be_that_of_this_browser(oidc: Oidc, engine: Engine) -> None:
    sign_in = SignIn(engine, Clock(), oidc={"bank": directory(oidc)})
    begun = sign_in.begin_oidc("bank", oidc.redirect_uri)
    told = approve(begun.url, oidc.redirect_uri)
    for state, browser_state in ((told["state"], "other"), ("other", "other"), (told["state"], "")):
        with pytest.raises(SignInRefused, match="重新开始"):
            sign_in.finish_oidc(
                "bank", oidc.redirect_uri, state=state, browser_state=browser_state, code=told["code"], visitor=HERE
            )


def test_a_wrong_verifier_nonce_or_secret_is_refused(oidc: Oidc) -> None:
    for change in ("verifier", "nonce", "secret"):
        found = directory(oidc)
        start = found.begin(oidc.redirect_uri)
        code = approve(start.url, oidc.redirect_uri)["code"]
        if change == "secret":
            found = directory(oidc, secret="wrong")
        verifier = "x" * 64 if change == "verifier" else start.verifier
        nonce = "other" if change == "nonce" else start.nonce
        with pytest.raises(SignInRefused):
            found.finish(oidc.redirect_uri, code, nonce, verifier)


def test_the_request_carries_a_challenge_and_never_the_verifier(oidc: Oidc) -> None:
    start = directory(oidc).begin(oidc.redirect_uri)
    sent = dict(httpx.URL(start.url).params)
    assert sent["code_challenge_method"] == "S256"
    assert sent["nonce"] == start.nonce
    assert start.verifier not in start.url


def test_a_token_for_another_audience_is_refused(oidc: Oidc) -> None:
    found = directory(oidc)
    start = found.begin(oidc.redirect_uri)
    code = approve(start.url, oidc.redirect_uri)["code"]
    other = directory(oidc)
    real = other._claims

    def as_other(id_token: str, keys: object, nonce: str) -> dict[str, object]:
        other._part = other._part.model_copy(update={"client_id": "somebody-else"})
        return real(id_token, keys, nonce)  # type: ignore[arg-type]

    other._claims = as_other  # type: ignore[method-assign, assignment]
    with pytest.raises(SignInRefused):
        other.finish(oidc.redirect_uri, code, start.nonce, start.verifier)


def test_a_provider_that_is_down_says_so() -> None:
    found = directory(Oidc(f"http://127.0.0.1:{free_port()}", "http://testserver/callback"))
    with pytest.raises(DependencyDown, match="没有应答"):
        found.begin("http://testserver/callback")


def test_the_issuer_must_use_tls_unless_it_is_this_machine() -> None:
    with pytest.raises(ValueError, match="https"):
        OidcPart(id="bank", name="x", issuer="http://sso.bank.example", client_id="y")
