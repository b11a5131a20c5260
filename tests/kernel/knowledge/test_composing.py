"""What is shown of the evidence: exact sentences, verified, with verdicts only where one sentence plainly gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from yinshu.kernel.knowledge.compose import FILLING, LIMIT_CHARS, TARGET_CHARS, Scored, choose, shown_length
from yinshu.kernel.knowledge.present import present
from yinshu.kernel.knowledge.question import analyse
from yinshu.kernel.knowledge.records import Hit, StoredClause, VersionInfo
from yinshu.kernel.knowledge.refuse import confidence_of, refusal
from yinshu.kernel.knowledge.select import candidates
from yinshu.kernel.knowledge.selector import score, shipped_selector, shipped_support
from yinshu.kernel.knowledge.support import SUPPORT_FEATURES, support_features
from yinshu.kernel.knowledge.wording import grams

TODAY = date(2026, 11, 22)


def clause(text: str, *, number: int = 1, ends: date | None = None, changed: date | None = None) -> StoredClause:
    version = VersionInfo(f"ver_{number}", f"doc_{number}", "col", f"第{number}号办法", f"{number}.txt")
    return StoredClause(
        clause_id=number,
        version=version,
        ordinal=0,
        path=(),
        article="第三条",
        kind="article",
        text=text,
        lead="",
        heading="",
        group=0,
        page=None,
        box=None,
        effective_from=date(2020, 1, 1),
        effective_to=ends,
        changed_on=changed,
    )


def scored(question: str, clauses: Sequence[StoredClause], relevance: float = 0.8) -> list[Scored]:
    hits = [Hit(one, relevance / (1 + place)) for place, one in enumerate(clauses)]
    weights = dict.fromkeys(grams(question), 1.0)
    return score(candidates(analyse(question), hits, weights), shipped_selector())


def test_the_answering_sentence_is_shown_without_its_article_number() -> None:
    passages = choose(
        analyse("保险箱钥匙丢了几天内报告"),
        scored("保险箱钥匙丢了几天内报告", [clause("第三条 保险箱钥匙遗失的，应当在2日内报告。")]),
    )
    assert [passage.text for passage in passages] == ["保险箱钥匙遗失的，应当在2日内报告。"]


def test_an_item_brings_the_sentence_that_governs_it() -> None:
    text = "第三条 有下列情形之一的，应当停办：\n（一）证件过期满三十日；\n（二）本人提出停办。"
    passages = choose(analyse("证件过期多久要停办"), scored("证件过期多久要停办", [clause(text)]))
    assert passages[0].text.startswith("有下列情形之一的，应当停办：")
    assert "（一）证件过期满三十日；" in passages[0].text


def test_an_answer_grows_to_the_target_and_never_beyond_the_limit() -> None:
    many = [
        clause("".join(f"第{n}类客户办理业务应当登记第{n}种资料。" for n in range(40)), number=n) for n in range(1, 4)
    ]
    passages = choose(analyse("客户办理业务登记什么资料"), scored("客户办理业务登记什么资料", many))
    assert TARGET_CHARS / 2 < shown_length(passage.text for passage in passages) <= LIMIT_CHARS


def test_a_further_document_must_be_likely_to_answer() -> None:
    question = "保险箱钥匙丢了几天内报告"
    own = clause("第三条 保险箱钥匙遗失的，应当在2日内报告。")
    elsewhere = clause("第八条 保险箱钥匙丢失后应当报告，期限为5日内。", number=2)
    other = replace(elsewhere, version=own.version)

    def shown_of(second: StoredClause, relevance: float) -> list[int]:
        hits = [Hit(own, 0.9), Hit(second, relevance)]
        weights = dict.fromkeys(grams(question), 1.0)
        found = score(candidates(analyse(question), hits, weights), shipped_selector())
        return [passage.hit.clause.clause_id for passage in choose(analyse(question), found)]

    assert shown_of(other, 0.15) == [own.clause_id, other.clause_id]
    assert shown_of(elsewhere, 0.15) == [own.clause_id]
    assert shown_of(elsewhere, 0.9) == [own.clause_id, other.clause_id]


def test_the_question_of_an_faq_is_no_answer() -> None:
    passages = choose(
        analyse("回单多久能补打"),
        scored("回单多久能补打", [clause("问：回单多久能补打？\n答：一年内的回单可以补打。")]),
    )
    assert passages[0].text == "一年内的回单可以补打。"


def test_nothing_scored_gives_no_passage() -> None:
    assert choose(analyse("什么"), []) == []


def shown(question: str, *clauses: StoredClause) -> str:
    asked = analyse(question)
    return present(asked, choose(asked, scored(question, clauses)), TODAY).text


def test_a_plain_sentence_gives_the_verdict_and_is_verified() -> None:
    asked = analyse("储值卡能不能透支")
    result = present(asked, choose(asked, scored("储值卡能不能透支", [clause("第三条 储值卡不得透支。")])), TODAY)
    assert result.text == "不可以。储值卡不得透支。"
    assert [sentence.verified for sentence in result.sentences] == [True]
    assert result.citations[0].quote == "储值卡不得透支。"


def test_a_sentence_of_several_cases_gives_no_verdict() -> None:
    text = (
        "第三条 在本行开立结算账户并且使用满一年的企业客户可以申领储值卡并用于日常采购；"
        "尚未使用满一年的企业客户可以申领储值卡，但不得透支，也不得用于提取现金。"
    )
    assert not shown("储值卡能不能透支", clause(text)).startswith(("不可以", "可以。"))


def test_a_rule_of_the_past_says_so() -> None:
    assert "2021年5月1日起已不再执行" in shown("储值卡限额多少", clause("储值卡限额为500元。", ends=date(2021, 5, 1)))


def test_a_clause_changed_in_part_says_so() -> None:
    assert "2021年5月1日起已有修改" in shown("储值卡限额多少", clause("储值卡限额为500元。", changed=date(2021, 5, 1)))


def test_a_sum_is_shown_with_its_figures() -> None:
    rule = clause("违反规定的，处违规金额百分之十以上百分之三十以下罚款。")
    text = shown("违规金额200万元，罚款区间是多少？", rule)
    assert "20万元至60万元" in text.split("\n")[0]
    assert "200万元" in text


def test_a_refusal_names_what_was_asked_and_the_nearest_clauses() -> None:
    hits = [Hit(clause("储值卡限额为500元。"), 0.2)]
    answer = refusal(analyse("月球网点几点开门"), hits, TODAY, "outside_library", 0.01)
    assert answer.status == "refused"
    assert "月球网点几点开门" in str(answer.missing)
    assert answer.nearest[0].quote == "储值卡限额为500元。"
    assert answer.citations == ()


def test_no_evidence_has_no_confidence() -> None:
    assert confidence_of({}, shipped_support()) == 0.0
    assert support_features(analyse("什么"), [], [], [], {}) == {}


@pytest.mark.parametrize("question", ["储值卡限额多少", "能不能透支", "？"])
def test_every_feature_of_the_refusal_is_computed(question: str) -> None:
    found = scored(question, [clause("储值卡限额为500元。")])
    hits = [found[0].candidate.hit]
    asked = analyse(question)
    features = support_features(asked, hits, found, choose(asked, found), dict.fromkeys(grams(question), 1.0))
    assert set(features) == set(SUPPORT_FEATURES)
    assert 0.0 <= confidence_of(features, shipped_support()) <= 1.0


def test_a_long_sentence_of_two_conditions_is_verified_as_the_quotation_it_is() -> None:
    text = (
        "第三条 网点违反本办法，有下列情形之一，其他制度有处罚规定的，从其规定；其他制度未作处罚规定的，"
        "由管理部门处五百元以上三千元以下罚款：\n（一）强制搭售产品的；\n（二）未按要求披露的。"
    )
    asked = analyse("强制搭售产品罚多少钱")
    result = present(asked, choose(asked, scored("强制搭售产品罚多少钱", [clause(text)])), TODAY)
    assert [sentence.verified for sentence in result.sentences] == [True]
    assert "五百元以上三千元以下罚款" in result.text


def test_what_is_shown_because_there_was_room_is_known_as_filling() -> None:
    text = "第三条 保险箱钥匙遗失的，应当在2日内报告。库房应当保持整洁。库房的门窗应当每日检查一次。"
    question = "保险箱钥匙丢了几天内报告"
    (likely, *others) = sorted(scored(question, [clause(text)]), key=lambda one: -one.probability)
    fills = [replace(one, probability=FILLING) for one in others]
    (passage,) = choose(analyse(question), [replace(likely, probability=0.9), *fills])
    assert "2日内报告" in likely.candidate.unit.text
    assert passage.filling == ("库房应当保持整洁。", "库房的门窗应当每日检查一次。")
    assert set(passage.filling) < set(passage.quotes)
