"""Delivery by webhook: one ordered queue per key, retries that grow, and never more at once than was allowed."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.fakes.telegram.limits import too_many
from tests.fakes.telegram.queues import Pending, Updates
from tests.fakes.telegram.world import Clock, Json, bad

LONGEST_DELAY = 60  # seconds, up to twice that at random [srv WEBHOOK_MAX_RESEND_TIMEOUT]
LONGEST_RETRY_AFTER = 3600
GONE_SECONDS = 23 * 3600  # so long a webhook may answer 410 before it is removed [srv WEBHOOK_DROP_TIMEOUT]
ANSWER_SECONDS = 60.0  # [srv idle timeout; levlam bot-api#211]
SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
Callback = Callable[[str, Json], Awaitable[Any]]


@dataclass
class Delivery:
    """One POST to the bot, for tests to look at."""

    update_id: int
    queue: int
    at: float  # loop time
    status: int = 0  # 0: no answer


@dataclass
class Webhook:
    """Where updates go, and the actor that brings them [srv WebhookActor]."""

    updates: Updates
    clock: Clock
    call: Callback  # runs a method that the bot returned as its answer
    scale: float = 1.0  # of all delays between tries; 0.01 makes 2, 4, 8 s into hundredths
    seed: int = 1
    url: str = ""
    secret: str = ""
    most: int = 40
    settled_at: float = float("-inf")
    deliveries: list[Delivery] = field(default_factory=list)
    last_error_at: int = 0
    last_error: str = ""
    highest_in_flight: int = 0
    highest_loaded: int = 0
    replies: list[Json] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)  # that were set between tries, in the server's seconds

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self._loaded: dict[int, deque[Pending]] = {}
        self._known: set[Pending] = set()
        self._busy: set[int] = set()
        self._running: asyncio.Task[None] | None = None
        self._posts: set[asyncio.Task[None]] = set()
        self._gone_since = 0.0

    async def set(self, args: dict[str, str], *, gap: float) -> tuple[bool, str]:
        """SetWebhook and deleteWebhook, with the server's checks and sentences [srv do_set_webhook]."""
        url = args.get("url", "")
        now = asyncio.get_running_loop().time()
        if url:
            if now < self.settled_at + gap:
                raise too_many(1)  # once a second
            self.settled_at = now
            # The real one insists on https and ports 443, 80, 88, 8443; a fake on loopback takes plain http.
            if not re.match(r"https?://[\w.:\[\]-]+(/|$)", url):
                raise bad("invalid webhook URL specified")
            if len(args.get("secret_token", "")) > 256:
                raise bad("secret token is too long")
            if not SECRET.fullmatch(args.get("secret_token", "")):
                raise bad("secret token contains unallowed characters")
        had = bool(self.url)
        new = (url, args.get("secret_token", "") if url else "", _most(args))
        if args.get("drop_pending_updates", "").lower() in {"true", "yes", "1"}:
            self.updates.clear()
        self.updates.ask_for(args.get("allowed_updates") if url else None)
        if url and had and new == (self.url, self.secret, self.most):
            return True, "Webhook is already set"
        await self.stop()
        self.url, self.secret, self.most = new
        if not url:
            return True, "Webhook was deleted" if had else "Webhook is already deleted"
        self.updates.end_poll("Conflict: terminated by setWebhook request")
        self._running = asyncio.create_task(self._run())
        return True, "Webhook was set"

    async def stop(self) -> None:
        """End all deliveries; what was not answered is sent again by whoever comes next."""
        for task in [*self._posts, *([self._running] if self._running else [])]:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self._running = None
        self._loaded.clear()
        self._known.clear()
        self._busy.clear()

    def info(self) -> Json:
        """The WebhookInfo object."""
        shown: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates.pending),
        }
        if self.url:
            shown |= {"max_connections": self.most, "ip_address": "127.0.0.1"}
        if self.last_error:
            shown |= {"last_error_date": self.last_error_at, "last_error_message": self.last_error}
        return shown | {"allowed_updates": sorted(self.updates.allowed)}

    async def _run(self) -> None:
        # Connections are kept as the server keeps them.
        connector = aiohttp.TCPConnector(limit=self.most)
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
            while True:
                self.updates.wake_webhook.clear()
                self._load()
                wait = self._send(session)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.updates.wake_webhook.wait(), wait)

    def _load(self) -> None:
        """Take updates from the queue, never more than twice the connections [srv max_loaded_updates_]."""
        self.updates.drop_expired()
        for key, row in list(self._loaded.items()):  # Forgotten meanwhile: too old, or dropped.
            gone = [update for update in row if update.gone and key not in self._busy]
            for update in gone:
                row.remove(update)
                self._known.discard(update)
            if not row:
                del self._loaded[key]
        for update in self.updates.pending:
            if len(self._known) >= 2 * self.most:
                break
            if update not in self._known:
                self._known.add(update)
                self._loaded.setdefault(update.queue or -update.id * 2**40, deque()).append(update)
        self.highest_loaded = max(self.highest_loaded, len(self._known))

    def _send(self, session: aiohttp.ClientSession) -> float | None:
        """Start what may go now; return the seconds until the next may."""
        now = asyncio.get_running_loop().time()
        ready = sorted((row[0].wake_at, key) for key, row in self._loaded.items() if key not in self._busy)
        for wake_at, key in ready:
            if wake_at > now:
                return wake_at - now
            if len(self._busy) >= self.most:
                return None
            self._busy.add(key)
            self.highest_in_flight = max(self.highest_in_flight, len(self._busy))
            post = asyncio.create_task(self._post(session, key, self._loaded[key][0]))
            self._posts.add(post)
            post.add_done_callback(self._posts.discard)
        return None

    async def _post(self, session: aiohttp.ClientSession, key: int, update: Pending) -> None:
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        delivery = Delivery(update.id, key, asyncio.get_running_loop().time())
        self.deliveries.append(delivery)
        body = update.body.encode("utf-8", "surrogatepass")
        try:
            async with session.post(self.url, data=body, headers=headers) as answer:
                delivery.status = answer.status
                await self._heard(update, answer, await answer.read())
        except aiohttp.ClientConnectorError:
            self._note("Connection refused")
            update.wake_at = (
                asyncio.get_running_loop().time() + self.scale
            )  # No connection is no failure of the update.
        except (aiohttp.ClientError, TimeoutError):
            self._fail(update, "Webhook connection closed", 0)
        finally:
            self._busy.discard(key)
            self.updates.wake_webhook.set()

    async def _heard(self, update: Pending, answer: aiohttp.ClientResponse, body: bytes) -> None:
        if 200 <= answer.status <= 299:
            self._gone_since = 0.0
            self.updates.forget(update)
            self._known.discard(update)
            for row in self._loaded.values():
                if row and row[0] is update:
                    row.popleft()
            await self._obey(body)
            return
        if answer.status == 410:
            self._gone_since = self._gone_since or self.clock.now()
            if self.clock.now() > self._gone_since + GONE_SECONDS:
                self.url = ""
                if self._running is not None:
                    self._running.cancel()
        else:
            self._gone_since = 0.0
        after = answer.headers.get("Retry-After", "")
        seconds = min(int(after), LONGEST_RETRY_AFTER) if after.isdecimal() else 0
        self._fail(update, f"Wrong response from the webhook: {answer.status} {answer.reason}", seconds)

    async def _obey(self, body: bytes) -> None:
        """A method in the answer is done, and its result is seen by nobody [srv handle]."""
        try:
            wish = json.loads(body) if body else None
        except ValueError:
            return
        method = str(wish.get("method", "")).lower() if isinstance(wish, dict) else ""
        if (
            isinstance(wish, dict)
            and method
            and not method.startswith("get")
            and method not in {"setwebhook", "deletewebhook", "close", "logout"}
        ):
            self.replies.append(wish)
            await self.call(method, wish)

    def _note(self, words: str) -> None:
        self.last_error_at, self.last_error = int(self.clock.now()), words

    def _fail(self, update: Pending, words: str, retry_after: int) -> None:
        """Set the next try: the first again at once, then after 2, 4, 8 … seconds [srv on_update_error]."""
        self._note(words)
        delay = float(retry_after)
        if retry_after == 0 and update.fails > 0:
            update.delay = min(self._dice.uniform(LONGEST_DELAY, 2 * LONGEST_DELAY), update.delay * 2)
            delay = update.delay
        if self.clock.now() + delay > update.expires_at:
            self.updates.forget(update)  # _load() takes it out of its queue.
            self.updates.expired += 1
            return
        self.delays.append(delay)
        update.wake_at = asyncio.get_running_loop().time() + delay * self.scale
        update.fails += 1


def _most(args: dict[str, str]) -> int:
    """max_connections, clamped to 1–100; 40 unless given [doc]."""
    raw = args.get("max_connections", "")
    return max(1, min(int(raw), 100)) if raw.isdecimal() and int(raw) else 40
