"""Nobody has signed back in: whom the rules tell after how long (班长、辅导员、副书记), beside the student."""

from __future__ import annotations

from handlers import cards, duties, limits, short_returns, signers
from handlers.tickets.climbing import next_up, tell_of, was_told
from handlers.tickets.passing import escalate, pass_over
from handlers.tickets.record import record
from handlers.turn import Turn
from models.person import Person
from models.ticket import Ticket


def watch(turn: Turn, ticket: Ticket, key: str, index: int) -> Person | None:
    """Do one step of an overdue return: tell whoever holds its role for the student's class, or else dormitory.

    A student with a role there (班长、寝室长) is asked to look, and reads neither kind nor reason. A role that nobody
    holds is passed over; the last step, and one without a role, climbs to the next one above. Of a short leave (短假) nothing
    climbs: staff read one line, and the student is not told again.
    """
    roles = limits.limits_of(turn, ticket).back_roles
    if index >= len(roles):
        return escalate(turn, ticket, key)
    person = _holder(turn, ticket, roles[index])
    is_short = short_returns.applies(turn, ticket, cards.item_of(turn, ticket))
    if person is None and not is_short and index == len(roles) - 1 and next_up(turn, ticket, key) is not None:
        return escalate(turn, ticket, key)
    # Who is monitor and head of the room is asked once.
    if person is None or (person.kind == "student" and was_told(turn, ticket, person, key)):
        pass_over(turn, ticket, key)
        return None
    record(turn, ticket, "watched" if person.kind == "student" or is_short else "escalated", to=person, key=key)
    if is_short and person.kind != "student":
        return person  # One line, and the student was reminded already: nothing climbs.
    tell_of(turn, ticket, person, key)
    return person


def miss(turn: Turn, ticket: Ticket, words: str) -> Person | None:
    """A class officer who was asked to look cannot reach the student (联系不上): the first of the rules' staff hears now,
    whenever their own step is due, and so does whoever has the leave. Answers with whom it names. Only staff read of it."""
    barred = signers.concerned_by(turn, cards.item_of(turn, ticket), ticket)
    found = (_holder(turn, ticket, role) for role in limits.limits_of(turn, ticket).back_roles)
    to = next((person for person in found if person is not None and person.kind == "staff"), None)
    if to is None and ticket.assignee_id is not None and ticket.assignee_id not in barred:
        to = turn.session.get(Person, ticket.assignee_id)
    record(turn, ticket, "unreached", by=turn.person, to=to, words=words, audience="staff")
    return to


def _holder(turn: Turn, ticket: Ticket, role: str) -> Person | None:
    student = turn.session.get(Person, ticket.requester_id) if ticket.requester_id else None
    paths = [student.academic_path, student.residential_path] if student is not None else [ticket.path]
    barred = signers.concerned_by(turn, cards.item_of(turn, ticket), ticket)
    for path in paths:
        for person in duties.holders(turn.session, path, role, turn.now) if path else ():
            if person.id not in barred and person.active:
                return person
    return None
