"""Which documents a question names."""

from __future__ import annotations

from datetime import date

import pytest

from yinshu.kernel.knowledge.mentions import DocumentNames
from yinshu.kernel.knowledge.question import analyse
from yinshu.kernel.knowledge.records import VersionInfo


def _version(name: str, title: str, number: str = "", **others: object) -> VersionInfo:
    return VersionInfo(name, name, "c", title, f"{name}.txt", number=number, **others)  # type: ignore[arg-type]


NAMES = DocumentNames(
    [
        _version("vault", "示范银行关于印发《金库管理办法》的通知（示银发〔2021〕12号）", issued_on=date(2021, 3, 1)),
        _version("old", "金库管理暂行规定", "示银发〔2009〕88号"),
        _version("care", "示范银行金融消费者权益保护实施办法", aliases=("权保办法",)),
        _version("law", "中华人民共和国票据法"),
    ]
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2021年12号文对开箱怎么规定？", {"vault"}),
        ("示银发〔2009〕88号还有效吗？", {"old"}),
        ("《金库管理办法》里双人是什么意思？", {"vault"}),
        ("按权保办法多久答复？", {"care"}),
        ("按票据法背书要连续吗？", {"law"}),
        ("按金融消费者权益保护实施办法多久答复？", {"care"}),
        ("按消费者权益保护实施办法多久答复？", {"care"}),
        ("按示消办法多久答复？", {"care"}),
        ("按消示办法多久答复？", set()),
        ("金库夜里谁能进？", set()),
    ],
)
def test_a_document_is_known_by_number_title_or_short_name(question: str, expected: set[str]) -> None:
    assert set(NAMES.named(analyse(question))) == expected


def test_the_year_of_a_document_is_that_of_its_issue_or_number() -> None:
    years = NAMES.years()
    assert (years["vault"], years["old"], years["law"]) == ("2021", "2009", "")


def test_laws_are_told_from_measures() -> None:
    assert NAMES.is_statute("law")
    assert not NAMES.is_statute("vault")
