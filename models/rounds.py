"""What has happened to a ticket since it was last opened, and by when its promises fall: rounds, pauses, targets.

The rules stand in models/deadline.py, which makes steps of the targets.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from models.correction import standing
from models.limits import Limit, Limits
from models.worktime import Calendar, Pause, add, subtract

MEETS_RESPOND: Final = frozenset({"replied", "asked", "approved", "refused", "resolved", "closed", "withdrawn"})
MEETS_RESOLVE: Final = frozenset({"approved", "refused", "resolved", "closed", "withdrawn"})
MEETS_BACK: Final = frozenset({"returned"})
ENDS: Final = frozenset({"refused", "resolved", "closed", "withdrawn"})
_ALWAYS: Final = Calendar.always()


@dataclass(frozen=True, slots=True)
class Clock:
    """How time passes. scale < 1 is for demonstrations: it shortens every limit and counts every hour."""

    calendar: Calendar
    scale: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a scale by which time stands still or runs backwards."""
        if not (math.isfinite(self.scale) and self.scale > 0):
            message = f"scale {self.scale} is not above 0"
            raise ValueError(message)

    def calendar_of(self, limit: Limit) -> Calendar:
        """The calendar that counts a limit."""
        return self.calendar if limit.clock == "work" and self.scale == 1 else _ALWAYS


@dataclass(frozen=True, slots=True)
class Mark:
    """An event as the rule sees it; key is that of the step that it did."""

    kind: str
    at: datetime
    key: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """What has happened since the ticket was last opened.

    turns: instants from which respond is owed: the beginning, then whenever the matter came back to staff.
    answered: whether it has been met since the last of them. resolve_turn: which of the turns resolve counts from.
    """

    number: int
    started_at: datetime
    marks: Sequence[Mark]
    pauses: tuple[Pause, ...]
    turns: tuple[datetime, ...]
    answered: bool
    resolve_turn: int = 0

    def first(self, kinds: Iterable[str]) -> Mark | None:
        """The first mark of some kinds."""
        return next((mark for mark in self.marks if mark.kind in kinds), None)

    def start_of(self, target: str) -> datetime:
        """The instant from which a target counts."""
        return self.turns[self._turn_of(target)]

    def _turn_of(self, target: str) -> int:
        return {"respond": len(self.turns) - 1, "resolve": self.resolve_turn}.get(target, 0)

    def version_of(self, target: str) -> str:
        """What tells the steps of one round and turn from those of another."""
        turn = self._turn_of(target)
        return f"{self.number}.{turn}" if turn else f"{self.number}"

    def pauses_of(self, limit: Limit) -> tuple[Pause, ...]:
        """The pauses that stop a limit's clock."""
        return () if limit.clock == "wall" else self.pauses

    def stops(self, limit: Limit) -> bool:
        """Whether a limit's clock stands still now."""
        return any(ended is None for _, ended in self.pauses_of(limit))


def round_of(opened_at: datetime, marks: Iterable[Mark], limits: Limits, clock: Clock) -> Round:
    """The round in force; marks of one instant keep the order in which they came."""
    ordered = standing(sorted(marks, key=lambda mark: mark.at))
    number, started_at, first = 0, opened_at, 0
    for place, mark in enumerate(ordered):
        if mark.kind == "reopened":
            number, started_at, first = number + 1, mark.at, place + 1
    pauses: list[Pause] = []
    turns, handed, answered = [started_at], 0, False
    asked_at: datetime | None = None
    for mark in ordered[first:]:
        answered = answered or mark.kind in MEETS_RESPOND
        if mark.kind == "asked" and asked_at is None:
            asked_at = mark.at
        elif mark.kind == "signed" or (mark.kind == "answered" and asked_at is not None):
            turns.append(mark.at)
            answered, handed = False, len(turns) - 1 if mark.kind == "signed" else handed
        if mark.kind == "answered" and asked_at is not None:
            pauses.append((asked_at, mark.at))
            asked_at = None
    pauses += [(asked_at, None)] if asked_at is not None else []
    this = Round(number, started_at, ordered[first:], tuple(pauses), tuple(turns), answered)
    return replace(this, resolve_turn=handed) if handed and _ends_early(this, turns[handed], limits, clock) else this


def _ends_early(this: Round, handed_at: datetime, limits: Limits, clock: Clock) -> bool:
    """Whether resolve, from the beginning, ends before the respond of whoever has had the matter since handed_at."""
    if limits.resolve is None:
        return False
    closed = [pause for pause in this.pauses_of(limits.resolve) if pause[1] is not None]
    own = after(handed_at, limits.respond or Limit(0), clock, closed)
    return after(this.started_at, limits.resolve, clock, closed) < own


def targets_of(this: Round, limits: Limits, clock: Clock, back_due: datetime | None) -> dict[str, datetime]:
    """targets() of a round."""
    found: dict[str, datetime] = {}
    if this.first(ENDS):
        return found
    met = {"respond": this.answered, "resolve": this.first(MEETS_RESOLVE) is not None}
    for name, limit in (("respond", limits.respond), ("resolve", limits.resolve)):
        if limit is not None and not met[name] and not this.stops(limit):
            found[name] = after(this.start_of(name), limit, clock, this.pauses_of(limit))
    if back_due is not None and not this.first(MEETS_BACK):
        found["back"] = after(back_due, limits.back or Limit(0, "wall"), clock)
    return found


def after(at: datetime, offset: Limit, clock: Clock, pauses: Iterable[Pause] = ()) -> datetime:
    """An instant moved by an offset, backwards if it is negative."""
    move = add if offset.seconds >= 0 else subtract
    return move(clock.calendar_of(offset), at, abs(offset.seconds) * clock.scale, pauses)
