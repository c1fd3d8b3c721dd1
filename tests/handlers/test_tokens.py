"""Tokens of other systems: made once, recognised as long as they hold, listed without their secret, never twice one name."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, update

from handlers import portal, tokens
from handlers.turn import Turn
from handlers.views import records
from handlers.views.records import Wanted
from models.db import Database
from models.message import Refused
from models.meta import Audit
from models.person import Person
from models.token import Token
from tests.builders import START, make_school

LATER = START + timedelta(days=30)
REPAIR = {"what": "air", "where": "梅园3栋402", "detail": "不制冷，一直滴水"}


def make(database: Database, name: str = "jw-2026", number: str = "T001", scope: str = "write") -> str:
    return database.run(lambda session: tokens.issue(session, name, number, scope, LATER, START))


def test_it_recognises_a_token_by_its_secret_alone(database: Database) -> None:
    secret = make(database)
    found = database.read(lambda session: tokens.recognise(session, secret, START))
    assert found is not None
    assert (found.name, found.scope, found.may_write, found.sensitive) == ("jw-2026", "write", True, False)
    row = database.read(lambda session: session.execute(select(Token)).scalar_one())
    assert secret not in str(vars(row))
    others = ("", secret[:-1], secret + "a", secret.swapcase(), row.digest, f"yz_{row.digest}")
    assert database.read(lambda session: [tokens.recognise(session, other, START) for other in others]) == [None] * 6
    assert database.read(lambda session: tokens.recognise(session, secret, LATER)) is None
    assert not database.read(lambda session: tokens.is_any(session, LATER))


def test_it_ends_with_its_revocation_and_with_its_person(database: Database) -> None:
    secret, other = make(database), make(database, "portal", "T005")
    gone = update(Person).where(Person.number == "T005").values(active=False)
    database.run(lambda session: session.execute(gone))
    assert database.read(lambda session: tokens.recognise(session, other, START)) is None
    assert [database.run(lambda session: tokens.revoke(session, "jw-2026", START)) for _ in range(2)] == [True, False]
    assert database.read(lambda session: tokens.recognise(session, secret, START)) is None
    rows = database.read(lambda session: tokens.listed(session, LATER))
    assert {(row.name, row.status) for row in rows} == {("jw-2026", "revoked"), ("portal", "over")}
    told = database.read(lambda session: list(session.execute(select(Audit.verb).order_by(Audit.id)).scalars()))
    assert told == ["token_made", "token_made", "token_revoked"]


def test_it_makes_no_token_that_is_not_right(database: Database) -> None:
    make(database, "taken")
    for changes, key in (
        ({"name": "A b"}, "api.token_name"), ({"name": "x" * 33}, "api.token_name"), ({"scope": "all"}, "api.token_scope"),
        ({"number": "2023001"}, "run.no_person"), ({"number": "T999"}, "run.no_person"), ({"until_at": START}, "api.token_until"),
        ({"until_at": START + timedelta(days=367)}, "api.token_until"), ({"name": "taken"}, "api.token_taken"),
    ):  # fmt: skip
        wanted: dict[str, Any] = {
            "name": "jw",
            "number": "T001",
            "scope": "read",
            "until_at": LATER,
            "now": START,
            **changes,
        }
        with pytest.raises(Refused) as refused:
            database.run(partial(tokens.issue, **wanted))
        assert refused.value.key == key, changes


def test_it_lists_and_opens_on_either_database(database: Database) -> None:
    make(database)
    school = make_school()

    def turn_of(session: Any, number: str) -> Turn:
        person = session.execute(select(Person).where(Person.number == number)).scalar_one()
        return Turn(session, school, START, START, None, person)

    def unit(session: Any, number: str = "2023001") -> tuple[str, bool]:
        row = session.execute(select(Token)).scalar_one()
        bearer = tokens.Bearer(row.id, row.name, row.person_id, row.scope, row.sensitive, row.until_at, None)
        ticket, is_new = portal.open_for(
            turn_of(session, "T001"), bearer, portal.Wish(number, "dorm-repair", REPAIR, "k" * 9)
        )
        return ticket.number, is_new

    number, is_new = database.run(unit)
    assert is_new
    assert database.run(unit) == (number, False)
    assert database.run(lambda session: unit(session, "2023002"))[1], "A key counts for one student."
    cases = (
        (Wanted(), 2), (Wanted(since=START), 2), (Wanted(since=LATER), 0), (Wanted(overdue=False), 2),
        (Wanted(overdue=True), 0), (Wanted(status="open", office="logistics"), 2), (Wanted(item="leave"), 0),
    )  # fmt: skip

    def look(session: Any) -> list[tuple[int, bool]]:
        turn = turn_of(session, "T005")
        found = [records.page(turn, wanted, "", 1, sensitive=False) for wanted, _ in cases]
        return [(len(rows), bool(behind)) for rows, behind in found]

    assert database.read(look) == [(min(count, 1), count > 1) for _, count in cases]
