"""What the proofs about Telegram share: a school with people on Telegram, a bot in this process or in one to be killed."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from starlette.applications import Starlette

from bot import server
from bot.app import Parts, put_together, seal_of
from bot.channels.telegram.running import TelegramBot
from bot.settings import Settings, load
from bot.store import Store
from handlers import directory
from models.db import Database
from models.dialogue import Received
from models.inbox import Inbox
from models.keys import remember_keys
from models.outbox import Delivery, Lane, Outbox, Sender
from models.ticket import Ticket
from tests.builders import Role, add_person, person_of, settle
from tests.fakes.telegram import Person, TelegramFake
from tests.killing import environment, write_config
from tests.models import outgoing

SECRET = "s3cret-of-the-webhook"
PATH = "/telegram"
HEADER = "x-telegram-bot-api-secret-token"
FIRST = 1001  # Telegram's number of the first person
LILEI, HANMEIMEI, HAN = 1001, 1002, 1003
CHANNEL = "telegram"
PATIENCE = 60.0


def configure(folder: Path, url: str, fake: TelegramFake, port: int, mode: str = "polling", **sections: str) -> Path:
    """A school's configuration with this Telegram as its channel."""
    telegram = {
        "enabled": True, "token": fake.token, "mode": mode, "api_base": fake.root_url, "webhook_secret": SECRET,
        "path": PATH,
    }  # fmt: skip
    mine = "\n".join(f"{key} = {json.dumps(value)}" for key, value in telegram.items())
    more = sections.pop("telegram", "")
    return write_config(folder, url, port, demo=False, **{"channels.telegram": f"{mine}\n{more}", **sections})


def people_the_school(
    database: Database, students: int = 0, on: tuple[str, ...] = ("李雷", "韩梅梅", "韩老师")
) -> None:
    """The fixed cast, and so many students beside them, who are on Telegram, as are these of the cast."""
    now = datetime.now(UTC)

    def unit(session: Session) -> None:
        remember_keys(session)
        settle(session, now, "webchat")
        bound = [(FIRST + place, person_of(session, name)) for place, name in enumerate(on)]
        for place in range(students):
            role = Role(f"2023{9000 + place}", f"学生{place}", "", "/sl/cs/cs2301/")
            bound.append((FIRST + 3 + place, add_person(session, role, now)))
        for number, person in bound:
            directory.account(session, CHANNEL, str(number), now).person_id = person.id

    database.run(unit)


def open_database(config: Path) -> Database:
    """A connection of the test's own, with the keys of a configuration."""
    settings = load(config, environment(), "en")
    return Database(settings.database.url.get_secret_value(), seal_of(settings))


def expire_leases(database: Database) -> None:
    """Let the time of every lease be over, as it is a while after its holder died."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    database.run(lambda session: session.execute(update(Sender).values(until_at=past)))


def column(session: Session, of: Any, *where: Any) -> list[Any]:
    """Every value of a column."""
    return list(session.execute(select(of).where(*where)).scalars())


def count(database: Database, table: Any, *where: Any) -> int:
    """How many rows."""
    return database.read(
        lambda session: session.execute(select(func.count()).select_from(table).where(*where)).scalar_one()
    )


def is_idle(database: Database, fake: TelegramFake) -> bool:
    """Whether nothing waits, neither at the platform nor in the inbox nor in the outbox."""
    unsent = (Outbox.bot == CHANNEL, Outbox.status.in_((Delivery.ready, Delivery.sending)))
    return not fake.updates.pending and not count(database, Inbox, Inbox.status == "waiting") and not count(
        database, Outbox, *unsent
    )  # fmt: skip


async def until(condition: Callable[[], bool], seconds: float = PATIENCE, pause: float = 0.02) -> None:
    """Wait for something that another process or task brings about."""
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "it did not happen"
        await asyncio.sleep(pause)


def post(database: Database, account: str, words: str, lane: Lane = Lane.interactive) -> str:
    """Put one message into the outbox of an account of Telegram; its row id."""
    return outgoing.post(database, account, words, lane, datetime.now(UTC), CHANNEL)


# -- a bot in this process


@dataclass
class Bot:
    """A whole bot in this process, with the fake that it talks to."""

    fake: TelegramFake
    parts: Parts
    bot: TelegramBot
    app: Starlette
    settings: Settings

    @property
    def database(self) -> Database:
        return self.parts.database

    def person(self, number: int = LILEI) -> Person:
        """Somebody who has pressed Start long ago."""
        return self.fake.person(f"人{number}", number, started=True)

    async def post(self, body: Any, *, secret: str | None = SECRET, **more: Any) -> int:
        """POST to the webhook; the status."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return (await knock(self.app, raw, [] if secret is None else [(HEADER, secret)], **more))[0]

    async def settle(self) -> None:
        """Wait until everything that came was worked on, and everything written was sent."""
        await until(lambda: is_idle(self.database, self.fake))

    async def hear(self, update: Any) -> list[str]:
        """Deliver one update as the webhook does; what the bot wrote meanwhile, to anybody."""
        before = len(self.fake.sent)
        assert await self.post(update) == 200
        await self.settle()
        return [sent.text for sent in self.fake.sent[before:]]

    def tickets(self) -> int:
        return count(self.database, Ticket)

    def received(self) -> int:
        return count(self.database, Received)

    def kept(self, status: str = "waiting") -> int:
        return count(self.database, Inbox, Inbox.status == status)


