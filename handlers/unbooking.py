"""What staff say of a return that they booked by mistake (「李雷没回来，登记错了」): taken back, for the student's own time."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Final

from sqlalchemy import or_, select

from handlers import directory, tickets
from handlers.turn import Turn
from handlers.understand.keeping import takes_back
from models.base import first_id
from models.message import Refused, Reply
from models.person import Person
from models.ticket import Event, Ticket

LOOK_BACK: Final = timedelta(days=1)  # so long it is said why a booking is taken back no more
MOST: Final = 20  # students of one room


def hear(turn: Turn, words: str) -> tuple[Reply, ...] | None:
    """Take the speaker's bookings of whoever is named back, or the last one; None where there is none, and for other words."""
    who = takes_back(unicodedata.normalize("NFKC", words[:60]))
    if who is None or turn.person is None or turn.person.kind != "staff":
        return None
    found = (
        select(Ticket, Person)
        .join(Event, Event.ticket_id == Ticket.id)
        .join(Person, Person.id == Ticket.requester_id)
        .where(
            Event.id >= first_id(turn.now - LOOK_BACK), Event.kind == "returned", Event.by_id == turn.person.id,
            or_(Person.name == who, Person.name_en == who, Person.number == who) if who else Person.id.is_not(None),
        )
        .order_by(Event.id.desc())
        .limit(MOST if who else 1)
    )  # fmt: skip
    done, late = [], None
    for ticket, person in turn.session.execute(found).all():
        locked = tickets.get(turn, ticket.id)
        if locked is None or locked.is_open:
            continue
        try:
            tickets.unbook(turn, locked)
        except Refused as refused:
            late = refused
        else:
            done.append(directory.name_of(person, turn.lang))
    if not done:
        return (Reply(text=turn.say(late.key, **late.values)),) if late is not None else None
    return (Reply(text=turn.say("unbook.done", names=turn.say("form.or").join(dict.fromkeys(done)))),)
