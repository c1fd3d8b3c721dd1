"""Rules of items (自动规则): what they do when something happens, once a cause, and to nobody kept out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import collisions, notices, recusals, rules, tags, tickets
from handlers.catalogue import made
from handlers.turn import School, Turn
from models.item import Item
from models.message import Refused
from models.rules import Rule
from models.ticket import Event, Ticket
from tests.builders import START, at, be_away, own_catalogue, person_of, told, turn_of
from tests.handlers.ruling import DO, FORM, opened, repair, school_of

HOUR = timedelta(hours=1)


def kinds(session: Session, ticket: Ticket) -> list[str]:
    rows = session.execute(select(Event.kind).where(Event.ticket_id == ticket.id).order_by(Event.rev))
    return list(rows.scalars())


def tagged(turn: Turn, ticket: Ticket) -> tuple[str, ...]:
    return tags.of(turn, [ticket.id]).get(ticket.id, ())


# --- when something happens -------------------------------------------------------------------------------------------

SCHOOLS: list[School] = []


def _transfer(session: Session, ticket: Ticket, now: datetime) -> None:
    tickets.transfer(turn_of(session, "后勤老师", now, school=SCHOOLS[0]), ticket, person_of(session, "韩老师"), "请看")


def _reopen(session: Session, ticket: Ticket, now: datetime) -> None:
    tickets.resolve(turn_of(session, "后勤老师", now, school=SCHOOLS[0]), ticket, "修好了")
    tickets.reopen(turn_of(session, "李雷", now, school=SCHOOLS[0]), ticket, "还是漏")


def _rate(session: Session, ticket: Ticket, now: datetime, stars: int) -> None:
    tickets.resolve(turn_of(session, "后勤老师", now, school=SCHOOLS[0]), ticket, "修好了")
    tickets.rate(turn_of(session, "李雷", now, school=SCHOOLS[0]), ticket, stars)


HAPPENED = [
    ("opened", {}, lambda s, t, b: None),
    ("replied", {}, lambda s, t, b: tickets.add(turn_of(s, "李雷", b, school=SCHOOLS[0]), t, "还在漏")),
    ("urged", {}, lambda s, t, b: tickets.urge(turn_of(s, "李雷", b, school=SCHOOLS[0]), t)),
    ("resolved", {}, lambda s, t, b: tickets.resolve(turn_of(s, "后勤老师", b, school=SCHOOLS[0]), t, "修好了")),
    ("transferred", {}, _transfer),
    ("reopened", {}, _reopen),
    ("rated", {"stars": 2}, lambda s, t, b: _rate(s, t, b, 2)),
]


@pytest.mark.parametrize(("on", "more", "happen"), HAPPENED, ids=[each[0] for each in HAPPENED])
def test_it_acts_once_when_something_happens(session: Session, on: str, more: dict[str, Any], happen: Any) -> None:
    ticket, school = opened(session, {"name": "留意", "on": on, **more, "then": DO})
    SCHOOLS[:] = [school]
    happen(session, ticket, START + HOUR)
    assert tagged(turn_of(session, "后勤老师"), ticket) == ("急",)
    assert kinds(session, ticket).count("automated") == 1
    last = [each for each in tickets.events_of(turn_of(session), ticket) if each.kind == "automated"][-1]
    assert (last.by_id, last.audience, last.key.startswith("rule:留意:")) == (None, "staff", True)
    staff, student = turn_of(session, "后勤老师", school=school), turn_of(session, "李雷", school=school)
    everything = tickets.events_of(staff, ticket)
    assert "「留意」：加标签 #急" in notices.timeline(staff, ticket, everything, staff=True)
    assert "留意" not in notices.timeline(student, ticket, everything, staff=False)


def test_it_looks_at_stars_and_every_condition(session: Session) -> None:
    ticket, school = opened(session, {"name": "低分", "on": "rated", "stars": 2, "then": DO})
    SCHOOLS[:] = [school]
    _rate(session, ticket, START + HOUR, 4)
    assert "automated" not in kinds(session, ticket)


@pytest.mark.parametrize(
    ("only", "held"),
    [
        ({"answers": {"field": "what", "one_of": ["water"]}}, True),
        ({"answers": {"field": "what", "one_of": ["power"]}}, False),
        ({"priority": ["high"]}, False),
        ({"priority": ["normal", "high"]}, True),
        ({"area": ["logistics"]}, True),
        ({"area": ["cs"]}, True),  # The repair stands with its office; whoever asked studies there.
        ({"area": ["wl", "psych"]}, False),
        ({"tags": ["老楼"]}, False),
        ({"without": ["老楼"]}, True),
        ({"answers": {"field": "what", "one_of": ["water"]}, "priority": ["urgent"]}, False),
    ],
)
def test_it_holds_by_answers_priority_place_and_tags(session: Session, only: dict[str, Any], held: bool) -> None:
    ticket, _ = opened(session, {"name": "看看", "on": "opened", "if": only, "then": DO})
    assert (tagged(turn_of(session), ticket) == ("急",)) is held


def test_it_sees_the_tags_that_the_opening_gave(session: Session) -> None:
    body = repair({"name": "老楼", "on": "opened", "if": {"tags": ["老楼"]}, "then": {"priority": "high"}}).body()
    item = made("dorm-repair", {**body, "tag": [{"name": "老楼"}]})
    school = school_of(item, session)
    ticket = tickets.open_ticket(turn_of(session, "李雷", school=school), item, FORM)
    assert ticket.priority == "high"
    assert (
        collisions.went_on(turn_of(session, "后勤老师", school=school), ticket, 1) is False
    )  # No card is stale by it.


def test_it_starts_no_rule_by_what_a_rule_did(session: Session) -> None:
    there = {"name": "转给团委", "on": "opened", "then": {"give": {"office": "youth-league"}}}
    again = {"name": "转了就转", "on": "transferred", "then": {"give": {"office": "psych"}, "tag": ["转了"]}}
    ticket, school = opened(session, there, again)
    assert ticket.assignee_id == person_of(session, "团委老师").id
    assert kinds(session, ticket) == ["opened", "automated", "transferred"]
    assert ticket.owner_id == person_of(session, "后勤老师").id  # The owner stays.
    assert tagged(turn_of(session, school=school), ticket) == ()


def test_it_gives_to_nobody_who_is_kept_out_or_away(session: Session) -> None:
    give = {"name": "给上级", "on": "replied", "then": {"give": {"office": "youth-league"}, "tag": ["看过"]}}
    ticket, school = opened(session, give)
    recusals.keep_out(turn_of(session), ticket, {person_of(session, "团委老师").id})
    tickets.add(turn_of(session, "李雷", school=school), ticket, "还在漏")
    assert ticket.assignee_id == person_of(session, "后勤老师").id
    last = tickets.events_of(turn_of(session), ticket)[-1]
    assert last.kind == "automated"
    assert "没能转给团委（" in last.words
    assert tagged(turn_of(session), ticket) == ("看过",)
    be_away(session, "团委老师")
    tickets.add(turn_of(session, "李雷", school=school), ticket, "还在漏吗")
    assert ticket.assignee_id == person_of(session, "后勤老师").id


def test_it_tells_only_who_may_see_it_and_keeps_the_quiet_hours(session: Session) -> None:
    ticket, school = opened(
        session,
        {"name": "催了", "on": "urged", "then": {"tell": [{"who": "lead"}, {"role": "counselor"}, {"who": "owner"}]}},
    )
    late = at("2026-06-10 23:30")
    tickets.urge(turn_of(session, "李雷", late, school=school), ticket)
    heard = session.execute(
        select(Event.to_id).where(Event.ticket_id == ticket.id, Event.kind == "rule_told")
    ).scalars()
    assert set(heard) == {person_of(session, "学工部长").id, person_of(session, "后勤老师").id}
    words = tickets.events_of(turn_of(session), ticket)[-3].words
    assert "没能告诉辅导员" in words
    assert any("按规则「催了」请你留意" in each for each in told(session, "学工部长"))


def test_it_leaves_the_undoing_of_a_transfer_open(session: Session) -> None:
    ticket, school = opened(session, {"name": "转办留意", "on": "transferred", "then": DO})
    giver = turn_of(session, "后勤老师", START + HOUR, school=school)
    tickets.transfer(giver, ticket, person_of(session, "韩老师"), "请看")
    assert kinds(session, ticket)[-1] == "automated"
    assert tickets.undo(giver, ticket) == "transfer"
    assert ticket.assignee_id == person_of(session, "后勤老师").id


def test_it_leaves_the_undoing_of_an_end_open(session: Session) -> None:
    ticket, school = opened(session, {"name": "办结看看", "on": "resolved", "then": {**DO, "note": "抽查"}})
    officer = turn_of(session, "后勤老师", START + HOUR, school=school)
    tickets.resolve(officer, ticket, "修好了")
    assert kinds(session, ticket)[-3:] == ["resolved", "automated", "noted"]
    assert tickets.undo(officer, ticket) == "resolve"
    assert ticket.status == "new"
    assert ticket.owed_at is not None  # The promise stands again.


# --- rules of the whole school ----------------------------------------------------------------------------------------


def test_it_spreads_a_rule_of_the_school_over_the_items_that_it_fits() -> None:
    low = Rule.model_validate({"name": "低分", "on": "rated", "stars": 2, "then": {"tell": [{"who": "lead"}]}})
    water = Rule.model_validate(
        {"name": "漏水", "on": "opened", "if": {"answers": {"field": "what", "one_of": ["water"]}}, "then": DO}
    )
    only = Rule.model_validate({"name": "假", "on": "opened", "items": ["leave"], "then": {"give": {"who": "lead"}}})
    cat = own_catalogue().items
    spread = {slug: [rule.name for rule in rules.spread(item, [low, water, only]).when] for slug, item in cat.items()}
    assert spread["dorm-repair"][-2:] == ["低分", "漏水"]
    assert spread["consult"] == ["低分"]
    assert spread["crisis"] == []
    assert spread["leave"] == ["低分"]  # What asks for signatures is given to nobody by a rule.
    again = Item.model_validate(rules.spread(cat["dorm-repair"], [low, water]).body())
    assert [rule.name for rule in again.when][-2:] == ["低分", "漏水"]


def test_it_refuses_an_item_that_is_not_there(session: Session) -> None:
    ticket, school = opened(session, {"name": "看看", "on": "opened", "then": {"give": {"office": "no-such"}}})
    assert "没有 no-such 这个部门" in tickets.events_of(turn_of(session, school=school), ticket)[-1].words
    with pytest.raises(Refused):
        tickets.transfer(turn_of(session, "李雷", school=school), ticket, person_of(session, "韩老师"))
