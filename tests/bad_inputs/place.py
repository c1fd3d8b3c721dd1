"""A whole school with nothing stood in for: real door, real pages, real HTTP server."""

from __future__ import annotations

import asyncio
import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import uvicorn
from sqlalchemy import func, select

from bot.cookies import token_for
from bot.door import Answer
from handlers import directory
from models.base import new_id
from models.dialogue import Received
from models.message import Incoming, Reply
from models.outbox import Outbox
from models.person import Account
from models.ticket import Event, Ticket
from tests.bad_inputs.cast import Settled


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
class Place(Settled):
    """What tests do to such a school and read of it: talk, ask for pages, and serve it."""

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
