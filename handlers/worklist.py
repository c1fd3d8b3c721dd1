"""The open matters of a member of staff's work, as plain rows, in the order in which they are owed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, exists, or_, select

from handlers import access
from handlers.duties import TAKES_PART_OF
from handlers.turn import Turn
from models.db import plain
from models.message import Refused
from models.ticket import OPEN, Approval, Event, Status, Ticket

MOST: Final = 400  # matters looked at for one list; nobody has so many open, and the heading counts all the same
_NEVER: Final = datetime.max.replace(tzinfo=UTC)

# One's own, that of whom one stands in for, what nobody has, and what climbed to the reader because nobody answered.
# Of a list of forty a page shows eight: the answers of the others are not read.
_REACHED: Final = (
    select(
        Ticket.id, Ticket.number, Ticket.private, Ticket.status, Ticket.assignee_id, Ticket.back_at, Ticket.owed_at, Ticket.opened_at,
    )
    .where(
        Ticket.status.in_(OPEN),
        or_(
            Ticket.assignee_id == bindparam("person"),
            Ticket.assignee_id.in_(TAKES_PART_OF),
            Ticket.assignee_id.is_(None),
            exists().where(Event.ticket_id == Ticket.id, Event.to_id == bindparam("person"), Event.kind == "escalated"),
            Ticket.id.in_(
                select(Approval.ticket_id).where(
                    Approval.to_id == bindparam("person"), Approval.decision == "", Approval.void_rev.is_(None)
                )
            ),
        ),
        access.REACHED,
        or_(Ticket.requester_id.is_(None), Ticket.requester_id != bindparam("person")),
    )
    .order_by(Ticket.private.desc(), Ticket.opened_at)
    .limit(MOST)
)  # fmt: skip
_TICKETS: Final = select(Ticket).where(Ticket.id.in_(bindparam("ids", expanding=True)))


class Line(NamedTuple):
    """What a list needs of a matter to place it; instants in UTC."""

    id: str
    number: str
    private: bool
    status: Status
    assignee_id: str | None
    back_at: datetime | None
    owed_at: datetime | None
    opened_at: datetime

    @property
    def until(self) -> datetime | None:
        """By when something is owed, or the student back, as every event has left it."""
        return self.back_at or self.owed_at


def owed(turn: Turn, matter: Line | Ticket) -> bool:
    """Whether staff owe something: not while the student is asked for more or is on an approved leave; a return that
    is late is theirs again, since somebody has to look for the student."""
    if matter.status != Status.waiting:
        return True
    return matter.back_at is not None and matter.back_at <= turn.now


def lines(turn: Turn) -> list[Line]:
    """All open matters of the speaker's work: a cry for help first, then the oldest deadline. Refused without a person."""
    if turn.person is None:
        raise Refused("ticket.not_found")
    turn.session.flush()
    values = {"person": turn.person.id, "now": turn.now}
    found = [Line._make(row) for row in plain(turn.session).execute(_REACHED, values)]
    found.sort(key=lambda line: (not line.private, line.until or _NEVER, line.opened_at, line.number))
    return found


def tickets(turn: Turn, shown: Sequence[Line]) -> list[Ticket]:
    """The matters of these lines, in their order."""
    if not shown:
        return []
    rows = turn.session.execute(_TICKETS, {"ids": [line.id for line in shown]}).scalars()
    found = {ticket.id: ticket for ticket in rows}
    return [found[line.id] for line in shown if line.id in found]
