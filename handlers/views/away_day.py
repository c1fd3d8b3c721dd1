"""What a leave is on one day: who leaves, who is due back, who does both, who stays on campus; and how many are away then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, Final

from handlers.turn import Turn

if TYPE_CHECKING:
    from handlers.views.on_leave import Leave, Row

OVERDUE: Final = "overdue"
LEAVING: Final = "leaving"
RETURNING: Final = "returning"
HERE: Final = "here"  # on leave and on campus (不离校): a figure of its own, and none of who is away
STATES: Final = ("away", "now", "returned", "later", LEAVING, RETURNING, HERE, OVERDUE)  # the figures of a day
TODAY: Final = frozenset({"now", "later"})  # those that only today has
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
    """Whether a leave is listed on a day: until back, and beyond the end while not back by now. Whoever stayed on campus is on
    leave on the leave's own days alone; that signing back in is still owed stands on today's list."""
    last = leave.back.date() if leave.back else max(leave.last, turn.today) if leave.end <= turn.now else leave.last
    if is_here(leave) and on > leave.last:
        return on == turn.today <= last
    return leave.start.date() <= on <= last


def is_here_on(leave: Leave, on: date) -> bool:
    """Whether somebody is on leave on campus on a day: one of the leave's own, however late the signing back in is."""
    return is_here(leave) and leave.start.date() <= on <= leave.last


def people(leaves: Iterable[Leave]) -> int:
    """How many people have these leaves: whoever has several is one."""
    return len({leave.student for leave in leaves})


def away_on(turn: Turn, leaves: Iterable[Leave], on: date) -> int:
    """How many people are off campus at some moment of a day, as the calendar says it: the figure "away" of that day."""
    return people(leave for leave in leaves if covers(leave, on, turn) and not is_here(leave))


def counted(turn: Turn, on: date, rows: Collection[Row]) -> Counter[str]:
    """The figures of a day, in people, whoever has several leaves once.

    "away" is everybody off campus at some moment of that day, as the calendar says it. Of today it is the sum of "now" (gone
    and not back), "returned" (back, and not gone again) and "later" (yet to leave). LEAVING is who leaves on that day and
    RETURNING who is due back on it, though back already. HERE is who is on leave on campus; of those OVERDUE alone counts
    what is owed.
    """
    leaves = [row.leave for row in rows]
    off, is_today = [leave for leave in leaves if not is_here(leave)], on == turn.today

    def who(found: Iterable[Leave]) -> set[str]:
        return {leave.student for leave in found}

    now = who(leave for leave in off if leave.back is None and leave.start <= turn.now) if is_today else set()
    back = who(leave for leave in off if leave.back is not None and leave.back.date() == on) - now
    away = who(off)
    return Counter({
        OVERDUE: len(who(row.leave for row in rows if OVERDUE in row.states)), "away": len(away), "now": len(now),
        "later": len(away - now - back) if is_today else 0,
        LEAVING: len(who(leave for leave in off if leave.start.date() == on)),
        RETURNING: len(who(leave for leave in off if leave.last == on)), "returned": len(back),
        HERE: len(who(leave for leave in leaves if is_here_on(leave, on))),
    })  # fmt: skip
