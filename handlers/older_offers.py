"""Labels of what was offered some messages ago and are typed now: understood while nothing newer of their kind was offered."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from handlers.picking import plain
from handlers.talks import Offers, Talk
from handlers.turn import Turn
from models.message import Incoming

LASTING: Final = ("w:shift:",)  # what no other words name; buttons of matters have words with their numbers
KEPT: Final = 20  # messages


def remember(turn: Turn, talk: Talk) -> None:
    """Keep what the last answer offered of a lasting kind, in the place of what was kept of it; let go of what is old."""
    offered = turn.account.offered if turn.account is not None else []
    fresh = [[label, send] for label, _, send in offered if send.startswith(LASTING)]
    if fresh:
        talk.offers = Offers(choices=fresh, at=talk.rev)
    elif talk.offers is not None and talk.rev - talk.offers.at > KEPT:
        talk.offers = None


def picked(talk: Talk, incoming: Incoming) -> Incoming:
    """The message as the press of the button whose label it is; what was pressed is offered no more."""
    if talk.offers is None:
        return incoming
    if incoming.press:
        talk.offers = None if incoming.press.startswith(LASTING) else talk.offers
        return incoming
    said = plain(incoming.text[:80])
    meant = [send for label, send in talk.offers.choices if said and said == plain(label)]
    if len(set(meant)) != 1:
        return incoming
    talk.offers = None
    return replace(incoming, press=meant[0])
