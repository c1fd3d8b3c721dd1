"""One ticket: everything that is known of it, and every verb of the chat, done only to what the page showed."""

from __future__ import annotations

import re
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.console.frame import ROOT, console_page, draw, go
from bot.console.inbox import TICKET, turn_of
from bot.forms import Stop, read_number, read_query
from bot.pages.files import saved
from bot.pages.words import size
from handlers import deciding
from handlers.texts import text
from handlers.views import ticket
from models.message import Refused
from models.meta import audit

NUMBER: Final = re.compile(r"[A-Z]{2}-[0-9]{4}-[0-9]{4,8}", re.ASCII)
FILE: Final = re.compile(r"[0-9a-z]{22}", re.ASCII)
# Verbs of the page and of the inbox's keys: which words box each opens. "next" resolves and goes on to the next matter.
BOXES: Final = {
    "reply": "reply",
    "ask": "ask",
    "refuse": "refuse",
    "resolve": "resolve",
    "next": "resolve",
    "sign": "sign",
}
AT_ONCE: Final = ("sign", "back", "take")  # buttons that need no words
KEYS: Final = {"sign": "a", "ask": "s", "refuse": "d", "take": "t", "reply": "r", "resolve": "e", "back": "b"}


async def show(call: Call) -> Response:
    """The page of a ticket."""
    asked = read_query(call.request)
    return await _draw(call, box=asked.get("do", ""), did=asked.get("did", ""), was=asked.get("was", ""))


async def _draw(
    call: Call, status: int = 200, *, box: str = "", did: str = "", was: str = "", words: str = "", wrong: str = "",
    since: int | None = None,
) -> Response:  # fmt: skip
    """The page. since: the revision that somebody saw before, so that it says what is new; words: kept in their box."""
    number = _number(call)
    shown: ticket.Shown | None = await call.web.read(lambda session: ticket.show(turn_of(call, session), number))
    if shown is None:
        raise Stop(404, "error.not_found")
    if shown.private and status == 200:
        now, person_id = call.web.now(), call.me.person_id
        await call.web.write(lambda session: audit(session, now, person_id, "opened", number))
    verb = BOXES.get(box, "")
    verb = verb if verb in shown.verbs else "reply"
    key = f"ticket_page.did_{did}"
    return draw(
        call, "ticket", status, view=ROOT, it=shown, base=f"{TICKET}{number}", ticket=TICKET, box=verb,
        is_asked=box in BOXES or bool(wrong), goes_on=box == "next" and verb == "resolve", words=words, wrong=wrong,
        since=since, keys=KEYS, at_once=AT_ONCE, size=size, did=text(call.lang, key) if did in deciding.VERBS else "",
        was=was if NUMBER.fullmatch(was) else "",
        seconds=int((shown.undo_until - call.web.now()).total_seconds()) if shown.undo_until else 0,
    )  # fmt: skip


def _number(call: Call) -> str:
    number: str = call.request.path_params["number"]
    if not NUMBER.fullmatch(number):
        raise Stop(404, "error.not_found")
    return number


async def do(call: Call) -> Response:
    """One verb. What went on meanwhile is shown and nothing done; the words stay in their box."""
    number, asked = _number(call), call.request.path_params["verb"]
    verb = "resolve" if asked == "next" else asked
    if verb not in deciding.VERBS:
        raise Stop(404, "error.not_found")
    rev, words = read_number(call.form.get("rev")), call.form.get("words").strip()

    def unit(session: Any) -> str:
        turn = turn_of(call, session)
        following = ticket.following(turn, number) if asked == "next" else ""
        deciding.decide(turn, number, verb, rev, words)
        return following

    try:
        following = await call.web.write(unit)
    except deciding.Stale as stale:
        wrong = text(call.lang, "ticket_page.stale")
        return await _draw(call, 409, box=asked, words=words, wrong=wrong, since=stale.rev)
    except Refused as refused:
        if refused.key == "ticket.not_found":
            raise Stop(404, "error.not_found") from None
        return await _draw(call, 422, box=asked, words=words, wrong=text(call.lang, refused.key, **refused.values))
    return go(f"{TICKET}{following}?did={verb}&was={number}" if following else f"{TICKET}{number}?did={verb}")


async def fetch(call: Call) -> Response:
    """A file of a ticket, for whoever reads its answers."""
    number, file_id = _number(call), call.request.path_params["id"]
    if not FILE.fullmatch(file_id):
        raise Stop(404, "error.not_found")
    file = await call.web.read(lambda session: ticket.file(turn_of(call, session), number, file_id))
    data = await call.web.store.read(file.id) if file is not None else None
    if file is None or data is None:
        raise Stop(404, "error.not_found")
    return saved(file, data)


def routes() -> list[Route]:
    """The ticket's routes."""
    return [
        console_page(f"{TICKET}{{number}}", show),
        console_page(f"{TICKET}{{number}}/files/{{id}}", fetch),
        console_page(f"{TICKET}{{number}}/{{verb}}", do, ("POST",), fields=("rev", "words")),
    ]