@asynccontextmanager
async def running(folder: Path, url: str, *, mode: str = "webhook", students: int = 0, work: bool = True,
                  limited: bool = False, **sections: str) -> AsyncIterator[Bot]:  # fmt: skip
    """A bot at work in this process; without `work` it only takes in."""
    async with TelegramFake(limited=limited, first_update=500) as fake:
        config = configure(folder, url, fake, 8000, mode, **sections)
        settings = load(config, environment(), "en")
        parts = put_together(settings)
        closing = asyncio.Event()
        tasks = []
        try:
            people_the_school(parts.database, students)
            store = Store(settings.store.folder, parts.database, settings.server.max_file_bytes, 1000)
            bot = TelegramBot(settings, parts.database, parts.door, store, lambda: datetime.now(UTC))
            app = server.build(
                settings, parts.database, parts.door, store, parts.school, closing, bot.routes(lambda _: None)
            )
            for number in range(FIRST, FIRST + 3 + students):
                fake.person(f"人{number}", number, started=True)
            if work:
                # The fake must not knock where nobody listens, so of the setting up only the rest is done.
                bot._webhook, hook = "", bot._webhook
                tasks = [bot.reception.run(closing), bot._courier.run(closing)]
                tasks += [] if hook else [bot._poller.run(closing)]
            async with bot._bot:
                working = [asyncio.create_task(each) for each in tasks]
                try:
                    yield Bot(fake, parts, bot, app, settings)
                finally:
                    closing.set()
                    await asyncio.gather(*working)
        finally:
            parts.database.close()


async def knock(
    app: Starlette, body: bytes | list[bytes], headers: list[tuple[str, str]], method: str = "POST", path: str = PATH,
    address: str = "127.0.0.1",
) -> tuple[int, bytes, dict[str, str], int]:  # fmt: skip
    """One request, as an ASGI server hands it on: its status, body, headers, and how many parts of its body were read."""
    parts = list(body) if isinstance(body, list) else [body]
    total, read, said = len(parts), 0, []

    async def receive() -> dict[str, Any]:
        nonlocal read
        if not parts:
            return {"type": "http.disconnect"}
        read += 1
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(message: Any) -> None:
        said.append(message)

    raw = [(b"host", b"127.0.0.1:8000"), *((name.encode(), value.encode("latin-1")) for name, value in headers)]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": raw,
        "client": (address, 40000), "server": ("127.0.0.1", 8000), "state": {},
    }  # fmt: skip
    await app(scope, receive, send)
    assert read <= total
    answered = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return said[0]["status"], b"".join(each.get("body", b"") for each in said[1:]), answered, read


def message(words: str | None, person: int = LILEI, number: int = 1, **more: Any) -> dict[str, Any]:
    """The Message of the Bot API that somebody wrote to the bot."""
    body: dict[str, Any] = {
        "message_id": 1000 + number,
        "from": {"id": person, "is_bot": False, "first_name": "李雷", "language_code": "zh-hans"},
        "chat": {"id": person, "type": "private", "first_name": "李雷"},
        "date": int(time.time()),
    }
    return body | ({} if words is None else {"text": words}) | more


def said(words: str | None, number: int = 1, person: int = LILEI, **more: Any) -> dict[str, Any]:
    """The update that brings it."""
    return {"update_id": number, "message": message(words, person, number, **more)}


def pressed(data: Any, number: int = 1, person: int = LILEI, on: int = 1, **more: Any) -> dict[str, Any]:
    """The update of a press."""
    bot = {"id": 7000000001, "is_bot": True, "first_name": "驿站"}
    card = {"message_id": on, "from": bot, "chat": {"id": person, "type": "private"}, "date": 1, "text": "…"}
    who = {"id": person, "is_bot": False, "first_name": "李雷", "language_code": "zh-hans"}
    query = {"id": f"q{number}", "from": who, "message": card, "chat_instance": "1", "data": data} | more
    return {"update_id": number, "callback_query": query}
