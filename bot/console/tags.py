"""The tags in use where one answers: how many tickets have each, and, for whoever leads, a new name or the end of one."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.console.frame import ROOT, console_page, draw, go
from bot.console.inbox import turn_of
from handlers import tickets
from handlers.tags import clean
from handlers.texts import text
from handlers.views import tags
from models.message import Refused
from models.meta import audit
from models.sorting import LONGEST_TAG

PATH: Final = f"{ROOT}/tags"
MOST_TYPED: Final = 40  # characters of a refused name that are shown again
MOST_BATCHES: Final = 50  # of one press: ten thousand tickets; whatever is left is done by pressing again


async def show(call: Call) -> Response:
    """All tags."""
    return await _draw(call)


async def _draw(call: Call, status: int = 200, wrong: str = "", named: str = "", typed: str = "") -> Response:
    page = await call.web.read(lambda session: tags.page(turn_of(call, session)))
    return draw(call, "tags", status, view=PATH, it=page, wrong=wrong, named=named, typed=typed, longest=LONGEST_TAG)


async def change(call: Call) -> Response:
    """Let a tag become another, or go, batch by batch, so that nobody waits long for one who tidies up."""
    old, new = clean(call.form.get("tag"))[:LONGEST_TAG], call.form.get("name")
    if call.form.get("do") == "remove":
        new = ""
    elif not clean(new):
        return await _draw(call, 422, text(call.lang, "tags.none_named"), old)
    try:
        count = await _become(call, old, new)
    except Refused as refused:
        wrong = text(call.lang, refused.key, **refused.values)
        return await _draw(call, 422, wrong, old, new[:MOST_TYPED])
    now, me = call.web.now(), call.me.person_id

    def note(session: Any) -> None:
        audit(session, now, me, "retagged", f"{count} tickets")

    await call.web.write(note)
    return go(PATH, "tags_gone" if not new else "tags_renamed")


async def _become(call: Call, old: str, new: str) -> int:
    after, count = "", 0
    for _ in range(MOST_BATCHES):
        unit = partial(_batch, call, old, new, after)
        done, after = await call.web.write(unit)
        count += done
        if not after:
            break
    return count


def _batch(call: Call, old: str, new: str, after: str, session: Any) -> tuple[int, str]:
    return tickets.retag(turn_of(call, session), old, new, after)


def routes() -> list[Route]:
    """The routes of tags."""
    return [console_page(PATH, show), console_page(f"{PATH}/change", change, ("POST",), fields=("tag", "name", "do"))]
