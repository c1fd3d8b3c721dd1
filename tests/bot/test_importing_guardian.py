"""The parents' number of a roster: read from the table, kept sealed, and the only place where a one-time link goes by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from bot import importing
from handlers import guardians, tickets
from handlers.turn import Turn
from models.db import Database, seal_of
from models.message import Refused
from models.person import Person
from models.proof import Confirmation
from tests.builders import ZONE, new_seal
from tests.handlers.leave_examples import JOINT, school_of

NOW = datetime(2026, 6, 10, 1, 0, tzinfo=UTC)
MOTHER, LEI = "13912345678", "13800000000"
PEOPLE = """学号或工号,姓名或名称,身份,class,phone,家长电话
202301,李雷,student,cs2301,13800000000,139 1234 5678
202302,韩梅梅,student,cs2301,,
T1,韩老师,staff,,,
"""
TABLES = {
    "areas": "code,tree,level,name,parent\nschool,academic,school,示例大学,\ncs2301,academic,class,计科2301,school\n",
    "people": PEOPLE.replace("class", "academic"),
    "duties": "number,area,role\nT1,cs2301,counselor\n",
}


@pytest.fixture
def imported(sqlite_url: str, tmp_path: Path) -> Any:
    for name, words in TABLES.items():
        (tmp_path / f"{name}.csv").write_text(words, encoding="utf-8")
    roster, found = importing.read(tmp_path)
    assert found == []
    assert roster is not None
    database = Database(sqlite_url, new_seal())
    importing.bring(database, NOW - timedelta(days=1), roster)
    yield database
    database.close()


def person(session: Any, name: str) -> Person:
    found: Person = session.execute(select(Person).where(Person.name == name)).scalar_one()
    return found


def test_it_keeps_the_parents_number_of_a_table_sealed(imported: Database) -> None:
    def query(session: Any) -> list[tuple[str, str | None]]:
        seal = seal_of(session)
        rows = session.execute(select(Person).where(Person.kind == "student").order_by(Person.number)).scalars()
        return [
            (one.name, seal.open(f"person.guardian_phone:{one.id}", one.guardian_phone) if one.guardian_phone else None)
            for one in rows
        ]

    assert imported.read(query) == [("李雷", "139 1234 5678"), ("韩梅梅", None)], "as the table has it"
    raw = imported.read(lambda session: session.execute(text("select * from person")).all())
    kept = " ".join(map(repr, raw))
    for number in (MOTHER, "139 1234 5678", LEI):
        assert number not in kept


def test_it_hands_the_link_to_the_number_of_the_roster(imported: Database) -> None:
    school = school_of(JOINT)

    def unit(session: Any) -> tuple[str, list[str]]:
        school.catalogue.record(session, NOW)

        def turn(name: str) -> Turn:
            return Turn(session, school, NOW, NOW, None, person(session, name), "zh")

        said, kept = [], []
        for name in ("李雷", "韩梅梅"):
            start = datetime(2026, 6, 15, tzinfo=ZONE)
            span = {"start": start.isoformat(), "end": (start + timedelta(days=4)).isoformat(), "timed": [False, False]}
            answers: dict[str, Any] = {"kind": "personal", "span": span, "reason": "有事"}
            answers.update(school.catalogue.service("leave").derive(turn(name), answers))
            ticket = tickets.open_ticket(turn(name), school.catalogue.items["leave"], answers)
            if name == "韩梅梅":
                with pytest.raises(Refused) as caught:
                    guardians.offer(turn("韩老师"), ticket)
                said.append(caught.value.key)
                continue
            reply = guardians.offer(turn("韩老师"), ticket)
            assert reply.link is not None
            assert reply.link.hand_over
            assert MOTHER in reply.text
            assert LEI not in reply.text
            row = session.execute(select(Confirmation).where(Confirmation.ticket_id == ticket.id)).scalar_one()
            kept.append(seal_of(session).open(f"confirmation.phone:{row.id}", row.phone))
        return said[0], kept

    # Who has none in the roster: the counselor hands a number over, or calls.
    assert imported.run(unit) == ("guardian.no_number", [MOTHER])
