"""Reckons every open matter's instants anew after the school's hours or rules have changed: holidays, windows, quiet hours.

The rule: a ticket keeps the limits of the item's version under which it was opened; hours and rules (自动规则) count at
once, for all. So only the clock and the rules that act by time are compared here. How far it has come stands in the
database, so that whoever is killed is followed by another.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any, Final

import structlog
from sqlalchemy import or_, select

from handlers import limits, ruled
from handlers.turn import Turn
from models.calendars import Calendar
from models.deadline import Clock
from models.meta import Meta
from models.ticket import OPEN, Ticket

log = structlog.get_logger()
BATCH: Final = 500
NAME: Final = "clock"
DONE: Final = "done"
RULE: Final = 1  # grows when models/deadline.py answers otherwise than it did for the same events and hours


def fingerprint(clock: Clock) -> str:
    """A word for everything about the hours that moves an instant: 16 hex digits, the same in every process."""
    areas = {code: _told(calendar) for code, calendar in sorted(clock.areas.items())}
    told = [RULE, _told(clock.calendar), clock.scale, areas, clock.quiet]
    return hashlib.sha256(json.dumps(told, default=_day).encode()).hexdigest()[:16]


def _told(calendar: Calendar) -> list[Any]:
    return [
        calendar.zone, calendar.hours, sorted(calendar.holidays),
        sorted((day.isoformat(), windows) for day, windows in calendar.extra.items()), calendar.seasons,
    ]  # fmt: skip


def _day(value: object) -> str:
    if not isinstance(value, date):
        raise TypeError(value)
    return value.isoformat()


def start_anew(turn: Turn) -> None:
    """Forget how far it has come, so that every open matter is reckoned anew whatever changed."""
    row = turn.session.get(Meta, NAME, with_for_update=True)
    if row is not None:
        turn.session.delete(row)
        turn.session.flush()


def recompute(turn: Turn, batch: int = BATCH) -> int:
    """Reckon up to a batch of open matters anew; how many were looked at, 0 when there is nothing left to do.

    Steps that were done stay done, and what is due by now is done by the next sweep. A ticket that cannot be reckoned
    is logged and keeps what it has.
    """
    rules = ruled.fingerprint(turn.school.catalogue.items)
    wanted = fingerprint(turn.school.clock) + (f".{rules}" if rules else "")
    row = turn.session.get(Meta, NAME, with_for_update=True)
    of, _, at = bytes(row.value).decode().partition(":") if row is not None else ("", "", "")
    if (of, at) == (wanted, DONE):
        return 0
    after = at if of == wanted else ""
    statement = (
        select(Ticket)
        .where(Ticket.id > after, or_(Ticket.due_at.is_not(None), Ticket.owed_at.is_not(None), Ticket.status.in_(OPEN)))
        .order_by(Ticket.id).limit(batch).with_for_update()
    )  # fmt: skip
    found = list(turn.session.execute(statement).scalars())
    told = limits.marks_of(turn, [ticket.id for ticket in found])
    changed = 0
    for ticket in found:
        try:
            due = limits.next_due(turn, ticket, told[ticket.id])
            owed = limits.owed(turn, ticket, told[ticket.id])
        except (KeyError, ValueError):
            # The border of containment: an item that is gone must not keep all others from their new hours.
            log.exception("recompute_failed", ticket=ticket.id)
            continue
        changed += (due, owed) != (ticket.due_at, ticket.owed_at)
        ticket.due_at, ticket.owed_at = due, owed
    place = found[-1].id if len(found) == batch else DONE
    turn.session.merge(Meta(name=NAME, value=f"{wanted}:{place}".encode()))
    turn.session.flush()
    if changed:
        log.info("recomputed", looked=len(found), changed=changed)
    return len(found)
