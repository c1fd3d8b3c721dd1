"""The fake of api.telegram.org on loopback: its port, the people on it, and what was delivered."""

from __future__ import annotations

import asyncio
import json
import socket
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fakes.telegram.answering import Answering
from tests.fakes.telegram.control import Control
from tests.fakes.telegram.limits import Pace
from tests.fakes.telegram.people import Group, Person, Stage
from tests.fakes.telegram.queues import CALLBACK_SECONDS
from tests.fakes.telegram.world import Clock, Json, Sent, User

TOKEN = "7000000001:AAFakeFakeFakeFakeFakeFakeFakeFakeFake"
LARGEST_BODY = 60 << 20


class TelegramFake(Answering):
    """One bot's Telegram: `async with TelegramFake() as fake`; `root_url` is the settings' api_base.

    limited=False sets no limits, `pace` other ones; injected 429s bind either way. webhook_scale multiplies the delays
    between deliveries (0.01: 2 s become 0.02 s). webhook_gap, hold_conflicts, flood_hold: seconds that the real server
    waits between setWebhooks, before a repeated 409 and before the 429 of its guard. `clock.advance` makes hours pass.
    """

    def __init__(
        self, *, token: str = TOKEN, port: int = 0, pace: Pace | None = None, limited: bool = True, seed: int = 1,
        clock: Clock | None = None, webhook_scale: float = 1.0, webhook_gap: float = 1.0, hold_conflicts: float = 3.0,
        callback_seconds: float = CALLBACK_SECONDS, first_update: int = 0, flood_hold: float = 3.0,
    ) -> None:  # fmt: skip
        super().__init__(
            token=token, pace=pace, limited=limited, seed=seed, clock=clock, webhook_scale=webhook_scale,
            webhook_gap=webhook_gap, hold_conflicts=hold_conflicts, callback_seconds=callback_seconds,
            first_update=first_update, flood_hold=flood_hold,
        )  # fmt: skip
        self._stage = Stage(self.world, self.files, self.updates, self.methods, self._changed, count(1))
        self._port = port
        self._people: dict[int, Person] = {}
        self._groups: dict[int, Group] = {}
        self._transports: set[asyncio.BaseTransport] = set()
        self._runner: web.ServerRunner | None = None
        self._site: web.BaseSite | None = None
        self.control = Control(self)

    # --- starting and stopping --------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        server = web.Server(self._receive, request_factory=_request, access_log=None)
        self._runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=0.05)
        await self._runner.setup()
        await self.accept_connections()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.webhook.stop()
        if self._runner is not None:
            self._break_all()
            await self._runner.cleanup()
            await asyncio.sleep(0)

    @property
    def port(self) -> int:
        """Where it listens on 127.0.0.1."""
        return self._port

    @property
    def root_url(self) -> str:
        """The settings' api_base."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """What goes before the token: `{base_url}{token}/{method}`."""
        return f"http://127.0.0.1:{self._port}/bot"

    @property
    def file_url(self) -> str:
        """The same for files."""
        return f"http://127.0.0.1:{self._port}/file/bot"

    @property
    def control_url(self) -> str:
        """The door for tests in other processes."""
        return f"http://127.0.0.1:{self._port}/control"

    async def refuse_connections(self) -> None:
        """No Telegram: nobody listens, and open connections break."""
        if self._site is not None:
            await self._site.stop()
            self._site = None
        self._break_all()

    async def accept_connections(self) -> None:
        """Telegram again, at the same port."""
        if self._site is None and self._runner is not None:
            door = socket.socket()
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind(("127.0.0.1", self._port))
            self._port = door.getsockname()[1]
            self._site = web.SockSite(self._runner, door)
            await self._site.start()

    async def _receive(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.transport is not None:
            self._transports.add(request.transport)
        if request.path.startswith("/control"):
            return await self.control.answer(request)
        return await self._answer(request)

    def _break_all(self) -> None:
        for transport in self._transports:
            if isinstance(transport, asyncio.Transport):
                transport.abort()
        self._transports.clear()

    # --- people and groups ------------------------------------------------------------------------------------------

    def person(self, first_name: str = "李雷", user_id: int = 0, *, started: bool = False, **more: Any) -> Person:
        """Somebody, new or known; `started` opens the chat without an update, as if /start had been long ago."""
        user_id = user_id or next((one.id for one in self._people.values() if one.user.first_name == first_name), 0)
        if user_id not in self._people:
            user_id = user_id or 1000 + len(self._people) + 1
            self._people[user_id] = Person(self._stage, User(user_id, first_name, **more))
        person = self._people[user_id]
        if started:
            self.world.open_private(person.user)
        return person

    def group(self, title: str, owner: Person, kind: str = "supergroup", *, forum: bool = False, bot_status: str = "administrator") -> Group:  # fmt: skip
        """A new group: kind "group" or "supergroup"."""
        group = Group(self._stage, self.world.open_group(title, kind, forum=forum, bot_status=bot_status), owner)
        self._groups[group.id] = group
        return group

    def find_group(self, chat_id: int) -> Group:
        """A group by its present id."""
        return next(group for group in self._groups.values() if group.id == chat_id)

    def inject(self, update: Json, *, queue: int = 0, seconds: float = 86400.0) -> int:
        """Put any update in, under the next id unless it has one."""
        number = int(update.get("update_id", 0)) or self.updates.take_number()
        body = json.dumps({"update_id": number} | update, ensure_ascii=False)
        return self.updates.add_raw(body, seconds, queue, number)

    def poison(self, shape: str = "", chat_id: int = 0) -> int:
        """An update that no client library understands, in the queue of a chat; without a shape any of them, by the seed."""
        number = self.updates.take_number()
        shapes: dict[str, Any] = {
            "odd": {"message": {"message_id": "x", "chat": [], "date": {}, "from": 7}},
            "unknown": {"telepathy": {"thought": "…"}},
            "empty": {},
            "null": {"message": None},
            "surrogate": {"message": {"message_id": 1, "date": 1, "chat": {"id": chat_id, "type": "private"}, "text": "\ud800"}},
            "nested": {"message": {"message_id": 1, "chat": {"id": chat_id, "type": "private"}, "entities": [[[[[]]]]]}},
        }  # fmt: skip
        shape = shape or self.faults.dice.choice(sorted(shapes))
        return self.updates.add_raw(json.dumps({"update_id": number} | shapes[shape]), 86400.0, chat_id, number)

    # --- looking ----------------------------------------------------------------------------------------------------

    @property
    def sent(self) -> list[Sent]:
        """Everything delivered, in order."""
        return self.world.sent

    def texts(self, chat_id: int = 0) -> list[str]:
        """The words delivered, as first sent, everywhere or to one chat."""
        return [sent.text for sent in self.sent if chat_id in (0, sent.chat_id)]

    def doubles(self) -> list[tuple[int, str, int]]:
        """(chat, text, how often) of what reached one chat more than once."""
        seen = Counter((sent.chat_id, sent.text) for sent in self.sent)
        return [(chat, text, times) for (chat, text), times in seen.items() if times > 1]

    async def until(self, true: Callable[[], bool], seconds: float = 5.0) -> None:
        """Wait until something holds, looking again after each request and each change; TimeoutError if it never does."""
        async with asyncio.timeout(seconds):
            while not true():
                self._news.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), 0.05)

    async def wait_for_sent(self, at_least: int, chat_id: int = 0, seconds: float = 5.0) -> list[Sent]:
        """Wait until so many messages were delivered; returns them."""
        found: Callable[[], list[Sent]] = lambda: [s for s in self.sent if chat_id in (0, s.chat_id)]  # noqa: E731
        await self.until(lambda: len(found()) >= at_least, seconds)
        return found()

    def statistics(self) -> Json:
        """All counts, as plain values."""
        per_chat: defaultdict[int, int] = defaultdict(int)
        for sent in self.sent:
            per_chat[sent.chat_id] += 1
        return {
            "requests": dict(Counter(method for _, method, _ in self.requests)),
            "answers": dict(self.answers),
            "sent": len(self.sent),
            "per_chat": {str(chat): number for chat, number in per_chat.items()},
            "doubles": self.doubles(),
            "most_in_a_second": self.limits.fastest(),
            "throttled": sum(self.limits.throttled.values()),
            "ignored_429": len(self.limits.ignored),
            "updates": self.updates.info(),
            "deliveries": len(self.webhook.deliveries),
            "highest_in_flight": self.webhook.highest_in_flight,
            "highest_loaded": self.webhook.highest_loaded,
        }


def _request(
    message: Any, payload: Any, protocol: Any, writer: Any, task: asyncio.Task[None]
) -> web.BaseRequest:  # fmt: skip
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST_BODY)
