"""The course of a ticket on its page: every event with its words and their delivery, and every signature."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import cards, corrections, deliveries, notices, signing, told_order, wording
from handlers.turn import Turn
from handlers.views import ticket_aside
from handlers.views.stretch import Stretch
from models.ticket import Event, Ticket


@dataclass(frozen=True, slots=True)
class Told:
    """One event: when, what, the words said with it ("" where there are none or they are not for the reader).

    fate: what became of telling the requester. mine: whether somebody of staff said it. inner: whether only staff read it.
    """

    rev: int
    at: str
    line: str
    words: str
    fate: str
    mine: bool
    inner: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One signature or copy: who gave or got it and when, or who is to.

    decision is "", "signed", "refused", "informed" or "spared". beside: how many stand at the same step, mode: whether all
    of them decide or any one. is_copy: a copy without a decision (备案). title: what the step is called, "" for nothing.
    """

    name: str
    decision: str
    at: str
    is_next: bool
    number: int = 1
    beside: int = 1
    mode: str = "all"
    is_copy: bool = False
    title: str = ""


def events(turn: Turn, ticket: Ticket, course: Stretch, *, whole: bool) -> tuple[Told, ...]:
    """The events of a stretch of its course, as staff read them. whole: whether the reader may read what is sealed."""
    fates = deliveries.of(turn, ticket, course.events[0].rev if course.events else 0)
    found = []
    for event, to in told_order.of(turn, course.events):
        readable = (whole or event.sealed is None) and not corrections.repeats(event)
        words = notices.words_of(turn, event) if readable else ""
        mine = event.by_id is not None and event.by_id != ticket.requester_id
        line, words = ticket_aside.in_line(turn, ticket, event, (_by(turn, event), to), course.gone, words)
        at = wording.moment(event.at, turn.lang, turn.school.zone, turn.today)
        found.append(
            Told(event.rev, at, line, words, fates.get(event.rev, "") if mine else "", mine, event.audience == "staff")
        )
    return tuple(found)


def steps(turn: Turn, ticket: Ticket) -> tuple[Step, ...]:
    """The signatures and copies of a ticket, in order: given, spared, or still to come."""
    found: list[Step] = []
    lines = signing.steps(turn, ticket)
    owed_now = {line.id for line in signing.current(lines)} if ticket.is_open else set()
    signatures, zone = cards.item_of(turn, ticket).approval, turn.school.zone
    for step in lines:
        # A line of an earlier version of this program names nobody before it is decided: the matter lies with one.
        asked = step.to_id or (ticket.assignee_id if step.id in owed_now else None)
        name = cards.who(turn, step.person_id or asked)
        name = name or signing.signer_name(turn, ticket, step)
        at = wording.moment(step.decided_at, turn.lang, zone, turn.today) if step.decided_at is not None else ""
        named = signatures[step.place].title if step.place < len(signatures) else None
        beside = sum(each.step == step.step and each.kind == step.kind for each in lines)
        found.append(
            Step(name or turn.say("card.nobody"), step.decision, at, step.id in owed_now, step.step + 1, beside,
                 step.mode, step.kind == "inform", named.to(turn.lang) if named is not None else "")
        )  # fmt: skip
    return tuple(found)


def _by(turn: Turn, event: Event) -> str:
    if event.by_id is not None:
        return cards.who(turn, event.by_id)
    # Whoever wrote without being bound to a number has no name here.
    asked = event.kind in ("opened", "answered", "added", "reopened", "confirmed", "withdrawn")
    return turn.say("inbox.visitor" if asked else "notice.bot")
