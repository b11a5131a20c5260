"""The verifier lets faithful sentences through and stops every planted error."""

from __future__ import annotations

import random

import pytest

from tests.kernel.evidence.corruptions import CORRUPTIONS, faithful, mix_numbers
from tests.kernel.evidence.sentences import ARTICLES
from yinshu.kernel.evidence.arithmetic import expression_holds
from yinshu.kernel.evidence.records import Claim, Computation, Source, Verdict
from yinshu.kernel.evidence.verify import verify

MIN_DETECTION = 0.98
MAX_FALSE_ALARMS = 0.02
SEEDS = 3


def check(claim: str, *texts: str, question: str = "") -> Verdict:
    sources = {
        str(i): Source(str(i), "示范银行柜面业务管理办法", text, text.split("　")[0]) for i, text in enumerate(texts)
    }
    return verify(Claim(claim, tuple(sources)), sources, question=question)


def sentences() -> list[tuple[str, str]]:
    return [(article, part + "。") for article in ARTICLES for part in article.split("。") if part]


def test_planted_errors_are_found() -> None:
    tried, missed = 0, []
    for seed in range(SEEDS):
        chance = random.Random(seed)
        for article, sentence in sentences():
            for name, corrupt in CORRUPTIONS.items():
                wrong = corrupt(sentence, chance)
                if wrong is None or wrong == sentence or wrong.strip("。") in article:
                    continue
                tried += 1
                if check(wrong, article).supported:
                    missed.append((name, wrong))
    assert tried >= 500
    assert len(missed) <= (1 - MIN_DETECTION) * tried, missed


def test_faithful_sentences_pass() -> None:
    tried, stopped = 0, []
    for article, sentence in sentences():
        for name, short in faithful(sentence):
            tried += 1
            verdict = check(short, article)
            if not verdict.supported:
                stopped.append((name, short, verdict.faults))
    assert tried >= 100
    assert len(stopped) <= MAX_FALSE_ALARMS * tried, stopped


def test_a_figure_of_another_sentence_is_found() -> None:
    tried, missed = 0, []
    for index, first in enumerate(ARTICLES):
        for second in ARTICLES[index + 1 :]:
            mixed = mix_numbers(first.split("。")[0].split("；")[0], second)
            if mixed and mixed not in second:
                tried += 1
                if check(mixed, first, second).supported:
                    missed.append(mixed)
    assert tried >= 50
    assert not missed, missed


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("客户经理不得向关系人发放信用贷款，不得代客户保管印章、密码和空白凭证。", "quoted"),
        ("客户经理不得向关系人发放信用贷款。", "quoted"),
        ("客户经理不得代客户保管印章。", "entailed"),
        ("根据《示范银行柜面业务管理办法》第十五条，客户经理不得向关系人发放信用贷款。", "entailed"),
    ],
)
def test_support_tells_quotes_from_shortenings(claim: str, support: str) -> None:
    assert check(claim, ARTICLES[3]).support == support


@pytest.mark.parametrize(
    ("claim", "fault"),
    [
        ("客户经理可以向关系人发放信用贷款。", "modal"),
        ("客户经理向关系人发放信用贷款。", "negation"),
        ("向关系人发放信用贷款，不得代客户保管印章。", "negation"),
        ("柜员不得向关系人发放信用贷款。", "wording"),
        ("支行行长不得向关系人发放信用贷款。", "name"),
        ("根据第十六条，客户经理不得向关系人发放信用贷款。", "name"),
        ("根据《贷款通则》，客户经理不得向关系人发放信用贷款。", "name"),
        ("客户经理不得向关系人发放5万元信用贷款。", "number"),
        ("自2025年1月1日起，客户经理不得向关系人发放信用贷款。", "date"),
    ],
)
def test_faults_are_named(claim: str, fault: str) -> None:
    verdict = check(claim, ARTICLES[3])
    assert not verdict.supported
    assert fault in [name for name, _ in verdict.faults]


def test_a_claim_without_a_known_source_is_refused() -> None:
    verdict = verify(Claim("任何话。", ("9",)), {})
    assert verdict.faults[0][0] == "no_source"


