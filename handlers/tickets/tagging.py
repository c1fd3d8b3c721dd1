"""Tags (标签) that staff give to a ticket and take from it, that its item gives, and one that becomes another everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, or_, select

from handlers import access, powers, tags
from handlers.tickets.permitting import permit
from handlers.tickets.record import get, record
from handlers.turn import Turn
from models.base import new_id
from models.message import Refused
from models.person import Person
from models.sorting import Tag
from models.ticket import Ticket

BATCH: Final = 200  # tickets of one unit when a tag becomes another: so long nobody else writes on SQLite


def tag(turn: Turn, ticket: Ticket, words: str) -> None:
    """Give a ticket the tags that words name, open or ended; only staff read them and the event.

    Raises Refused for no tag or one too long, for what it has already, and beyond tags.MOST.
    """
    by = permit(turn, ticket)
    names, there = tags.read(words), _of(turn, ticket)
    fresh = tuple(name for name in names if name not in there)
    if not fresh:
        raise Refused("tags.there", number=ticket.number, names=tags.listed(names))
    if len(there) + len(fresh) > tags.MOST:
        raise Refused("tags.too_many", number=ticket.number, most=tags.MOST)
    put(turn, ticket, fresh, by)


def untag(turn: Turn, ticket: Ticket, words: str) -> None:
    """Take the tags that words name from a ticket. Raises Refused where it has none of them."""
    by = permit(turn, ticket)
    names, there = tags.read(words), _of(turn, ticket)
    gone = tuple(name for name in names if name in there)
    if not gone:
        raise Refused("tags.not_there", number=ticket.number, names=tags.listed(names))
    turn.session.execute(delete(Tag).where(Tag.ticket_id == ticket.id, Tag.name.in_(gone)))
    record(turn, ticket, "untagged", by=by, words=tags.listed(gone), audience="staff")


def retag(turn: Turn, old: str, new: str = "", after: str = "") -> tuple[int, str]:
    """Let a tag become another (改名, or 合并 where the other is in use), or go (""), where the speaker leads; BATCH at once.

    after: the id of the last ticket of the batch before. Answers with how many were changed, and the id after which the
    next batch begins, "" when this was the last. What the speaker may not see stays as it is. Raises Refused for whoever leads nowhere.
    """
    led = powers.led(turn)
    if turn.person is None or not led:
        raise Refused("tags.not_lead")
    to = tags.read(new) if new.strip() else ()
    if len(to) > 1 or to == (old,):
        raise Refused("tags.one_name")
    below = or_(*(Ticket.path.startswith(path, autoescape=True) for path in led))
    seen = access.visible(turn.session, turn.person, turn.now)
    found = select(Tag.ticket_id).join(Ticket, Ticket.id == Tag.ticket_id).where(Tag.name == old, Tag.ticket_id > after)
    ids = list(turn.session.execute(found.where(below, seen).order_by(Tag.ticket_id).limit(BATCH)).scalars())
    done = sum(_become(turn, ticket_id, old, to) for ticket_id in ids)
    return done, ids[-1] if len(ids) == BATCH else ""


def _become(turn: Turn, ticket_id: str, old: str, to: tuple[str, ...]) -> bool:
    ticket = get(turn, ticket_id)
    if ticket is None or turn.person is None or not access.may_act(turn.session, turn.person, ticket, turn.now):
        return False
    there = _of(turn, ticket)
    if old not in there:
        return False
    turn.session.execute(delete(Tag).where(Tag.ticket_id == ticket.id, Tag.name == old))
    insert(turn, ticket, [name for name in to if name not in there], turn.person)
    was = tags.listed((old,))
    if to:
        record(turn, ticket, "retagged", by=turn.person, words=f"{was} → {tags.listed(to)}", audience="staff")
    else:
        record(turn, ticket, "untagged", by=turn.person, words=was, audience="staff")
    return True


def _of(turn: Turn, ticket: Ticket) -> tuple[str, ...]:
    return tags.of(turn, [ticket.id]).get(ticket.id, ())


def put(turn: Turn, ticket: Ticket, names: tuple[str, ...], by: Person | None) -> None:
    """Give a ticket tags that it has not; by: None where its item does."""
    insert(turn, ticket, names, by)
    record(turn, ticket, "tagged", by=by, words=tags.listed(names), audience="staff")


def insert(turn: Turn, ticket: Ticket, names: Sequence[str], by: Person | None) -> None:
    """Write rows of tags; whoever calls has looked that they are new, and records it."""
    for name in names:
        by_id = by.id if by is not None else None
        turn.session.add(Tag(id=new_id(turn.now), ticket_id=ticket.id, name=name, by_id=by_id, at=turn.now))
    turn.session.flush()
