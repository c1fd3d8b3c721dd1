"""The keys of a database: each has a check value, the index key too, and a trial says which one is wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.base import new_id
from models.db import Database
from models.keys import INDEX_CHECK, KeyTrial, check_keys, remember_keys, renew_index, try_keys
from models.message import Refused
from models.meta import HEAD, Meta, audit, head_fault
from models.outbox import Outbox
from models.person import Code, Person
from models.seal import Seal, key_id
from tests.models.outgoing import KEY, NOW, post

OTHER, INDEX = b"o" * 32, b"i" * 32
SEAL = Seal(KEY, index=INDEX)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, SEAL)
    database.run(remember_keys)
    yield database
    database.close()


def under(database_url: str, seal: Seal) -> Database:
    return Database(database_url, seal)


def test_it_refuses_another_index_key_once_something_depends_on_it(database: Database, database_url: str) -> None:
    other = under(database_url, Seal(KEY, index=b"j" * 32))
    assert other.read(check_keys), "nothing was made with it yet"
    database.run(lambda session: audit(session, NOW, None, "opened", "QJ-1"))
    for unit in (check_keys, remember_keys):
        with pytest.raises(Refused, match=r"run\.wrong_index"):
            other.run(unit)
    assert database.read(check_keys)
    other.close()


def test_it_takes_a_new_index_key_when_told_to(database: Database, database_url: str) -> None:
    def bound(session: Session) -> None:
        person = Person(id=new_id(NOW), number="2023010101", name="李雷", kind="student")
        session.add(person)
        session.flush()
        session.add(Code(id="c", person_id=person.id, until_at=NOW))
        audit(session, NOW, None, "code", person.number)

    database.run(bound)
    seal = Seal(KEY, index=b"j" * 32)
    other = under(database_url, seal)
    assert other.run(renew_index) == 1
    assert other.read(check_keys)
    assert other.read(lambda session: head_fault(session, seal)) is None
    other.run(remember_keys)
    with pytest.raises(Refused):
        database.read(check_keys)
    other.close()


def test_it_takes_over_a_database_from_before_there_were_checks_of_the_index(database: Database) -> None:
    database.run(lambda session: audit(session, NOW, None, "opened", "QJ-1"))
    database.run(lambda session: session.execute(sa.delete(Meta).where(Meta.name.in_((HEAD, INDEX_CHECK)))))
    database.run(remember_keys)
    assert database.read(lambda session: head_fault(session, SEAL)) is None
    database.run(lambda session: session.execute(sa.delete(Meta).where(Meta.name == HEAD)))
    database.run(remember_keys)
    assert database.read(lambda session: head_fault(session, SEAL)) is not None, "a head that went later is missed"


def test_it_tries_every_key_on_a_value_of_its_own(database: Database, database_url: str) -> None:
    mine, theirs = key_id(KEY).hex(), key_id(OTHER).hex()
    assert database.read(try_keys) == ([KeyTrial(mine, 0, True)], True)
    row = post(database, "李雷", "m")
    other = under(database_url, Seal(OTHER, index=b"j" * 32))
    post(other, "李雷", "n")
    assert database.read(try_keys) == (
        sorted([KeyTrial(mine, 1, True), KeyTrial(theirs, 1, False)], key=lambda trial: trial.key), True
    )  # fmt: skip
    assert not other.read(try_keys)[1]
    other.close()
    # A value that was put into another row no longer opens, though its key is there.
    moved = sa.update(Outbox).where(Outbox.id == row).values(body=SEAL.close("outbox.body:elsewhere", "m"))
    database.run(lambda session: session.execute(moved))
    assert KeyTrial(mine, 1, False) in database.read(try_keys)[0]
