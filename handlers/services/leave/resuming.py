"""A student takes back the own 销假 or 撤回: what is in its way, and what the end of the leave had brought with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from handlers import limits, prolonged, proofs, tickets
from handlers.services.leave import prolonging, stretches
from handlers.services.leave.spans import overlapping, span_of
from handlers.turn import Turn
from models.leave_rules import LeaveRules
from models.message import Refused
from models.ticket import Resolution, Status, Ticket


def check(turn: Turn, ticket: Ticket) -> None:
    """Refuse where another leave takes its time by now, and where the leave that it went on from does not run any more."""
    there = replace(turn, about=ticket)
    other = overlapping(there, *span_of(turn, ticket.answers))
    extends = str(ticket.answers.get("extends") or "")
    if other is not None and other.number != extends:
        raise Refused("unend.asked_anew", number=ticket.number, other=other.number)
    old = prolonged.numbered(turn, extends) if extends and ticket.resolution == Resolution.withdrawn else None
    if old is not None and old.status != Status.waiting:
        raise Refused("unend.old_ended", number=ticket.number, other=old.number)
    if old is not None and (asked := prolonged.pending_of(turn, old)) is not None:
        raise Refused("unend.asked_anew", number=ticket.number, other=asked.number)


def after_return(turn: Turn, ticket: Ticket, ended_at: datetime) -> None:
    """What the return brought is gone: a ticket to be shown, and that more days were asked for in vain."""
    proofs.unask(turn, ticket)
    found = select(Ticket).where(
        Ticket.requester_id == ticket.requester_id, Ticket.service == ticket.service,
        Ticket.resolution == Resolution.withdrawn, Ticket.id > ticket.id,
    )  # fmt: skip
    for each in turn.session.execute(found.order_by(Ticket.id)).scalars().all():
        if each.answers.get("extends") != ticket.number or (asked := tickets.get(turn, each.id)) is None:
            continue
        last = limits.marks(turn, asked)[-1]
        if last.kind == "withdrawn" and last.at >= ended_at and last.key.startswith(prolonging.ALONG):
            tickets.unwithdraw_along(turn, asked, Status(last.key.removeprefix(prolonging.ALONG)))


def after_withdrawal(turn: Turn, rules: LeaveRules, ticket: Ticket) -> None:
    """What was waived is owed again, and a leave that went on from another goes on from it again."""
    mine = rules.of(ticket.answers.get("kind"))
    later = [each for each in mine.evidence if each.due == "later"]
    proofs.unwaive(turn, ticket, stretches.shown_by(turn, later, span_of(turn, ticket.answers)) if later else None)
    if ticket.answers.get("extends") and ticket.back_at is not None:
        prolonging.goes_on(turn, ticket)
