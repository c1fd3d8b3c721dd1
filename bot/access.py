"""Who may come where: every route is declared here with its rule, and every posted form is proved to be our own."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import Enum
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.cookies import ANONYMOUS, PERSONAL, STAFF, clear_cookie, keyed, new_cookie, read_cookie, set_cookie, token_for
from bot.forms import Form, Stop, read_form, written
from bot.web import Web
from handlers import seats, signins
from handlers.seats import Span, Staff
from handlers.signins import Signed
from models.db import Away

FORM_HEADER: Final = "x-yizhan-token"
LANG_COOKIE: Final = "yizhan-lang"
SIGN_IN: Final = "/console/sign-in"


class May(Enum):
    """Who may use a route. anyone: nobody is asked who he is, and no database is needed.

    bearer: another system with a token of its own, and no cookie (bot/api).
    The last three look at the console's own cookie. guest: whoever comes, on the way in or not; staff: an active member
    of staff whose sign-in is complete; admin: of these, whom the roster calls an administrator.
    """

    anyone = "anyone"
    visitor = "visitor"
    person = "person"
    bearer = "bearer"
    guest = "guest"
    staff = "staff"
    admin = "admin"


CONSOLE: Final = frozenset({May.guest, May.staff, May.admin})


@dataclass(frozen=True, slots=True)
class Call:
    """One request: who came with it, in which language, and the form that was posted."""

    web: Web
    request: Request
    cookie: str
    lang: str
    signed: Signed | None = None
    form: Form = field(default_factory=Form)
    staff: Staff | None = None

    @property
    def token(self) -> str:
        """What a form must carry to be ours: bound to this browser's cookie."""
        return token_for(self.web, self.cookie)

    @property
    def who(self) -> str:
        """A word by which a page knows whether the browser still speaks for the same person."""
        if self.signed is None or self.signed.person_id is None:
            return "visitor"
        return keyed(self.web, "who", self.signed.account_id)[:16]

    @property
    def me(self) -> Staff:
        """The member of staff at the console; only on routes for May.staff and May.admin."""
        if self.staff is None:
            message = "nobody is signed in: declare the route with May.staff"
            raise RuntimeError(message)
        return self.staff

    @property
    def span(self) -> Span:
        """How long a browser stays signed in to the console."""
        console = self.web.settings.console
        return Span(timedelta(minutes=console.idle_minutes), timedelta(hours=console.most_hours))

    @property
    def idle(self) -> timedelta:
        """How long a browser stays signed in without being used."""
        return timedelta(days=self.web.settings.channels.webchat.idle_days)


