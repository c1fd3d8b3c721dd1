"""One request to the fake of api.telegram.org: who asks, whether a fault strikes, and how the answer is worded."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from aiohttp import web
from multidict import CIMultiDict

from tests.fakes.telegram.faults import REFUSALS, Fault, Faults
from tests.fakes.telegram.files import Files, Upload
from tests.fakes.telegram.limits import Limits, Pace, too_many
from tests.fakes.telegram.queues import Updates
from tests.fakes.telegram.reading import plain, read
from tests.fakes.telegram.settings import Settings
from tests.fakes.telegram.webhook import Webhook
from tests.fakes.telegram.world import Clock, Json, Refusal, User, World

PATH = re.compile(r"/(?P<file>file/)?bot(?P<token>[^/]+)/(?P<rest>.+)")
MOST_UNSENT = 310  # in one chat [srv Client.h MAX_CONCURRENTLY_SENT_CHAT_MESSAGES, facts §1.1]
WRITES = {"sendmessage", "sendphoto", "senddocument", "sendmediagroup", "copymessage"}
Handler = Callable[[dict[str, str], dict[str, Upload]], Any]


class Answering:
    """The parts of one bot's Telegram, and what they answer; server.py says what each option means, and opens the port."""

    def __init__(
        self, *, token: str, pace: Pace | None, limited: bool, seed: int, clock: Clock | None, webhook_scale: float,
        webhook_gap: float, hold_conflicts: float, callback_seconds: float, first_update: int, flood_hold: float,
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
        self._gap, self._flood_hold = webhook_gap, flood_hold
        self._unsent: Counter[str] = Counter()
        self._news = asyncio.Event()
        self._table: dict[str, Handler] = {
            name.replace("_", ""): getattr(self.methods, name)
            for name in dir(Settings)
            if re.match(r"(send|edit|delete|copy|set|get|answer|create|close|reopen)_", name)
        }

    def _changed(self) -> None:
        self._news.set()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
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
