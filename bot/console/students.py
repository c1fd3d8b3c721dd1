"""Finding a student, and the page of one: open matters, history, totals, how the student is reached; for who answers."""

from __future__ import annotations

import re
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.addresses import NUMBER
from bot.console.frame import ROOT, console_page, draw, go
from bot.console.inbox import TICKET, turn_of
from bot.forms import Stop, read_number, read_query
from handlers import behalf, serving
from handlers.texts import text
from handlers.views import students
from models.message import Refused
from models.meta import audit

HERE: Final = f"{ROOT}/students"
STUDENT: Final = re.compile(r"[0-9A-Za-z_-]{1,32}", re.ASCII)
DID: Final = frozenset({*serving.VERBS, "opened", "before"})


async def find(call: Call) -> Response:
    """The search, and what it finds."""
    words = read_query(call.request).get("name", "")[: students.MOST_WORDS]
    found, more = await call.web.read(lambda session: students.search(turn_of(call, session), words))
    return draw(call, "students", view=HERE, found=found, more=more, words=words, most=students.MOST)


async def show(call: Call) -> Response:
    """A student's page; that it was opened is written down."""
    asked = read_query(call.request)
    return await _draw(call, did=asked.get("did", ""), was=asked.get("was", ""))


async def _draw(
    call: Call, status: int = 200, *, did: str = "", was: str = "", wrong: str = "", at: str = "", words: str = ""
) -> Response:
    """The page. at: the number of the matter to which something was wrong; words: kept in its box."""
    number = number_of(call)
    shown: students.Student | None = await call.web.read(
        lambda session: students.show(turn_of(call, session), number)
    )  # fmt: skip
    if shown is None:
        raise Stop(404, "error.not_found")
    now, person_id = call.web.now(), call.me.person_id
    await call.web.write(lambda session: audit(session, now, person_id, "student_opened", number))
    known = did in DID and NUMBER.fullmatch(was)
    return draw(
        call, "student", status, view=HERE, it=shown, base=f"{HERE}/{number}", ticket=TICKET, sources=behalf.SOURCES,
        did=text(call.lang, f"students.did_{did}", number=was) if known else "", was=was if known else "",
        wrong=wrong, at=at, words=words,
    )  # fmt: skip


def number_of(call: Call) -> str:
    """The student's number in the address; Stop for what is none."""
    number: str = call.request.path_params["number"]
    if not STUDENT.fullmatch(number):
        raise Stop(404, "error.not_found")
    return number


async def do(call: Call) -> Response:
    """Answer, sign back in or take back for a student; what went on meanwhile is said, and nothing done."""
    number, ticket, verb = number_of(call), call.request.path_params["ticket"], call.request.path_params["verb"]
    if not NUMBER.fullmatch(ticket) or verb not in serving.VERBS:
        raise Stop(404, "error.not_found")
    rev, words, source = read_number(call.form.get("rev")), call.form.get("words").strip(), call.form.get("source")

    def unit(session: Any) -> None:
        serving.do(turn_of(call, session), number, ticket, verb, rev, words, source)

    try:
        await call.web.write(unit)
    except serving.Stale:
        wrong = text(call.lang, "students.stale", number=ticket)
        return await _draw(call, 409, wrong=wrong, at=ticket, words=words)
    except Refused as refused:
        if refused.key == "ticket.not_found":
            raise Stop(404, "error.not_found") from None
        wrong = text(call.lang, refused.key, **refused.values)
        return await _draw(call, 422, wrong=wrong, at=ticket, words=words)
    return go(f"{HERE}/{number}?did={verb}&was={ticket}")


def routes() -> list[Route]:
    """The routes of students."""
    return [
        console_page(HERE, find),
        console_page(f"{HERE}/{{number}}", show),
        console_page(
            f"{HERE}/{{number}}/matters/{{ticket}}/{{verb}}", do, ("POST",), fields=("rev", "words", "source")
        ),
    ]
