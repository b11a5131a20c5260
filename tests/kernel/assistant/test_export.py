"""Exported papers carry question, answer, sources with dates, the label of generated text and its metadata."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from docx import Document

from tests.kernel.assistant.people import OPEN, SECRET, SECRET_WORDS, both_answer, citation
from yinshu.api.render_conversations import render_turn
from yinshu.kernel.assistant.export import Paper, as_markdown, paper_of
from yinshu.kernel.assistant.export_docx import as_docx
from yinshu.kernel.assistant.records import Turn
from yinshu.kernel.assistant.withhold import shown_to
from yinshu.kernel.guard import is_labelled
from yinshu.kernel.knowledge.records import Answer

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
TURN = Turn("t1", "c", 1, "answered", "它能取现金吗", "单位卡能取现金吗？", date(2026, 11, 1), (), "extractive", (), AT)
ANSWERED = replace(TURN, answer=both_answer(), run_id="run_1")


def paper(*turns: Turn) -> Paper:
    return paper_of("单位卡", "cnv_1", turns, AT)


def docx_text(content: bytes) -> str:
    return "\n".join(one.text for one in Document(io.BytesIO(content)).paragraphs)


@pytest.mark.parametrize("written", [lambda one: as_markdown(one).decode(), lambda one: docx_text(as_docx(one))])
def test_both_formats_tell_question_answer_sources_dates_and_label(written) -> None:  # type: ignore[no-untyped-def]
    made = paper(ANSWERED)
    text = written(made)
    for told in (
        "它能取现金吗",
        "按此理解：单位卡能取现金吗？",
        "依据日期：2026年11月1日",
        "核验结果：已核验",
        "单位卡不得支取现金。[1]",
        "[1] 单位卡办法　第三条（2020年1月1日起施行）",
        "人工智能生成",
        "2026年11月22日 12:00",
        made.digest,
    ):
        assert told in text, told


def test_how_the_answer_came_about_is_told() -> None:
    assert ANSWERED.answer is not None
    for answer, told in (
        (ANSWERED.answer, "作答方式：摘录原文"),
        (replace(ANSWERED.answer, composed_by="m", shortened=True), "作答方式：大模型选句"),
        (replace(ANSWERED.answer, composed_by="m"), "作答方式：大模型措辞"),
    ):
        turn = replace(ANSWERED, answer=answer)
        assert told in as_markdown(paper(turn)).decode()
        assert render_turn(turn)["composed_by"] == told.removeprefix("作答方式：")


def test_the_label_stands_at_the_head_and_at_the_foot() -> None:
    body = as_markdown(paper(ANSWERED)).decode()
    assert "人工智能生成" in body[:400]
    assert is_labelled(docx_text(as_docx(paper(ANSWERED))))
    assert body.count("人工智能生成") >= 2


def test_the_files_metadata_hold_the_aigc_object() -> None:
    made = paper(ANSWERED)
    aigc = json.loads(made.aigc)
    assert (aigc["Label"], aigc["ProduceID"]) == ("1", "cnv_1")
    assert set(aigc) == {
        "Label", "ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator", "PropagateID", "ReservedCode2",
    }  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(as_docx(made))) as archive:
        custom = archive.read("docProps/custom.xml").decode()
        assert "custom-properties" in archive.read("[Content_Types].xml").decode()
        assert "docProps/custom.xml" in archive.read("_rels/.rels").decode()
    assert 'name="AIGC"' in custom
    assert made.digest in custom
    assert f"AIGC: {made.aigc}" in as_markdown(made).decode()


def test_the_digest_changes_with_any_word_and_with_nothing_else() -> None:
    assert paper(ANSWERED).digest == paper_of("单位卡", "cnv_2", [ANSWERED], AT.replace(hour=9)).digest
    assert paper(ANSWERED).digest != paper(replace(ANSWERED, question="它能取现吗")).digest


def test_what_a_reader_may_not_read_is_not_in_their_paper() -> None:
    made = paper(shown_to(ANSWERED, {f"ver_{OPEN}"}, files=True))
    assert SECRET_WORDS not in as_markdown(made).decode() + docx_text(as_docx(made))
    assert "无权查看" in as_markdown(made).decode()


def test_refusals_choices_and_failures_are_told_too() -> None:
    refused = Answer("refused", "没有找到依据。", (), (), missing="缺少条款。", nearest=(citation(1, SECRET),))
    clarify = Answer("clarify", "请选择：", (), (), clarify=("单位卡限额？", "个人卡限额？"))
    text = as_markdown(
        paper(replace(TURN, answer=refused), replace(TURN, answer=clarify), replace(TURN, state="failed", error="太忙"))
    ).decode()
    for told in ("未找到依据", "缺少条款。", "最接近的条款", "需要您确认", "个人卡限额？", "太忙"):
        assert told in text


def test_words_of_sources_become_no_markup() -> None:
    evil = "# 标题 <script>alert(1)</script> *粗* [链接](javascript:x)"
    text = as_markdown(paper(replace(TURN, question=evil, understood_as=evil))).decode()
    assert "<script>" not in text
    assert "\n# 标题" not in text
    assert "](javascript" not in text
    assert docx_text(as_docx(paper(replace(TURN, question="坏\x00字\x08符", understood_as="坏\x00字\x08符"))))
