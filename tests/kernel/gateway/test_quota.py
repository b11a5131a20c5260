"""Quotas bound tokens, requests and streams of persons, departments with everything below, and applications."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yinshu.kernel.gateway.errors import QuotaSpent
from yinshu.kernel.gateway.quota import QuotaBook
from yinshu.kernel.gateway.records import Caller, Quota
from yinshu.kernel.identity import Subject

DAY = date(2026, 11, 22)


class Time:
    """Seconds and the day, moved by the test."""

    def __init__(self) -> None:
        self.seconds = 6_000.0
        self.day = DAY


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def book(time: Time) -> QuotaBook:
    return QuotaBook(lambda: time.day, lambda: time.seconds)


def caller(person: str = "p1", department: str = "总行/运营部", application: str = "") -> Caller:
    return Caller(Subject(person, person, department), application)


def bound(book: QuotaBook, kind: Any, holder: str, **bounds: int) -> None:
    book.load([Quota(kind, holder, **bounds)], {}, DAY)


def test_requests_of_a_minute_are_counted_and_forgotten(book: QuotaBook, time: Time) -> None:
    bound(book, "person", "p1", requests_per_minute=2)
    book.admit(caller(), stream=False)
    book.admit(caller(), stream=False)
    with pytest.raises(QuotaSpent) as spent:
        book.admit(caller(), stream=False)
    assert 1 <= spent.value.retry_after_seconds <= 60
    book.admit(caller("p2"), stream=False)
    time.seconds += 60
    book.admit(caller(), stream=False)


def test_tokens_of_a_department_are_those_of_everybody_below(book: QuotaBook, time: Time) -> None:
    bound(book, "department", "总行", tokens_per_day=100)
    book.admit(caller("p1"), stream=False)
    book.settle(caller("p1"), 60, stream=False)
    book.settle(caller("p2", "总行/科技部/一组"), 40, stream=False)
    with pytest.raises(QuotaSpent, match="部门"):
        book.admit(caller("p3", "总行/办公室"), stream=False)
    book.admit(caller("p4", "分行"), stream=False)
    time.day, time.seconds = date(2026, 11, 23), time.seconds + 86_400
    book.admit(caller("p3", "总行/办公室"), stream=False)


def test_streams_are_bounded_at_the_same_time_only(book: QuotaBook) -> None:
    bound(book, "application", "助手", streams_max=1)
    book.admit(caller(application="助手"), stream=True)
    with pytest.raises(QuotaSpent):
        book.admit(caller("p2", application="助手"), stream=True)
    book.admit(caller("p2", application="助手"), stream=False)
    book.settle(caller(application="助手"), 5, stream=True)
    book.admit(caller("p2", application="助手"), stream=True)


def test_a_star_bounds_each_holder_without_one_of_its_own(book: QuotaBook) -> None:
    book.load([Quota("person", "*", requests_per_minute=1), Quota("person", "p9", requests_per_minute=3)], {}, DAY)
    book.admit(caller("p1"), stream=False)
    book.admit(caller("p2"), stream=False)
    with pytest.raises(QuotaSpent):
        book.admit(caller("p1"), stream=False)
    for _ in range(3):
        book.admit(caller("p9"), stream=False)


def test_a_refused_request_counts_nothing(book: QuotaBook) -> None:
    bound(book, "person", "p1", requests_per_minute=0)
    with pytest.raises(QuotaSpent):
        book.admit(caller(), stream=True)
    assert book.spent(("person", "p1")) == (0, 0, 0)
    assert book.spent(("department", "总行")) == (0, 0, 0)


def test_tokens_of_other_processes_count_too(book: QuotaBook) -> None:
    quota = Quota("department", "总行", tokens_per_day=100)
    book.load([quota], {("department", "总行/运营部"): 70, ("department", "总行"): 30, ("person", "p1"): 100}, DAY)
    with pytest.raises(QuotaSpent):
        book.admit(caller(), stream=False)


def test_what_other_processes_counted_is_added_until_the_minute_ends(book: QuotaBook, time: Time) -> None:
    bound(book, "person", "p1", requests_per_minute=3, streams_max=2)
    book.admit(caller(), stream=True)
    minute, counts = book.counted()
    assert counts == {("person", "p1"): (1, 1)}
    book.heard(minute, {("person", "p1"): (1, 1)})
    assert book.spent(("person", "p1")) == (0, 2, 2)
    with pytest.raises(QuotaSpent, match="同时"):
        book.admit(caller(), stream=True)
    book.admit(caller(), stream=False)
    with pytest.raises(QuotaSpent, match="每分钟"):
        book.admit(caller(), stream=False)
    time.seconds += 60
    book.heard(minute, {("person", "p1"): (3, 0)})
    assert book.spent(("person", "p1")) == (0, 0, 2)


def test_holders_without_a_quota_are_told_to_nobody(book: QuotaBook) -> None:
    bound(book, "person", "p1", requests_per_minute=3)
    book.admit(caller("p2"), stream=False)
    assert book.counted()[1] == {}
