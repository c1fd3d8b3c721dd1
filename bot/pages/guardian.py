"""The page behind a one-time link for parents: what their child asks for, and one of two answers. No account, no sign-in."""

from __future__ import annotations

import re
from typing import Any, Final

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.access import Call, May, page
from bot.forms import Stop
from bot.pages.personal import turn_of
from handlers import guardians
from models.message import Refused

CODE: Final = re.compile(r"[A-Za-z0-9_-]{32}", re.ASCII)
ANSWERS: Final = {"yes": True, "no": False}


def _code(call: Call) -> str:
    """The code of an address, "" for what was never one."""
    code: str = call.request.path_params["code"]
    return code if CODE.fullmatch(code) else ""


def _gone(call: Call) -> Response:
    """A link that opens nothing (any more). Whoever follows it has no account: neither chat nor sign-in would help."""
    return call.web.page("guardian.html", call.lang, 404, asked=None, code="", token="")


async def show(call: Call) -> Response:
    """What parents are asked, or what they said already."""
    code = _code(call)
    if not code:
        return _gone(call)

    def query(session: Any) -> guardians.Asked | None:
        return guardians.show(turn_of(call, session), code)

    asked = await call.web.read(query)
    if asked is None:
        return _gone(call)
    response = call.web.page("guardian.html", call.lang, asked=asked, code=code, token=call.token)
    # The address is the key: it is passed on to nobody and kept nowhere.
    response.headers["referrer-policy"] = "no-referrer"
    response.headers["cache-control"] = "no-store"
    return response


async def answer(call: Call) -> Response:
    """One answer, once; the page says afterwards what it was."""
    code, said = _code(call), call.form.get("answer")
    if not code:
        return _gone(call)
    if said not in ANSWERS:
        raise Stop(422, "guardian.choose")
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
