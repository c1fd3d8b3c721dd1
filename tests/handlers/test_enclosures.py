"""Files that come with words: to a student with an answer, and to the teacher whom the words reach in the end."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import notices, student, tickets
from handlers.files import record_file
from models.message import Upload
from models.outbox import Attachment
from models.ticket import Event, Status, Ticket
from tests.builders import START, own_catalogue, turn_of
from tests.handlers.test_intake import say, shown

REPAIR = own_catalogue().items["dorm-repair"]
STAFF = "后勤老师"


def photo(session: Session, who: str, letter: str = "f") -> Upload:
    """A file that somebody has just sent."""
    turn = turn_of(session, who)
    assert turn.account is not None
    upload = Upload(letter * 26, f"{letter}.jpg", "image/jpeg", 3)
    record_file(session, upload, "d", turn.account.id, 99, START)
    session.flush()
    return upload


def repair(session: Session) -> Ticket:
    answers = {"what": "power", "where": "203", "detail": "灯"}
    return tickets.open_ticket(turn_of(session, "李雷"), REPAIR, answers)


def joined(session: Session) -> list[str | None]:
    """To which tickets the files belong."""
    return list(session.execute(select(Attachment.ticket_id).order_by(Attachment.id)).scalars())


def all_words(session: Session) -> list[str]:
    """The words of every event so far."""
    turn = turn_of(session, STAFF)
    return [notices.words_of(turn, event) for event in session.execute(select(Event)).scalars()]


@pytest.mark.parametrize("caption", ["", "装好的样子"])
@pytest.mark.parametrize("way", ["prompt", "quote", "verb"])
def test_it_sends_a_student_the_file_that_staff_answer_with(session: Session, way: str, caption: str) -> None:
    ticket = repair(session)
    if way == "prompt":
        say(session, STAFF, press=f"t:{ticket.id}:reply:{ticket.rev}")
    verb = f"回复 {ticket.number} " if way == "verb" else ""
    quote = ticket.number if way == "quote" else ""
    said = shown(say(session, STAFF, f"{verb}{caption}".strip(), quote=quote, file=photo(session, STAFF)))
    assert "已回复" in said
    assert joined(session) == [ticket.id]
    assert f"{caption} （文件：f.jpg，见「详情」）".strip() in all_words(session)


def test_it_gives_a_student_no_file_that_staff_send_to_each_other(session: Session) -> None:
    ticket = repair(session)
    said = shown(say(session, STAFF, f"备注 {ticket.number} 看图", file=photo(session, STAFF)))
    assert "文件没有收下" in said
    assert "f.jpg" not in said
    assert joined(session) == [None]


def test_it_asks_staff_for_whom_a_file_is(session: Session) -> None:
    assert "要发给谁" in shown(say(session, STAFF, file=photo(session, STAFF)))


@pytest.mark.parametrize("end", ["press", "words"])
def test_it_passes_on_a_file_with_words_that_nobody_understood(session: Session, end: str) -> None:
    assert "没看懂" in shown(say(session, "李雷", "这是那天的样子", file=photo(session, "李雷", "a")))
    if end == "press":
        said = shown(say(session, "李雷", press="w:human"))
    else:
        said = shown(say(session, "李雷", "就是那边的那个样子", file=photo(session, "李雷", "b")))
    (ticket,) = session.execute(select(Ticket)).scalars()
    assert ticket.number in said
    assert joined(session) == [ticket.id] * (1 if end == "press" else 2)


def test_it_passes_on_a_file_that_was_sent_on_a_closed_matter(session: Session) -> None:
    ticket = repair(session)
    tickets.reply(turn_of(session, STAFF), ticket, "修好了")
    assert ticket.status == Status.resolved
    say(session, "李雷", "还在漏", quote=ticket.number, file=photo(session, "李雷"))
    say(session, "李雷", press=f"t:{ticket.id}:unhelped:{ticket.rev}")
    assert ticket.is_open
    assert joined(session) == [ticket.id]
    assert "还在漏 （文件：f.jpg，见「详情」）" in all_words(session)


def test_it_forgets_a_file_with_the_words_that_were_left(session: Session) -> None:
    say(session, "李雷", "这是那天的样子", file=photo(session, "李雷"))
    say(session, "李雷", "报修")
    say(session, "李雷", "取消")
    repair(session)
    say(session, "李雷", "我的")
    assert joined(session) == [None]


@pytest.mark.parametrize(("channel", "led"), [("telegram", True), ("webchat", False)])
def test_it_leads_to_the_files_from_a_phone_where_nobody_is_signed_in(session: Session, channel: str, led: bool) -> None:  # fmt: skip
    ticket = repair(session)
    say(session, STAFF, "装好的样子", quote=ticket.number, file=photo(session, STAFF))
    turn = turn_of(session, "李雷", channel=channel)
    *files, card = student.show(turn, ticket, staff=False)
    assert [reply.file.name for reply in files if reply.file is not None] == ["f.jpg"]
    assert (f"w:web:{ticket.number}" in [choice.send for choice in card.choices]) is led


@pytest.mark.parametrize("words", ["谢谢老师，知道了", "收到，谢谢老师", "明白了，辛苦老师"])
def test_it_answers_thanks_that_quote_nothing(session: Session, words: str) -> None:
    assert "没看懂" not in shown(say(session, "李雷", words))


def test_it_cuts_nothing_in_silence_that_goes_to_a_teacher(session: Session) -> None:
    say(session, "李雷", "找老师")
    said = shown(say(session, "李雷", "想问问奖学金。" * 500))
    assert "太长了（3500 字）" in said
    assert list(session.execute(select(Ticket)).scalars()) == []
    assert "已转给" in shown(say(session, "李雷", "想问问奖学金。" * 400))
