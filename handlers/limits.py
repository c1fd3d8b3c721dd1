"""A ticket's promised times: its events and its item's limits, put to the one pure rule of models.deadline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import bindparam, select

from handlers import begun, levels, rules, short_returns
from models import deadline
from models.db import plain
from models.deadline import Clock, Mark, Step
from models.item import Item
from models.limits import Limit, parse_limit
from models.rounds import after
from models.ticket import Event, Status, Ticket
from models.unit import known
from models.worktime import elapsed, unknown_years

if TYPE_CHECKING:
    from handlers.turn import Turn

_KNOWN: Final = "marks"
_TARGETS: Final = "targets"
_MARKS_OF = (
    select(Event.ticket_id, Event.kind, Event.at, Event.key)
    .where(Event.ticket_id.in_(bindparam("tickets", expanding=True)))
    .order_by(Event.ticket_id, Event.rev)
)
_MARKS = select(Event.kind, Event.at, Event.key).where(Event.ticket_id == bindparam("ticket")).order_by(Event.rev)


def marks(turn: Turn, ticket: Ticket) -> list[Mark]:
    """The ticket's events as the rule sees them, oldest first; from memory where this unit has read them."""
    return marks_by_id(turn, ticket.id)


def marks_by_id(turn: Turn, ticket_id: str) -> list[Mark]:
    """`marks` of a ticket by its id."""
    ahead: dict[str, list[Mark]] = known(turn.session, _KNOWN)
    if ticket_id in ahead:
        return ahead[ticket_id]
    found: list[Mark] = []
    for kind, at, key in plain(turn.session).execute(_MARKS, {"ticket": ticket_id}):
        _append(found, kind, at, key)
    ahead[ticket_id] = found
    return found


def marks_of(turn: Turn, ids: Iterable[str]) -> dict[str, list[Mark]]:
    """`marks` of many tickets by their ids, with one query for all their events."""
    told: dict[str, list[Mark]] = {each: [] for each in ids}
    for ticket_id, kind, at, key in plain(turn.session).execute(_MARKS_OF, {"tickets": list(told)}):
        _append(told[ticket_id], kind, at, key)
    return told


def as_marks(events: Iterable[Any]) -> list[Mark]:
    """`marks` from the events of one ticket, in order, that were read already, or from their kind, at and key."""
    so_far: list[Mark] = []
    for event in events:
        _append(so_far, event.kind, event.at, event.key)
    return so_far


def _append(so_far: list[Mark], kind: str, at: datetime, key: str) -> None:
    """One event more. Their order is their number's: a clock that was set back must not put an answer before its question."""
    so_far.append(Mark(kind, max(at, so_far[-1].at) if so_far else at, key))


def read_ahead(turn: Turn, ids: Iterable[str]) -> None:
    """Read the events of tickets that this unit holds locked and will work on; `remember` keeps them true."""
    known(turn.session, _KNOWN).update(marks_of(turn, ids))


def remember(turn: Turn, ticket: Ticket, happened: list[Mark]) -> None:
    """What has happened to a ticket by now."""
    known(turn.session, _KNOWN)[ticket.id] = happened


def promised(turn: Turn, ticket: Ticket) -> datetime | None:
    """By when somebody answers: the earliest target in force, None when nothing is owed."""
    return min(targets_at(turn, ticket, marks(turn, ticket)).values(), default=None)


def promised_of(turn: Turn, tickets: Iterable[Ticket]) -> dict[str, datetime | None]:
    """`promised` of many tickets by their ids, with one query for all their events."""
    by_id = {ticket.id: ticket for ticket in tickets}
    told = marks_of(turn, by_id)
    known(turn.session, _KNOWN).update(told)
    return {each: min(targets_at(turn, ticket, told[each]).values(), default=None) for each, ticket in by_id.items()}


def next_due(turn: Turn, ticket: Ticket, so_far: list[Mark] | None = None) -> datetime | None:
    """The next instant at which something must happen, for the ticket's one indexed column."""
    events = marks(turn, ticket) if so_far is None else so_far
    found = limits_of(turn, ticket, events)
    if found.timed:
        found = rules.sift(turn, ticket, found)
    return deadline.next_due(
        ticket.opened_at, events, found, clock_of(turn, ticket), _back(ticket), begins(turn, ticket)
    )


