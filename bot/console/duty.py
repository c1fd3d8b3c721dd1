"""The duty roster by the week: who is on duty, bare hours, shifts added, changed, copied, and swapped with a colleague."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.console.frame import ROOT, console_page, draw, go
from bot.console.inbox import turn_of
from bot.forms import read_query
from handlers import directory, shifts, swaps
from handlers.texts import text
from handlers.turn import Turn
from handlers.views import duty
from models.message import Refused

PATH: Final = f"{ROOT}/duty"
PLACE: Final = ("week", "area")  # what every form carries, so that the same week is shown afterwards


async def show(call: Call) -> Response:
    """One week."""
    asked = read_query(call.request)
    return await _draw(call, asked.get("week", ""), asked.get("area", ""), shift=asked.get("shift", ""))


async def _draw(
    call: Call, week: str, area: str, status: int = 200, *, shift: str = "", wrong: str = ""
) -> Response:  # fmt: skip
    def query(session: Any) -> tuple[Any, ...]:
        turn = turn_of(call, session)
        monday = duty.monday_of(read_day(week) or turn.today)
        found = duty.week(turn, monday, area)
        return found, duty.choices(turn) if found.may_add else None, duty.edit(turn, shift) if shift else None

    found, choices, edit = await call.web.read(query)
    monday = found.monday
    return draw(
        call, "duty", status, view=PATH, it=found, choices=choices, edit=edit, wrong=wrong, path=PATH, area=area,
        week=monday.isoformat(), before=address(monday - timedelta(days=7), area),
        after=address(monday + timedelta(days=7), area), at=lambda **more: address(monday, area, **more),
    )  # fmt: skip


def address(monday: date, area: str = "", **more: str) -> str:
    """The address of a week."""
    values = {"week": monday.isoformat(), "area": area, **more}
    return f"{PATH}?{urlencode({key: value for key, value in values.items() if value})}"


def read_day(value: str) -> date | None:
    """A day of an address or a form, None for anything else."""
    try:
        day = date.fromisoformat(value) if len(value) == 10 else None
    except ValueError:
        return None
    return day if day is not None and 2000 <= day.year <= 2200 else None


def read_instant(turn: Turn, value: str) -> datetime:
    """An instant as a browser's field writes it, of the school's clock. Refused for anything else."""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise Refused("duty_page.no_time") from None
    if found.tzinfo is not None or not 2000 <= found.year <= 2200:
        raise Refused("duty_page.no_time")
    return found.replace(tzinfo=turn.school.zone)


def person_of(turn: Turn, number: str) -> Any:
    """Whom a form names: a number, with a name behind it or without. Refused for an unknown one."""
    if not number.strip():
        raise Refused("duty_page.number_first")
    found = directory.by_number(turn.session, number.strip().split(" ")[0])
    if found is None:
        raise Refused("duty_page.nobody_is", number=number[:32])
    return found


async def _do(call: Call, done: str, unit: Callable[[Turn], str | None], shift: str = "") -> Response:
    """One change; a refusal shows the same week with the reason, and what was open in the form."""
    week, area = call.form.get("week"), call.form.get("area")
    try:
        said = await call.web.write(lambda session: unit(turn_of(call, session)))
    except Refused as refused:
        wrong = text(call.lang, refused.key, **refused.values)
        return await _draw(call, week, area, 422, shift=shift, wrong=wrong)
    monday = read_day(week)
    return go(address(duty.monday_of(monday), area) if monday is not None else PATH, said or done)


async def add(call: Call) -> Response:
    """Add a shift."""

    def unit(turn: Turn) -> None:
        form = call.form
        starts_at, ends_at = read_instant(turn, form.get("starts")), read_instant(turn, form.get("ends"))
        shifts.add(turn, person_of(turn, form.get("number")), form.get("grid"), form.get("role"), starts_at, ends_at)

    return await _do(call, "shift_added", unit)


async def change(call: Call) -> Response:
    """Give a shift other times or another person."""
    shift_id = call.form.get("shift")

    def unit(turn: Turn) -> None:
        starts_at, ends_at = (read_instant(turn, call.form.get(name)) for name in ("starts", "ends"))
        shifts.change(turn, shift_id, person_of(turn, call.form.get("number")), starts_at, ends_at)

    return await _do(call, "shift_changed", unit, shift_id)


async def remove(call: Call) -> Response:
    """Take a shift off the roster."""
    shift_id = call.form.get("shift")

    def unit(turn: Turn) -> None:
        shifts.remove(turn, shift_id)

    return await _do(call, "shift_removed", unit, shift_id)


async def copy(call: Call) -> Response:
    """Copy the week before into the week that is shown."""

    def unit(turn: Turn) -> str | None:
        monday = duty.monday_of(read_day(call.form.get("week")) or turn.today)
        midnight = datetime(monday.year, monday.month, monday.day, tzinfo=turn.school.zone)
        made = shifts.copy_week(turn, call.form.get("grid"), call.form.get("role"), midnight)
        return None if made else "shift_none_copied"

    return await _do(call, "shift_copied", unit)


async def swap(call: Call) -> Response:
    """Ask a colleague to take one's shift; `to` is a person, or a shift that is taken in exchange."""
    shift_id = call.form.get("shift")

    def unit(turn: Turn) -> None:
        given, person = swaps.other_side(turn, call.form.get("to"))
        swaps.ask(turn, shift_id, person, given)

    return await _do(call, "swap_asked", unit, shift_id)


async def answer(call: Call) -> Response:
    """Answer what one is asked, or take back what one has asked."""

    def unit(turn: Turn) -> str:
        verb, swap_id = call.form.get("do"), call.form.get("swap")
        if verb == "back":
            swaps.withdraw(turn, swap_id)
            return "swap_withdrawn"
        done, _ = swaps.answer(turn, swap_id, accept=verb == "yes")
        return f"swap_{done.status}"

    return await _do(call, "", unit)


def routes() -> list[Route]:
    """The routes of the duty roster."""
    times = ("number", "starts", "ends")
    return [
        console_page(PATH, show),
        console_page(f"{PATH}/add", add, ("POST",), fields=(*PLACE, "grid", "role", *times)),
        console_page(f"{PATH}/change", change, ("POST",), fields=(*PLACE, "shift", *times)),
        console_page(f"{PATH}/remove", remove, ("POST",), fields=(*PLACE, "shift")),
        console_page(f"{PATH}/copy", copy, ("POST",), fields=(*PLACE, "grid", "role")),
        console_page(f"{PATH}/swap", swap, ("POST",), fields=(*PLACE, "shift", "to")),
        console_page(f"{PATH}/answer", answer, ("POST",), fields=(*PLACE, "swap", "do")),
    ]
