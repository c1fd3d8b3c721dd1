"""What staff say of students who are back, by name or by room (「李雷回来了」, 「301都回来了」): booked, or asked about."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, select

from handlers import access, cards, directory, tickets, wording
from handlers.turn import Turn
from handlers.understand.keeping import names_back
from models.db import plain
from models.grid import Grid
from models.message import Choice, Reply
from models.person import Person
from models.ticket import Status, Ticket

Replies = tuple[Reply, ...]
MOST: Final = 20  # students of one statement
SOON: Final = timedelta(days=3)  # with more of a leave to come it is asked about, since a room may be said as a whole


def hear(turn: Turn, words: str) -> Replies | None:
    """Book who is said to be back; ask where several are called so or much of the leave is still to come. None for words
    that name nobody of the speaker's."""
    if turn.person is None or turn.person.kind != "staff":
        return None
    told = names_back(unicodedata.normalize("NFKC", words[:200]))
    if not told:
        return None
    keeps = bool(access.kept_paths(turn.session, turn.person, turn.now))
    booked: list[Ticket] = []
    asked: list[tuple[Ticket, Person]] = []
    ahead: list[tuple[Ticket, Person]] = []
    unknown: list[str] = []
    for who in told:
        found = _leaves(turn, who)
        rows = [row for row in found if _begins(row[0]) <= turn.now]
        ahead += found if not rows else []
        rooms = {person.residential_path for _, person in rows} if not any(p.name == who for _, p in rows) else set()
        alike = len({person.id for _, person in rows}) > 1 and len(rooms) != 1
        if not found:
            unknown.append(who)
        for ticket, person in rows:
            if alike or (ticket.back_at is not None and ticket.back_at - turn.now >= SOON):
                asked.append((ticket, person))
            else:
                tickets.book_back(turn, ticket)
                booked.append(ticket)
    if not booked and not asked and not ahead and not (keeps or _is_known(turn, told)):
        return _out_of_reach(turn, told)
    return (_said(turn, booked, asked, ahead, unknown),)


def _out_of_reach(turn: Turn, told: tuple[str, ...]) -> Replies | None:
    """That a student of somebody else's is not booked by the speaker; None where nobody is called so, since other things
    come back as well (「系统回来了」)."""
    wanted = select(Person.id).where(Person.kind == "student", Person.name.in_(told)).limit(1)
    if plain(turn.session).execute(wanted).first() is None:
        return None
    return (Reply(text=turn.say("keeper.not_yours", names=turn.say("form.or").join(told))),)


def _said(
    turn: Turn,
    booked: list[Ticket],
    asked: list[tuple[Ticket, Person]],
    ahead: list[tuple[Ticket, Person]],
    unknown: list[str],
) -> Reply:
    join = turn.say("form.or").join
    at = wording.soon(turn.now, turn.now, turn.lang, turn.school.zone)
    mine = turn.person is not None and all(each.assignee_id == turn.person.id for each in booked)
    names = join(cards.who(turn, each.requester_id) for each in booked)
    lines = [turn.say("keeper.booked_own" if mine else "keeper.booked", name=names, at=at)] if booked else []
    for ticket, person in ahead:
        begins = wording.start(ticket.answers["span"], turn.lang, turn.school.zone, turn.today)
        name = directory.name_of(person, turn.lang)
        lines.append(turn.say("keeper.not_begun", name=name, number=ticket.number, start=begins))
    if asked:
        lines.append(turn.say("keeper.really"))
        for ticket, person in asked:
            name = directory.name_of(person, turn.lang)
            room = directory.grid_name(turn.session, person.residential_path, turn.lang)
            last = wording.last_minute(ticket.back_at or turn.now, turn.school.zone)
            until = wording.moment(last, turn.lang, turn.school.zone, turn.today)
            lines.append(turn.say("keeper.until", name=name, room=room or person.number, at=until))
    lines += [turn.say("keeper.not_away", names=join(unknown))] if unknown else []
    choices = tuple(
        Choice(
            label=turn.say("keeper.back", name=directory.name_of(person, turn.lang)),
            send=f"k:{ticket.id}", words=turn.say("keeper.back_words", number=ticket.number),
        )
        for ticket, person in asked
    )  # fmt: skip
    return Reply(text="\n".join(lines), choices=choices)


def _begins(ticket: Ticket) -> datetime:
    return datetime.fromisoformat(ticket.answers["span"]["start"])


def _leaves(turn: Turn, who: str) -> list[tuple[Ticket, Person]]:
    """The agreed leaves without a return of whoever is called so, has this number or lives in this room, as far as the
    speaker may book them."""
    services = [slug for slug, item in turn.school.catalogue.items.items() if item.code == "leave"]
    rooms = select(Grid.path).where(Grid.tree == "residential", or_(Grid.code == who, Grid.name == who))
    found = (
        select(Ticket, Person)
        .join(Person, Person.id == Ticket.requester_id)
        .where(
            Ticket.status == Status.waiting, Ticket.back_at.is_not(None), Ticket.service.in_(services),
            or_(Person.name == who, Person.name_en == who, Person.number == who, Person.residential_path.in_(rooms)),
        )
        .order_by(Person.number, Ticket.back_at)
        .limit(MOST)
    )  # fmt: skip
    rows = [(ticket, person) for ticket, person in turn.session.execute(found)]
    return [(ticket, person) for ticket, person in rows if tickets.may_book(turn, ticket)]


def _is_known(turn: Turn, told: tuple[str, ...]) -> bool:
    """Whether somebody of the speaker's areas is called so, who simply has no leave to end."""
    own = access.looks_at(turn.session, turn.person, turn.now) if turn.person is not None else ()
    if not own:
        return False
    columns = (Person.academic_path, Person.residential_path)
    here = or_(*(column.startswith(path, autoescape=True) for path in own for column in columns))
    wanted = select(Person.id).where(Person.kind == "student", Person.name.in_(told), here).limit(1)
    return plain(turn.session).execute(wanted).first() is not None
