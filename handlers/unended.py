"""Whether whoever asked ended a matter by mistake a moment ago: the own return (销假) or withdrawal (撤回) that may be taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, NamedTuple

from sqlalchemy import select

from handlers import limits
from handlers.turn import Turn
from models.correction import CORRECTED, UNDONE, read_before
from models.deadline import Mark
from models.ticket import Event, Ticket

VERBS: Final[dict[str, str]] = {"returned": "unreturn", "withdrawn": "unwithdraw"}  # what takes an end back
# After these the matter is another one, or the end was meant: what was asked for on it has come.
_SETTLES: Final = frozenset({CORRECTED, UNDONE, "reopened", "merged", "proof_given"})


class End(NamedTuple):
    """An end: the event as the limits see it, and its revision."""

    mark: Mark
    rev: int

    @property
    def verb(self) -> str:
        """The verb that takes it back."""
        return VERBS[self.mark.kind]


def end_of(turn: Turn, ticket: Ticket) -> End | None:
    """The end that whoever asked put to a matter, whatever its age; None where it is open, ended otherwise, or was settled.

    Only an end of one's own carries how the matter stood before (`tickets.withdraw`, `tickets.come_back`).
    """
    found = _last(turn, ticket)
    return found if found is not None and read_before(found.mark.key) is not None else None


def booked_of(turn: Turn, ticket: Ticket) -> End | None:
    """The return that the speaker, a member of staff, booked for the student, as `end_of`; None for nobody else's."""
    found = _last(turn, ticket)
    if found is None or turn.person is None or found.mark.kind != "returned" or read_before(found.mark.key) is not None:
        return None
    mine = select(Event.by_id).where(Event.ticket_id == ticket.id, Event.rev == found.rev)
    return found if turn.session.execute(mine).scalar() == turn.person.id else None


def _last(turn: Turn, ticket: Ticket) -> End | None:
    """The last return or withdrawal of a matter that has ended, unless it was settled since."""
    if ticket.is_open:
        return None
    marks = limits.marks(turn, ticket)
    place = next((at for at in range(len(marks) - 1, -1, -1) if marks[at].kind in VERBS), None)
    if place is None:
        return None
    meant = place > 0 and marks[place - 1].kind == "objected"  # Whoever never asked for it has told somebody so.
    if meant or any(mark.kind in _SETTLES for mark in marks[place + 1 :]):
        return None
    return End(marks[place], place + 1)


def is_fresh(turn: Turn, end: End) -> bool:
    """Whether an end may still be taken back: `limits.undo_minutes` of the settings, the last instant included."""
    within = turn.school.undo_minutes
    return within > 0 and turn.now - end.mark.at <= timedelta(minutes=within)


def offered(turn: Turn, ticket: Ticket) -> list[str]:
    """The verb that takes the end of a matter back, as long as it may be; [] for none."""
    end = end_of(turn, ticket)
    return [end.verb] if end is not None and is_fresh(turn, end) else []
