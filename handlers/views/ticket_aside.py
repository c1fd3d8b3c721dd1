"""What staff keep beside a ticket, for its page: its tags and those in use, what belongs to it, and words to split off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from handlers import cards, correcting, links, own_reminders, recusing_talk, sorting, splitting, tags
from handlers.turn import Turn
from models.ticket import Ticket

# What such a box lets one choose from.
OFFERS: Final = {
    correcting.VERB: correcting.offered, splitting.VERB: splitting.offered, recusing_talk.OUT: recusing_talk.offered,
}  # fmt: skip
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
    words, where some of them are to be split off, "" else. remind_at: when the reader is reminded of it, "" for never."""

    tags: tuple[str, ...] = ()
    in_use: tuple[str, ...] = ()
    links: tuple[Linked, ...] = ()
    said: str = ""
    remind_at: str = ""
    may_snooze: bool = False


def of(turn: Turn, ticket: Ticket, box: str = "") -> Aside:
    """What stands beside a ticket; whoever calls has asked access about it. box: the verb whose words are written."""
    given = tags.of(turn, [ticket.id]).get(ticket.id, ())
    linked = tuple(
        Linked(each.way, each.ticket.number, cards.item_of(turn, each.ticket).title.to(turn.lang),
               cards.state(turn, each.ticket, staff=True))
        for each in links.of(turn, ticket)
    )  # fmt: skip
    said = splitting.said_by(turn, ticket) if box == splitting.VERB else ""
    mine = next((each.at for each in own_reminders.mine(turn) if each.ticket_id == ticket.id), "")
    others = tuple(name for name in tags.in_use(turn) if name not in given)
    return Aside(given, others, linked, said, mine, ticket.is_open)
