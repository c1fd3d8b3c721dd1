"""Whether a decision on a leave may still give way to another: not once it runs, and none is given afterwards."""

from __future__ import annotations

from dataclasses import replace

from handlers import cards, guardians, prolonged, wording
from handlers.services.leave import stretches
from handlers.services.leave.facts import exceeded
from handlers.services.leave.spans import overlapping, span_of
from handlers.turn import Turn
from models.item import Item
from models.leave_rules import LeaveRules
from models.message import Refused
from models.person import Person
from models.ticket import Resolution, Status, Ticket


def check(turn: Turn, item: Item, rules: LeaveRules, ticket: Ticket, to: str) -> None:
    """Refuse a correction that makes no sense (any more), with what to do instead. to: see Service.correcting."""
    if ticket.resolution == Resolution.refused:
        _still_possible(turn, item, rules, ticket)
        if to == "sign" and guardians.owed(turn, ticket):
            raise Refused("correct.leave_parents", number=ticket.number)
    elif ticket.back_at is not None or ticket.resolution == Resolution.approved:
        _not_begun(turn, ticket)


def _not_begun(turn: Turn, ticket: Ticket) -> None:
    """A leave is taken away only before it begins: whoever has left school by it had the right to."""
    number = ticket.number
    if ticket.answers.get(prolonged.BY):
        raise Refused("correct.leave_continued", number=number, other=ticket.answers[prolonged.BY])
    if not ticket.is_open and ticket.back_at is not None:
        raise Refused("correct.leave_returned", number=number)
    start, _ = span_of(turn, ticket.answers)
    if start <= turn.now:
        said = wording.moment(start, turn.lang, turn.school.zone, turn.today)
        raise Refused("correct.leave_begun", number=number, start=said)


def _still_possible(turn: Turn, item: Item, rules: LeaveRules, ticket: Ticket) -> None:
    """What was refused is given only while it may be asked for: not over, and nothing else in its place."""
    start, end = span_of(turn, ticket.answers)
    number, mine = ticket.number, rules.of(ticket.answers.get("kind"))
    if end <= turn.now - stretches.from_(turn, mine.made_up, end):
        said = wording.moment(end, turn.lang, turn.school.zone, turn.today)
        raise Refused("correct.leave_over", number=number, end=said)
    extends = ticket.answers.get("extends")
    old = prolonged.numbered(turn, str(extends)) if extends else None
    if extends and (old is None or old.status != Status.waiting or old.back_at is None):
        raise Refused("correct.leave_not_running", number=number, other=str(extends))
    student = turn.session.get(Person, ticket.requester_id) if ticket.requester_id else None
    if student is None:
        return
    there = replace(turn, person=student, account=None, about=ticket)
    other = overlapping(there, start, end, lock=False)  # tickets.correct has locked the student.
    if other is not None:
        raise Refused("correct.leave_instead", number=number, other=other.number)
    if exceeded(there, mine, cards.answers_of(turn, ticket), refuses=True):
        raise Refused("correct.leave_total", number=number)
