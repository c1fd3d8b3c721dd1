"""Reading a roster: names survive, mistakes are told all at once by file and row, and nothing is mended in silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot import demo, importing, importing_cells
from handlers.roster import ZONE, Counts, Member, Task
from handlers.texts import text
from models.db import Database
from models.message import Refused
from models.person import Person
from models.seal import Seal

NOW = datetime(2026, 9, 10, 1, 0, tzinfo=UTC)
AREAS = """code,tree,level,name,name_en,parent
school,academic,school,松岚大学,Songlan University,
cs,academic,college,计算机学院,,school
cs2301,academic,class,计科2301,,cs
"""
PEOPLE = """number,name,kind,academic,phone,active
202301,李雷,student,cs2301,10000000001,
202302,韩梅梅,学生,cs2301,,是
202303,田𠮷,student,cs2301,,1
202304,古丽娜尔·艾山,student,cs2301,,yes
202305,欧阳㛃,student,cs2301,,
T1,韩老师,教职工,cs,,
"""
DUTIES = """number,area,role,leads,from_on,until_on
T1,cs2301,counselor,no,2026/9/1,
"""
SHIFTS = """number,area,role,starts_at,ends_at
T1,cs,duty,2026-09-10 20:00,2026-09-11 08:00
"""


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url, Seal(b"k" * 32))
    yield database
    database.close()


def folder(tmp_path: Path, encoding: str = "utf-8", **files: str | bytes) -> Path:
    tables = {"areas": AREAS, "people": PEOPLE, "duties": DUTIES, "shifts": SHIFTS} | files
    for name, words in tables.items():
        (tmp_path / f"{name}.csv").write_bytes(words if isinstance(words, bytes) else words.encode(encoding))
    return tmp_path


def faults(tmp_path: Path, **files: str | bytes) -> list[tuple[str, int]]:
    school, found = importing.read(folder(tmp_path, "utf-8", **files))
    assert (school is None) == bool(found)
    return [(fault.file, fault.row) for fault in found]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_it_reads_what_spreadsheets_write(encoding: str, newline: str, tmp_path: Path) -> None:
    people, areas = PEOPLE.replace("\n", newline), AREAS.replace("\n", newline)
    school, found = importing.read(folder(tmp_path, encoding, people=people, areas=areas))
    assert found == []
    assert school is not None
    names = [member.name for member in school.members]
    assert names == ["李雷", "韩梅梅", "田𠮷", "古丽娜尔·艾山", "欧阳㛃", "韩老师"]
    assert school.members[1] == Member("202302", "韩梅梅", None, "student", "cs2301", None, "", True)
    assert school.members[5].kind == "staff"
    assert school.duties == (Task("T1", "cs2301", "counselor", False, date(2026, 9, 1), None),)
    assert school.shifts[0].ends_at == datetime(2026, 9, 11, 8, tzinfo=ZONE)


def test_it_reads_tabs_semicolons_and_chinese_headers(tmp_path: Path) -> None:
    people = "学号或工号\t姓名或名称\t身份\n２０２３０１\t“小”李\t学生\n"
    duties = 'number;area;role\n202301;cs2301;"monitor"\n'
    school, found = importing.read(folder(tmp_path, people=people, duties=duties, shifts=""))
    assert found == []
    assert school is not None
    assert [(member.number, member.name) for member in school.members] == [("202301", "“小”李")]
    assert school.duties[0].role == "monitor"


def test_it_names_every_mistake_at_once(tmp_path: Path) -> None:
    people = PEOPLE + (
        ",无号,student,cs2301,,\n"
        "2.0260001E7,甲,student,cs2301,,\n"
        "20260001.0,乙,student,cs2301,,\n"
        "202301,丙,student,cs2301,,\n"
        "202309,丁,student,nowhere,,\n"
        "202310,戊,student,cs2301,,vielleicht\n"
        "202311,己,robot,cs2301,,\n"
        "202312,庚,student,cs2301\n"
    )
    expected = [("people.csv", row) for row in (8, 9, 10, 11, 12, 13, 14, 15)]
    assert faults(tmp_path, people=people) == expected
    assert faults(tmp_path, people=PEOPLE + "202309,丁,student,nowhere,,\n") == [("people.csv", 8)]
    duties = "number,area,role,from_on\nT1,cs,counselor,2026-02-30\nT1,cs,counselor,45992\nT1,cs,counselor,soon\n"
    shifts = "number,area,role,starts_at,ends_at\nT1,cs,duty,2026-09-10 25:00,2026-09-11 08:00\nT9,cs,duty,2026-9-1 8:00,2026-9-1 9:00\n"
    assert faults(tmp_path, duties=duties, shifts="") == [("duties.csv", row) for row in (2, 3, 4)]
    assert faults(tmp_path, shifts=shifts) == [("shifts.csv", 2), ("shifts.csv", 3)]
    assert faults(tmp_path, shifts=shifts.replace("25:00", "20:00")) == [("shifts.csv", 3)]


def test_it_names_unknown_areas_and_people_beside_broken_rows(tmp_path: Path) -> None:
    people = PEOPLE + "202309,丁,student,nowhere,,\n202310,戊,student,cs2301,,vielleicht\n"
    duties = DUTIES + "T9,cs2301,counselor,no,,\n202310,cs2301,counselor,no,,\nT1,cs9,counselor,no,,\n"
    shifts = SHIFTS + "T1,cs,duty,soon,2026-09-11 08:00\n"
    expected = [("people.csv", 8), ("people.csv", 9), ("duties.csv", 3), ("duties.csv", 5), ("shifts.csv", 3)]
    assert faults(tmp_path, people=people, duties=duties, shifts=shifts) == expected
    # The row that could not be read may be the very area, or anybody.
    areas = AREAS + "nowhere,academic\n"
    assert faults(tmp_path, areas=areas, people=people) == [("areas.csv", 5), ("people.csv", 9)]


def test_it_asks_for_text_cells_instead_of_guessing(tmp_path: Path) -> None:
    for number in ("2.0260001E7", "2.026E+07", "20260001.0", "110101200001011000"):
        _, found = importing.read(folder(tmp_path, people=f"number,name,kind\n{number},甲,student\n"))
        assert "请设为文本格式" in found[0].what
    _, found = importing.read(folder(tmp_path, people="number,name,kind\n2.0E7,甲,student\n"), "en")
    assert "format the column as text" in str(found[0])


@pytest.mark.parametrize(
    "words",
    [
        "number,name,kind,number\n1,甲,student,1\n",
        "number,name,kind,hobby\n1,甲,student,chess\n",
        "number，name，kind\n1，甲，student\n",
        "number,name\n1,甲\n",
    ],
)
def test_it_refuses_headers_that_it_does_not_know(words: str, tmp_path: Path) -> None:
    assert faults(tmp_path, people=words, duties="", shifts="") == [("people.csv", 1)]


def test_it_never_reads_past_a_broken_quotation(tmp_path: Path) -> None:
    words = 'number,name,kind\n1,甲,student\n2,"乙,student\n3,丙,student\n'
    assert faults(tmp_path, people=words, duties="", shifts="")[0] == ("people.csv", 3)
    whole = 'number,name,kind\n1,"甲\n乙",student\n2,丙,student,\n'
    assert faults(tmp_path, people=whole, duties="", shifts="") == [("people.csv", 4)]


@pytest.mark.parametrize(
    "data",
    [
        "number,name,kind\n1,李雷,student\n".encode() + "2,韩梅梅,student\n".encode("gb18030"),
        "number,name,kind\n1,李雷,student\n2,".encode() + b"\xff,student\n",
        "number,name,kind\n1,李雷,student\n2,韩梅梅".encode()[:-1],
        b"number,name,kind\n1,Li,student\n2,\xff,student\n",
    ],
)
def test_it_refuses_mixed_and_broken_encodings(data: bytes, tmp_path: Path) -> None:
    assert faults(tmp_path, people=data, duties="", shifts="") == [("people.csv", 3)]


def test_it_reads_the_newest_places_of_gb18030() -> None:
    assert importing_cells.decode("龙".encode("gb18030") + b"\xfe\x59\xfe\x9f") == "龙\u9fb4\u4dae"


def test_it_keeps_text_as_text_without_what_cannot_be_seen(tmp_path: Path) -> None:
    words = "number,name,kind\n1,=cmd|' /C calc'!A0,student\n2,<script>,student\n3,{{7*7}},student\n4,甲\u202e\x00 　乙\x07,student\n"
    school, found = importing.read(folder(tmp_path, people=words, duties="", shifts=""))
    assert found == []
    assert school is not None
    assert [member.name for member in school.members] == ["=cmd|' /C calc'!A0", "<script>", "{{7*7}}", "甲 乙"]


def test_it_reads_one_toml_file(tmp_path: Path) -> None:
    file = tmp_path / "school.toml"
    file.write_text(
        '[[areas]]\ncode = "school"\ntree = "academic"\nlevel = "school"\nname = "松岚大学"\nparent = ""\n'
        '[[people]]\nnumber = 202301\nname = "李雷"\nkind = "student"\nactive = true\n'
        '[[duties]]\nnumber = "202301"\narea = "school"\nrole = "monitor"\nfrom_on = 2026-09-01\n'
        '[[shifts]]\nnumber = "202301"\narea = "school"\nrole = "duty"\n'
        "starts_at = 2026-09-01T08:00:00\nends_at = 2026-09-01T20:00:00\n",
        encoding="utf-8",
    )
    school, found = importing.read(file)
    assert found == []
    assert school is not None
    assert school.members[0].number == "202301"
    assert school.duties[0].from_on == date(2026, 9, 1)
    assert school.shifts[0].starts_at == datetime(2026, 9, 1, 8, tzinfo=ZONE)
    for words in ("[[people]\n", "people = 3\n", "people = [3]\n", "[[cats]]\n", '[[people]]\nnumber = 2.0e7\nname = "x"\nkind = "staff"\n',
                  '[[people]]\nname = "x"\n', '[[people]]\nlikes = "x"\n'):  # fmt: skip
        file.write_text(words, encoding="utf-8")
        assert importing.read(file)[0] is None
    file.write_bytes(b"\xff")
    assert importing.read(file)[1][0].row == 1


def test_it_says_when_there_is_nothing_to_read(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere"):
        school, found = importing.read(place)
        assert school is None
        assert len(found) >= 1


def test_it_rehearses_and_then_writes(sqlite_url: str, tmp_path: Path) -> None:
    school, _ = importing.read(folder(tmp_path))
    assert school is not None
    database = Database(sqlite_url, Seal(b"k" * 32))
    try:
        people = select(func.count()).select_from(Person)
        assert importing.bring(database, NOW, school, dry=True).added == 11
        assert database.read(lambda session: session.execute(people).scalar()) == 0
        assert importing.bring(database, NOW, school) == Counts(added=11)
        assert importing.bring(database, NOW, school) == Counts(unchanged=11)
        assert database.read(lambda session: session.execute(people).scalar()) == 6
        with pytest.raises(Refused) as refused:
            importing.bring(database, NOW, demo.school(date(2026, 9, 10)))
        assert "1" in importing.explain(refused.value, "zh")
        assert importing.explain(Refused("roster.brake_people", left=3, all=4), "en").startswith("This import")
    finally:
        database.close()


def test_it_sums_up() -> None:
    told = [("people", "added", f"20230{number}") for number in range(12)]
    told += [("people", "left", "T1"), ("duties", "ended", "T1 counselor@cs2301")]
    counts = Counts(added=12, changed=1, left=1, told=told)
    for lang in ("zh", "en"):
        written, rehearsed = (list(importing.summary(counts, lang, dry=dry)) for dry in (False, True))
        assert written[0] == text(lang, "roster.written")
        assert (rehearsed[0], rehearsed[-1]) == (text(lang, "roster.rehearsed"), text(lang, "roster.rehearsed_end"))
        assert rehearsed[1:-1] == written[1:]
        assert "12" in written[1]
        assert len(written) == 5
        assert "202309" in written[2], "ten are told by name"
        assert "2023010" not in written[2]
        assert text(lang, "roster.told_more", count=2) in written[2]


def test_it_tells_each_change_by_its_entry(database: Database, tmp_path: Path) -> None:
    def bring(**files: str | bytes) -> list[tuple[str, str, str]]:
        school, _ = importing.read(folder(tmp_path, "utf-8", **files))
        assert school is not None
        return importing.bring(database, NOW, school, force=True).told

    first = bring()
    assert ("areas", "added", "cs2301") in first
    assert ("duties", "added", "T1 counselor@cs2301") in first
    assert ("shifts", "added", "T1 duty@cs 2026-09-10 20:00") in first
    assert bring() == []
    later = bring(
        people=PEOPLE.replace("李雷", "李蕾").replace("202305,欧阳㛃,student,cs2301,,\n", ""),
        duties=DUTIES.replace("cs2301", "cs"), shifts=SHIFTS.replace("20:00", "19:00"),
    )  # fmt: skip
    assert later == [
        ("people", "changed", "202301"), ("people", "left", "202305"),
        ("duties", "ended", "T1 counselor@cs2301"), ("duties", "added", "T1 counselor@cs"),
        ("shifts", "ended", "T1 duty@cs 2026-09-10 20:00"), ("shifts", "added", "T1 duty@cs 2026-09-10 19:00"),
    ]  # fmt: skip


def test_it_looks_at_the_roster_as_it_would_be(database: Database, tmp_path: Path) -> None:
    school, _ = importing.read(folder(tmp_path))
    assert school is not None
    seen: list[int] = []
    for dry in (True, False):
        importing.bring(
            database, NOW, school, dry=dry,
            look=lambda session: seen.append(len(session.execute(select(Person)).all())),
        )  # fmt: skip
        there = database.read(lambda session: session.execute(select(func.count()).select_from(Person)).scalar())
        assert there == (0 if dry else 6)
    assert seen == [6, 6]


def test_it_says_a_file_without_a_line() -> None:
    assert str(importing.Fault("nofolder", 0, "空的。")) == "nofolder: 空的。"
    assert str(importing.Fault("people.csv", 3, "缺少姓名。")) == "people.csv:3: 缺少姓名。"


def test_it_names_every_mistake_of_a_row(tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_text("code,tree,level,name,parent\nsl,academic,school,大学,\n", "utf-8")
    people = "number,name,kind,academic,active,phone\nS1,,alien,nowhere,perhaps,1.38E+10\n"
    (tmp_path / "people.csv").write_text(people, "utf-8")
    shifts = "number,area,role,starts_at,ends_at\nS1,sl,duty,yesterday,2026-13-01\n"
    (tmp_path / "shifts.csv").write_text(shifts, "utf-8")
    school, faults = importing.read(tmp_path)
    told = [f"{fault.file}:{fault.row} {fault.what}" for fault in faults]
    assert school is None
    for part in ("people.csv:2", "shifts.csv:2"):
        assert any(each.startswith(part) for each in told)
    said = "\n".join(told)
    assert all(
        word in said for word in ("name", "alien", "nowhere", "perhaps", "1.38E+10", "yesterday", "2026-13-01")
    ), said
