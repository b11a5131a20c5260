"""The guard's errors: GuardError > PolicyRejected | LexiconRejected | CasesRejected; a block is a result, no error."""

from __future__ import annotations

from yinshu.kernel.base.errors import BadInput


class GuardError(BadInput):
    """The guard was given data that it cannot use."""

    code = "guard"


class PolicyRejected(GuardError):
    """A policy is incomplete, contradicts itself, or was not approved by a second person."""

    code = "guard_policy"


class LexiconRejected(GuardError):
    """A lexicon file has a row that cannot be meant."""

    code = "guard_lexicon"


class CasesRejected(GuardError):
    """A case file of `bench guard` cannot be read."""

    code = "guard_cases"
