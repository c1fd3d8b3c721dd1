"""Takes back what waits to be told to whoever is kept out of a matter from now on, in the very unit that keeps them out."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import bindparam, delete, select

from handlers import access, directory, recusals, reminders, reminding
from handlers.turn import Turn
from models.db import plain
from models.message import Reply
from models.outbox import Delivery, Outbox
from models.person import Account, Person
from models.ticket import Ticket

_ROW: Final = Outbox.__table__.c
_ACCOUNTS: Final = select(Account.id).where(Account.person_id.in_(bindparam("people", expanding=True)))
# What arrived in part is told already; what is on its way cannot be taken back.
_GONE: Final = delete(Outbox.__table__).where(  # type: ignore[arg-type]
    _ROW.ticket_id == bindparam("ticket"), _ROW.status == Delivery.ready, _ROW.refs == "",
    _ROW.account_id.in_(bindparam("accounts", expanding=True)),
)  # fmt: skip


def silence(turn: Turn, ticket: Ticket, ids: Collection[str]) -> None:
    """Take back every notice and reminder about a ticket that waits for these people, and for who only stood in for them.

    A message that tells of other matters, too, is told without this one.
    """
    people = set(ids)
    for each in ids:
        other = directory.stand_in(turn.session, each, turn.now)
        if other is not None and not access.may_act(turn.session, other, ticket, turn.now):
            people.add(other.id)
    if not people:
        return
    accounts = set(plain(turn.session).execute(_ACCOUNTS, {"people": sorted(people)}).scalars())
    if accounts:
        posted = turn.session.info.get("posted", [])
        posted[:] = [
            row for row in posted if row["ticket_id"] != ticket.id or row["account_id"] not in accounts
        ]  # fmt: skip
        plain(turn.session).execute(_GONE, {"ticket": ticket.id, "accounts": sorted(accounts)})
    reminders.take_out(turn, ticket, people)


def of_others(turn: Turn, reply: Reply, person: Person) -> Reply | None:
    """A message about several matters as somebody may read it now: without those that they are kept out of; None where
    nothing is left of it."""
    left: Reply | None = reply
    for ticket_id in dict.fromkeys(each.send.split(":")[1] for each in reply.choices if each.send.startswith("t:")):
        ticket = turn.session.get(Ticket, ticket_id)
        if left is not None and ticket is not None and person.id in recusals.of(turn, ticket):
            left = reminding.without(left, ticket)
    return left
