"""The invented school: everybody in it has somebody who answers, at every hour, and it is written once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot import demo
from handlers import directory, roster
from handlers.roster import Counts
from models.db import Database
from models.grid import Grid, Shift
from models.person import Person
from models.seal import Seal

TODAY = date(2026, 9, 10)
NOW = datetime(2026, 9, 9, 19, 0, tzinfo=UTC)  # 03:00 of that day in Shanghai
SCHOOL = demo.school(TODAY)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, Seal(b"k" * 32))
    yield database
    database.close()


def test_it_has_a_sound_roster() -> None:
    assert roster.check(SCHOOL, roster.Known(None, None)) == []
    students = [member for member in SCHOOL.members if member.kind == "student"]
    assert len(students) == 300
    assert len({member.name for member in SCHOOL.members}) == len(SCHOOL.members)
    assert len({member.name_en for member in SCHOOL.members}) == len(SCHOOL.members)
    places = {area.code: area.level for area in SCHOOL.areas}
    assert {places[member.academic or ""] for member in students} == {"class"}
    assert {places[member.residential or ""] for member in students} == {"floor"}
    assert len({member.residential for member in students}) == 16


def test_it_knows_the_people_of_the_entry_page() -> None:
    people = {member.number: member for member in SCHOOL.members}
    for lang in ("zh", "en"):
        faces = demo.demo_people(lang)
        assert {people[face.number].kind for face in faces.students} == {"student"}
        assert {people[face.number].kind for face in faces.staff} == {"staff"}
        assert all(face.line for face in (*faces.students, *faces.staff))
    names = [face.name for face in (*demo.demo_people("zh").students, *demo.demo_people("zh").staff)]
    assert names[:4] == ["李雷", "韩梅梅", "欧阳㛃", "古丽娜尔·艾山"]
    # Whoever may get a visitor's wish can be chosen, so that it can be answered on the page.
    answering = {task.number for task in SCHOOL.duties if task.role in ("counselor", "deputy-secretary", "officer")}
    asked = {
        people[number].name
        for number in answering
        if people[number].academic in ("cs", "civil", "letters", "medicine", "youth-league", "logistics")
    }
    assert asked <= set(names)
    assert {"林老师", "许老师", "曹师傅", "刘书记"} <= asked
    assert [face.name for face in demo.demo_people("en").students[:2]] == ["Li Lei", "Han Meimei"]


def test_it_is_written_once(database: Database) -> None:
    entries = len(SCHOOL.areas) + len(SCHOOL.members) + len(SCHOOL.duties) + len(SCHOOL.shifts)
    assert demo.fill(database, NOW) == Counts(added=entries)
    assert demo.fill(database, NOW) == Counts()
    assert database.run(lambda session: roster.load(session, NOW, SCHOOL)) == Counts(unchanged=entries)


def test_it_answers_for_everybody_at_every_hour(database: Database) -> None:
    demo.fill(database, NOW)

    def look(session: roster.Session) -> None:
        def who(path: str, role: str) -> set[str]:
            return {person.name for person in directory.holders(session, path, role, NOW)}

        for path in session.scalars(select(Grid.path).where(Grid.level == "class")):
            assert len(who(path, "counselor")) == 1
            assert len(who(path, "deputy-secretary")) == 1
            for hours in range(0, 59 * 24, 12):
                assert len(directory.on_duty(session, path, NOW + timedelta(hours=hours), "duty")) == 1
        for path in session.scalars(select(Grid.path).where(Grid.level == "floor")):
            assert len(who(path, "keeper")) == 1
        for path in session.scalars(select(Grid.path).where(Grid.tree != "residential")):
            assert directory.leads(session, path, NOW)[-1].name == "高处长"
        li_lei = directory.by_number(session, "2023010101")
        assert li_lei is not None
        assert li_lei.name == "李雷"
        assert who(li_lei.academic_path or "", "counselor") == {"韩老师"}
        assert [person.name for person in directory.leads(session, li_lei.academic_path or "", NOW)] == [
            "王书记",
            "高处长",
        ]
        for office in ("youth-league", "logistics", "student-affairs"):
            assert len(who(directory.office_path(session, office) or "", "officer")) == 2
        psych = directory.office_path(session, "psych") or ""
        assert len(who(psych, "psych-duty")) == 2
        assert len(directory.on_duty(session, psych, NOW, "psych-duty")) == 1

    database.read(look)


def test_it_makes_new_shifts_before_the_old_ones_run_out(database: Database) -> None:
    assert database.run(lambda session: demo.top_up(session, NOW)) == Counts()  # No school, no shifts.
    demo.fill(database, NOW)
    assert database.run(lambda session: demo.top_up(session, NOW + timedelta(days=40))) == Counts()
    late = NOW + timedelta(days=50)
    assert database.run(lambda session: demo.top_up(session, late)).added > 400
    assert database.run(lambda session: demo.top_up(session, late)) == Counts()
    spans = database.read(
        lambda session: session.execute(select(func.min(Shift.starts_at), func.max(Shift.ends_at))).one()
    )
    assert (spans[1] - spans[0]).days >= 110


def test_it_comes_back_whole_after_a_start_that_was_cut_off(database: Database) -> None:
    people = roster.School(SCHOOL.areas, SCHOOL.members, SCHOOL.duties)
    database.run(lambda session: roster.load(session, NOW, people))
    assert demo.fill(database, NOW) == Counts(added=len(SCHOOL.shifts))
    assert database.read(lambda session: session.execute(select(func.count()).select_from(Person)).scalar()) == 334


def test_it_offers_the_psychologist_who_is_on_duty(database: Database) -> None:
    demo.fill(database, NOW)
    offered = {face.name for face in demo.demo_people("zh").staff}

    def look(session: roster.Session) -> None:
        psych = directory.office_path(session, "psych") or ""
        for hours in range(0, 59 * 24, 12):
            (on_duty,) = directory.on_duty(session, psych, NOW + timedelta(hours=hours), "psych-duty")
            assert on_duty.name in offered

    database.read(look)
