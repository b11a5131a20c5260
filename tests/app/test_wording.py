"""Whoever asks gets an answer: worded by a model where one helps, the extractive one in every other case."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.api.model_servers import PlayedServers, make_model_desk, says
from yinshu.api.platform import Asked
from yinshu.app.wording import Wording
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import metadata, open_engine
from yinshu.kernel.base.errors import DependencyDown
from yinshu.kernel.gateway.desk import ModelDesk
from yinshu.kernel.gateway.ports import Unreachable
from yinshu.kernel.gateway.records import Endpoint, Model
from yinshu.kernel.identity import local_operator
from yinshu.kernel.knowledge.records import Answer, AnswerSentence, Citation, StoredClause, VersionInfo
from yinshu.kernel.knowledge.store.answers import plain, restored
from yinshu.settings import Settings

TEXT = "单位人民币卡账户的资金一律从其基本存款账户转账存入，不得交存现金。单位卡一律不得支取现金。"
SHORT = "单位卡一律不得支取现金。"
CITATION = Citation(1, "办法", "a.txt", "ver_1", "第三条", TEXT, -1)
OTHER = TEXT.removesuffix(SHORT)
EXTRACT = Answer("answered", TEXT, (AnswerSentence(TEXT, (1,), True),), (CITATION,), confidence=0.9, filling=(OTHER,))


def asked(composer: str, level: int = 0, clause_id: int = -1) -> Asked:
    version = VersionInfo("ver_1", "doc_1", "col_1", "办法", "a.txt", level=level)
    clause = StoredClause(clause_id, version, 1, (), "第三条", "article", TEXT, "", "", 1, 1, None, None, None)
    return Asked(local_operator(), "单位卡能不能支取现金？", "", date(2026, 11, 22), composer, attached=(clause,))


@pytest.fixture
def servers() -> PlayedServers:
    return PlayedServers(says(f"{SHORT}[1]"))


@pytest.fixture
def desk(tmp_path: Path, clock: Clock, servers: PlayedServers) -> Iterator[ModelDesk]:
    engine = open_engine(f"sqlite:///{tmp_path / 'wording.sqlite'}")
    metadata.create_all(engine)
    made = make_model_desk(engine, clock, tmp_path, servers)
    yield made
    made.close()
    engine.dispose()


@pytest.fixture
def wording(desk: ModelDesk, clock: Clock) -> Wording:
    return Wording(Settings(composer_timeout_seconds=60, ask_timeout_seconds=120), desk._engine, clock, desk)


def register(desk: ModelDesk, **changes: Any) -> None:
    endpoint = Endpoint("", "", "http://m.test/v1", "m")
    model = Model("", "m", "openai", ("chat",), stage="approved", endpoints=(endpoint,))
    desk.registry.save(local_operator(), replace(model, **changes))


def test_nobody_calls_a_model_unasked(desk: ModelDesk, wording: Wording, servers: PlayedServers) -> None:
    register(desk)
    assert wording(asked("extractive"), EXTRACT, time.perf_counter()).answer is EXTRACT
    assert servers.asked == []


def test_without_a_model_the_remedy_is_named_or_the_extract_given(wording: Wording) -> None:
    with pytest.raises(DependencyDown, match="models pull"):
        wording(asked("model"), EXTRACT, time.perf_counter())
    assert wording(asked("auto"), EXTRACT, time.perf_counter()).by == "extractive"


def test_the_model_words_what_holds_and_is_named(desk: ModelDesk, wording: Wording, servers: PlayedServers) -> None:
    register(desk)
    heard: list[str] = []
    question = replace(asked("model"), on_sentence=lambda sentence: heard.append(sentence.text))
    composed = wording(question, EXTRACT, time.perf_counter())
    assert (composed.by, composed.answer.composed_by, composed.answer.answer) == ("m", "m", SHORT)
    assert not composed.answer.shortened
    assert heard == [SHORT]
    assert "prompt_version" not in servers.asked[0][2]


def test_a_contradiction_is_kept_with_its_run(desk: ModelDesk, wording: Wording, servers: PlayedServers) -> None:
    register(desk)
    servers.answer = says("单位卡可以支取现金。[1]")
    extract = replace(EXTRACT, citations=(replace(CITATION, clause_id=7),))
    composed = wording(asked("model", clause_id=7), extract, time.perf_counter())
    assert (composed.by, composed.answer) == ("extractive", extract)
    wording.keep_cases("run_1", composed.cases)
    [case] = desk.cases()
    assert (case.run_id, case.model, case.sentence) == ("run_1", "m", "单位卡可以支取现金。")


def test_what_a_model_made_of_somebodys_own_file_is_no_case(
    desk: ModelDesk, wording: Wording, servers: PlayedServers
) -> None:
    register(desk)
    servers.answer = says("单位卡可以支取现金。[1]")
    composed = wording(asked("model"), EXTRACT, time.perf_counter())
    assert (composed.by, composed.cases) == ("extractive", ())


def test_a_model_that_fails_is_stood_in_for(desk: ModelDesk, wording: Wording, servers: PlayedServers) -> None:
    register(desk)

    def broken(_url: str, _request: dict[str, Any]) -> tuple[int, Any]:
        raise Unreachable("ServerDisconnectedError")

    servers.answer = broken
    assert wording(asked("model"), EXTRACT, time.perf_counter()).answer is EXTRACT


def test_a_question_whose_time_is_up_is_not_worded(desk: ModelDesk, wording: Wording, servers: PlayedServers) -> None:
    register(desk)
    assert wording(asked("model"), EXTRACT, time.perf_counter() - 3_600).by == "extractive"
    assert servers.asked == []


def test_evidence_above_the_models_level_is_not_sent(desk: ModelDesk, wording: Wording, servers: PlayedServers) -> None:
    register(desk, data_level_max=2)
    assert wording(asked("model", level=2), EXTRACT, time.perf_counter()).by == "extractive"
    assert servers.asked == []
    assert wording(asked("model", level=1), EXTRACT, time.perf_counter()).by == "m"


def test_a_small_model_only_says_which_sentences_answer(
    desk: ModelDesk, wording: Wording, servers: PlayedServers
) -> None:
    register(desk, size_class="small")
    servers.answer = says('{"chosen":[2]}')
    composed = wording(asked("model"), EXTRACT, time.perf_counter())
    assert (composed.by, composed.answer.answer, composed.cases) == ("m", SHORT, ())
    assert composed.answer.shortened
    assert restored(plain(composed.answer)).shortened
    assert composed.words is not None
    assert composed.words.prompt_version.startswith("choose_sentences@")
    request = servers.asked[0][2]
    assert request["response_format"]["json_schema"]["schema"]["properties"]["chosen"]["maxItems"] == 2
    assert "prompt_version" not in request


def test_a_composer_that_is_not_registered_is_stood_in_for(
    desk: ModelDesk, clock: Clock, servers: PlayedServers
) -> None:
    register(desk)
    settings = Settings(composer_model="gone", composer_timeout_seconds=60, ask_timeout_seconds=120)
    named = Wording(settings, desk._engine, clock, desk)
    assert named(asked("model"), EXTRACT, time.perf_counter()).answer is EXTRACT
    assert servers.asked == []
