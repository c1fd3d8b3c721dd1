"""A whole school with nothing stood in for: real door, real pages, real HTTP server, and the roles of the matrix."""

from __future__ import annotations

import asyncio
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import uvicorn
from sqlalchemy import func, select, update

from bot import app as program
from bot import server
from bot.cookies import ANONYMOUS, PERSONAL, STAFF, new_cookie, token_for
from bot.door import Answer, Door
from bot.settings import demo_settings
from bot.store import Store
from handlers import directory, seats, signins
from models.base import new_id
from models.db import Database
from models.dialogue import Received
from models.grid import Duty, Grid
from models.message import Incoming, Reply
from models.outbox import Outbox
from models.person import Account, Person
from models.ticket import Event, Ticket

IDLE: Final = timedelta(days=30)
AREAS: Final = (
    ("academic", "school", "/S/"), ("academic", "college", "/S/cs/"), ("academic", "class", "/S/cs/cs2301/"),
    ("academic", "college", "/S/civil/"), ("academic", "class", "/S/civil/ce2301/"),
    ("office", "office", "/S/psych/"), ("office", "office", "/S/logistics/"), ("office", "office", "/S/youth-league/"),
)  # fmt: skip
# name → (person, class, role, area, leads)
CAST: Final[dict[str, tuple[str, str, str, str, bool]]] = {
    "owner": ("李雷", "/S/cs/cs2301/", "", "", False),
    "classmate": ("韩梅梅", "/S/cs/cs2301/", "", "", False),
    "stranger": ("欧阳㛃", "/S/civil/ce2301/", "", "", False),
    "counselor": ("韩老师", "", "counselor", "/S/cs/cs2301/", False),
    "other_counselor": ("赵老师", "", "counselor", "/S/civil/ce2301/", False),
    "deputy": ("王书记", "", "deputy-secretary", "/S/cs/", True),
    "other_deputy": ("刘书记", "", "deputy-secretary", "/S/civil/", True),
    "officer": ("邓师傅", "", "officer", "/S/logistics/", False),
    "psych": ("宋老师", "", "psych-duty", "/S/psych/", False),
    "head": ("高处长", "", "head", "/S/", True),
    "inactive": ("离职老师", "", "counselor", "/S/cs/cs2301/", False),
}
ROLES: Final = ("anonymous", "visitor", *CAST)


@dataclass
class Said:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


