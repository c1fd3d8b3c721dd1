"""What a verb of staff's says once it is done, where more than its own words tells it: to whom, until when, to what."""

from __future__ import annotations

from handlers import cards, checklists, extending, limits, progressing, tickets, wording
from handlers.turn import Turn
from models.ticket import Ticket


def done(turn: Turn, ticket: Ticket, verb: str) -> str:
    """Of a signature handed on to whom and why, of an extension until when, of a priority to which, of progress until when it is to end; "" for other verbs."""
    names = cards.names(turn, ticket)
    if verb == "delegate":
        (last,) = tickets.last_of(turn, ticket)
        said = turn.say("echoes.delegated", names=names, to=cards.who(turn, last.to_id))
        shown = turn.say("abroad.words") if last.words and cards.withheld(turn, ticket) else last.words
        return said + ("\n" + turn.say("colleagues.reason", words=shown) if shown else "")
    until = extending.until(turn, ticket) if verb == "extend" else None
    if until is not None:
        return turn.say("echoes.until", at=wording.soon(until, turn.now, turn.lang, turn.school.zone))
    if verb == "priority":
        said = turn.say("echoes.priority", level=turn.say(f"priority.{ticket.priority}"))
        due = limits.promised(turn, ticket)
        at = wording.soon(due, turn.now, turn.lang, turn.school.zone) if due is not None else ""
        return said + ("\n" + turn.say("echoes.priority_due", at=at) if at else "")
    if (more := progressing.echo(turn, ticket, verb)) != "":
        return more
    if verb == "reply" and ticket.is_open and cards.item_of(turn, ticket).checklist:
        left = checklists.left(turn, ticket)
        return turn.say("checks.goes_on", lines=checklists.named(turn, left)) if left else ""
    return ""