def owed(turn: Turn, ticket: Ticket, so_far: list[Mark]) -> datetime | None:
    """By when staff must act, as lists are ordered: the earliest target in force, and the return from a leave once it
    is awaited; None while nothing is owed to the student."""
    if ticket.status == Status.waiting:
        return ticket.back_at
    if not ticket.is_open:
        return None
    return min(targets_at(turn, ticket, so_far).values(), default=None)


def due_and_owed(turn: Turn, ticket: Ticket, so_far: list[Mark]) -> tuple[datetime | None, datetime | None]:
    """`next_due` and `owed` at once, since both follow from the same promises; what was promised is known from here on."""
    begins_at = begins(turn, ticket)
    found = limits_of(turn, ticket, so_far)
    if found.timed:
        found = rules.sift(turn, ticket, found)
    promises, due_at = deadline.reckon(
        ticket.opened_at, so_far, found, clock_of(turn, ticket), _back(ticket), begins_at
    )
    known(turn.session, _TARGETS)[ticket.id] = _asked(ticket, so_far, begins_at), promises
    return due_at, owed(turn, ticket, so_far)


class Why(NamedTuple):
    """A target in force and how it came about: its limit as promised, its instant, and the stretches that were counted.

    parts: (from, to, counted seconds), see models.deadline.explain. extended: by how much it was moved on. begins: when
    the thing begins before which it is due, None where that had no say. guessed: the years without data on holidays.
    changed: when the priority was changed last, None where that moved nothing.
    """

    target: str
    limit: deadline.Limit
    at: datetime
    parts: list[tuple[datetime, datetime, float]]
    extended: deadline.Limit | None = None
    begins: datetime | None = None
    guessed: tuple[int, ...] = ()
    changed: datetime | None = None


def explain(turn: Turn, ticket: Ticket) -> list[Why]:
    """Every promise to the student that is still owed, the nearest first, with the reason for its instant."""
    happened, limits, clock = marks(turn, ticket), limits_of(turn, ticket), clock_of(turn, ticket)
    promises = {"respond": limits.respond, "next": limits.next, "resolve": limits.resolve}
    starts = begins(turn, ticket)
    free = deadline.targets(ticket.opened_at, happened, limits, clock)
    moved = limits.extend if any(mark.kind == "extended" for mark in happened) else None
    found = []
    for target, at in targets_at(turn, ticket, happened).items():
        limit = promises[target]
        if limit is None:
            continue
        parts = deadline.explain(target, ticket.opened_at, happened, limits, clock, begins_at=starts)
        calendar = clock.calendar_of(limit)
        guessed = unknown_years(calendar, parts[0][0] if parts else at, at)
        found.append(
            Why(target, limit, at, parts, moved if target == "resolve" else None,
                starts if starts is not None and at < free[target] else None, guessed,
                max((each for each, _ in limits.changes if parts and each > parts[0][0]), default=None))
        )  # fmt: skip
    return sorted(found, key=lambda why: why.at)


def due_steps(turn: Turn, ticket: Ticket) -> list[Step]:
    """The steps that are due by now and not done, oldest first."""
    found = limits_of(turn, ticket)
    if found.timed:
        found = rules.sift(turn, ticket, found)
    return deadline.due_steps(
        ticket.opened_at, marks(turn, ticket), found, clock_of(turn, ticket), now=turn.now,
        back_due=_back(ticket), begins_at=begins(turn, ticket),
    )  # fmt: skip


def before(turn: Turn, item: Item, path: str = "", answers: dict[str, Any] | None = None) -> datetime:
    """By when an item opened now would be answered: for an area, and with these answers as far as they are known."""
    clock = turn.school.clock.at(path)
    known = answers or {}
    limits = item.limits.limits(item.priority_of(known, turn.school.seasons) if item.priority else "normal", path)
    found = deadline.targets(
        turn.now, [], limits, clock.urgent() if item.urgent else clock, begins_at=_beginning(turn, item, known)
    )
    return min(found.values())


def coming(turn: Turn, ticket: Ticket) -> list[Step]:
    """The steps of the item's rules that are not done, due or to come, in order; as things stand now."""
    found = rules.sift(turn, ticket, limits_of(turn, ticket))
    every = deadline.steps(
        ticket.opened_at, marks(turn, ticket), found, clock_of(turn, ticket), _back(ticket), begins(turn, ticket)
    )
    return [step for step in every if step.kind in ("rule", "warn")]


def moved(turn: Turn, ticket: Ticket, limit: Limit) -> datetime:
    """The instant so long from now, as the ticket's clock counts."""
    return after(turn.now, limit, clock_of(turn, ticket))


