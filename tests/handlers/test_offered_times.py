"""A time that the bot offers: a yes takes the only one, several are shown again, what is not understood loses none."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from handlers import form, intake
from handlers.talks import Talk
from models.message import Incoming, Refused
from tests.builders import RICH, START, make_school, turn_of

LESSONS = "请事假 周五3-4节 办银行卡 不离校"
REVERSED = "请事假 周五下午4点到3点 办银行卡 不离校"


def offered(session: Session, words: str) -> tuple[Talk, str]:
    school = make_school()
    turn = turn_of(session, "李雷", school=school)
    talk = Talk()
    replies = form.start(turn, talk, school.catalogue.items["leave"], words)
    return talk, replies[-1].text


@pytest.mark.parametrize("opening", [LESSONS, REVERSED])
@pytest.mark.parametrize("words", ["是", "是的", "对", "嗯", "对的", "好的", "yes"])
def test_it_takes_the_only_offered_time_by_a_yes(session: Session, opening: str, words: str) -> None:
    talk, _ = offered(session, opening)
    (only,) = talk.drafts[0].offer
    form.hear(turn_of(session, "李雷"), talk, Incoming(RICH, "1", "k", START, words))
    assert talk.drafts[0].answers["span"] == only
    assert talk.drafts[0].offer == []


@pytest.mark.parametrize(("words", "left"), [("对", 2), ("不是", 0)])
def test_it_shows_several_again_and_asks_anew_after_a_no(session: Session, words: str, left: int) -> None:
    talk, _ = offered(session, LESSONS)
    talk.drafts[0].offer *= 2
    replies = form.hear(turn_of(session, "李雷"), talk, Incoming(RICH, "1", "k", START, words))
    assert len(talk.drafts[0].offer) == left
    assert "span" not in talk.drafts[0].answers
    assert sum(choice.send.split(":")[2] == "o" for choice in replies[-1].choices) == left


@pytest.mark.parametrize(("key", "kept"), [("form.no_time", 1), ("form.no_such_day", 0)])
def test_it_keeps_the_offer_only_where_nothing_was_understood(session: Session, key: str, kept: int) -> None:
    talk, _ = offered(session, LESSONS)
    incoming = Incoming(RICH, "1", "k", START, "随便吧")
    intake._refusal(turn_of(session, "李雷"), talk, Refused(key), incoming)
    assert len(talk.drafts[0].offer) == kept
