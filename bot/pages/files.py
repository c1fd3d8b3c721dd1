"""Hands out a stored file to somebody who may see it: always to be saved, never shown inside a page."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call, May, page
from bot.forms import Stop
from handlers.views.files import readable
from models.message import Upload

ID: Final = re.compile(r"[0-9a-z]{22}")  # PostgreSQL refuses a NUL with an error, so nothing else is looked up


async def fetch(call: Call) -> Response:
    """A file of the reader's own, or of a ticket that the reader may see; all others are not there."""
    file_id, signed, now = call.request.path_params["id"], call.signed, call.web.now()
    if signed is None or not ID.fullmatch(file_id):
        raise Stop(404, "error.not_found")
    file = await call.web.read(lambda session: readable(session, signed.account_id, file_id, now))
    data = await call.web.store.read(file.id) if file is not None else None
    if file is None or data is None:
        raise Stop(404, "error.not_found")
    return saved(file, data)


def saved(file: Upload, data: bytes) -> Response:
    """The answer that makes a browser save a file, and run nothing of it."""
    headers = {
        "content-disposition": f"attachment; filename=\"file\"; filename*=UTF-8''{quote(file.name, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
        "accept-ranges": "none",
        "cache-control": "private, no-store",
    }
    return Response(data, headers=headers, media_type=file.kind)


def routes() -> list[Route]:
    """The route of stored files."""
    return [page("/files/{id}", fetch, ("GET",), May.visitor)]
