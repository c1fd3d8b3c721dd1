"""What staff keep beside a ticket, for its page: its tags and those in use, what belongs to it, and words to split off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from handlers import cards, links, sorting, splitting, tags
from handlers.turn import Turn
from models.ticket import Ticket

ELSEWHERE: Final = frozenset({"show", *sorting.VERBS})  # verbs that the page offers in boxes of their own


@dataclass(frozen=True, slots=True)
class Linked:
    """A ticket that belongs to the shown one: how ("from", "into", "related"), and what identifies it."""

    way: str
    number: str
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class Aside:
    """tags: of the ticket. in_use: others to choose from. links: to tickets that the reader may see. said: the student's
    words, where some of them are to be split off, "" else."""

    tags: tuple[str, ...] = ()
    in_use: tuple[str, ...] = ()
    links: tuple[Linked, ...] = ()
    said: str = ""


def of(turn: Turn, ticket: Ticket, box: str = "") -> Aside:
    """What stands beside a ticket; whoever calls has asked access about it. box: the verb whose words are written."""
    given = tags.of(turn, [ticket.id]).get(ticket.id, ())
    linked = tuple(
        Linked(each.way, each.ticket.number, cards.item_of(turn, each.ticket).title.to(turn.lang),
               cards.state(turn, each.ticket, staff=True))
        for each in links.of(turn, ticket)
    )  # fmt: skip
    said = splitting.said_by(turn, ticket) if box == splitting.VERB else ""
    return Aside(given, tuple(name for name in tags.in_use(turn) if name not in given), linked, said)
