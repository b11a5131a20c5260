"""Versions side by side: what changed, moved, came and went, with the words that differ."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from yinshu.kernel.knowledge.life.diff import diff, differing
from yinshu.kernel.knowledge.life.records import ReadClause


def clause(ordinal: int, article: str, text: str, path: tuple[str, ...] = ()) -> ReadClause:
    return ReadClause(
        ordinal + 1, ordinal, path, article, "", "article", "", f"{article} {text}", None, None, (), None, None, None
    )


def version(*articles: str | tuple[str, str]) -> list[ReadClause]:
    """Clauses numbered in order, or with the number that is given."""
    numbers = "一二三四五六七八九十"
    named = [(f"第{numbers[place]}条", one) if isinstance(one, str) else one for place, one in enumerate(articles)]
    return [clause(place, article, text) for place, (article, text) in enumerate(named)]


BOOKING = "单位支取现金超过十万元的，应当至少提前一个工作日预约。"
CARD = "单位卡不得支取现金，资金一律从基本存款账户转账存入。"
SEALS = "业务印章由专人保管，使用时双人复核。"
REPORT = "发现可疑情形的，应当在当日内向反洗钱牵头部门报告。"


def told(old: list[ReadClause], new: list[ReadClause]) -> list[tuple[str, str | None, str | None, bool]]:
    return [
        (row.kind, row.old.article if row.old else None, row.new.article if row.new else None, row.moved)
        for row in diff(old, new)
    ]


def test_a_changed_figure_is_marked_in_place() -> None:
    old, new = version(CARD, BOOKING), version(CARD, BOOKING.replace("十万元", "五万元"))
    same, changed = diff(old, new)
    assert (same.kind, changed.kind) == ("same", "changed")
    assert changed.old is not None
    assert changed.new is not None
    (first,), (second,) = changed.old_spans, changed.new_spans
    assert changed.old.text[slice(*first)] == "十"
    assert changed.new.text[slice(*second)] == "五"


def test_an_article_put_in_renumbers_the_rest_without_changing_it() -> None:
    assert told(version(CARD, BOOKING), version(CARD, SEALS, BOOKING)) == [
        ("same", "第一条", "第一条", False),
        ("added", None, "第二条", False),
        ("same", "第二条", "第三条", False),
    ]


def test_an_article_taken_out_is_shown_where_it_stood() -> None:
    assert told(version(CARD, SEALS, BOOKING), version(CARD, BOOKING)) == [
        ("same", "第一条", "第一条", False),
        ("removed", "第二条", None, False),
        ("same", "第三条", "第二条", False),
    ]


def test_an_article_that_moved_is_one_article() -> None:
    rows = told(version(CARD, BOOKING, SEALS, REPORT), version(REPORT, CARD, BOOKING, SEALS))
    assert ("same", "第四条", "第一条", True) in rows
    assert [row for row in rows if row[3]] == [("same", "第四条", "第一条", True)]


def test_an_article_that_moved_and_changed_is_found_by_its_words() -> None:
    changed = REPORT.replace("当日内", "二十四小时内")
    rows = told(version(CARD, BOOKING, REPORT), version(changed, CARD, BOOKING))
    assert ("changed", "第三条", "第一条", True) in rows
    assert "removed" not in [row[0] for row in rows]


def test_an_article_rewritten_beyond_recognition_is_another_one() -> None:
    rows = told(version(CARD, BOOKING), version(CARD, "网点每日营业前检查消防器材。"))
    assert [row[0] for row in rows] == ["same", "added", "removed"]


def test_articles_of_the_same_number_in_two_annexes_are_not_mixed_up() -> None:
    old = [clause(0, "第一条", CARD), clause(1, "第一条", SEALS, ("附件1",))]
    new = [
        clause(0, "第一条", CARD.replace("一律", "应当")),
        clause(1, "第一条", SEALS.replace("双人", "三人"), ("附件1",)),
    ]
    assert [(row.old.clause_id, row.new.clause_id) for row in diff(old, new) if row.old and row.new] == [(1, 1), (2, 2)]


def test_long_texts_are_compared_by_sentences() -> None:
    sentences = [f"第{number}句说的是同一件事情的第{number}个方面。" for number in range(200)]
    old = "".join(sentences)
    new = old.replace("第77个方面", "另外一个方面")
    (first,), (second,) = differing(old, new)
    assert old[slice(*first)] == sentences[77]
    assert "另外一个方面" in new[slice(*second)]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_clause_of_both_versions_is_shown_once(data: st.DataObject) -> None:
    pool = [CARD, BOOKING, SEALS, REPORT, "本办法由运营管理部负责解释。", "本办法自发布之日起施行。"]
    texts = st.lists(st.sampled_from([*pool, *(one.replace("应当", "必须") for one in pool)]), max_size=8)
    old, new = version(*data.draw(texts)), version(*data.draw(texts))
    rows = diff(old, new)
    assert sorted(row.old.clause_id for row in rows if row.old) == [one.clause_id for one in old]
    assert [row.new.clause_id for row in rows if row.new] == [one.clause_id for one in new]
    for row in rows:
        for side, spans in ((row.old, row.old_spans), (row.new, row.new_spans)):
            assert side is not None or not spans
            for start, stop in spans:
                assert 0 <= start < stop <= len(side.text if side else "")
