"""Tells a person something that belongs to no ticket: one row in the outbox, in the person's own language."""

from __future__ import annotations

from collections.abc import Callable

from handlers import directory, notices
from handlers.turn import Turn
from models.message import Reply
from models.outbox import Lane
from models.person import Person


def inform(
    turn: Turn, person: Person | None, compose: Callable[[Turn], Reply], about: str, lane: Lane = Lane.interactive
) -> bool:
    """Write one notice to where the person is told things; whether there was anybody to tell.

    compose: the notice, by a turn that speaks the person's language. about: what it is about, once for each address.
    The speaker is answered directly and told nothing here.
    """
    if person is None or not person.active or (turn.person is not None and person.id == turn.person.id):
        return False
    address = directory.address(turn.session, person, turn.now)
    there = turn.to(address.lang or person.lang or "zh", address.channel)
    notices.send(turn, address, compose(there), lane, f"{about}:{address.id}")
    return True
