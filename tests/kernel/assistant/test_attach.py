"""Files dropped into a conversation are evidence for it alone, private to its owner, and gone with it."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from sqlalchemy import Engine, func, select

from tests.kernel.assistant.people import OPEN, citation, make_assistant, make_library, person
from yinshu.kernel.assistant import Assistant, Attachment, Ended, TurnRequest
from yinshu.kernel.assistant.attach import FILE_BYTES_MAX, FILES_MAX
from yinshu.kernel.assistant.errors import NoConversation, NotYours, TooManyAttachments
from yinshu.kernel.assistant.tables import attachments
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import reading
from yinshu.kernel.base.errors import BadInput, NotFound
from yinshu.kernel.identity import Holder, Subject
from yinshu.kernel.knowledge.records import Answer, AnswerSentence, Citation

PRIVATE_WORDS = "逾期付款的，每日按照未付金额的0.05%支付违约金"
OWNER = person("per_owner", OPEN)
TEXT = "采购合同\n第一条 甲方应当在收到货物后15日内付款。\n第二条 逾期付款的，每日按照未付金额的0.05%支付违约金。\n"


@pytest.fixture
def assistant(engine: Engine, clock: Clock) -> Assistant:
    make_library(engine)
    return make_assistant(engine, clock)


@pytest.fixture
def conversation_id(assistant: Assistant) -> str:
    return assistant.create(OWNER).id


def test_a_file_becomes_clauses_that_say_whose_they_are(assistant: Assistant, conversation_id: str) -> None:
    added = assistant.files.add(OWNER, conversation_id, "合同.txt", TEXT.encode())
    clauses = assistant.files.clauses(OWNER, conversation_id, [added.id])
    assert added.clauses == len(clauses) > 1
    assert {one.version.title for one in clauses} == {"您上传的文件：合同.txt"}
    assert all(one.clause_id < 0 and one.version.document_id == added.id for one in clauses)
    assert any("0.05%" in one.text for one in clauses)
    assert assistant.open(OWNER, conversation_id).attachments == (added,)


def test_a_question_takes_all_files_unless_some_are_chosen(assistant: Assistant, conversation_id: str) -> None:
    files = [assistant.files.add(OWNER, conversation_id, f"{n}.txt", TEXT.encode()).id for n in range(2)]

    def chosen(ids: tuple[str, ...] | None) -> list[str]:
        return sorted(
            assistant.begin(OWNER, conversation_id, TurnRequest("付款期限多久", attachment_ids=ids)).turn.attachment_ids
        )

    assert chosen(None) == sorted(files)
    assert chosen((files[0],)) == [files[0]]
    assert chosen(()) == []
    with pytest.raises(NotFound):
        chosen(("att_none",))


def test_clauses_of_two_files_have_ids_of_their_own(assistant: Assistant, conversation_id: str) -> None:
    files = [assistant.files.add(OWNER, conversation_id, f"{n}.txt", TEXT.encode()).id for n in range(2)]
    ids = [one.clause_id for one in assistant.files.clauses(OWNER, conversation_id, files)]
    assert len(set(ids)) == len(ids)


def test_another_conversations_file_is_no_evidence_here(assistant: Assistant, conversation_id: str) -> None:
    added = assistant.files.add(OWNER, conversation_id, "合同.txt", TEXT.encode())
    other = assistant.create(OWNER).id
    assert assistant.files.clauses(OWNER, other, [added.id]) == ()
    with pytest.raises(NotFound):
        assistant.begin(OWNER, other, TurnRequest("付款期限多久", attachment_ids=(added.id,)))


def test_who_reads_a_shared_conversation_gets_no_file(assistant: Assistant, conversation_id: str) -> None:
    added = assistant.files.add(OWNER, conversation_id, "合同.txt", TEXT.encode())
    reader, stranger = person("per_reader"), person("per_stranger", department="dep_x", post="pst_x")
    assistant.share(OWNER, conversation_id, Holder("person", "per_reader"))
    for who, refusal in ((reader, NotYours), (stranger, NoConversation)):
        with pytest.raises(refusal):
            assistant.files.original(who, conversation_id, added.id)
        with pytest.raises(refusal):
            assistant.files.clauses(who, conversation_id, [added.id])
        with pytest.raises(refusal):
            assistant.files.add(who, conversation_id, "x.txt", TEXT.encode())
        with pytest.raises(refusal):
            assistant.files.remove(who, conversation_id, added.id)
    assert assistant.open(reader, conversation_id).attachments == ()
    assert assistant.files.original(OWNER, conversation_id, added.id)[1] == TEXT.encode()


def from_file(added: Attachment) -> Answer:
    """An answer that rests on the library and on an uploaded file."""
    name = f"您上传的文件：{added.name}"
    uploaded = Citation(2, name, added.name, added.id, "第二条", PRIVATE_WORDS, -2, document_id=added.id)
    sentences = (AnswerSentence("单位卡不得支取现金。", (1,), True), AnswerSentence(PRIVATE_WORDS, (2,), True))
    text = "\n".join(one.text for one in sentences)
    return Answer("answered", text, sentences, (citation(1, OPEN), uploaded), nearest=(uploaded,), clarify=("甲方？",))


@pytest.mark.parametrize("way", ["page", "export"])
def test_who_reads_a_shared_conversation_sees_no_word_of_the_owners_file(assistant: Assistant, way: str) -> None:
    conversation_id = assistant.create(OWNER, "合同").id
    added = assistant.files.add(OWNER, conversation_id, "甲方合同.txt", TEXT.encode())
    begun = assistant.begin(OWNER, conversation_id, TurnRequest("付款期限多久"))
    assert begun.turn.attachment_ids == (added.id,)
    told = assistant.end(OWNER, begun.turn, Ended(from_file(added), "run_1"))
    assistant.share(OWNER, conversation_id, Holder("person", "per_reader"))

    def look(who: Subject) -> str:
        if way == "export":
            return assistant.export(who, conversation_id, "md").content.decode()
        return json.dumps(asdict(assistant.open(who, conversation_id)), ensure_ascii=False, default=str)

    reader = person("per_reader", OPEN)
    assert told.withheld == 0
    for hidden in (PRIVATE_WORDS, added.name, added.id):
        assert hidden not in look(reader)
    assert "单位卡不得支取现金" in look(reader)
    assert "提问人自己上传的文件" in look(reader)
    assert assistant.open(reader, conversation_id).turns[0].withheld == 2
    assert PRIVATE_WORDS in look(OWNER)


def test_files_go_with_their_conversation(assistant: Assistant, conversation_id: str, engine: Engine) -> None:
    first = assistant.files.add(OWNER, conversation_id, "a.txt", TEXT.encode())
    assistant.files.add(OWNER, conversation_id, "b.txt", TEXT.encode())
    assistant.files.remove(OWNER, conversation_id, first.id)
    assert [one.name for one in assistant.open(OWNER, conversation_id).attachments] == ["b.txt"]
    assistant.delete(OWNER, conversation_id)
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(attachments)).scalar_one() == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"x" * (FILE_BYTES_MAX + 1), "客户登录密码是 135790，请核对。".encode(), b"\x00\x01\x02\xff"],
    ids=["empty", "too large", "authentication data", "unreadable"],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_remedy(
    assistant: Assistant, conversation_id: str, content: bytes
) -> None:
    with pytest.raises(BadInput) as refused:
        assistant.files.add(OWNER, conversation_id, "文件.txt", content)
    assert "135790" not in refused.value.message
    assert "请" in refused.value.message
    assert assistant.open(OWNER, conversation_id).attachments == ()


def test_there_is_a_limit_to_the_files_of_a_conversation(assistant: Assistant, conversation_id: str) -> None:
    for number in range(FILES_MAX):
        assistant.files.add(OWNER, conversation_id, f"{number}.txt", "第一条 应当付款。".encode())
    with pytest.raises(TooManyAttachments):
        assistant.files.add(OWNER, conversation_id, "more.txt", TEXT.encode())


def test_there_is_a_limit_to_what_a_question_is_compared_with(assistant: Assistant, conversation_id: str) -> None:
    long = "\n".join(f"第{number}条 甲方应当付款{number}元。" for number in range(1, 1_900)).encode()
    assistant.files.add(OWNER, conversation_id, "a.txt", long)
    with pytest.raises(TooManyAttachments):
        assistant.files.add(OWNER, conversation_id, "b.txt", long)
    assert len(assistant.open(OWNER, conversation_id).attachments) == 1


def test_authentication_data_in_a_question_is_not_written_down(assistant: Assistant, conversation_id: str) -> None:
    assistant.begin(OWNER, conversation_id, TurnRequest("我的登录密码是 135790，怎么改"))
    opened = assistant.open(OWNER, conversation_id)
    assert "135790" not in opened.turns[0].question + opened.turns[0].understood_as + opened.conversation.title
    assert "怎么改" in opened.turns[0].question
