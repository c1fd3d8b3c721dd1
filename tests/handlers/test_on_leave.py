"""Who is away: by day, area and tree, who is overdue, what a course teacher and a dormitory keeper see, and what they do not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from handlers import access, tickets, who_is_away
from handlers.turn import Turn
from handlers.views import away_day, on_leave
from handlers.views.inbox_reach import of
from models.base import new_id
from models.db import Database
from models.grid import Grid
from models.message import Reply
from models.ticket import Ticket
from tests import builders
from tests.builders import START, Role, at, leave_answers, make_school, own_catalogue, person_of, turn_of


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url, builders.new_seal())

    def fill(session: Any) -> None:
        builders.settle(session)
        for level, path, name in (("community", "/sl/my/", "梅园"), ("building", "/sl/my/m3/", "梅园3栋")):
            code = path.strip("/").rpartition("/")[2]
            session.add(Grid(id=new_id(START), tree="residential", level=level, code=code, name=name, path=path))
        session.flush()
        for name in ("李雷", "韩梅梅"):
            person_of(session, name).residential_path = "/sl/my/m3/"
        for number, name, path, role in (
            ("T020", "高数老师", "/sl/cs/cs2301/", "teacher"), ("T021", "楼长", "/sl/my/m3/", "keeper"),
        ):  # fmt: skip
            person = builders.add_person(session, Role(number, name, name))
            builders.add_duty(session, person, path, role, from_at=START - timedelta(days=1))

    made.run(fill)
    yield made
    made.close()


def leave(database: Database, name: str, start: str, end: str, *, signed: bool = True, off_campus: str = "yes") -> str:
    def unit(session: Any) -> str:
        item = own_catalogue().items["leave"]
        answers = leave_answers(start, end, 1) | {"off_campus": off_campus}
        ticket = tickets.open_ticket(turn_of(session, name), item, answers)
        by = "方老师" if name == "林涛" else "韩老师"
        if signed:
            tickets.sign(turn_of(session, by), ticket)
        return ticket.number

    return database.run(unit)


def back(database: Database, number: str, name: str, now: datetime) -> None:
    def unit(session: Any) -> None:
        turn = turn_of(session, name, now)
        ticket = tickets.by_number(turn, number)
        assert ticket is not None
        tickets.come_back(turn, ticket)

    database.run(unit)


def look(
    database: Database, name: str, on: date, tree: str = "academic", area: str = "", now: datetime = START
) -> on_leave.Page:
    def unit(session: Any) -> on_leave.Page:
        turn = Turn(session, make_school(), now, now, None, person_of(session, name))
        return on_leave.away(turn, on, tree, area)

    return database.read(unit)


def said(page: on_leave.Page) -> list[tuple[str, str]]:
    return [(row.leave.person, row.status) for row in page.rows]


def test_it_shows_who_leaves_is_away_comes_back_and_is_overdue(database: Database) -> None:
    number = leave(database, "李雷", "2026-06-11 14:00", "2026-06-13 22:00")
    leave(database, "韩梅梅", "2026-06-13 08:00", "2026-06-13 18:00", signed=False)
    assert said(look(database, "韩老师", date(2026, 6, 10))) == []
    assert said(look(database, "韩老师", date(2026, 6, 11))) == [("李雷", "leaving")]
    assert said(look(database, "韩老师", date(2026, 6, 12))) == [("李雷", "away")]
    assert said(look(database, "韩老师", date(2026, 6, 13))) == [("李雷", "returning")]
    assert said(look(database, "韩老师", date(2026, 6, 14))) == []
    late = at("2026-06-15 09:00")
    assert said(look(database, "韩老师", date(2026, 6, 15), now=late)) == [("李雷", "overdue")]
    back(database, number, "李雷", late)
    assert said(look(database, "韩老师", date(2026, 6, 15), now=late)) == [("李雷", "returned")]
    assert said(look(database, "韩老师", date(2026, 6, 16), now=late)) == []
    assert said(look(database, "韩老师", date(2026, 6, 14), now=late)) == [("李雷", "away")]


def test_it_counts_whoever_has_left_by_now_as_away(database: Database) -> None:
    leave(database, "李雷", "2026-06-11 18:00", "2026-06-13 22:00")
    for now, away in (("17:00", 0), ("23:14", 1)):
        page = look(database, "韩老师", date(2026, 6, 11), now=at(f"2026-06-11 {now}"))
        figures = [page.counts[state] for state in ("leaving", "away", "now", "later")]
        assert figures == [1, 1, away, 1 - away]
    past = look(database, "韩老师", date(2026, 6, 11), now=at("2026-06-12 09:00"))
    assert (past.counts["leaving"], past.counts["away"]) == (1, 1), (
        "everybody who was away that day, as in the calendar"
    )


def test_it_says_of_a_leave_of_one_day_that_it_begins_and_ends(database: Database) -> None:
    leave(database, "李雷", "2026-06-12 00:00", "2026-06-13 00:00")
    leave(database, "韩梅梅", "2026-06-12 08:00", "2026-06-12 18:00", off_campus="no")
    page = look(database, "韩老师", date(2026, 6, 12))
    assert {row.leave.person: (row.states, row.said) for row in page.rows} == {
        "李雷": (("leaving", "returning"), "当天往返"), "韩梅梅": (("leaving", "returning"), "当天请假，在校"),
    }  # fmt: skip
    assert {state: page.counts[state] for state in away_day.STATES} == {
        "overdue": 0, "leaving": 1, "away": 1, "now": 0, "later": 0, "returning": 1, "returned": 0, "here": 1,
    }  # fmt: skip
    for now, day, late in (("2026-06-12 12:00", 12, 0), ("2026-06-13 09:00", 13, 2)):
        seen = look(database, "韩老师", date(2026, 6, day), now=at(now))
        assert seen.counts["away"] == dict(seen.month)[seen.on] == 1, "who is on campus is not away, and who is late is"
        assert seen.counts["overdue"] == late

    def ask(session: Any) -> list[str]:
        turn = turn_of(session, "韩老师", at("2026-06-12 09:00"))
        return [
            reply.text
            for words in ("今天谁回来", "今天谁走", "今天谁请假")
            for reply in who_is_away.hear(turn, words) or ()
        ]

    returning, leaving, away = database.run(ask)
    assert "到期要回来的学生：2 人" in returning
    assert "开始请假的学生：2 人" in leaving
    assert away.startswith("今天请假不在的学生：1 人\n另有 1 人请假在校。")


def hear(database: Database, words: str, now: str) -> str:
    def unit(session: Any) -> str:
        return "".join(reply.text for reply in who_is_away.hear(turn_of(session, "韩老师", at(now)), words) or ())

    return database.run(unit)


def test_it_counts_people_and_a_leave_on_campus_on_its_own_days_alone(database: Database) -> None:
    for start, end in (("08:00", "09:40"), ("10:00", "11:40"), ("14:00", "15:40")):
        leave(database, "李雷", f"2026-06-12 {start}", f"2026-06-12 {end}", off_campus="no")
    leave(database, "韩梅梅", "2026-06-12 08:00", "2026-06-12 09:40", off_campus="no")
    for now in ("2026-06-12 07:00", "2026-06-12 20:00"):
        page = look(database, "韩老师", date(2026, 6, 12), now=at(now))
        assert (len(page.rows), page.counts["here"], page.counts["away"]) == (4, 2, 0)
        assert "另有 2 人请假在校" in hear(database, "今天谁请假", now)
    # Nobody signed back in: that is owed, and nobody is on leave any more.
    late = "2026-06-16 09:00"
    page = look(database, "韩老师", date(2026, 6, 16), now=at(late))
    assert (page.counts["here"], page.counts["overdue"], page.counts["away"]) == (0, 2, 0)
    assert look(database, "韩老师", date(2026, 6, 14), now=at(late)).rows == ()
    asked = hear(database, "今天谁请假", late)
    assert "请假在校。" not in asked
    assert "还有 2 人请的是在校的假" in asked
    assert "李雷" not in asked
    missing = hear(database, "谁还没销假", late)
    assert "到时间还没销假的学生：2 人" in missing
    assert missing.count("李雷") == 3, "each leave that is owed has a line"


def test_it_has_figures_that_add_up(database: Database) -> None:
    one = leave(database, "李雷", "2026-06-12 08:00", "2026-06-12 18:00")
    leave(database, "韩梅梅", "2026-06-12 08:00", "2026-06-13 18:00")
    leave(database, "林涛", "2026-06-12 20:00", "2026-06-13 18:00")
    noon = at("2026-06-12 12:00")
    back(database, one, "李雷", noon)
    page = look(database, "学工部长", date(2026, 6, 12), now=noon)
    assert {state: page.counts[state] for state in away_day.STATES} == {
        "away": 3, "now": 1, "returned": 1, "later": 1, "leaving": 3, "returning": 1, "here": 0, "overdue": 0,
    }  # fmt: skip
    assert dict(page.month)[page.on] == page.counts["away"] == len(page.rows)
    assert sum(group.count for group in page.groups) == 3
    assert "开始请假的学生：2 人" in hear(database, "今天谁走", "2026-06-12 12:00"), "though one is back already"


def test_it_ends_a_whole_day_on_that_day(database: Database) -> None:
    leave(database, "李雷", "2026-06-11 00:00", "2026-06-13 00:00")
    assert said(look(database, "韩老师", date(2026, 6, 12))) == [("李雷", "returning")]
    assert said(look(database, "韩老师", date(2026, 6, 13))) == []


def test_it_counts_by_area_and_by_day_what_it_lists(database: Database) -> None:
    for name, start, end in (
        ("李雷", "2026-06-11 08:00", "2026-06-12 18:00"), ("韩梅梅", "2026-06-12 08:00", "2026-06-14 18:00"),
        ("林涛", "2026-06-12 08:00", "2026-06-12 12:00"),
    ):  # fmt: skip
        leave(database, name, start, end)
    page = look(database, "学工部长", date(2026, 6, 12))
    assert [(group.path, group.count) for group in page.groups] == [("/sl/cs/", 2), ("/sl/wl/", 1)]
    assert sum(group.count for group in page.groups) == len(page.rows) == 3
    for day, count in page.month:
        assert count == len(look(database, "学工部长", day).rows), day
    inside = look(database, "学工部长", date(2026, 6, 12), area="/sl/cs/")
    assert [(group.path, group.count) for group in inside.groups] == [("/sl/cs/cs2301/", 2)]
    home = look(database, "学工部长", date(2026, 6, 12), "residential")
    assert {group.path for group in home.groups} == {"/sl/my/"}
    assert page.counts["away"] == dict(page.month)[page.on] == 3


@pytest.mark.parametrize("name", ["高数老师", "楼长"])
def test_it_tells_teachers_and_keepers_who_is_away_and_nothing_more(database: Database, name: str) -> None:
    number = leave(database, "李雷", "2026-06-11 14:00", "2026-06-13 22:00")
    leave(database, "林涛", "2026-06-11 14:00", "2026-06-13 22:00")
    page = look(database, name, date(2026, 6, 12))
    assert said(page) == [("李雷", "away")]
    assert (page.rows[0].leave.kind, page.rows[0].leave.opens) == ("", False)
    # Where somebody lives is for whoever keeps the house; a teacher does not learn it by asking for a house, either.
    house = look(database, name, date(2026, 6, 12), "residential", "/sl/my/m3/")
    lives = "" if name == "高数老师" else "梅园3栋"
    assert (page.rows[0].dormitory, len(house.rows)) == (lives, bool(lives))
    # Whoever keeps a building asks by building, unless the other tree is chosen.
    assert look(database, name, date(2026, 6, 12), "").tree == ("academic" if name == "高数老师" else "residential")

    def may(session: Any) -> tuple[bool, int]:
        turn = Turn(session, make_school(), START, START, None, person_of(session, name))
        ticket = session.query(Ticket).filter_by(number=number).one()
        assert turn.person is not None
        seen = session.query(Ticket).filter(access.visible(session, turn.person, START)).count()
        return access.may_act(session, turn.person, ticket, START), seen + (
            len(of(turn).duties) if name == "高数老师" else 0
        )

    assert database.read(may) == (False, 0)


def test_it_shows_the_kind_to_whoever_may_open_the_ticket(database: Database) -> None:
    leave(database, "李雷", "2026-06-11 14:00", "2026-06-13 22:00")
    (row,) = look(database, "韩老师", date(2026, 6, 12)).rows
    assert (row.leave.kind, row.leave.opens, row.place, row.dormitory) == ("病假", True, "计科2301", "梅园3栋")
    assert look(database, "方老师", date(2026, 6, 12)).rows == ()
    assert look(database, "李雷", date(2026, 6, 12)).rows == ()


@pytest.mark.parametrize(("campus", "word"), [("no", "请假在校"), ("yes", "不在校")])
def test_it_says_who_is_on_leave_and_stays_on_campus(database: Database, campus: str, word: str) -> None:
    def unit(session: Any) -> None:
        answers = leave_answers("2026-06-11 00:00", "2026-06-14 00:00", 3) | {"off_campus": campus}
        ticket = tickets.open_ticket(turn_of(session, "李雷"), own_catalogue().items["leave"], answers)
        tickets.sign(turn_of(session, "韩老师"), ticket)

    database.run(unit)
    assert [row.said for row in look(database, "韩老师", date(2026, 6, 12)).rows] == [word]
    first = look(database, "韩老师", date(2026, 6, 11)).rows[0].said
    assert ("在校" in first) is (campus == "no")


@pytest.mark.parametrize(("name", "presses"), [("高数老师", False), ("韩老师", True)])
def test_it_asks_nobody_to_press_what_is_not_there(database: Database, name: str, presses: bool) -> None:
    """A course teacher reads who is late and may not book it: the sentence does not ask for it, either."""
    leave(database, "李雷", "2026-06-11 14:00", "2026-06-13 22:00")

    def ask(session: Any) -> tuple[Reply, ...] | None:
        late = at("2026-06-14 10:00")
        return who_is_away.hear(Turn(session, make_school(), late, late, None, person_of(session, name)), "谁没回来")

    (reply,) = database.read(ask) or ()
    assert "1 人" in reply.text
    assert ("请点一下" in reply.text, "只能看" in reply.text) == (presses, not presses)
    assert any("已回" in choice.label for choice in reply.choices) is presses
