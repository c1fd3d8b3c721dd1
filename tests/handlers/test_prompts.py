"""What a prompt of staff's waits for: its words only, and nothing that was said after something else."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import notices, talks, tickets
from models.message import Place
from models.ticket import Event
from tests.builders import leave_answers, own_catalogue, turn_of
from tests.handlers.test_intake import say, shown

LEAVE = own_catalogue().items["leave"]
AWAY = "我明天到周五不在，由王书记代"
BARE = "我明天到周五不在"


def replied(session: Session) -> list[str]:
    turn = turn_of(session, "韩老师")
    found = session.execute(select(Event).where(Event.kind == "replied")).scalars()
    return [notices.words_of(turn, event) for event in found]


@pytest.mark.parametrize("between", [
    "同意 {other}", "退回 {other}", "同意 QJ-2606-9999", "/queue", "/mine", "/duty", "待办", "同意", "查看 {other}", AWAY, BARE,
    "我上周不在", "换班",
])  # fmt: skip
def test_it_sends_nothing_to_a_student_that_was_said_after_something_else(session: Session, between: str) -> None:
    ticket = tickets.open_ticket(turn_of(session, "李雷"), LEAVE, leave_answers())
    other = tickets.open_ticket(turn_of(session, "韩梅梅"), LEAVE, leave_answers())
    say(session, "韩老师", press=f"t:{ticket.id}:reply:{ticket.rev}")
    assert talks.load(turn_of(session, "韩老师")).order is not None
    say(session, "韩老师", between.format(other=other.number))
    order = talks.load(turn_of(session, "韩老师")).order
    assert order is None or order.ticket != ticket.id
    if order is None:
        say(session, "韩老师", AWAY)
        assert replied(session) == []


def test_it_says_that_being_away_went_to_no_student_and_how_it_would(session: Session) -> None:
    ticket = tickets.open_ticket(turn_of(session, "李雷"), LEAVE, leave_answers())
    say(session, "韩老师", press=f"t:{ticket.id}:reply:{ticket.rev}")
    said = shown(say(session, "韩老师", BARE))
    assert f"回复 {ticket.number}" in said
    assert "由谁代办" in said
    assert replied(session) == []
    say(session, "韩老师", press=f"t:{ticket.id}:transfer:{ticket.rev}")
    assert f"{ticket.number} 没有改动" in shown(say(session, "韩老师", BARE))
    say(session, "韩老师", f"回复 {ticket.number} {BARE}")
    assert replied(session) == [BARE]


@pytest.mark.parametrize("words", ["我明天不在办公室，你后天再来", "我下午外出，请同学找王书记签"])
def test_it_takes_what_speaks_to_the_student_for_the_answer(session: Session, words: str) -> None:
    ticket = tickets.open_ticket(turn_of(session, "李雷"), LEAVE, leave_answers())
    say(session, "韩老师", press=f"t:{ticket.id}:reply:{ticket.rev}")
    say(session, "韩老师", words)
    assert replied(session) == [words]


def test_it_ends_a_prompt_by_a_verb_that_is_refused(session: Session) -> None:
    ticket = tickets.open_ticket(turn_of(session, "李雷"), LEAVE, leave_answers())
    other = tickets.open_ticket(turn_of(session, "韩梅梅"), LEAVE, leave_answers())
    tickets.sign(turn_of(session, "韩老师"), other)
    say(session, "韩老师", press=f"t:{ticket.id}:reply:{ticket.rev}")
    say(session, "韩老师", f"同意 {other.number}")
    assert talks.load(turn_of(session, "韩老师")).order is None


def test_it_keeps_a_prompt_while_its_matter_is_looked_at(session: Session) -> None:
    ticket = tickets.open_ticket(turn_of(session, "李雷"), LEAVE, leave_answers())
    say(session, "韩老师", press=f"t:{ticket.id}:reply:{ticket.rev}")
    say(session, "韩老师", f"查看 {ticket.number}")
    say(session, "韩老师", "请明天上午带证明来")
    assert replied(session) == ["请明天上午带证明来"]


def test_it_says_what_was_left_by_cancelling(session: Session) -> None:
    ticket = tickets.open_ticket(turn_of(session, "李雷"), LEAVE, leave_answers())
    for verb, said in (("reply", "没有发送"), ("transfer", "没有改动")):
        say(session, "韩老师", press=f"t:{ticket.id}:{verb}:{ticket.rev}")
        assert said in shown(say(session, "韩老师", "取消"))


def test_it_asks_for_no_words_about_what_was_taken_back(session: Session) -> None:
    ticket = tickets.open_ticket(turn_of(session, "李雷"), LEAVE, leave_answers())
    tickets.withdraw(turn_of(session, "李雷"), ticket)
    assert "已经处理过了" in shown(say(session, "李雷", f"没解决 {ticket.number}"))
    assert talks.load(turn_of(session, "李雷")).order is None


def test_it_drops_a_students_prompt_that_nothing_can_answer_any_more(session: Session) -> None:
    ticket = tickets.open_ticket(turn_of(session, "李雷"), LEAVE, leave_answers())
    tickets.ask(turn_of(session, "韩老师"), ticket, "请补病历")
    say(session, "李雷", press=f"t:{ticket.id}:fill:{ticket.rev}")
    tickets.refuse(turn_of(session, "韩老师"), ticket, "那天有考试")
    assert "不需要补充" in shown(say(session, "李雷", "病历在这里，编号 0815"))
    assert "不需要补充" not in shown(say(session, "李雷", "病历在这里，编号 0815"))


@pytest.mark.parametrize(("words", "offered"), [("更多操作 {number}", "延期"), ("more actions {number}", "Extend")])
def test_it_opens_what_else_may_be_done_in_words(session: Session, words: str, offered: str) -> None:
    ticket = tickets.open_ticket(turn_of(session, "李雷"), LEAVE, leave_answers())
    assert offered in shown(say(session, "韩老师", words.format(number=ticket.number)))


def test_it_has_nothing_to_urge_where_nothing_is_open(session: Session) -> None:
    ticket = tickets.open_ticket(turn_of(session, "李雷"), LEAVE, leave_answers())
    tickets.withdraw(turn_of(session, "李雷"), ticket)
    for words in ("催办", "催一下", "/urge"):
        said = shown(say(session, "李雷", words))
        assert "不用催" in said
        assert ticket.number not in said


def test_it_calls_a_place_a_place(session: Session) -> None:
    assert "位置收到了" in shown(say(session, "李雷", place=Place(30.5, 114.3)))
