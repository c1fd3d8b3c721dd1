"""How a correction is read: whether one may be offered, how its line and the line of what it replaced are told, and the former words."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select

from handlers import behalf, limits, links
from handlers.turn import Turn
from models.correction import CORRECTED, GIVEN, REVISED, UNENDED, read_fix, standing
from models.db import seal_of
from models.ticket import Event, Resolution, Ticket

WORDS: Final = frozenset({"replied", "resolved", REVISED})  # what staff write to the student
_CORRECTABLE: Final = WORDS | GIVEN | {"closed"}
_NEVER: Final = (Resolution.withdrawn, Resolution.duplicate)
QUOTED: Final = 20  # characters of the former words by which they are recognised
_LAST = (
    select(Event)
    .where(Event.ticket_id == bindparam("ticket"), Event.kind == CORRECTED, Event.rev < bindparam("rev"))
    .order_by(Event.rev.desc())
    .limit(1)
)
_OF_REV = select(Event).where(Event.ticket_id == bindparam("ticket"), Event.rev == bindparam("rev"))
# Of these the student sees that it went on, not what signers write.
AMONG_STAFF: Final = frozenset(
    {"delegated", "sent_back", "assigned", "transferred", "escalated", "recused", "kept_out", "guardian_phoned"}
)


def is_offered(turn: Turn, ticket: Ticket) -> bool:
    """Whether there is anything that may be corrected; what exactly, and by whom, tickets.before_correct says."""
    if ticket.resolution in _NEVER:
        return False
    return any(mark.kind in _CORRECTABLE for mark in standing(limits.marks(turn, ticket)))


def since(turn: Turn, ticket: Ticket, rev: str) -> bool:
    """Whether a decision or an answer was corrected after a revision: what was asked about the former is no question now."""
    if not (rev.isascii() and rev.isdigit()):
        return True
    return any(mark.kind == CORRECTED for mark in limits.marks(turn, ticket)[int(rev) :])


def words_of(turn: Turn, event: Event) -> str:
    """What was said with an event, opened where it is sealed; the number of another ticket only where that may be seen."""
    words = raw_of(turn, event)
    return "" if event.kind in links.NUMBERED and not links.sees(turn, words) else words


def words_read(turn: Turn, event: Event, *, staff: bool) -> str:
    """The words of an event as a list of events shows them to the student or to staff; "" where they are not for them."""
    hidden = (event.kind in AMONG_STAFF and not staff) or repeats(event)
    return "" if hidden else words_of(turn, event)


def raw_of(turn: Turn, event: Event) -> str:
    """What stands with an event, whoever reads it."""
    if event.sealed is None:
        return event.words
    return seal_of(turn.session).open(f"event.sealed:{event.id}", event.sealed)


def told_as(ticket: Ticket, event: Event) -> str:
    """The kind by which an event is told: a correction says what became of what."""
    fix = read_fix(event.key)
    if fix is not None and event.kind == CORRECTED:
        return f"{event.kind}_{fix.after}"
    if event.key in UNENDED:
        return event.key.replace("undid:", "un")
    if event.kind in ("climbed", "passed_up") and event.to_id is None:
        return f"{event.kind}_nobody"
    # Whoever takes a matter up first is the next one above: nobody else heard of it.
    own = event.kind == "escalated" and event.by_id is not None and event.by_id == event.to_id
    return "supervised_own" if own else behalf.told_as(ticket, event)


def line(turn: Turn, ticket: Ticket, event: Event, by: str, to: str, gone: frozenset[int]) -> str:
    """One event in a sentence; what was corrected later says so. gone: models.correction.superseded of all events."""
    said = turn.say(f"event.{told_as(ticket, event)}", by=by, to=to)
    return turn.say("correct.mark", line=said) if event.rev in gone else said


def repeats(event: Event) -> bool:
    """Whether the words of an event stand beside the event before it: the reason is shown with the correction."""
    return event.key == CORRECTED and event.kind != "resolved"


def former(turn: Turn, ticket: Ticket, event: Event) -> str:
    """The beginning of the words that an event's replace, 「…」 around them, "" where it replaces none."""
    row = event
    if event.key == CORRECTED:
        row = turn.session.execute(_LAST, {"ticket": ticket.id, "rev": event.rev}).scalar() or event
    fix = read_fix(row.key)
    if fix is None:
        return ""
    old = turn.session.execute(_OF_REV, {"ticket": ticket.id, "rev": fix.rev}).scalar()
    words = shortened(words_of(turn, old)) if old is not None and old.kind in WORDS else ""
    return turn.say("correct.quote", words=words) if words else ""


def shortened(words: str) -> str:
    """The beginning of somebody's words, in one line."""
    plain = " ".join(words.split())
    return plain if len(plain) <= QUOTED else f"{plain[:QUOTED]}…"
