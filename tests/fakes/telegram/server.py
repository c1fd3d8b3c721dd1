"""The fake of api.telegram.org on loopback: requests in, faults, answers out."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from multidict import CIMultiDict

from tests.fakes.telegram.control import Control
from tests.fakes.telegram.faults import REFUSALS, Fault, Faults
from tests.fakes.telegram.files import Files, Upload
from tests.fakes.telegram.limits import Limits, Pace, too_many
from tests.fakes.telegram.people import Group, Person, Stage
from tests.fakes.telegram.queues import CALLBACK_SECONDS, Updates
from tests.fakes.telegram.reading import plain, read
from tests.fakes.telegram.settings import Settings
from tests.fakes.telegram.webhook import Webhook
from tests.fakes.telegram.world import Clock, Json, Refusal, Sent, User, World

TOKEN = "7000000001:AAFakeFakeFakeFakeFakeFakeFakeFakeFake"
PATH = re.compile(r"/(?P<file>file/)?bot(?P<token>[^/]+)/(?P<rest>.+)")
LARGEST_BODY = 60 << 20
MOST_UNSENT = 310  # in one chat [srv Client.h MAX_CONCURRENTLY_SENT_CHAT_MESSAGES, facts §1.1]
WRITES = {"sendmessage", "sendphoto", "senddocument", "sendmediagroup", "copymessage"}
Handler = Callable[[dict[str, str], dict[str, Upload]], Any]


class TelegramFake:
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
        self.token, self.clock = token, clock or Clock()
        self.bot = User(int(token.partition(":")[0]), "驿站", username="yizhan_test_bot", is_bot=True)
        self.world = World(self.bot, self.clock)
        self.files = Files(self.clock)
        self.limits = Limits((pace or Pace()) if limited else None, self.clock)
        self.faults = Faults(seed)
        self.updates = Updates(self.clock, seed, first_update, hold_conflicts)
        self.methods = Settings(self.world, self.files, self.limits, callback_seconds=callback_seconds)
        self.methods.changed = self._changed
        self.webhook = Webhook(self.updates, self.clock, self._obey, webhook_scale, seed)
        self.requests: list[tuple[float, str, dict[str, str]]] = []  # every one, before anything happened to it
        self.answers: Counter[str] = Counter()  # "200", "429", "403 Forbidden: …"
        self._stage = Stage(self.world, self.files, self.updates, self.methods, self._changed, count(1))
        self._gap, self._flood_hold, self._port = webhook_gap, flood_hold, port
        self._people: dict[int, Person] = {}
        self._groups: dict[int, Group] = {}
        self._unsent: Counter[str] = Counter()
        self._news = asyncio.Event()
        self._transports: set[asyncio.BaseTransport] = set()
        self._runner: web.ServerRunner | None = None
        self._site: web.BaseSite | None = None
        self._table: dict[str, Handler] = {
            name.replace("_", ""): getattr(self.methods, name)
            for name in dir(Settings)
            if re.match(r"(send|edit|delete|copy|set|get|answer|create|close|reopen)_", name)
        }
        self.control = Control(self)

    # --- starting and stopping --------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        server = web.Server(self._answer, request_factory=_request, access_log=None)
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

    def _changed(self) -> None:
        self._news.set()

    # --- answering --------------------------------------------------------------------------------------------------

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.transport is not None:
            self._transports.add(request.transport)
        if request.path.startswith("/control"):
            return await self.control.answer(request)
        found = PATH.fullmatch(request.path)
        if found is None:
            return _reply(Refusal(404, "Not Found"))
        if found["token"] != self.token:
            # [srv ClientManager]: a token of the wrong shape is told so, a revoked one is only unauthorized.
            shaped = re.fullmatch(r"\d+:[\w-]{10,}", found["token"])
            return self._count(
                _reply(Refusal(401, "Unauthorized" if shaped else "Unauthorized: invalid token specified"))
            )
        if found["file"]:
            return self._file(found["rest"])
        try:
            args, files = await read(request)
        except Refusal as refusal:
            return self._count(_reply(refusal))
        method = found["rest"].lower()
        self.requests.append((self.clock.now(), method, args))
        chat = args.get("chat_id", "") if method in WRITES else ""
        self._unsent[chat] += 1
        try:
            if chat and self._unsent[chat] > MOST_UNSENT:
                await asyncio.sleep(self._flood_hold)
                return self._count(_reply(too_many(60)))  # [srv fail_query_flood_limit_exceeded]
            fault = self.faults.strike(method, args)
            if fault is None:
                return await self._do(method, args, files)
            return await self._fail(request, fault, method, args, files)
        finally:
            self._unsent[chat] -= 1
            self._news.set()

    def _count(self, response: web.Response) -> web.Response:
        self.answers[str(response.status)] += 1
        return response

    def _file(self, path: str) -> web.Response:
        try:
            return web.Response(body=self.files.fetch(path).content, content_type="application/octet-stream")
        except Refusal as refusal:
            return _reply(refusal)

    async def _do(self, method: str, args: dict[str, str], files: dict[str, Upload]) -> web.Response:
        """Do what a method does and word the answer."""
        try:
            return self._count(await self._run(method, args, files))
        except Refusal as refusal:
            return self._count(_reply(refusal))

    async def _run(self, method: str, args: dict[str, str], files: dict[str, Upload]) -> web.Response:
        if method == "getupdates":
            if self.webhook.url:
                await self.updates.conflict(
                    "Conflict: can't use getUpdates method while webhook is active; "
                    "use deleteWebhook to delete the webhook first"
                )
            self.updates.ask_for(args.get("allowed_updates"))
            found = await self.updates.get(_int(args, "offset", 0), _int(args, "limit", 100), _int(args, "timeout", 0))
            body = f'{{"ok":true,"result":{found}}}'.encode("utf-8", "surrogatepass")
            return web.Response(body=body, content_type="application/json")
        if method in {"setwebhook", "deletewebhook"}:
            wish = args if method == "setwebhook" else {key: args[key] for key in args if key != "url"}
            done, words = await self.webhook.set(wish, gap=self._gap)
            return _ok(done, description=words)
        if method == "getwebhookinfo":
            return _ok(self.webhook.info())
        handler = self._table.get(method)
        if handler is None:
            raise Refusal(404, "Not Found: method not found")
        return _ok(handler(args, files))

    async def _obey(self, method: str, wish: Json) -> None:
        await self._do(method, plain({key: value for key, value in wish.items() if key != "method"}), {})

    async def _fail(
        self, request: web.BaseRequest, fault: Fault, method: str, args: dict[str, str], files: dict[str, Upload]
    ) -> web.StreamResponse:
        """Let one fault strike."""
        if fault.kind in {"refuse", "throttle"}:
            return self._count(_reply(self._refusal(fault, args)))
        if fault.kind == "error_before":
            return self._count(_broken(fault))
        if fault.kind == "slow_before":
            await asyncio.sleep(fault.seconds)
        done = web.Response() if fault.kind == "reset_before" else await self._do(method, args, files)
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        if fault.kind in {"slow", "slow_before"}:
            return done
        if fault.kind == "error_after":
            return self._count(_broken(fault))
        body = done.body if isinstance(done.body, bytes) else b""
        if fault.kind == "truncated":
            return web.Response(body=body[: len(body) // 2], content_type="application/json")
        if fault.kind == "hang":
            while request.transport is not None and not request.transport.is_closing():  # noqa: ASYNC110 (nobody tells a handler that its client left)
                await asyncio.sleep(0.05)
        if fault.kind == "cut":
            response = web.StreamResponse(
                headers={"Content-Type": "application/json", "Content-Length": str(len(body))}
            )
            await response.prepare(request)
            await response.write(body[: len(body) // 2])
            await asyncio.sleep(0.01)
        if request.transport is not None and isinstance(request.transport, asyncio.Transport):
            request.transport.abort()
        return done

    def _refusal(self, fault: Fault, args: dict[str, str]) -> Refusal:
        if fault.kind == "throttle":
            return self.limits.throttle(_int(args, "chat_id", 0), fault.seconds)
        code, words = REFUSALS.get(fault.description, (fault.code, fault.description))
        return Refusal(code, words, **fault.parameters)


def _request(
    message: Any, payload: Any, protocol: Any, writer: Any, task: asyncio.Task[None]
) -> web.BaseRequest:  # fmt: skip
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST_BODY)


def _int(args: dict[str, str], key: str, default: int) -> int:
    found = re.match(r"-?\d{1,10}", args.get(key, ""))
    return int(found[0]) if found else default if not args.get(key) else 0


def _ok(result: Any, **more: Any) -> web.Response:
    body = json.dumps({"ok": True, "result": result} | more, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return web.Response(body=body, content_type="application/json")


def _reply(refusal: Refusal) -> web.Response:
    body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    headers: CIMultiDict[str] = CIMultiDict()
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    if "retry_after" in refusal.parameters:
        headers["Retry-After"] = str(refusal.parameters["retry_after"])
    return web.json_response(body, status=refusal.code, headers=headers)


def _broken(fault: Fault) -> web.Response:
    """A 500 of the server is JSON, a 502 comes from what stands before it and is a page."""
    if fault.code == 500:
        return _reply(Refusal(500, fault.description or "Internal Server Error: Request aborted"))
    return web.Response(text="<html><h1>502 Bad Gateway</h1></html>", status=fault.code, content_type="text/html")
