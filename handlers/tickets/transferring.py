"""What staff do among themselves: hand a ticket on (转办), give one out that nobody has (派单), write a note (备注)."""

from __future__ import annotations

import re

from handlers import access, cards, directory, powers, receivers
from handlers.tickets.answering import before_of
from handlers.tickets.decisions import delegate
from handlers.tickets.permitting import permit
from handlers.tickets.record import record
from handlers.turn import Turn
from models.grid import Grid
from models.message import Refused
from models.person import Person
from models.ticket import Ticket


def transfer(turn: Turn, ticket: Ticket, to: Person | Grid, words: str = "") -> None:
    """Hand a ticket to another person, or to an office (转办), which gives it to whoever answers there.

    The owner stays, and so do history, status and every limit; the ticket goes on standing where it stood (path), so
    silence climbs on both sides. Where it is worked on is written beside it (handed_path), and that area sees it then.
    Both sides read the reason; the student reads who has it now, and no reason. A signature that is asked for is handed
    to another signer instead (转签). Raises Refused for whom it is about, who is away, left, has it already, or oneself.
    """
    by = permit(turn, ticket)
    if not ticket.is_open:
        raise Refused("ticket.already", state=cards.state(turn, ticket))
    person = to if isinstance(to, Person) else receivers.officer_of(turn, ticket, to)
    if person.id == by.id:
        raise Refused("transfer.self", number=ticket.number)
    refused = receivers.barred(turn, ticket, person)
    if refused is not None:
        raise refused
    if cards.pending(turn, ticket) is not None:
        delegate(turn, ticket, person, words)
        return
    if person.id == ticket.assignee_id:
        raise Refused("transfer.has_it", name=cards.who(turn, person.id), number=ticket.number)
    was = before_of(ticket)
    _give(turn, ticket, person, to)
    ticket.owner_id = ticket.owner_id or by.id
    record(turn, ticket, "transferred", by=by, to=person, words=words, key=was)


def assign(turn: Turn, ticket: Ticket, to: Person | Grid, words: str = "") -> None:
    """Give a ticket that nobody has to somebody (派单): by whoever leads its area. Who gets it is accountable for it.

    Raises Refused for one that somebody has, which is handed on instead, and for whoever does not lead there.
    """
    by = permit(turn, ticket)
    if not ticket.is_open:
        raise Refused("ticket.already", state=cards.state(turn, ticket))
    if ticket.assignee_id is not None:
        raise Refused("transfer.taken", name=cards.who(turn, ticket.assignee_id), number=ticket.number)
    if not powers.leads_area(turn, ticket.handed_path or ticket.path):
        raise Refused("transfer.not_lead", number=ticket.number)
    person = to if isinstance(to, Person) else receivers.officer_of(turn, ticket, to)
    refused = receivers.barred(turn, ticket, person)
    if refused is not None:
        raise refused
    was = before_of(ticket)
    _give(turn, ticket, person, to)
    ticket.owner_id = ticket.owner_id or person.id
    record(turn, ticket, "assigned", by=by, to=person, words=words, key=was)


def _give(turn: Turn, ticket: Ticket, person: Person, to: Person | Grid) -> None:
    ticket.assignee_id = person.id
    if isinstance(to, Grid):
        ticket.handed_path = None if ticket.path.startswith(to.path) else to.path
    else:
        ticket.handed_path = receivers.area_of(turn, ticket, person)


def note(turn: Turn, ticket: Ticket, words: str) -> None:
    """Write a note that only staff read, on an open or an ended matter; nothing else changes.

    Whoever has the matter hears of it, and a colleague whom it names (「@王书记 请看一下」). Raises Refused for somebody named
    who could not open it: a name gives nobody a right.
    """
    by = permit(turn, ticket)
    record(turn, ticket, "noted", by=by, to=_named(turn, ticket, words), words=words, audience="staff")


def _named(turn: Turn, ticket: Ticket, words: str) -> Person | None:
    """The colleague whom a note names first, None where it names none."""
    mark = re.search("[@＠]", words)
    people, _, _ = receivers.read_receiver(turn, words[mark.end() :]) if mark else ([], None, "")
    fit = [each for each in people if access.may_act(turn.session, each, ticket, turn.now)]
    if people and not fit:
        raise Refused("transfer.note_out_of_reach", name=directory.name_of(people[0], turn.lang))
    return fit[0] if len(fit) == 1 and turn.person is not None and fit[0].id != turn.person.id else None
