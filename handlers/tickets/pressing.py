"""What presses for an answer: the student urges (催办), whoever leads calls a matter up (督办)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from handlers import cards, corrections, limits, powers, urging, wording
from handlers.collisions import HAND
from handlers.tickets.climbing import above, next_up
from handlers.tickets.duplicates import kept_of
from handlers.tickets.permitting import permit
from handlers.tickets.record import record
from handlers.tickets.recusing import keep_out_by_words
from handlers.turn import Turn
from models.message import Refused
from models.person import Person
from models.ticket import Event, Status, Ticket

BY_HAND: Final = HAND
NUDGED_AFTER: Final = timedelta(hours=12)  # since the student was asked, or reminded of it: half a day to answer


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
    keep_out_by_words(turn, ticket, words)
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
    by = permit(turn, ticket)
    if not ticket.is_open:
        raise Refused("ticket.already", state=cards.state(turn, ticket, staff=True))
    if ticket.status == Status.waiting:
        if ticket.back_at is not None:
            back = wording.moment(ticket.back_at, turn.lang, turn.school.zone, turn.today)
            raise Refused("urge.on_leave", number=ticket.number, student=cards.student(turn, ticket), back=back)
        asked_at = _last_at(turn, ticket, "asked") or ticket.opened_at
        at = wording.moment(asked_at, turn.lang, turn.school.zone, turn.today)
        raise Refused("urge.awaits_student", number=ticket.number, student=cards.student(turn, ticket), at=at)
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
    to = next_up(turn, ticket, BY_HAND)
    if to is None:
        raise Refused("urge.nobody_above", number=ticket.number)
    record(turn, ticket, "escalated", by=by, to=to, words=words, key=BY_HAND)
    return to


def nudge(turn: Turn, ticket: Ticket) -> None:
    """Staff remind the student of what is asked for (提醒学生), in the words of then; once in NUDGED_AFTER for one matter.

    The clock goes on standing still, since the answer is the student's. Raises Refused for what waits for nobody's answer.
    """
    by = permit(turn, ticket)
    if not ticket.is_open or ticket.status != Status.waiting or ticket.back_at is not None:
        raise Refused("nudge.not_asked", number=ticket.number, state=cards.state(turn, ticket, staff=True))
    last = _last_at(turn, ticket, "nudged", "asked")
    if last is not None and turn.now < last + NUDGED_AFTER:
        at = wording.soon(last + NUDGED_AFTER, turn.now, turn.lang, turn.school.zone)
        raise Refused("nudge.too_soon", number=ticket.number, at=at)
    asked = select(Event).where(Event.ticket_id == ticket.id, Event.kind == "asked").order_by(Event.rev.desc()).limit(1)
    event = turn.session.execute(asked).scalar()
    record(turn, ticket, "nudged", by=by, words=corrections.words_of(turn, event) if event is not None else "")


def _last_at(turn: Turn, ticket: Ticket, *kinds: str) -> datetime | None:
    return next((mark.at for mark in reversed(limits.marks(turn, ticket)) if mark.kind in kinds), None)
