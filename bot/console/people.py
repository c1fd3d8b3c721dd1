"""People on the staff: their roles given and ended, their absences, and everything handed over to a colleague in one step."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.console.duty import person_of, read_day
from bot.console.frame import ROOT, console_page, draw, go
from bot.console.inbox import turn_of
from bot.forms import Stop, read_query
from handlers import absences, directory, handing, roles
from handlers.texts import text
from handlers.turn import Turn
from handlers.views import people
from models.message import Refused

PATH: Final = f"{ROOT}/people"
NUMBER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", re.ASCII)
BATCHES: Final = 10_000  # of students; a school has fewer


async def show(call: Call) -> Response:
    """A search, or one's own people."""
    words = read_query(call.request).get("find", "").strip()[:40]
    found = await call.web.read(lambda session: people.find(turn_of(call, session), words))
    return draw(call, "people", view=PATH, rows=found, words=words, path=PATH)


async def one(call: Call) -> Response:
    """One person."""
    return await _draw(call)


async def _draw(call: Call, status: int = 200, wrong: str = "", to: str = "") -> Response:
    asked = read_query(call.request)
    number, taker = _number(call), to or asked.get("to", "")[:40]
    ended, was = asked.get("ended", "")[:22], asked.get("was", "")[:40]

    def query(session: Any) -> tuple[Any, Any]:
        turn = turn_of(call, session)
        other = directory.by_number(session, taker.strip().split(" ")[0]) if taker else None
        return people.show(turn, number), other and (other.number, directory.name_of(other, call.lang))

    it, other = await call.web.read(query)
    if it is None:
        raise Stop(404, "error.not_found")
    role = next((each for each in it.roles if each.id == ended and each.may_undo), None)
    return draw(
        call, "person", status, view=PATH, it=it, wrong=wrong, base=f"{PATH}/{number}", path=PATH, taker=other,
        ended=role, was=was, today=_today(call), grid=f"{ROOT}/grid",
    )  # fmt: skip


def _today(call: Call) -> str:
    return call.web.now().astimezone(ZoneInfo(call.web.settings.school.zone)).date().isoformat()


def _number(call: Call) -> str:
    number: str = call.request.path_params["number"]
    if not NUMBER.fullmatch(number):
        raise Stop(404, "error.not_found")
    return number


async def _do(call: Call, done: str, unit: Callable[[Turn, Any], str | None]) -> Response:
    """One change to a person. unit answers with more of the next page's address."""
    number = _number(call)

    def whole(session: Any) -> str | None:
        turn = turn_of(call, session)
        person = directory.by_number(session, number)
        if person is None or person.kind != "staff":
            raise Refused("ticket.not_found")
        return unit(turn, person)

    try:
        more = await call.web.write(whole)
    except Refused as refused:
        if refused.key == "ticket.not_found":
            raise Stop(404, "error.not_found") from None
        wrong = text(call.lang, refused.key, **refused.values)
        return await _draw(call, 422, wrong, to=call.form.get("to"))
    return go(f"{PATH}/{quote(number)}{more or ''}", done)


def _midnight(turn: Turn, on: date | None, days: int = 0) -> datetime | None:
    return None if on is None else datetime.combine(on + timedelta(days=days), time(), turn.school.zone)


def _day(turn: Turn, value: str, days: int = 0) -> datetime | None:
    """A day of a form as an instant, None where it was left out. Refused for what is no day."""
    if value and read_day(value) is None:
        raise Refused("people_page.no_day")
    return _midnight(turn, read_day(value), days)


async def give(call: Call) -> Response:
    """Give a role."""

    def unit(turn: Turn, person: Any) -> None:
        form = call.form
        first = _day(turn, form.get("from_on"))
        from_at = max(first, turn.now) if first is not None else turn.now
        roles.give(
            turn, person, form.get("grid"), form.get("role").strip(), leads=form.get("leads") == "1", from_at=from_at,
            until_at=_day(turn, form.get("until_on"), 1),
        )  # fmt: skip

    return await _do(call, "role_given", unit)


