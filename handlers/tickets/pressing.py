"""What presses for an answer: the student urges (催办), whoever leads calls a matter up (督办)."""

from __future__ import annotations

from handlers import cards, limits, powers, urging, wording
from handlers.tickets.climbing import above, next_up
from handlers.tickets.duplicates import kept_of
from handlers.tickets.permitting import permit as _permit
from handlers.tickets.record import record
from handlers.turn import Turn
from models.message import Refused
from models.person import Person
from models.ticket import Status, Ticket

BY_HAND = "hand"  # the key of an escalation that somebody pressed, and no limit


def urge(turn: Turn, ticket: Ticket, words: str = "") -> Person | None:
    """The student presses for an answer: whoever has it hears, and once it is late, or nobody has it, the next one above.

    Once in School.urge_days working days for one matter. Answers with whom above it was told to. Raises Refused for what
    is ended, for what waits for the student, and for what was urged a short while ago (with the instant from when on).
    """
    if not ticket.is_open:
        kept = kept_of(turn, ticket)
        if kept.is_open:  # Somebody else's: its number is not this student's to know.
            name = cards.who(turn, kept.assignee_id) or turn.say("card.nobody")
            raise Refused("urge.goes_on", number=ticket.number, name=name)
        raise Refused("urge.ended", number=ticket.number, state=cards.state(turn, ticket))
    if not urging.is_owed(ticket):
        raise Refused("urge.not_owed", number=ticket.number, state=cards.state(turn, ticket))
    due, again = limits.promised(turn, ticket), urging.again_at(turn, ticket)
    if again is not None and turn.now < again:
        at = wording.soon(again, turn.now, turn.lang, turn.school.zone)
        raise Refused("urge.too_soon", number=ticket.number, at=at, promise=promise(turn, ticket))
    late = due is not None and due < turn.now
    to = next(iter(above(turn, ticket)), None) if late or ticket.assignee_id is None else None
    record(turn, ticket, "urged", by=turn.person, to=to, words=words)
    return to


def promise(turn: Turn, ticket: Ticket) -> str:
    """By when an answer is due, as the student reads it; "" where nothing is promised."""
    due = limits.promised(turn, ticket)
    if due is None:
        return ""
    at = wording.soon(due, turn.now, turn.lang, turn.school.zone)
    return turn.say("urge.late" if due < turn.now else "urge.due", at=at)


def before_call_up(turn: Turn, ticket: Ticket) -> Person:
    """Refuse what `call_up` would refuse anyway, before its words are asked for; answers with who presses."""
    by = _permit(turn, ticket)
    if not ticket.is_open or ticket.status == Status.waiting:
        raise Refused("ticket.already", state=cards.state(turn, ticket, staff=True))
    if not powers.leads_area(turn, ticket.path) and not (
        ticket.handed_path and powers.leads_area(turn, ticket.handed_path)
    ):
        raise Refused("urge.not_lead", number=ticket.number)
    return by


def call_up(turn: Turn, ticket: Ticket, words: str = "") -> Person:
    """Whoever leads above takes a matter up one level (督办), with a word or none; answers with who has been told.

    Each press is one level up: first the presser's own or the nearest one, then the next. Raises Refused for whoever does
    not lead there, for what is ended or waits for the student, and when nobody is left above.
    """
    by = before_call_up(turn, ticket)
    to = next_up(turn, ticket)
    if to is None:
        raise Refused("urge.nobody_above", number=ticket.number)
    record(turn, ticket, "escalated", by=by, to=to, words=words, key=BY_HAND)
    return to
