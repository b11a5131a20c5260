"""Wiring of people: the policy of signing in, the bank's directories, and what a leaver hands over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from yinshu.kernel.base.clock import Clock
from yinshu.kernel.identity.office import PeopleOffice, open_office
from yinshu.kernel.identity.sign_in import SignIn, SignInPolicy
from yinshu.kernel.knowledge import store

if TYPE_CHECKING:
    from yinshu.kernel.base.database import Engine
    from yinshu.settings import Settings

SECRET = "（已设置，不显示）"  # noqa: S105
_MAY_HOLD_SECRETS = ("database_url",)


def wire_people(settings: Settings, engine: Engine) -> PeopleOffice:
    """The office. Sessions and locks live by the true time, even where "today" is held still."""
    clock = Clock()
    policy = SignInPolicy(
        session_idle_minutes=settings.session_idle_minutes,
        session_hours_max=settings.session_hours_max,
        failures_max=settings.sign_in_failures_max,
        address_failures_max=settings.sign_in_address_failures_max,
        lock_minutes=settings.sign_in_lock_minutes,
        key_days_max=settings.key_days_max,
        passwords=settings.password_sign_in,
    )
    if settings.directories_file is None:
        sign_in = SignIn(engine, clock, policy)
    else:
        # Loaded where it is used, so that a command need not wait for it.
        from yinshu.adapters.directories.configuration import read_directories

        found = read_directories(settings.directories_file)
        sign_in = SignIn(engine, clock, policy, found.ldap, {one.id: one for one in found.oidc}, found.rules)
    return open_office(engine, clock, sign_in, store.hand_over)


def trusted_proxies(settings: Settings) -> frozenset[str]:
    """The addresses that may tell from where a request came."""
    return frozenset(part.strip() for part in settings.trusted_proxies.split(",") if part.strip())


def shown_settings(settings: Settings) -> list[dict[str, Any]]:
    """Every setting with its value, its source and its help; what may hold a secret is not shown."""
    return [
        {
            "name": f"YINSHU_{name.upper()}",
            "value": _shown(name, getattr(settings, name)),
            "source": "environment" if name in settings.model_fields_set else "default",
            "help": field.description or "",
        }
        for name, field in type(settings).model_fields.items()
    ]


def _shown(name: str, value: object) -> object:
    if name in _MAY_HOLD_SECRETS:
        return SECRET if value else ""
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)
