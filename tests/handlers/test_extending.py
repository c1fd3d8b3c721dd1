"""Moving a promise: one extension with a reason, another priority, and years whose holidays nobody knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import cards, deciding, echoes, extending, limits, tickets
from handlers.texts import text
from handlers.understand.orders import read_order
from handlers.views import ticket_limits
from models.message import Refused
from models.ticket import Event
from tests.builders import START, add_duty, at, be_away, leave_answers, person_of, told, turn_of
from tests.handlers.promised import SCHOOL, extend, opened

# One extension


def test_it_extends_once_and_tells_the_student_why(session: Session) -> None:
    ticket = opened(session)
    assert limits.targets_at(turn_of(session), ticket, limits.marks(turn_of(session), ticket))["resolve"] == at(
        "2026-06-11 09:00"
    )
    extend(session, ticket, at("2026-06-10 16:00"))
    turn = turn_of(session, "韩老师", at("2026-06-10 16:00"))
    assert limits.targets_at(turn, ticket, limits.marks(turn, ticket))["resolve"] == at("2026-06-12 09:00")
    assert ticket.owed_at == at("2026-06-10 15:00")  # The first answer is owed as before.
    assert any("要等教务处核对" in said and "延长到" in said for said in told(session, "李雷"))
    assert any(
        "延长到 明天" in said or "延长到 6月12日" in said or "延长到 后天" in said for said in told(session, "李雷")
    )
    assert "办结时限延长到" in "".join(cards.card(turn, ticket, staff=True).lines)
    assert "办结时限延长到" in echoes.done(turn, ticket, "extend")
    with pytest.raises(Refused, match=r"extend\.once"):
        extend(session, ticket, at("2026-06-10 17:00"))
    whys = {why.target: why for why in limits.explain(turn, ticket)}
    (said,) = ticket_limits.owed(turn, [whys["resolve"]])
    assert "已延期一次" in said.rule


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"now": at("2026-06-11 09:01")}, "extend.too_late"),
        ({"words": " 忙 "}, "extend.reason"),
        ({"by": "王书记"}, "extend.not_yours"),
        ({"by": "方老师"}, "ticket.not_found"),
        ({"by": "李雷"}, "ticket.not_found"),
    ],
)
def test_it_refuses_an_extension_that_is_none(session: Session, change: dict[str, Any], key: str) -> None:
    ticket = opened(session)
    with pytest.raises(Refused) as refused:
        extend(session, ticket, **({"now": START} | change))
    assert refused.value.key == key
    assert ticket.rev == 1


def test_it_takes_a_reason_of_two_characters_and_says_so_of_one(session: Session) -> None:
    assert "至少两个字" in text("zh", "extend.reason", number="BX-2606-0001")
    ticket = opened(session)
    extend(session, ticket, at("2026-06-10 16:00"), words="缺件")
    assert any("缺件" in said for said in told(session, "李雷"))


def test_it_extends_nothing_that_is_not_owed(session: Session) -> None:
    ticket = opened(session)
    tickets.sign(turn_of(session, "韩老师", START), ticket)
    with pytest.raises(Refused, match=r"extend\.nothing_owed"):
        extend(session, ticket, START)
    soon = opened(session, ("2026-06-10 15:00", "2026-06-10 22:00"), by="韩梅梅")
    with pytest.raises(Refused, match=r"extend\.begins"):
        extend(session, soon, START)


def test_it_offers_the_button_when_the_limit_is_near(session: Session) -> None:
    ticket = opened(session)
    turn = turn_of(session, "韩老师", at("2026-06-10 16:00"))
    assert extending.is_offered(turn, ticket, turn.person)
    assert "extend" in cards.more_verbs(turn, ticket, turn.person)
    assert not extending.is_offered(turn, ticket, person_of(session, "王书记"))
    done = deciding.decide(turn, ticket.number, "extend", ticket.rev, "等教务处核对")
    assert done.rev == 2
    assert "extend" not in cards.more_verbs(turn, ticket, turn.person)


@pytest.mark.parametrize(
    ("words", "verb"),
    [
        ("延期 QJ-2606-0001 等教务处", "extend"),
        ("QJ-2606-0001 申请延期 等教务处", "extend"),
        ("优先级 QJ-2606-0001 紧急", "priority"),
    ],
)
def test_it_hears_the_verbs_in_chat(words: str, verb: str) -> None:
    order = read_order(words)
    assert order is not None
    assert (order.verb, order.number) == (verb, "QJ-2606-0001")


# Priority


def test_it_changes_the_priority_and_says_which_there_are(session: Session) -> None:
    ticket = opened(session)
    turn = turn_of(session, "韩老师", START, school=SCHOOL)
    tickets.prioritise(turn, ticket, "加急 家里急事")
    assert ticket.priority == "high"
    for words, key in (("加急", "priority.same"), ("快点", "priority.which"), ("", "priority.which")):
        with pytest.raises(Refused) as refused:
            tickets.prioritise(turn, ticket, words)
        assert refused.value.key == key
    event = session.execute(select(Event).where(Event.kind == "prioritised")).scalar_one()
    assert (event.audience, event.key) == ("staff", "priority:high")


def test_it_counts_a_raised_priority_from_the_change_and_tells_whoever_has_it(session: Session) -> None:
    answers = {"what": "light", "where": "东园1号楼203", "detail": "灯不亮"}
    ticket = tickets.open_ticket(turn_of(session, "李雷", START), SCHOOL.catalogue.items["dorm-repair"], answers)
    promised, then = ticket.owed_at, at("2026-06-10 10:00")
    assert promised is not None
    assert promised > at("2026-06-10 10:30")
    by = "王书记" if ticket.assignee_id == person_of(session, "后勤老师").id else "后勤老师"
    add_duty(session, person_of(session, by), "/sl/logistics/", "head", from_at=START - timedelta(days=1))
    turn = turn_of(session, by, then, school=SCHOOL)
    tickets.prioritise(turn, ticket, "紧急 水漫出来了")
    assert ticket.owed_at == at("2026-06-10 10:30"), "half an hour from the change, and not from the opening"
    assert "今天 10:30前" in echoes.done(turn, ticket, "priority").replace("今天 10:30 前", "今天 10:30前")
    assert [said.count("优先级改为「紧急」") for said in told(session, "后勤老师")][-1] == 1
    assert told(session, "后勤老师")[-1].count("10:30") == 1
    (why, *_) = limits.explain(turn, ticket)
    assert why.changed == then
    (said, *_) = ticket_limits.owed(turn, [why])
    assert "优先级在" in said.rule
    assert not any("优先级" in said for said in told(session, "李雷"))


def test_it_gives_a_ticket_the_limits_of_its_priority_and_area(session: Session) -> None:
    item = SCHOOL.catalogue.items["leave"]
    data = item.limits.model_dump() | {
        "instead": [
            {"area": "cs", "respond": "3h"},
            {"priority": "high", "respond": "2h"},
            {"priority": "high", "area": "wl", "respond": "1h"},
        ]
    }
    own = item.model_copy(
        update={
            "limits": type(item.limits)(**data),
            "priority": (_raised("high", {"field": "kind", "one_of": ["sick"]}),),
        }
    )
    school = replace(SCHOOL, catalogue=type(SCHOOL.catalogue)([own, *(
        each for slug, each in SCHOOL.catalogue.items.items() if slug != "leave"
    )]))  # fmt: skip
    pressing = opened(session, school=school)
    assert pressing.owed_at == at("2026-06-10 11:00")  # sick leave is pressing by its answers
    hers = turn_of(session, "韩老师", START, school=school)
    assert "优先级：高" in cards.card(hers, pressing, staff=True).lines
    assert "优先级：高" not in cards.card(hers, pressing, staff=False).lines
    assert "priority" in cards.more_verbs(hers, pressing, hers.person)
    assert opened(session, school=school, by="林涛").owed_at == at("2026-06-10 10:00")
    turn = turn_of(session, "李雷", START, school=school)
    answers = leave_answers("2026-06-25 08:00", "2026-06-25 22:00", 1) | {"kind": "personal"}
    assert tickets.open_ticket(turn, own, answers).owed_at == at("2026-06-10 12:00")


def _raised(to: str, when: dict[str, Any]) -> Any:
    from models.item import Raised

    return Raised.model_validate({"to": to, "when": when})


# Holidays that nobody knows yet


@pytest.mark.parametrize(("day", "flagged"), [("2026-06-10 09:00", False), ("2026-12-31 17:00", True)])
def test_it_flags_a_deadline_in_a_year_without_data(session: Session, day: str, flagged: bool) -> None:
    ticket = opened(session, ("2027-02-18 08:00", "2027-02-18 22:00"), at(day))
    turn = turn_of(session, "韩老师", at(day))
    flags = [each.flag for each in ticket_limits.owed(turn, limits.explain(turn, ticket))]
    assert any("2027 年的放假和调休还没有公布" in flag for flag in flags) == flagged


def test_it_lets_who_stands_in_for_the_owner_extend_and_nobody_else(session: Session) -> None:
    ticket = opened(session)
    be_away(session, "韩老师", "王书记")
    turn = turn_of(session, "后勤老师", at("2026-06-10 16:00"), school=SCHOOL)
    assert not extending.may_extend(turn, ticket, person_of(session, "后勤老师"))
    extend(session, ticket, at("2026-06-10 16:00"), by="王书记")
    assert any("延长到" in said for said in told(session, "李雷"))
