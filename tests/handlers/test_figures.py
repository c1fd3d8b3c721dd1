"""The figures: what is counted is what is listed, against a count by hand; rates, lengths, drill-down, the weekly message."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from handlers import figures, reports, tally, tickets
from handlers.figures import Asked, Rate, below, home, share
from handlers.turn import Turn
from handlers.views import figures as page
from models.db import Database
from models.message import Refused, unpack
from models.meta import Meta
from models.outbox import Outbox
from models.score import Score
from models.ticket import Event, Ticket
from tests.builders import START, at, leave_answers, make_school, own_catalogue, person_of, turn_of

HOUR = timedelta(hours=1)
JUNE = Asked(date(2026, 6, 1), date(2026, 6, 30))


def count_up(database: Database, now: datetime = START + 90 * 24 * HOUR) -> None:
    while database.run(lambda session: tally.tally(turn_of(session, None, now))):
        pass


def ask(database: Database, slug: str = "consult", name: str = "李雷", now: datetime = START) -> str:
    answers: dict[str, Any] = {
        "consult": {"words": "问一下"},
        "leave": leave_answers(),
        "dorm-repair": {"kind": "other", "place": "梅园3栋402", "what": "空调"},
    }[slug]
    item = own_catalogue().items[slug]
    return database.run(lambda session: tickets.open_ticket(turn_of(session, name, now), item, answers).number)


def do(database: Database, name: str, number: str, verb: Any, *words: str, now: datetime = START) -> None:
    def unit(session: Any) -> None:
        turn = turn_of(session, name, now)
        ticket = tickets.by_number(turn, number)
        assert ticket is not None
        verb(turn, ticket, *words)

    database.run(unit)


def reader(session: Any, name: str, now: datetime = START) -> Turn:
    """A turn of somebody who only looks."""
    return Turn(session, make_school(), now, now, None, person_of(session, name))


def look(database: Database, name: str, asked: Asked = JUNE, now: datetime = START) -> figures.Figures:
    return database.read(lambda session: figures.figures(reader(session, name, now), asked))


def listed(database: Database, name: str, figure: str, asked: Asked = JUNE, now: datetime = START) -> list[str]:
    def unit(session: Any) -> list[str]:
        turn, found, after = reader(session, name, now), [], ""
        while True:
            ids, more = figures.behind(turn, asked, figure, after, 7)
            found += ids
            if not more:
                return found
            after = ids[-1]

    return database.read(unit)


def test_it_counts_what_was_answered_in_time_and_late_and_not_at_all(database: Database) -> None:
    prompt, late, silent, gone, fresh = (ask(database) for _ in range(5))
    do(database, "韩老师", prompt, tickets.reply, "好的", now=START + HOUR)
    do(database, "李雷", gone, tickets.withdraw, now=START + HOUR)
    do(database, "韩老师", late, tickets.reply, "来晚了", now=START + 10 * 24 * HOUR)
    later = START + 10 * 24 * HOUR + HOUR
    fresh = ask(database, now=later)
    do(database, "李雷", prompt, tickets.confirm, now=later)
    do(database, "李雷", late, tickets.reopen, "没用", now=later)
    count_up(database)
    sums = look(database, "王书记", now=later).total
    assert sums.counts == {
        **dict.fromkeys(figures.conditions(database.read(lambda session: reader(session, "王书记"))), 0),
        "opened": 6, "answered": 1, "answered_late": 1, "overdue": 2, "waiting": 1, "taken_back": 1, "reopened": 1,
        "helped": 1, "unhelped": 1, "unrated": 2, "decided": 1, "undecided": 2,
    }  # fmt: skip
    assert (sums.answering.part, sums.answering.whole, sums.answering.percent) == (1, 4, None)
    numbers = {
        name: database.read(
            lambda session, name=name: [  # type: ignore[misc]
                session.get(Ticket, each).number for each in listed(database, "王书记", name, now=later)
            ]
        )
        for name in ("answered", "answered_late", "taken_back", "waiting")
    }
    assert numbers == {"answered": [prompt], "answered_late": [late], "taken_back": [gone], "waiting": [fresh]}
    assert silent


def test_it_lists_exactly_as_many_as_it_counts_whoever_asks(database: Database) -> None:
    chance = random.Random(7)
    now = START
    verbs = (tickets.take, tickets.reply, tickets.resolve, tickets.sign, tickets.refuse, tickets.ask)
    for _ in range(60):
        now += timedelta(minutes=chance.randrange(10, 400))
        who = chance.choice(("李雷", "韩梅梅", "林涛"))
        try:
            number = ask(database, chance.choice(("consult", "leave", "dorm-repair")), who, now)
        except Refused:
            continue
        for _ in range(chance.randrange(4)):
            now += timedelta(minutes=chance.randrange(1, 900))
            name = chance.choice(("韩老师", "方老师", "后勤老师", "王书记"))
            try:
                do(database, name, number, chance.choice(verbs), "好", now=now)
            except Refused:
                continue
    count_up(database, now)
    assert database.read(lambda session: session.execute(select(func.count(Score.ticket_id))).scalar_one()) > 20
    for name in ("学工部长", "王书记", "韩老师", "后勤老师", "方老师"):
        found = look(database, name, now=now)
        for figure, count in found.total.counts.items():
            assert len(listed(database, name, figure, now=now)) == count, (name, figure)
        parts = [found.total[each] for each in page.SHARES]
        assert sum(parts) == found.total["opened"]
        for group in (found.by_area, found.by_item):
            assert sum(each["opened"] for each in group.values()) == found.total["opened"]
        for path, sums in found.by_area.items():
            inside = look(database, name, Asked(JUNE.since, JUNE.until, path), now)
            assert inside.total.counts == sums.counts
        drawn = database.read(lambda session, name=name: page.page(reader(session, name, now), JUNE))  # type: ignore[misc]
        assert sum(column.sums["opened"] for column in drawn.trend) == found.total["opened"]
    assert look(database, "李雷", now=now).total["opened"] <= 60


def test_it_counts_each_event_once_however_often_and_by_whomever_it_is_asked(database: Database) -> None:
    numbers = [ask(database, now=START + each * HOUR) for each in range(3)]
    count_up(database)
    before = database.read(lambda session: session.execute(select(Score.ticket_id, Score.rev)).all())
    count_up(database)
    assert sorted(database.read(lambda session: session.execute(select(Score.ticket_id, Score.rev)).all())) == sorted(
        before
    )
    do(database, "韩老师", numbers[0], tickets.reply, "好", now=START + 4 * HOUR)
    count_up(database)
    assert look(database, "韩老师", now=START + 5 * HOUR).total["answered"] == 1
    # A unit that ended late brought an event of an older number: it is within the lag, and is found.
    database.run(lambda session: tally.start_over(turn_of(session, None)))
    count_up(database)
    assert look(database, "韩老师", now=START + 5 * HOUR).total["answered"] == 1


def test_it_finds_an_event_that_came_late_into_the_past(database: Database) -> None:
    first = ask(database, now=START)
    count_up(database, START + timedelta(seconds=30))
    cursor = database.read(lambda session: bytes(session.get_one(Meta, tally.CURSOR).value).decode())
    newest = database.read(lambda session: session.execute(select(func.max(Event.id))).scalar_one())
    assert cursor < newest, "it must look at the last minute again"
    do(database, "韩老师", first, tickets.reply, "好", now=START + timedelta(seconds=5))
    count_up(database, START + timedelta(seconds=40))
    assert look(database, "韩老师").total["answered"] == 1


def test_it_measures_the_first_answer_in_working_time(database: Database) -> None:
    # Wednesday 17:00 to Thursday 9:00 is an hour of work or two, whatever the night was.
    for each in range(6):
        number = ask(database, now=at("2026-06-10 17:00"))
        do(database, "韩老师", number, tickets.reply, "好", now=at("2026-06-11 09:00") + each * timedelta(minutes=10))
    count_up(database)
    found = look(database, "韩老师", now=at("2026-06-12 09:00"))
    assert found.median is not None
    assert found.p90 is not None
    assert 0 < found.median <= 2.5 * 3600
    assert found.median <= found.p90


@pytest.mark.parametrize(("part", "whole", "percent"), [(4, 4, None), (0, 0, None), (5, 5, 100.0), (1, 8, 12.5)])
def test_it_says_no_percentage_of_fewer_than_five(part: int, whole: int, percent: float | None) -> None:
    assert Rate(part, whole).percent == percent
    assert figures.percent(Rate(part, whole)) == ("—" if percent is None else f"{percent}%")


def test_it_takes_the_nearest_rank() -> None:
    assert share([1, 2, 3, 4], 0.5) is None
    assert [share(list(range(1, 11)), part) for part in (0.5, 0.9, 1.0)] == [5, 9, 10]
    assert share([3] * 5, 0.9) == 3


def test_it_groups_by_the_area_right_below_the_one_asked_about() -> None:
    assert below("", "/sl/cs/") == "/sl/"
    assert below("/sl/", "/sl/cs/cs2301/") == "/sl/cs/"
    assert below("/sl/cs/cs2301/", "/sl/cs/cs2301/") == "/sl/cs/cs2301/"
    assert home(["/sl/cs/cs2301/", "/sl/cs/cs2302/"]) == "/sl/cs/"
    assert home([]) == ""


def test_it_tells_each_leader_on_monday_once(database: Database) -> None:
    for each in range(6):
        number = ask(database, now=START + each * HOUR)
        do(database, "韩老师", number, tickets.reply, "好", now=START + (each + 1) * HOUR)
    for each in range(2):
        ask(database, "dorm-repair", now=START + each * HOUR)
    count_up(database)

    def write(now: datetime) -> int:
        return database.run(lambda session: reports.report(turn_of(session, None, now)))

    monday = at("2026-06-15 08:00")
    assert write(monday - timedelta(minutes=1)) == 0
    count = write(monday)
    assert count > 0
    assert write(monday) == write(monday + 3 * HOUR) == 0
    assert write(at("2026-06-16 09:00")) == 0

    def words(session: Any) -> list[str]:
        rows = session.execute(select(Outbox).where(Outbox.dedupe_key.startswith("weekly:"))).scalars()
        seal = session.info["seal"]
        return [unpack(seal.open(f"outbox.body:{row.id}", row.body))[0].text for row in rows]

    said = database.read(words)
    assert len(said) == count
    mine = next(each for each in said if "计算机学院" in each)
    assert "提交 6 件" in mine
    assert "100.0%" in mine
    assert any("没有新的工单" in each for each in said)
    # What his students asked of other offices is no figure of his, and is said to be there.
    assert [each for each in said if "另有 2 件" in each] == [mine]


def test_it_reads_the_last_thirty_days_of_ones_own_area_where_nothing_is_named(database: Database) -> None:
    def read(name: str, **values: str) -> Asked:
        return database.read(lambda session: page.ask(reader(session, name), values))

    assert read("韩老师") == Asked(date(2026, 5, 12), date(2026, 6, 10), "/sl/cs/cs2301/")
    turned = read("王书记", since="2026-06-09", until="2026-06-01")
    assert (turned.since, turned.until) == (date(2026, 6, 1), date(2026, 6, 9))
    assert read("王书记", since="x", until="2999-01-01", item="' or 1", area="../").until == date(2026, 6, 10)
    assert read("学工部长", area="/sl/cs/", item="leave") == Asked(
        date(2026, 5, 12), date(2026, 6, 10), "/sl/cs/", "leave"
    )


def test_it_shows_no_one_more_than_access_lets_him_see(database: Database) -> None:
    ask(database, "consult", "李雷")
    ask(database, "consult", "林涛")
    count_up(database)
    assert look(database, "方老师").total["opened"] == 1
    assert look(database, "方老师", Asked(JUNE.since, JUNE.until, "/sl/cs/")).total["opened"] == 0
    assert look(database, "学工部长").total["opened"] == 2


def test_it_is_turned_by_whoever_looks_only(database: Database) -> None:
    number = ask(database)
    count_up(database)

    def turn(session: Any) -> Turn:
        return reader(session, "王书记")

    shown = database.read(lambda session: page.behind(turn(session), JUNE, "opened"))
    assert shown is not None
    assert [row.number for row in shown.rows] == [number]
    assert database.read(lambda session: page.behind(turn(session), JUNE, "nonsense")) is None
