"""The transport to the Bot API: one aiohttp session that tells what was surely not sent from what perhaps arrived."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)
from telegram.request import BaseRequest, RequestData

CONNECT_SECONDS: Final = 5.0  # waiting for a place in the pool, the name, TCP, TLS and a proxy, all together
TOTAL_SECONDS: Final = 20.0
KEEP_SECONDS: Final = 15.0  # less than servers keep an idle connection, so that few requests meet one that just closed
MOST_ANSWER: Final = 8 * 1_048_576  # bytes; the server's largest answer, 100 updates, has 4 MiB
JSON: Final = {"Content-Type": "application/json"}


class NotSent(NetworkError):
    """The request surely did not reach the platform: it may be sent again without a doubt."""


class OutcomeUnknown(NetworkError):
    """The request was on its way when something broke: the platform may have carried it out, or not."""


class Throttled(TelegramError):
    """The platform asks to wait so many seconds. The library's RetryAfter warns of its own future whenever it is made."""

    __slots__ = ("wait",)

    def __init__(self, wait: float) -> None:
        super().__init__("too many requests")
        self.wait = wait


class TooLarge(TelegramError):
    """A file has more bytes than were asked for."""


class _Body(aiohttp.BytesPayload):
    """A body that remembers whether it was handed to an open connection; the head goes out together with it.

    aiohttp writes nothing to a connection that is closing, and whether it is cannot change before that write.
    """

    begun = False

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        transport = writer.transport
        self.begun = transport is not None and not transport.is_closing()
        await super().write_with_length(writer, content_length)


class AiohttpRequest(BaseRequest):
    """Requests of one bot. Polling and sending take one each, so that neither waits in the other's pool.

    pool: connections at once. proxy: an http address, which may hold a password. Nothing that it raises names an address,
    for the address holds the token; errors of aiohttp, which do, are never passed on, not even as a cause.
    """

    __slots__ = ("_connect", "_pool", "_proxy", "_session", "_total")

    def __init__(
        self, pool: int = 32, proxy: str = "", connect: float = CONNECT_SECONDS, total: float = TOTAL_SECONDS
    ) -> None:  # fmt: skip
        self._pool = pool
        self._proxy = proxy or None
        self._connect = connect
        self._total = total
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that a whole request may take."""
        return self._total

    async def initialize(self) -> None:
        """Open the session; it belongs to the running loop."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._pool, keepalive_timeout=KEEP_SECONDS, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                proxy=self._proxy,
                headers={"User-Agent": "yizhan"},
            )

    async def shutdown(self) -> None:
        """Close the session and every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def call(self, url: str, values: Mapping[str, Any], longest: float = 0.0) -> Any:
        """Call a method of the Bot API with plain values; its result. longest: seconds, where the usual are too few.

        The short way for what is called a thousand times: no objects are made. Raises TelegramError: what the platform
        answered as python-telegram-bot's classes, what did not come through as NotSent or OutcomeUnknown.
        """
        body = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
        code, payload = await self._exchange("POST", url, _Body(body), JSON, max(self._total, longest), MOST_ANSWER)
        answer = _read(payload)
        if 200 <= code <= 299:
            if answer is None or "result" not in answer:
                raise OutcomeUnknown("the answer makes no sense")
            return answer["result"]
        raise _refusal(code, answer)

    async def fetch(self, url: str, most: int, longest: float = 60.0) -> bytes:
        """A file of at most so many bytes. Raises TooLarge as soon as it has more, and TelegramError as call does."""
        code, payload = await self._exchange("GET", url, None, {}, longest, most)
        if not 200 <= code <= 299:
            raise _refusal(code, _read(payload))
        return payload

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """What python-telegram-bot's own methods call. Only a longer read_timeout is heeded; the other limits are ours."""
        total, headers = self._total, {}
        body: Any = None
        if isinstance(read_timeout, int | float):
            total = max(total, read_timeout)
        if request_data is not None and request_data.contains_files:
            body = _form(request_data)
        elif request_data is not None:
            body, headers = _Body(json.dumps(request_data.parameters).encode()), JSON
        code, payload = await self._exchange(method, url, body, headers, total, MOST_ANSWER)
        if code == 429 or (code > 299 and _read(payload) is None):
            raise _refusal(code, _read(payload))  # The library would quote a proxy's page whole.
        return code, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as a dict. The library's own would write what it cannot read into the log."""
        answer = _read(payload)
        if answer is None or ("result" not in answer and answer.get("ok") is not False):
            raise OutcomeUnknown("the answer makes no sense")
        return answer

    async def _exchange(
        self, method: str, url: str, body: Any, headers: dict[str, str], total: float, most: int
    ) -> tuple[int, bytes]:  # fmt: skip
        """Send once and read the whole answer; code and bytes. Raises NotSent, OutcomeUnknown, TooLarge."""
        if self._session is None:
            raise NotSent("the session is closed")
        failed: TelegramError
        # The total ends after the connect time at the earliest, so when it ends something may have been written.
        times = aiohttp.ClientTimeout(
            total=max(total, self._connect + 0.5), connect=self._connect, sock_connect=self._connect
        )
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=times, allow_redirects=False
            ) as response:  # fmt: skip
                code, payload = response.status, await _take(response, most)
            if code < 500:
                return code, payload
            failed = OutcomeUnknown(f"answered with {code}")
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            failed = _sort(error, body)
        # Raised out here, where no error of aiohttp hangs on to it.
        raise failed


def _sort(error: BaseException, body: object) -> TelegramError:
    """Whether a request that failed was begun: with JSON its body knows, whatever broke, also between us and a proxy. Of
    files the kind of error tells. Where a byte was written nobody knows more: who resets later may have read everything.
    """
    name = type(error).__name__
    early = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
    begun = body.begun if isinstance(body, _Body) else not isinstance(error, early)
    return OutcomeUnknown(f"no answer: {name}") if begun else NotSent(f"no connection: {name}")


async def _take(response: aiohttp.ClientResponse, most: int) -> bytes:
    """The body, if it is not larger than that."""
    if (response.content_length or 0) > most:
        response.close()
        raise TooLarge("too many bytes")
    if response.content_length is not None and "Content-Encoding" not in response.headers:
        return await response.read()
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > most:
            response.close()
            raise TooLarge("too many bytes")
    return bytes(body)


def _form(data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


def _read(payload: bytes) -> dict[str, Any] | None:
    """The JSON object of an answer, None where it is none. Bytes that are no UTF-8 are replaced: one of them in one update
    must not hide all updates behind it."""
    try:
        answer = json.loads(payload.decode(errors="replace"))
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _refusal(code: int, answer: dict[str, Any] | None) -> TelegramError:
    """What the platform answered, by its code and its words. An answer that is not the platform's own is no word of it:
    407 and 413 come from who did not pass the request on, of any other nobody knows."""
    if answer is None:
        return NotSent(f"answered with {code}") if code in (407, 413) else OutcomeUnknown(f"answered with {code}")
    words = str(answer.get("description") or f"answered with {code}")
    parameters = answer.get("parameters") or {}
    if parameters.get("migrate_to_chat_id"):
        return ChatMigrated(int(parameters["migrate_to_chat_id"]))
    if code == 429:
        return Throttled(max(float(parameters.get("retry_after") or 1), 1.0))
    classes: dict[int, type[TelegramError]] = {401: InvalidToken, 403: Forbidden, 404: InvalidToken, 409: Conflict}
    if code in classes:
        return classes[code](words)
    return BadRequest(words) if 400 <= code <= 499 else OutcomeUnknown(f"answered with {code}")
