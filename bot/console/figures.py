"""Figures for leaders: how much was asked and how well it was answered, by area and item; each number opens its list."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.console.frame import ROOT, console_page, draw
from bot.console.inbox import TICKET, turn_of
from bot.forms import Stop, read_query
from bot.sheets import MEDIA, Cell, write_sheets
from handlers.figures import Rate, Sums, last_week, percent
from handlers.texts import text
from handlers.views import figures
from models.message import Refused
from models.meta import audit

FIGURES: Final = f"{ROOT}/figures"
_ID: Final = re.compile(r"[0-9a-z]{22}")
# The columns of both tables, on the page and in the file.
COUNTS: Final = ("opened", "answered", "answered_late", "overdue", "waiting", "taken_back", "reopened", "climbed")
RATES: Final = ("answering", "deciding", "solving", "pleasing")
BEHIND: Final = {"answering": "answered", "deciding": "decided", "solving": "helped", "pleasing": "pleased"}


def _without_who(call: Call) -> dict[str, str]:
    """What the address asks about; of one member of staff there are lists, and no page of areas and items."""
    return {name: value for name, value in read_query(call.request).items() if name != "who"}


async def show(call: Call) -> Response:
    """The page."""
    values = _without_who(call)

    def query(session: Any) -> tuple[figures.Page, list[Any], date]:
        turn = turn_of(call, session)
        offered = turn.school.catalogue.offered()
        # What nobody picks from a list, such as a question, is counted as well, and so is to be picked here.
        others = [item for item in turn.school.catalogue.items.values() if item.hidden and not item.urgent]
        items = [*offered, *(item for item in others if item not in offered)]
        return figures.page(turn, figures.ask(turn, values)), items, turn.today

    page, items, today = await call.web.read(query)
    return draw(
        call, "figures", view=FIGURES, it=page, asked=page.asked, counts=COUNTS, rates=RATES, shares=figures.SHARES,
        behind_rate=BEHIND, base=FIGURES, percent=percent, to=figures.query, bars=_bars, rate_of=getattr, tallest=max(
            (column.sums["opened"] for column in page.trend), default=0),
        items=[(item.slug, item.title.to(call.lang)) for item in items], last_week=last_week(today), today=today, without=figures.query(replace(page.asked, tag="")),
        unread=figures.unread(values),
    )  # fmt: skip


def _bars(sums: Sums, whole: int, size: float) -> list[tuple[str, float, float, int]]:
    """The parts of one bar: (name, where it begins, how long it is, how many), in units of a drawing `size` long."""
    found, at = [], 0.0
    for name in figures.SHARES:
        long = size * sums[name] / whole if whole else 0.0
        if sums[name]:
            found.append((name, round(at, 2), round(long, 2), sums[name]))
        at += long
    return found


async def behind(call: Call) -> Response:
    """The tickets behind one number."""
    values, name = read_query(call.request), call.request.path_params["name"]
    after = values.get("after", "")

    def query(session: Any) -> figures.Behind | None:
        turn = turn_of(call, session)
        try:
            return figures.behind(turn, figures.ask(turn, values), name, after if _ID.fullmatch(after) else "")
        except Refused:
            return None  # Of somebody whom the reader does not lead.

    found = await call.web.read(query)
    if found is None:
        raise Stop(404, "error.not_found")
    return draw(
        call, "figures_behind", view=FIGURES, it=found, base=FIGURES, ticket=TICKET, back=figures.query(found.asked),
        following=figures.query(found.asked, after=found.following) if found.following else "",
    )  # fmt: skip


async def export(call: Call) -> Response:
    """Both tables as a spreadsheet, with the definitions."""
    values = _without_who(call)

    def query(session: Any) -> figures.Page:
        turn = turn_of(call, session)
        return figures.page(turn, figures.ask(turn, values))

    page = await call.web.read(query)
    now, person_id = call.web.now(), call.me.person_id
    period, count = f"{page.asked.since}..{page.asked.until}", len(page.areas) + len(page.items) + len(page.tags)
    await call.web.write(lambda session: audit(session, now, person_id, "exported", f"figures {period}: {count}"))
    t = partial(text, call.lang)
    heads = [t(f"figures.{name}") for name in COUNTS]
    heads += [t(f"figures.{name}{end}") for name in RATES for end in ("", "_of", "_silent")]
    sheets = [
        (t(f"figures.by_{name}"), [t(f"figures.{name}"), *heads], [_cells(line) for line in lines])
        for name, lines in (("area", page.areas), ("item", page.items), *([("tag", page.tags)] if page.tags else []))
    ]
    rows = [[t(f"figures.{name}"), t(f"figures.{name}_is")] for name in (*COUNTS, *RATES, "median")]
    rows += [[t("figures.period"), period], [t("figures.median"), page.median], [t("figures.p90"), page.p90]]
    data = write_sheets([*sheets, (t("figures.definitions"), [t("figures.word"), t("figures.meaning")], rows)])
    name = f"figures-{page.asked.since:%Y%m%d}-{page.asked.until:%Y%m%d}.xlsx"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(data, media_type=MEDIA, headers=headers)


def _cells(line: figures.Line) -> list[Cell]:
    cells: list[Cell] = [line.name, *(line.sums[name] for name in COUNTS)]
    for name in RATES:
        rate: Rate = getattr(line.sums, name)
        cells += [None if rate.percent is None else round(rate.percent, 1), rate.whole, rate.silent]
    return cells


def routes() -> list[Route]:
    """The routes of the figures."""
    return [
        console_page(FIGURES, show),
        console_page(f"{FIGURES}.xlsx", export),
        console_page(f"{FIGURES}/{{name}}", behind),
    ]
