"""Who is away: a day's students on leave by area, the month at a glance, and the list as a spreadsheet."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.addresses import ticket_number
from bot.console.frame import ROOT, console_page, draw, go, inside
from bot.console.inbox import TICKET, turn_of
from bot.forms import Stop, of_refusal, read_query
from bot.pages.slip import CODE
from bot.sheets import MEDIA, Cell, write_sheets
from handlers import tickets, vouchers
from handlers.texts import text
from handlers.views import away_day, on_leave
from handlers.views.inbox_filter import read
from models.message import Refused
from models.meta import audit

AWAY: Final = f"{ROOT}/on-leave"
HEADS: Final = ("student", "number", "class", "dormitory", "span", "campus", "status", "kind")


def _page(call: Call, session: Any, most: int) -> on_leave.Page:
    values = read_query(call.request)
    asked = read({"since": values.get("on", ""), "area": values.get("area", "")})
    turn = turn_of(call, session)
    tree = values.get("tree", "")
    return on_leave.away(turn, asked.since or turn.today, tree if tree in on_leave.TREES else "", asked.area, most)


async def show(call: Call) -> Response:
    """A day."""
    page: on_leave.Page = await call.web.read(lambda session: _page(call, session, on_leave.MOST))
    checks = await call.web.read(lambda session: vouchers.is_one(turn_of(call, session)))

    def to(on: date | None = None, tree: str = "", area: str | None = None) -> str:
        pairs = {
            "on": (on or page.on).isoformat(),
            "tree": tree or page.tree,
            "area": page.area if area is None else area,
        }
        return f"{AWAY}?{urlencode({key: value for key, value in pairs.items() if value})}"

    return draw(
        call, "on_leave", view=AWAY, it=page, base=AWAY, to=to, checks=checks, ticket=TICKET, states=away_day.STATES, only_today=away_day.TODAY, trees=on_leave.TREES,
        before=page.on - timedelta(days=1), after=page.on + timedelta(days=1), export=to().replace("?", ".xlsx?", 1),
        most=max((count for _, count in page.month), default=0), blank=page.on.replace(day=1).weekday(),
    )  # fmt: skip


async def export(call: Call) -> Response:
    """Everybody who is away on the day, as a spreadsheet; that it was taken is written down."""
    page: on_leave.Page = await call.web.read(lambda session: _page(call, session, 100_000))
    now, me, count = call.web.now(), call.me, away_day.people(row.leave for row in page.rows)
    await call.web.write(lambda session: audit(session, now, me.person_id, "exported", f"on leave {page.on}: {count}"))
    t = partial(text, call.lang)
    taken_at = f"{now.astimezone(ZoneInfo(call.web.settings.school.zone)):%Y-%m-%d %H:%M}"
    rows: list[list[Cell]] = [
        [
            row.leave.person,
            row.leave.student,
            row.place,
            row.dormitory,
            row.span,
            t(_campus(row)),
            row.said,
            row.leave.kind,
        ]
        for row in page.rows
    ]
    # Who took it out of the house and when stands in the file itself.
    rows += [[], [t("on_leave.export_by", name=me.name, number=me.number, at=taken_at, count=count)]]
    sheet = (
        f"{page.on}",
        [t(f"on_leave.{head}") for head in HEADS],
        [row + [""] * (len(HEADS) - len(row)) for row in rows],
    )
    data = await asyncio.to_thread(write_sheets, [sheet])  # Nobody else should wait for thousands of rows.
    headers = {
        "content-disposition": f'attachment; filename="on-leave-{page.on:%Y%m%d}.xlsx"',
        "cache-control": "no-store",
    }
    return Response(data, media_type=MEDIA, headers=headers)


async def scanned(call: Call) -> Response:
    """Whoever keeps a building scanned a slip: whose it is, and the button that books the return."""
    number, code = ticket_number(call.request), call.request.path_params["code"]
    it = None
    if CODE.fullmatch(code):
        it = await call.web.read(lambda session: on_leave.one_back(turn_of(call, session), number, code))
    if it is None:
        raise Stop(404, "error.not_found")
    return draw(call, "on_leave_back", view=AWAY, it=it, base=AWAY)


async def book(call: Call) -> Response:
    """Book that a student is back: by who answers for the leave, or keeps the building."""
    number = ticket_number(call.request)

    def unit(session: Any) -> None:
        turn = turn_of(call, session)
        ticket = tickets.by_number(turn, number)
        if ticket is None:
            raise Refused("ticket.not_found")
        tickets.book_back(turn, ticket)

    return await _done(call, unit, "booked_back")


async def unbook(call: Call) -> Response:
    """Take back the return that one booked by mistake, as 「李雷没回来，登记错了」 does in chat."""
    number = ticket_number(call.request)

    def unit(session: Any) -> None:
        turn = turn_of(call, session)
        found = tickets.by_number(turn, number)
        ticket = tickets.get(turn, found.id) if found is not None else None
        if ticket is None or not tickets.may_book(turn, ticket):
            raise Refused("ticket.not_found")
        tickets.unbook(turn, ticket)

    return await _done(call, unit, "unbooked")


async def _done(call: Call, unit: Callable[[Any], None], done: str) -> Response:
    try:
        await call.web.write(unit)
    except Refused as refused:
        if refused.key == "ticket.not_found":
            raise Stop(404, "error.not_found") from None
        raise of_refusal(refused) from None
    return go(inside(call.form.get("to") or AWAY), done)


def _campus(row: on_leave.Row) -> str:
    return {True: "on_leave.campus_yes", False: "on_leave.campus_no", None: "on_leave.campus_unsaid"}[
        row.leave.leaves_campus
    ]


def routes() -> list[Route]:
    """The routes of who is on_leave."""
    return [
        console_page(AWAY, show),
        console_page(f"{AWAY}.xlsx", export),
        console_page(f"{AWAY}/back/{{number}}/{{code}}", scanned),
        console_page(f"{AWAY}/back/{{number}}", book, ("POST",), fields=("to",)),
        console_page(f"{AWAY}/back/{{number}}/undo", unbook, ("POST",), fields=("to",)),
    ]
