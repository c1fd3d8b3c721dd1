"""Prolonging a leave that runs (续假): a leave of its own that goes on where the old one ends, which then is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from handlers import cards, prolonged, tickets, wording
from handlers.services.leave import stretches
from handlers.services.leave.spans import span_of, whole_of
from handlers.turn import Turn
from models.item import Item
from models.leave_rules import KindRules, LeaveRules
from models.message import Refused
from models.person import Person
from models.ticket import Status, Ticket

# What is asked anew, or follows from the others: the rest of the answers is taken over.
ALONG: Final = "along:"  # begins the key of what was withdrawn because another leave ended; how it stood follows
_ANEW: Final = frozenset({"span", "evidence", "people"})


def start(turn: Turn, item: Item, rules: LeaveRules, ticket: Ticket) -> dict[str, Any]:
    """The answers with which a leave is prolonged: as they were, and a start that is the old end.

    Raises Refused: it is not approved or is over, it is asked too early or too late, or one is asked for already.
    """
    if ticket.status != Status.waiting or ticket.back_at is None:
        raise Refused("leave.prolong_not_running", number=ticket.number, state=cards.state(turn, ticket))
    begins, end = span_of(turn, ticket.answers)
    if turn.now < begins:
        raise Refused("leave.prolong_not_begun", number=ticket.number)
    asked = prolonged.pending_of(turn, ticket)
    if asked is not None:
        raise Refused("leave.prolong_asked", number=asked.number, name=cards.who(turn, asked.assignee_id))
    in_time(turn, rules.of(ticket.answers.get("kind")), end)
    told = cards.answers_of(turn, ticket)
    kept = {field.key: told[field.key] for field in item.fields if field.key in told and field.key not in _ANEW}
    first, _ = whole_of(turn, ticket.answers)
    return {**kept, "extends": ticket.number, "begun": first.isoformat()}


def in_time(turn: Turn, mine: KindRules, end: datetime) -> None:
    """Refuse what is asked later before the old end, or later after it, than the rules of the kind allow."""
    said = wording.until(end, turn.lang, turn.school.zone, turn.today)
    if turn.now > end and turn.now > end + stretches.from_(turn, mine.extend_late, end):
        raise Refused("leave.prolong_over", end=said)
    before = stretches.until(turn, mine.extend_before, end)
    if before and end - before < turn.now <= end:
        last = wording.until(end - before, turn.lang, turn.school.zone, turn.today)
        raise Refused("leave.prolong_late", end=said, last=last)


def pinned(turn: Turn, answers: dict[str, Any]) -> dict[str, Any]:
    """The span of a leave that goes on from another, which begins where that one ends, whatever was said."""
    old = prolonged.numbered(turn, str(answers["extends"]))
    span = answers.get("span")
    if old is None or not span or "span" not in old.answers:
        return {}
    before = old.answers["span"]
    timed = [before.get("timed", [True, True])[1], span.get("timed", [True, True])[1]]
    return {"span": {**span, "start": before["end"], "timed": timed}}


def goes_on(turn: Turn, ticket: Ticket) -> None:
    """The old leave is over and was not returned from: the student is still away, on this one."""
    old = tickets.by_number(turn, str(ticket.answers["extends"]))
    if old is not None and old.status == Status.waiting and old.back_at is not None:
        tickets.continue_in(turn, old, ticket.number)


def stops(turn: Turn, ticket: Ticket) -> None:
    """What went on is none after all (its approval was taken back, or it was withdrawn): the old leave runs as before."""
    old = tickets.by_number(turn, str(ticket.answers["extends"]))
    if old is not None and old.answers.get(prolonged.BY) == ticket.number and old.status == Status.closed:
        tickets.resume(turn, old, ticket.number)


def drop_asked(turn: Turn, ticket: Ticket) -> None:
    """Whoever is back needs no more days: what was asked for and is not decided is taken back."""
    asked = prolonged.pending_of(turn, ticket)
    if asked is not None:
        person = turn.session.get(Person, ticket.requester_id)
        tickets.withdraw(replace(turn, person=person, account=None), asked, f"{ALONG}{asked.status}")
