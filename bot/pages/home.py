"""The first page: what this is, the doors for students and staff, and in the demo a list of people to be."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot import demo
from bot.access import LANG_COOKIE, Call, May, page
from bot.cookies import PERSONAL, clear_cookie, new_cookie, set_cookie
from bot.forms import Stop, of_refusal, read_query
from bot.pages.personal import turn_of
from bot.pages.words import plain
from handlers import half_filled, signins
from handlers.views import doors
from models.message import Refused
from models.person import Account, Person


class Row(NamedTuple):
    """One person to be: row id, name, and one line about the person."""

    id: str
    name: str
    line: str


PERSON: Final = re.compile(r"[0-9a-z]{1,22}")
BACK: Final = re.compile(r"/(?:me|services/[a-z][a-z0-9-]{1,47}(?:\?[A-Za-z0-9=&_-]{0,80})?)", re.ASCII)
YEAR: Final = 31_536_000


async def show(call: Call) -> Response:
    """The first page; ?lang=zh|en chooses the language and keeps it."""
    moved = choose_language(call, "/")
    if moved is not None:
        return moved
    lang = call.lang
    faces = await people(call) if call.web.settings.demo.enabled else {"students": [], "staff": []}
    return call.web.page(
        "home.html", lang, doors=faces, token=call.token, signed=call.signed, plain=plain,
    )  # fmt: skip


def choose_language(call: Call, to: str) -> Response | None:
    """What answers ?lang=zh|en of a page: the language is kept, and the page is shown in it; None where none is chosen."""
    chosen = read_query(call.request).get("lang", "")
    if chosen not in ("zh", "en"):
        return None
    moved = RedirectResponse(to, 303)
    moved.set_cookie(
        LANG_COOKIE, chosen, max_age=YEAR, path="/", samesite="lax",
        secure=call.web.settings.server.secure_cookies, httponly=True,
    )  # fmt: skip
    return moved


async def people(call: Call) -> dict[str, list[Row]]:
    """The demo's people to choose from, those that are in the database."""
    faces = demo.demo_people(call.lang)
    numbers = [face.number for face in (*faces.students, *faces.staff)]
    found = await call.web.read(lambda session: doors.ids(session, numbers))

    def rows(kind: tuple[demo.Face, ...]) -> list[Row]:
        return [Row(found[face.number], face.name, face.line) for face in kind if face.number in found]

    return {"students": rows(faces.students), "staff": rows(faces.staff)}


async def enter(call: Call) -> Response:
    """Be somebody of the demo, under a new cookie; where there is no demo this page does not exist.

    What the browser had half filled in as a visitor goes along, and `to` leads back to it.
    """
    web = call.web
    if not web.settings.demo.enabled:
        raise Stop(404, "error.not_found")
    person, to, now = call.form.get("person"), call.form.get("to"), web.now()
    if not PERSON.fullmatch(person):
        raise Stop(422, "home.nobody")
    cookie, old = new_cookie(PERSONAL), call.cookie

    def unit(session):  # type: ignore[no-untyped-def]
        visitor = turn_of(call, session) if call.signed is not None and call.signed.person_id is None else None
        signed = signins.enter(session, cookie, person, now, call.idle)
        if visitor is not None:
            half_filled.take_along(visitor, session.get(Person, person), session.get(Account, signed.account_id))
        signins.leave(session, old)
        return signed

    try:
        signed: signins.Signed = await web.write(unit)
    except Refused as refused:
        raise of_refusal(refused) from None
    where = web.staff_door if signed.kind == "staff" else "/chat#end"
    response = RedirectResponse(to if BACK.fullmatch(to) else where, 303)
    set_cookie(web, response, cookie, call.idle)
    return response


async def leave(call: Call) -> Response:
    """Sign this browser out."""
    cookie = call.cookie
    await call.web.write(lambda session: signins.leave(session, cookie))
    response = RedirectResponse("/", 303)
    clear_cookie(call.web, response)
    response.headers["clear-site-data"] = '"storage"'
    return response


def routes() -> list[Route]:
    """The routes of the first page and of coming and going."""
    return [
        page("/", show, ("GET",), May.visitor),
        page("/chat/enter", enter, ("POST",), May.visitor, fields=("person", "to")),
        page("/chat/leave", leave, ("POST",), May.visitor),
    ]