async def end(call: Call) -> Response:
    """End a role, now or after a day; what it was before goes along, so that it can be taken back."""

    def unit(turn: Turn, person: Any) -> str:
        until_at = _day(turn, call.form.get("until_on"), 1) or turn.now
        duty, before = roles.end(turn, call.form.get("duty"), until_at)
        values = {"ended": duty.id, "was": before.isoformat() if before is not None else ""}
        return f"?{urlencode(values)}" if until_at <= turn.now else ""

    return await _do(call, "role_ended", unit)


async def restore(call: Call) -> Response:
    """Take the end of a role back."""

    def unit(turn: Turn, person: Any) -> None:
        was = call.form.get("was")
        try:
            until_at = datetime.fromisoformat(was) if was else None
        except ValueError:
            raise Refused("people_page.no_day") from None
        if until_at is not None and until_at.tzinfo is None:
            raise Refused("people_page.no_day")
        roles.restore(turn, call.form.get("duty"), until_at)

    return await _do(call, "role_restored", unit)


async def away(call: Call) -> Response:
    """Enter an absence, by days."""

    def unit(turn: Turn, person: Any) -> None:
        form = call.form
        from_at, until_at = _day(turn, form.get("from_on")), _day(turn, form.get("until_on"), 1)
        if from_at is None or until_at is None:
            raise Refused("people_page.no_day")
        other = person_of(turn, form.get("stand_in")) if form.get("stand_in").strip() else None
        absences.declare(turn, person, from_at, until_at, other, form.get("reason"))

    return await _do(call, "away_set", unit)


async def back(call: Call) -> Response:
    """Take back an absence to come, or end one."""

    def unit(turn: Turn, person: Any) -> None:
        absences.cancel(turn, call.form.get("absence"))

    return await _do(call, "away_ended", unit)


async def hand(call: Call) -> Response:
    """Hand everything over to a colleague: the first press shows what moves, the second moves it, batch by batch."""
    number, to = _number(call), call.form.get("to")
    if call.form.get("do") != "go":

        def look(turn: Turn, person: Any) -> str:
            taker = person_of(turn, to)
            handing.check(turn, person, taker)
            return f"?{urlencode({'to': taker.number})}#hand"

        return await _do(call, "", look)
    made: list[str] = []

    def begin(turn: Turn, person: Any) -> None:
        made.append(handing.begin(turn, person, person_of(turn, to)).id)

    answer = await _do(call, "handed", begin)
    if answer.status_code != 303:
        return answer
    for _ in range(BATCHES):
        if not await call.web.write(lambda session: handing.go_on(turn_of(call, session), made[-1])):
            break
    return go(f"{PATH}/{quote(number)}", "handed")


async def hand_back(call: Call) -> Response:
    """Undo a handing over, within a day."""
    handover = call.form.get("handover")

    def first(turn: Turn, person: Any) -> None:
        handing.undo(turn, handover)

    answer = await _do(call, "handed_back", first)
    if answer.status_code != 303:
        return answer
    for _ in range(BATCHES):
        if not await call.web.write(lambda session: handing.undo(turn_of(call, session), handover)):
            break
    return answer


def routes() -> list[Route]:
    """The routes of people."""
    one_ = f"{PATH}/{{number}}"
    return [
        console_page(PATH, show),
        console_page(one_, one),
        console_page(f"{one_}/give", give, ("POST",), fields=("grid", "role", "leads", "from_on", "until_on")),
        console_page(f"{one_}/end", end, ("POST",), fields=("duty", "until_on")),
        console_page(f"{one_}/restore", restore, ("POST",), fields=("duty", "was")),
        console_page(f"{one_}/away", away, ("POST",), fields=("from_on", "until_on", "stand_in", "reason")),
        console_page(f"{one_}/back", back, ("POST",), fields=("absence",)),
        console_page(f"{one_}/hand", hand, ("POST",), fields=("to", "do")),
        console_page(f"{one_}/hand-back", hand_back, ("POST",), fields=("handover",)),
    ]
