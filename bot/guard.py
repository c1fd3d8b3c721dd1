"""Stands before every page: refuses what no browser of ours sends, dresses every answer, contains every bug."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address
from traceback import extract_tb
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.forms import OVERHEAD, Stop
from bot.settings import Settings

log = structlog.get_logger()
METHODS: Final = ("GET", "HEAD", "POST")
MINUTE: Final = 60.0
MOST_ADDRESSES: Final = 100_000  # counted at once; beyond it the minute begins anew, which forgives
YEAR: Final = 31_536_000
UNCOUNTED: Final = ("/static/", "/healthz")
SELF_COUNTED: Final = "/chat/say"  # reads the message first: a cry for help is never told to wait
CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}

Problem = Callable[[Request, Stop], Response]


class Pace:
    """How many requests each address made in this minute; kept in memory, since a restart harms nobody."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._minute = 0
        self._counts: dict[str, int] = {}

    def is_over(self, address: str) -> bool:
        """Count one request of an address; True when it is one too many."""
        minute = int(self._clock() // MINUTE)
        if minute != self._minute or len(self._counts) > MOST_ADDRESSES:
            self._minute = minute
            self._counts.clear()
        count = self._counts.get(address, 0) + 1
        self._counts[address] = count
        return count > self._most

    def wait(self) -> int:
        """Seconds until the next minute begins."""
        return max(1, int(MINUTE - self._clock() % MINUTE))


def client_address(request: Request, trusted: tuple[IPv4Network | IPv6Network, ...]) -> str:
    """Where a request comes from. X-Forwarded-For is believed only from a trusted proxy: its last untrusted hop.

    Each proxy may add to the header or send a line of its own, so all lines count as one list, read from its end.
    """
    peer = request.client.host if request.client is not None else ""
    if not trusted or not _is_in(peer, trusted):
        return peer
    for hop in reversed(",".join(request.headers.getlist("x-forwarded-for")).split(",")):
        if not _is_in(hop.strip(), trusted):
            return hop.strip()[:64] or peer
    return peer


def _is_in(address: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


class Guard:
    """An ASGI layer around the pages. problem draws the page for a Stop."""

    def __init__(
        self, app: ASGIApp, settings: Settings, problem: Problem, pace: Pace, uncounted: tuple[str, ...] = ()
    ) -> None:  # fmt: skip
        self._uncounted = (SELF_COUNTED, *uncounted)
        self._app = app
        self._settings = settings
        self._problem = problem
        self._pace = pace
        self._hosts = frozenset(settings.hosts) | (
            {"127.0.0.1", "localhost", "::1"} if settings.demo.enabled or settings.school.is_loopback else set()
        )
        self._headers = dict(HEADERS)
        if settings.server.secure_cookies:
            self._headers["strict-transport-security"] = f"max-age={YEAR}; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        request = Request(scope)
        started = False

        async def dressed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            self._check(request)
            await self._app(scope, self._capped(scope, receive), dressed)
        except Stop as stop:
            if not started:
                await self._problem(request, stop)(scope, receive, dressed)
        except Exception as error:  # noqa: BLE001 (the containment border: a bug in one page stays in that page)
            # The log gets places in the code, no values.
            incident = secrets.token_hex(4)
            places = [
                f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in extract_tb(error.__traceback__)
            ]
            log.error("page_failed", incident=incident, kind=type(error).__name__, places=places[-8:])  # noqa: TRY400
            if not started:
                await self._problem(request, Stop(500, "error.bug", number=incident))(scope, receive, dressed)

    def _check(self, request: Request) -> None:
        """What can be said of a request before anything of it is read; raises Stop."""
        if not request.scope["path"].startswith("/"):
            raise Stop(400, "error.host")
        if len(request.headers.getlist("host")) != 1 or host_name(request.headers["host"]) not in self._hosts:
            raise Stop(400, "error.host")
        if request.method not in METHODS:
            raise Stop(405, "error.method", {"allow": ", ".join(METHODS)})
        length = request.headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            raise Stop(400, "error.encoding")
        if len(length) > 12 or int(length) > self._most():
            sends_file = request.headers.get("content-type", "").startswith("multipart/form-data")
            most = self._settings.server.max_file_bytes // 1_048_576
            raise Stop(413, "error.file_too_large", most=most) if sends_file else Stop(413, "error.too_large")
        path = request.scope["path"]
        if path.startswith(UNCOUNTED) or (path in self._uncounted and request.method == "POST"):
            return
        check_pace(request, self._settings, self._pace)

    def _most(self) -> int:
        server = self._settings.server
        return max(server.max_body_bytes, server.max_file_bytes + OVERHEAD)

    def _capped(self, scope: Scope, receive: Receive) -> Receive:
        """The request's body, until it is more than anything may be: a chunked one has no length to check before."""
        if "content-length" in Headers(scope=scope):
            return receive
        size = 0

        async def capped() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._most():
                raise Stop(413, "error.too_large")
            return message

        return capped


def check_pace(request: Request, settings: Settings, pace: Pace) -> None:
    """Count a request for its address; raises Stop when there were too many in this minute."""
    if pace.is_over(client_address(request, settings.server.trusted_proxies)):
        raise Stop(429, "error.too_many", {"retry-after": str(pace.wait())}, seconds=pace.wait())


def host_name(host: str) -> str:
    """The name in a Host header, without its port, in lower case."""
    host = host.lower()
    if host.startswith("["):
        name, closed, _ = host[1:].partition("]")
        return name if closed else ""
    return host.partition(":")[0]
