"""The webhook's door: proves that it is the platform, keeps the update, and says 200 only when it is kept."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from models.db import Away

log = structlog.get_logger()
HEADER: Final = "x-telegram-bot-api-secret-token"
MOST_BYTES: Final = 1_048_576
KEPT_BYTES: Final = 65_536  # of a body that is larger
_NUMBER: Final = re.compile(rb'\s{0,64}\{\s{0,64}"update_id"\s{0,8}:\s{0,8}([0-9]{1,18})\s{0,8}[,}]')
RETRY_AFTER: Final = 5  # seconds; the server honours it (Bot API server, WebhookActor)
Take = Callable[[Iterable[Any]], Awaitable[None]]


class Twice(ValueError):
    """An object with the same key twice: two readers would read two different updates."""


def route(path: str, secret: str, take: Take, refused: Callable[[Request], None]) -> Route:
    """The route. secret: what the platform was told to send along. refused: counts a caller who did not know it.

    Answers 404 without the secret, before anything is read; 400 for what no update can be; 503 with Retry-After when the
    database is away, the one thing that asks for the update again; else 200, also for a duplicate and for an update that
    nobody can read or that is too large, since it is kept (of a large one the beginning) and would otherwise come for a
    day. Bytes that are no UTF-8 are replaced, as they are in a poll.
    """
    expected = secret.encode()

    async def receive(request: Request) -> Response:
        given = request.headers.getlist(HEADER)
        if len(given) != 1 or not hmac.compare_digest(given[0].encode("latin-1", "replace"), expected):
            refused(request)
            return JSONResponse({"ok": False}, 404)
        body, whole = await _body(request)
        try:
            update = json.loads(body.decode(errors="replace"), object_pairs_hook=_once) if whole else _beginning(body)
        except (ValueError, RecursionError):
            return JSONResponse({"ok": False, "error": "no JSON"}, 400)
        number = update.get("update_id") if isinstance(update, dict) else None
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 2**62:
            return JSONResponse({"ok": False, "error": "no update_id"}, 400)
        try:
            await take([update])
        except Away:
            log.warning("telegram_webhook_waits")
            return JSONResponse({"ok": False}, 503, {"retry-after": str(RETRY_AFTER)})
        return JSONResponse({"ok": True})

    return Route(path, receive, methods=["POST"])


async def _body(request: Request) -> tuple[bytes, bool]:
    """The body, and whether that is all of it: of one that is too large no more is read."""
    size, parts = 0, []
    async for part in request.stream():
        size += len(part)
        parts.append(part)
        if size > MOST_BYTES:
            return b"".join(parts)[:KEPT_BYTES], False
    return b"".join(parts), True


def _beginning(body: bytes) -> dict[str, Any]:
    """A body that is too large as an update that nobody can read: its number and its beginning. Raises ValueError for
    one that does not begin with a number."""
    found = _NUMBER.match(body)
    if found is None:
        raise ValueError
    log.warning("telegram_update_too_large", update=int(found[1]))
    return {"update_id": int(found[1]), "message": None, "beginning": body.decode(errors="replace")}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Twice
    return found
