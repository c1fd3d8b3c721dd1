"""What a notice of a matter that ends with a return says besides: what whoever decides weighs, and more days asked for or given."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from handlers import behalf, cards, marks, owing, prolonged, wording
from handlers.turn import Turn
from models.person import Person
from models.ticket import Event, Ticket

_OWING = frozenset(
    {"approved", "returned", "reminded_back", "proof_due", "proof_late"}
)  # tells the student what is still to be shown
_LATE = frozenset({"reminded_back", "escalated", "unled"})
# Notices that ask somebody for a signature, by their kind: to whom.
_WEIGHED: Final = {"opened": "assignee", "amended": "assignee", "signed": "to", "invited": "to", "delegated": "to"}


def line(turn: Turn, ticket: Ticket, event: Event, hearer: str, person: Person | None = None) -> str:
    """One more line for a notice about a matter that waits for a return, or that goes on from one; "" for all others.

    person: who reads it; a signer reads the sums, what overlaps and what is owed, as on the pages (`Service.weigh`).
    """
    if person is not None and _WEIGHED.get(event.kind) == hearer:
        return weighed(replace(turn, person=person), ticket)
    staff = hearer != "requester"
    more = _line(turn, ticket, event, staff=staff)
    owed = owing.line(turn, ticket) if not staff and event.kind in _OWING else ""
    return "\n".join(part for part in (more, owed) if part)


def _line(turn: Turn, ticket: Ticket, event: Event, *, staff: bool) -> str:
    """What is said of more days that were asked for, and of the leave that goes on."""
    if event.kind in _LATE and ticket.back_at is not None:
        asked = prolonged.pending_of(turn, ticket)
        if asked is None and (staff or behalf.told_as(ticket, event) == "reminded_back"):
            return ""
        if asked is None:  # As the buttons below: more days are named only where they may still be asked for.
            more = turn.school.catalogue.service(ticket.service).prolongs(turn, ticket)
            return turn.say("leave.not_back_prolong" if more else "leave.not_back")
        name = marks.who(turn, asked.assignee_id) or turn.say("card.nobody")
        return turn.say("leave.prolong_waits_staff" if staff else "leave.prolong_waits", number=asked.number, name=name)
    number = ticket.answers.get("extends")
    old = prolonged.numbered(turn, str(number)) if number and not staff else None
    if old is None or old.back_at is None or event.kind not in ("refused", "approved", "undone"):
        return ""
    if event.kind == "approved":
        until = wording.until(ticket.back_at or turn.now, turn.lang, turn.school.zone, turn.today)
        return turn.say("leave.prolong_given", number=old.number, until=until)
    if old.back_at <= turn.now:
        return turn.say("leave.prolong_return_now", number=old.number)
    end = wording.until(old.back_at, turn.lang, turn.school.zone, turn.today)
    return turn.say("leave.prolong_return", number=old.number, end=end)


def weighed(turn: Turn, ticket: Ticket) -> str:
    """What the speaker should know before signing; "" where nothing is signed, and on a channel that may not carry it."""
    if turn.person is None or turn.person.kind != "staff" or not ticket.is_open or cards.withheld(turn, ticket):
        return ""
    if not cards.item_of(turn, ticket).approval:
        return ""
    return "\n".join(turn.school.catalogue.service(ticket.service).weigh(turn, ticket))
