"""What can be wrong with the ledger, its exports and its keys."""

from __future__ import annotations

from yinshu.kernel.base.errors import BadInput, DependencyDown, NotAllowed, NotFound, YinshuError


class LedgerBroken(BadInput):
    """The chain, an export or a signed head does not hold."""

    code = "ledger_broken"


class KeyMissing(NotFound):
    """A key that is needed is not where it should be."""

    code = "ledger_key_missing"


class PersonErased(NotFound):
    """The person's key was destroyed, so that the original can be read by nobody."""

    code = "ledger_person_erased"
    http_status = 410


class SecondPersonNeeded(NotAllowed):
    """Who proposes a change may not approve it."""

    code = "second_person_needed"


class LedgerBusy(DependencyDown):
    """Too many acts wait to be written."""

    code = "ledger_busy"


class LedgerClosed(YinshuError):
    """The writer was closed."""

    code = "ledger_closed"
    http_status = 503
