"""Decides on a ticket where its page is open: the verbs of the chat, and only as long as the page still shows what is so."""

from __future__ import annotations

from typing import Final

from handlers import cards, staff, taking_back, tickets
from handlers.turn import Turn
from models.message import Refused
from models.ticket import Ticket

VERBS: Final = frozenset({*staff.DO, "undo"})


class Stale(Exception):
    """The ticket went on after the page was made, so nothing was done. rev: the revision that the page showed."""

    def __init__(self, rev: int) -> None:
        super().__init__(rev)
        self.rev = rev


def decide(turn: Turn, number: str, verb: str, rev: int, words: str = "") -> Ticket:
    """Do one verb to a ticket, which is locked, with the revision that the speaker saw.

    Raises Refused ("ticket.not_found" too for one that is out of reach), and Stale when it went on meanwhile.
    """
    ticket = staff.reach(turn, tickets.by_number(turn, number))
    if verb not in VERBS:
        raise Refused("ticket.not_found")
    if ticket.rev != rev:
        raise Stale(rev)
    if verb == "undo":
        taking_back.undo(turn, ticket)
        return ticket
    if len(words) > staff.MOST_WORDS:
        raise Refused("form.too_long", most=staff.MOST_WORDS, count=len(words))
    if needs_words(turn, ticket, verb) and not words:
        raise Refused("ticket_page.needs_words", verb=turn.say(f"verb.{verb}"))
    if verb not in staff.SELF_CHECKED and verb not in cards.staff_verbs(turn, ticket, turn.person):
        tickets.before(turn, ticket, verb)  # Says why, where there is more to say.
        raise Refused("ticket_page.not_now", verb=turn.say(f"verb.{verb}"), state=cards.state(turn, ticket, staff=True))
    staff.DO[verb](turn, ticket, words)
    return ticket


def needs_words(turn: Turn, ticket: Ticket, verb: str) -> bool:
    """Whether a verb needs words for the student: somebody in distress never reads the bare end of a matter."""
    return verb in staff.NEEDS_WORDS or (verb == "resolve" and cards.item_of(turn, ticket).urgent)
