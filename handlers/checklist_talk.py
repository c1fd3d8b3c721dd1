"""What staff hear of a checklist (清单) in chat: its lines with how far it is, and a button for each that is not done."""

from __future__ import annotations

from typing import Final

from handlers import cards, checklists
from handlers.checklists import Shown
from handlers.talks import Order, Talk
from handlers.turn import Turn
from models.message import Choice, Reply
from models.ticket import Ticket

Replies = tuple[Reply, ...]
VERBS: Final = frozenset({"tick", "untick", "line", "unline"})
MOST: Final = 8  # buttons: more are no choice any more, and the numbers can be written
_LONGEST: Final = 16  # characters of a button


def ask(turn: Turn, talk: Talk, ticket: Ticket, verb: str) -> Replies:
    """A verb without words: the list as it stands, whose buttons tick; what is written next is meant for the verb."""
    shown = checklists.lines(turn, ticket) if checklists.has(turn, ticket) else ()
    talk.order = Order(verb=verb, ticket=ticket.id)
    cancel = Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))
    if not shown and verb != "line":
        talk.order = None
        return (Reply(text=turn.say("checks.none", number=ticket.number)),)
    said = turn.say(f"checks.{verb}_words", names=cards.names(turn, ticket), list=_listed(turn, shown)).strip()
    ways = _ticks(turn, ticket, shown) if verb == "tick" else ()
    return (Reply(text=said, choices=(*ways, cancel)),)


def done(turn: Turn, ticket: Ticket, verb: str) -> Replies:
    """What was done, how far it is now, and what is left to tick, or to go back on."""
    turn.session.flush()
    shown, names = checklists.lines(turn, ticket), cards.names(turn, ticket)
    progress = checklists.progress(shown)
    said = turn.say(f"checks.{verb}_done", names=names, progress=progress, list=_listed(turn, shown))
    if ticket.is_open and any(each.required for each in shown) and not checklists.left(turn, ticket):
        said += "\n" + turn.say("checks.ready", number=ticket.number)
    back = _back(turn, ticket) if verb == "tick" and ticket.is_open else ()
    return (Reply(text=said, choices=(*_ticks(turn, ticket, shown), *back)),)


def _back(turn: Turn, ticket: Ticket) -> tuple[Choice, ...]:
    """The way back from what was ticked just now, the last line of it."""
    fresh = [row.place for row in checklists.rows(turn, ticket) if row.done_at == turn.now]
    if not fresh:
        return ()
    place = fresh[-1]
    label = turn.say("checks.untick_button", place=place)
    return (Choice(label=label, send=f"h:{ticket.id}:k:-{place}", words=_words(turn, "untick", ticket, place)),)


def _listed(turn: Turn, shown: tuple[Shown, ...]) -> str:
    lines = []
    for each in shown:
        mark = turn.say("checks.required") if each.required and not each.done else ""
        key = "checks.item_done" if each.done else "checks.item"
        lines.append(turn.say(key, place=each.place, words=each.words, mark=mark, by=each.by, at=each.at))
    return "\n".join(lines)


def _ticks(turn: Turn, ticket: Ticket, shown: tuple[Shown, ...]) -> tuple[Choice, ...]:
    open_ones = [each for each in shown if not each.done][:MOST]
    return tuple(
        Choice(
            label=turn.say("checks.tick_button", place=each.place, words=_short(each.words)),
            send=f"h:{ticket.id}:k:{each.place}", words=_words(turn, "tick", ticket, each.place),
        )
        for each in open_ones
    )  # fmt: skip


def _words(turn: Turn, verb: str, ticket: Ticket, place: int) -> str:
    return f"{turn.say(f'verb.{verb}')} {ticket.number} {place}"


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