def begins(turn: Turn, ticket: Ticket) -> datetime | None:
    """When the thing begins that a ticket is about, None where its item names no such field."""
    return _beginning(turn, _item(turn, ticket), ticket.answers)


def is_rushed(turn: Turn, item: Item, path: str, answers: dict[str, Any]) -> bool:
    """Whether an answer is due before the thing begins, and too little working time is left until then; in a demonstration
    so much less as its limits are shorter."""
    starts = _beginning(turn, item, answers)
    if starts is None or _is_over(turn, item, answers, starts):
        return False
    clock, rush = turn.school.clock.at(path), parse_limit(item.limits.rush)
    latest = starts - timedelta(seconds=parse_limit(item.limits.before_by, default_clock="wall").seconds) * clock.scale
    return elapsed(clock.calendar_of(rush), turn.now, latest) < rush.seconds * clock.scale


def was_rushed(turn: Turn, ticket: Ticket) -> bool:
    """Whether too little working time was left when a ticket was opened, and the thing has not begun yet."""
    item = _item(turn, ticket)
    starts = _beginning(turn, item, ticket.answers)
    if starts is None or _is_over(turn, item, ticket.answers, starts):
        return False
    return is_rushed(replace(turn, now=ticket.opened_at), item, ticket.path, ticket.answers)


def clock_of(turn: Turn, ticket: Ticket) -> Clock:
    """The clock of where a ticket stands; urgent matters keep their true limits and know no quiet hours."""
    clock = turn.school.clock.at(ticket.path)
    return clock.urgent() if _item(turn, ticket).urgent else clock


def limits_of(turn: Turn, ticket: Ticket, so_far: Sequence[Mark] | None = None) -> deadline.Limits:
    """The limits of a ticket: of the item as it was opened under, for its priority and where it stands. What is resolved
    closes by itself when it may not be reopened any more. so_far: its events, where others count than those written."""
    item = _item(turn, ticket)
    found = item.limits.limits(ticket.priority or "normal", ticket.path)
    if levels.changes(turn, ticket, item):
        found = levels.limits_of(turn, ticket, item, marks(turn, ticket) if so_far is None else so_far, found)
    found = short_returns.limits_of(turn, ticket, item, found)
    timed = rules.by_time(turn, ticket) if ticket.is_open else ()
    if timed:
        found = replace(found, timed=timed)
    if ticket.status != Status.resolved:
        return found
    return replace(found, close=Limit(turn.school.reopen_days * 86_400, "wall"))


def targets_at(turn: Turn, ticket: Ticket, happened: Sequence[Mark]) -> dict[str, datetime]:
    """What was promised and still owed after some of a ticket's events: {target: instant}."""
    begins_at = begins(turn, ticket)
    asked = _asked(ticket, happened, begins_at)
    reckoned = known(turn.session, _TARGETS)
    if reckoned.get(ticket.id, (None,))[0] != asked:
        limits, clock = limits_of(turn, ticket, happened), clock_of(turn, ticket)
        reckoned[ticket.id] = asked, deadline.targets(ticket.opened_at, happened, limits, clock, begins_at=begins_at)
    return dict(reckoned[ticket.id][1])


def _asked(ticket: Ticket, happened: Sequence[Mark], begins_at: datetime | None) -> tuple[Any, ...]:
    """From what promises follow: a card, its reminder and the list ask for the same, and a unit only ever adds to the events
    of a ticket."""
    last = happened[-1] if happened else None
    return len(happened), last, ticket.priority, ticket.path, ticket.status, ticket.version, begins_at


def _item(turn: Turn, ticket: Ticket) -> Item:
    return turn.school.catalogue.item(turn.session, ticket.service, ticket.version)


def _beginning(turn: Turn, item: Item, answers: dict[str, Any]) -> datetime | None:
    value = answers.get(item.limits.before) if item.limits.before else None
    if isinstance(value, dict):
        return datetime.fromisoformat(value["start"])
    if isinstance(value, str):
        return datetime.combine(date.fromisoformat(value), time(), turn.school.zone)
    return None


def _is_over(turn: Turn, item: Item, answers: dict[str, Any], starts: datetime) -> bool:
    """Whether it is too late to hurry: it has begun, or of whole days the first one's school hours have passed."""
    value = answers.get(item.limits.before)
    if isinstance(value, dict):
        return begun.reported_from(turn.school, value) <= turn.now
    return starts <= turn.now


def _back(ticket: Ticket) -> datetime | None:
    return ticket.back_at if ticket.status == Status.waiting else None
