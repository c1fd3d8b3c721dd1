"""Whether words to a student were 进展, which ends nothing, and what makes the answer of it, or takes back that they were one."""

from __future__ import annotations

from typing import Final

from handlers import limits, signing, wording
from handlers.turn import Turn
from models.correction import WITHIN, standing
from models.deadline import Mark
from models.rounds import ANSWERED, KEPT_OPEN, PROGRESS
from models.ticket import Resolution, Status, Ticket

_SAID: Final = frozenset(
    {"replied", "resolved", "asked", "approved", "refused", "closed", "withdrawn", "reopened", "merged"}
)


def is_progress(mark_key: str) -> bool:
    """Whether the key of a "replied" says that it is words on the way."""
    return mark_key in (PROGRESS, KEPT_OPEN)


def fits(turn: Turn, ticket: Ticket) -> bool:
    """Whether a reply would end a matter now, so that progress is another thing: no signature is owed, and nobody waits for a
    return. To somebody in distress every word is one on the way (`tickets.reply`)."""
    if not ticket.is_open or ticket.back_at is not None:
        return False
    item = turn.school.catalogue.item(turn.session, ticket.service, ticket.version)
    return not item.urgent and signing.owed(turn, ticket, turn.person) is None


def last_said(turn: Turn, ticket: Ticket) -> Mark | None:
    """What was said or decided last, as far as the student reads it; None for nothing."""
    happened = standing(limits.marks(turn, ticket))
    return next((mark for mark in reversed(happened) if mark.kind in _SAID), None)


def owes_end(turn: Turn, ticket: Ticket) -> bool:
    """Whether progress was told, and nothing but the end is owed: a card says "done by" and not "answered by"."""
    if not any(mark.kind == "replied" and is_progress(mark.key) for mark in limits.marks(turn, ticket)):
        return False
    return set(limits.targets_at(turn, ticket, limits.marks(turn, ticket))) == {"resolve"}


def turns(turn: Turn, ticket: Ticket) -> list[str]:
    """The verbs that make the one of the other: "conclude" while progress was said last, "unfinished" for as long as an
    answer may be taken back (models.correction.WITHIN); [] for neither."""
    last = last_said(turn, ticket)
    if last is None:
        return []
    if last.kind == "replied" and is_progress(last.key):
        return ["conclude"] if fits(turn, ticket) else []
    return ["unfinished"] if may_go_on(turn, ticket) else []


def may_go_on(turn: Turn, ticket: Ticket) -> bool:
    """Whether the reply that ended a matter may still be said to be progress: nobody judged it, and it is a moment old."""
    last = last_said(turn, ticket)
    ended = ticket.status == Status.resolved and ticket.resolution == Resolution.answered
    return ended and last is not None and last.key == ANSWERED and turn.now - last.at <= WITHIN


def verbs(turn: Turn, ticket: Ticket) -> list[str]:
    """What is offered besides a reply."""
    return (["progress"] if fits(turn, ticket) else []) + turns(turn, ticket)


def echo(turn: Turn, ticket: Ticket, verb: str) -> str:
    """What a member of staff hears who told progress, whether it was called so or read as such; "" for all else."""
    last = last_said(turn, ticket) if verb in ("reply", "progress", "unfinished") else None
    if last is None or last.kind != "replied" or not is_progress(last.key) or not ticket.is_open:
        return ""
    due = limits.targets_at(turn, ticket, limits.marks(turn, ticket)).get("resolve")
    if due is None:
        return turn.say("progress.goes_on" if verb == "reply" else "progress.open")
    at = wording.soon(due, turn.now, turn.lang, turn.school.zone)
    return turn.say("progress.goes_on_until" if verb == "reply" else "progress.open_until", at=at)
