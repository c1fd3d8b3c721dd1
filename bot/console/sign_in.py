"""Signing in to the console: number and password, a one-time link, and in the demo somebody to be."""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from bot import demo
from bot.access import SIGN_IN, Call, May
from bot.console.frame import console_page, draw, go, inside
from bot.cookies import STAFF, new_cookie, set_cookie
from bot.forms import Stop, of_refusal, read_query
from bot.guard import client_address
from handlers import entrances, passwords
from handlers.views import doors
from models.message import Refused

NEXT: Final = {"code": "/console/second", "enrol": "/console/second", "password": "/console/password"}
_HASHING: Final = asyncio.Semaphore(2)  # each takes 19 MiB and a core


async def matches(kept: str, given: str) -> bool:
    """Whether a password is right, in a thread of its own and never many at once."""
    async with _HASHING:
        return await asyncio.to_thread(passwords.matches, kept, given)


async def hashed(password: str) -> str:
    """A password as it is stored."""
    async with _HASHING:
        return await asyncio.to_thread(passwords.keep, password)


def onwards(step: str, to: str) -> Response:
    """Where a browser goes after a step of the sign-in: to the next one, or to where it wanted to be."""
    return go(f"{NEXT[step]}?to={quote(inside(to))}" if step else inside(to))


async def show(call: Call) -> Response:
    """The form; whoever is in already goes on."""
    to = inside(read_query(call.request).get("to", ""))
    if call.staff is not None:
        return onwards(call.staff.step, to)
    return await _form(call, to)


async def _form(
    call: Call, to: str, wrong: str = "", number: str = "", status: int = 200, **values: object
) -> Response:
    return draw(
        call, "sign_in", status, to=to, wrong=wrong, wrong_values=values, number=number, people=await _people(call)
    )


async def _people(call: Call) -> list[tuple[str, str, str]]:
    """The demo's staff, to be chosen without a password; nobody outside the demo."""
    if not call.web.settings.demo.enabled:
        return []
    faces = demo.demo_people(call.lang).staff
    found = await call.web.read(lambda session: doors.ids(session, [face.number for face in faces]))
    return [(found[face.number], face.name, face.line) for face in faces if face.number in found]


async def sign_in(call: Call) -> Response:
    """Number and password: one answer, after the same work, for a wrong password and for an unknown number."""
    web, now, old = call.web, call.web.now(), call.cookie
    number, given, to = call.form.get("number").strip(), call.form.get("password"), inside(call.form.get("to"))
    if not number or len(number) > 32 or not given or len(given) > passwords.MOST:
        return await _form(call, to, "console.wrong", number[:32], 422)
    address = client_address(call.request, web.settings.server.trusted_proxies)
    try:
        found = await web.write(lambda session: entrances.claim(session, number, address, now))
        if not await matches(found.kept, given):
            await web.write(lambda session: entrances.fail(session, found, now))
            return await _form(call, to, "console.wrong", number, 422)
        cookie, rule = new_cookie(STAFF), web.settings.console.second_factor
        step = await web.write(
            lambda session: entrances.enter(session, found, number, cookie, old, now, call.span, rule)
        )
    except Refused as refused:
        status = 429 if refused.key == "console.wait" else 422
        return await _form(call, to, refused.key, number, status, **refused.values)
    return seated(call, onwards(step, to), cookie)


def seated(call: Call, response: Response, cookie: str) -> Response:
    """Hand a browser its new cookie along with where it goes."""
    set_cookie(call.web, response, cookie, call.span.most, console=True)
    return response


async def show_link(call: Call) -> Response:
    """What a one-time link opens: a button. A preview of the link, which only looks, uses nothing up."""
    asked = read_query(call.request)
    return draw(call, "enter", code=asked.get("c", "")[:64], to=inside(asked.get("to", "")))


async def use_link(call: Call) -> Response:
    """Sign in with a one-time link."""
    web, now, old, code = call.web, call.web.now(), call.cookie, call.form.get("code")
    cookie, rule = new_cookie(STAFF), call.web.settings.console.second_factor
    try:
        step = await web.write(lambda session: entrances.use(session, code, cookie, old, now, call.span, rule))
    except Refused as refused:
        raise of_refusal(refused) from None
    return seated(call, onwards(step, inside(call.form.get("to"))), cookie)


async def be_somebody(call: Call) -> Response:
    """Be somebody of the demo; where there is no demo this page does not exist."""
    web, now, old = call.web, call.web.now(), call.cookie
    if not web.settings.demo.enabled:
        raise Stop(404, "error.not_found")
    person, to = call.form.get("person"), inside(call.form.get("to"))
    if person not in {row[0] for row in await _people(call)}:
        raise Stop(422, "console.nobody")
    cookie = new_cookie(STAFF)
    rule = web.settings.console.second_factor
    step = await web.write(lambda session: entrances.sit(session, person, cookie, old, now, call.span, rule))
    return seated(call, onwards(step, to), cookie)


def routes() -> list[Route]:
    """The routes of signing in."""
    return [
        console_page(SIGN_IN, show, may=May.guest),
        console_page("/console/sign-in/check", sign_in, ("POST",), May.guest, fields=("number", "password", "to")),
        console_page("/console/enter", show_link, may=May.guest),
        console_page("/console/enter/confirm", use_link, ("POST",), May.guest, fields=("code", "to")),
        console_page("/console/demo", be_somebody, ("POST",), May.guest, fields=("person", "to")),
    ]
