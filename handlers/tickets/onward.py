"""What staff tell a student on the way (进展), and what makes it the answer, or takes back that words were one."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select

from handlers import cards, corrections, progressing
from handlers.tickets.answering import adopt, before_of, reply, without_signature
from handlers.tickets.duplicates import tell_on
from handlers.tickets.permitting import permit
from handlers.tickets.record import record
from handlers.turn import Turn
from models.correction import REVISED, WITHIN
from models.desk import keep_back
from models.message import Refused
from models.rounds import KEPT_OPEN, PROGRESS
from models.ticket import Event, Resolution, Status, Ticket

_NEWEST: Final = (
    select(Event)
    .where(Event.ticket_id == bindparam("ticket"), Event.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(Event.rev.desc())
    .limit(1)
)


def progress(turn: Turn, ticket: Ticket, words: str) -> None:
    """Tell the student how far it is: the first answer is given by it, and the time until the end runs on.

    Raises Refused on a matter that has ended. To somebody in distress it is a reply like any other.
    """
    by = permit(turn, ticket)
    if not ticket.is_open:
        raise Refused("progress.ended", number=ticket.number, state=cards.state(turn, ticket))
    if cards.item_of(turn, ticket).urgent:
        reply(turn, ticket, words)
        return
    adopt(ticket, by)
    begins = ticket.status == Status.new and cards.pending(turn, ticket) is None
    move = Status.in_progress if begins else None
    record(turn, ticket, "replied", by=by, words=words, key=PROGRESS, move=move)
    tell_on(turn, ticket, words)


def conclude(turn: Turn, ticket: Ticket, _words: str = "") -> None:
    """What was told as progress is the answer: resolved with the same words, and the student is asked if it helped."""
    by = permit(turn, ticket)
    last = progressing.last_said(turn, ticket)
    if ticket.is_open and (last is None or last.kind != "replied" or not progressing.is_progress(last.key)):
        raise Refused("progress.none", number=ticket.number)
    without_signature(turn, ticket)
    words = _said(turn, ticket, "replied", REVISED)
    was = before_of(ticket)
    adopt(ticket, by)
    answered = Resolution.answered
    record(turn, ticket, "resolved", by=by, words=words, move=Status.resolved, resolution=answered, key=was)
    tell_on(turn, ticket, words)


def keep_open(turn: Turn, ticket: Ticket, _words: str = "") -> None:
    """The reply that ended a matter was progress: it goes on as before, with its clocks, and the student hears that.

    Raises Refused where no reply ended it, somebody judged it already, or more than models.correction.WITHIN has passed.
    """
    by = permit(turn, ticket)
    if not progressing.may_go_on(turn, ticket):
        key = "progress.open_already" if ticket.is_open else "progress.too_late"
        raise Refused(key, number=ticket.number, minutes=int(WITHIN.total_seconds()) // 60)
    words = _said(turn, ticket, "resolved")
    ticket.put_back(Status.in_progress)
    turn.session.flush()
    record(turn, ticket, "undone", by=by, key="undid:resolved")
    # The words right after it say the same, and which ones are meant.
    keep_back(turn.session, ticket.id, ticket.rev)
    record(turn, ticket, "replied", by=by, words=words, key=KEPT_OPEN)


def _said(turn: Turn, ticket: Ticket, *kinds: str) -> str:
    """The words of the newest event of these kinds."""
    event = turn.session.execute(_NEWEST, {"ticket": ticket.id, "kinds": kinds}).scalar()
    return corrections.words_of(turn, event) if event is not None else ""
