"""What every operation of the API stands in: how it is declared, who is let in, what it is sent, and what went wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, cast

from pydantic import BaseModel, ConfigDict, ValidationError
from python_multipart.multipart import parse_options_header
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.access import RULES, May, Rule
from bot.addresses import NUMBER
from bot.door import Door, clean
from bot.forms import Stop, read_body, read_query
from bot.guard import Pace
from bot.web import Web
from handlers import tokens
from handlers.form_schema import misfits
from handlers.texts import text
from handlers.tokens import Bearer
from handlers.turn import Turn
from models.message import Refused
from models.person import Person

ROOT: Final = "/api/v1"
_BEARER: Final = re.compile(r"Bearer +([A-Za-z0-9._~+/-]{1,200}=*)", re.ASCII | re.IGNORECASE)
_LANGUAGES: Final = {"zh": "zh-CN", "en": "en"}


class Sent(BaseModel):
    """What all parameters and bodies share: nothing beside what is declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Nothing(Sent):
    """An operation without parameters."""


class Fault(BaseModel):
    """One thing that is wrong: where in the body (a JSON pointer as a fragment) or which parameter, and what."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """What went wrong (RFC 9457). key: the constant name of the sentence; zh, en: the sentence in both languages."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    key: str
    zh: str
    en: str
    errors: tuple[Fault, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request by a token: whom it speaks for, in which language, with which parameters and body."""

    web: Web
    request: Request
    bearer: Bearer
    lang: str
    now: datetime
    query: Any
    body: Any

    def turn(self, session: Any) -> Turn:
        """The turn of the member of staff for whom the token speaks."""
        person = session.get(Person, self.bearer.person_id)
        return Turn(session, cast("Door", self.web.door).school, self.now, self.now, None, person, self.lang)

    @property
    def number(self) -> str:
        """The ticket number in the address; one that is none is answered like what does not exist."""
        number: str = self.request.path_params["number"]
        if not NUMBER.fullmatch(number):
            raise Stop(404, "ticket.not_found")
        return number


Endpoint = Callable[[Asked], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as it is declared; route, checks and the OpenAPI document all follow from it.

    name: its operationId. writes: whether the token must be one for writing. needs: request headers that must be there;
    takes: those that may. status: of success. refuses: the statuses of its own refusals, beside those that all share.
    """

    method: str
    path: str
    name: str
    about: str
    endpoint: Endpoint
    answers: type[BaseModel] | None
    query: type[Sent] = Nothing
    body: type[Sent] | None = None
    writes: bool = False
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    status: int = 200
    refuses: tuple[int, ...] = ()


OPERATIONS: Final[dict[str, Operation]] = {}


def operation(declared: Operation) -> Route:
    """Declare an operation; answers with its route."""
    path = ROOT + declared.path
    OPERATIONS[declared.name] = declared
    RULES[declared.method, path] = Rule(May.bearer)

    async def answer(request: Request) -> Response:
        response = await _answer(request, declared)
        response.headers["content-language"] = _LANGUAGES[language(request)]
        response.headers["vary"] = "authorization, accept-language"
        return response

    return Route(path, answer, methods=[declared.method])


async def _answer(request: Request, declared: Operation) -> Response:
    web: Web = request.app.state.web
    now, pace = web.now(), cast("Pace", request.app.state.api_pace)
    bearer = await _recognised(web, request, now)
    if pace.is_over(bearer.token_id):
        raise Stop(429, "api.too_many", {"retry-after": str(pace.wait())}, seconds=pace.wait())
    if declared.writes and not bearer.may_write:
        raise Stop(403, "api.read_only")
    if bearer.used_at is None or now - bearer.used_at >= tokens.TO_THE_MINUTE:
        await web.write(lambda session: tokens.touch(session, bearer.token_id, now))
    query = _checked(
        declared.query, json.dumps(dict(read_query(request))), 400, "api.query", language(request), strict=False
    )
    for name in declared.needs:
        if name not in request.headers:
            # 428 is RFC 6585's word for a missing precondition; for other headers there is none of its own.
            raise Stop(428 if name == "if-match" else 400, f"api.needs_{name.replace('-', '_')}")
    body = None
    if declared.body is not None:
        sent = await _json(request, web.settings.server.max_body_bytes)
        body = _checked(declared.body, json.dumps(sent), 422, "api.body", language(request))
    return await declared.endpoint(Asked(web, request, bearer, language(request), now, query, body))


async def _recognised(web: Web, request: Request, now: datetime) -> Bearer:
    """Whom the token speaks for. Without any token in force nothing is here at all; raises Stop."""
    given = request.headers.getlist("authorization")
    found = _BEARER.fullmatch(given[0]) if len(given) == 1 else None

    def query(session: Any) -> tuple[Bearer | None, bool]:
        bearer = tokens.recognise(session, found[1], now) if found is not None else None
        return bearer, bearer is not None or tokens.is_any(session, now)

    bearer, is_there = await web.read(query)
    if not is_there:
        raise Stop(404, "error.not_found")
    if bearer is None:
        raise Stop(401, "api.token_refused", {"www-authenticate": 'Bearer realm="yizhan"'})
    return bearer


class Wrong(Stop):
    """Parameters or a body that cannot be taken, with everything that is wrong with them. help: of the crisis lane."""

    def __init__(self, status: int, key: str, faults: tuple[Fault, ...], said: str = "") -> None:
        super().__init__(status, key)
        self.faults = faults
        self.help = said


def _checked(model: type[Sent], given: str, status: int, key: str, lang: str, *, strict: bool = True) -> Sent:
    """What was sent, as its model; raises Wrong. Parameters of an address are all text, so they are not read strictly."""
    try:
        return model.model_validate_json(given, strict=strict)
    except ValidationError as error:
        raise Wrong(
            status, key, tuple(Fault(pointer=pointer(where), detail=what) for where, what in misfits(error, lang))
        ) from None


def pointer(parts: tuple[int | str, ...]) -> str:
    """Where something stands in a body, as a fragment (RFC 6901, section 6), for the names that forms have."""
    return "#" + "".join(f"/{part}" for part in parts)


async def _json(request: Request, most: int) -> dict[str, Any]:
    """The object in a body, every text in it as it may be stored; raises Stop: 415 for another type, 413 when too large, 400 for what is no sound JSON object."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"application/json" or options.get(b"charset", b"utf-8").lower() != b"utf-8":
        raise Stop(415, "api.content")
    body = await read_body(request, most)
    try:
        found = json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
        # Within the same border, since what can be read may still be nested too deep to be walked through.
        cleaned = _cleaned(found)
    except (ValueError, RecursionError):
        raise Stop(400, "api.json") from None
    if not isinstance(cleaned, dict):
        raise Stop(400, "api.json")
    return cleaned


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names stand in it once each: which of two would count, readers do not agree on."""
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a name stands twice"
        raise ValueError(message)
    return found


def _no_constant(name: str) -> None:
    message = f"{name} is no JSON"
    raise ValueError(message)


def _cleaned(value: Any) -> Any:
    """The same with every text as it may be stored, as the door cleans what people say."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    if isinstance(value, dict):
        return _once([(clean(name), _cleaned(each)) for name, each in value.items()])
    return value


def language(request: Request) -> str:
    """The language of an answer: English where it is asked for first, else Chinese. No cookie counts here."""
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "zh"


def said(body: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer as JSON."""
    return Response(body.model_dump_json(), status, headers, media_type="application/json")


def of_refusal(refused: Refused) -> Stop:
    """What the core refused, as an answer: 404 for what is not there or out of reach, else 422."""
    status = 404 if refused.key in ("ticket.not_found", "api.no_student", "api.no_item") else 422
    stop = Stop(status, refused.key)
    stop.values = refused.values
    return stop


def problem(request: Request, stop: Stop) -> Response:
    """What went wrong, as application/problem+json."""
    key = f"{stop.key}_what" if stop.key in ("error.bug", "error.away", "error.closing") else stop.key
    key = "api.not_found" if key == "ticket.not_found" else key  # The chat's sentence names words that are said there.
    words = {lang: text(lang, key, **stop.values) for lang in ("zh", "en")}
    body = Problem(
        title=HTTPStatus(stop.status).phrase, status=stop.status, detail=words[language(request)], key=stop.key, **words,
        errors=stop.faults if isinstance(stop, Wrong) else (), help=stop.help if isinstance(stop, Wrong) else "",
    )  # fmt: skip
    left_out = {name for name in ("errors", "help") if not getattr(body, name)}
    headers = {**stop.headers, "content-language": _LANGUAGES[language(request)]}
    incident = {"instance": f"urn:incident:{stop.values['number']}"} if "number" in stop.values else {}
    content = json.dumps(body.model_dump(mode="json", exclude=left_out) | incident, ensure_ascii=False)
    return Response(content, stop.status, headers, media_type="application/problem+json")
