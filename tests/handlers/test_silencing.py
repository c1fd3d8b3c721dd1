"""Whoever is kept out after something was queued for them is not told: taken back in that unit, looked at again at sending."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from handlers import silencing, tickets, undelivered
from handlers.reminders import PREFIX
from models import sending
from models.db import Database, seal_of
from models.message import Reply, unpack
from models.outbox import Outbox
from models.person import Account, Person
from models.recusal import Recusal
from models.sending import Outcome
from models.ticket import Ticket
from tests import builders
from tests.builders import RICH, START, at, person_of
from tests.handlers.sweeping import SCHOOL, act, go, leave
from tests.handlers.test_reminders import number, reminders

NEAR = at("2026-06-10 14:00")
HAN, WANG = "韩老师", "王书记"


def waiting(database: Database, who: str, ticket_id: str) -> int:
    """How many messages about one ticket wait for somebody."""

    def query(session: Any) -> int:
        rows = select(Outbox.id).join(Account, Account.id == Outbox.account_id).join(
            Person, Person.id == Account.person_id
        ).where(Person.name == who, Outbox.ticket_id == ticket_id, Outbox.status == "ready")  # fmt: skip
        return len(session.execute(rows).all())

    return database.read(query)


def recuse(database: Database, ticket_id: str, by: str = WANG, who: str = HAN) -> None:
    def unit(session: Any) -> None:
        turn = builders.turn_of(session, by, NEAR, school=SCHOOL)
        ticket = tickets.get(turn, ticket_id)
        assert ticket is not None
        tickets.recuse(turn, ticket, person_of(session, who))

    database.run(unit)


def test_it_takes_back_what_waits_and_tells_of_other_matters_still(database: Database) -> None:
    about, other = leave(database), leave(database, 1, by="韩梅梅")
    act(database, about, "李雷", NEAR, tickets.add, "补一句")
    assert waiting(database, HAN, about) == 2
    recuse(database, about, "学工部长")
    assert waiting(database, HAN, about) == 0
    assert waiting(database, HAN, other) == 1
    assert waiting(database, WANG, about) > 0  # Who has it now is told.


def test_it_takes_one_matter_out_of_a_message_about_several(database: Database) -> None:
    ids = [leave(database, place) for place in range(3)]
    go(database, NEAR)
    (said,) = reminders(database, HAN)
    assert all(number(database, each) in said.text for each in ids)
    recuse(database, ids[0])
    (said,) = reminders(database, HAN)
    assert [number(database, each) in said.text for each in ids] == [False, True, True]
    assert len(said.choices) == 2


def test_it_takes_back_what_waits_for_who_only_stands_in(database: Database) -> None:
    about = leave(database)
    database.run(lambda session: builders.be_away(session, HAN, "方老师"))
    act(database, about, "李雷", NEAR, tickets.add, "补一句")
    assert waiting(database, "方老师", about) > 0
    recuse(database, about)
    assert waiting(database, "方老师", about) == 0


def keep_out_silently(session: Any, ticket_id: str, who: str) -> None:
    """A recusal that another process commits right after a message was written."""
    person = person_of(session, who)
    values = {"ticket_id": ticket_id, "person_id": person.id, "by_id": None, "at": START}
    session.execute(insert(Recusal).values(**values))
    session.execute(update(Ticket).where(Ticket.id == ticket_id).values(recused=True))


def test_it_looks_again_when_it_is_sent(database: Database) -> None:
    about, other = leave(database), leave(database, 1)
    database.run(lambda session: keep_out_silently(session, about, HAN))

    def unit(session: Any) -> set[str]:
        fence = sending.lease(session, RICH, "a courier", NEAR, 60)
        assert fence is not None
        sent: set[str] = set()
        for _ in range(20):
            claims = sending.claim(session, RICH, fence, NEAR, 50, per_second=1e9)
            sent |= {each.id for each in claims}
            sending.settle(session, RICH, fence, [Outcome(each.id, "sent") for each in claims], NEAR)
        return sent

    before = database.read(lambda session: {row.id: row.ticket_id for row in session.execute(select(Outbox)).scalars()})
    sent = database.run(unit)
    after = database.read(lambda session: set(session.execute(select(Outbox.id)).scalars()))
    gone = set(before) - after
    assert gone
    assert {before[each] for each in gone} == {about}
    assert other in {before[each] for each in sent}
    assert not gone & sent
    assert waiting(database, HAN, about) == 0


@pytest.mark.parametrize("kept", [1, 3])
def test_it_sends_a_failed_message_about_several_another_way_without_it(database: Database, kept: int) -> None:
    ids = [leave(database, place) for place in range(3)]
    go(database, NEAR)

    def unit(session: Any) -> Reply | None:
        row = session.execute(select(Outbox).where(Outbox.dedupe_key.startswith(PREFIX))).scalar_one()
        for each in ids[:kept]:
            keep_out_silently(session, each, HAN)
        reply = unpack(seal_of(session).open(f"outbox.body:{row.id}", row.body))[0]
        session.expire_all()
        turn = builders.turn_of(session, None, NEAR, school=SCHOOL)
        left = silencing.of_others(turn, reply, person_of(session, HAN))
        session.execute(update(Outbox).where(Outbox.id == row.id).values(status="failed", reason="blocked", bot="far"))
        session.execute(delete(Outbox).where(Outbox.id != row.id))
        undelivered.hear(session, SCHOOL, [row.id], NEAR)
        return left

    left = database.run(unit)
    rows = reminders(database, HAN)
    if kept == len(ids):
        assert left is None
        assert rows == []
    else:
        assert left is not None
        assert [number(database, each) in left.text for each in ids] == [False, True, True]
        assert all(number(database, ids[0]) not in each.text for each in rows)
