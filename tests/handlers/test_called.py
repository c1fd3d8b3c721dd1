"""Words of command: a service by its command fills in nothing, an unknown command is answered with what there is."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers import talks
from models.ticket import Ticket
from tests.builders import turn_of
from tests.handlers.test_intake import say, sent, shown


@pytest.mark.parametrize("word", ["/complain", "/complain@yizhan_bot", "complain", "/mailbox"])
def test_it_fills_in_nothing_with_the_word_of_a_command(session: Session, word: str) -> None:
    said = say(session, "李雷", word)
    draft = talks.load(turn_of(session, "李雷")).draft
    assert draft is not None
    assert (draft.service, draft.answers) == ("youth-mailbox", {})
    say(session, "李雷", press=said[-1].choices[0].send)
    asked = say(session, "李雷", "食堂三楼的蟑螂实在太多了")
    draft = talks.load(turn_of(session, "李雷")).draft
    assert draft is not None
    assert "食堂三楼的蟑螂实在太多了" in draft.answers.values()
    assert "complain" not in shown(asked)


def test_it_takes_what_stands_after_a_command_as_the_wish(session: Session) -> None:
    say(session, "李雷", "/complain 食堂三楼的蟑螂实在太多了，请派人来看")
    draft = talks.load(turn_of(session, "李雷")).draft
    assert draft is not None
    assert not any("complain" in str(value) for value in draft.answers.values())


@pytest.mark.parametrize("who", ["李雷", "韩老师"])
def test_it_opens_nothing_for_commands_that_nobody_knows(session: Session, who: str) -> None:
    for _ in range(3):
        said = shown(say(session, who, "/foo"))
        assert "没有「/foo」这个命令" in said
    assert session.execute(select(func.count()).select_from(Ticket)).scalar_one() == 0
    assert "没有开通" in shown(say(session, who, "/depart"))


def test_it_keeps_the_form_beside_an_unknown_command(session: Session) -> None:
    say(session, "李雷", "请假")
    said = say(session, "李雷", "/foo")
    assert "没有「/foo」这个命令" in shown(said)
    assert sent(said, "继续填请假")


@pytest.mark.parametrize(
    ("who", "word"), [("李雷", "/mine"), ("韩老师", "/queue"), ("韩老师", "/duty"), ("李雷", "/help")]
)
def test_it_hears_the_other_commands_as_their_words(session: Session, who: str, word: str) -> None:
    assert shown(say(session, who, word)) == shown(say(session, who, word[1:]))
