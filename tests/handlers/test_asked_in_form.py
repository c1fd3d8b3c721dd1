"""A matter that is asked after by its number while a form is open is shown, and never becomes the form's answer."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from handlers import intake, talks, tickets
from handlers.understand.asides import asks_after
from models.message import Incoming
from tests.builders import RICH, START, own_catalogue, turn_of


@pytest.mark.parametrize("words", ["进度 {}", "{} 进度", "{}到哪了", "查一下 {} 的进度", "status of {}"])
def test_it_shows_the_matter_and_asks_the_question_again(session: Session, words: str) -> None:
    turn = turn_of(session, "李雷")
    ticket = tickets.open_ticket(turn, own_catalogue().items["consult"], {"words": "宿舍的网坏了"})

    def say(text: str) -> str:
        return "\n".join(reply.text for reply in intake.answer(turn, Incoming(RICH, "2023001", text, START, text)))

    say("我要给团委写信")
    said = say(words.format(ticket.number))
    assert ticket.number in said
    draft = talks.load(turn).draft
    assert draft is not None
    assert not any(ticket.number in str(value) for value in draft.answers.values())


@pytest.mark.parametrize("words", ["关于BX-2606-0001我要投诉", "BX-2606-0001 修了三次还是漏", "进度", "进度太慢了"])
def test_it_takes_no_complaint_for_a_question_after_a_matter(words: str) -> None:
    assert asks_after(words) is None
