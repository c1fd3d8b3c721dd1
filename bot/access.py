"""Who may come where: every route is declared here with its rule, and every posted form is proved to be our own."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.forms import Form, Stop, read_form
from bot.web import Web
from handlers import signins
from handlers.signins import Signed
from models.db import Away

FORM_HEADER: Final = "x-yizhan-token"
LANG_COOKIE: Final = "yizhan-lang"
ANONYMOUS: Final = "v"  # a cookie that no person was ever signed in with begins so
PERSONAL: Final = "p"
_COOKIE_LENGTH: Final = 44  # the letter and 32 random bytes in URL-safe base64


class May(Enum):
    """Who may use a route. anyone: nobody is asked who he is, and no database is needed."""

    anyone = "anyone"
    visitor = "visitor"
    person = "person"


@dataclass(frozen=True, slots=True)
class Call:
    """One request: who came with it, in which language, and the form that was posted."""

    web: Web
    request: Request
    cookie: str
    lang: str
    signed: Signed | None = None
    form: Form = field(default_factory=Form)

    @property
    def token(self) -> str:
        """What a form must carry to be ours: bound to this browser's cookie."""
        return token_for(self.web, self.cookie)

    @property
    def who(self) -> str:
        """A word by which a page knows whether the browser still speaks for the same person."""
        if self.signed is None or self.signed.person_id is None:
            return "visitor"
        return _keyed(self.web, "who", self.signed.account_id)[:16]

    @property
    def idle(self) -> timedelta:
        """How long a browser stays signed in without being used."""
        return timedelta(days=self.web.settings.channels.webchat.idle_days)


Endpoint = Callable[[Call], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is declared of a route; the tests make the matrix of all routes from it.

    fields: what its form may hold beside the token; None for a route that takes no form. takes_file: one file too.
    away: what answers instead when the database is away.
    """

    may: May
    fields: frozenset[str] | None = None
    takes_file: bool = False
    away: Endpoint | None = None


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
) -> Route:
    """Declare a route: its path, what answers, by which methods, and who may come."""
    rule = Rule(may, frozenset((*fields, "token")) if "POST" in methods else None, takes_file, away)
    for method in methods:
        RULES[method, path] = rule

    async def answer(request: Request) -> Response:
        return await _answer(request, endpoint, rule)

    return Route(path, answer, methods=list(methods))


async def _answer(request: Request, endpoint: Endpoint, rule: Rule) -> Response:
    web: Web = request.app.state.web
    cookie = read_cookie(web, request)
    made = "" if cookie or rule.may is May.anyone else new_cookie(ANONYMOUS)
    call = Call(web, request, cookie or made, language(request))
    if request.method == "POST":
        check_origin(web, request)
        call = _with(call, form=await _form(call, rule))
    try:
        if rule.may is not May.anyone:
            call = await _recognised(call)
            if rule.may is May.person and (call.signed is None or call.signed.person_id is None):
                raise Stop(403, "error.sign_in")
        response = await endpoint(call)
    except Away:
        if rule.away is None:
            raise
        response = await rule.away(call)
    if made and "set-cookie" not in response.headers:
        set_cookie(web, response, made, call.idle)
    return response


async def _form(call: Call, rule: Rule) -> Form:
    server = call.web.settings.server
    form = await read_form(
        call.request, rule.fields or (), server.max_body_bytes, server.max_file_bytes if rule.takes_file else 0
    )
    given = form.get("token") or call.request.headers.get(FORM_HEADER, "")
    if not hmac.compare_digest(given.encode(), call.token.encode()):
        raise Stop(403, "error.stale")
    return form


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
            expired = RedirectResponse("/", 303)
            clear_cookie(web, expired)
            raise Elsewhere(expired)
        return call
    if signed.until_at - now < call.idle - signins.RENEW_AFTER:
        await web.write(lambda session: signins.renew(session, cookie, now, call.idle))
    return _with(call, signed=signed, lang=signed.lang or call.lang)


class Elsewhere(Exception):
    """The browser is sent to another page instead."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def _with(call: Call, *, form: Form | None = None, signed: Signed | None = None, lang: str = "") -> Call:
    return Call(call.web, call.request, call.cookie, lang or call.lang, signed or call.signed, form or call.form)


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
    chosen = request.cookies.get(LANG_COOKIE, "")
    if chosen in ("zh", "en"):
        return chosen
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "zh"


# -- cookies and tokens


def cookie_name(web: Web) -> str:
    """The session cookie's name; the prefix binds it to this host and to https."""
    return "__Host-yizhan" if web.settings.server.secure_cookies else "yizhan"


def new_cookie(kind: str) -> str:
    """A cookie's value: its kind and 256 random bits."""
    return kind + secrets.token_urlsafe(32)


def read_cookie(web: Web, request: Request) -> str:
    """The request's session cookie, "" when there is none or it has not our form."""
    value = request.cookies.get(cookie_name(web), "")
    is_ours = len(value) == _COOKIE_LENGTH and value.isascii() and value[0] in (ANONYMOUS, PERSONAL)
    return value if is_ours else ""


def set_cookie(web: Web, response: Response, value: str, idle: timedelta) -> None:
    """Give a browser its session cookie: out of scripts' reach, and not sent along from other sites' forms."""
    response.set_cookie(
        cookie_name(web), value, max_age=int(idle.total_seconds()), path="/", httponly=True, samesite="lax",
        secure=web.settings.server.secure_cookies,
    )  # fmt: skip


def clear_cookie(web: Web, response: Response) -> None:
    """Take a browser's session cookie away."""
    response.delete_cookie(
        cookie_name(web), path="/", httponly=True, samesite="lax", secure=web.settings.server.secure_cookies
    )


def token_for(web: Web, cookie: str) -> str:
    """The token that forms of this browser carry: 32 hex digits."""
    return _keyed(web, "form", cookie)[:32]


def _keyed(web: Web, purpose: str, value: str) -> str:
    key = web.settings.keys.cookie.get_secret_value()
    return hmac.new(key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()
