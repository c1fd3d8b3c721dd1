"""Duplicates: one of two matters goes on for both, and whoever asked for the other hears of its answer."""

from __future__ import annotations

from handlers import access, cards, recusals, silencing
from handlers.tickets.answering import before_of
from handlers.tickets.duplicates import kept_of
from handlers.tickets.permitting import permit
from handlers.tickets.record import get, record
from handlers.tickets.recusing import keep_out
from handlers.turn import Turn
from models.message import Refused
from models.ticket import Resolution, Status, Ticket


def merge(turn: Turn, ticket: Ticket, into: Ticket, words: str = "") -> Ticket:
    """Close a ticket as a duplicate of another (合并), which goes on; answers with the one that goes on.

    Where the other was merged itself, the end of its chain goes on. Both must be within the speaker's reach, of one
    requester or of one service, and open. Raises Refused for a ticket with itself, for a circle, for a sensitive matter
    of somebody else, and where a signature is asked for of somebody else's.
    """
    by = permit(turn, ticket)
    kept = kept_of(turn, into)
    if kept.id == ticket.id:
        raise Refused("merge.circle", number=ticket.number)
    locked = get(turn, kept.id)
    if locked is None or not access.may_act(turn.session, by, locked, turn.now):
        raise Refused("ticket.not_found")
    before_join(turn, ticket, locked)
    was = before_of(ticket)
    ticket.kept_id = locked.id
    ticket.owner_id = ticket.owner_id or by.id
    keep_out(turn, locked, recusals.of(turn, ticket), by)  # Whom one is about, both are about.
    recusals.keep_out(turn, ticket, recusals.of(turn, locked), by)
    silencing.silence(turn, ticket, recusals.of(turn, ticket))
    record(
        turn, ticket, "merged", by=by, words=words, move=Status.closed, resolution=Resolution.duplicate, key=was
    )  # fmt: skip
    record(turn, locked, "joined", by=by, words=ticket.number, audience="staff")
    turn.school.catalogue.service(ticket.service).closed(turn, ticket)
    return locked


def before_merge(turn: Turn, ticket: Ticket) -> None:
    """Refuse what can be no part of a merge: what has ended, and a leave that was agreed to."""
    if not ticket.is_open or ticket.back_at is not None:
        key = "merge.agreed" if ticket.is_open else "merge.ended"
        raise Refused(key, number=ticket.number, state=cards.state(turn, ticket, staff=True))


def before_join(turn: Turn, ticket: Ticket, kept: Ticket) -> None:
    """Refuse that a ticket becomes part of another which goes on, as `merge` does; nothing is changed."""
    if kept.id == ticket.id:
        raise Refused("merge.circle", number=ticket.number)
    for each in (ticket, kept):
        before_merge(turn, each)
    mine = ticket.requester_id is not None and ticket.requester_id == kept.requester_id
    if not mine and ticket.service != kept.service:
        raise Refused("merge.apart", number=ticket.number, other=kept.number)
    sensitive = any(field.sensitive for field in cards.item_of(turn, kept).fields)
    if not mine and (ticket.private or kept.private or sensitive):
        raise Refused("merge.private", number=ticket.number, other=kept.number)
    if not mine and (cards.pending(turn, ticket) is not None or cards.pending(turn, kept) is not None):
        raise Refused("ticket.needs_signature", number=ticket.number)


def may_merge(turn: Turn, ticket: Ticket, other: Ticket | None = None) -> bool:
    """Whether two open matters may become one, as `merge` asks; without another whether it may with anybody else's."""
    for each in (ticket, other or ticket):
        mine = other is not None and other.requester_id is not None and other.requester_id == ticket.requester_id
        sensitive = any(field.sensitive for field in cards.item_of(turn, each).fields)
        if not mine and (each.private or sensitive or cards.pending(turn, each) is not None):
            return False
    return True


def part(turn: Turn, ticket: Ticket) -> None:
    """Undo of a merge: what had been merged goes on by itself again. For undo(), which puts back the rest."""
    kept = get(turn, ticket.kept_id) if ticket.kept_id else None
    ticket.kept_id = None
    if kept is not None:
        record(turn, kept, "parted", by=turn.person, words=ticket.number, audience="staff")
