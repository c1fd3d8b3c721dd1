"""What staff write down for a student, and what the student says of it: that it was meant, or that it was not."""

from __future__ import annotations

from handlers import access, behalf, cards, directory, recusals
from handlers.tickets.record import record
from handlers.tickets.requester import withdraw
from handlers.turn import Turn
from models.desk import keep_back
from models.message import Refused
from models.person import Person
from models.ticket import Resolution, Status, Ticket


def answer_for(turn: Turn, ticket: Ticket, words: str, source: str) -> None:
    """Give what was asked for in the student's place; the clock goes on, and the student hears of it.

    source: one of behalf.SOURCES. Whether the speaker answers for the student is for the caller to ask.
    """
    _permit(turn, ticket)
    if ticket.status != Status.waiting or ticket.back_at is not None:
        raise Refused("ticket.nothing_asked", state=cards.state(turn, ticket, staff=True))
    record(
        turn, ticket, "answered", by=turn.person, words=words, move=Status.in_progress, key=behalf.answer_key(source)
    )


def withdraw_for(turn: Turn, ticket: Ticket) -> None:
    """Take back what the speaker opened for a student by mistake, as long as nobody has decided.

    What went to an office beyond the speaker's duties only as long as nobody there has taken it.
    """
    mine = opened_by(turn, ticket)
    by = turn.person if mine and turn.person is not None else _permit(turn, ticket)
    if not mine:
        raise Refused("behalf.not_opened_by_you", number=ticket.number)
    begun = ticket.status != Status.new and not access.may_act(turn.session, by, ticket, turn.now)
    if begun or not ticket.is_open or ticket.back_at is not None:
        raise Refused("ticket.already", state=cards.state(turn, ticket, staff=True))
    record(turn, ticket, "withdrawn", by=by, move=Status.closed, resolution=Resolution.withdrawn)
    turn.school.catalogue.service(ticket.service).closed(turn, ticket)


def opened_by(turn: Turn, ticket: Ticket) -> bool:
    """Whether the speaker opened a ticket for its requester, and still answers for that student."""
    opened, by = behalf.of(turn, ticket), turn.person
    if opened is None or by is None or opened.by_id != by.id or ticket.private or ticket.requester_id is None:
        return False
    student = turn.session.get(Person, ticket.requester_id)
    return student is not None and access.reaches(turn.session, by, student, turn.now)


def acknowledge(turn: Turn, ticket: Ticket) -> None:
    """The student says that it was meant."""
    _unsaid(turn, ticket)
    record(turn, ticket, "acknowledged", by=turn.person)


def object_to(turn: Turn, ticket: Ticket) -> Person | None:
    """The student says that it was never wanted: whoever leads the opener hears, and what is not decided ends.

    What is decided, such as a leave that runs, stays for that person to look into. Returns who was told, None where
    nobody leads.
    """
    opened = _unsaid(turn, ticket)
    mine, kept = (opened.by_id, ticket.requester_id), recusals.of(turn, ticket)
    above = [person for person in directory.leads(turn.session, _answers_at(turn, ticket, opened), turn.now, kept)
             if person.id not in mine]  # fmt: skip
    to = above[0] if above else None
    service = turn.school.catalogue.service(ticket.service)
    ends = ticket.is_open and (ticket.back_at is None or service.withdrawing(turn, ticket))
    record(turn, ticket, "objected", by=turn.person, to=to)
    if ends:
        withdraw(turn, ticket)
        keep_back(turn.session, ticket.id, ticket.rev)  # They hear of the objection, which says so.
    return to


def _answers_at(turn: Turn, ticket: Ticket, opened: behalf.Behalf) -> str:
    """Where the opener answers for the student: at the student's class where the matter went beyond the opener's duties,
    because whoever leads that office does not lead the opener."""
    opener, student = turn.session.get(Person, opened.by_id), turn.person
    if opener is None or student is None or access.may_act(turn.session, opener, ticket, turn.now):
        return ticket.path
    return student.academic_path or ticket.path


def _unsaid(turn: Turn, ticket: Ticket) -> behalf.Behalf:
    opened = behalf.of(turn, ticket)
    if opened is None or turn.person is None or ticket.requester_id != turn.person.id:
        raise Refused("ticket.not_found")
    if opened.said:
        raise Refused("behalf.said_already", number=ticket.number)
    return opened


def _permit(turn: Turn, ticket: Ticket) -> Person:
    if turn.person is None or not access.may_act(turn.session, turn.person, ticket, turn.now):
        raise Refused("ticket.not_found")
    return turn.person
