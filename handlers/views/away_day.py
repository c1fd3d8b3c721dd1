"""What a leave is on one day: who leaves, who is due back, who does both, who stays on campus; and how many are away then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Final

from handlers.turn import Turn

if TYPE_CHECKING:
    from handlers.views.on_leave import Leave, Row

OVERDUE: Final = "overdue"
LEAVING: Final = "leaving"
RETURNING: Final = "returning"
HERE: Final = "here"  # on leave and on campus (不离校): a figure of its own, and none of who is away
STATES: Final = (OVERDUE, LEAVING, "away", RETURNING, "returned", HERE)  # the figures of a day
_MOVING: Final = frozenset({LEAVING, "away", RETURNING})


def is_here(leave: Leave) -> bool:
    """Whether somebody on leave said to stay on campus."""
    return leave.leaves_campus is False


def states_of(turn: Turn, leave: Leave, on: date) -> tuple[str, ...]:
    """What a leave is on a day that it covers, as STATES name it but for HERE: a leave of one day leaves and returns."""
    if leave.back is not None:
        return ("returned",) if leave.back.date() == on else ("away",)
    if leave.end <= turn.now and leave.last <= on:
        return (OVERDUE,)
    found = ((LEAVING,) if leave.start.date() == on else ()) + ((RETURNING,) if leave.last == on else ())
    return found or ("away",)


def said_key(row_states: tuple[str, ...], leave: Leave) -> str:
    """The key of the words for a leave's states on a day."""
    state = "both" if len(row_states) > 1 else row_states[0]
    return f"on_leave.is_{state}" + ("_here" if is_here(leave) and _MOVING & set(row_states) else "")


def covers(leave: Leave, on: date, turn: Turn) -> bool:
    """Whether somebody is on leave at some moment of a day: until back, and beyond the end while not back by now."""
    last = leave.back.date() if leave.back else max(leave.last, turn.today) if leave.end <= turn.now else leave.last
    return leave.start.date() <= on <= last


def away_on(turn: Turn, leaves: Iterable[Leave], on: date) -> int:
    """How many are off campus at some moment of a day, as the calendar says it."""
    return sum(covers(leave, on, turn) and not is_here(leave) for leave in leaves)


def counted(turn: Turn, on: date, rows: Iterable[Row]) -> Counter[str]:
    """The figures of a day. Who stays on campus is in HERE alone, but for being late or back. "away" is everybody who was off
    campus that day, as in the calendar; of today those who are so now: gone by now, and not back."""
    found = Counter[str]()
    for row in rows:
        leave = row.leave
        if is_here(leave) and _MOVING & set(row.states):
            found[HERE] += 1
            continue
        found.update(state for state in row.states if state != "away")
        gone = leave.start <= turn.now and leave.back is None
        found["away"] += not is_here(leave) and (gone or on != turn.today)
    return found
