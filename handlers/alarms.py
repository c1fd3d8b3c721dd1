"""What whoever leads is told once a day: hours without anybody on duty, and open tickets that nobody has."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Select, or_, select

from handlers import directory, recusals, wording
from handlers.informing import inform
from handlers.roster_holes import Hole, holes
from handlers.texts import text
from handlers.turn import Turn
from models.message import Reply
from models.outbox import Lane
from models.person import Person
from models.ticket import OPEN, Ticket

MOST: Final = 8  # lines of a kind in one message
SETTLED: Final = timedelta(minutes=5)  # who was told when a ticket was opened is not told again at once


# Staff who have left: what lies with them lies with nobody.
GONE: Final = select(Person.id).where(Person.active.is_(False), Person.kind == "staff")


def unowned() -> Select[Any]:
    """The open tickets that nobody has: given to no one, or to somebody who has left."""
    return select(Ticket).where(
        Ticket.status.in_(OPEN), or_(Ticket.assignee_id.is_(None), Ticket.assignee_id.in_(GONE))
    )  # fmt: skip


def watch(turn: Turn) -> int:
    """Tell everybody who leads an area with holes in its roster, or with tickets of nobody's, in one message a day; how
    many were told. The day's own number keeps a second run from telling again."""
    by_lead: dict[str, tuple[Person, list[Hole], list[Ticket]]] = {}

    def of(path: str, kept: frozenset[str] = frozenset()) -> list[tuple[Person, list[Hole], list[Ticket]]]:
        leading = directory.leads(turn.session, path, turn.now, kept)[:1]
        return [by_lead.setdefault(lead.id, (lead, [], [])) for lead in leading]

    for hole in holes(turn.session, turn.now):
        for _, found, _ in of(hole.path):
            found.append(hole)
    late = turn.session.execute(unowned().where(Ticket.opened_at < turn.now - SETTLED).limit(500)).scalars().all()
    for ticket in late:
        # Nobody hears of what is about them; the next one up does.
        for _, _, tickets in of(ticket.path, recusals.of(turn, ticket)):
            tickets.append(ticket)
    for lead, bare, tickets in by_lead.values():
        inform(
            turn, lead, lambda there, bare=bare, tickets=tickets: _words(there, bare, tickets),  # type: ignore[misc]
            f"alarm:{turn.today:%Y%m%d}:{lead.id}", Lane.reminder,
        )  # fmt: skip
    return len(by_lead)


def _words(turn: Turn, bare: list[Hole], tickets: list[Ticket]) -> Reply:
    lines = []
    if bare:
        lines.append(turn.say("alarm.holes", count=len(bare)))
        lines += [say_hole(turn, hole) for hole in bare[:MOST]]
        lines.append(turn.say("alarm.holes_how"))
    if tickets:
        lines.append(turn.say("alarm.unowned", count=len(tickets)))
        titles: dict[str, int] = defaultdict(int)
        for ticket in tickets:
            item = turn.school.catalogue.items.get(ticket.service)
            titles[item.title.to(turn.lang) if item is not None else ticket.service] += 1
        lines += [turn.say("alarm.line", what=title, count=count) for title, count in titles.items()][:MOST]
        lines.append(turn.say("alarm.unowned_how"))
    return Reply(text="\n".join(lines))


def say_hole(turn: Turn, hole: Hole) -> str:
    """One hole in words: where, in which role, from when to when."""
    zone = turn.school.zone
    value = {"start": hole.from_at.isoformat(), "end": hole.until_at.isoformat(), "timed": [True, True]}
    area = directory.grid_name(turn.session, hole.path, turn.lang)
    return text(
        turn.lang, "alarm.hole_away" if hole.away else "alarm.hole",
        area=area, role=wording.role(hole.role, turn.lang, area),
        at=wording.span(value, turn.lang, zone, turn.today),
    )  # fmt: skip
