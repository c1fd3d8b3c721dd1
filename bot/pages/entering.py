"""The page that a one-time link from chat opens: a button that signs this browser in, and leads on to one's matter."""

from __future__ import annotations

from typing import Any

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.access import Call, May, page
from bot.cookies import PERSONAL, new_cookie, set_cookie
from bot.forms import of_refusal, read_query
from bot.pages.personal import turn_of
from handlers import half_filled, page_links, signins
from models.message import Refused
from models.person import Account, Person


async def show(call: Call) -> Response:
    """What a link opens: a button. A preview of the link, which only looks, uses nothing up."""
    asked = read_query(call.request)
    response = call.web.page(
        "entering.html", call.lang, token=call.token, code=asked.get("c", "")[:64], to=_inside(asked.get("to", ""))
    )
    # The address is the key: it is passed on to nobody and kept nowhere.
    response.headers["referrer-policy"] = "no-referrer"
    response.headers["cache-control"] = "no-store"
    return response


async def enter(call: Call) -> Response:
    """Sign the browser in. What a visitor had half filled in goes along; whoever was signed in before is signed out."""
    web, now, code, old = call.web, call.web.now(), call.form.get("code"), call.cookie
    cookie, before = new_cookie(PERSONAL), call.signed

    def unit(session: Any) -> signins.Signed:
        visitor = turn_of(call, session) if before is not None and before.person_id is None else None
        signed = page_links.use(session, code, cookie, now, call.idle)
        person = session.get(Person, signed.person_id)
        if visitor is not None:
            half_filled.take_along(visitor, person, session.get(Account, signed.account_id))
        signins.leave(session, old)
        return signed

    try:
        signed = await web.write(unit)
    except Refused as refused:
        raise of_refusal(refused) from None
    response = RedirectResponse(_inside(call.form.get("to")), 303)
    set_cookie(web, response, cookie, call.idle)
    if before is not None and before.person_id not in (None, signed.person_id):
        response.headers["clear-site-data"] = '"storage"'  # Another person's drafts, on a machine that is shared.
    return response


def _inside(address: str) -> str:
    return address if page_links.INSIDE.fullmatch(address) else "/me"


def routes() -> list[Route]:
    """The routes of one-time links."""
    return [
        page(page_links.PATH, show, ("GET",), May.visitor),
        page(f"{page_links.PATH}/confirm", enter, ("POST",), May.visitor, fields=("code", "to")),
    ]
