"""Held messages: listed without their words, sent after all or given up, each decision in the audit log."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import holding, inbox
from models.base import new_id
from models.db import Database
from models.message import Refused
from models.meta import Audit
from models.outbox import Lane, Outbox
from models.person import Account, Person
from models.seal import Seal
from tests.fakes.pusher import BOT
from tests.models.outgoing import KEY, NOW, fates, post, row


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, Seal(KEY))
    yield database
    database.close()


def hold(database: Database, *names: str) -> list[str]:
    """One held message to each account; their ids."""
    ids = [post(database, name, f"致{name}", Lane.broadcast) for name in names]
    change = update(Outbox).where(Outbox.id.in_(ids)).values(status="held", reason="perhaps sent")
    database.run(lambda session: session.execute(change))
    return ids


def verbs(database: Database) -> list[tuple[str, str]]:
    """What the audit log says."""
    query = select(Audit.verb, Audit.thing).order_by(Audit.id)
    return [(verb, thing) for verb, thing in database.read(lambda session: session.execute(query).all())]


def test_it_lists_who_and_why_but_no_words(database: Database) -> None:
    (held,) = hold(database, "li")

    def bind(session: Session) -> None:
        session.add(Person(id=new_id(NOW), number="2023010101", name="李雷", kind="student"))
        session.flush()
        person = session.execute(select(Person.id)).scalar_one()
        session.execute(update(Account).where(Account.key == "li").values(person_id=person))

    database.run(bind)
    (found,) = database.read(holding.list_held)
    assert (found.id, found.name, found.number, found.channel) == (held, "李雷", "2023010101", BOT)
    assert (found.lane, found.ticket, found.since, found.why) == (Lane.broadcast, "", NOW, "perhaps sent")
    assert "致" not in repr(found)


def test_it_sends_one_and_gives_another_up(database: Database) -> None:
    first, second, third = hold(database, "李雷", "韩梅梅", "王书记")
    assert database.run(lambda session: holding.release(session, [first], NOW)) == 1
    assert database.run(lambda session: holding.drop(session, [second], NOW)) == 1
    assert fates(database) == {"致李雷": "ready", "致韩梅梅": "failed", "致王书记": "held"}
    assert row(database, second).settled_at == NOW
    assert verbs(database) == [("released", first), ("dropped", second)]
    assert database.run(lambda session: holding.release(session, None, NOW)) == 1
    assert verbs(database)[2:] == [("released", third)]


def test_it_does_nothing_where_one_of_them_is_not_held(database: Database) -> None:
    (held,) = hold(database, "李雷")
    for decide in (holding.release, holding.drop):
        with pytest.raises(Refused, match=r"held\.unknown"):
            database.run(lambda session, decide=decide: decide(session, [held, "nobody"], NOW))  # type: ignore[misc]
    assert fates(database) == {"致李雷": "held"}
    assert verbs(database) == []


def quarantine(database: Database, key: str, trace: str) -> str:
    """One update that lies in the inbox; its id."""
    arrived = inbox.Arrived(key, int(key), "1001", "李雷的话", trace=trace)
    database.run(lambda session: inbox.accept(session, "telegram", [arrived], NOW))
    return database.read(
        lambda session: session.execute(select(inbox.Inbox.id).where(inbox.Inbox.key == key)).scalar_one()
    )


def test_it_lists_and_drops_updates_that_nobody_could_read(database: Database) -> None:
    first, second = quarantine(database, "1", "KeyError\nreading.py:7 read"), quarantine(database, "2", "unreadable: x")
    waits = quarantine(database, "3", "")
    found = database.read(holding.list_quarantined)
    assert [(each.id, each.channel, each.since, each.where) for each in found] == [
        (first, "telegram", NOW, "reading.py:7 read"), (second, "telegram", NOW, "unreadable: x"),
    ]  # fmt: skip
    (held,) = hold(database, "li")
    with pytest.raises(Refused):
        database.run(lambda session: holding.drop(session, [first, waits], NOW))
    assert len(database.read(holding.list_quarantined)) == 2, "a wrong id changes nothing"
    with pytest.raises(Refused):
        database.run(lambda session: holding.release(session, [first], NOW))
    assert database.run(lambda session: holding.drop(session, [first, held], NOW)) == 2
    assert verbs(database) == [("update_dropped", first), ("dropped", held)]
    assert database.run(lambda session: holding.drop(session, None, NOW)) == 0
    assert [each.id for each in database.read(holding.list_quarantined)] == [second]
    counts = database.read(holding.count_inbox)
    assert (counts.waiting, counts.since) == (1, NOW)
