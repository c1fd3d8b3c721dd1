"""The inbox: views with counts, filters, search, and a bar that says live how much is new."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, cast
from urllib.parse import parse_qsl, urlsplit

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call, check_origin
from bot.console.frame import ROOT, console_page, draw, go, inside
from bot.console.hub import Body, desks, listening
from bot.door import Door
from bot.forms import Stop, read_query
from handlers import approvals, filters, seats
from handlers.texts import text
from handlers.turn import Turn
from handlers.views import inbox, inbox_side
from handlers.views.inbox_filter import PRIORITIES, STATUSES, Filter, read, read_place
from models.base import new_id
from models.person import Person

TICKET: Final = f"{ROOT}/ticket/"  # and the ticket's number
MOST_ITEMS: Final = 40  # in the list to choose from; the search finds the others by name
_ID: Final = re.compile(r"[0-9a-z]{22}")
# What may be done from a row by its key, on the ticket's own page: the key, and the verb that opens there.
KEYS: Final = (
    ("r", "reply"), ("n", "note"), ("s", "ask"), ("d", "refuse"), ("t", "take"), ("m", "assign"), ("e", "resolve"),
    ("Shift+E", "next"),
)  # fmt: skip


def turn_of(call: Call, session: Any) -> Turn:
    """The turn of the member of staff at the console, in the page's language."""
    now = call.web.now()
    person = session.get(Person, call.me.person_id)
    return Turn(session, cast("Door", call.web.door).school, now, now, None, person, call.lang)


async def show(call: Call) -> Response:
    """One page of a view."""
    values = read_query(call.request)
    asked, place, bulk = read(values), read_place(values.get("after", "")), values.get("bulk", "")
    made = new_id(call.web.now())

    def query(session: Any) -> tuple[Any, ...]:
        turn = turn_of(call, session)
        waiting = approvals.waiting(turn, bulk) if _ID.fullmatch(bulk) else (0, None)
        return inbox.inbox(turn, asked, place), inbox_side.of(turn), waiting, turn

    found, side, (count, until), turn = await call.web.read(query)
    seconds = max(1, round((until - turn.now).total_seconds())) if until else 0
    return draw(
        call, "inbox", found=found, asked=asked, kept=side.kept, reminders=side.reminders, statuses=STATUSES, priorities=PRIORITIES, items=_items(call, asked, found),
        place=place, made=made, bulk=bulk, done_count=count, seconds=seconds, ticket=TICKET, verbs=KEYS,
        left=_digits(values, "left"), undone=_digits(values, "undone"),
        moved=values.get("moved") == "1", merged=values.get("merged") == "1", answered="answered" in values, said=_digits(values, "said"), tagged=_digits(values, "tagged"),
        counted=lambda number: counted(call.lang, number, found.most), is_here=lambda query: query == asked.query(),
        address=address(asked), to=lambda **other: address(asked, **other), Filter=Filter,
    )  # fmt: skip


def _digits(values: Mapping[str, str], name: str) -> str:
    """A small number of an address, "" for anything else."""
    value = values.get(name, "")
    return value if re.fullmatch(r"[1-9][0-9]{0,2}", value, re.ASCII) else ""


def address(asked: Filter, **other: str) -> str:
    """The address of the inbox with a filter."""
    query = asked.query(**other)
    return f"{ROOT}?{query}" if query else ROOT


def counted(lang: str, number: int, most: int) -> str:
    """A count as it is shown; beyond what was counted it says so."""
    return text(lang, "inbox.many", count=most) if number > most else str(number)


def _items(call: Call, asked: Filter, found: inbox.Inbox) -> list[tuple[str, str]]:
    """The services to choose between: all where they are few, else those of this page."""
    items = cast("Door", call.web.door).school.catalogue.items
    shown = {row.service for row in found.rows} | {asked.item}
    return [
        (slug, item.title.to(call.lang)) for slug, item in items.items() if len(items) <= MOST_ITEMS or slug in shown
    ]


async def keep(call: Call) -> Response:
    """Keep the filter of the page under a name."""
    back = inside(call.form.get("back"))
    query = read(_query_of(back)).query()
    await call.web.write(lambda session: filters.keep(turn_of(call, session), call.form.get("name"), query))
    return go(back)


async def drop(call: Call) -> Response:
    """Let a kept filter go."""
    await call.web.write(lambda session: filters.drop(turn_of(call, session), call.form.get("filter")))
    return go(inside(call.form.get("back")))


def _query_of(back: str) -> Mapping[str, str]:
    return dict(parse_qsl(urlsplit(back).query))


# -- what is new


async def stream(call: Call) -> Response:
    """How many tickets of a view are new since its page was made, whenever that changes (server-sent events)."""
    check_origin(call.web, call.request)
    values = read_query(call.request)
    after, asked = values.get("made", ""), read(values)
    if not _ID.fullmatch(after):
        raise Stop(422, "error.request")

    async def look() -> Body | None:
        found = await _look(call, asked, after)
        return None if found is None else _news(call.lang, *found)

    return listening(call, desks(call), look, _news(call.lang, 0, 0))


def _news(lang: str, count: int, most: int) -> Body:
    return {"count": count, "said": text(lang, "inbox.fresh", count=counted(lang, count, most))}


async def _look(call: Call, asked: Filter, after: str) -> tuple[int, int] | None:
    """How many are new and how far was counted; None once the browser was signed out."""
    now, cookie = call.web.now(), call.cookie

    def query(session: Any) -> tuple[int, int] | None:
        staff = seats.recognise(session, cookie, now)
        return inbox.fresh(turn_of(call, session), asked, after) if staff is not None and staff.is_in else None

    return await call.web.read(query)


def routes() -> list[Route]:
    """The inbox's routes."""
    return [
        console_page(ROOT, show),
        console_page(f"{ROOT}/stream", stream),
        console_page(f"{ROOT}/filters", keep, ("POST",), fields=("name", "back")),
        console_page(f"{ROOT}/filters/drop", drop, ("POST",), fields=("filter", "back")),
    ]
