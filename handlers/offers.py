"""What a student is offered once a matter has ended: to say whether it helped, to open it again, to rate it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from handlers import limits, unended
from handlers.turn import Turn
from models.correction import CORRECTED
from models.ticket import Resolution, Status, Ticket

RATED_WITHIN: Final = timedelta(days=30)  # of the end; after that nobody remembers
DISPUTES: Final = ("appeal", "refile")  # both ask back in chat; a page has boxes of its own (handlers/doing.py)
_ENDED: Final = frozenset({"resolved", "approved", "returned", "merged", "closed", "followed_up"})


def ended(turn: Turn, ticket: Ticket) -> list[str]:
    """The verbs for the student of an ended ticket, without "show"."""
    return [*unended.offered(turn, ticket), *disputed(turn, ticket), *_judged(turn, ticket)]


def disputed(turn: Turn, ticket: Ticket) -> list[str]:
    """What is offered beside a refusal: a word with a teacher, and the same form once more where it can be begun so."""
    if ticket.resolution != Resolution.refused or ticket.requester_id is None or ticket.private:
        return []
    item = turn.school.catalogue.items.get(ticket.service)
    again = item is not None and not item.hidden and "extends" not in ticket.answers
    return list(DISPUTES) if again else ["appeal"]


def _judged(turn: Turn, ticket: Ticket) -> list[str]:
    marks = limits.marks(turn, ticket)
    at = max((mark.at for mark in marks if mark.kind in _ENDED), default=None)
    if at is None:
        return []
    again = ["unhelped"] if turn.now - at <= timedelta(days=turn.school.reopen_days) else []
    if ticket.resolution == Resolution.duplicate:
        return again
    begun = max((place for place, mark in enumerate(marks) if mark.kind in ("reopened", CORRECTED)), default=0)
    rated = any(mark.kind == "rated" for mark in marks[begun:])
    stars = [] if rated or turn.now - at > RATED_WITHIN else ["rate"]
    if ticket.resolution == Resolution.approved:
        return stars
    if ticket.resolution != Resolution.answered:
        return []
    asked = ticket.status == Status.resolved or marks[-1].kind == "followed_up"
    return ["helped", *again] if asked else [*again, *stars]


def shown_as(verb: str) -> str:
    """The verb whose button says that another may be used: a word to whoever is above is offered where one to a teacher is."""
    return "appeal" if verb == "raise" else verb
