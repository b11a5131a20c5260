"""Replicas: the least busy is taken, a failing one rests, retries are paid from a budget."""

from __future__ import annotations

from dataclasses import replace

import pytest

from yinshu.kernel.gateway.errors import ModelBusy, ModelDown
from yinshu.kernel.gateway.records import Endpoint, Model
from yinshu.kernel.gateway.replicas import FAILURES_TO_OPEN, OPEN_SECONDS, Replicas

ENDPOINTS = tuple(Endpoint(name, "mod", f"http://{name}/v1", "m", in_flight_max=2) for name in ("a", "b"))
MODEL = Model("mod", "m", "openai", ("chat",), endpoints=ENDPOINTS)


class Watch:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def replicas(watch: Watch) -> Replicas:
    return Replicas(watch)


def test_calls_go_to_the_least_busy(replicas: Replicas) -> None:
    taken = [replicas.take(MODEL).id for _ in range(4)]
    assert sorted(taken) == ["a", "a", "b", "b"]
    with pytest.raises(ModelBusy):
        replicas.take(MODEL)
    replicas.succeed("b", 5.0)
    assert replicas.take(MODEL).id == "b"


def test_a_failing_endpoint_rests_and_is_tried_once_after_a_while(replicas: Replicas, watch: Watch) -> None:
    only = replace(MODEL, endpoints=ENDPOINTS[:1])
    for _ in range(FAILURES_TO_OPEN):
        replicas.take(only)
        replicas.fail("a")
    assert replicas.circuit("a") == "open"
    with pytest.raises(ModelDown):
        replicas.take(only)
    watch.now += OPEN_SECONDS + 0.1
    assert replicas.circuit("a") == "half_open"
    replicas.take(only)
    with pytest.raises(ModelDown):
        replicas.take(only)
    replicas.succeed("a", 1.0)
    assert replicas.circuit("a") == "closed"
    assert replicas.of("a").in_flight == 0


def test_a_trial_call_that_fails_opens_the_circuit_again(replicas: Replicas, watch: Watch) -> None:
    only = replace(MODEL, endpoints=ENDPOINTS[:1])
    for _ in range(FAILURES_TO_OPEN):
        replicas.take(only)
        replicas.fail("a")
    watch.now += OPEN_SECONDS + 0.1
    replicas.take(only)
    replicas.fail("a")
    assert replicas.circuit("a") == "open"


def test_a_healthy_probe_shortens_the_rest(replicas: Replicas) -> None:
    only = replace(MODEL, endpoints=ENDPOINTS[:1])
    for _ in range(FAILURES_TO_OPEN):
        replicas.take(only)
        replicas.fail("a")
    replicas.probed("a", healthy=True)
    assert replicas.take(only).id == "a"


def test_an_unhealthy_endpoint_is_taken_last(replicas: Replicas) -> None:
    replicas.probed("a", healthy=False)
    assert [replicas.take(MODEL).id for _ in range(2)] == ["b", "b"]


@pytest.mark.parametrize("state", ["draining", "off"])
def test_a_draining_endpoint_gets_no_new_calls(replicas: Replicas, state: str) -> None:
    first = replace(ENDPOINTS[0], state=state)  # type: ignore[arg-type]
    model = replace(MODEL, endpoints=(first, ENDPOINTS[1]))
    assert {replicas.take(model).id for _ in range(2)} == {"b"}


def test_retries_end_when_the_budget_is_spent(replicas: Replicas) -> None:
    paid = 0
    while replicas.may_retry():
        paid += 1
        assert paid < 1_000
    for _ in range(11):
        replicas.take(replace(MODEL, endpoints=(replace(ENDPOINTS[0], in_flight_max=100),)))
    assert replicas.may_retry()
    assert replicas.may_retry()
    assert not replicas.may_retry()
