"""In which order, and with which names, the events of a ticket are told: whom a decision asks stands with it and after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from handlers import cards, signing
from handlers.turn import Turn
from models.ticket import Event

INVITED: Final = "invited"


def of(turn: Turn, events: Iterable[Event]) -> Iterator[tuple[Event, str]]:
    """Events, oldest first, each with the names of whom it goes to.

    Who signs beside the first is written down right before the decision that asks them (signing.WITH_NEXT), so that it is
    taken back with it. People read the decision first, with everybody whom it goes to, and then who was asked besides.
    """
    waiting: list[Event] = []
    for event in events:
        if event.kind == INVITED and event.key == signing.WITH_NEXT:
            waiting.append(event)
            continue
        asked, waiting = waiting, []
        names = dict.fromkeys(cards.who(turn, each.to_id) for each in (event, *asked) if each.to_id)
        yield event, turn.say("card.and").join(names)
        yield from ((each, cards.who(turn, each.to_id)) for each in asked)
    yield from ((each, cards.who(turn, each.to_id)) for each in waiting)  # Their decision lies in the next stretch.
