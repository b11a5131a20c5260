"""The identity room as one thing: everything the doors need, wired once."""

from __future__ import annotations

from dataclasses import dataclass

from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Engine, reading
from yinshu.kernel.identity import store
from yinshu.kernel.identity.granting import Rights
from yinshu.kernel.identity.keys import Keys
from yinshu.kernel.identity.permission import local_operator
from yinshu.kernel.identity.persons import NewPerson
from yinshu.kernel.identity.records import PERSON_ROLES
from yinshu.kernel.identity.roster import Roster
from yinshu.kernel.identity.sign_in import SignIn
from yinshu.kernel.identity.staff import AUDITOR, HandOver, Staff, keep_nothing_back
from yinshu.kernel.identity.structure import Structure

FIRST_LOGIN, FIRST_NAME = "admin", "系统管理员"


@dataclass(frozen=True)
class PeopleOffice:
    """Signing in, people, departments and posts, rights, keys, and lists of people from files."""

    sign_in: SignIn
    staff: Staff
    structure: Structure
    rights: Rights
    keys: Keys
    roster: Roster

    def first_administrator(self) -> str | None:
        """Make the first administrator where nobody could let people in; their one-time password, otherwise None.

        They hold every administrator's role but the auditor's, who must be somebody else.
        """
        with reading(self.staff.engine) as connection:
            if store.find_person(connection, FIRST_LOGIN) is not None or store.someone_administers_people(connection):
                return None
        roles = frozenset(PERSON_ROLES) - {AUDITOR}
        new = NewPerson(FIRST_LOGIN, FIRST_NAME, roles=roles)
        _, password = self.staff.create(local_operator(), new, with_password=True)
        return password


def open_office(engine: Engine, clock: Clock, sign_in: SignIn, hand_over: HandOver = keep_nothing_back) -> PeopleOffice:
    """The office on a database. `hand_over` moves what a leaver answers for in the rooms above."""
    staff = Staff(engine, clock, hand_over)
    return PeopleOffice(
        sign_in,
        staff,
        Structure(engine, clock),
        Rights(engine, clock),
        Keys(engine, clock, sign_in.policy.key_days_max),
        Roster(engine, clock, staff),
    )
