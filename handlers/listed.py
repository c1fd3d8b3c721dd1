"""Whether the approved leave of a whole list has leaves of others that are still to come, and so may be called off (取消整份名单)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import select

from handlers.turn import Turn
from models.person import Person
from models.ticket import Status, Ticket

CALL_OFF: Final = "call_off"


def to_come(turn: Turn, ticket: Ticket) -> int:
    """How many others have a leave by this list that has not begun; 0 for what is no list, and for one that is not agreed."""
    numbers = [str(number) for number in ticket.answers.get("people") or ()]
    span = ticket.answers.get("span")
    if not numbers or not isinstance(span, dict) or datetime.fromisoformat(str(span["start"])) <= turn.now:
        return 0
    of_them = (
        select(Ticket.answers)
        .join(Person, Person.id == Ticket.requester_id)
        .where(
            Person.number.in_(numbers), Ticket.service == ticket.service, Ticket.opened_at >= ticket.opened_at,
            Ticket.status == Status.waiting, Ticket.back_at.is_not(None), Ticket.id != ticket.id,
        )
    )  # fmt: skip
    rows = turn.session.execute(of_them).scalars()
    return sum(answers.get("listed") == ticket.number for answers in rows)


def verbs(turn: Turn, ticket: Ticket) -> list[str]:
    """CALL_OFF where whoever handed the list in may call it off; else []."""
    return [CALL_OFF] if to_come(turn, ticket) else []
