"""What is asked of whoever withdraws the approved leave of a whole list: everybody's, or only the own (都不去了，还是只有你)."""

from __future__ import annotations

from handlers import listed
from handlers.turn import Turn
from models.message import Choice, Reply
from models.ticket import Ticket


def ask(turn: Turn, ticket: Ticket, verb: str) -> Reply | None:
    """The question before 「撤回」 or 「整份取消」 of such a list; None for all others, and where that was just asked: its button
    is the answer."""
    if verb not in ("withdraw", listed.CALL_OFF) or not (count := listed.to_come(turn, ticket)):
        return None
    every = _choice(turn, ticket, listed.CALL_OFF, turn.say("list.all_of_us", count=count), "danger")
    alone = _choice(turn, ticket, "withdraw", turn.say("list.only_me"))
    if turn.was_offered(alone if verb == "withdraw" else every):
        return None
    no = Choice(label=turn.say("list.as_it_is"), send=f"t:{ticket.id}:show:{ticket.rev}")
    if verb == "withdraw" and ticket.is_open:
        return Reply(text=turn.say("list.who_stays", number=ticket.number, count=count), choices=(alone, every, no))
    return Reply(text=turn.say("list.really_all", number=ticket.number, count=count), choices=(every, no))


def _choice(turn: Turn, ticket: Ticket, verb: str, label: str, style: str = "") -> Choice:
    return Choice(label=label, send=f"t:{ticket.id}:{verb}:{ticket.rev}", style=style)
