"""Takes in the files of a form, and hands out a stored one to who may see it: to be saved, never shown inside a page."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call, May, page
from bot.addresses import FILE
from bot.forms import Stop
from bot.pages.personal import write
from handlers import list_files, sheet
from handlers.sheet import Wrong
from handlers.texts import text
from handlers.views.files import open_file
from models.message import Refused, Upload


async def fetch(call: Call) -> Response:
    """A file of the reader's own, or of a ticket whose files the reader may open; all others are not there."""
    file_id = call.request.path_params["id"]
    if call.signed is None or not FILE.fullmatch(file_id):
        raise Stop(404, "error.not_found")
    file = await write(call, lambda turn: open_file(turn, file_id))
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


async def keep_posted(call: Call, account_id: str) -> tuple[dict[str, list[Upload]], list[Wrong]]:
    """Keep the files of a posted form by the questions' keys, in an account's name; a refusal is said beside its question."""
    sent: dict[str, list[Upload]] = {}
    wrong: list[Wrong] = []
    for name, files in call.form.files.items():
        if name.endswith(list_files.ENDING):
            continue  # A list is read (bot/pages/lists.py), and not kept.
        key = name.removeprefix(sheet.PREFIX)
        for file in files:
            try:
                upload = await call.web.store.keep(file.data, file.name, account_id, call.web.now())
            except Refused as refused:
                reason = text(call.lang, refused.key, **refused.values)
                wrong.append(Wrong(key, text(call.lang, "sheet.bad_file", name=file.name[:80], reason=reason)))
            else:
                sent.setdefault(key, []).append(upload)
    return sent, wrong


def routes() -> list[Route]:
    """The route of stored files."""
    return [page("/files/{id}", fetch, ("GET",), May.visitor)]
