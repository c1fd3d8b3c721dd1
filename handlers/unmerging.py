"""Takes a whole click of merging back: every matter that it closed goes on by itself again."""

from __future__ import annotations

from sqlalchemy import delete, select

from handlers import collisions, merged, tickets
from handlers.turn import Turn
from models.correction import WITHIN
from models.desk import Postponed, keep_back
from models.message import Refused
from models.numbering import contained
from models.ticket import Event, Ticket


def click_of(turn: Turn, ticket: Ticket) -> list[Ticket]:
    """What the speaker's own click merged together with this ticket, [] where that was one alone or is long ago."""
    if ticket.kept_id is None or turn.person is None:
        return []
    mine = select(Event).where(
        Event.ticket_id == ticket.id, Event.kind == "merged", Event.by_id == turn.person.id,
        Event.at >= turn.now - WITHIN,
    )  # fmt: skip
    event = turn.session.execute(mine.order_by(Event.rev.desc()).limit(1)).scalar()
    if event is None or collisions.went_on(turn, ticket, event.rev):
        return []
    found = merged.together(turn, ticket, event)
    return found if len(found) > 1 else []


def take_back(turn: Turn, click: list[Ticket]) -> list[Ticket]:
    """Undo these; answers with those that go on again. What went on since stays merged.

    Who was not told of it yet does not hear that it was taken back. Raises Refused where none can be undone.
    """
    back: list[Ticket] = []
    why: Refused | None = None
    for each in sorted(click, key=lambda ticket: ticket.id):  # Locked in one order.
        ticket = tickets.get(turn, each.id)
        if ticket is None or not tickets.may_undo(turn, ticket):
            continue
        waits = select(Postponed.event_id).join(Event, Event.id == Postponed.event_id).where(
            Postponed.ticket_id == ticket.id, Event.kind == "merged"
        )  # fmt: skip
        event_id = turn.session.execute(waits.order_by(Event.rev.desc()).limit(1)).scalar()
        try:
            with contained(turn.session):
                tickets.undo(turn, ticket)
        except Refused as refused:
            why = refused
            continue
        if event_id is not None:
            keep_back(turn.session, ticket.id, ticket.rev)
            turn.session.execute(delete(Postponed).where(Postponed.event_id == event_id))
        back.append(ticket)
    if not back:
        raise why or Refused("ticket.not_found")
    return sorted(back, key=lambda ticket: (ticket.opened_at, ticket.number))
