"""Identifiers are never the same, not even in a process that was forked."""

from __future__ import annotations

import multiprocessing
import re

from yinshu.kernel.base.ids import new_id

MANY = 1_000
SECONDS_MAX = 20


def test_ids_sort_by_time_and_none_comes_twice() -> None:
    made = [new_id("call") for _ in range(MANY)]
    assert len(set(made)) == MANY
    assert all(re.fullmatch(r"call_[0-9a-z]{24}", one) for one in made)
    times = [one[: len("call_") + 8] for one in made]
    assert times == sorted(times)


def test_a_forked_process_makes_ids_of_its_own() -> None:
    new_id("call")
    forked = multiprocessing.get_context("fork")
    reader, writer = forked.Pipe(duplex=False)
    child = forked.Process(target=lambda: writer.send([new_id("x")[-14:] for _ in range(MANY)]))
    child.start()
    own = {new_id("x")[-14:] for _ in range(MANY)}
    assert reader.poll(SECONDS_MAX)
    others = set(reader.recv())
    child.join(SECONDS_MAX)
    assert len(others) == MANY
    assert not own & others
