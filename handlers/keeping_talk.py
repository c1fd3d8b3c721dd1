"""What a dormitory keeper says in chat: who of the building is not back yet, and that somebody is."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from sqlalchemy import or_, select

from handlers import access, cards, directory, lists, slips, tickets, wording
from handlers.turn import Turn
from handlers.understand.keeping import asks_who, says_back
from models.message import Choice, Refused, Reply
from models.person import Person
from models.ticket import Status, Ticket

Replies = tuple[Reply, ...]
MOST: Final = 20  # students in one answer; the console's page has all
_KEY: Final = re.compile(r"[0-9A-Za-z]{22}", re.ASCII)


def hear(turn: Turn, words: str) -> Replies | None:
    """「楼里谁没回来」 and 「已回 编号」 from a keeper; None for everybody else and everything else."""
    if turn.person is None or turn.person.kind != "staff":
        return None
    plain = unicodedata.normalize("NFKC", words[:60]).strip()
    number = says_back(plain)
    if not number and not asks_who(plain):
        return None
    areas = access.kept_paths(turn.session, turn.person, turn.now)
    if not areas:
        return None
    return _book(turn, tickets.by_number(turn, number)) if number else (missing(turn, areas),)


def press(turn: Turn, ticket_id: str) -> Replies:
    """The button beside a student's name."""
    return _book(turn, tickets.get(turn, ticket_id) if _KEY.fullmatch(ticket_id) else None)


def missing(turn: Turn, areas: tuple[str, ...]) -> Reply:
    """Who lives in these buildings and has not signed back in after the end of a leave, with a button each.

    Whoever missed lessons and stayed on campus is no business of a keeper's: that return is the counselor's to ask for.
    """
    here = or_(*(Person.residential_path.startswith(path, autoescape=True) for path in areas))
    services = [slug for slug, item in turn.school.catalogue.items.items() if item.code == "leave"]
    found = (
        select(Ticket, Person)
        .join(Person, Person.id == Ticket.requester_id)
        .where(Ticket.status == Status.waiting, Ticket.back_at <= turn.now, Ticket.service.in_(services), here)
        .order_by(Ticket.back_at, Person.number)
        .limit(10 * MOST)
    )
    rows = [
        (ticket, person) for ticket, person in turn.session.execute(found)
        if slips.may_go_out(cards.item_of(turn, ticket), ticket.answers) is not False
    ]  # fmt: skip
    if not rows:
        return Reply(text=turn.say("keeper.nobody"))
    lines = [turn.say("keeper.missing", count=len(rows) if len(rows) <= MOST else f"{MOST}+")]
    choices = []
    for ticket, person in rows[:MOST]:
        name = directory.name_of(person, turn.lang)
        room = directory.grid_name(turn.session, person.residential_path, turn.lang)
        lines.append(
            turn.say(
                "keeper.line", name=name, room=room, late=lists.lasting(turn, turn.now - (ticket.back_at or turn.now))
            )
        )
        choices.append(
            Choice(label=turn.say("keeper.back", name=name), send=f"k:{ticket.id}",
                   words=turn.say("keeper.back_words", number=ticket.number))
        )  # fmt: skip
    return Reply(text="\n".join(lines), choices=tuple(choices))


def _book(turn: Turn, ticket: Ticket | None) -> Replies:
    if ticket is None or not tickets.may_book(turn, ticket):
        raise Refused("ticket.not_found")
    student = turn.session.get(Person, ticket.requester_id)
    name = directory.name_of(student, turn.lang)
    if not ticket.is_open:
        return (Reply(text=turn.say("keeper.already", name=name)),)
    tickets.book_back(turn, ticket)
    at = wording.soon(turn.now, turn.now, turn.lang, turn.school.zone)
    mine = turn.person is not None and ticket.assignee_id == turn.person.id
    return (Reply(text=turn.say("keeper.booked_own" if mine else "keeper.booked", name=name, at=at)),)
