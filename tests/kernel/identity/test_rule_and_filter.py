"""The decision and the database filter never differ, in random worlds, on both databases."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine, select

from tests.kernel.identity.worlds import World, make_world
from yinshu.kernel.base.database import Connection, reading, writing
from yinshu.kernel.identity import Subject, may, readable
from yinshu.kernel.identity.records import GRANTED_ACTIONS, GrantedAction
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.store.clauses import in_scope
from yinshu.kernel.knowledge.tables import clauses, collections, documents

WORLDS = 5
TODAY = date(2026, 11, 22)


def allowed(world: World, subject: Subject, action: GrantedAction) -> tuple[set[str], set[str]]:
    """The collections and documents that `may` allows."""
    homes = {one.id for one in world.collections if may(subject, action, one).allowed}
    papers = {one.id for one in world.documents if may(subject, action, one).allowed}
    return homes, papers


def selected(
    connection: Connection, world: World, subject: Subject, action: GrantedAction
) -> tuple[set[str], set[str]]:
    """The collections and documents of the world that the database selects (roles reach into other worlds too)."""
    of_collections = readable(subject, collections.c.id, action=action)
    of_documents = readable(subject, documents.c.collection_id, documents.c.id, documents.c.level, action=action)
    homes = set(connection.execute(select(collections.c.id).where(of_collections)).scalars())
    papers = set(connection.execute(select(documents.c.id).where(of_documents)).scalars())
    return homes & {one.id for one in world.collections}, papers & {one.id for one in world.documents}


def test_the_filter_selects_exactly_what_the_decision_allows(engine: Engine) -> None:
    seen_something = 0
    for seed in range(WORLDS):
        with writing(engine) as connection:
            world = make_world(connection, seed)
        with reading(engine) as connection:
            for subject in world.subjects:
                for action in GRANTED_ACTIONS:
                    expected = allowed(world, subject, action)
                    assert selected(connection, world, subject, action) == expected, (seed, subject.login, action)
                    seen_something += len(expected[1])
    assert seen_something > 40, "worlds in which nobody sees anything prove nothing"


def test_a_search_scope_holds_exactly_the_documents_that_may_be_asked(engine: Engine) -> None:
    for seed in range(WORLDS):
        with writing(engine) as connection:
            world = make_world(connection, seed)
        with reading(engine) as connection:
            for subject in world.subjects:
                scope = store.search_scope(connection, subject, TODAY)
                found = set(connection.execute(select(clauses.c.document_id).where(in_scope(scope))).scalars())
                homes, papers = allowed(world, subject, "ask")
                assert found & {one.id for one in world.documents} == papers, (seed, subject.login)
                places = store.readable_collections(connection, subject, action="ask")
                reached = homes | {one.collection_id for one in world.documents if one.id in papers}
                assert places & {one.id for one in world.collections} == reached


def test_a_scope_narrowed_to_a_collection_never_widens(engine: Engine) -> None:
    with writing(engine) as connection:
        world = make_world(connection, 99)
    with reading(engine) as connection:
        for subject in world.subjects:
            papers = allowed(world, subject, "ask")[1]
            for home in world.collections:
                scope = store.search_scope(connection, subject, TODAY, collection_ids=[home.id])
                found = set(connection.execute(select(clauses.c.document_id).where(in_scope(scope))).scalars())
                inside = {one.id for one in world.documents if one.collection_id == home.id}
                # A collection that is not within reach leaves everything within reach out, not in.
                assert found == papers & inside
