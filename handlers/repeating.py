"""Whether a page sends a second time what the same person has just done from it: a double click, or a request that was sent again."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from handlers import collisions, corrections, own_reminders, tags
from handlers.turn import Turn
from models.message import Refused
from models.sorting import OwnReminder
from models.ticket import Event, Ticket

WITHIN: Final = timedelta(minutes=1)  # a slow line and a second press; what comes later from an old page is meant
# What a verb leaves behind; a verb that is not here is only refused by its revision.
_LEFT: Final[dict[str, frozenset[str]]] = {
    "sign": frozenset({"signed", "cosigned", "approved"}), "refuse": frozenset({"refused"}), "ask": frozenset({"asked"}),
    "send_back": frozenset({"sent_back"}), "take": frozenset({"taken", "replied"}), "undo": frozenset({"undone"}),
    "reply": frozenset({"replied", "resolved"}), "progress": frozenset({"replied"}), "note": frozenset({"noted"}),
    "resolve": frozenset({"resolved", "replied"}), "conclude": frozenset({"resolved"}), "extend": frozenset({"extended"}),
    "priority": frozenset({"prioritised"}), "escalate": frozenset({"escalated"}), "close": frozenset({"closed"}),
    "transfer": frozenset({"transferred"}), "assign": frozenset({"assigned"}), "merge": frozenset({"merged"}),
    "back": frozenset({"returned"}), "snooze": frozenset({"snoozed"}), "unsnooze": frozenset({"unsnoozed"}),
    "tag": frozenset({"tagged"}), "untag": frozenset({"untagged"}), "relate": frozenset({"related"}),
    "unrelate": frozenset({"unrelated"}), "line": frozenset({"line_added"}),
}  # fmt: skip
_WORDLESS: Final = frozenset({"take", "undo", "back", "unsnooze"})


def done_already(turn: Turn, ticket: Ticket, verb: str, rev: int, words: str, to: str = "") -> bool:
    """Whether all that went on since a revision is this very deed of the speaker's own, done in the last minute.

    words and to: as the page sends them. What staff put in order among themselves meanwhile (collisions.ASIDE) is no
    difference to a decision; any other deed, or one of somebody else, is, and the page is then out of date as ever.
    """
    if turn.person is None or verb not in _LEFT or not 0 < rev < ticket.rev:
        return False
    since = select(Event).where(Event.ticket_id == ticket.id, Event.rev > rev).order_by(Event.rev)
    events = list(turn.session.execute(since).scalars())
    mine = [each for each in events if each.by_id == turn.person.id and each.kind in _LEFT[verb]]
    mine = [each for each in mine if turn.now - each.at <= WITHIN and _same(turn, ticket, verb, each, words, to)]
    if not mine:
        return False
    first = mine[0]
    if first.kind in collisions.ASIDE:
        return True
    # One press is one instant: what it brought with it (who is asked next, what a rule did) carries the same.
    return all(each.at == first.at or each.kind in collisions.ASIDE for each in events)


def _same(turn: Turn, ticket: Ticket, verb: str, event: Event, words: str, to: str) -> bool:
    """Whether an event is what these words would do."""
    said, left = words.strip(), corrections.raw_of(turn, event).strip()
    if verb in _WORDLESS:
        return True
    if verb == "snooze":
        return _same_reminder(turn, ticket, said)
    if verb in ("tag", "untag"):
        try:
            return set(left.split()) == set(tags.listed(tags.read(said)).split())
        except Refused:
            return False
    if verb in ("relate", "unrelate"):
        return bool(left) and left in said.upper()
    if verb == "merge":
        return bool(ticket.kept_id) and left == said
    if verb in ("transfer", "assign") and event.to_id != to.strip().removeprefix("p."):
        return False  # Only what names one person for certain is known to be the same.
    return left == said


def _same_reminder(turn: Turn, ticket: Ticket, said: str) -> bool:
    """「一小时后」 said twice within a minute is one reminder."""
    who = turn.person.id if turn.person else ""
    own = select(OwnReminder.remind_at).where(OwnReminder.ticket_id == ticket.id, OwnReminder.person_id == who)
    at = turn.session.execute(own).scalar()
    try:
        return at is not None and abs(own_reminders.when(turn, said) - at) <= WITHIN
    except Refused:
        return False
