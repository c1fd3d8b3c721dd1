"""Keeping somebody out of a matter that is about them (回避): by the words of whoever asked, or by staff; and letting in again."""

from __future__ import annotations

from collections.abc import Collection

from handlers import cards, complaints, directory, powers, receivers, recusals, signers, signing, silencing
from handlers.tickets import chain
from handlers.tickets.climbing import above
from handlers.tickets.permitting import permit
from handlers.tickets.record import record
from handlers.tickets.unowned import alarm
from handlers.turn import Turn
from handlers.understand.complaints import complains
from models.message import Refused
from models.person import Person
from models.ticket import Ticket


def recuse(turn: Turn, ticket: Ticket, person: Person, words: str = "") -> Person | None:
    """Keep somebody out of a matter for good (回避), with a reason that staff read; answers with who has it then.

    Anybody may say so of themselves; of others whoever has it, owns it, or leads there or above. What the person had of it goes to
    the next one up, signatures too. Raises Refused for whoever asked, for a student, and for who is kept out already.
    """
    by = permit(turn, ticket)
    if person.kind != "staff" or person.id == ticket.requester_id:
        raise Refused("recusal.no_staff", name=directory.name_of(person, turn.lang))
    if person.id in recusals.of(turn, ticket):
        raise Refused("recusal.already", name=directory.name_of(person, turn.lang), number=ticket.number)
    parts = powers.parts(turn)
    if person.id != by.id and not parts & {ticket.assignee_id, ticket.owner_id} and not _leads(turn, ticket):
        raise Refused("recusal.not_yours", name=cards.who(turn, ticket.assignee_id) or turn.say("card.nobody"))
    keep_out(turn, ticket, {person.id}, by, words)
    return turn.session.get(Person, ticket.assignee_id) if ticket.assignee_id else None


def readmit(turn: Turn, ticket: Ticket, person: Person, words: str = "") -> None:
    """Take a recusal back (取消回避), with a reason: by whoever leads there or above, and nobody for themselves.

    The matter stays with whoever has it; the person may be given it again.
    """
    by = permit(turn, ticket)
    if person.id not in recusals.of(turn, ticket):
        raise Refused("recusal.none", name=directory.name_of(person, turn.lang), number=ticket.number)
    if not _leads(turn, ticket) or person.id == by.id:
        raise Refused("recusal.not_lead", number=ticket.number)
    recusals.let_in(turn, ticket, person.id)
    record(turn, ticket, "readmitted", by=by, words=words, audience="staff")


def keep_out(
    turn: Turn, ticket: Ticket, ids: Collection[str], by: Person | None = None, words: str = ""
) -> None:  # fmt: skip
    """Keep people out, and give what they had of a matter to the next one up; told to whoever has it then and to the student.

    Nothing for those who are kept out already. Where nobody is left above, it lies with nobody, which is alarmed of.
    """
    if not set(ids) - recusals.of(turn, ticket):
        return
    recusals.keep_out(turn, ticket, ids, by)
    silencing.silence(turn, ticket, ids)
    had, owned = ticket.assignee_id in ids, ticket.owner_id in ids
    asked = chain.ask_others(turn, ticket) if ticket.is_open else []
    if ticket.assignee_id in ids:
        to = next(iter(above(turn, ticket)), None) or _anybody(turn, ticket)
        ticket.assignee_id = to.id if to is not None else None
        ticket.handed_path = receivers.area_of(turn, ticket, to) if to is not None else ticket.handed_path
    if owned:
        ticket.owner_id = ticket.assignee_id
    now = turn.session.get(Person, ticket.assignee_id) if had and ticket.assignee_id else None
    moved = had or owned
    if now is not None:
        record(turn, ticket, "recused", by=by, to=now, words=words)
    else:  # Nothing changed hands, which is nobody's to hear, or it lies with nobody, which is an alarm.
        record(turn, ticket, "kept_out", by=by, words=words, audience="all" if moved else "staff")
    for person in asked:
        if now is None or person.id != now.id:
            record(turn, ticket, "invited", to=person)
    alarm(turn, ticket)


def keep_out_by_words(turn: Turn, ticket: Ticket, words: str) -> None:
    """Before words of whoever asked are told to anybody: whom they plainly complain of is kept out first."""
    item = cards.item_of(turn, ticket)
    if (
        item.conflict != "words"
        or item.urgent
        or not words.strip()
        or turn.person is None
        or turn.person.id != ticket.requester_id
    ):
        return
    about = complaints.read_later(turn, item, turn.person, words) - recusals.of(turn, ticket)
    if about:
        keep_out(turn, ticket, about)


def keep_out_of_rating(turn: Turn, ticket: Ticket, words: str, *, low: bool) -> None:
    """Before the words of a rating are told: whom they complain of neither hears nor reads them. low: of one or two stars,
    where words that complain and name nobody mean whoever had it.

    What has ended stays under the name of whoever ended it, in figures too; who takes it up again is somebody else.
    """
    item = cards.item_of(turn, ticket)
    if item.conflict != "words" or item.urgent or not words.strip() or turn.person is None:
        return
    about = complaints.read_later(turn, item, turn.person, words)
    if low and ticket.assignee_id and complains(words):
        about |= {ticket.assignee_id} | complaints.under(turn, item, turn.person, frozenset({ticket.assignee_id}))
    if about - recusals.of(turn, ticket):
        recusals.keep_out(turn, ticket, about)
        silencing.silence(turn, ticket, about)
        record(turn, ticket, "kept_out", audience="staff")


def _leads(turn: Turn, ticket: Ticket) -> bool:
    return powers.leads_area(turn, ticket.path) or bool(
        ticket.handed_path and powers.leads_area(turn, ticket.handed_path)
    )


def _anybody(turn: Turn, ticket: Ticket) -> Person | None:
    """Who would answer if it were opened now without those who are kept out, where nobody leads above."""
    item = signing.item_of(turn, ticket)
    barred = signers.concerned_by(turn, item, ticket)
    return directory.responsible_for(
        turn.session, ticket.path, item.answers_by, turn.now, ticket.requester_id, about=barred
    )
