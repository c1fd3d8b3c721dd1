"""Who is kept out of which ticket because it is about them (回避): read, written, and told in one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import bindparam, delete, insert, select

from handlers import complained_offices, marks, superiors
from handlers.turn import Turn
from models.db import plain
from models.person import Person
from models.recusal import Recusal
from models.ticket import Ticket
from models.unit import known

MOST_NAMED: Final = 2  # of those who work under whom it is about: more are told of as one
_KNOWN: Final = "recusals"
_TABLE: Final = Recusal.__table__
_OF: Final = select(Recusal.person_id).where(Recusal.ticket_id == bindparam("ticket"))


def of(turn: Turn, ticket: Ticket) -> frozenset[str]:
    """The ids of those who are kept out of a ticket. Asks nothing of one without any, which nearly all are."""
    if not ticket.recused:
        return frozenset()
    read = known(turn.session, _KNOWN)
    if ticket.id not in read:
        read[ticket.id] = frozenset(plain(turn.session).execute(_OF, {"ticket": ticket.id}).scalars())
    found: frozenset[str] = read[ticket.id]
    return found


def keep_out(turn: Turn, ticket: Ticket, ids: Iterable[str], by: Person | None = None) -> None:
    """Keep these people out of a ticket for good; those who are already, stay so. by: who of staff says so, None where the
    words of whoever asked do."""
    new = sorted(set(ids) - of(turn, ticket))
    if not new:
        return
    ticket.recused = True
    turn.session.flush()
    values = {"ticket_id": ticket.id, "by_id": by.id if by else None, "at": turn.now}
    plain(turn.session).execute(insert(_TABLE), [{**values, "person_id": each} for each in new])  # type: ignore[arg-type]
    known(turn.session, _KNOWN).pop(ticket.id, None)


def let_in(turn: Turn, ticket: Ticket, person_id: str) -> None:
    """Take back that somebody is kept out; who had it before does not get it again by this."""
    row = _TABLE.c
    gone = delete(_TABLE).where(row.ticket_id == ticket.id, row.person_id == person_id)  # type: ignore[arg-type]
    plain(turn.session).execute(gone)
    known(turn.session, _KNOWN).pop(ticket.id, None)
    ticket.recused = bool(of(turn, ticket))
    turn.session.flush()


def by_words(turn: Turn, ticket: Ticket) -> frozenset[str]:
    """Those of them whom the words of whoever asked keep out, and not staff."""
    if not ticket.recused:
        return frozenset()
    row = _TABLE.c
    asked = select(row.person_id).where(row.ticket_id == ticket.id, row.by_id.is_(None))
    return frozenset(plain(turn.session).execute(asked).scalars())


def told(turn: Turn, key: str, ids: Iterable[str], about: Iterable[str] = (), **values: str) -> str:
    """A sentence that says whom a matter is about, and one more of those who are kept out since they work under them.

    about: of whom the words complain, where that is known; else whoever is kept out and works under none of the others.
    """
    every, accused = frozenset(ids), frozenset(about)
    accused = accused or every - superiors.below(turn, every, every) or every
    said, under = turn.say(key, names=names(turn, accused), **values), every - accused
    if not under:
        return said
    lead = frozenset(each for each in accused if superiors.below(turn, [each], under))
    if len(under) > MOST_NAMED:
        return said + turn.say("recusal.under_many", names=names(turn, lead or accused))
    return said + turn.say("recusal.under", names=names(turn, lead or accused), under=names(turn, under))


def names(turn: Turn, ids: Iterable[str]) -> str:
    """People by name, in one order, as a sentence holds them; all of an office by its name."""
    offices, left = complained_offices.called(turn, frozenset(ids))
    people = turn.session.execute(select(Person).where(Person.id.in_(left)).order_by(Person.number)).scalars().all()
    return turn.say("form.or").join(dict.fromkeys([*offices, *(marks.who(turn, person.id) for person in people)]))


def lines(turn: Turn, ticket: Ticket) -> tuple[str, ...]:
    """The line for whoever asked, as a page lists it."""
    said = line(turn, ticket, staff=False)
    return (said,) if said else ()


def line(turn: Turn, ticket: Ticket, *, staff: bool) -> str:
    """The line of a card that says who neither handles nor sees a ticket; "" for none."""
    kept = of(turn, ticket)
    return turn.say("recusal.card_staff" if staff else "recusal.card", names=names(turn, kept)) if kept else ""
