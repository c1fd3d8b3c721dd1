"""Rounds of reminders: what nears within the same minutes goes out together, in one message to a reader."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, select

from handlers.hearers import Rule
from handlers.notices import Gathered
from handlers.turn import Turn
from models.db import plain, seal_of
from models.message import unpack
from models.outbox import Delivery, Lane, Outbox
from models.ticket import Event, Ticket

MOST: Final = 8  # matters that one message lists; a list of more is what 「待办」 is for
PREFIX: Final = "digest:"  # begins the key of a message about several
ROUND: Final = timedelta(minutes=5)  # reminders of limits that near go out at the next full five minutes
SHORT: Final = timedelta(minutes=1)  # … and in a demonstration everything that time does, at the next full minute
_NEARS: Final = frozenset({"reminded"})
_OF_TIME: Final = frozenset(
    {
        "reminded",
        "reminded_back",
        "escalated",
        "unled",
        "watched",
        "followed_up",
        "rule_told",
        "proof_due",
        "proof_late",
    }
)
_ROW: Final = Outbox.__table__.c


def next_at(turn: Turn) -> datetime | None:
    """When the next round goes out; None where that is now."""
    length = ROUND if turn.school.clock.scale == 1 else SHORT
    over = timedelta(seconds=turn.now.timestamp() % length.total_seconds())
    return turn.now + length - over if over else None


def waits(turn: Turn, notice: Gathered) -> bool:
    """Whether a notice may wait for its round: that a limit nears, and in a demonstration, whose limits are minutes, whatever
    time did; else a visitor with four matters reads sixteen messages within as many seconds."""
    return notice.event.kind in _kinds(turn)


def _kinds(turn: Turn) -> frozenset[str]:
    return _NEARS if turn.school.clock.scale == 1 else _OF_TIME


def waiting(turn: Turn, accounts: set[str], round_at: datetime) -> dict[str, list[Outbox]]:
    """The messages that wait for a round, by account."""
    wanted = select(Outbox).where(
        Outbox.account_id.in_(sorted(accounts)), Outbox.status == Delivery.ready, Outbox.lane == Lane.reminder,
        Outbox.refs == "", Outbox.due_at == turn.school.clock.awake(round_at),
    )  # fmt: skip
    found: dict[str, list[Outbox]] = {}
    for row in turn.session.execute(wanted.with_for_update()).scalars():
        found.setdefault(row.account_id, []).append(row)
    return found


def joined(turn: Turn, several: list[Gathered], waiting_: list[Outbox]) -> list[Gathered]:
    """These and what waits for the same account and round; the messages of the latter go, since one tells of them all.

    A message that lists no more than some of its matters is left as it is.
    """
    first, known = several[0], {each.ticket.id for each in several}
    for row in waiting_:
        found = _of_row(turn, row, first) if len(several) < MOST else []
        if not found or len(several) + len(found) > MOST:
            continue
        several += [each for each in found if each.ticket.id not in known]
        known |= {each.ticket.id for each in found}
        plain(turn.session).execute(delete(Outbox.__table__).where(_ROW.id == row.id))  # type: ignore[arg-type]
    return several


def _of_row(turn: Turn, row: Outbox, like: Gathered) -> list[Gathered]:
    """What a message that waits reminds of; [] for one that says something else."""
    if row.dedupe_key.startswith(PREFIX):
        (reply,) = unpack(seal_of(turn.session).open(f"outbox.body:{row.id}", row.body))
        ids = [choice.send.split(":")[1] for choice in reply.choices if choice.send.startswith("t:")]
        wanted: ColumnElement[bool] = Event.ticket_id.in_(ids)
    else:
        ids = [row.ticket_id] if row.ticket_id else []
        wanted = (Event.ticket_id == row.ticket_id) & (Event.rev == row.event_rev)
    newest: dict[str, Event] = {}
    of_time = select(Event).where(wanted, Event.kind.in_(_kinds(turn)))
    for event in turn.session.execute(of_time.order_by(Event.rev)).scalars():
        newest[event.ticket_id] = event
    if not ids or set(newest) != set(ids):
        return []
    tickets = {each.id: each for each in turn.session.execute(select(Ticket).where(Ticket.id.in_(ids))).scalars()}
    return [like._replace(ticket=tickets[each], event=newest[each], rule=_rule(like, newest[each])) for each in ids]


def _rule(like: Gathered, event: Event) -> Rule:
    """As whom the reader hears of an event: whom it was passed up to is told who has it."""
    told = like.person is not None and event.to_id == like.person.id
    return Rule("to" if told else "assignee", Lane.reminder)
