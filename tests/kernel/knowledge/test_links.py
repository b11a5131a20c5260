"""Claims about cards, links and the timeline, on made-up documents of a made-up bank."""

from __future__ import annotations

from datetime import date

import pytest

from yinshu.kernel.documents.cut import cut
from yinshu.kernel.documents.records import Block, ParsedDocument
from yinshu.kernel.knowledge.calendar_text import first_date
from yinshu.kernel.knowledge.card import read_card
from yinshu.kernel.knowledge.links import read_links
from yinshu.kernel.knowledge.matching import ClauseFacts, VersionFacts
from yinshu.kernel.knowledge.records import DocumentCard, LinkProposal
from yinshu.kernel.knowledge.references import find_references, normal_number, number_key
from yinshu.kernel.knowledge.timeline import Timeline, VersionLink, resolve

NOTICE = "示范银行关于印发《示范银行账户管理办法》的通知"


def read(text: str, title: str = "") -> tuple[DocumentCard, list[LinkProposal]]:
    parsed = ParsedDocument("text/plain", tuple(Block("paragraph", line) for line in text.splitlines()))
    clauses = cut(parsed)
    card = read_card(parsed, clauses, title_hint=title)
    return card, read_links(clauses, card)


def facts(version_id: str, text: str, title: str) -> tuple[VersionFacts, list[VersionLink]]:
    parsed = ParsedDocument("text/plain", tuple(Block("paragraph", line) for line in text.splitlines()))
    clauses = cut(parsed)
    card = read_card(parsed, clauses, title_hint=title)

    def day(key: str) -> date | None:
        return date.fromisoformat(card.fields[key].value) if key in card.fields else None

    number = card.fields["number"].value if "number" in card.fields else ""
    version = VersionFacts(
        version_id,
        title,
        number,
        card.aliases,
        day("issued_on"),
        day("effective_from"),
        day("effective_to"),
        tuple(ClauseFacts(clause.ordinal, clause.article, clause.path, clause.text) for clause in clauses),
    )
    return version, [VersionLink(version_id, link) for link in read_links(clauses, card)]


def settle(*documents: tuple[VersionFacts, list[VersionLink]]) -> Timeline:
    return resolve([version for version, _ in documents], [link for _, links in documents for link in links])


def rule(number: str, day: str, start: str, ending: str = "") -> str:
    return (
        f"示范银行文件\n{number}\n{NOTICE}\n各支行：\n现印发给你们，请遵照执行。\n附件：示范银行账户管理办法\n示范银行\n{day}\n"
        "附件\n示范银行账户管理办法\n第一条 为规范账户管理，制定本办法。\n第六条 起点金额为30万元。\n"
        f"第七条 本办法自{start}起施行。{ending}"
    )


OLD = rule("示银发〔2015〕8号", "2015年3月2日", "2015年4月1日")


def test_the_card_tells_number_dates_and_the_name_of_the_rule_inside() -> None:
    card, _ = read(OLD)
    values = {key: field.value for key, field in card.fields.items()}
    assert values["title"] == NOTICE
    assert values["number"] == "示银发〔2015〕8号"
    assert (values["issued_on"], values["effective_from"]) == ("2015-03-02", "2015-04-01")
    assert values["issuer"] == "示范银行"
    assert "示范银行账户管理办法" in card.aliases
    assert card.fields["effective_from"].quote.startswith("第七条 本办法自2015年4月1日起施行")


@pytest.mark.parametrize(
    ("closing", "start"),
    [
        ("本通知自发布之日起施行。", "2024-02-01"),
        ("本通知自印发之日起30日后施行。", "2024-03-02"),
        ("本通知自下月1日起执行。", "2024-03-01"),
        ("本通知自二○二四年六月一日起施行。", "2024-06-01"),
        ("本通知由示范银行运营管理部负责解释，自2024年7月1日起施行。", "2024-07-01"),
        ("本通知由运营管理部会同合规部解释和修订；自2024年8月1日起执行。", "2024-08-01"),
    ],
)
def test_the_day_of_effect_is_read_however_it_is_counted(closing: str, start: str) -> None:
    card, _ = read(f"示范银行关于某事的通知\n一、甲事项。\n二、乙事项。\n{closing}\n示范银行\n2024年2月1日")
    assert card.fields["effective_from"].value == start


