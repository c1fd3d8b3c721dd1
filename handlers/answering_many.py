"""Answers several tickets with the same words and one click: which are left out and why, and how it is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from handlers import approvals, cards, staff, tickets
from handlers.approvals import MOST, Done, Judged, Pick
from handlers.turn import Turn
from models.base import new_id
from models.message import Refused
from models.meta import audit
from models.numbering import contained
from models.ticket import Ticket

VERBS: Final = ("reply", "note")


def judge(turn: Turn, picks: Sequence[Pick], verb: str) -> tuple[Judged, ...]:
    """Each picked ticket that the speaker may answer, with the reason why it is left out; Refused for a foreign verb."""
    return tuple(judged for judged, _ in _judged(turn, picks, verb, lock=False))


def answer(turn: Turn, picks: Sequence[Pick], verb: str, words: str) -> tuple[Done, int]:
    """Say the same words about all of these, to the students or as a note among staff; and about how many at once.

    On a matter without signatures a reply is the answer (tickets.reply): of that the student is told in approvals.WAIT,
    until when approvals.take_back undoes it. What may not be answered so is left out. Each ticket counts with the
    revision that was seen, so a click that comes twice answers once. Raises Refused without words, with too many, and
    when more than MOST are picked.
    """
    if len(picks) > MOST:
        raise Refused("inbox.too_many", most=MOST)
    if not words:
        raise Refused("ticket_page.needs_words", verb=turn.say(f"verb.{verb}") if verb in VERBS else "")
    if len(words) > staff.MOST_WORDS:
        raise Refused("form.too_long", most=staff.MOST_WORDS, count=len(words))
    bulk = new_id(turn.now)
    answered: list[Judged] = []
    at_once = 0
    left_out: list[Judged] = []
    for judged, ticket in _judged(turn, picks, verb, lock=True):
        if judged.flag:
            left_out.append(judged)
            continue
        try:
            with contained(turn.session):
                ends = _say(turn, ticket, verb, words)
        except Refused:
            left_out.append(Judged(judged.pick, judged.number, judged.names, judged.title, "unfit"))
            continue
        if ends:
            approvals.hold(turn, ticket, bulk)
        at_once += not ends
        answered.append(judged)
    if answered and turn.person is not None:
        audit(turn.session, turn.now, turn.person.id, f"bulk_{verb}", f"{len(answered)}:{bulk}")
    return Done(bulk, tuple(answered), tuple(left_out)), at_once


def _say(turn: Turn, ticket: Ticket, verb: str, words: str) -> bool:
    """Say it; whether that was the answer, which can be taken back."""
    if verb == "note":
        tickets.note(turn, ticket, words)
        return False
    if cards.pending(turn, ticket) is not None or ticket.back_at is not None:
        tickets.reply(turn, ticket, words)
        return False
    tickets.resolve(turn, ticket, words)
    return True


def _judged(turn: Turn, picks: Sequence[Pick], verb: str, *, lock: bool) -> list[tuple[Judged, Ticket]]:
    if verb not in VERBS:
        raise Refused("ticket.not_found")
    return approvals.picked(turn, picks, lambda ticket, pick: _flag(turn, ticket, pick, verb), lock=lock)


def _flag(turn: Turn, ticket: Ticket, pick: Pick, verb: str) -> str:
    """Why a ticket is not answered among others: what one person was told in confidence has an answer of its own."""
    if ticket.private or cards.item_of(turn, ticket).urgent:
        return "private"
    if ticket.rev != pick.rev:
        return "changed"
    if verb == "note":
        return ""
    if not ticket.is_open:
        return "ended"
    return "" if verb in cards.staff_verbs(turn, ticket, turn.person) else "unfit"
