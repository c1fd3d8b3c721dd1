"""Answers several tickets with the same words and one click: which are left out and why, and how it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from handlers import approvals, cards, collisions, phrases, progressing, staff, tickets
from handlers.approvals import MOST, Done, Judged, Pick
from handlers.phrases import Ready
from handlers.turn import Turn
from handlers.understand.progress import is_progress
from models.base import new_id
from models.message import Refused
from models.meta import audit
from models.numbering import contained
from models.ticket import Ticket

VERBS: Final = ("reply", "progress", "note", "resolve", "close", "priority")


class Look(NamedTuple):
    """What is picked before it is answered. judged: each ticket, with the reason why it is left out. ready: the ready
    sentences that fit all of the others, with their places still open. sample: for whom and how the words would read
    first; "" where nothing is put in."""

    judged: tuple[Judged, ...]
    ready: tuple[Ready, ...]
    sample: tuple[str, str]


def look(turn: Turn, picks: Sequence[Pick], verb: str, words: str = "", schools: Sequence[Ready] = ()) -> Look:
    """How these tickets would be answered; Refused for a foreign verb."""
    found = [(_holed(turn, judged, ticket, words), ticket) for judged, ticket in _judged(turn, picks, verb, lock=False)]
    fit = [(judged, ticket) for judged, ticket in found if not judged.flag]
    services = {ticket.service for _, ticket in fit}
    ready = tuple(
        each for each in (*phrases.own(turn), *phrases.common(turn, schools))
        if each.verb in ("", verb) and (not each.service or services == {each.service})
    )  # fmt: skip
    sample = ("", "")
    if fit and phrases.holes(words):
        judged, ticket = fit[0]
        sample = (judged.names, phrases.fill(words, phrases.values_of(turn, ticket)))
    return Look(tuple(judged for judged, _ in found), ready, sample)


def answer(turn: Turn, picks: Sequence[Pick], verb: str, words: str) -> tuple[Done, int]:
    """Say the same words about all of these, to the students or as a note among staff; and about how many at once.

    "resolve" ends each with the words, "close" does not take it on for this reason, "priority" begins with the level: each
    by the verb of one ticket, which says whether it may be.

    On a matter without signatures a reply is the answer, unless it reads as progress (tickets.reply): of an answer the
    student is told in approvals.WAIT, until when approvals.take_back undoes it. What may not be answered so is left out.
    Each ticket counts with the revision that was seen, so a click that comes twice answers once. The places of a ready
    sentence ({name}) are filled for each; a ticket that has nothing for one is left out. Raises Refused without words, with
    too many, for a place that nothing can be put in for, and when more than MOST are picked.
    """
    if len(picks) > MOST:
        raise Refused("inbox.too_many", most=MOST)
    if not words:
        raise Refused("ticket_page.needs_words", verb=turn.say(f"verb.{verb}") if verb in VERBS else "")
    if len(words) > staff.MOST_WORDS:
        raise Refused("form.too_long", most=staff.MOST_WORDS, count=len(words))
    if phrases.unknown(words):
        raise Refused("phrases.unknown", place=phrases.unknown(words), places=phrases.places())
    bulk = new_id(turn.now)
    answered: list[Judged] = []
    at_once = 0
    left_out: list[Judged] = []
    for before, ticket in _judged(turn, picks, verb, lock=True):
        judged = _holed(turn, before, ticket, words)
        if judged.flag:
            left_out.append(judged)
            continue
        try:
            with contained(turn.session):
                ends = _say(turn, ticket, verb, phrases.fill(words, phrases.values_of(turn, ticket)))
        except Refused as refused:
            if refused.key == "priority.which":
                raise  # No level was named, so none of them can be: it is asked again.
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
    if verb == "priority":
        tickets.prioritise(turn, ticket, words)
        return False
    if verb == "close":
        tickets.close(turn, ticket, words)
        return True
    if verb == "progress":
        tickets.progress(turn, ticket, words)
        return False
    signed = cards.pending(turn, ticket) is not None or ticket.back_at is not None
    if verb == "reply" and (signed or is_progress(words)):
        tickets.reply(turn, ticket, words)
        return False
    tickets.resolve(turn, ticket, words)
    return True


def _judged(turn: Turn, picks: Sequence[Pick], verb: str, *, lock: bool) -> list[tuple[Judged, Ticket]]:
    if verb not in VERBS:
        raise Refused("ticket.not_found")
    return approvals.picked(turn, picks, lambda ticket, pick: _flag(turn, ticket, pick, verb), lock=lock)


def _holed(turn: Turn, judged: Judged, ticket: Ticket, words: str) -> Judged:
    """The same, left out where a ticket has nothing for a place of the words: a sentence with a gap helps nobody."""
    if judged.flag or not phrases.holes(words):
        return judged
    values = phrases.values_of(turn, ticket)
    full = all(values.get(name, name) for name in phrases.holes(words))
    return judged if full else replace(judged, flag="hole")


def _flag(turn: Turn, ticket: Ticket, pick: Pick, verb: str) -> str:
    """Why a ticket is not answered among others: what one person was told in confidence has an answer of its own."""
    if ticket.private or cards.item_of(turn, ticket).urgent:
        return "private"
    # A note is no news to anybody who decides, but the same note is not written twice.
    if ticket.rev != pick.rev and (verb == "note" or collisions.went_on(turn, ticket, pick.rev)):
        return "changed"
    if verb == "note":
        return ""
    if not ticket.is_open:
        return "ended"
    if verb == "priority":
        return ""
    if verb == "progress":
        return "" if progressing.fits(turn, ticket) else "unfit"
    if verb == "close":
        try:
            tickets.before_close(turn, ticket)
        except Refused:
            return "unfit"
        return ""
    return "" if verb in cards.staff_verbs(turn, ticket, turn.person) else "unfit"
