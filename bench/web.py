"""The door turn: POST /chat/say over the whole ASGI application, against a bare Starlette handler with the ORM."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import LargeBinary, String, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bench.core import copy, prepare
from bench.school import ROUND, START, Bench, open_school, wave
from bench.table import Row
from bot import server
from bot.cookies import PERSONAL, keyed, new_cookie
from bot.store import Store
from handlers import signins
from models.engines import open_engines
from models.message import Reply, unpack
from models.receiving import stored

App = Callable[[Any, Any, Any], Awaitable[None]]


async def call(
    app: App, address: str, headers: dict[str, str], body: bytes = b"", method: str = "POST"
) -> tuple[int, bytes]:  # fmt: skip
    """One request through an ASGI application, with nothing between: the status and the body."""
    path, _, query = address.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 50_000), "server": ("127.0.0.1", 8000),
    }  # fmt: skip
    status, parts = 0, []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)
        parts.append(message.get("body", b""))

    await app(scope, receive, send)
    return status, b"".join(parts)


def headers_for(body: bytes, cookie: str = "") -> dict[str, str]:
    """The headers that a page's script sends."""
    return {
        "host": "127.0.0.1:8000", "accept": "application/json", "sec-fetch-site": "same-origin",
        "content-type": "application/x-www-form-urlencoded", "content-length": str(len(body)),
        **({"cookie": f"yizhan={cookie}"} if cookie else {}),
    }  # fmt: skip


def application(bench: Bench, folder: Path) -> Starlette:
    """The whole application over a bench school."""
    parts = bench.parts
    store = Store(folder / "files", parts.database, 1_000_000, 100)
    return server.build(parts.settings, parts.database, parts.door, store, parts.school, asyncio.Event())


def sign_in(bench: Bench, settings_of: Any) -> dict[str, tuple[str, str]]:
    """Cookie and form token of every person by id, staff first."""

    def unit(session: Any) -> dict[str, tuple[str, str]]:
        from models.person import Person

        made = {}
        for person_id in session.execute(select(Person.id).order_by(Person.kind, Person.number)).scalars():
            cookie = new_cookie(PERSONAL)
            signins.enter(session, cookie, person_id, settings_of.now(), timedelta(days=30))
            made[person_id] = (cookie, keyed(settings_of, "form", cookie)[:32])
        return made

    return bench.parts.database.run(unit)


def play(bench: Bench, folder: Path, students: list[str]) -> tuple[int, float, Counter[str]]:
    """One wave through the ASGI application: messages, CPU seconds, and how many statements of each kind."""
    app = application(bench, folder)
    signed = sign_in(bench, app.state.web)
    loop, spent, counting, kinds = asyncio.new_event_loop(), 0.0, 0, Counter[str]()
    database = bench.parts.database
    engines = (database._write_engine, database._read_engine)  # noqa: SLF001 (nobody else need listen to them)

    def count(_connection: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
        kinds[statement.split(None, 1)[0].lower()] += counting

    for engine in engines:
        event.listen(engine, "before_cursor_execute", count)

    def say(who: str, words: str, press: str) -> tuple[Reply, ...]:
        nonlocal spent, counting
        bench.keys += 1
        cookie, token = signed[who]
        key = f"bench-{bench.hands.at:%j}-{bench.keys:08d}"
        body = urlencode({"text": words, "press": press, "key": key, "token": token}).encode()
        headers = headers_for(body, cookie)
        counting, began = 1, time.process_time()
        status, _ = loop.run_until_complete(call(app, "/chat/say", headers, body))
        spent += time.process_time() - began
        counting = 0
        if status != 200:
            message = f"the bench's message was answered with {status}"
            raise AssertionError(message)
        return _answer_of(bench, who, key)

    played = wave(bench, students, say)
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    return played, spent, kinds


def _answer_of(bench: Bench, who: str, key: str) -> tuple[Reply, ...]:
    """What was stored as the answer, for the presses that follow from it."""

    def query(session: Any) -> tuple[Reply, ...]:
        from models.dialogue import Received

        found = select(Received.key).where(Received.key.startswith(f"{who}:{key}:"))
        earlier = stored(session, "webchat", session.execute(found).scalar_one())
        assert earlier is not None
        return unpack(session.info["seal"].open(f"received.answer:{earlier.id}", earlier.answer))

    return bench.parts.database.read(query)


# -- the other side: nothing but Starlette and the ORM


class Base(DeclarativeBase):
    """The base of the bare application's table."""


class Line(Base):
    """A row like those that a message reads and writes: a key, a few short columns, and some bytes."""

    __tablename__ = "line"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), index=True)
    who: Mapped[str] = mapped_column(String(40), default="")
    status: Mapped[str] = mapped_column(String(12), default="new")
    seq: Mapped[int] = mapped_column(default=0)
    body: Mapped[bytes] = mapped_column(LargeBinary, default=b"x" * 300)


