"""A whole web server for tests: a real database, a stand-in door that keeps what it hears, a fixed cast."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot import app as program
from bot.server import build
from bot.settings import Settings, demo_settings
from bot.store import Store
from handlers import crisis_words, directory
from handlers.turn import School
from models.base import new_id
from models.db import Away, Database, seal_of, wake
from models.dialogue import Received
from models.grid import Duty, Grid
from models.message import MOST_TEXT, Incoming, Reply, pack, unpack
from models.outbox import Outbox
from models.person import Account, Person
from models.seal import Seal

NOW = datetime(2026, 6, 10, 1, 0, tzinfo=UTC)  # a Wednesday, nine o'clock in Shanghai
LILEI = "lilei"
HANMEI = "hanmeimei"
HAN = "hanlaoshi"


@dataclass(frozen=True)
class Given:
    """What the stand-in door answers with."""

    replies: tuple[Reply, ...]
    seq: int
    fresh: bool = True
    taken: bool = True
    lang: str = ""


@dataclass
class StandInDoor:
    """Keeps a message as the real door does and answers with what the test put there; an echo where it put nothing."""

    database: Database
    school: School
    answers: dict[str, tuple[Reply, ...]] = field(default_factory=dict)
    heard: list[Incoming] = field(default_factory=list)
    away: bool = False
    broken: bool = False

    async def receive(self, incoming: Incoming) -> Given:
        if self.away:
            raise Away
        if self.broken:
            message = "secret words of a student"
            raise RuntimeError(message)
        if len(incoming.text) > MOST_TEXT and crisis_words.look(incoming.text) is None:
            return Given((Reply(text="太长了"),), 0, taken=False)
        self.heard.append(incoming)
        return await asyncio.wrap_future(self.database.submit(lambda session: self._keep(session, incoming)))

    def _keep(self, session: Any, incoming: Incoming) -> Given:
        seal = seal_of(session)
        known = session.execute(select(Received).where(Received.key == incoming.key)).scalar()
        if known is not None:
            return Given(unpack(seal.open(f"received.answer:{known.id}", known.answer)), known.seq, fresh=False)
        account = directory.account(session, incoming.channel, incoming.account, incoming.said_at)
        words = incoming.text or incoming.press
        replies = self.answers.get(words, (Reply(text=f"收到：{words}"),))
        row = Received(
            id=new_id(incoming.said_at), channel=incoming.channel, key=incoming.key, account_id=account.id,
            seq=directory.next_seq(session, account), at=incoming.said_at, trace="", status="done", body=b"", answer=b"",
        )  # fmt: skip
        body = {
            "text": incoming.text,
            "press": incoming.press,
            "label": "",
            "file": incoming.file.name if incoming.file else "",
        }
        row.body = seal.close(f"received.body:{row.id}", json.dumps(body))
        row.answer = seal.close(f"received.answer:{row.id}", pack(replies))
        session.add(row)
        wake(session, account.id)
        return Given(replies, row.seq)

    def help_without_database(self, words: str, lang: str) -> tuple[Reply, ...]:
        return (Reply(text="请打 12356。"),) if crisis_words.look(words) else ()


@dataclass
class Site:
    """The parts of a running site."""

    settings: Settings
    database: Database
    door: StandInDoor
    store: Store
    app: Starlette
    closing: asyncio.Event

    def client(self, **options: Any) -> TestClient:
        """A browser without script; each has cookies of its own."""
        return TestClient(self.app, base_url="http://127.0.0.1:8000", **{"follow_redirects": True, **options})

    def notify(self, person: str, reply: Reply, lane: int = 1) -> int:
        """A notice to a person's web chat; answers with its number in the stream."""

        def unit(session: Any) -> int:
            account = directory.account(session, "webchat", person, NOW)
            account.person_id = person
            row = Outbox(
                id=new_id(NOW), bot="webchat", account_id=account.id, seq=directory.next_seq(session, account), lane=lane,
                dedupe_key=new_id(NOW), body=b"", due_at=NOW, created_at=NOW,
            )  # fmt: skip
            row.body = seal_of(session).close(f"outbox.body:{row.id}", pack((reply,)))
            session.add(row)
            wake(session, account.id)
            return row.seq

        return self.database.run(unit)

    def statuses(self) -> list[str]:
        """The fate of every notice, in order."""
        return list(
            self.database.read(
                lambda session: session.execute(select(Outbox.status).order_by(Outbox.seq)).scalars().all()
            )
        )

    def account_of(self, person: str) -> Account:
        """A person's account on the web chat."""
        return self.database.read(
            lambda session: session.execute(select(Account).where(Account.key == person)).scalar_one()
        )


