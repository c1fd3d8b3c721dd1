"""What answers a request for more: words and files, but no thanks."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import tickets
from handlers.files import record_file
from handlers.understand.asides import is_thanks
from models.message import Upload
from models.outbox import Attachment
from models.ticket import Status, Ticket
from tests.builders import START, leave_answers, own_catalogue, turn_of
from tests.handlers.test_intake import say, shown

LEAVE = own_catalogue().items["leave"]
PHOTO = Upload(id="f" * 26, name="病历.jpg", kind="image/jpeg", size=3)


def asked(session: Session) -> Ticket:
    ticket = tickets.open_ticket(turn_of(session, "李雷"), LEAVE, leave_answers())
    tickets.ask(turn_of(session, "韩老师"), ticket, "请补病历")
    return ticket


@pytest.mark.parametrize("words", ["谢谢老师，知道了", "好的", "收到", "OK，谢谢", "嗯嗯，明白了，辛苦老师"])
def test_it_takes_no_thanks_for_an_answer(session: Session, words: str) -> None:
    assert is_thanks(words)
    ticket = asked(session)
    said = shown(say(session, "李雷", words, quote=ticket.number))
    assert "还等你补充" in said
    assert ticket.status == Status.waiting
    say(session, "李雷", press=f"t:{ticket.id}:fill:{ticket.rev}")
    assert "还等你补充" in shown(say(session, "李雷", words)) or words in ("好的", "收到")
    assert ticket.status == Status.waiting
    say(session, "李雷", "病历在校医院，编号 0815")
    assert ticket.status != Status.waiting


@pytest.mark.parametrize("words", ["是的", "不离校", "好的，我周三去拿病历", "没有病历"])
def test_it_takes_what_says_something_for_an_answer(words: str) -> None:
    assert not is_thanks(words)


def test_it_gives_a_file_to_the_one_matter_that_waits_for_it(session: Session) -> None:
    ticket = asked(session)
    turn = turn_of(session, "李雷")
    assert turn.account is not None
    record_file(session, PHOTO, "d", turn.account.id, 99, START)
    session.flush()
    assert ticket.number in shown(say(session, "李雷", file=PHOTO))
    assert ticket.status != Status.waiting
    assert session.execute(select(Attachment.ticket_id)).scalars().all() == [ticket.id]


@pytest.mark.parametrize(("words", "guarded"), [("明天下午2点到4点请病假，看牙医，不离校", True), ("请假", False)])
def test_it_marks_a_form_that_shows_what_is_sensitive(session: Session, words: str, guarded: bool) -> None:
    assert [reply.guarded for reply in say(session, "李雷", words)] == [guarded]