def test_a_period_of_validity_ends_the_document() -> None:
    closing = "本通知自2024年3月1日起施行，有效期2年。"
    card, _ = read(f"示范银行关于某事的通知\n一、甲。\n二、乙。\n{closing}\n示范银行\n2024年2月1日")
    assert card.fields["effective_to"].value == "2026-03-01"


def test_a_start_of_something_else_is_not_the_day_of_effect() -> None:
    card, _ = read("示范银行关于某事的通知\n一、新系统自2024年5月1日起施行双人复核。\n二、乙。\n示范银行\n2024年2月1日")
    assert "effective_from" not in card.fields


def test_each_document_of_a_list_is_repealed() -> None:
    text = (
        "第一条 甲。\n第二条 本办法自2024年1月1日起施行。《甲办法》（示银发〔2010〕1号印发）、"
        "《关于〈甲办法〉有关问题的通知》（示银发〔2011〕2号）同时废止。"
    )
    _, links = read(text, "示范银行乙办法")
    assert [(link.target_title, link.target_number, link.effective_on) for link in links] == [
        ("甲办法", "示银发〔2010〕1号", date(2024, 1, 1)),
        ("关于〈甲办法〉有关问题的通知", "示银发〔2011〕2号", date(2024, 1, 1)),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "复议期间不停止执行。",
        "根据《甲办法》（示银发〔2010〕1号）的规定，不符合要求的应当停止执行。",
        "规章的修改、废止，参照本规定执行。",
        "修改为：“本办法自公布之日起施行。《甲办法》（示银发〔2010〕1号）同时废止。”",
        "《甲办法》（示银发〔2010〕1号）在过渡期结束后废止。",
    ],
)
def test_what_only_sounds_like_a_repeal_is_none(sentence: str) -> None:
    _, links = read(f"第一条 甲。\n第二条 {sentence}", "示范银行乙办法")
    assert [link for link in links if link.relation != "amends"] == []


def test_an_active_repeal_names_what_follows() -> None:
    _, links = read(
        "一、决定废止《甲办法》（示银发〔2010〕1号），相关工作按照《乙办法》（示银发〔2020〕3号）办理。\n二、丙。"
    )
    assert [link.target_number for link in links] == ["示银发〔2010〕1号"]


def test_a_requirement_within_a_document_ends_it_only_in_part() -> None:
    _, links = read("一、《甲办法》（示银发〔2010〕1号）中关于双人复核的要求不再适用。\n二、丙。")
    assert [link.partial for link in links] == [True]


def test_amended_articles_are_told_apart_from_amended_phrases() -> None:
    text = (
        "示范银行决定对《甲办法》（示银发〔2010〕1号）作如下修改：\n一、将第六条修改为：“第六条 起点金额为20万元。”\n"
        "二、删除第八条。\n三、将第九条中“5日”的表述修改为“3日”。\n本决定自2024年1月1日起施行。"
    )
    _, links = read(text, "示范银行关于修改《甲办法》的决定")
    assert [(link.target_articles, link.partial) for link in links] == [
        (("第六条",), False),
        (("第八条",), False),
        (("第九条",), True),
    ]
    assert {link.target_number for link in links} == {"示银发〔2010〕1号"}


def test_a_repealed_document_ends_on_the_day_its_successor_takes_effect() -> None:
    ending = "《示范银行账户管理办法》（示银发〔2015〕8号印发）同时废止。"
    new = rule("示银发〔2020〕9号", "2020年5月6日", "2020年7月1日", ending)
    timeline = settle(facts("old", OLD, NOTICE), facts("new", new, NOTICE))
    assert timeline.versions["old"].effective_to == date(2020, 7, 1)
    assert timeline.versions["new"].effective_to is None
    link = timeline.links[timeline.versions["old"].ended_by or 0]
    assert link.source.link.relation == "supersedes"


def test_a_name_without_a_number_means_the_older_edition_only() -> None:
    new = rule("示银发〔2020〕9号", "2020年5月6日", "2020年7月1日", "原《示范银行账户管理办法》同时废止。")
    newest = rule("示银发〔2023〕1号", "2023年1月6日", "2023年2月1日")
    timeline = settle(facts("old", OLD, NOTICE), facts("new", new, NOTICE), facts("newest", newest, NOTICE))
    ends = {version_id: period.effective_to for version_id, period in timeline.versions.items()}
    assert ends == {"old": date(2020, 7, 1), "new": None, "newest": None}


