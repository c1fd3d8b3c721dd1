"""Keeps the figures' rows up to the events: reads what happened since it last looked, ticket by ticket, in batches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from handlers import limits
from handlers.turn import Turn
from models.base import first_id
from models.correction import CORRECTED, UNSPLIT, standing
from models.db import plain
from models.deadline import Mark
from models.meta import Meta
from models.score import Score
from models.ticket import Event, Ticket
from models.worktime import elapsed

CURSOR: Final = "tally"  # the meta row that keeps the newest event looked at
BATCH: Final = 500  # events a unit
# Units end in another order than their events were numbered; none lasts longer than this (models/engines.py: 5 s idle).
LAG: Final = timedelta(minutes=1)
# Whoever asked for a duplicate hears where it goes on, and that it is not taken on is an answer, too.
ANSWERS: Final = frozenset({"replied", "asked", "approved", "refused", "resolved", "merged", "closed"})
DECIDES: Final = frozenset({"approved", "refused", "resolved", "closed"})

_CURSOR = select(Meta).where(Meta.name == CURSOR).with_for_update(skip_locked=True)
_NEWER = select(Event.id, Event.ticket_id).where(Event.id > bindparam("cursor")).order_by(Event.id).limit(BATCH)
_STALE = (
    select(Ticket)
    .outerjoin(Score, Score.ticket_id == Ticket.id)
    .where(Ticket.id.in_(bindparam("ids", expanding=True)), or_(Score.rev.is_(None), Score.rev != Ticket.rev))
)
_WHERE = select(Meta.value).where(Meta.name == CURSOR)
_NEWEST = select(Event.id).order_by(Event.id.desc()).limit(1)
_ANY_STALE = _STALE.with_only_columns(Ticket.id).limit(1)
_INSERT = insert(Score.__table__)  # type: ignore[arg-type]


def waits(session: Session, now: datetime) -> bool:
    """Whether `tally` has anything to do; it only reads. A school in which nothing happened is looked at and left alone."""
    link = plain(session)
    kept = link.execute(_WHERE).scalar()
    if kept is None:
        return True
    cursor = bytes(kept).decode()
    newest = link.execute(_NEWEST).scalar()
    if newest is None or newest <= cursor:
        return False
    if newest <= first_id(now - LAG):
        return True  # What is too old to be overtaken is left behind, so that nobody looks at it again.
    rows = link.execute(_NEWER, {"cursor": cursor}).all()
    ids = sorted({row.ticket_id for row in rows})
    return len(rows) == BATCH or link.execute(_ANY_STALE, {"ids": ids}).first() is not None


def tally(turn: Turn) -> bool:
    """Bring the figures of up to a batch of events up to date; whether more wait. One process at a time; any may."""
    kept: Meta | None = turn.session.execute(_CURSOR).scalar()
    if kept is None:
        if turn.session.get(Meta, CURSOR) is not None:
            return False  # Another process is at it.
        kept = Meta(name=CURSOR, value=b"")
        turn.session.add(kept)
        turn.session.flush()
    cursor = bytes(kept.value).decode()
    rows = plain(turn.session).execute(_NEWER, {"cursor": cursor}).all()
    if not rows:
        return False
    score(turn, sorted({row.ticket_id for row in rows}))
    more = len(rows) == BATCH
    reached = max(cursor, rows[-1].id if more else min(rows[-1].id, first_id(turn.now - LAG)))
    if reached != cursor:
        kept.value = reached.encode()
    # A batch within the lag would be read for ever; what is late within it is found by the next round from its start.
    return more and reached != cursor


def score(turn: Turn, ids: Sequence[str]) -> int:
    """Make the rows of these tickets anew where they are older than the tickets; how many those were."""
    found = list(turn.session.execute(_STALE, {"ids": list(ids)}).scalars())
    if not found:
        return 0
    happened = limits.marks_of(turn, [ticket.id for ticket in found])
    # What was split off and taken back is as if it had not been: it is in no figure.
    counted = [
        ticket
        for ticket in found
        if not any(mark.key == UNSPLIT and mark.kind == "withdrawn" for mark in happened[ticket.id])
    ]
    rows = [_row(turn, ticket, happened[ticket.id]) for ticket in counted]
    turn.session.execute(
        delete(Score).where(Score.ticket_id.in_([ticket.id for ticket in found])),
        execution_options={"synchronize_session": False},
    )
    if rows:
        plain(turn.session).execute(_INSERT, rows)
    return len(rows)


def start_over(turn: Turn) -> None:
    """Have every row made anew, batch by batch: after limits or calendars changed. The old figures stand meanwhile."""
    turn.session.execute(update(Score).values(rev=-1), execution_options={"synchronize_session": False})
    kept = turn.session.get(Meta, CURSOR)
    if kept is not None:
        kept.value = b""


def _row(turn: Turn, ticket: Ticket, marks: list[Mark]) -> dict[str, object]:
    stands = standing(marks)
    first = next((place for place, mark in enumerate(stands) if mark.kind in ANSWERS), None)
    answered = None if first is None else stands[first]
    calendar = turn.school.clock.at(ticket.path).calendar
    begun = max((place for place, mark in enumerate(stands) if mark.kind == "reopened"), default=-1) + 1
    ended = next((place for place in range(begun, len(stands)) if stands[place].kind in DECIDES), None)
    if not any(mark.kind in DECIDES for mark in stands[_corrected(stands) :]):
        ended = None  # It goes on. Else the first decision was in time or late, whatever was put in its place.
    withdrawn = any(mark.kind in ("withdrawn", "merged") for mark in stands[begun:])
    before_answer = limits.targets_at(turn, ticket, stands[:first] if first is not None else stands)
    before_end = limits.targets_at(turn, ticket, stands[:ended] if ended is not None else stands)
    return {
        "ticket_id": ticket.id,
        "rev": ticket.rev,
        "opened_at": ticket.opened_at,
        "answer_by": before_answer.get("respond"),
        "answered_at": answered.at if answered else None,
        "answered_in": int(elapsed(calendar, ticket.opened_at, answered.at)) if answered else None,
        "decide_by": None if withdrawn else before_end.get("resolve"),
        "ended_at": stands[ended].at if ended is not None else None,
        "reopened": sum(mark.kind == "reopened" for mark in stands),
        "climbed": sum(mark.kind == "escalated" for mark in stands),
        "asked_help": any(mark.kind == "resolved" for mark in stands),
        "helped": _helped(stands),
        "stars": next((int(mark.key[-1]) for mark in reversed(stands) if mark.kind == "rated" and mark.key), None),
    }


def _corrected(stands: list[Mark]) -> int:
    """The place of the last correction, 0 where there is none."""
    return max((place for place, mark in enumerate(stands) if mark.kind == CORRECTED), default=0)


def _helped(stands: list[Mark]) -> bool | None:
    """What the student said last when asked whether it helped: nothing yet, that it did, or that it did not."""
    said = [mark.kind for mark in stands[_corrected(stands) :] if mark.kind in ("confirmed", "reopened")]
    return said[-1] == "confirmed" if said else None
