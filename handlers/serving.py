"""What staff do for a student who calls or comes by: open a matter, give what was asked for, book the return."""

from __future__ import annotations

import re
from typing import Any, Final

from sqlalchemy import select

from handlers import access, behalf, collisions, directory, handing_in, tickets
from handlers.turn import Turn
from models.item import Item
from models.message import Refused, Upload
from models.outbox import Attachment
from models.person import Account, Person
from models.ticket import Ticket

VERBS: Final = frozenset({"answer", "back", "withdraw"})
MOST_WORDS: Final = 2000
_FILE: Final = re.compile(r"([a-z][a-z0-9_]{0,30}):([0-9a-z]{22})", re.ASCII)
REST: Final = re.compile(r"[A-Za-z0-9_-]{8,30}", re.ASCII)


class Stale(Exception):
    """The matter went on after the page was made, so nothing was done."""


def student_of(turn: Turn, number: str) -> Person:
    """The student with a number, if the speaker answers for an area where the student stands; Refused as for nobody."""
    person = directory.by_number(turn.session, number)
    if person is None or turn.person is None or not access.reaches(turn.session, turn.person, person, turn.now):
        raise Refused("ticket.not_found")
    return person


def item_of(turn: Turn, slug: str) -> Item:
    """An item that staff may open for somebody; Refused for any other."""
    item = turn.school.catalogue.items.get(slug)
    if item is None or not behalf.may_open(item):
        raise Refused("ticket.not_found")
    return item


def own_account(turn: Turn) -> str:
    """The id of the speaker's account on the page, in whose name files are kept until they belong to a matter."""
    if turn.person is None:
        raise Refused("ticket.not_found")
    found = directory.account(turn.session, directory.PULL, turn.person.id, turn.now)
    found.person_id = turn.person.id
    turn.session.flush()
    return found.id


def kept_files(turn: Turn, words: str) -> dict[str, list[Upload]]:
    """Files of the speaker's that belong to no matter yet, by the key of their field; of "key:id key:id"."""
    named = [found for found in map(_FILE.fullmatch, words.split()) if found is not None]
    wanted = {found[2]: found[1] for found in named}
    if not wanted or turn.person is None:
        return {}
    mine = select(Account.id).where(Account.person_id == turn.person.id)
    statement = select(Attachment).where(
        Attachment.id.in_(wanted), Attachment.ticket_id.is_(None), Attachment.account_id.in_(mine)
    )
    kept: dict[str, list[Upload]] = {}
    for row in turn.session.execute(statement.order_by(Attachment.at, Attachment.id)).scalars():
        kept.setdefault(wanted[row.id], []).append(Upload(id=row.id, name=row.name, kind=row.kind, size=row.size))
    return kept


def open_for(turn: Turn, number: str, slug: str, answers: dict[str, Any], source: str, rest: str) -> Ticket:
    """Open a matter for a student in the speaker's name, once for one key; the student is told and may object.

    source: from where the student asked, one of behalf.SOURCES, or behalf.PORTAL. rest: what makes the form's key its own. Raises Refused:
    not the speaker's student, no such item, no source, an answer that cannot be (`field` names it).
    """
    student, item = student_of(turn, number), item_of(turn, slug)
    if source not in (*behalf.SOURCES, behalf.PORTAL):
        raise Refused("behalf.which_source")
    if not REST.fullmatch(rest):
        raise Refused("error.key")
    return handing_in.hand_in(turn, item, answers, behalf.key_of(source, rest), student)


def do(turn: Turn, number: str, ticket_number: str, verb: str, rev: int, words: str = "", source: str = "") -> Ticket:
    """Answer, sign back in or take back a student's matter. Raises Refused, and Stale where it went on meanwhile."""
    student = student_of(turn, number)
    ticket = tickets.by_number(turn, ticket_number)
    if (
        ticket is None
        or turn.person is None
        or verb not in VERBS
        or ticket.requester_id != student.id
        or not (
            access.may_act(turn.session, turn.person, ticket, turn.now)
            or (verb == "withdraw" and tickets.opened_by(turn, ticket))
        )
    ):
        raise Refused("ticket.not_found")
    if collisions.went_on(turn, ticket, rev):
        raise Stale
    if verb == "back":
        tickets.sign_in(turn, ticket)
    elif verb == "withdraw":
        tickets.withdraw_for(turn, ticket)
    else:
        if source not in behalf.SOURCES:
            raise Refused("behalf.which_source")
        if not words:
            raise Refused("form.empty", label=turn.say("verb.fill"))
        if len(words) > MOST_WORDS:
            raise Refused("form.too_long", most=MOST_WORDS, count=len(words))
        tickets.answer_for(turn, ticket, words, source)
    return ticket
