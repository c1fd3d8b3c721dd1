"""Until when a matter is to go on beyond its end (续假), as words say it; and asking for it at once, from a page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from handlers import abroad, cards, field_times, prolonged, tickets
from handlers.talks import Draft
from handlers.turn import Turn
from handlers.understand.prolonging import reason_left
from handlers.understand.questions import puts_question
from handlers.understand.times import read_time, rest
from models.item import FormField, Item
from models.message import Refused
from models.ticket import Ticket


def end_of(turn: Turn, ticket: Ticket) -> tuple[datetime, bool]:
    """The end of what was agreed (local), and whether it was said with a clock."""
    span = ticket.answers["span"]
    return field_times.instant(span["end"]).astimezone(turn.school.zone), bool(span.get("timed", [True, True])[1])


def until(turn: Turn, ticket: Ticket, words: str) -> dict[str, Any] | None:
    """The span from the old end on that words say, None where they say none for certain. 「两天」 are two whole days."""
    if not words or not field_times.is_sure(turn, words):
        return None
    end, timed = end_of(turn, ticket)
    time = read_time(words, turn.said_at, lessons=turn.lessons)
    if time.kind == "duration" and time.ask == "no_start":
        length = timedelta(days=time.days) if time.days else timedelta(hours=time.hours or 0)
        to, clock = end + length, timed or bool(time.hours) or bool(time.days and time.days % 1)
    else:
        item = turn.school.catalogue.items[ticket.service]
        field = next(each for each in item.fields if each.kind == "span")
        old = {"start": end.isoformat(), "end": end.isoformat(), "timed": [timed, timed]}
        value = field_times.amend(turn, field, words, old)
        if not isinstance(value, dict):
            return None
        to, clock = field_times.instant(value["end"]), bool(value["timed"][1])
    return {"start": end.isoformat(), "end": to.isoformat(), "timed": [timed, clock]} if to > end else None


def at_once(turn: Turn, ticket: Ticket, words: str) -> Ticket:
    """Open what goes on from a matter, where nothing can be asked back. Raises Refused: no certain time, something
    is still to be shown (then the chat asks for it), or what `Service.prolonging` and `check` refuse."""
    service = turn.school.catalogue.service(ticket.service)
    item = turn.school.catalogue.items[ticket.service]
    answers = service.prolonging(turn, ticket)
    span = until(turn, ticket, words)
    if span is None:
        raise Refused("leave.prolong_unclear")
    answers["span"] = span
    answers |= service.derive(turn, answers)
    service.check(turn, answers)
    asked = [field for field in item.fields if field.required and field.asked(answers, turn.school.seasons)]
    if any(field.key not in answers for field in asked):
        raise Refused("leave.prolong_in_chat")
    return tickets.open_ticket(turn, item, answers)


def add_reason(turn: Turn, item: Item, draft: Draft, words: str) -> FormField | None:
    """Write why more days are wanted (「没赶上车」) behind the reason of the leave that goes on, in the place of what was said
    of it before: the question that it answers, None where the words say no reason or the draft goes on from nothing."""
    extends = draft.answers.get("extends")
    old = prolonged.numbered(turn, str(extends)) if extends else None
    field = next((each for each in item.fields if each.fill == "rest"), None)
    if old is None or field is None or abroad.kept(turn, item, field) or puts_question(words):
        return None
    added = reason_left(rest(words, read_time(words, turn.said_at, lessons=turn.lessons)))
    before = cards.answers_of(turn, old).get(field.key)
    said = turn.say("leave.prolong_reason", before=before, added=added) if before else added
    if not added or len(said) > field.most:
        return None
    draft.answers[field.key] = said
    return field
