"""The speaker's own open matters, which several parts of one turn look at: read once a unit."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import bindparam, select

from handlers.turn import Turn
from models.ticket import OPEN, Ticket
from models.unit import finds, known

_KNOWN: Final = "owned"
_OPEN: Final = select(Ticket).where(Ticket.status.in_(OPEN)).order_by(Ticket.opened_at.desc())
_ANY: Final = select(Ticket.id).where(Ticket.status.in_(OPEN)).limit(1)
_BY_PERSON: Final = Ticket.requester_id == bindparam("person")
_BY_ACCOUNT: Final = Ticket.account_id == bindparam("account")
_OF_PERSON: Final = (_ANY.where(_BY_PERSON), _OPEN.where(_BY_PERSON))
_OF_ACCOUNT: Final = (_ANY.where(_BY_ACCOUNT), _OPEN.where(_BY_ACCOUNT))


def open_of(turn: Turn) -> list[Ticket]:
    """What the speaker has open, private matters as well, the newest first; to be looked at, and locked (`tickets.get`)
    before it is changed. While nobody is bound to the account it is the account's."""
    read = known(turn.session, _KNOWN)
    who = turn.person.id if turn.person is not None else turn.account.id if turn.account is not None else ""
    if who not in read:
        any_, mine = _OF_PERSON if turn.person is not None else _OF_ACCOUNT
        values = {"person" if turn.person is not None else "account": who}
        read[who] = list(turn.session.execute(mine, values).scalars()) if finds(turn.session, any_, values) else []
    return [ticket for ticket in read[who] if ticket.is_open]


def beside(turn: Turn) -> dict[Any, Any]:
    """What else this unit has read of people's matters, until `forget`; keys and values are the reader's own."""
    return known(turn.session, _KNOWN)


def forget(turn: Turn) -> None:
    """A matter was opened, or opened again, or its owner locked: read anew what is asked for after this."""
    known(turn.session, _KNOWN).clear()


def by_tail(turn: Turn, tail: str) -> str:
    """The number of the one matter of the speaker's own whose number ends so; "" when none or several do."""
    own = select(Ticket.number).where(turn.own(), Ticket.private.is_(False), Ticket.number.endswith(tail)).limit(2)
    found = turn.session.execute(own).scalars().all() if tail else []
    return found[0] if len(found) == 1 else ""
