"""The door while the database is away: nothing is taken in, the page is told to send again, and a cry for help is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.door import Door
from bot.server import build
from models import engines
from models.db import Away, Database, sqlite_module
from models.dialogue import Received
from models.seal import Seal
from tests.bot.doors import CRY, at_once, count, message
from tests.bot.website import enter, make_site, say
from tests.builders import START, make_door, make_school, settle
from tests.postgres import Cluster


@dataclass
class Place:
    """A database, a door, and a way to take the database away for a while."""

    database: Database
    door: Door
    away: Callable[[], AbstractContextManager[None]]


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Another process holds the SQLite file for longer than a writer waits."""
    other = sqlite_module().connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("begin exclusive")
    try:
        yield
    finally:
        other.execute("rollback")
        other.close()


@contextmanager
def shut(cluster: Cluster, name: str) -> Iterator[None]:
    """PostgreSQL ends every session of a database and lets nobody in."""
    cluster.admin.execute(f'alter database "{name}" allow_connections false'.encode())
    cluster.admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,))
    try:
        yield
    finally:
        cluster.admin.execute(f'alter database "{name}" allow_connections true'.encode())


@pytest.fixture
def place(database_url: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.1)
    database = Database(database_url, Seal(b"k" * 32))
    door = make_door(database, make_school(), lambda: START)

    def away() -> AbstractContextManager[None]:
        if database.is_sqlite:
            return locked(database_url)
        return shut(request.getfixturevalue("postgresql"), str(database.url.database))

    yield Place(database, door, away)
    database.close()


def test_it_takes_nothing_in_while_the_database_is_away(place: Place) -> None:
    place.database.run(settle)
    (before,) = at_once(place.door.receive(message("菜单", "before")))
    with place.away():
        for words in ("菜单", CRY):
            with pytest.raises(Away):
                at_once(place.door.receive(message(words, "during")))
        (help_,) = place.door.help_without_database(f"\x00{CRY}", "zh")
        assert "12356" in help_.text
        assert place.door.help_without_database("菜单", "zh") == ()
    assert count(place.database, Received) == 1
    again, during = at_once(
        place.door.receive(message("菜单", "before")), place.door.receive(message("菜单", "during"))
    )
    assert (again.replies, again.fresh) == (before.replies, False)
    assert (during.seq, during.fresh) == (2, True)


def test_it_tells_the_page_to_send_again_and_answers_a_cry_for_help(
    place: Place, database_url: str, tmp_path: Path
) -> None:
    site = make_site(database_url, tmp_path)
    app = build(site.settings, place.database, place.door, site.store, place.door.school, asyncio.Event())
    site.app = app
    client = site.client()
    token = enter(client, "lilei")
    with place.away():
        plain, cry = say(client, token, "菜单", "0" * 32), say(client, token, CRY, "1" * 32)
        page = client.post("/chat/say", data={"token": token, "text": CRY, "key": "2" * 32})
        health = client.get("/healthz").status_code
    assert [plain.status_code, cry.status_code, page.status_code] == [503, 503, 503]
    assert plain.json()["retry"]
    assert plain.headers["retry-after"]
    assert plain.json()["html"] == ""
    assert "12356" in cry.json()["html"]
    assert "12356" in page.text
    assert health == (200 if place.database.is_sqlite else 503), "a locked SQLite file can be read"
    assert count(place.database, Received) == 0
    assert say(client, token, "菜单", "0" * 32).status_code == 200
    site.database.close()
