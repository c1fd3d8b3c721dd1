"""The page behind a one-time link for parents: what their child asks for, and one of two answers. No account, no sign-in."""

from __future__ import annotations

import re
from typing import Any, Final

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.access import Call, May, page
from bot.cookies import STAFF, read_cookie
from bot.forms import Stop
from bot.pages.home import choose_language
from bot.pages.personal import school_of, turn_of
from bot.pages.words import plain
from handlers import guardians, seats
from models.message import Refused

CODE: Final = re.compile(r"[A-Za-z0-9_-]{32}", re.ASCII)
ANSWERS: Final = {"yes": True, "no": False}


def _code(call: Call) -> str:
    """The code of an address, "" for what was never one."""
    code: str = call.request.path_params["code"]
    return code if CODE.fullmatch(code) else ""


async def _insider(call: Call) -> str:
    """Whether the browser speaks for somebody of the school, who is no parent here: "staff", "student", else ""."""
    seat = read_cookie(call.web, call.request, console=True)
    if call.signed is not None and call.signed.person_id is not None:
        return "student" if call.signed.kind == "student" else "staff"
    now = call.web.now()
    if seat.startswith(STAFF) and await call.web.read(lambda session: seats.recognise(session, seat, now)) is not None:
        return "staff"
    return ""


def _draw(call: Call, asked: guardians.Asked | None, code: str, insider: str, status: int = 200) -> Response:
    """The page; without anything asked for it says that the link opens nothing (any more). Whoever follows such a link has no
    account: neither chat nor sign-in would help."""
    response = call.web.page(
        "guardian.html", call.lang, status, asked=asked, code=code, token=call.token, insider=insider, plain=plain,
        address=f"{school_of(call).base_url.rstrip('/')}{guardians.PATH}{code}",
    )  # fmt: skip
    # The address is the key: it is passed on to nobody and kept nowhere.
    response.headers["referrer-policy"] = "no-referrer"
    response.headers["cache-control"] = "no-store"
    return response


def _gone(call: Call) -> Response:
    return _draw(call, None, "", "", 404)


async def show(call: Call) -> Response:
    """What parents are asked, or what they said already; staff who try the link read that it is to be handed over."""
    code = _code(call)
    if not code:
        return _gone(call)
    moved = choose_language(call, f"{guardians.PATH}{code}")
    if moved is not None:
        return moved
    return await _show(call, code, await _insider(call))


async def _show(call: Call, code: str, insider: str, status: int = 200) -> Response:
    def query(session: Any) -> guardians.Asked | None:
        return guardians.show(turn_of(call, session), code)

    asked = await call.web.read(query)
    return _gone(call) if asked is None else _draw(call, asked, code, insider, status)


async def answer(call: Call) -> Response:
    """One answer, once; the page says afterwards what it was. Nobody of the school answers in the parents' place."""
    code, said = _code(call), call.form.get("answer")
    if not code:
        return _gone(call)
    if said not in ANSWERS:
        raise Stop(422, "guardian.choose")
    insider = await _insider(call)
    if insider:
        return await _show(call, code, insider, 403)
    try:
        await call.web.write(lambda session: guardians.answer(turn_of(call, session), code, yes=ANSWERS[said]))
    except Refused:
        return _gone(call)
    return RedirectResponse(f"{guardians.PATH}{code}", 303)


def routes() -> list[Route]:
    """The routes of the parents' page."""
    return [
        page(f"{guardians.PATH}{{code}}", show, ("GET",), May.visitor),
        page(f"{guardians.PATH}{{code}}/answer", answer, ("POST",), May.visitor, fields=("answer",)),
    ]
