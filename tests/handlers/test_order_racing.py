"""What staff keep in order, at the same ticket in the same moment: both hear what stands, and nothing is a bug to either."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import filters, tickets
from models import asked
from models.asked import GuideCount, Unanswered
from models.db import Database
from models.desk import SavedFilter
from models.recusal import Recusal
from models.sorting import OwnReminder, Tag, TicketLink
from models.ticket import Ticket
from tests import builders
from tests.builders import START
from tests.equipment import SOAK
from tests.handlers.test_verbs_racing import Unit, named, race, repair, someone, verb

ROUNDS = 100 if SOAK else 2
LATER = START + timedelta(hours=3)
Rows = type[Tag] | type[TicketLink] | type[OwnReminder] | type[Recusal]


def relates(by: str, one: str, two: str) -> Unit:
    return verb(by, one, tickets.relate, named(Ticket, two))


@pytest.mark.parametrize(
    ("table", "twice", "key"),
    [
        (Tag, lambda one, _: (verb("后勤老师", one, tickets.tag, "漏水"), verb("学工部长", one, tickets.tag, "漏水 急")), "tags.there"),
        (TicketLink, lambda one, two: (relates("后勤老师", one, two), relates("学工部长", two, one)), "related.there"),
        (OwnReminder, lambda one, _: (verb("后勤老师", one, tickets.snooze, LATER),) * 2, ""),
        (Recusal, lambda one, _: (
            verb("学工部长", one, tickets.recuse, someone("后勤老师")), verb("后勤老师", one, tickets.recuse, someone("后勤老师")),
        ), "recusal.already"),
    ],
    ids=["tag", "related", "own reminder", "recusal"],
)  # fmt: skip
def test_it_is_there_once_when_two_give_it(
    database: Database, table: Rows, twice: Callable[[str, str], tuple[Unit, ...]], key: str
) -> None:
    for _ in range(ROUNDS):
        one, two = repair(database), repair(database, "韩梅梅")
        refused = race(database, *twice(one, two))
        assert set(refused) <= {key, "ticket.not_found"}

        def there(session: Session, ids: tuple[str, ...] = (one, two)) -> list[str]:
            return list(session.execute(select(table.ticket_id).where(table.ticket_id.in_(ids))).scalars())

        found = database.read(there)
        assert len(found) - found.count(one) <= 1
        assert 1 <= len(found) <= (2 if table is Tag else 1)


@pytest.mark.parametrize("take", [tickets.untag, tickets.unrelate, tickets.unsnooze, tickets.readmit])
def test_it_is_gone_once_when_two_take_it(database: Database, take: Callable[..., object]) -> None:
    for _ in range(ROUNDS):
        one, two = repair(database), repair(database, "韩梅梅")
        words: tuple[object, ...] = {
            tickets.untag: ("漏水",), tickets.unrelate: (named(Ticket, two),), tickets.unsnooze: (),
            tickets.readmit: (someone("后勤老师"),),
        }[take]  # fmt: skip
        for give, values in (
            (tickets.tag, ("漏水",)), (tickets.relate, (named(Ticket, two),)), (tickets.snooze, (LATER,)),
            (tickets.recuse, (someone("后勤老师"),)),
        ):  # fmt: skip
            database.run(verb("学工部长", one, give, *values))
        refused = race(database, *(verb("学工部长", one, take, *words),) * 2)
        assert len(refused) == 1, refused


def test_it_becomes_another_once_when_two_rename_it(database: Database) -> None:
    ids = [repair(database) for _ in range(2 * ROUNDS)]
    for each in ids:
        database.run(verb("后勤老师", each, tickets.tag, "漏水"))

    def renames(new: str) -> Unit:
        def unit(session: Session) -> None:
            tickets.retag(builders.turn_of(session, "学工部长"), "漏水", new)

        return unit

    assert race(database, renames("水管"), renames("水管"), renames("漏")) == []
    names = database.read(lambda session: session.execute(select(Tag.name)).scalars().all())
    assert len(names) == len(ids)
    assert set(names) <= {"水管", "漏"}


def test_it_counts_and_keeps_what_several_say_at_once(database: Database) -> None:
    def counts(session: Session) -> None:
        asked.count(session, "library/hours", "told", START.date())
        asked.note(session, "图书馆几点关门", START.date())

    def keeps(session: Session) -> None:
        filters.keep(builders.turn_of(session, "韩老师"), "我的", "view=all")

    for _ in range(ROUNDS):
        assert race(database, counts, counts, keeps, keeps) == []
    read = database.read(lambda session: (
        session.execute(select(GuideCount.count)).scalar(), session.execute(select(Unanswered.count)).scalar(),
        len(session.execute(select(SavedFilter.id)).all()),
    ))  # fmt: skip
    assert read == (2 * ROUNDS, 2 * ROUNDS, 1)