@dataclass
class Place:
    """The parts of one running school; `changes` are sections of the settings."""

    url: str
    folder: Path
    changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    next_day: int = 2

    def __post_init__(self) -> None:
        self.settings = demo_settings(self.folder)
        patient = {"messages_per_minute": 10_000, "per_address_per_minute": 1_000_000, "files_per_hour": 10_000}
        changes = {"rate": patient, "limits": {"most_open_per_person": 1000}} | self.changes
        for section, values in changes.items():
            changed = getattr(self.settings, section).model_copy(update=values)
            self.settings = self.settings.model_copy(update={section: changed})
        self.database = Database(self.url, program.seal_of(self.settings))
        self.school = program.school_of(self.settings)
        self.now = datetime.now(UTC)
        self.database.run(self._settle)
        self.door = Door(self.database, self.school, self.settings.rate.messages_per_minute)
        server_ = self.settings.server
        store = Store(self.folder / "files", self.database, server_.max_file_bytes, self.settings.rate.files_per_hour)
        self.closing = asyncio.Event()
        self.app = server.build(self.settings, self.database, self.door, store, self.school, self.closing)
        self.web = self.app.state.web
        self.cookies = {name: self._cookie(name) for name in ROLES}
        self.seats = {name: self._seat(name) for name, row in CAST.items() if row[2]}
        self.database.run(lambda session: self._person(session, "inactive", active=False))
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End every stream, then the loop and the database."""

        async def end() -> None:
            self.closing.set()
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            await asyncio.wait(tasks, timeout=2) if tasks else None

        self.run(end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()
        self.database.close()

    def run(self, task: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(task, self.loop).result(120)

    # -- who is there

    def _settle(self, session: Any) -> None:
        for tree, level, path in AREAS:
            code = path.strip("/").rpartition("/")[2]
            session.add(Grid(id=new_id(self.now), tree=tree, level=level, code=code, name=code, path=path))
        session.flush()
        for number, (key, (name, area, _, _, _)) in enumerate(CAST.items()):
            session.add(Person(id=key.replace("_", "0"), number=f"N{number:04}", name=name, active=True,
                               kind="student" if area else "staff", academic_path=area or None))  # fmt: skip
        session.flush()
        for key, (_, _, role, path, leads) in CAST.items():
            if role:
                self.give_duty(session, key, role, path, leads=leads)
        self.school.catalogue.record(session, self.now)

    def give_duty(self, session: Any, who: str, role: str, path: str, *, leads: bool = False) -> None:
        session.add(Duty(id=new_id(self.now), person_id=who.replace("_", "0"), path=path, role=role, leads=leads,
                         from_at=self.now - timedelta(days=9)))  # fmt: skip

    def end_duties(self, session: Any, who: str) -> None:
        session.execute(update(Duty).where(Duty.person_id == who.replace("_", "0")).values(until_at=self.now))

    def _person(self, session: Any, who: str, *, active: bool) -> None:
        session.execute(update(Person).where(Person.id == who.replace("_", "0")).values(active=active))

    def activate(self, who: str, *, active: bool) -> None:
        self.database.run(lambda session: self._person(session, who, active=active))

    def _cookie(self, who: str) -> str:
        if who == "anonymous":
            return ""
        cookie = new_cookie(ANONYMOUS if who == "visitor" else PERSONAL)
        if who == "visitor":
            self.visitor = self.database.run(lambda session: signins.visit(session, cookie, self.now, IDLE)).account_key
        else:
            self.database.run(lambda session: signins.enter(session, cookie, who.replace("_", "0"), self.now, IDLE))
        return cookie

    def _seat(self, who: str) -> str:
        """The console cookie of a member of staff."""
        cookie, span = new_cookie(STAFF), seats.Span(timedelta(hours=2), timedelta(hours=12))
        self.database.run(lambda session: seats.take(session, cookie, who.replace("_", "0"), self.now, span))
        return cookie

    def account(self, who: str) -> str:
        return self.visitor if who == "visitor" else who.replace("_", "0")

    # -- the chat's door, without HTTP

    def hear(self, who: str, words: str = "", press: str = "", quote: str = "", key: str = "") -> Answer:
        """Say something as somebody, on the web chat's account."""
        now = datetime.now(UTC)
        incoming = Incoming("webchat", self.account(who), key or new_id(now), now, words, press, quote)
        answer: Answer = self.run(self.door.receive(incoming))
        return answer

    def leave_of(self, who: str, length: int = 1) -> Ticket:
        """Hand in a leave of so many days as a student does, after all earlier ones; answers with its ticket."""
        start = self.now.astimezone(self.school.zone) + timedelta(days=self.next_day)
        end = start + timedelta(days=length - 1)
        self.next_day += length
        self.clear(who)
        self._begin(who, "我要请假")
        for words in (
            "事假",
            f"{start:%Y年%m月%d日}上午8点到{end:%Y年%m月%d日}下午5点",
            "家里有事",
            "不离校",
        ):
            answer = self.hear(who, words)
        submit = next(c.send for reply in answer.replies for c in reply.choices if ":submit:" in c.send)
        answer = self.hear(who, press=submit)
        number = next(reply.card.ticket for reply in answer.replies if reply.card)
        return self.ticket(number)

    def _begin(self, who: str, wish: str, again: str = "") -> None:
        """Say a wish; who is asked for more by another matter says that this is one of its own."""
        answer = self.hear(who, wish)
        others = [c.send for reply in answer.replies for c in reply.choices if ":other:" in c.send]
        if any(":fill:" in c.send for reply in answer.replies for c in reply.choices):
            self.hear(who, press=others[0])
            if again:
                self.hear(who, again)

    def ticket(self, number: str) -> Ticket:
        found: Ticket = self.database.read(
            lambda session: session.execute(select(Ticket).where(Ticket.number == number)).scalar_one()
        )
        return found

    def clear(self, who: str) -> None:
        """Drop whatever forms and orders somebody has half said."""
        for _ in range(3):
            self.hear(who, "取消")

    def repair_of(self, who: str, where: str = "梅园3栋402") -> Ticket:
        """Report something broken as a student does; answers with its ticket."""
        self.clear(who)
        self._begin(who, "我要报修，空调坏了", "空调坏了")
        for words in (where, "不制冷", "跳过"):
            answer = self.hear(who, words)
        submit = next(c.send for reply in answer.replies for c in reply.choices if ":submit:" in c.send)
        self.hear(who, press=submit)
        return self.newest("dorm-repair")

    def newest(self, service: str) -> Ticket:
        statement = select(Ticket).where(Ticket.service == service).order_by(Ticket.opened_at.desc(), Ticket.id.desc())
        found: Ticket = self.database.read(lambda session: session.execute(statement.limit(1)).scalar_one())
        return found

    # -- what was written

    def footprint(self) -> tuple[int, int, int]:
        """How many events and notices there are, and the sum of all tickets' revisions."""

        def query(session: Any) -> tuple[int, int, int]:
            events = session.execute(select(func.count(Event.id))).scalar_one()
            notices = session.execute(select(func.count(Outbox.id))).scalar_one()
            return events, notices, session.execute(select(func.sum(Ticket.rev))).scalar() or 0

        found: tuple[int, int, int] = self.database.read(query)
        return found

    def written(self, ticket: Ticket) -> tuple[int, int]:
        """How many events a ticket has, and how many notices about it there are."""

        def query(session: Any) -> tuple[int, int]:
            events = select(func.count(Event.id)).where(Event.ticket_id == ticket.id)
            notices = select(func.count(Outbox.id)).where(Outbox.ticket_id == ticket.id)
            return session.execute(events).scalar_one(), session.execute(notices).scalar_one()

        found: tuple[int, int] = self.database.read(query)
        return found

    def quarantined(self) -> list[str]:
        """The traces of messages that tripped over a bug."""
        found: list[str] = self.database.read(
            lambda session: list(
                session.execute(select(Received.trace).where(Received.status == "quarantined")).scalars()
            )
        )
        return found

    def tell(self, who: str, reply: Reply) -> None:
        from handlers import notices
        from handlers.turn import Turn
        from models.outbox import Lane

        def unit(session: Any) -> None:
            address = directory.account(session, "webchat", self.account(who), self.now)
            notices.send(
                Turn(session, self.school, self.now, self.now), address, reply, Lane.reminder, new_id(self.now)
            )

        self.database.run(unit)

    def forget_accounts(self, who: str) -> str:
        found: str = self.database.read(
            lambda session: session.execute(select(Account.id).where(Account.key == self.account(who))).scalar_one()
        )
        return found

    # -- pages, without sockets

    def token(self, who: str, path: str = "") -> str:
        is_console = path.startswith("/console")
        return token_for(self.web, self.seats.get(who, "") if is_console else self.cookies[who])

    def call(
        self, method: str, path: str, who: str = "anonymous", headers: dict[str, str] | None = None, body: bytes = b""
    ) -> Said:
        """One request to the application itself."""
        sent = {"host": "127.0.0.1:8000"} | (headers or {})
        given = {"yizhan": self.cookies[who], "yizhan-console": self.seats.get(who, "")}
        if any(given.values()):
            sent.setdefault("cookie", "; ".join(f"{name}={value}" for name, value in given.items() if value))
        found: Said = self.run(_ask(self.app, method, path, sent, body))
        return found

    def post(self, path: str, who: str, headers: dict[str, str] | None = None, **fields: str) -> Said:
        """One posted form with the browser's own token."""
        return self.call(
            "POST", path, who, {"content-type": "application/x-www-form-urlencoded"} | (headers or {}),
            urlencode({"token": self.token(who, path)} | fields).encode(),
        )  # fmt: skip

    def say(self, who: str, words: str = "", *, script: bool = True, **fields: str) -> Said:
        """One message through the web page's own address, with its script or without."""
        given = {"text": words, "key": new_id(datetime.now(UTC))} | fields
        return self.post("/chat/say", who, {"accept": "application/json"} if script else {}, **given)

    # -- the real server

    @contextmanager
    def served(self) -> Iterator[int]:
        """The same application behind the HTTP server that `run` uses; answers with its port."""
        listener = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(
            self.app, log_config=None, access_log=False, server_header=False, lifespan="off",
            timeout_graceful_shutdown=2, proxy_headers=False, h11_max_incomplete_event_size=32_768,
        )  # fmt: skip
        running = uvicorn.Server(config)
        task = asyncio.run_coroutine_threadsafe(running.serve(sockets=[listener]), self.loop)
        until = time.monotonic() + 10
        while not running.started and time.monotonic() < until:
            time.sleep(0.005)
        try:
            yield listener.getsockname()[1]
        finally:
            running.should_exit = True
            task.result(10)
            listener.close()

    def ask(
        self, port: int, method: str, path: str, who: str = "anonymous", headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> Said:  # fmt: skip
        """One request over a socket."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        sent = dict(headers or {})
        if self.cookies[who]:
            sent.setdefault("cookie", f"yizhan={self.cookies[who]}")
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return Said(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()


async def _ask(app: Any, method: str, path: str, headers: dict[str, str], body: bytes) -> Said:
    plain, _, query = path.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": plain, "raw_path": plain.encode(), "query_string": query.encode("latin-1"),
        "root_path": "", "client": ("127.0.0.1", 50_000), "server": ("127.0.0.1", 8000), "app": app,
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
    }  # fmt: skip
    if body:
        scope["headers"].append((b"content-length", str(len(body)).encode()))
    answered, sent = asyncio.Event(), [False]
    said = Said(0, {}, b"")

    async def receive() -> dict[str, Any]:
        if not sent[0]:
            sent[0] = True
            return {"type": "http.request", "body": body, "more_body": False}
        await answered.wait()  # The reader of a stream goes away after its first piece.
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            said.status = message["status"]
            said.headers = {k.decode(): v.decode("latin-1") for k, v in message["headers"]}
        else:
            said.body += message.get("body", b"")
            answered.set()

    await app(scope, receive, send)
    if said.headers.get("content-encoding") == "gzip":
        import gzip

        said.body = gzip.decompress(said.body)
    return said
