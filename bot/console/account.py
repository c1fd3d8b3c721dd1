"""One's own account: the password, the second factor, and every browser that is signed in."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from bot.access import SIGN_IN, Call, May
from bot.console.frame import ROOT, console_page, draw, go
from bot.console.sign_in import hashed, matches, onwards, seated
from bot.cookies import STAFF, new_cookie
from bot.forms import Stop
from handlers import entrances, passwords, seconds
from models.message import Refused


async def show(call: Call) -> Response:
    """The account page."""
    required = seconds.is_required(call.me, call.web.settings.console.second_factor)
    return draw(call, "account", required=required, view="/console/account")


async def show_password(call: Call) -> Response:
    """The form for a new password: after a link of the operator, or for whoever is in."""
    if call.staff is None or call.staff.step not in ("password", ""):
        return go(SIGN_IN)
    return _password(call)


def _password(call: Call, wrong: str = "", status: int = 200, **values: object) -> Response:
    return draw(call, "password", status, wrong=wrong, wrong_values=values, least=passwords.LEAST, most=passwords.MOST)


async def set_password(call: Call) -> Response:
    """Keep a new password. Whoever has one says it first; every other browser of this person is signed out."""
    staff, web, now, old = call.staff, call.web, call.web.now(), call.cookie
    if staff is None or staff.step not in ("password", ""):
        raise Stop(403, "error.sign_in")
    given, new = call.form.get("password"), call.form.get("new")
    if new != call.form.get("again"):  # Written blind, a slip of the finger would lock its writer out.
        return _password(call, "console.password_differs", 422)
    try:
        known = await web.read(lambda session: entrances.names(session, staff.person_id))
        if staff.is_in and staff.has_password:
            kept = await web.write(lambda session: entrances.guarded(session, staff.person_id, now))
            if not await matches(kept, given):
                return _password(call, "console.wrong_password", 422)
        passwords.check(new, known)
    except Refused as refused:
        return _password(call, refused.key, 422, **refused.values)
    word, cookie, rule = await hashed(new), new_cookie(STAFF), web.settings.console.second_factor

    def unit(session):  # type: ignore[no-untyped-def]
        entrances.set_password(session, old, staff.person_id, word, now)
        step = entrances.sit(session, staff.person_id, cookie, old, now, call.span, rule)
        # Whoever is in has shown the second factor already; whoever came by a link has not.
        return entrances.advance(session, cookie, now, call.span, rule, proved=True) if staff.is_in else step

    step = await web.write(unit)
    return seated(call, onwards(step, ROOT) if step else go(ROOT, "password"), cookie)


def routes() -> list[Route]:
    """The routes of one's own account."""
    return [
        console_page("/console/account", show),
        console_page("/console/password", show_password, may=May.guest),
        console_page("/console/password/set", set_password, ("POST",), May.guest, fields=("password", "new", "again")),
    ]
