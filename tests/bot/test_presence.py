"""Who is on which ticket: told between processes by words that name no account, and forgotten soon."""

from __future__ import annotations

from typing import Any

import pytest

from bot.presence import OPEN_SECONDS, WRITE_SECONDS, Other, Presence, is_word
from models import migrate
from models.db import Database

TICKET = "t" * 22


class Hands:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


class Loop:
    """A database that only carries words between processes: what one unit wakes, every other one hears."""

    def __init__(self, *, is_sqlite: bool) -> None:
        self.is_sqlite = is_sqlite
        self.listeners: list[Any] = []
        self.units = 0

    def listen(self, listener: Any) -> None:
        self.listeners.append(listener)

    def submit(self, unit: Any) -> None:
        self.units += 1
        session = type("Session", (), {"info": {}})()
        unit(session)
        for listener in self.listeners:
            listener(frozenset(session.info["wake"]))


def test_it_knows_who_else_looks_and_writes_and_forgets_them() -> None:
    moved: list[str] = []
    clock = Hands()
    there = Presence(Loop(is_sqlite=True), clock)  # type: ignore[arg-type]
    there.listen(moved.append)
    there.opened(TICKET, "han")
    there.opened(TICKET, "wang")
    assert there.others(TICKET, "han") == (Other("wang", writes=False),)
    there.writing(TICKET, "wang")
    assert there.others(TICKET, "han") == (Other("wang", writes=True),)
    assert there.others(TICKET, "zhao") == (Other("wang", writes=True), Other("han", writes=False))
    assert moved == [TICKET] * 3
    clock.at += WRITE_SECONDS + 1
    assert there.others(TICKET, "han") == (Other("wang", writes=False),)
    there.gone(TICKET, "wang")
    assert there.others(TICKET, "han") == ()
    clock.at += OPEN_SECONDS + 1
    assert there.others(TICKET, "zhao") == ()
    assert there.others("another", "zhao") == ()


def test_it_stays_as_long_as_the_page_says_so_and_tells_nothing_twice() -> None:
    moved: list[str] = []
    clock = Hands()
    there = Presence(Loop(is_sqlite=True), clock)  # type: ignore[arg-type]
    there.listen(moved.append)
    for _ in range(6):
        there.opened(TICKET, "han")
        clock.at += OPEN_SECONDS / 2
    assert there.others(TICKET, "wang") == (Other("han", writes=False),)
    assert moved == [TICKET]


def test_it_is_heard_by_another_process_and_says_the_same_not_all_the_time() -> None:
    clock, wires = Hands(), Loop(is_sqlite=False)
    one, two = Presence(wires, clock), Presence(wires, clock)  # type: ignore[arg-type]
    for _ in range(50):
        one.writing(TICKET, "han")
    assert wires.units == 1
    assert two.others(TICKET, "wang") == (Other("han", writes=True),)
    one.gone(TICKET, "han")
    assert two.others(TICKET, "wang") == ()
    two.opened(TICKET, "wang")
    assert one.others(TICKET, "han") == (Other("wang", writes=False),)


def test_it_writes_nothing_into_the_database(postgresql_url: str) -> None:
    migrate.upgrade(postgresql_url)
    database = Database(postgresql_url)
    try:
        heard: list[frozenset[str]] = []
        database.listen(heard.append)
        Presence(database).opened(TICKET, "han")
        database.run(lambda session: None)
        database.close()
        assert [is_word(ids) for ids in heard] == [True]
    finally:
        database.close()


@pytest.mark.parametrize(
    ("ids", "expected"), [((), False), (("a" * 22,), False), (("~t p o",), True), (("~t p o", "a"), False)]
)
def test_it_tells_its_words_from_accounts(ids: tuple[str, ...], expected: bool) -> None:
    assert is_word(frozenset(ids)) is expected
