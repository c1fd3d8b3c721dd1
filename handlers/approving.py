"""Decides on one request after another: what needs a second look first, what is told a moment later, and taking it back."""

from __future__ import annotations

from typing import Final

from handlers import approvals, collisions, deciding, guardians, meanwhile, repeating, staff, taking_back, tickets
from handlers.turn import Turn
from models.base import new_id
from models.message import Refused

VERBS: Final = frozenset({"sign", "ask", "refuse"})
NOT_ASKED: Final = frozenset({"nothing", "not_yours"})  # flags of what does not wait for the reader's signature


class Doubtful(Exception):
    """The request is no ordinary one, so one press is not enough. flag: the end of a key "inbox.flag_…"."""

    def __init__(self, flag: str) -> None:
        super().__init__(flag)
        self.flag = flag


def decide(turn: Turn, number: str, verb: str, rev: int, words: str = "", *, sure: bool = False) -> str:
    """Sign, send back or refuse what stands on a card; answers with what `take_back` needs to undo it quietly.

    The student hears of it in approvals.WAIT. rev: the revision that the card showed. sure: whether the reader has said
    so again of a request that is not ordinary. A second press of the same is answered as the first. Raises Refused,
    deciding.Stale where it went on meanwhile, and Doubtful.
    """
    if verb not in VERBS:
        raise Refused("ticket.not_found")
    ticket = staff.reach(turn, tickets.by_number(turn, number))
    if repeating.done_already(turn, ticket, verb, rev, words):
        return approvals.held_by(turn, ticket)  # The first press did it; its notices may still wait.
    if collisions.went_on(turn, ticket, rev):
        raise deciding.Stale(rev, meanwhile.since(turn, ticket, rev))
    if ticket.private:
        raise Refused("approvals.open_first")
    flag = approvals.flag_of(turn, ticket) if verb == "sign" and not sure else ""
    if flag:
        if flag not in NOT_ASKED:
            # Nobody is asked whether they are sure of what would be refused all the same.
            guardians.guard(turn, ticket)
        raise Doubtful(flag)
    before = ticket.rev
    deciding.decide(turn, number, verb, rev, words, sure=number)
    if ticket.rev != before + 1:
        return ""  # More than one was told, such as who gets a copy: taking that back is told, too.
    bulk = new_id(turn.now)
    approvals.hold(turn, ticket, bulk)
    return bulk


def take_back(turn: Turn, number: str, bulk: str) -> None:
    """Take one's own last decision back: without a word while nobody was told, else as in chat, for two minutes.

    Raises Refused with the reason why it cannot be.
    """
    if bulk and approvals.waiting(turn, bulk)[0]:
        approvals.take_back(turn, bulk)
        return
    taking_back.undo(turn, staff.reach(turn, tickets.by_number(turn, number)))
