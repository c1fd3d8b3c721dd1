"""What a notice says of what comes after an end: that more days are asked for, were refused, or are given."""

from __future__ import annotations

from handlers import marks, prolonged, wording
from handlers.turn import Turn
from models.ticket import Event, Ticket

_LATE = frozenset({"reminded_back", "escalated"})


def line(turn: Turn, ticket: Ticket, event: Event, hearer: str) -> str:
    """One more line for a notice about a matter that waits for a return, or that goes on from one; "" for all others."""
    staff = hearer != "requester"
    if event.kind in _LATE and ticket.back_at is not None:
        asked = prolonged.pending_of(turn, ticket)
        if asked is None:
            return ""
        name = marks.who(turn, asked.assignee_id) or turn.say("card.nobody")
        return turn.say("leave.prolong_waits_staff" if staff else "leave.prolong_waits", number=asked.number, name=name)
    number = ticket.answers.get("extends")
    old = prolonged.numbered(turn, str(number)) if number and not staff else None
    if old is None or old.back_at is None or event.kind not in ("refused", "approved", "undone"):
        return ""
    if event.kind == "approved":
        until = wording.moment(ticket.back_at or turn.now, turn.lang, turn.school.zone, turn.today)
        return turn.say("leave.prolong_given", number=old.number, until=until)
    if old.back_at <= turn.now:
        return turn.say("leave.prolong_return_now", number=old.number)
    end = wording.moment(old.back_at, turn.lang, turn.school.zone, turn.today)
    return turn.say("leave.prolong_return", number=old.number, end=end)
