"""Proofs that nothing is lost: a real server that is killed, pages that resend as ours does, and a checker of totals."""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.settings.values import new_key
from models.db import seal_of
from models.ticket import SealedAnswer, Ticket
from tests.house import ROOT

PATIENCE = 60.0  # Seconds after which a server that does not come or go is a failure of the test.
GIVE_UP = 10.0  # Seconds that a page waits for one answer before it sends again.


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**more: str) -> dict[str, str]:
    """The environment of a child: ours without settings of the bot."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("YIZHAN_")}
    return {**kept, "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), **more}


def write_config(folder: Path, url: str, port: int, *, demo: bool = False, **sections: str) -> Path:
    """A school's configuration with fresh keys, on a free port; sections add lines, such as rate="files_per_hour = 5"."""
    tables = {
        "school": f'base_url = "http://127.0.0.1:{port}"',
        "database": f'url = "{url.replace("+psycopg", "")}"',
        "keys": "\n".join(f'{name} = "{new_key()}"' for name in ("current", "index", "cookie")),
        "server": f"port = {port}\nsecure_cookies = false",
        "rate": "messages_per_minute = 10000\nper_address_per_minute = 1000000",
        "store": f'folder = "{folder / "files"}"',
        "backup": f'folder = "{folder / "backup"}"',
        "demo": "enabled = true\nlimit_scale = 1.0" if demo else "enabled = false",
    }
    for name, lines in sections.items():
        tables[name] = f"{tables.get(name, '')}\n{lines}"
    path = folder / "config.toml"
    path.write_text("".join(f"[{name}]\n{lines.strip()}\n\n" for name, lines in tables.items()), encoding="utf-8")
    path.chmod(0o600)
    return path


