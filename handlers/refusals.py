"""What a student reads beside the reason of a refusal: the regulation that was followed, and who is next above."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select

from handlers import access, cards, directory, duties, signers, superiors
from handlers.turn import Turn
from models.correction import CORRECTED
from models.message import Choice
from models.person import Person
from models.ticket import Event, Resolution, Ticket

RAISE: Final = "raise"
# Who did one of these had a part in the decision, and is nobody to turn to about it.
_PART: Final = ("signed", "cosigned", "approved", "refused", "delegated", "sent_back", "corrected")
_TOOK_PART: Final = select(Event.by_id).where(
    Event.ticket_id == bindparam("ticket"), Event.kind.in_(_PART), Event.by_id.is_not(None)
)
REFUSING: Final = ("refused", "closed", CORRECTED)  # events whose words may say why
_REFUSED: Final = (
    select(Event)
    .where(Event.ticket_id == bindparam("ticket"), Event.kind.in_(REFUSING), Event.audience != "staff")
    .order_by(Event.rev.desc())
    .limit(1)
)


def more(turn: Turn, ticket: Ticket, by_id: str | None) -> str:
    """The rule and the way up, in sentences of their own; "" where neither is known."""
    item = cards.item_of(turn, ticket)
    said = [turn.say("refused.basis", basis=item.basis.to(turn.lang))] if item.basis is not None else []
    next_above = above(turn, ticket, by_id)
    if next_above is not None:
        said.append(turn.say("refused.up", name=directory.name_of(next_above, turn.lang)))
    return "\n".join(said)


def choices(turn: Turn, ticket: Ticket, event: Event, hearer: str) -> tuple[Choice, ...]:
    """The button of the way up beside the notice of a refusal to whoever asked; () beside all others."""
    to = above(turn, ticket, event.by_id) if event.kind == "refused" and hearer == "requester" else None
    if to is None:
        return ()
    label = turn.say("refused.raise", name=directory.name_of(to, turn.lang))
    return (Choice(label=label, send=f"t:{ticket.id}:{RAISE}:{ticket.rev}", words=f"{label} {ticket.number}"),)


def last(turn: Turn, ticket: Ticket) -> Event | None:
    """The event by which a matter was refused in the end, whose words say why; None for what was not refused."""
    if ticket.resolution != Resolution.refused:
        return None
    return turn.session.execute(_REFUSED, {"ticket": ticket.id}).scalar()


def standing(turn: Turn, ticket: Ticket) -> str:
    """`more` of a matter that was refused, for whoever looks at it later; "" for every other."""
    event = last(turn, ticket)
    return more(turn, ticket, event.by_id) if event is not None and event.kind != "closed" else ""


def ways(turn: Turn, ticket: Ticket) -> tuple[Choice, ...]:
    """The button of the way up, for whoever asked for it and looks at it later."""
    mine = turn.person is not None and turn.person.id == ticket.requester_id
    event = last(turn, ticket) if mine else None
    return choices(turn, ticket, event, "requester") if event is not None else ()


def above(turn: Turn, ticket: Ticket, by_id: str | None) -> Person | None:
    """Whoever leads next above the one who refused (by_id), had no part in it, and may read what the student writes.

    Nobody who works under whoever refused, signed or handed the signature on. None where nobody is left, and for an item
    that nobody signs.
    """
    item = cards.item_of(turn, ticket)
    student = turn.session.get(Person, ticket.requester_id) if ticket.requester_id else None
    if not item.approval or student is None:
        return None
    leads = duties.leads(turn.session, ticket.path, turn.now)
    ids = [each.id for each in leads]
    nearer = ids.index(by_id) + 1 if by_id in ids else 0
    barred = signers.concerned_by(turn, item, ticket) | {by_id}
    barred |= set(turn.session.execute(_TOOK_PART, {"ticket": ticket.id}).scalars())
    barred |= superiors.below(turn, [by_id], ids) if by_id else frozenset()
    free = (each for each in leads[nearer:] if each.id not in barred)
    return next((each for each in free if access.reaches(turn.session, each, student, turn.now)), None)
