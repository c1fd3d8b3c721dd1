"""Short leaves on campus whose return is watched gently, by rule: the student is reminded once, and nothing climbs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from models.item import Item
from models.limits import Limits
from models.ticket import Ticket

if TYPE_CHECKING:
    from handlers.turn import Turn


def applies(turn: Turn, ticket: Ticket, item: Item) -> bool:
    """Whether a leave is one of those: it meets the rule's condition, and begins and ends on one day of the school's zone."""
    short = item.leave.short if item.leave is not None else None
    span = ticket.answers.get("span")
    if short is None or not isinstance(span, dict) or not short.when.holds(ticket.answers, turn.school.seasons):
        return False
    start, end = (datetime.fromisoformat(str(span[side])).astimezone(turn.school.zone) for side in ("start", "end"))
    # One that ends at midnight takes no night of its own.
    return start.date() == (end - timedelta(seconds=1)).date()


def limits_of(turn: Turn, ticket: Ticket, item: Item, found: Limits) -> Limits:
    """A ticket's limits, with the watch of short leaves in the place of the usual one where it applies."""
    if ticket.back_at is None or item.leave is None or item.leave.short is None or not applies(turn, ticket, item):
        return found
    short = item.leave.short
    return replace(
        found,
        back_remind=short.reminders,
        back_escalate=short.offsets,
        back_roles=tuple(role for _, role in short.watch),
    )
