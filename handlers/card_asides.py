"""What a card says beside the matter itself: who is kept out, and for staff its tags and the matters that belong to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlers import checklists, limits, links, recusals, tags
from handlers.turn import Turn
from models.person import Person
from models.ticket import Ticket

MOST_LINKS = 5  # numbers in one line; the page has all
# A ticket without any of these has neither tags nor links, and nobody has to ask; the card has read its events anyway.
_TAGGED = frozenset({"tagged", "retagged", "automated"})
_LINKED = frozenset({links.SPLIT, "split_off", links.RELATED})


def lines(turn: Turn, ticket: Ticket, reader: Person | None, *, staff: bool) -> list[str]:
    """One line each, only where there is something. reader: who gets the card; a link is named to whoever may see both."""
    found = [recusals.line(turn, ticket, staff=staff)] if ticket.recused else []
    if not staff or reader is None or reader.kind != "staff":
        return found
    happened = {mark.kind for mark in limits.marks(turn, ticket)}
    named = tags.of(turn, [ticket.id]).get(ticket.id, ()) if happened & _TAGGED else ()
    found += [turn.say("card.tags", tags=tags.listed(named))] if named else []
    if happened & checklists.MADE:
        shown_ = checklists.lines(turn, ticket)
        found += [turn.say("card.checklist", progress=checklists.progress(shown_))] if shown_ else []
    if not happened & _LINKED:
        return found
    theirs = turn if turn.person is not None and turn.person.id == reader.id else replace(turn, person=reader)
    linked = [each.ticket.number for each in links.of(theirs, ticket)]
    shown = turn.say("card.and").join(linked[:MOST_LINKS]) + ("…" if len(linked) > MOST_LINKS else "")
    return [*found, *([turn.say("card.links", numbers=shown)] if linked else [])]


def recusing(turn: Turn, ticket: Ticket, lead: Callable[[], bool]) -> tuple[str, ...]:
    """回避, and 取消回避 where somebody is kept out and whoever reads the card leads there. lead: whether they do, asked
    only then."""
    return ("recuse", "readmit") if ticket.recused and lead() else ("recuse",)


def ticking(turn: Turn, ticket: Ticket) -> tuple[str, ...]:
    """The verb of a checklist, where the ticket has one."""
    return ("tick",) if checklists.has(turn, ticket) else ()
