"""A matter that begins before it would be due: who has it then, and what the student is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from handlers import cards, foreseen, limits, signing, tickets, wording
from handlers.views import ticket_limits
from models.grid import Shift
from tests.builders import at, leave_answers, person_of, told, turn_of
from tests.handlers.promised import SCHOOL, opened

# Before it begins


def test_it_sends_a_leave_of_the_next_morning_to_whoever_is_on_duty(session: Session) -> None:
    night = at("2026-06-10 22:00")
    ticket = opened(session, ("2026-06-11 08:00", "2026-06-11 22:00"), night)
    assert ticket.owed_at == at("2026-06-11 07:00")
    duty = person_of(session, "值班老师甲")
    assert ticket.assignee_id == duty.id
    assert ticket.owner_id == person_of(session, "韩老师").id  # Who answers for the student stays accountable,
    assert any("直接转给值班的值班老师甲" in said for said in told(session, "韩老师"))  # and hears of it.
    assert any(ticket.number in said for said in told(session, "值班老师甲"))
    turn = turn_of(session, "值班老师甲", night)
    (line,) = signing.steps(turn, ticket)
    assert signing.may_sign(turn, ticket, line, duty)
    tickets.sign(turn, ticket, "路上小心")
    assert ticket.back_at is not None


@pytest.mark.parametrize(
    ("now", "begins", "who", "key"),
    [
        ("2026-06-10 22:00", "2026-06-11 08:00", "值班老师甲", "rush.preview"),
        ("2026-06-12 18:00", "2026-06-15 08:00", "值班老师甲", "rush.preview"),
        ("2026-06-10 09:00", "2026-06-11 08:00", "韩老师", "form.promise"),
    ],
)
def test_it_says_in_the_preview_who_will_have_it(session: Session, now: str, begins: str, who: str, key: str) -> None:
    turn, item = turn_of(session, "李雷", at(now)), SCHOOL.catalogue.items["leave"]
    answers = leave_answers(begins, begins.replace("08:00", "22:00"), 1) | {"kind": "sick"}
    path = tickets.place(turn, item)
    told_, previewed = foreseen.foresee(turn, item, path, answers), foreseen.promise(turn, item, path, answers)
    ticket = tickets.open_ticket(turn, item, answers)
    assert told_.person is not None
    assert (told_.person.name, told_.person.id, told_.at) == (who, ticket.assignee_id, ticket.owed_at)
    assert previewed[0] == turn.say(key, name=who, at=wording.soon(told_.at, turn.now, "zh", turn.school.zone))
    assert ("可以先走" in "".join(previewed)) == (key == "rush.preview") == told_.handed


def test_it_promises_nobody_on_duty_where_nobody_is(session: Session) -> None:
    turn, item = turn_of(session, "李雷", at("2026-06-10 22:00")), SCHOOL.catalogue.items["leave"]
    session.execute(delete(Shift))
    answers = leave_answers("2026-06-11 08:00", "2026-06-11 22:00", 1) | {"kind": "sick"}
    first, advice, *_ = foreseen.promise(turn, item, tickets.place(turn, item), answers)
    assert first == "这件事开始前的上班时间不多：提交后由韩老师办，最晚明天 07:00 前答复。"
    assert "可以先走" in advice
    card = "\n".join(cards.card(turn, tickets.open_ticket(turn, item, answers), staff=False).lines)
    assert "转给值班" not in card
    assert "所以最晚明天 07:00 前答复" in card


def test_it_gives_a_leave_that_is_moved_to_tomorrow_to_whoever_is_on_duty(session: Session) -> None:
    ticket = opened(session, ("2026-06-20 08:00", "2026-06-20 22:00"), at("2026-06-10 09:00"))
    turn = turn_of(session, "李雷", at("2026-06-10 22:00"))
    tickets.amend(turn, ticket, {"span": leave_answers("2026-06-11 08:00", "2026-06-11 22:00", 1)["span"]})
    assert ticket.assignee_id == person_of(session, "值班老师甲").id
    assert ticket.owed_at == at("2026-06-11 07:00")
    assert any("直接转给值班的值班老师甲" in said for said in told(session, "韩老师"))


def test_it_tells_the_student_whether_to_go_first(session: Session) -> None:
    night = at("2026-06-10 22:00")
    ticket = opened(session, ("2026-06-11 08:00", "2026-06-11 22:00"), night)
    turn = turn_of(session, "李雷", night)
    said = "\n".join(cards.card(turn, ticket, staff=False).lines)
    assert "已经直接转给值班老师，最晚明天 07:00 前答复" in said
    assert "可以先走" in said
    assert "可以先走" not in "\n".join(cards.card(turn, ticket, staff=True).lines)
    whys = limits.explain(turn, ticket)
    assert all(why.begins == at("2026-06-11 08:00") for why in whys)
    assert all("所以要在那之前答复" in each.rule for each in ticket_limits.owed(turn, whys))


@pytest.mark.parametrize(
    ("now", "begins", "rushed"),
    [
        ("2026-06-10 16:00", "2026-06-11 08:00", False),  # two hours of work are left
        ("2026-06-10 17:01", "2026-06-11 08:00", True),
        ("2026-06-10 17:00", "2026-06-11 08:00", False),  # just the hour that is asked for
        ("2026-06-12 18:00", "2026-06-15 08:00", True),  # over a weekend
        ("2026-06-10 09:00", "2026-06-10 10:00", True),
        ("2026-06-10 12:30", "2026-06-10 12:00", False),  # begun already: nothing to hurry for
    ],
)
def test_it_hurries_where_too_little_working_time_is_left(
    session: Session, now: str, begins: str, rushed: bool
) -> None:
    turn = turn_of(session, "李雷", at(now))
    item = SCHOOL.catalogue.items["leave"]
    answers = leave_answers(begins, "2026-06-16 22:00", 1)
    assert limits.is_rushed(turn, item, "/sl/cs/cs2301/", answers) == rushed
    demo = replace(turn, school=replace(SCHOOL, clock=replace(SCHOOL.clock, scale=0.005)))
    assert not limits.is_rushed(demo, item, "/sl/cs/cs2301/", answers)
