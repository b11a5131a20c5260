"""The people of the sample bank, their rights and the levels of its documents."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from yinshu import sample
from yinshu.api.platform import SampleStaff
from yinshu.app.intake import SAMPLE_COLLECTION
from yinshu.kernel.identity.persons import LOCAL_SOURCE
from yinshu.kernel.identity.roster import read_rows
from yinshu.kernel.identity.store import PersonFilter
from yinshu.kernel.knowledge.rights_table import apply_levels, apply_rights

if TYPE_CHECKING:
    from yinshu.kernel.base.clock import Clock
    from yinshu.kernel.base.database import Engine
    from yinshu.kernel.identity import Subject
    from yinshu.kernel.identity.office import PeopleOffice

PEOPLE_MAX = 100


def settle_sample(
    engine: Engine, clock: Clock, office: PeopleOffice, by: Subject, *, with_passwords: bool
) -> SampleStaff:
    """Put the staff in place, once or again. With `with_passwords` each of them gets a new one-time password."""
    people = sample.staff_files()
    rows = read_rows(people.people.name, people.people.read_bytes())
    report = office.roster.take_in(by, rows, dry_run=False)
    levels = apply_levels(engine, SAMPLE_COLLECTION, _rows(people.levels))
    rights = apply_rights(engine, clock, by, SAMPLE_COLLECTION, _rows(people.rights))
    return SampleStaff(
        people=len(report.rows),
        rights=rights,
        levels=levels,
        passwords=_passwords(office, by, {row["login"] for row in rows}) if with_passwords else (),
    )


def _passwords(office: PeopleOffice, by: Subject, logins: set[str]) -> tuple[tuple[str, str, str], ...]:
    staff = office.staff.find(PersonFilter(status="active"), limit=PEOPLE_MAX)
    wanted = [one for one in staff if one.login in logins and one.source == LOCAL_SOURCE]
    return tuple((one.login, one.name, office.staff.reset_password(by, one.id)) for one in wanted)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
