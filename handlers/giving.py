"""Hands several tickets on with one click: to whom, which are left out and why, told a moment later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers import approvals, collisions, receivers, tickets
from handlers.approvals import MOST, Done, Judged, Pick
from handlers.deciding import receiver
from handlers.turn import Turn
from models.base import new_id
from models.message import Refused
from models.meta import audit
from models.numbering import contained
from models.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked before it is done: each picked ticket, and to whom they may go (as a form names them, and the person)."""

    judged: tuple[Judged, ...]
    people: tuple[receivers.Receiver, ...]


def judge(turn: Turn, picks: Sequence[Pick], whom: str = "") -> Asked:
    """Each picked ticket that the speaker may answer, with the reason why it is left out; whom: a name to look for."""
    found = approvals.picked(turn, picks, lambda ticket, pick: _flag(turn, ticket, pick), lock=False)
    fit = [ticket for judged, ticket in found if not judged.flag]
    people = tuple(receivers.may_receive(turn, fit[0], whom)) if fit else ()
    return Asked(tuple(judged for judged, _ in found), people)


def give(turn: Turn, picks: Sequence[Pick], to: str, words: str = "") -> Done:
    """Hand all of these on; those that may not be are left out. Who is concerned is told in approvals.WAIT.

    to: as in `deciding.decide`. Raises Refused where it names nobody, and when more than MOST are picked.
    """
    if len(picks) > MOST:
        raise Refused("inbox.too_many", most=MOST)
    someone = receiver(turn, to)
    bulk = new_id(turn.now)
    given: list[Judged] = []
    left_out: list[Judged] = []
    for judged, ticket in approvals.picked(turn, picks, lambda ticket, pick: _flag(turn, ticket, pick), lock=True):
        if judged.flag:
            left_out.append(judged)
            continue
        try:
            with contained(turn.session):
                tickets.transfer(turn, ticket, someone, words)
        except Refused:
            left_out.append(Judged(judged.pick, judged.number, judged.names, judged.title, "barred"))
            continue
        approvals.hold(turn, ticket, bulk)
        given.append(judged)
    if given and turn.person is not None:
        audit(turn.session, turn.now, turn.person.id, "bulk_given", f"{len(given)}:{bulk}")
    return Done(bulk, tuple(given), tuple(left_out))


def _flag(turn: Turn, ticket: Ticket, pick: Pick) -> str:
    """Why a ticket is not handed on among others."""
    if not ticket.is_open:
        return "ended"
    if ticket.private:
        return "private"
    return "changed" if collisions.went_on(turn, ticket, pick.rev) else ""
