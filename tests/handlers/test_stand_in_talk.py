"""Who stands in, in many words, and a swap with somebody who was named: the name stays while the shift is asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from handlers import absences, away_talk, staff_asides, stand_in_talk, tickets
from handlers.talks import Order, Talk
from handlers.understand.absences import Wish
from handlers.understand.stand_ins import ASKS, SETS, read
from models.message import MOST_PRESS, Incoming
from tests.builders import START, own_catalogue, person_of, turn_of
from tests.handlers.rostering import turns

ASKED = (
    "谁代我", "现在谁替我", "谁替我值班？", "谁在代我办", "我的代办人是谁", "我的代办人", "谁是我的代办人", "现在谁在替我办事？",
    "我的事现在谁管", "我不在的时候谁代我", "who stands in for me?", "my stand-in",
)  # fmt: skip
NAMED = {
    "我的代办人是王书记": ("王书记", ""), "代办人换成T1003": ("T1003", ""), "王书记是我的代办人": ("王书记", ""),
    "请王书记代我": ("王书记", ""), "让王书记来代我办": ("王书记", ""), "明天到周五请王书记代我": ("王书记", "明天到周五"),
    "王书记明天到周五代我": ("王书记", "明天到周五"), "我的代办人明天到周五是王书记": ("王书记", "明天到周五"),
    "设王书记为我的代办人": ("王书记", ""), "让方明代我值班": ("方明", ""), "my stand-in is Teacher Wang": ("Teacher Wang", ""),
}  # fmt: skip
OTHERS = (
    "现在谁值班", "谁值班", "请王书记代我看看这件", "同学代我领材料", "代办人", "代办", "老师让李雷代我请假", "请后勤代我回复学生",
    "我想请王老师代课", "我明天到周五不在，由王书记代", "王书记在吗",
)  # fmt: skip


@pytest.mark.parametrize("words", ASKED)
def test_it_reads_questions(words: str) -> None:
    assert read(words) == Wish(ASKS)


@pytest.mark.parametrize("words", list(NAMED))
def test_it_reads_names_and_days(words: str) -> None:
    assert read(words) == Wish(SETS, *NAMED[words])


@pytest.mark.parametrize("words", OTHERS)
def test_it_reads_nothing_else(words: str) -> None:
    assert read(words) is None


def test_it_names_one_for_each_of_several_absences(session: Session) -> None:
    turn, fang = turn_of(session, "韩老师"), person_of(session, "方老师")
    for days in (1, 5):
        from_at = START + timedelta(days=days)
        absences.declare(turn, person_of(session, "韩老师"), from_at, from_at + timedelta(days=2), fang)
    (reply,) = stand_in_talk.hear(turn, "我的代办人是王书记") or ()
    assert len(reply.choices) == 2
    (confirmed,) = away_talk.press(turn, reply.choices[1].send)
    assert "由王书记代办" in confirmed.text
    away_talk.press(turn, confirmed.choices[0].send)
    names = {each.stand_in_id for each in absences.to_come(turn, person_of(session, "韩老师").id)}
    assert names == {fang.id, person_of(session, "王书记").id}
    assert stand_in_talk.hear(turn_of(session, "李雷"), "我的代办人是王书记") is None


def test_it_answers_while_words_are_waited_for_and_names_nobody_then(session: Session) -> None:
    ticket = tickets.open_ticket(turn_of(session, "李雷"), own_catalogue().items["consult"], {"words": "问一下"})
    turn = turn_of(session, "韩老师")

    def hear(words: str) -> tuple[bool, bool]:
        talk = Talk(order=Order(verb="reply", ticket=ticket.id))
        said = staff_asides.hear(turn, talk, Incoming("webchat", "x", "1", turn.now, words))
        return said is not None, talk.order is not None

    assert hear("谁代我") == (True, False)
    assert hear("请王书记代我") == (False, True)


def test_it_keeps_the_name_while_it_asks_which_shift(session: Session) -> None:
    turns(session)
    turn = turn_of(session, "韩老师")
    (listed, *_) = away_talk.hear(turn, "我想和方老师换班") or ()
    assert len(listed.choices) > 1
    assert "要换给方老师的是哪一个" in listed.text
    assert all(len(choice.send.encode()) <= MOST_PRESS for choice in listed.choices)
    (whom,) = away_talk.press(turn, listed.choices[0].send)
    assert {choice.label.partition(" ")[0] for choice in whom.choices} == {"请方老师代班", "和方老师换"}
    (listed, *_) = away_talk.hear(turn, "我想和后勤老师换班") or ()
    assert "后勤老师不在这张值班表上" in listed.text
    (whom,) = away_talk.press(turn, listed.choices[0].send)
    assert "请王书记代班" in [choice.label for choice in whom.choices]
