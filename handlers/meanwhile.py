"""What happened to a matter since somebody looked at it: the newest event that makes their decision old, and who did it."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import bindparam, select

from handlers import cards, collisions, corrections, directory
from handlers.turn import Turn
from models.person import Person
from models.ticket import Event, Ticket

_SINCE: Final = (
    select(Event).where(Event.ticket_id == bindparam("ticket"), Event.rev > bindparam("rev")).order_by(Event.rev.desc())
)


class Meanwhile(NamedTuple):
    """The event in a sentence as staff read it (「王书记同意，转韩老师」), and which colleague of the reader's did it, "" for
    everybody else; both are "" where nothing weighed."""

    what: str = ""
    by: str = ""


NOTHING: Final = Meanwhile()


def since(turn: Turn, ticket: Ticket, rev: int | str) -> Meanwhile:
    """The newest event after a revision that weighs (collisions.weighs). That the speaker may see the ticket is for the
    caller to have asked. rev: as a card, a page or a caller says it; after one that the ticket never had there is nothing."""
    seen = collisions.read_rev(rev)
    if seen is None:
        return NOTHING
    found = turn.session.execute(_SINCE, {"ticket": ticket.id, "rev": seen}).scalars()
    event = next((each for each in found if collisions.weighs(each.kind, each.key)), None)
    if event is None:
        return NOTHING
    person = turn.session.get(Person, event.by_id) if event.by_id else None
    by = directory.name_of(person, turn.lang) or turn.say("notice.bot")
    what = corrections.line(turn, ticket, event, by, cards.who(turn, event.to_id), frozenset())
    is_colleague = person is not None and person.kind == "staff" and person is not turn.person
    return Meanwhile(what, by if is_colleague else "")