def test_a_condition_may_be_left_out_only_when_the_question_states_it() -> None:
    claim = "应当停止为其提供收款服务。"
    article = "第一条　收单部门发现商户出租终端的，应当停止为其提供收款服务。"
    assert not check(claim, article).supported
    assert check(claim, article, question="收单部门发现商户出租终端，怎么处理？").supported


def test_the_part_of_a_month_may_not_be_left_out() -> None:
    article = "第三条　支行应当于每月初15个工作日内报送上月统计表。"
    assert "date" in {kind for kind, _ in check("支行应当于每月15个工作日内报送上月统计表。", article).faults}
    assert check("支行应当于每月初15个工作日内报送统计表。", article).supported


def test_list_items_stand_with_their_lead() -> None:
    text = "第五条　符合下列条件之一的，网点应当拒绝开户：\n（一）无法核实身份的；\n（二）被列入限制名单的。"
    assert check("符合下列条件之一的，网点应当拒绝开户：被列入限制名单的。", text).supported
    assert not check("符合下列条件之一的，网点可以拒绝开户：被列入限制名单的。", text).supported


def test_tiers_do_not_lend_their_rates_to_each_other() -> None:
    text = "（一）余额不超过500亿元的部分，按照5%计算；（二）余额超过500亿元至2000亿元的部分，按照4%计算。"
    assert check("余额不超过500亿元的部分，按照5%计算", text).supported
    assert not check("余额不超过500亿元的部分，按照4%计算", text).supported


def test_table_rows_stand_with_their_heads() -> None:
    text = "项目 | 收费标准\n跨行转账 | 每笔5元\n挂失 | 每次10元"
    assert check("跨行转账收费标准为每笔5元。", text).supported
    assert not check("跨行转账收费标准为每次10元。", text).supported


def test_lines_broken_by_a_page_are_one_sentence() -> None:
    assert check("客户应当提前1个工作日预约。", "第二条　客户应当提前\n1个工作日预约。").supported


def _computed(text: str, computation: Computation, source: str, question: str) -> Verdict:
    return verify(Claim(text, ("1",), computation), {"1": Source("1", "办法", source)}, question=question)


TIERS = "（一）余额不超过500亿元的部分，按照5%计算；（二）余额超过500亿元至2000亿元的部分，按照4%计算。"
ASKED = "余额800亿元，净资产最低要多少？"


def test_right_arithmetic_is_computed_support() -> None:
    expression = "500亿元×5%＋300亿元×4%＝37亿元"
    sum_ = Computation(expression, ("500亿元", "5%", "4%", "800亿元"), "37亿元")
    assert _computed(f"净资产最低为37亿元（{expression}）。", sum_, TIERS, ASKED).support == "computed"


@pytest.mark.parametrize(
    ("text", "expression", "inputs", "result"),
    [
        ("净资产最低为40亿元。", "500亿元×5%＋300亿元×5%＝40亿元", ("500亿元", "5%", "6%"), "40亿元"),
        ("净资产最低为38亿元。", "500亿元×5%＋300亿元×4%＝38亿元", ("500亿元", "5%", "4%"), "38亿元"),
        ("净资产最低为39亿元。", "500亿元×5%＋300亿元×4%＝37亿元", ("500亿元", "5%", "4%"), "37亿元"),
        ("净资产最低为37亿元。", "37亿元", ("500亿元",), "37亿元"),
    ],
)
def test_wrong_arithmetic_is_found(text: str, expression: str, inputs: tuple[str, ...], result: str) -> None:
    assert not _computed(text, Computation(expression, inputs, result), TIERS, ASKED).supported


@pytest.mark.parametrize(
    "expression",
    [
        "2021年8月15日＋5年＝2026年8月15日",
        "周一上午10点＋48小时＝周三上午10点",
        "2026年8月31日＋6个月＝2027年2月28日",
        "10000元－3500元－4000元＝2500元",
        "1.5万元×2%＝300元，300元＜400元",
        "（100亿元－20亿元）×60%＝48亿元",
    ],
)
def test_shown_arithmetic_that_holds(expression: str) -> None:
    assert expression_holds(expression)


@pytest.mark.parametrize(
    "expression",
    ["2021年8月15日＋5年＝2026年8月14日", "3×4＝13", "没有等式", "3÷0＝1", "周一上午10点＋48小时＝周四上午10点"],
)
def test_shown_arithmetic_that_does_not_hold(expression: str) -> None:
    assert not expression_holds(expression)
