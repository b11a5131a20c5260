"""Random worlds: departments, posts, people, collections, documents and grants, in the database."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import insert

from yinshu.kernel.base.database import Connection
from yinshu.kernel.base.ids import new_id
from yinshu.kernel.identity import LEVELS, Holder, Resource, Subject, store
from yinshu.kernel.identity.persons import NewPerson
from yinshu.kernel.identity.records import GRANTED_ACTIONS, PERSON_ROLES
from yinshu.kernel.knowledge.tables import clauses, collections, documents, versions

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """Everybody and everything there is; each document has one published version with one clause."""

    subjects: list[Subject]
    collections: list[Resource]
    documents: list[Resource]


def make_world(connection: Connection, seed: int) -> World:
    """Put a world into the database. Its names are its own, so that many worlds share one."""
    chance = random.Random(seed)
    departments: list[str] = []
    for number in range(6):
        parent = chance.choice([None, *departments]) if departments else None
        departments.append(store.add_department(connection, parent, f"{seed}-{number}", NOW))
    posts = [store.add_post(connection, f"{seed}-{number}", "", NOW) for number in range(3)]
    people = [_person(connection, chance, f"w{seed}-{number}", departments, posts) for number in range(7)]
    homes = [_collection(connection, f"{seed}-{number}") for number in range(4)]
    papers = [_document(connection, chance, home, number) for home in homes for number in range(3)]
    holders = [
        *(Holder("department", one) for one in departments),
        *(Holder("post", one) for one in posts),
        *(Holder("role", one) for one in PERSON_ROLES),
        *(Holder("person", one) for one in people),
    ]
    for _ in range(chance.randrange(5, 40)):
        on = chance.choice([*homes, *papers])
        effect = chance.choice(["allow", "allow", "allow", "deny"])
        store.add_grants(
            connection,
            on.kind,  # type: ignore[arg-type]
            on.id,
            chance.choice(holders),
            [chance.choice(GRANTED_ACTIONS)],
            effect=effect,
            granted_by="test",
            now=NOW,
        )
    subjects = []
    for person_id in people:
        person = store.get_person(connection, person_id)
        assert person is not None
        subjects.append(store.subject_of(connection, person))
    return World(subjects, homes, papers)


def _person(connection: Connection, chance: random.Random, login: str, departments: list[str], posts: list[str]) -> str:
    new = NewPerson(
        login,
        login,
        department_id=chance.choice([None, *departments]),
        post_ids=tuple(chance.sample(posts, chance.randrange(3))),
        roles=frozenset(chance.sample(PERSON_ROLES, chance.randrange(2))),
        clearance=chance.choice(LEVELS),
    )
    return store.add_person(connection, new, NOW)


def _collection(connection: Connection, name: str) -> Resource:
    collection_id = new_id("col")
    connection.execute(insert(collections).values(id=collection_id, name=name, axes={}, created_at=NOW))
    return Resource("collection", collection_id)


def _document(connection: Connection, chance: random.Random, home: Resource, number: int) -> Resource:
    document_id, version_id, level = new_id("doc"), new_id("ver"), chance.randrange(len(LEVELS))
    connection.execute(
        insert(documents).values(
            id=document_id, collection_id=home.id, file_name=f"{number}.txt", title="制度", level=level, created_at=NOW
        )
    )
    connection.execute(
        insert(versions).values(
            id=version_id, document_id=document_id, collection_id=home.id, ordinal=1, status="published",
            content_sha256=version_id, media_type="text/plain", size_bytes=1, title="制度", created_at=NOW,
        )
    )  # fmt: skip
    connection.execute(
        insert(clauses).values(
            version_id=version_id, document_id=document_id, collection_id=home.id, level=level, ordinal=0, path=[],
            kind="article", text="正文", status="published", vector_key=document_id,
        )
    )  # fmt: skip
    return Resource("document", document_id, home.id, LEVELS[level])
