"""Splitting (拆分): a matter that holds two wishes gives one of them away as a ticket of its own; and related tickets."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from handlers import cards, complaints, limits, links, recusals
from handlers.collisions import ASIDE
from handlers.tickets.answering import before_of
from handlers.tickets.permitting import permit
from handlers.tickets.record import by_number, record
from handlers.tickets.requester import SPLIT_OFF, open_ticket
from handlers.turn import Turn
from models.correction import UNSPLIT
from models.item import Item
from models.message import Refused
from models.person import Person
from models.rounds import AFRESH
from models.ticket import Event, Resolution, Status, Ticket

QUIET: Final = frozenset({SPLIT_OFF, "urged", *ASIDE} - {"noted"})  # after these nobody has worked on it


def before_split(turn: Turn, ticket: Ticket) -> Person:
    """Refuse what `split` would refuse anyway, before its words are asked for; answers with who splits.

    Raises Refused for what is ended, a cry for help, what has no student, and sealed words that the speaker does not read.
    """
    by = permit(turn, ticket)
    if not ticket.is_open or ticket.back_at is not None:
        raise Refused("ticket.already", state=cards.state(turn, ticket, staff=True))
    item = cards.item_of(turn, ticket)
    if item.urgent:
        raise Refused("split.urgent", number=ticket.number)
    if ticket.requester_id is None:
        raise Refused("split.nobody", number=ticket.number)
    if is_sealed(turn, ticket) and not cards.entitled(turn, ticket):
        raise Refused("split.sealed", number=ticket.number, name=cards.who(turn, ticket.assignee_id))
    return by


def is_sealed(turn: Turn, ticket: Ticket) -> bool:
    """Whether what the student wrote is sealed, so that it may only go where it is sealed again."""
    return ticket.private or any(field.sensitive for field in cards.item_of(turn, ticket).fields)


def split(turn: Turn, ticket: Ticket, item: Item, answers: dict[str, Any]) -> Ticket:
    """Open a ticket of an item for the same student with what is taken out of a ticket; answers with the new one.

    The ticket itself goes on as it was. The new one's first answer has its whole limit from now on, since whoever gets it
    has it only now; its end counts from when the student first asked, without the time in which the student was asked for
    more, or it counts from now, too, where that would leave less than the first answer has (models.rounds: HANDS_ON). The student is told once, with both numbers.
    Which items and answers are fit is for the caller to ask (handlers/splitting.py). Raises Refused as `before_split`.
    """
    by = before_split(turn, ticket)
    student = turn.session.get(Person, ticket.requester_id) if ticket.requester_id else None
    if student is None or not student.active:
        raise Refused("split.nobody", number=ticket.number)
    theirs = replace(turn, person=student, account=None)
    answers = {**answers, complaints.ABOUT: sorted(recusals.of(turn, ticket))}  # Whom the one is about, the other is.
    made = open_ticket(
        theirs, item, answers, kind=SPLIT_OFF, by=by, words=ticket.number, since=_waiting_since(turn, ticket)
    )
    links.add(turn, made, ticket, links.SPLIT, by)
    record(turn, ticket, "split", by=by, words=made.number, key=before_of(ticket))
    return made


def _waiting_since(turn: Turn, ticket: Ticket) -> datetime:
    """Since when the student has waited: from the opening, or the last one anew, moved on by what the student was asked for."""
    since, paused, asked_at = ticket.opened_at, timedelta(), None
    for mark in limits.marks(turn, ticket):
        if mark.kind in AFRESH:
            since, paused, asked_at = mark.at, timedelta(), None
        elif mark.kind == "asked" and asked_at is None:
            asked_at = mark.at
        elif mark.kind == "answered" and asked_at is not None:
            paused, asked_at = paused + (mark.at - asked_at), None
    paused += turn.now - asked_at if asked_at is not None else timedelta()
    return min(since + paused, turn.now)


def unsplit(turn: Turn, ticket: Ticket, number: str) -> None:
    """Undo of a split: what was taken out, of a number, counts no more, in the figures neither (handlers/tally.py). For
    undo(), which writes down the rest.

    Raises Refused once anybody has worked on it.
    """
    made = by_number(turn, number)
    link = links.between(turn, ticket, made, links.SPLIT) if made is not None else None
    if link is None or made is None:
        raise Refused("undo.nothing", number=ticket.number)
    kinds = set(turn.session.execute(select(Event.kind).where(Event.ticket_id == made.id)).scalars())
    if made.status != Status.new or kinds - QUIET:
        raise Refused("undo.followed", number=made.number)
    turn.session.delete(link)
    record(turn, made, "withdrawn", by=turn.person, key=UNSPLIT, move=Status.closed, resolution=Resolution.withdrawn)


def relate(turn: Turn, ticket: Ticket, other: Ticket) -> None:
    """Say that two tickets have to do with each other (相关): shown on both, to whoever may see both.

    Raises Refused for one out of reach, for a ticket with itself, and for two that are linked already.
    """
    by = _both(turn, ticket, other)
    if any(links.between(turn, ticket, other, kind) is not None for kind in (links.SPLIT, links.RELATED)):
        raise Refused("related.there", number=ticket.number, other=other.number)
    links.add(turn, ticket, other, links.RELATED, by)
    record(turn, ticket, "related", by=by, words=other.number, audience="staff")
    record(turn, other, "related", by=by, words=ticket.number, audience="staff")


def unrelate(turn: Turn, ticket: Ticket, other: Ticket) -> None:
    """Take that back. Raises Refused where they are not related; what was split stays linked."""
    by = _both(turn, ticket, other)
    link = links.between(turn, ticket, other, links.RELATED)
    if link is None:
        raise Refused("related.not_there", number=ticket.number, other=other.number)
    turn.session.delete(link)
    turn.session.flush()
    record(turn, ticket, "unrelated", by=by, words=other.number, audience="staff")
    record(turn, other, "unrelated", by=by, words=ticket.number, audience="staff")


def _both(turn: Turn, ticket: Ticket, other: Ticket) -> Person:
    by = permit(turn, ticket)
    permit(turn, other)
    if ticket.id == other.id:
        raise Refused("related.itself", number=ticket.number)
    return by