Endpoint = Callable[[Call], Awaitable[Response]]
More = Callable[[Web, Request], tuple[frozenset[str], frozenset[str]]]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is declared of a route; the tests make the matrix of all routes from it.

    fields: what its form may hold beside the token; None for a route that takes no form. takes_file: one file too.
    more: fields and inputs of files that follow from the address, such as those of a service's form (raises Stop for one
    that is not there). away: what answers instead when the database is away.
    """

    may: May
    fields: frozenset[str] | None = None
    takes_file: bool = False
    away: Endpoint | None = None
    more: More | None = None


RULES: Final[dict[tuple[str, str], Rule]] = {}


def page(
    path: str,
    endpoint: Endpoint,
    methods: tuple[str, ...] = ("GET",),
    may: May = May.anyone,
    *,
    fields: tuple[str, ...] = (),
    takes_file: bool = False,
    away: Endpoint | None = None,
    more: More | None = None,
) -> Route:
    """Declare a route: its path, what answers, by which methods, and who may come."""
    rule = Rule(may, frozenset((*fields, "token")) if "POST" in methods else None, takes_file, away, more)
    for method in methods:
        RULES[method, path] = rule

    async def answer(request: Request) -> Response:
        return await _answer(request, endpoint, rule)

    return Route(path, answer, methods=list(methods))


async def _answer(request: Request, endpoint: Endpoint, rule: Rule) -> Response:
    web: Web = request.app.state.web
    is_console = rule.may in CONSOLE
    cookie = read_cookie(web, request, console=is_console)
    made = "" if cookie or rule.may is May.anyone else new_cookie(ANONYMOUS)
    call = Call(web, request, cookie or made, language(request))
    if request.method == "POST":
        check_origin(web, request)
        call = _with(call, form=await _form(call, rule))
    try:
        if is_console:
            call = await _seated(call, rule.may)
            made = made or (call.cookie if call.cookie != cookie else "")
        elif rule.may is not May.anyone:
            call = await _recognised(call)
            if rule.may is May.person and (call.signed is None or call.signed.person_id is None):
                raise Stop(403, "error.sign_in")
        response = await endpoint(call)
    except Away:
        if rule.away is None:
            raise
        response = await rule.away(call)
    if made and "set-cookie" not in response.headers:
        set_cookie(web, response, made, call.span.most if is_console else call.idle, console=is_console)
    return response


async def _form(call: Call, rule: Rule) -> Form:
    server = call.web.settings.server
    fields, files = rule.more(call.web, call.request) if rule.more is not None else (frozenset[str](), frozenset[str]())
    known, most_file = fields | (rule.fields or frozenset()), server.max_file_bytes if rule.takes_file or files else 0
    form = await read_form(call.request, known, server.max_body_bytes, most_file, files)
    given = form.get("token") or call.request.headers.get(FORM_HEADER, "")
    if not hmac.compare_digest(given.encode(), call.token.encode()):
        raise _unsent(form, "error.stale")
    return form


def _unsent(form: Form, key: str) -> Stop:
    """Whoever is not let in any more reads what he wrote, to copy it: the page that it stood on is gone."""
    stop = Stop(403, key)
    stop.unsent = written(form)
    return stop


async def _recognised(call: Call) -> Call:
    """Look up whom the browser speaks for. A personal cookie that opens nothing any more never becomes a visitor's:
    what somebody types into a page of theirs must not land elsewhere."""
    web, now = call.web, call.web.now()
    cookie = call.cookie
    signed = await web.read(lambda session: signins.recognise(session, cookie, now))
    if signed is None:
        if cookie.startswith(PERSONAL):
            if call.request.method == "POST":
                raise Stop(403, "error.signed_out")
            # A one-time link still opens its page; what another page asks for is nobody's any more.
            expired = RedirectResponse(here(call.request) if call.request.url.path == "/enter" else "/", 303)
            clear_cookie(web, expired)
            raise Elsewhere(expired)
        return call
    if signed.until_at - now < call.idle - signins.RENEW_AFTER:
        await web.write(lambda session: signins.renew(session, cookie, now, call.idle))
    return _with(call, signed=signed, lang=signed.lang or call.lang)


async def _seated(call: Call, may: May) -> Call:
    """Look up who sits at the console, and whether a route is for them. Whoever is not in is led to the sign-in."""
    web, now, cookie = call.web, call.web.now(), call.cookie
    staff = None
    if cookie.startswith(STAFF):
        staff = await web.read(lambda session: seats.recognise(session, cookie, now))
    if staff is None and cookie.startswith(STAFF) and call.request.method == "POST":
        raise _unsent(call.form, "error.signed_out_staff")
    if may is not May.guest and (staff is None or not staff.is_in):
        if call.request.method == "POST":
            raise _unsent(call.form, "error.sign_in")
        raise Elsewhere(RedirectResponse(f"{SIGN_IN}?to={quote(here(call.request))}", 303))
    if staff is None:
        # A dead cookie is replaced, so that the sign-in's form works with it.
        return replace(call, cookie=new_cookie(ANONYMOUS)) if cookie.startswith(STAFF) else call
    if may is May.admin and not staff.is_administrator:
        raise Stop(404, "error.not_found")
    # Written at most eight times in a span, and only for a sign-in that is complete.
    if staff.is_in and staff.until_at < staff.ends_at and staff.until_at - now < call.span.idle * 7 / 8:
        await web.write(lambda session: seats.renew(session, cookie, now, call.span))
    return replace(call, staff=staff, lang=chosen_language(call.request) or staff.lang or call.lang)


def here(request: Request) -> str:
    """The address of a request without its host, to come back to."""
    path: str = request.scope["path"]
    query = request.scope["query_string"].decode("ascii", "replace")
    return f"{path}?{query}" if query else path


class Elsewhere(Exception):
    """The browser is sent to another page instead."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def _with(call: Call, *, form: Form | None = None, signed: Signed | None = None, lang: str = "") -> Call:
    return replace(call, lang=lang or call.lang, signed=signed or call.signed, form=form or call.form)


# -- where a request comes from


def check_origin(web: Web, request: Request) -> None:
    """Refuse what another site's page sent; raises Stop.

    Fetch metadata decides where the browser sends it (OWASP ASVS 5.0 3.5.1). Without it the Origin must be ours; a
    page under `no-referrer` posts its forms with the Origin "null", and then the token alone decides.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        raise Stop(403, "error.foreign")
    origin = request.headers.get("origin")
    if origin is None or origin == "null":
        return
    ours = (request.headers.get("host", "").lower(), urlsplit(web.settings.school.base_url).netloc.lower())
    try:
        theirs = urlsplit(origin)
    except ValueError:  # An address that cannot be read, such as "http://[", is nobody's of ours.
        raise Stop(403, "error.foreign") from None
    if theirs.scheme not in ("http", "https") or theirs.netloc.lower() not in ours:
        raise Stop(403, "error.foreign")


def language(request: Request) -> str:
    """The language of a page: the cookie's, else the first that the browser asks for, else Chinese."""
    asked = "en" if request.headers.get("accept-language", "").lower().startswith("en") else "zh"
    return chosen_language(request) or asked


def chosen_language(request: Request) -> str:
    """The language that this browser was told to show, "" for none."""
    chosen = request.cookies.get(LANG_COOKIE, "")
    return chosen if chosen in ("zh", "en") else ""