class Served:
    """`python -m bot run` in a child process of ours, which is never left behind."""

    def __init__(self, config: Path, port: int) -> None:
        self.config = config
        self.address = f"http://127.0.0.1:{port}"
        self.log = config.with_name("server.log")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, failpoint: str = "") -> None:
        """Begin to serve; failpoint: where it kills itself, such as "answered:3"."""
        more = {"YIZHAN_FAILPOINT": failpoint} if failpoint else {}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run", "--config", str(self.config)],
                cwd=self.config.parent, env=environment(**more), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def kill(self) -> None:
        """kill -9, by the id of the process that we started."""
        if self.process is not None and self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait(PATIENCE)

    async def dead(self) -> int:
        """Wait until it has died by itself; answers with its exit code."""
        assert self.process is not None
        return await asyncio.to_thread(self.process.wait, PATIENCE)

    async def healthy(self) -> None:
        """Wait until it answers."""
        give_up_at = time.monotonic() + PATIENCE
        async with aiohttp.ClientSession() as session:
            while True:
                try:
                    async with session.get(f"{self.address}/healthz") as response:
                        if response.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                assert self.process is not None
                assert self.process.poll() is None, f"died at start:\n{self.said()[-2000:]}"
                assert time.monotonic() < give_up_at, self.said()[-2000:]
                await asyncio.sleep(0.05)

    def said(self) -> str:
        """Everything that it has written so far."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""


@dataclass
class Totals:
    """What went in must come out: a checker in the manner of Jepsen's total queue, over names.

    attempts: what was meant to happen once; acknowledged: what the client was told happened; found: what is there.
    """

    attempts: Counter[str] = field(default_factory=Counter)
    acknowledged: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)

    @property
    def lost(self) -> list[str]:
        """Acknowledged, and not there."""
        return sorted((Counter(set(self.acknowledged)) - self.found).elements())

    @property
    def unanswered(self) -> list[str]:
        """Meant, and never acknowledged."""
        return sorted(set(self.attempts) - set(self.acknowledged))

    @property
    def doubled(self) -> list[str]:
        """There more than once, although it was meant once."""
        return sorted(name for name, count in self.found.items() if count > 1)

    @property
    def unexpected(self) -> list[str]:
        """There, although nobody meant it."""
        return sorted(set(self.found) - set(self.attempts))

    def check(self, what: str) -> None:
        """Fail with every list that is not empty."""
        wrong = {
            name: found for name in ("lost", "unanswered", "doubled", "unexpected") if (found := getattr(self, name))
        }
        assert not wrong, f"{what}: {wrong}"


@dataclass(frozen=True)
class Message:
    """One message or press of a page, under a key that the page made; opens: the words of the ticket that it opens."""

    key: str
    text: str = ""
    opens: str = ""
    press: str = ""


def script(who: int, count: int) -> list[Message]:
    """What a page says, `count` messages that open a ticket every second one.

    Two ways by turns: 找老师 and then the matter; and two lines that nobody understands, which become one ticket. A
    message that had its effect twice, or none, would shift every pair after it, and the tickets' words would show it.
    """
    said: list[Message] = []
    for turn in range(count // 2):
        name = f"{who:02}-{turn:02}"
        first, second = ("找老师", f"第{name}件：想问问") if turn % 2 == 0 else (f"呜噜呜噜{name}", f"哇啦哇啦{name}")
        opens = second if turn % 2 == 0 else f"{first}\n{second}"
        said += [Message(secrets.token_hex(16), first), Message(secrets.token_hex(16), second, opens)]
    return said


class Page:
    """A page in a browser that is signed in: sends one message after the other, each again until it is answered."""

    def __init__(self, address: str, cookie: str, messages: Iterable[Message], chance: random.Random) -> None:
        self.address = address
        self.messages = list(messages)
        self.answers: dict[str, str] = {}
        self.answered_at: list[float] = []
        self.sent = 0
        self._chance = chance
        self._cookie = cookie
        self._token = ""
        self._seq = 0

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[aiohttp.ClientSession]:
        headers = {"cookie": f"yizhan={self._cookie}", "accept": "application/json"}
        async with aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), headers=headers, timeout=aiohttp.ClientTimeout(GIVE_UP)
        ) as session:
            yield session

    async def play(self, gate: asyncio.Semaphore) -> None:
        """Say everything, as fast as the gate lets through."""
        async with self._session() as session:
            for message in self.messages:
                await gate.acquire()
                await self.settle(session, message)

    async def settle(self, session: aiohttp.ClientSession, message: Message) -> None:
        """Send one message until it is answered."""
        if message not in self.messages:
            self.messages.append(message)
        tabs = 2 if self._chance.random() < 0.1 else 1  # A page that was reloaded sends beside the older one.
        said = await asyncio.gather(*(self._say(session, message) for _ in range(tabs)))
        assert len(set(said)) == 1, f"two copies of {message.key} were answered differently"
        self.answers[message.key] = said[0]
        self.answered_at.append(time.monotonic())

    async def replay(self) -> None:
        """Send every key once more: the same answer must come."""
        async with self._session() as session:
            for message in self.messages:
                assert await self._say(session, message) == self.answers[message.key]

    async def _say(self, session: aiohttp.ClientSession, message: Message) -> str:
        while True:
            try:
                if not self._token:
                    self._token = await self._poll_token(session)
                fields = {"token": self._token, "key": message.key, "seen": str(self._seq)}
                fields |= {"press": message.press} if message.press else {"text": message.text}
                self.sent += 1
                async with session.post(f"{self.address}/chat/say", data=fields) as response:
                    body = await response.json(content_type=None)
                    if response.status == 200:
                        (entry,) = body["entries"]
                        assert entry["key"] == message.key
                        self._seq = max(self._seq, entry["seq"])
                        return f"{entry['seq']}\n{entry['html']}"
                    assert response.status == 429 or response.status > 500, f"{response.status}: {body}"
            except (aiohttp.ClientError, TimeoutError, ValueError):
                pass  # A ValueError is an answer that was cut off.
            await asyncio.sleep(0.05 + self._chance.random() * 0.15)

    async def _poll_token(self, session: aiohttp.ClientSession) -> str:
        async with session.get(f"{self.address}/chat/poll?after=0") as response:
            response.raise_for_status()
            body = await response.json()
            assert body["who"] != "visitor"
            return str(body["token"])

    async def stream(self, first: int = 0) -> list[tuple[int, str]]:
        """The number and key of every entry after the first so many, polled piece by piece as a page does."""
        found: list[tuple[int, str]] = []
        async with self._session() as session:
            while True:
                after = found[-1][0] if found else first
                async with session.get(f"{self.address}/chat/poll?after={after}") as response:
                    entries = (await response.json())["entries"]
                if not entries:
                    return found
                found += [(entry["seq"], entry["key"]) for entry in entries]


def ticket_words(session: Session) -> list[str]:
    """What every ticket was opened with, by number, opened where it is sealed; tickets without words are left out."""
    seal = seal_of(session)
    found = {
        ticket.id: ticket.answers.get("words") for ticket in session.scalars(select(Ticket).order_by(Ticket.number))
    }
    for row in session.scalars(select(SealedAnswer).where(SealedAnswer.field == "words")):
        found[row.ticket_id] = json.loads(seal.open(f"sealed_answer.value:{row.id}", row.value))
    return [words for words in found.values() if words]


def words_of(html: str) -> str:
    """What an entry says, without its tags."""
    return re.sub(r"<[^>]+>", "", html)
