"""From draft to archive: two people, one transaction, and what a search finds at every step."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from tests.kernel.knowledge.life.conftest import CASH, CASH_NEW
from yinshu.kernel.audit.store import read_entries, verify_chain
from yinshu.kernel.base.clock import fixed_clock
from yinshu.kernel.base.database import reading, writing
from yinshu.kernel.base.errors import BadArgument, NotAllowed, NotFound, YinshuError
from yinshu.kernel.identity import Subject, local_operator
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.life import publish, review
from yinshu.kernel.knowledge.life.desk import Desk
from yinshu.kernel.knowledge.life.errors import Conflict, SamePerson
from yinshu.kernel.knowledge.life.publish import Archival
from yinshu.kernel.knowledge.ports import ClauseIndex, TextQuery
from yinshu.kernel.knowledge.records import SearchScope
from yinshu.kernel.knowledge.store import reviews as review_store
from yinshu.kernel.knowledge.tables import reviews

Put = Callable[..., str]
TODAY = date(2026, 11, 22)


@pytest.fixture
def found(desk: Desk, index: ClauseIndex, collection_id: str) -> Callable[..., list[str]]:
    """What a search for 现金 finds by the law of a day: the texts of the clauses."""

    def search(day: date = TODAY) -> list[str]:
        scope = SearchScope((collection_id,), day)
        with reading(desk.engine) as connection:
            hits = index.search_text(connection, TextQuery((("现金", 1.0),)), scope, 50)
            return [one.text for one in store.get_clauses(connection, [hit for hit, _ in hits], scope)]

    return search


def says(texts: list[str], words: str) -> bool:
    return any(words in text for text in texts)


def go_live(desk: Desk, version_id: str, maker: Subject, checker: Subject) -> None:
    review.submit(desk, maker, version_id)
    review.approve(desk, checker, version_id, publish_now=True)


def status_of(desk: Desk, version_id: str) -> str:
    with reading(desk.engine) as connection:
        return store.get_versions(connection, [version_id])[version_id].status


def test_a_document_is_found_from_the_moment_it_is_published(
    desk: Desk, put: Put, maker: Subject, checker: Subject, found: Callable[..., list[str]]
) -> None:
    wanted: list[str] = []
    desk = replace(desk, vectors_wanted=lambda: wanted.append("now"))
    version_id = put("现金.txt", CASH)
    assert found() == []
    assert review.submit(desk, maker, version_id, "请审核").info.status == "in_review"
    assert review.approve(desk, checker, version_id).info.status == "in_review"
    assert found() == []
    assert publish.publish(desk, checker, version_id).info.status == "published"
    assert says(found(), "十万元")
    assert wanted == ["now"]
    with reading(desk.engine) as connection:
        actions = [one.action for one in read_entries(connection) if one.subject == version_id]
        assert verify_chain(connection).ok
        steps = [one.step for one in review_store.list_steps(connection, version_id)]
    assert actions == [
        "knowledge.ingest", "knowledge.submitted", "knowledge.approved", "knowledge.published"
    ]  # fmt: skip
    assert steps == ["created", "submitted", "approved", "published"]


def test_whoever_made_a_version_cannot_decide_on_it(
    desk: Desk, put: Put, person: Callable[..., Subject], checker: Subject
) -> None:
    both = person("both", "read", "ingest", "publish")
    uploaded = put("现金.txt", CASH, by="both")
    other = person("other", "read", "ingest", "publish")
    review.submit(desk, other, uploaded)
    for own in (both, other):
        with pytest.raises(SamePerson) as refused:
            review.approve(desk, own, uploaded)
        assert "另一位" in refused.value.message
        with pytest.raises(SamePerson):
            review.give_back(desk, own, uploaded, "不行")
    assert review.approve(desk, checker, uploaded, publish_now=True).info.status == "published"


def test_the_database_itself_refuses_one_person_twice(desk: Desk, put: Put, maker: Subject) -> None:
    version_id = put("现金.txt", CASH)
    review.submit(desk, maker, version_id)
    with pytest.raises(IntegrityError), writing(desk.engine) as connection:
        connection.execute(update(reviews).values(outcome="approved", decided_by=maker.id))


def test_rights_decide_who_may_do_a_step(
    desk: Desk, put: Put, maker: Subject, checker: Subject, reader: Subject, stranger: Subject
) -> None:
    version_id = put("现金.txt", CASH)
    with pytest.raises(NotFound):
        review.submit(desk, reader, version_id)
    with pytest.raises(NotFound):
        review.submit(desk, stranger, version_id)
    with pytest.raises(NotAllowed):
        review.submit(desk, checker, version_id)
    review.submit(desk, maker, version_id)
    with pytest.raises(NotAllowed):
        review.approve(desk, maker, version_id)
    with pytest.raises(NotFound):
        review.approve(desk, stranger, version_id)
    assert status_of(desk, version_id) == "in_review"


def test_what_is_returned_says_why_and_can_be_submitted_again(
    desk: Desk, put: Put, maker: Subject, checker: Subject
) -> None:
    version_id = put("现金.txt", CASH)
    review.submit(desk, maker, version_id)
    with pytest.raises(BadArgument):
        review.give_back(desk, checker, version_id, "  ")
    assert review.give_back(desk, checker, version_id, "请补充文号").info.status == "draft"
    with reading(desk.engine) as connection:
        last = review_store.latest_reviews(connection, [version_id])[version_id]
    assert (last.outcome, last.decided_by, last.comment) == ("returned", "checker", "请补充文号")
    go_live(desk, version_id, maker, checker)
    assert status_of(desk, version_id) == "published"


def test_a_submission_can_be_withdrawn_even_once_approved(
    desk: Desk, put: Put, maker: Subject, checker: Subject
) -> None:
    version_id = put("现金.txt", CASH)
    review.submit(desk, maker, version_id)
    review.withdraw(desk, maker, version_id)
    with pytest.raises(Conflict):
        review.approve(desk, checker, version_id)
    review.submit(desk, maker, version_id)
    review.approve(desk, checker, version_id, publish_on=TODAY + timedelta(days=3))
    assert review.withdraw(desk, maker, version_id).info.status == "draft"
    late = replace(desk, clock=fixed_clock(TODAY + timedelta(days=9)))
    assert publish.publish_due(late) == []


def test_nothing_is_published_without_approval(desk: Desk, put: Put, maker: Subject, checker: Subject) -> None:
    version_id = put("现金.txt", CASH)
    with pytest.raises(Conflict):
        publish.publish(desk, checker, version_id)
    review.submit(desk, maker, version_id)
    with pytest.raises(Conflict):
        publish.publish(desk, checker, version_id)
    assert status_of(desk, version_id) == "in_review"


def test_a_planned_publication_happens_on_its_day_and_once(
    desk: Desk, put: Put, maker: Subject, checker: Subject, found: Callable[..., list[str]]
) -> None:
    version_id = put("现金.txt", CASH)
    review.submit(desk, maker, version_id)
    review.approve(desk, checker, version_id, publish_on=TODAY + timedelta(days=3))
    assert publish.publish_due(desk) == []
    assert found() == []
    late = replace(desk, clock=fixed_clock(TODAY + timedelta(days=3)))
    assert publish.publish_due(late) == [version_id]
    assert publish.publish_due(late) == []
    assert says(found(TODAY + timedelta(days=3)), "十万元")


def test_an_update_counts_from_its_day_and_the_old_words_until_then(
    desk: Desk, put: Put, maker: Subject, checker: Subject, found: Callable[..., list[str]]
) -> None:
    first = put("现金.txt", CASH)
    go_live(desk, first, maker, checker)
    second = put("现金.txt", CASH_NEW)
    assert says(found(), "十万元")
    assert not says(found(), "五万元")
    go_live(desk, second, maker, checker)
    assert (status_of(desk, first), status_of(desk, second)) == ("superseded", "published")
    assert says(found(date(2026, 11, 30)), "十万元")
    assert not says(found(date(2026, 11, 30)), "五万元")
    assert says(found(date(2026, 12, 1)), "五万元")
    assert not says(found(date(2026, 12, 1)), "十万元")


def test_an_older_version_is_not_published_over_a_newer_one(
    desk: Desk, put: Put, maker: Subject, checker: Subject
) -> None:
    older, newer = put("现金.txt", CASH), put("现金.txt", CASH_NEW)
    go_live(desk, newer, maker, checker)
    review.submit(desk, maker, older)
    with pytest.raises(Conflict):
        review.approve(desk, checker, older, publish_now=True)
    assert status_of(desk, older) == "in_review"
    with reading(desk.engine) as connection:
        assert review_store.latest_reviews(connection, [older])[older].outcome is None


def test_an_archived_rule_answers_for_the_past_only(
    desk: Desk, put: Put, maker: Subject, checker: Subject, found: Callable[..., list[str]]
) -> None:
    version_id = put("现金.txt", CASH)
    go_live(desk, version_id, maker, checker)
    assert publish.archive(desk, checker, version_id, "业务取消").info.status == "archived"
    assert found(TODAY) == []
    assert says(found(TODAY - timedelta(days=1)), "十万元")
    with pytest.raises(Conflict):
        publish.archive(desk, checker, version_id)


def test_a_slip_is_taken_out_as_if_it_had_never_been(
    desk: Desk, put: Put, maker: Subject, checker: Subject, found: Callable[..., list[str]]
) -> None:
    first = put("现金.txt", CASH)
    go_live(desk, first, maker, checker)
    second = put("现金.txt", CASH_NEW)
    go_live(desk, second, maker, checker)
    publish.archive(desk, checker, second, "传错文件", how=Archival(mistaken=True))
    assert (status_of(desk, first), status_of(desk, second)) == ("published", "archived")
    for day in (TODAY - timedelta(days=400), TODAY, date(2027, 6, 1)):
        assert says(found(day), "十万元")
        assert not says(found(day), "五万元")


def test_a_rule_that_is_archived_still_ends_what_it_ended(
    desk: Desk, put: Put, maker: Subject, checker: Subject, found: Callable[..., list[str]]
) -> None:
    go_live(desk, put("现金.txt", CASH), maker, checker)
    text = "关于废止现金办法的通知\n第一条 自2026年6月1日起，《单位现金管理办法》废止。\n第二条 本通知自2026年6月1日起施行。\n"
    notice = put("废止.txt", text)
    go_live(desk, notice, maker, checker)
    assert not says(found(), "十万元")
    publish.archive(desk, checker, notice)
    assert not says(found(), "十万元")
    assert says(found(date(2026, 5, 31)), "十万元")


def test_the_maker_cannot_archive_what_counts_but_the_operator_of_the_machine_can(
    desk: Desk, put: Put, person: Callable[..., Subject], checker: Subject
) -> None:
    both = person("both", "read", "ingest", "publish")
    version_id = put("现金.txt", CASH, by="both")
    go_live(desk, version_id, both, checker)
    with pytest.raises(SamePerson):
        publish.archive(desk, both, version_id)
    assert publish.archive(desk, local_operator(), version_id).info.status == "archived"


def test_a_draft_can_be_put_aside_and_comes_back_with_the_same_file(
    desk: Desk, put: Put, maker: Subject, checker: Subject
) -> None:
    version_id = put("现金.txt", CASH)
    review.submit(desk, maker, version_id)
    publish.archive(desk, maker, version_id)
    assert put("现金.txt", CASH) == version_id
    assert status_of(desk, version_id) == "draft"
    go_live(desk, version_id, maker, checker)
    assert status_of(desk, version_id) == "published"


def test_of_two_reviewers_at_once_one_decides(
    desk: Desk, put: Put, maker: Subject, person: Callable[..., Subject]
) -> None:
    checkers = [person(f"checker{number}", "read", "publish") for number in range(4)]
    version_id = put("现金.txt", CASH)
    review.submit(desk, maker, version_id)
    start = threading.Barrier(len(checkers))

    def decide(who: Subject) -> str:
        start.wait()
        try:
            review.approve(desk, who, version_id, publish_now=True)
        except Conflict:
            return "late"
        return who.id

    with ThreadPoolExecutor(len(checkers)) as pool:
        outcomes = list(pool.map(decide, checkers))
    winners = [one for one in outcomes if one != "late"]
    assert len(winners) == 1
    with reading(desk.engine) as connection:
        decided = [one for one in read_entries(connection) if one.action == "knowledge.approved"]
        assert verify_chain(connection).ok
    assert [one.actor for one in decided] == winners


def test_one_person_in_two_windows_cannot_make_and_check(desk: Desk, put: Put, person: Callable[..., Subject]) -> None:
    both = person("both", "read", "ingest", "publish")
    version_id = put("现金.txt", CASH, by="somebody")
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def act(step: Callable[..., object]) -> None:
        start.wait()
        for _ in range(20):
            try:
                step(desk, both, version_id)
                outcomes.append(step.__name__)
            except YinshuError as error:
                outcomes.append(error.code)

    threads = [threading.Thread(target=act, args=(step,)) for step in (review.submit, review.approve)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("submit") == 1
    assert "approve" not in outcomes
    assert status_of(desk, version_id) == "in_review"


def test_a_search_during_publications_sees_one_whole_version_at_a_time(
    desk: Desk, put: Put, maker: Subject, checker: Subject, found: Callable[..., list[str]]
) -> None:
    texts = [
        CASH.replace("十万元", f"{number}万元").replace("不得支取", f"不得（{number}）支取") for number in range(10, 14)
    ]
    go_live(desk, put("现金.txt", texts[0]), maker, checker)
    seen: list[list[str]] = []
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            seen.append(found(date(2027, 1, 1)))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        for text in texts[1:]:
            go_live(desk, put("现金.txt", text), maker, checker)
    finally:
        over.set()
        watcher.join()
    assert seen
    for one in seen:
        whole = "".join(one)
        present = [number for number in range(10, 14) if f"{number}万元" in whole]
        assert len(present) == 1, whole
        assert f"不得（{present[0]}）支取" in whole


def test_the_queue_tells_each_person_what_waits_for_them(
    desk: Desk, put: Put, maker: Subject, checker: Subject, reader: Subject, stranger: Subject
) -> None:
    first, second = put("现金.txt", CASH), put("现金二.txt", CASH_NEW)
    review.submit(desk, maker, first)
    review.submit(desk, maker, second)
    mine = review.queue(desk, checker)
    assert [one.file.info.version_id for one in mine] == [first, second]
    assert all(one.waiting_for_me and one.steps == ("approve", "return") for one in mine)
    assert [one.waiting_for_me for one in review.queue(desk, maker)] == [False, False]
    assert review.queue(desk, maker)[0].steps == ("withdraw",)
    assert review.queue(desk, reader) == review.queue(desk, stranger) == []
    review.approve(desk, checker, first)
    assert review.queue(desk, checker)[0].steps == ("publish",)
