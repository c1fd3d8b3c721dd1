"""The page of a ticket as tests use it: look at it, do a verb by its form, and read how the ticket stands."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from models.ticket import Event, Ticket
from tests.bad_inputs.place import Place, Said


def path(ticket: Ticket) -> str:
    return f"/console/ticket/{ticket.number}"


def see(place: Place, ticket: Ticket, who: str = "counselor", query: str = "") -> str:
    answer = place.call("GET", path(ticket) + query, who)
    assert answer.status == 200, answer.text
    return answer.text


def shown_rev(page: str) -> str:
    found = re.search(r'name="rev" value="(\d+)"', page)
    assert found
    return found.group(1)


def do(place: Place, ticket: Ticket, verb: str, words: str = "", who: str = "counselor", rev: str = "") -> Said:
    rev = rev or shown_rev(see(place, ticket, who))
    return place.post(f"{path(ticket)}/{verb}", who, rev=rev, words=words)


def standing(place: Place, ticket: Ticket) -> tuple[str, str | None]:
    now = place.ticket(ticket.number)
    return now.status, now.resolution


def kinds(place: Place, ticket: Ticket) -> list[str]:
    found: list[str] = place.database.read(
        lambda session: [
            event.kind for event in session.query(Event).filter(Event.ticket_id == ticket.id).order_by(Event.rev)
        ]
    )
    return found


def begin(place: Place, ticket: Ticket) -> None:
    def unit(session: Any) -> None:
        row = session.get(Ticket, ticket.id)
        start, end = place.now - timedelta(hours=2), place.now - timedelta(hours=1)
        span = {"start": start.isoformat(), "end": end.isoformat(), "timed": [True, True]}
        row.answers = row.answers | {"span": span}
        row.back_at = end

    place.database.run(unit)
