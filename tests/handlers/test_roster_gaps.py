"""What the roster leaves open: offices and roles that nobody holds, areas without anybody, duty rosters at their end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot import demo
from handlers import catalogue, roster
from handlers.roster import School, Task, Watch
from handlers.roster_gaps import Gap, find_gaps
from handlers.texts import text
from models.db import Database
from models.grid import Shift
from models.item import Item
from models.seal import Seal

NOW = datetime(2026, 9, 10, 1, 0, tzinfo=UTC)
ITEMS = tuple(catalogue.load().items.values())
# Of these the sentences are named one by one below; whatever item comes later must suit the invented school all the same.
FIRST = tuple(item for item in ITEMS if item.slug in {"consult", "crisis", "dorm-repair", "leave", "youth-mailbox"})
SCHOOL = demo.school(date(2026, 9, 10))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, Seal(b"k" * 32))
    yield database
    database.close()


def gaps(database: Database, now: datetime = NOW, items: tuple[Item, ...] = FIRST) -> dict[str, str]:
    """Which sentence is said about which place."""
    found = database.read(lambda session: find_gaps(session, items, now, "zh"))
    assert all(gap.what(lang) and gap.remedy(lang) for gap in found for lang in ("zh", "en"))
    return {gap.where: gap.key for gap in found}


def load(database: Database, *without: str, areas: bool = True) -> None:
    """The invented school without the duties of some roles; without offices where these are not wanted."""
    kept = tuple(area for area in SCHOOL.areas if areas or area.tree != "office")
    codes = {area.code for area in kept}
    members = tuple(member for member in SCHOOL.members if member.academic in codes)
    numbers = {member.number for member in members}
    duties = tuple(
        task for task in SCHOOL.duties if task.role not in without and task.area in codes and task.number in numbers
    )
    shifts = tuple(watch for watch in SCHOOL.shifts if watch.area in codes)
    database.run(lambda session: roster.load(session, NOW, School(kept, members, duties, shifts)))


def test_it_is_content_with_the_invented_school(database: Database) -> None:
    load(database)
    assert gaps(database, items=ITEMS) == {}


def test_it_names_what_an_empty_roster_lacks(database: Database) -> None:
    assert gaps(database) == {
        "consult.answers_by": "answers_nobody",
        "crisis.office": "office",
        "dorm-repair.office": "office",
        "leave.answers_by": "answers_nobody",
        "leave.approval": "signs_nobody",
        "youth-mailbox.office": "office",
    }


def test_it_names_a_role_that_nobody_holds(database: Database) -> None:
    load(database, "deputy-secretary", "officer")
    assert gaps(database) == {
        "dorm-repair.answers_by": "office_role",
        "dorm-repair.route": "office_role",
        "leave.approval": "signs_nobody",
        "youth-mailbox.answers_by": "office_role",
    }


def test_it_names_an_office_that_is_not_there(database: Database) -> None:
    load(database, areas=False)
    found = gaps(database)
    assert {where for where, key in found.items() if key == "office"} >= {"crisis.office", "dorm-repair.office"}


def test_it_counts_the_classes_without_anybody(database: Database) -> None:
    load(database)
    # Ms Sun is the counselor of one class; her duty ends.
    duties = tuple(task for task in SCHOOL.duties if task.number != "T1004")
    database.run(lambda session: roster.load(session, NOW, School(duties=duties), force=True))
    found = database.read(lambda session: find_gaps(session, ITEMS, NOW + timedelta(minutes=1), "zh"))
    values = {"item": "请假", "role": "counselor", "count": 1, "area": "工管2301"}
    assert Gap("leave.answers_by", "answers_areas", values) in found
    above = (*duties, Task("T1004", "civil", "counselor"))
    database.run(lambda session: roster.load(session, NOW, School(duties=above), force=True))
    assert "leave.answers_by" not in gaps(database, NOW + timedelta(minutes=1)), "an area above counts"


@pytest.mark.parametrize(("days", "key"), [(8, ""), (6, "runs_out"), (-1, "ran_out"), (-91, "")])
def test_it_names_a_duty_roster_at_its_end(database: Database, days: int, key: str) -> None:
    load(database)
    ends = NOW + timedelta(days=days)
    watch = Watch("T3401", "library", "duty", ends - timedelta(hours=8), ends)
    database.run(lambda session: roster.load(session, NOW, School(shifts=(watch,))))
    assert gaps(database).get("library", "") == key
    if key:
        (gap,) = database.read(lambda session: find_gaps(session, (), NOW, "zh"))
        assert ends.astimezone(roster.ZONE).strftime("%Y-%m-%d %H:%M") in gap.what("zh")
        assert text("zh", f"gaps.{key}_remedy") == gap.remedy("zh")


def test_it_names_bare_hours_matters_of_nobodys_and_unknown_colleges(database: Database) -> None:
    load(database)

    def change(session: roster.Session) -> None:
        shifts = (
            session.query(Shift).where(Shift.path == "/songlan/cs/", Shift.starts_at > NOW).order_by(Shift.starts_at)
        )
        session.delete(shifts[3])

    database.run(change)
    strange = catalogue.made("proof", {"title": "证明", "prefix": "ZM", "live_for": ["cs", "nowhere"]})
    assert gaps(database, items=(*FIRST, strange)) == {"cs": "holes", "proof.live_for": "live_for"}


def test_it_sees_roles_in_the_other_tree_and_in_the_office_as_the_chain_does(database: Database) -> None:
    load(database)

    def item(role: str, tree: str = "academic", signs_in: str = "") -> Item:
        return catalogue.made("night", {
            "title": "外宿", "prefix": "WS", "tree": tree, "limits": {"resolve": "2d"},
            "office": "logistics" if tree == "office" else "",
            "answers_by": {"academic": "counselor", "residential": "keeper", "office": "officer"}[tree],
            "approval": [{"role": role, "tree": signs_in}],
        })  # fmt: skip

    for role in ("keeper", "community-head", "head", "counselor", "deputy-secretary"):
        for tree in ("academic", "residential", "office"):
            assert gaps(database, items=(item(role, tree),)) == {}, (role, tree)
    assert gaps(database, items=(item("keeper", signs_in="academic"),)) == {"night.approval": "signs_areas"}
    assert gaps(database, items=(item("keeper", signs_in="residential"),)) == {}
    assert gaps(database, items=(item("registrar"),)) == {"night.approval": "signs_nobody"}


@pytest.mark.parametrize(
    ("rules", "lacking"),
    [("leave-by-days", ["dean", "deputy-dean", "registrar"]), ("leave-joint", ["student-affairs", "teaching-dean"]),
     ("leave-by-destination", ["international-office"])],
)  # fmt: skip
def test_it_says_of_each_role_of_an_example_once_whom_to_import(
    database: Database, rules: str, lacking: list[str]
) -> None:
    load(database)
    item = catalogue.load([Path(__file__).parents[2] / "docs" / "examples" / rules]).items["leave"]
    signing = {row.role for row in item.approval}
    found = database.read(lambda session: find_gaps(session, [item], NOW, "zh"))
    said = [f"{gap.what('zh')}{gap.remedy('zh')}" for gap in found]
    held = {task.role for task in SCHOOL.duties}
    assert sorted(signing - held) == lacking
    assert len(said) == len(lacking)
    assert all(any(f"请在 duties.csv 加上 {role}" in each for each in said) for role in lacking)
