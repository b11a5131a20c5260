"""Passwords: how they are kept, what a good one is, and the one-time ones that people get to begin with."""

from __future__ import annotations

import re
import secrets
from functools import cache
from importlib.resources import files
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from yinshu.kernel.identity.errors import WeakPassword

LENGTH_MIN = 10
LENGTH_MAX = 128
KINDS_MIN = 2
"""Of small letters, capital letters, digits and anything else."""
DIFFERENT_MIN = 5
RUN_MAX = 4
"""Characters in a row that may be the same or follow each other (1234, abcd)."""
LOGIN_PART_MIN = 3
ONE_TIME_GROUPS, ONE_TIME_GROUP_CHARS = 4, 4
_ONE_TIME_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"

# Argon2id as OWASP recommends it: 19 MiB, two passes, one lane; about 30 ms on the machine that we measure on.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_KEYBOARD_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz")


def hash_password(password: str) -> str:
    """Argon2id with a salt of its own, in its own notation."""
    return _HASHER.hash(password)


def matches(password: str, kept: str) -> bool:
    """Whether the password is the kept one. Takes as long when nothing is kept, so that nobody can tell who exists."""
    if len(password) > LENGTH_MAX:
        return False
    try:
        _HASHER.verify(kept or _hash_of_nothing(), password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)


@cache
def _hash_of_nothing() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))


def needs_rehash(kept: str) -> bool:
    """Whether the kept hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


def one_time_password() -> str:
    """A password for the first sign-in only, easy to read out: 16 characters of 31, about 79 bits."""
    groups = (
        "".join(secrets.choice(_ONE_TIME_ALPHABET) for _ in range(ONE_TIME_GROUP_CHARS)) for _ in range(ONE_TIME_GROUPS)
    )
    return "-".join(groups)


def check_password(password: str, *, login: str, name: str = "", old: str = "") -> None:
    """Raise WeakPassword, naming the rule, when the password does not keep the policy."""
    fault = _fault(password, login, name, old)
    if fault:
        raise WeakPassword(f"{fault}请换一个密码。")


def _fault(password: str, login: str, name: str, old: str) -> str:
    lowered = password.lower()
    if not LENGTH_MIN <= len(password) <= LENGTH_MAX:
        return f"密码要有 {LENGTH_MIN} 到 {LENGTH_MAX} 个字符。"
    if password == old:
        return "新密码不能与原密码相同。"
    if (len(login) >= LOGIN_PART_MIN and login.lower() in lowered) or (len(name) > 1 and name in password):
        return "密码不能包含登录名或姓名。"
    if _kinds(password) < KINDS_MIN or len(set(password)) < DIFFERENT_MIN:
        return "密码要包含大写字母、小写字母、数字、符号中的至少两类，并且不能总是重复几个字符。"
    if _longest_run(lowered) > RUN_MAX:
        return f"密码中不能有连续 {RUN_MAX + 1} 个以上相同、相邻或按键盘顺序的字符。"
    if _is_common(lowered):
        return "这是很常见的密码，容易被猜到。"
    return ""


def _kinds(password: str) -> int:
    patterns = (r"[a-z]", r"[A-Z]", r"\d", r"[^a-zA-Z\d]")
    return sum(bool(re.search(pattern, password)) for pattern in patterns)


def _longest_run(text: str) -> int:
    longest = run = 1
    for before, this in pairwise(text):
        run = run + 1 if this == before or _next_to_each_other(before, this) else 1
        longest = max(longest, run)
    return longest


def _next_to_each_other(one: str, other: str) -> bool:
    return any(one + other in row or other + one in row for row in _KEYBOARD_ROWS)


def _is_common(lowered: str) -> bool:
    """Whether what is left without digits and marks at the ends is a word that many people use."""
    bare = re.sub(r"^[\d\W_]+|[\d\W_]+$", "", lowered)
    plain = bare.translate(str.maketrans("01345@$", "oleasas"))
    return bool({lowered, bare, plain} & _common_words()) or not bare


@cache
def _common_words() -> frozenset[str]:
    text = files("yinshu.kernel.identity").joinpath("common_passwords.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
