"""What people say is found under what the library says."""

from __future__ import annotations

from sqlalchemy import Engine

from yinshu.kernel.base.database import reading, writing
from yinshu.kernel.knowledge.glossary import Glossary, load_glossary, starter_synonyms
from yinshu.kernel.knowledge.records import Synonym
from yinshu.kernel.knowledge.store import add_synonyms
from yinshu.kernel.knowledge.wording import canonical

STARTER_PAIRS_MIN = 400


def _standards(glossary: Glossary, text: str) -> list[tuple[str, ...]]:
    return [said.standards for said in glossary.find(canonical(text))]


def test_the_longest_term_wins() -> None:
    glossary = Glossary([Synonym("基本户", "基本存款账户", "bank"), Synonym("基本户编号", "账户编号", "bank")])
    assert _standards(glossary, "基本户编号丢了") == [("账户编号",)]
    assert _standards(glossary, "基本户丢了") == [("基本存款账户",)]


def test_terms_match_in_any_spelling() -> None:
    assert _standards(Glossary([Synonym("二类卡", "Ⅱ类户", "bank")]), "Ⅱ类卡限额") == [("2类户",)]


def test_an_empty_glossary_finds_nothing() -> None:
    assert Glossary([]).find("基本户") == ()


def test_the_starter_set_is_large_and_every_pair_says_something_new() -> None:
    pairs = starter_synonyms()
    assert len(pairs) >= STARTER_PAIRS_MIN
    assert len({(one.term, one.standard) for one in pairs}) == len(pairs)
    assert [one for one in pairs if canonical(one.term) == canonical(one.standard)] == []


def test_the_bank_s_own_words_are_used(engine: Engine) -> None:
    with writing(engine) as connection:
        add_synonyms(connection, [Synonym("小黄本", "存款凭证", "bank")])
    with reading(engine) as connection:
        assert _standards(load_glossary(connection), "小黄本丢失") == [("存款凭证",)]
