"""The load of the comparison is fair: nothing that a server remembers of one round makes the next one cheaper."""

from __future__ import annotations

import json
from itertools import islice

from yinshu.adapters.benches.load import bodies

REQUESTS = 200


def test_no_two_requests_of_a_run_are_alike() -> None:
    rounds = [islice(bodies("m", stream=stream), REQUESTS) for stream in (False, True, False)]
    asked = [json.loads(body)["messages"][0]["content"] for one in rounds for body in one]
    assert len(set(asked)) == len(asked) == 3 * REQUESTS
