"""From when on which limits hold for a ticket whose priority was changed: what was promised before each change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from models.deadline import Mark
from models.item import Item
from models.limits import Limits
from models.promise import PRIORITIES
from models.ticket import Ticket

if TYPE_CHECKING:
    from handlers.turn import Turn


def changes(turn: Turn, ticket: Ticket, item: Item) -> bool:
    """Whether a ticket has other limits than it was opened with, because its priority was changed."""
    if not any(row.priority for row in item.limits.instead):
        return False
    return (ticket.priority or "normal") != _first(turn, ticket, item)


def limits_of(turn: Turn, ticket: Ticket, item: Item, happened: Iterable[Mark], found: Limits) -> Limits:
    """The limits with those that were in force before each change of the priority (Limits.changes)."""
    level, before = _first(turn, ticket, item), []
    for mark in happened:
        said = mark.key.rpartition(":")[2] if mark.kind == "prioritised" else ""
        if said in PRIORITIES:
            before.append((mark.at, item.limits.limits(level, ticket.path)))
            level = said
    return replace(found, changes=tuple(before)) if before else found


def _first(turn: Turn, ticket: Ticket, item: Item) -> str:
    return item.priority_of(ticket.answers, turn.school.seasons) if item.priority else "normal"