def seed(session: Any) -> None:
    """Two students of one class, their counselor, and a dean."""
    session.add_all([
        Grid(id="g1", tree="academic", level="school", code="S", name="示例大学", name_en="Example University", path="/S/"),
        Grid(id="g2", tree="academic", level="class", code="cs2302", name="计科2302", name_en="CS 2302", path="/S/cs2302/"),
    ])  # fmt: skip
    session.flush()
    session.add_all([
        Person(id=LILEI, number="2023010101", name="李雷", name_en="Li Lei", kind="student", lang="", academic_path="/S/cs2302/"),
        Person(id=HANMEI, number="2023010102", name="韩梅梅", kind="student", lang="", academic_path="/S/cs2302/"),
        Person(id=HAN, number="T1001", name="韩老师", kind="staff", lang="", academic_path="/S/"),
        Person(id="wang", number="T2001", name="王书记", kind="staff", lang="", academic_path="/S/"),
        Person(id="gone", number="20200001", name="离校生", kind="student", lang="", active=False),
    ])  # fmt: skip
    session.flush()
    session.add_all([
        Duty(id="d1", person_id=HAN, path="/S/cs2302/", role="counselor", from_at=NOW - timedelta(days=900)),
        Duty(id="d2", person_id="wang", path="/S/", role="deputy-secretary", leads=True, from_at=NOW - timedelta(days=900)),
    ])  # fmt: skip


def make_site(url: str, folder: Path, **changes: Any) -> Site:
    """A demo site on a database; changes are sections of the settings, such as server={"secure_cookies": True}."""
    settings = demo_settings(folder)
    for section, values in changes.items():
        settings = settings.model_copy(update={section: getattr(settings, section).model_copy(update=values)})
    database = Database(url, Seal(settings.keys.current.get_secret_value()))
    database.run(seed)
    school = program.school_of(settings)
    door = StandInDoor(database, school)
    store = Store(folder / "files", database, settings.server.max_file_bytes, settings.rate.files_per_hour)
    closing = asyncio.Event()
    app = build(settings, database, door, store, school, closing, version="0.0.1")
    return Site(settings, database, door, store, app, closing)


def token_in(page: str) -> str:
    """The token that a page's forms carry."""
    found = re.search(r'name="token" value="([0-9a-f]{32})"', page)
    assert found is not None
    return found.group(1)


def enter(client: TestClient, person: str) -> str:
    """Sign in as a person of the demo; answers with the token of the chat page."""
    token = token_in(client.get("/").text)
    page = client.post("/chat/enter", data={"token": token, "person": person})
    assert page.status_code == 200
    return token_in(page.text)


def say(client: TestClient, token: str, text: str, key: str = "", **more: Any) -> Any:
    """Send a message as the page's script does."""
    data = {"token": token, "text": text, "key": key or new_id(NOW), **more}
    return client.post("/chat/say", data=data, headers={"accept": "application/json"})


@contextmanager
def serve(site: Site) -> Iterator[str]:
    """The site on a real port of loopback; answers with its address. Leaving sets `closing` as a stop does."""
    config = uvicorn.Config(
        site.app, host="127.0.0.1", port=0, log_level="warning", lifespan="off", timeout_graceful_shutdown=5,
        proxy_headers=False, server_header=False,
    )  # fmt: skip
    server = uvicorn.Server(config)

    async def run() -> None:
        await server.serve()

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(run()))
    thread.start()
    while not server.started:
        time.sleep(0.01)
        assert thread.is_alive()
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(site.closing.set)
        server.should_exit = True
        thread.join(10)
        loop.close()
