"""Rules that come, change and go while tickets are open: they act from then on, once, and on nothing of the past."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from handlers import reckoning, ruled, rules, tickets
from handlers.catalogue import Catalogue, made
from handlers.turn import School
from models.db import Database
from models.meta import Meta
from models.ticket import Ticket
from tests.builders import START, at, make_school, own_catalogue, turn_of
from tests.handlers.ruling import DO, FORM, WAITS, begin, do, happened, repair, school_of
from tests.handlers.sweeping import go

# Answered by 15:00, and so an hour late at 16:00.
LATE = {"name": "晚了", "on": "overdue", "target": "respond", "after": "1h", "then": DO}


def put(database: Database, school: School, now: datetime) -> School:
    """Start the program with these items: versions and rules are written down, and open matters reckoned anew."""
    database.run(lambda session: school.catalogue.record(session, now))
    database.run(lambda session: reckoning.recompute(turn_of(session, None, now, school=school)))
    return school


def with_rules(database: Database, now: str, *whens: dict[str, Any]) -> School:
    return put(database, school_of(repair(*whens)), at(now))


@pytest.mark.parametrize(
    ("came", "acts"),
    [("2026-06-10 15:59", True), ("2026-06-10 16:00", True), ("2026-06-10 16:01", False), ("2026-06-12 09:00", False)],
)
def test_it_acts_on_what_was_open_before_but_for_what_is_past(database: Database, came: str, acts: bool) -> None:
    ticket, _ = begin(database)
    school = with_rules(database, came, LATE)
    for now in ("2026-06-10 16:00", "2026-06-12 10:00", "2026-06-10 16:00", "2026-06-15 10:00"):
        if at(now) >= at(came):
            go(database, at(now), school)
    assert happened(database, ticket).count("automated") == acts


def test_it_acts_on_what_happens_from_then_on(database: Database) -> None:
    ticket, school = begin(database)
    do(database, ticket, "李雷", at("2026-06-10 10:00"), school, tickets.add, "还在漏")
    school = with_rules(database, "2026-06-10 11:00", {"name": "回了", "on": "replied", "then": DO},
                        {"name": "提交", "on": "opened", "then": DO})  # fmt: skip
    assert happened(database, ticket) == ["added"]
    do(database, ticket, "李雷", at("2026-06-10 12:00"), school, tickets.add, "还在漏吗")
    assert happened(database, ticket) == ["added", "added", "automated"]


def test_it_does_nothing_twice_when_a_rule_is_reworded_or_changed(database: Database) -> None:
    ticket, school = begin(database, LATE)
    go(database, at("2026-06-10 16:00"), school)
    assert happened(database, ticket).count("automated") == 1
    for day, rule in (
        ("2026-06-11 09:00", {**LATE, "then": {"note": "晚了"}}),
        ("2026-06-12 09:00", {**LATE, "after": "30h"}),
        ("2026-06-15 09:00", {**LATE, "if": {"without": ["好"]}}),
    ):
        go(database, at("2026-06-30 09:00"), with_rules(database, day, rule))
    assert happened(database, ticket).count("automated") == 1


def test_it_stops_with_the_rule_and_starts_anew_with_it(database: Database) -> None:
    ticket, _ = begin(database, LATE)
    go(database, at("2026-06-10 16:30"), with_rules(database, "2026-06-10 15:00"))
    assert happened(database, ticket) == []
    school = with_rules(database, "2026-06-10 17:00", LATE)
    go(database, at("2026-06-11 09:00"), school)
    assert happened(database, ticket) == []  # 16:00 passed while there was no such rule.


def test_it_keeps_its_day_when_only_words_of_the_item_change(database: Database) -> None:
    ticket, _ = begin(database, LATE)
    body = {**repair({**LATE, "then": {"note": "请看"}}).body(), "title": {"zh": "修东西"}}
    school = put(database, school_of(made("dorm-repair", body)), at("2026-06-11 09:00"))
    go(database, at("2026-06-11 10:00"), school)  # Three days off, as it were: the rule was there at 16:00.
    assert happened(database, ticket) == ["automated"]


def test_it_warns_of_an_end_that_is_still_to_come(database: Database) -> None:
    ticket, school = begin(database)
    do(database, ticket, "后勤老师", at("2026-06-10 10:00"), school, tickets.ask, "哪一间？")
    # It would have been warned of on the 15th, and ended on the 17th.
    school = with_rules(database, "2026-06-16 09:00", WAITS)
    go(database, at("2026-06-16 10:00"), school)
    assert happened(database, ticket) == ["asked", "rule_warned"]
    go(database, at("2026-06-18 09:59"), school)
    assert happened(database, ticket) == ["asked", "rule_warned"]
    go(database, at("2026-06-18 10:00"), school)
    assert happened(database, ticket) == ["asked", "rule_warned", "automated", "closed"]


def test_it_warns_at_once_of_what_had_waited_longer_before_the_rule_came(database: Database) -> None:
    ticket, school = begin(database)
    do(database, ticket, "后勤老师", at("2026-06-10 10:00"), school, tickets.ask, "哪一间？")
    school = with_rules(database, "2026-07-20 23:30", WAITS)
    go(database, at("2026-07-20 23:31"), school)
    assert happened(database, ticket) == ["asked", "rule_warned"]
    go(database, at("2026-07-22 23:30"), school)
    assert happened(database, ticket) == ["asked", "rule_warned"]
    go(database, at("2026-07-22 23:31"), school)
    assert happened(database, ticket) == ["asked", "rule_warned", "automated", "closed"]


SHORTER = {**WAITS, "after": "6d wall", "warn": "1h wall"}
ENDS = {  # what becomes of the rule after the student was told 「到 6月17日 10:00」, and when the ticket ends
    "another warning": (SHORTER, "2026-06-17 10:00"),
    "another name": ({**SHORTER, "name": "等了很久"}, "2026-06-17 10:00"),
    "a longer time": ({**WAITS, "after": "9d wall"}, "2026-06-19 10:00"),
    "taken out and back": (None, "2026-06-17 10:00"),
}


@pytest.mark.parametrize("name", ENDS)
def test_it_ends_nothing_before_the_student_was_told_whatever_becomes_of_the_rule(
    database: Database, name: str
) -> None:
    ticket, _ = begin(database)
    school = with_rules(database, "2026-06-10 09:30", WAITS)
    do(database, ticket, "后勤老师", at("2026-06-10 10:00"), school, tickets.ask, "哪一间？")
    go(database, at("2026-06-15 10:00"), school)
    assert happened(database, ticket) == ["asked", "rule_warned"]
    rule, ends = ENDS[name]
    if rule is None:
        with_rules(database, "2026-06-16 09:00")
    school = with_rules(database, "2026-06-16 11:00", rule or WAITS)
    for before in (timedelta(hours=1), timedelta(seconds=1)):  # At the first a rule of another name warns, too.
        go(database, at(ends) - before, school)
    assert "closed" not in happened(database, ticket)
    go(database, at(ends), school)
    assert happened(database, ticket)[-1] == "closed"


def test_it_gives_no_second_warning_that_ran_out_while_the_rule_was_gone(database: Database) -> None:
    ticket, _ = begin(database)
    school = with_rules(database, "2026-06-10 09:30", WAITS)
    do(database, ticket, "后勤老师", at("2026-06-10 10:00"), school, tickets.ask, "哪一间？")
    go(database, at("2026-06-15 10:00"), school)
    with_rules(database, "2026-06-16 09:00")
    school = with_rules(database, "2026-06-20 11:00", WAITS)
    go(database, at("2026-07-20 11:00"), school)
    assert happened(database, ticket) == ["asked", "rule_warned"]


def test_it_leaves_alone_what_the_form_did_not_ask_or_the_item_had_not(database: Database) -> None:
    ticket, _ = begin(database)
    body = repair().body()
    new = {**body["fields"][0], "key": "colour"}
    water = {"answers": {"not": {"field": "what", "one_of": ["water"]}}}
    for fields, rule in (
        ([*body["fields"], new], {**LATE, "if": {"answers": {"not": {"field": "colour", "one_of": ["red"]}}}}),
        (body["fields"], {**LATE, "if": water}),
    ):
        school = put(database, school_of(made("dorm-repair", {**body, "fields": fields, "when": [rule]})), START)
        go(database, at("2026-06-10 16:30"), school)
        assert happened(database, ticket) == []
    # And where the answer was sealed when it was given, no rule of today looks at it.
    sealed = tuple(each.model_copy(update={"sensitive": each.key == "what"}) for each in repair().fields)
    was = repair().model_copy(update={"fields": sealed})
    assert not rules.fits(was, repair({**LATE, "if": water}).when[0])


def test_it_follows_the_rules_of_an_item_that_is_in_service_no_more(database: Database) -> None:
    ticket, _ = begin(database, LATE)
    school = put(database, make_school(Catalogue([own_catalogue().items["consult"]])), START)

    def names(session: Session) -> list[str]:
        found = session.execute(select(Ticket).where(Ticket.id == ticket)).scalar_one()
        return [rule.name for rule in rules.of(turn_of(session, None, school=school), found)]

    assert database.read(names) == ["晚了"]


def test_it_knows_rules_from_before_they_were_written_down(database: Database) -> None:
    begin(database, LATE)
    database.run(lambda session: session.execute(delete(Meta).where(Meta.name == ruled.NAME)))
    fresh = {**LATE, "name": "新的"}
    school = with_rules(database, "2026-06-20 09:00", LATE, fresh)
    since = school.catalogue.ruled_since
    assert since["dorm-repair", "晚了"] == START
    assert since["dorm-repair", "新的"] == at("2026-06-20 09:00")
    # The same from a second process, and after a restart.
    assert with_rules(database, "2026-06-25 09:00", LATE, fresh).catalogue.ruled_since == since


def test_it_opens_under_todays_rules(database: Database) -> None:
    school = with_rules(database, "2026-06-10 08:00", LATE)

    def unit(session: Session) -> str:
        item = school.catalogue.items["dorm-repair"]
        return tickets.open_ticket(turn_of(session, "韩梅梅", school=school), item, FORM).id

    ticket = database.run(unit)
    go(database, at("2026-06-10 16:00"), school)
    assert happened(database, ticket) == ["automated"]