def bare(folder: Path, selects: int, inserts: int, updates: int) -> tuple[Starlette, Any]:
    """An application whose one handler reads a form, selects, inserts and updates through the ORM, and answers JSON.

    Its engine is the product's writing engine (pragmas and all), a request is one session and one commit in a worker
    thread: what a careful developer writes first.
    """
    engine = open_engines(f"sqlite:///{folder / 'bare.db'}", 1)[0]
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
    with Session(engine) as session:
        session.add_all([Line(id=number, key=f"k{number}") for number in range(1, 1001)])
        session.commit()

    def work(who: str, words: str) -> dict[str, object]:
        with Session(engine) as session:
            start = hash(who) % 900
            found = [
                session.execute(select(Line).where(Line.key == f"k{start + number}")).scalar_one()
                for number in range(1, selects + 1)
            ]
            for line in found[:updates]:
                line.seq += 1
            session.add_all([Line(key=f"n{number}", who=who, body=words.encode()) for number in range(inserts)])
            session.commit()
            return {"entries": [{"seq": line.seq, "key": line.key} for line in found[:2]], "who": who}

    async def say(request: Request) -> JSONResponse:
        form = await request.form()
        return JSONResponse(await run_in_threadpool(work, str(form["key"]), str(form["text"])))

    return Starlette(routes=[Route("/chat/say", say, methods=["POST"])]), engine


def play_bare(app: App, count: int) -> float:
    """CPU seconds of so many messages to the bare application."""
    loop = asyncio.new_event_loop()

    async def post(number: int) -> None:
        body = urlencode({"text": "x" * 30, "press": "", "key": f"bench-{number:08d}", "token": "t" * 32}).encode()
        status, _ = await call(app, "/chat/say", headers_for(body), body)
        if status != 200:
            message = f"the bare application answered {status}"
            raise AssertionError(message)

    for number in range(20):
        loop.run_until_complete(post(number))
    began = time.process_time()
    for number in range(count):
        loop.run_until_complete(post(number))
    spent = time.process_time() - began
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    return spent


def measure(folder: Path, students: int = 60, rounds: int = 3) -> list[Row]:
    """The row of the door turn; the two sides alternate, and the medians of the rounds count."""
    first, people = prepare(folder, students)
    ours, other = [], []
    mix = (0, 0, 0)
    for number in range(rounds):
        place = copy(first, folder / f"web{number}")
        bench = open_school(place, START + ROUND)
        count, spent, kinds = play(bench, place, people)
        bench.parts.database.close()
        ours.append(spent / count)
        mix = tuple(round(kinds[kind] / count) for kind in ("select", "insert", "update"))  # type: ignore[assignment]
        app, engine = bare(place, *mix)
        other.append(play_bare(app, count) / count)
        engine.dispose()
    what = "door turn, CPU ({} selects, {} inserts, {} updates)".format(*mix)
    return [Row(what, median(ours) * 1e3, "ms", median(other) * 1e3, 2)]
