"""The second factor: say it, set it up with an authenticator, see the recovery codes once, take it away."""

from __future__ import annotations

import segno
from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from bot.access import SIGN_IN, Call, May
from bot.console.frame import console_page, draw, go, inside
from bot.console.sign_in import matches, onwards, seated
from bot.cookies import STAFF, new_cookie
from bot.forms import Stop, read_query
from handlers import entrances, seats, seconds
from handlers.seats import Staff
from models.message import Refused


def _staff(call: Call, *steps: str) -> Staff:
    """Who is at this step of the sign-in; raises Stop for anybody else."""
    if call.staff is None or call.staff.step not in steps:
        raise Stop(403, "error.sign_in")
    return call.staff


async def show(call: Call) -> Response:
    """The field for the code, or the set-up; whoever did not begin to sign in is led there."""
    to = inside(read_query(call.request).get("to", ""))
    if call.staff is None or call.staff.step == "password":
        return go(SIGN_IN)
    return await _page(call, call.staff, to)


async def _page(call: Call, staff: Staff, to: str, wrong: str = "", status: int = 200, **values: object) -> Response:
    cookie, secret, qr = call.cookie, "", Markup("")
    if staff.step != "code":
        secret = await call.web.read(lambda session: seconds.pending(session, cookie))
    if secret:
        address = seconds.address(secret, staff.number, call.web.settings.school.name_en)
        # Made of our own words only: numbers of rows and columns.
        qr = Markup(segno.make(address, error="m").svg_inline(scale=4, light="#fff", omitsize=True))  # noqa: S704
    required = seconds.is_required(staff, call.web.settings.console.second_factor)
    return draw(
        call, "second", status, to=to, wrong=wrong, wrong_values=values, secret=secret, qr=qr, codes=(),
        required=required,
    )  # fmt: skip


async def say(call: Call) -> Response:
    """A code of the authenticator, or a recovery code; the browser gets a new cookie with its new rights."""
    staff, web, now = _staff(call, "code"), call.web, call.web.now()
    old, code, to = call.cookie, call.form.get("code"), inside(call.form.get("to"))
    try:
        if not await web.write(lambda session: seconds.check(session, staff.person_id, code, now)):
            return await _page(call, staff, to, "console.code_wrong", 422)
    except Refused as refused:
        return await _page(call, staff, to, refused.key, 429, **refused.values)
    cookie, rule = new_cookie(STAFF), web.settings.console.second_factor

    def unit(session):  # type: ignore[no-untyped-def]
        entrances.sit(session, staff.person_id, cookie, old, now, call.span, rule)
        return entrances.advance(session, cookie, now, call.span, rule, proved=True)

    return seated(call, onwards(await web.write(unit), to), cookie)


async def begin(call: Call) -> Response:
    """Make a new secret and show it."""
    staff, cookie, now, code = _staff(call, "enrol", ""), call.cookie, call.web.now(), call.form.get("code")
    if staff.has_second:  # A new authenticator in place of the old one: whoever found the screen open has not got that.
        try:
            if not await call.web.write(lambda session: seconds.check(session, staff.person_id, code, now)):
                return await _page(call, staff, inside(call.form.get("to")), "console.code_wrong", 422)
        except Refused as refused:
            return await _page(call, staff, inside(call.form.get("to")), refused.key, 429, **refused.values)
    await call.web.write(lambda session: seconds.begin(session, cookie))
    return onwards("enrol", call.form.get("to"))


async def enrol(call: Call) -> Response:
    """Take the authenticator, and show the recovery codes: this once, never again."""
    staff, web, now = _staff(call, "enrol", ""), call.web, call.web.now()
    cookie, code, to = call.cookie, call.form.get("code"), inside(call.form.get("to"))
    rule = web.settings.console.second_factor

    def unit(session):  # type: ignore[no-untyped-def]
        codes = seconds.enrol(session, cookie, staff.person_id, code, now)
        entrances.advance(session, cookie, now, call.span, rule, proved=True)
        return codes

    try:
        codes = await web.write(unit)
    except Refused as refused:
        return await _page(call, staff, to, refused.key, 422, **refused.values)
    return draw(
        call, "second", to=to, wrong="", wrong_values={}, secret="", qr="", codes=codes, required=False
    )  # fmt: skip


async def forget(call: Call) -> Response:
    """Take the second factor away, where it is not required; the password is asked for, so that a borrowed screen is not
    enough."""
    staff, web, now, given = call.me, call.web, call.web.now(), call.form.get("password")
    if seconds.is_required(staff, web.settings.console.second_factor):
        raise Stop(422, "console.second_required")
    kept = await web.write(lambda session: entrances.guarded(session, staff.person_id, now))
    if not await matches(kept, given):
        raise Stop(422, "console.wrong")
    cookie = call.cookie

    def unit(session):  # type: ignore[no-untyped-def]
        seconds.forget(session, staff.person_id, now, staff.person_id)
        seats.leave_everywhere(session, staff.person_id, now, but=cookie)

    await web.write(unit)
    return go("/console/account", "second_off")


def routes() -> list[Route]:
    """The routes of the second factor."""
    return [
        console_page("/console/second", show, may=May.guest),
        console_page("/console/second/check", say, ("POST",), May.guest, fields=("code", "to")),
        console_page("/console/second/begin", begin, ("POST",), May.guest, fields=("code", "to")),
        console_page("/console/second/enrol", enrol, ("POST",), May.guest, fields=("code", "to")),
        console_page("/console/second/forget", forget, ("POST",), fields=("password",)),
    ]