def test_a_number_whose_title_disagrees_ends_nothing() -> None:
    other = rule(
        "示银发〔2020〕9号", "2020年5月6日", "2020年7月1日", "《金库巡查守则规程》（示银发〔2015〕8号）同时废止。"
    )
    timeline = settle(facts("old", OLD, NOTICE), facts("new", other, "示范银行关于印发《别的办法》的通知"))
    assert timeline.versions["old"].effective_to is None
    assert timeline.links[0].match.note == "title disagrees with number"


def test_an_amended_article_ends_alone_and_a_copy_of_its_document_with_it() -> None:
    change = (
        "示范银行决定对《示范银行账户管理办法》（示银发〔2015〕8号印发）作如下修改：\n"
        "将第六条修改为：“第六条 起点金额为20万元。”\n本决定自2018年1月1日起施行。"
    )
    source = facts("change", change, "示范银行关于修改《示范银行账户管理办法》的决定")
    timeline = settle(facts("one", OLD, NOTICE), facts("copy", OLD, NOTICE), source)
    ended = {(period.version_id, period.effective_to) for period in timeline.clauses}
    assert ended == {("one", date(2018, 1, 1)), ("copy", date(2018, 1, 1))}
    assert timeline.versions["one"].effective_to is None


def test_a_text_that_carries_the_new_wording_is_left_alone() -> None:
    change = (
        "示范银行决定对《示范银行账户管理办法》（示银发〔2015〕8号印发）作如下修改：\n"
        "将第六条修改为：“第六条 起点金额为30万元。”\n本决定自2018年1月1日起施行。"
    )
    timeline = settle(facts("one", OLD, NOTICE), facts("change", change, "示范银行关于修改办法的决定"))
    assert timeline.clauses == ()


def test_an_amended_phrase_marks_its_clause_but_does_not_end_it() -> None:
    change = (
        "示范银行决定将《示范银行账户管理办法》（示银发〔2015〕8号印发）第六条“起点金额为30万元”的内容，"
        "修改为“起点金额为20万元”，本公告自2018年1月1日起施行。"
    )
    timeline = settle(facts("one", OLD, NOTICE), facts("change", change, "示范银行公告〔2018〕第1号"))
    assert [(period.partial, period.effective_to, period.changed_on) for period in timeline.clauses] == [
        (True, None, date(2018, 1, 1))
    ]


@pytest.mark.parametrize(
    ("written", "standard"),
    [
        ("银发[1996]405号", "银发〔1996〕405号"),
        ("银发〔2010〕88 号文印发", "银发〔2010〕88号"),
        ("中国人民银行令〔2002〕4号发布", "中国人民银行令〔2002〕第4号"),
        ("中国人民银行公告（2016）第 13 号", "中国人民银行公告〔2016〕第13号"),
        ("国务院令 第285号", "国务院令第285号"),
        ("一切照旧", ""),
    ],
)
def test_numbers_take_standard_form(written: str, standard: str) -> None:
    assert normal_number(written) == standard


def test_spellings_of_one_number_compare_equal() -> None:
    assert number_key("银发[2005]16号") == number_key("银发〔2005〕16 号")
    assert number_key("中国人民银行令〔2016〕第3号") != number_key("中国人民银行公告〔2016〕第3号")


def test_a_reference_carries_its_articles_with_ranges_filled_in() -> None:
    (found,) = find_references("《甲办法》（示银发〔2010〕1号）第五条至第七条、第九条第二款")
    assert found.articles == ("第五条", "第六条", "第七条", "第九条第二款")


@pytest.mark.parametrize("text", ["二○○三年四月十日", "2003 年 4 月 10 日", "２００３年４月１０日"])
def test_dates_are_read_in_every_script(text: str) -> None:
    assert first_date(text) == date(2003, 4, 10)


@pytest.mark.parametrize("text", ["部" * 20_000, "《" * 5_000, "关于" * 5_000 + "的通知", "〔2019〕1号" * 2_000])
def test_nonsense_yields_no_links(text: str) -> None:
    _, links = read(text)
    assert links == []
