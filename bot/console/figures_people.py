"""Figures by member of staff, for whoever leads them: by name, each number opens its list; as a page and as a spreadsheet."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.console.figures import FIGURES
from bot.console.frame import console_page, draw
from bot.console.inbox import turn_of
from bot.forms import Stop, read_query
from bot.sheets import MEDIA, Cell, write_sheets
from handlers.figures import percent
from handlers.texts import text
from handlers.views import figures, figures_people
from models.message import Refused
from models.meta import audit

PEOPLE: Final = f"{FIGURES}-people"
COUNTS: Final = ("opened", "ended", "reopened", "open", "late")  # whose words are their own keys


async def _page(call: Call) -> figures_people.Page:
    values = {name: value for name, value in read_query(call.request).items() if name != "who"}

    def query(session: Any) -> figures_people.Page:
        turn = turn_of(call, session)
        return figures_people.page(turn, figures.ask(turn, values))

    try:
        return await call.web.read(query)
    except Refused as refused:
        raise Stop(404, refused.key) from None


async def show(call: Call) -> Response:
    """The page."""
    page = await _page(call)
    return draw(
        call, "figures_people", view=FIGURES, it=page, asked=page.asked, base=FIGURES, people=PEOPLE, counts=COUNTS,
        percent=percent, to=figures.query, today=page.today, defined=(*COUNTS, "answering", "median", "responded"),
    )  # fmt: skip


async def export(call: Call) -> Response:
    """The table as a spreadsheet, with the definitions; who took it stands in the audit."""
    page = await _page(call)
    now, person_id = call.web.now(), call.me.person_id
    period = f"{page.asked.since}..{page.asked.until}"
    thing = f"figures by staff {period}: {len(page.lines)}"
    await call.web.write(lambda session: audit(session, now, person_id, "exported", thing))
    t = partial(text, call.lang)
    names = ("answering", "answering_of", "median", "p90", "responded")
    heads = [t("figures.person"), *(t(f"figures.{name}") for name in (*COUNTS, *names))]
    rows = [[t(f"figures.{name}"), t(f"figures.{name}_is")] for name in (*COUNTS, "answering", "median", "responded")]
    rows += [[t("figures.period"), period], [t("figures.person"), t("figures.person_is")], ["", t("figures.fairly")]]
    data = write_sheets([
        (t("figures.by_person"), heads, [_cells(line) for line in page.lines]),
        (t("figures.definitions"), [t("figures.word"), t("figures.meaning")], rows),
    ])  # fmt: skip
    name = f"figures-staff-{page.asked.since:%Y%m%d}-{page.asked.until:%Y%m%d}.xlsx"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(data, media_type=MEDIA, headers=headers)


def _cells(line: figures_people.Line) -> list[Cell]:
    sums, rate = line.share.sums, line.share.answering
    share = None if rate.percent is None else round(rate.percent, 1)
    return [line.name, *(sums[name] for name in COUNTS), share, rate.whole, line.median, line.p90, sums["responded"]]


def routes() -> list[Route]:
    """The routes of the figures by member of staff."""
    return [console_page(PEOPLE, show), console_page(f"{PEOPLE}.xlsx", export)]
