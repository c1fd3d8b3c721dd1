"""What every console page stands in: how a page is declared and drawn, where it may lead, and what went wrong."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route, compile_path

from bot.access import RULES, SIGN_IN, Call, Endpoint, May, More, here, language, page
from bot.forms import Stop, read_query
from bot.pages.words import linked, plain
from bot.web import Web
from handlers.texts import sentences, text
from models.message import Refused

ROOT: Final = "/console"
_INSIDE: Final = re.compile(r"/console(?:/[\w.~-]+)*(?:\?[\w.~%=&+*,;:@!$'()/?-]*)?", re.ASCII)
_DONE: Final = re.compile(r"[a-z_]{1,32}")


class Entry(NamedTuple):
    """One entry of the top bar: the key of its label, its address, and the letter that follows "g"."""

    label: str
    path: str
    letter: str


# Drawn once their page is there: whoever adds one of these pages changes nothing here.
ENTRIES: Final = (
    Entry("console.inbox", ROOT, "i"),
    Entry("console.approvals", f"{ROOT}/approvals", "p"),
    Entry("console.students", f"{ROOT}/students", "s"),
    Entry("console.on_leave", f"{ROOT}/on-leave", "y"),
    Entry("console.figures", f"{ROOT}/figures", "d"),
    Entry("console.broadcasts", f"{ROOT}/broadcasts", "b"),
    Entry("console.duty", f"{ROOT}/duty", "z"),
    Entry("console.grid", f"{ROOT}/grid", "w"),
    Entry("console.people", f"{ROOT}/people", "r"),
)


def console_page(
    path: str,
    endpoint: Endpoint,
    methods: tuple[str, ...] = ("GET",),
    may: May = May.staff,
    *,
    fields: tuple[str, ...] = (),
    more: More | None = None,
) -> Route:
    """Declare a console route: its path, what answers, by which methods, and who may come (staff unless said).

    fields: what its form may hold beside the token; more: what it may hold besides, by the address (bot.access.Rule). ValueError for a path outside the console.
    """
    if not (path == ROOT or path.startswith(f"{ROOT}/")):
        message = f"{path} is no page of the console: it must begin with {ROOT}"
        raise ValueError(message)
    return page(path, endpoint, methods, may, fields=fields, more=more)


def draw(call: Call, name: str, status: int = 200, *, view: str = ROOT, **values: object) -> Response:
    """A console page from its template "NAME.html", inside the frame.

    view: the address of the entry in the top bar that this page belongs to. Templates have, beside the values: t, lang,
    school, static, demo, staff (None for a guest), token, plain, linked, query (the search words), done (a sentence).
    """
    asked = read_query(call.request)
    return call.web.page(
        f"console/{name}.html", call.lang, status, **_bar(call.lang, view), staff=call.staff, token=call.token,
        here=view if call.request.method == "POST" else here(call.request),
        query=asked.get("q", "")[:200], done=_done(call.lang, asked.get("done", "")), **values,
    )  # fmt: skip


def go(path: str, done: str = "") -> Response:
    """Lead the browser on after a form. done: the end of a key "console.done_…", whose sentence the next page shows."""
    if done:
        path += f"{'&' if '?' in path else '?'}done={done}"
    return RedirectResponse(path, 303)


def inside(address: str) -> str:
    """An address to come back to, if it is the console's own; else the inbox. Nobody is led to another site."""
    return address if len(address) <= 500 and _INSIDE.fullmatch(address) else ROOT


def problem(web: Web, request: Request, stop: Stop) -> Response:
    """What went wrong in the console: what happened, whether data is safe, what to do, and a number to quote."""
    lang = language(request)
    what = text(lang, f"{stop.key}_what" if stop.status in (500, 503) else stop.key, **stop.values)
    if "application/json" in request.headers.get("accept", ""):
        body = {
            "problem": what,
            "stale": stop.key in ("error.stale", "error.signed_out", "error.signed_out_staff"),
            "retry": stop.status == 503,
        }
        body |= {"sign_in": f"{SIGN_IN}?to={quote(came_from(request))}"} if stop.status == 403 else {}
        return JSONResponse(body, stop.status, stop.headers)
    kind = "ours" if stop.status in (500, 503) else "missing" if stop.status == 404 else "yours"
    outside = stop.status == 403 or stop.key == "console.link_gone"
    number = str(stop.values.get("number", "")) if stop.status == 500 else str(stop.status)
    back = f"?to={quote(came_from(request))}" if stop.status == 403 else ""
    return web.page(
        "console/error.html", lang, stop.status, **_bar(lang, ""), staff=None, token="", here=ROOT, query="", done="",
        what=what, kind=kind, number=number, sign_in=(SIGN_IN + back) if outside else "", unsent=stop.unsent,
    )  # fmt: skip


def came_from(request: Request) -> str:
    """The page to come back to after signing in anew: the one asked for, or the one whose form was sent."""
    if request.method != "POST":
        return inside(here(request))
    pages = [compile_path(path)[0] for method, path in RULES if method == "GET" and path.startswith(ROOT)]
    page_of, _, verb = request.url.path.rpartition("/")
    found = page_of
    while found and not any(each.match(found) for each in pages):
        found = found.rpartition("/")[0]
    # The box of the verb that the words were written for.
    return inside(f"{found}?do={verb}" if found == page_of and found.startswith(f"{ROOT}/ticket/") else found)


def _bar(lang: str, view: str) -> dict[str, object]:
    entries = [entry for entry in ENTRIES if ("GET", entry.path) in RULES]
    return {"entries": entries, "view": view, "plain": plain, "linked": linked}


def _done(lang: str, name: str) -> str:
    key = f"console.done_{name}"
    return text(lang, key) if _DONE.fullmatch(name) and key in sentences("zh") else ""


def refusal(lang: str, refused: Refused) -> str:
    """Why something was not done, as a page says it: where the chat names a command, the page names the button."""
    there = f"page_said.{refused.key.replace('.', '_')}"
    return text(lang, there if there in sentences(lang) else refused.key, **refused.values)
