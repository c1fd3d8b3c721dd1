"""Sends word of events to other systems: signed, to no private address that was not allowed, as long as a day."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import socket
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, Final, Self

import aiohttp
import structlog
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.courier import Courier
from bot.settings.hooks import Webhook
from handlers import hooks
from models.base import instant_of
from models.db import Database
from models.sending import Claim, Outcome

log = structlog.get_logger()
SECONDS: Final = 5.0  # for one delivery; the courier allows half of its lease, 7.5 s
LEAST_WAIT: Final = 2.0
MOST_WAIT: Final = 3600.0
LEAST_TRIES: Final = 6  # of a delivery that is refused
LATER: Final = frozenset({408, 425, 429})  # of the 4xx those that say: not now
_NAT64: Final = IPv6Network("64:ff9b::/96")
# What is given to hosts of the open network so far (IANA); all else is private, local, or an IPv4 address in disguise.
_UNICAST: Final = IPv6Network("2000::/3")


class NotAllowed(OSError):
    """The address is a private one, and the settings do not allow that."""


def is_public(address: str) -> bool:
    """Whether an address is one of the open network; one that carries another inside counts as that one."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            inner = IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is None and found not in _UNICAST:
            return False
        found = inner or found
    return found.is_global and not found.is_multicast


class Resolver(AbstractResolver):
    """Looks names up and gives only addresses that may be connected to, so that what was checked is what is reached."""

    def __init__(self, *, private: bool) -> None:
        self._resolver = aiohttp.ThreadedResolver()
        self._private = private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:  # fmt: skip
        """The addresses of a name; NotAllowed where none of them may be."""
        found = await self._resolver.resolve(host, port, family)
        allowed = [each for each in found if self._private or is_public(each["host"])]
        if not allowed:
            raise NotAllowed
        return allowed

    async def close(self) -> None:
        """Nothing is kept."""
        await self._resolver.close()


class HookChannel:
    """One webhook as the courier knows a channel. Used as a context manager, within which it has its connections."""

    per_second = 20.0
    chat_gap = 0.0
    chat_burst = 1
    at_once = 8

    def __init__(self, settings: Webhook, clock: Callable[[], datetime], seconds: float = SECONDS) -> None:
        self.name = hooks.BOT + settings.name
        self._settings = settings
        self._clock = clock
        self._seconds = seconds
        self._down_since: datetime | None = (
            None  # since when nothing was answered but that it cannot, or nothing at all
        )
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            resolver=Resolver(private=self._settings.private_address), limit=self.at_once, use_dns_cache=False
        )  # fmt: skip
        timeout = aiohttp.ClientTimeout(total=self._seconds)
        self._session = aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(self, claim: Claim) -> Outcome:
        """Post one delivery. Its body is never read: the status alone says what became of it."""
        if self._session is None:
            message = "the channel is used within its context"
            raise RuntimeError(message)
        body, now = claim.reply.text.encode(), self._clock()
        headers = {"content-type": "application/json", "user-agent": "yizhan", **signed(
            self._settings.secret.get_secret_value(), claim.id, int(now.timestamp()), body
        )}  # fmt: skip
        try:
            self._check_literal()
            # What is answered elsewhere than at the address in the settings is no answer of whom the school trusts.
            async with self._session.post(
                self._settings.url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                return self._judged(claim, now, answer.status, answer.headers.get("retry-after", ""))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            inner = getattr(error, "os_error", None) or error.__cause__
            because = NotAllowed if isinstance(inner, NotAllowed) or isinstance(error, NotAllowed) else type(error)
            return self._judged(claim, now, 0, "", because.__name__)

    def _check_literal(self) -> None:
        """An address in figures is looked up by nobody, so it is looked at here: as the client reads it, since figures may
        be written in many ways (127。0。0。1 is 127.0.0.1 to it)."""
        host = URL(self._settings.url).host or ""
        is_literal = host.replace(".", "").isdigit() or ":" in host
        if is_literal and not self._settings.private_address and not is_public(host):
            raise NotAllowed

    def _judged(self, claim: Claim, now: datetime, status: int, retry_after: str, because: str = "") -> Outcome:
        """What became of a delivery. A refusal (4xx, a redirect) stops its own stream alone; when the other side is away
        all of it waits, twice as long each time. Whatever was tried for a day is given up."""
        reason = f"{status} {because}".strip() if status else because
        if 200 <= status < 300:
            self._down_since = None
            return Outcome(claim.id, "sent")
        if status == 410:
            return Outcome(claim.id, "failed", "410 gone")
        away = not 300 <= status < 500 or status in LATER
        self._down_since = (self._down_since or now) if away else None
        if now - instant_of(claim.id) >= hooks.LASTS and self._is_patient(claim, now):
            return Outcome(claim.id, "failed", reason)
        if not away or self._down_since is None:
            return Outcome(claim.id, "not_sent", reason)
        asked = float(retry_after) if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 6 else 0.0
        wait = max(asked, LEAST_WAIT, (now - self._down_since) / timedelta(seconds=1))
        log.info("hook_waits", bot=self.name, outbox=claim.id, reason=reason, seconds=round(min(wait, MOST_WAIT)))
        return Outcome(claim.id, "throttled", reason, wait=min(wait, MOST_WAIT))

    def _is_patient(self, claim: Claim, now: datetime) -> bool:
        """Whether it was tried often enough: what is old because this side stood still gets its tries all the same."""
        if self._down_since is None:
            return claim.attempts >= LEAST_TRIES
        return now - self._down_since >= timedelta(seconds=MOST_WAIT)


def signed(secret: bytes, delivery: str, stamp: int, body: bytes) -> dict[str, str]:
    """The headers by which a receiver knows the sender and the age of a delivery (the form of Standard Webhooks):
    HMAC-SHA256 over "id.seconds.body"."""
    word = hmac.new(secret, f"{delivery}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": delivery,
        "webhook-timestamp": str(stamp),
        "webhook-signature": "v1," + base64.b64encode(word).decode(),
    }


class Hooks:
    """Every webhook with a courier of its own, so that one that is away holds up no other."""

    def __init__(self, settings: Sequence[Webhook], database: Database, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock

    async def run(self, closing: asyncio.Event) -> None:
        """Send until closing is set."""
        done = await asyncio.gather(*(self._run(each, closing) for each in self._settings), return_exceptions=True)
        for error in done:
            if isinstance(error, Exception):
                log.error("hook_task_failed", exc_info=error)

    async def _run(self, settings: Webhook, closing: asyncio.Event) -> None:
        async with HookChannel(settings, self._clock) as channel:
            heard = partial(self._given_up, settings.name)
            await Courier(
                self._database, channel, self._clock, alone=self._database.is_sqlite, undelivered=heard
            ).run(closing)  # fmt: skip

    def _given_up(self, name: str, session: Any, ids: list[str]) -> None:
        hooks.judge(session, name, ids, self._clock())
