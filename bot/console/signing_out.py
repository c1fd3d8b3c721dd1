"""Leaving the console, here or everywhere, and the language of its pages: what every page's frame posts to."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from bot.access import LANG_COOKIE, SIGN_IN, Call, May
from bot.console.frame import console_page, go, inside
from bot.cookies import STAFF, clear_cookie
from bot.forms import Stop
from handlers import seats

YEAR = 31_536_000


async def sign_out(call: Call) -> Response:
    """Sign this browser out."""
    cookie, now = call.cookie, call.web.now()
    if cookie.startswith(STAFF):
        await call.web.write(lambda session: seats.leave(session, cookie, now))
    return gone(call)


async def sign_out_everywhere(call: Call) -> Response:
    """Sign every browser of this person out, this one too."""
    person_id, now = call.me.person_id, call.web.now()
    await call.web.write(lambda session: seats.leave_everywhere(session, person_id, now))
    return gone(call)


def gone(call: Call) -> Response:
    """Lead to the sign-in with nothing kept in the browser."""
    response = go(SIGN_IN, "out")
    clear_cookie(call.web, response, console=True)
    response.headers["clear-site-data"] = '"cache"'
    return response


async def choose_language(call: Call) -> Response:
    """Show this browser its pages in another language."""
    lang = call.form.get("lang")
    if lang not in ("zh", "en"):
        raise Stop(422, "error.request")
    response = go(inside(call.form.get("to")))
    response.set_cookie(
        LANG_COOKIE, lang, max_age=YEAR, path="/", samesite="lax", secure=call.web.settings.server.secure_cookies,
        httponly=True,
    )  # fmt: skip
    return response


def routes() -> list[Route]:
    """The routes of leaving and of the language."""
    return [
        console_page("/console/sign-out", sign_out, ("POST",), May.guest),
        console_page("/console/sign-out-everywhere", sign_out_everywhere, ("POST",)),
        console_page("/console/language", choose_language, ("POST",), May.guest, fields=("lang", "to")),
    ]
