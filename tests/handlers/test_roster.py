"""The roster's promises: a second run changes nothing, nobody is deleted, and a wrong list is refused as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from handlers import directory, roster
from handlers.roster import Area, Counts, Member, School, Task, Watch
from handlers.texts import text
from models.db import Database, seal_of
from models.grid import Duty, Grid, Shift
from models.message import Refused
from models.person import Person
from models.seal import Seal

NOW = datetime(2026, 9, 10, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
LATER = NOW + timedelta(days=1)

AREAS = (
    Area("cs2301", "academic", "class", "计科2301", parent="cs"),  # A child may stand before its parent.
    Area("cs", "academic", "college", "计算机学院", "School of Computing", "school"),
    Area("school", "academic", "school", "松岚大学"),
    Area("cs2302", "academic", "class", "计科2302", parent="cs"),
    Area("e1", "residential", "building", "东园1号楼", parent="school"),
    Area("psych", "office", "office", "心理中心", parent="school"),
)
STUDENTS = tuple(
    Member(f"2023{place:02}", f"学生{place}", academic="cs2302", residential="e1", phone="") for place in range(3, 21)
)
MEMBERS = (
    Member("202301", "李雷", "Li Lei", academic="cs2301", residential="e1", phone="10000000001"),
    Member("202302", "韩梅梅", "Han Meimei", academic="cs2301", residential="", phone=""),
    *STUDENTS,
    Member("T1", "韩老师", kind="staff", academic="cs"),
    Member("T2", "周老师", kind="staff", academic="cs"),
    Member("T3", "王书记", kind="staff", academic="psych"),
)
DUTIES = (
    Task("T1", "cs2301", "counselor", from_on=date(2026, 9, 1)),
    Task("T2", "cs2302", "counselor"),
    Task("T3", "cs", "deputy-secretary", leads=True, from_on=date(2026, 9, 1), until_on=date(2027, 7, 1)),
)
SHIFTS = tuple(
    Watch("T1" if number % 2 else "T2", "cs", "duty", NOW + timedelta(hours=12 * number), NOW + timedelta(hours=12 * number + 12))
    for number in range(4)
)  # fmt: skip
SCHOOL = School(AREAS, MEMBERS, DUTIES, SHIFTS)
ALL = len(AREAS) + len(MEMBERS) + len(DUTIES) + len(SHIFTS)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, Seal(b"k" * 32))
    yield database
    database.close()


def load(database: Database, school: School, now: datetime = NOW, *, force: bool = False) -> Counts:
    return database.run(lambda session: roster.load(session, now, school, force=force))


def ask(database: Database, statement: Any) -> Any:
    return database.read(lambda session: session.execute(statement).scalar())


def counselor_of(database: Database, path: str, now: datetime = NOW) -> list[str]:
    return database.read(lambda session: [row.name for row in directory.holders(session, path, "counselor", now)])


def test_it_writes_a_school_and_a_second_run_changes_nothing(database: Database) -> None:
    assert load(database, SCHOOL) == Counts(added=ALL)
    assert load(database, SCHOOL) == Counts(unchanged=ALL)
    assert load(database, SCHOOL, LATER) == Counts(unchanged=ALL)
    assert ask(database, select(Grid.path).where(Grid.code == "cs2301")) == "/school/cs/cs2301/"
    assert counselor_of(database, "/school/cs/cs2301/") == ["韩老师"]
    assert database.read(directory.root_path) == "/school/"
    assert database.read(lambda session: directory.office_path(session, "psych")) == "/school/psych/"


def test_it_seals_phones_and_seals_them_anew_only_when_they_change(database: Database) -> None:
    load(database, SCHOOL)

    def phone(session: Any) -> tuple[bytes, str]:
        person = directory.by_number(session, "202301")
        assert person is not None
        assert person.phone is not None
        return person.phone, seal_of(session).open(f"person.phone:{person.id}", person.phone)

    before, said = database.read(phone)
    assert said == "10000000001"
    assert b"10000000001" not in before
    load(database, SCHOOL)
    assert database.read(phone)[0] == before
    changed = (replace(MEMBERS[0], phone="10000000002"), *MEMBERS[1:])
    assert load(database, replace(SCHOOL, members=changed)).changed == 1
    assert database.read(phone)[1] == "10000000002"
    untold = tuple(replace(member, phone=None) for member in MEMBERS)
    assert load(database, School(members=untold)).changed == 0


def test_it_lets_people_leave_but_deletes_nobody(database: Database) -> None:
    load(database, SCHOOL)
    assert load(database, replace(SCHOOL, members=MEMBERS[1:])) == Counts(unchanged=ALL - 1, left=1)
    assert load(database, replace(SCHOOL, members=MEMBERS[1:])) == Counts(unchanged=ALL - 1)
    assert ask(database, select(func.count()).select_from(Person)) == len(MEMBERS)
    assert ask(database, select(Person.active).where(Person.number == "202301")) is False
    assert load(database, SCHOOL).changed == 1
    assert ask(database, select(Person.active).where(Person.number == "202301")) is True


def test_it_brakes_when_more_than_a_tenth_would_leave(database: Database) -> None:
    load(database, SCHOOL)
    fewer = School(members=tuple(member for member in MEMBERS if member not in STUDENTS[:3]))
    with pytest.raises(Refused, match=r"roster\.brake_people") as refused:
        load(database, fewer)
    assert refused.value.values == {"left": 3, "all": 23}
    assert ask(database, select(func.count()).where(Person.active)) == len(MEMBERS)
    assert load(database, fewer, force=True).left == 3


def test_it_brakes_when_a_class_would_lose_its_counselor(database: Database) -> None:
    load(database, SCHOOL)
    for school in (School(duties=DUTIES[1:]), School(members=tuple(m for m in MEMBERS if m.number != "T1"))):
        with pytest.raises(Refused, match=r"roster\.brake_counselor") as refused:
            load(database, school)
        assert "计科2301" in text("zh", refused.value.key, **refused.value.values)
    assert counselor_of(database, "/school/cs/cs2301/") == ["韩老师"]
    load(database, School(duties=DUTIES[1:]), force=True)
    assert counselor_of(database, "/school/cs/cs2301/") == []
    load(database, School(duties=DUTIES), LATER)
    assert counselor_of(database, "/school/cs/cs2301/", LATER) == ["韩老师"]


def test_it_brakes_when_one_counselor_would_get_most_classes(database: Database) -> None:
    names = [f"c{number}" for number in range(8)]
    areas = (*AREAS, *(Area(name, "academic", "class", name, parent="cs") for name in names))
    students = tuple(Member(f"9{name}", name, academic=name) for name in names)
    shared = tuple(Task("T1" if name < "c4" else "T2", name, "counselor") for name in names)
    load(database, School(areas, (*MEMBERS, *students), (*DUTIES, *shared)))
    gathered = School(duties=(*DUTIES, *(replace(task, number="T1") for task in shared)))
    with pytest.raises(Refused, match=r"roster\.brake_one") as refused:
        load(database, gathered)
    assert "韩老师" in text("zh", refused.value.key, **refused.value.values)
    assert load(database, gathered, force=True).added == 4


def test_it_ends_duties_that_are_no_more_and_keeps_their_history(database: Database) -> None:
    load(database, SCHOOL)
    handed_over = School(duties=(replace(DUTIES[0], number="T2", from_on=None), *DUTIES[1:]))
    assert load(database, handed_over, LATER) == Counts(added=1, changed=1, unchanged=2)
    assert load(database, handed_over, LATER) == Counts(unchanged=3)
    assert counselor_of(database, "/school/cs/cs2301/", LATER) == ["周老师"]
    assert counselor_of(database, "/school/cs/cs2301/", NOW) == ["韩老师"]


def test_it_counts_the_last_day_of_a_duty_in_and_forgets_one_that_never_began(database: Database) -> None:
    coming = Task("T1", "psych", "officer", from_on=date(2026, 9, 20), until_on=date(2026, 9, 20))
    past = Task("T2", "psych", "officer", until_on=date(2026, 9, 1))
    assert load(database, replace(SCHOOL, duties=(*DUTIES, coming, past))).added == ALL + 1
    until_at = ask(database, select(Duty.until_at).where(Duty.role == "officer"))
    assert until_at == datetime(2026, 9, 20, 16, tzinfo=UTC)
    assert load(database, SCHOOL).changed == 1
    assert ask(database, select(func.count()).where(Duty.role == "officer")) == 0


def test_it_replaces_the_shifts_to_come_that_the_list_covers(database: Database) -> None:
    load(database, SCHOOL)
    swapped = (
        *SHIFTS[:1],
        replace(SHIFTS[1], number="T2"),
        replace(SHIFTS[2], ends_at=SHIFTS[2].ends_at - timedelta(hours=1)),
    )
    assert load(database, School(shifts=swapped)) == Counts(added=1, changed=2, unchanged=1)
    shifts = database.read(lambda session: list(session.scalars(select(Shift).order_by(Shift.starts_at))))
    assert [shift.starts_at for shift in shifts] == [watch.starts_at for watch in SHIFTS]
    assert load(database, School(shifts=swapped[2:]), LATER + timedelta(days=9)).changed == 0  # What is over stays.


WRONG = [
    (School(areas=(*AREAS, Area("x", "academic", "class", "x", parent="nowhere"))), "roster.unknown_area", "areas", 7),
    (School(areas=(Area("a", "academic", "x", "a", parent="b"), Area("b", "academic", "x", "b", parent="a"))), "roster.cycle", "areas", 1),
    (School(areas=(*AREAS, Area("other", "academic", "school", "other"))), "roster.second_root", "areas", 3),
    (School(areas=(*AREAS, AREAS[0])), "roster.twice", "areas", 7),
    (School(areas=(*AREAS, Area("f", "residential", "floor", "f", parent="cs"))), "roster.other_tree", "areas", 7),
    (School(areas=(*AREAS, Area("a/b", "office", "office", "x", parent="school"))), "roster.bad_value", "areas", 7),
    (School(areas=(*AREAS, Area("x", "field", "office", "x", parent="school"))), "roster.one_of", "areas", 7),
    (School(AREAS, (Member("1", "甲", academic="e1"),)), "roster.other_tree", "people", 1),
    (School(AREAS, (Member("1", "甲"), Member("1", "乙"))), "roster.twice", "people", 2),
    (School(AREAS, (Member("", "甲"),)), "roster.missing", "people", 1),
    (School(AREAS, (Member("1", ""),)), "roster.missing", "people", 1),
    (School(AREAS, (Member("1", "甲" * 81),)), "roster.too_long", "people", 1),
    (School(AREAS, (Member("1", "甲", phone="call me"),)), "roster.bad_phone", "people", 1),
    (School(AREAS, MEMBERS, (Task("nobody", "cs", "officer"),)), "roster.unknown_person", "duties", 1),
    (School(AREAS, MEMBERS, (Task("T1", "", "officer"),)), "roster.missing", "duties", 1),
    (School(AREAS, MEMBERS, (Task("T1", "cs", "officer", from_on=date(2026, 2, 1), until_on=date(2026, 1, 1)),)), "roster.backwards", "duties", 1),
    (School(AREAS, MEMBERS, (), (Watch("T1", "cs", "duty", NOW, NOW),)), "roster.backwards", "shifts", 1),
]  # fmt: skip


@pytest.mark.parametrize(("school", "key", "part", "row"), WRONG, ids=[f"{case[1]}-{case[2]}" for case in WRONG])
def test_it_refuses_what_does_not_fit_and_says_where(
    school: School, key: str, part: str, row: int, sqlite_url: str
) -> None:
    database = Database(sqlite_url, Seal(b"k" * 32))
    try:
        with pytest.raises(Refused) as refused:
            load(database, school)
        assert (refused.value.key, refused.value.values["part"], refused.value.values["row"]) == (key, part, row)
        assert text("zh", key, **refused.value.values)
        assert text("en", key, **refused.value.values)
        assert ask(database, select(func.count()).select_from(Grid)) == 0
    finally:
        database.close()


def test_it_never_moves_an_area(database: Database) -> None:
    load(database, SCHOOL)
    with pytest.raises(Refused, match=r"roster\.moved"):
        load(database, School(areas=(replace(AREAS[0], parent="school"), *AREAS[1:])))
    renamed = (replace(AREAS[0], name="计算机2301"), *AREAS[1:])
    assert load(database, School(areas=renamed)) == Counts(changed=1, unchanged=len(AREAS) - 1)


def test_it_adds_a_class_to_the_areas_that_are_there(database: Database) -> None:
    load(database, SCHOOL)
    assert load(database, School(areas=(Area("cs2303", "academic", "class", "计科2303", parent="cs"),))).added == 1
    assert ask(database, select(Grid.path).where(Grid.code == "cs2303")) == "/school/cs/cs2303/"
