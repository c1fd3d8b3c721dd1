"""Instants of open matters follow the school's hours, batch by batch, whoever is killed, and each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from handlers import reckoning, ruled, tickets
from handlers.turn import School
from models.db import Database
from models.deadline import Clock
from models.meta import Meta
from models.ticket import Ticket
from models.worktime import school_calendar
from tests import builders
from tests.builders import START, at
from tests.handlers.sweeping import SCHOOL, act, due, events, go, leave


def with_hours(**extra: object) -> School:
    """The school with other hours."""
    return replace(SCHOOL, clock=Clock(school_calendar(**extra)))  # type: ignore[arg-type]


OFF = with_hours(extra={date(2026, 6, 10): [], date(2026, 6, 11): []})  # Two days off that nobody knew of.


def recompute(database: Database, school: School, batch: int = 500) -> int:
    return database.run(
        lambda session: reckoning.recompute(builders.turn_of(session, None, START, school=school), batch)
    )


def test_it_counts_new_hours_at_once_and_only_once(database: Database) -> None:
    ticket = leave(database)
    assert recompute(database, SCHOOL) == 1
    assert recompute(database, SCHOOL) == 0
    assert due(database, ticket) == at("2026-06-10 14:00")
    assert recompute(database, OFF) == 1
    assert due(database, ticket) == at("2026-06-12 11:00")
    assert recompute(database, SCHOOL) == 1
    assert due(database, ticket) == at("2026-06-10 14:00")


def test_it_goes_on_where_another_was_killed(database: Database) -> None:
    ids = [leave(database, number) for number in range(7)]
    assert recompute(database, OFF, batch=3) == 3
    # The next process begins with what is left, and one with other hours from the beginning.
    assert [due(database, each) for each in ids].count(at("2026-06-12 11:00")) == 3
    assert recompute(database, OFF, batch=3) == 3
    assert recompute(database, SCHOOL, batch=3) == 3
    assert [recompute(database, OFF, batch=3) for _ in range(4)] == [3, 3, 1, 0]
    assert {due(database, each) for each in ids} == {at("2026-06-12 11:00")}


def test_it_does_nothing_again_that_was_done(database: Database) -> None:
    ticket = leave(database)
    go(database, at("2026-06-10 14:00"))
    recompute(database, OFF)
    assert due(database, ticket) == at("2026-06-12 12:00")  # Not the reminder once more, but the limit.
    recompute(database, SCHOOL)
    assert due(database, ticket) == at("2026-06-10 15:00")
    go(database, at("2026-06-10 15:00"))
    assert [kind for kind, _ in events(database, ticket)] == ["reminded", "escalated"]


def test_it_keeps_the_limits_of_the_wording_that_a_ticket_was_opened_under(database: Database) -> None:
    ticket = leave(database)
    item = SCHOOL.catalogue.items["leave"]
    quicker = item.model_copy(update={"limits": item.limits.model_copy(update={"respond": "1h"})})
    school = replace(SCHOOL, catalogue=type(SCHOOL.catalogue)([quicker]))
    database.run(lambda session: SCHOOL.catalogue.record(session, START))
    database.run(lambda session: reckoning.start_anew(builders.turn_of(session, None, START, school=school)))
    assert recompute(database, school) == 1
    assert due(database, ticket) == at("2026-06-10 14:00")


def test_it_follows_a_priority_at_once(database: Database) -> None:
    item = SCHOOL.catalogue.items["leave"]
    data = item.limits.model_dump() | {"instead": [{"priority": "urgent", "respond": "1h", "remind": ["-30m"]}]}
    school = replace(
        SCHOOL, catalogue=type(SCHOOL.catalogue)([item.model_copy(update={"limits": type(item.limits)(**data)})])
    )
    database.run(lambda session: school.catalogue.record(session, START))
    ticket = leave(database, school=school)
    assert due(database, ticket) == at("2026-06-10 14:00")

    def press(session: Session) -> None:
        turn = builders.turn_of(session, "韩老师", START, school=school)
        found = tickets.get(turn, ticket)
        assert found is not None
        tickets.prioritise(turn, found, "紧急 家里急事")

    database.run(press)
    assert due(database, ticket) == at("2026-06-10 09:30")


def test_it_leaves_alone_what_has_ended_and_tells_of_what_it_cannot_reckon(database: Database) -> None:
    ended, broken, sound = (leave(database, number) for number in range(3))
    act(database, ended, "李雷", START, tickets.withdraw)
    database.run(lambda session: session.execute(update(Ticket).where(Ticket.id == broken).values(version="none")))
    with capture_logs() as logs:
        assert recompute(database, OFF) == 2
    assert [entry["event"] for entry in logs] == ["recompute_failed", "recomputed"]
    assert due(database, ended) is None
    assert due(database, sound) == at("2026-06-12 11:00")
    assert recompute(database, OFF) == 0


def test_it_knows_hours_again_in_another_process() -> None:
    clock = OFF.clock
    assert reckoning.fingerprint(clock) == reckoning.fingerprint(Clock(school_calendar(
        extra={date(2026, 6, 11): [], date(2026, 6, 10): []}
    )))  # fmt: skip
    others = [
        SCHOOL.clock,
        replace(clock, scale=0.5),
        replace(clock, quiet=(79200, 25200)),
        replace(clock, areas={"logistics": SCHOOL.clock.calendar}),
        Clock(school_calendar(seasons=[(date(2026, 7, 13), date(2026, 9, 6), {"mon": [("09:00", "11:00")]})])),
    ]
    assert len({reckoning.fingerprint(each) for each in (clock, *others)}) == 6


def test_it_keeps_its_place_small(database: Database) -> None:
    leave(database)
    recompute(database, OFF)
    row = database.read(lambda session: session.get(Meta, "clock"))
    assert row is not None
    rules = ruled.fingerprint(OFF.catalogue.items)
    assert bytes(row.value).decode() == f"{reckoning.fingerprint(OFF.clock)}.{rules}:done"
    assert len(row.value) < 48
