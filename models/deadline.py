"""Deadlines: the limits of a service item, and the pure function from what happened to what is due next.

A ticket's due_at is next_due() of its events; nothing else remembers a deadline. An event is the memory of a step that
was done: a step's key among the marks means "done". Rules:
- respond is met by the first act of staff that the requester sees (MEETS_RESPOND; "taken" is none), resolve by a
  decision or an end (MEETS_RESOLVE). What ends a ticket (ENDS) leaves only the follow-up.
- respond is owed again when the matter comes back to staff: the requester has answered what was asked, or one has
  signed and it is the next one's turn. It counts from there, so that no matter rests with somebody unreminded.
- resolve counts from the last signature where it would end before the next one's own respond: nobody is late for time
  that passed before the matter was his.
- "asked" stops the clocks of every target until "answered"; what they ask of staff meanwhile is nothing, so targets and
  steps are absent. Only a limit by the wall clock runs on: the crisis lane waits for nobody.
- "reopened" begins a new round: all clocks start anew, and keys carry the round, so steps may be due again.
- Steps before a target that would fall before its beginning are left out: whoever just got the ticket knows.
- "undone" takes the event right before it along: neither counts, as if it had never been.
- The return from a leave (back) is an instant of its own; the waiting for it is no pause.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from models.correction import standing
from models.limits import CLOCKS, Limit, Limits, parse_limit
from models.worktime import Calendar, Pause, add, run_vectors, spans, subtract

__all__ = [
    "CLOCKS", "ENDS", "MEETS_RESOLVE", "MEETS_RESPOND", "Clock", "Limit", "Limits", "Mark", "Step",
    "due_steps", "explain", "next_due", "parse_limit", "run_vectors", "steps", "targets",
]  # fmt: skip

MEETS_RESPOND: Final = frozenset({"replied", "asked", "approved", "refused", "resolved", "closed", "withdrawn"})
MEETS_RESOLVE: Final = frozenset({"approved", "refused", "resolved", "closed", "withdrawn"})
MEETS_BACK: Final = frozenset({"returned"})
ENDS: Final = frozenset({"refused", "resolved", "closed", "withdrawn"})
_FOLLOWED: Final = frozenset({"approved", "resolved", "closed"})  # after these one asks whether it held
_ALWAYS: Final = Calendar.always()
_ORDER: Final = ("remind", "back", "escalate", "follow_up")  # of steps due at the same instant,
_TARGETS: Final = ("respond", "resolve", "back")  # and of their targets


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
class Step:
    """Something that a limit asks for once.

    kind: "remind" | "escalate" | "follow_up" | "back" (the return is due: ask the student). target: "respond" |
    "resolve" | "back". index: which offset; an escalation's is the number of steps up, less one. key: at most 48
    characters, opaque. superseded: keys of reminders that this one makes pointless; write them as done with it.
    """

    kind: str
    target: str
    index: int
    key: str
    due_at: datetime
    superseded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Round:
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


def _round(opened_at: datetime, marks: Iterable[Mark], limits: Limits, clock: Clock) -> _Round:
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
    this = _Round(number, started_at, ordered[first:], tuple(pauses), tuple(turns), answered)
    return replace(this, resolve_turn=handed) if handed and _ends_early(this, turns[handed], limits, clock) else this


def _ends_early(this: _Round, handed_at: datetime, limits: Limits, clock: Clock) -> bool:
    """Whether resolve, from the beginning, ends before the respond of whoever has had the matter since handed_at."""
    if limits.resolve is None:
        return False
    closed = [pause for pause in this.pauses_of(limits.resolve) if pause[1] is not None]
    own = _after(handed_at, limits.respond or Limit(0), clock, closed)
    return _after(this.started_at, limits.resolve, clock, closed) < own


def targets(
    opened_at: datetime, marks: Iterable[Mark], limits: Limits, clock: Clock, back_due: datetime | None = None
) -> dict[str, datetime]:
    """The instants that are promised and still owed: "respond", "resolve", "back"; absent when met or paused."""
    return _targets(_round(opened_at, marks, limits, clock), limits, clock, back_due)


def _targets(this: _Round, limits: Limits, clock: Clock, back_due: datetime | None) -> dict[str, datetime]:
    """targets() of a round."""
    found: dict[str, datetime] = {}
    if this.first(ENDS):
        return found
    met = {"respond": this.answered, "resolve": this.first(MEETS_RESOLVE) is not None}
    for name, limit in (("respond", limits.respond), ("resolve", limits.resolve)):
        if limit is not None and not met[name] and not this.stops(limit):
            found[name] = _after(this.start_of(name), limit, clock, this.pauses_of(limit))
    if back_due is not None and not this.first(MEETS_BACK):
        found["back"] = _after(back_due, limits.back or Limit(0, "wall"), clock)
    return found


def _after(at: datetime, offset: Limit, clock: Clock, pauses: Iterable[Pause] = ()) -> datetime:
    """An instant moved by an offset, backwards if it is negative."""
    move = add if offset.seconds >= 0 else subtract
    return move(clock.calendar_of(offset), at, abs(offset.seconds) * clock.scale, pauses)


def steps(
    opened_at: datetime, marks: Iterable[Mark], limits: Limits, clock: Clock, back_due: datetime | None = None
) -> list[Step]:
    """Every step that is still to be done, in the order in which they fall due."""
    marks = list(marks)
    this = _round(opened_at, marks, limits, clock)
    found: list[Step] = []
    for target, at in _targets(this, limits, clock, back_due).items():
        found += (
            _back_steps(this, at, limits, clock) if target == "back" else _target_steps(this, target, at, limits, clock)
        )
    ended = this.first(MEETS_BACK) or this.first(_FOLLOWED)
    if limits.follow_up and ended and back_due is None and not this.first({"withdrawn", "refused", "followed_up"}):
        due_at = _after(ended.at, limits.follow_up, clock)
        found.append(Step("follow_up", "resolve", 0, f"follow_up:resolve:0:{this.number}", due_at))
    done = {mark.key for mark in marks if mark.key}
    return sorted(
        (step for step in found if step.key not in done),
        key=lambda step: (step.due_at, _ORDER.index(step.kind), _TARGETS.index(step.target), step.index),
    )


def _target_steps(this: _Round, target: str, at: datetime, limits: Limits, clock: Clock) -> list[Step]:
    """Reminders and escalations of "respond" or "resolve"; those before its beginning are left out."""
    found: list[Step] = []
    for kind, offsets in (("remind", limits.remind), ("escalate", limits.escalate)):
        for index, offset in enumerate(offsets):
            if offset.seconds > 0 and this.stops(offset):
                continue
            due_at = _after(at, offset, clock, this.pauses_of(offset))
            if due_at > this.start_of(target):
                found.append(Step(kind, target, index, f"{kind}:{target}:{index}:{this.version_of(target)}", due_at))
    return found


def _back_steps(this: _Round, at: datetime, limits: Limits, clock: Clock) -> list[Step]:
    """Steps of an expected return. Their keys carry its instant: another date of return arms them anew."""
    version = f"{this.number}.{int(at.timestamp())}"
    offsets = [("back", 0, Limit(0, "wall"))]
    offsets += [("remind", index, offset) for index, offset in enumerate(limits.back_remind)]
    offsets += [("escalate", index, offset) for index, offset in enumerate(limits.back_escalate)]
    return [
        Step(kind, "back", index, f"{kind}:back:{index}:{version}", _after(at, offset, clock))
        for kind, index, offset in offsets
    ]


def next_due(
    opened_at: datetime, marks: Iterable[Mark], limits: Limits, clock: Clock, back_due: datetime | None = None
) -> datetime | None:
    """When the next step falls due (it may be past); None when nothing is to be done: met, paused, finished."""
    found = steps(opened_at, marks, limits, clock, back_due)
    return found[0].due_at if found else None


def due_steps(
    opened_at: datetime, marks: Iterable[Mark], limits: Limits, clock: Clock, now: datetime,
    back_due: datetime | None = None,
) -> list[Step]:  # fmt: skip
    """The steps that are due, in order, as they should be done after any downtime.

    Of several reminders of one target only the last is left (or the step "back", which says more), with the keys of
    the others in superseded. Escalations all remain: each tells somebody else.
    """
    due = [step for step in steps(opened_at, marks, limits, clock, back_due) if step.due_at <= now]
    groups: dict[str, list[Step]] = {}
    for step in due:
        if step.kind in {"remind", "back"}:
            groups.setdefault(step.target, []).append(step)
    kept: dict[str, Step] = {}
    for group in groups.values():
        chosen = next((step for step in group if step.kind == "back"), group[-1])
        kept[chosen.key] = replace(chosen, superseded=tuple(step.key for step in group if step.key != chosen.key))
    return [kept.get(step.key, step) for step in due if step.kind not in {"remind", "back"} or step.key in kept]


def explain(
    target: str, opened_at: datetime, marks: Iterable[Mark], limits: Limits, clock: Clock,
    back_due: datetime | None = None,
) -> list[tuple[datetime, datetime, float]]:  # fmt: skip
    """Why a target falls when it does: (from, to, counted seconds) without gaps, from its start to its instant.

    A stretch that counts nothing was closed or paused. The counted seconds add up to the limit (by the scale), met or
    not; while its clock stands still the list ends where the pause began. Empty if there is no such target. Raises
    ValueError for a target other than "respond", "resolve" and "back".
    """
    this = _round(opened_at, marks, limits, clock)
    start = this.start_of(target)
    if target == "back":
        limit, start = limits.back, back_due or start
    elif target in {"respond", "resolve"}:
        limit = limits.respond if target == "respond" else limits.resolve
    else:
        message = f"unknown target {target!r}"
        raise ValueError(message)
    if limit is None or (target == "back" and back_due is None):
        return []
    pauses = () if target == "back" else this.pauses_of(limit)
    calendar = clock.calendar_of(limit)
    end = _after(start, limit, clock, [(begun, ended) for begun, ended in pauses if ended is not None])
    end = min([end, *(begun for begun, ended in pauses if ended is None)])
    parts: list[tuple[datetime, datetime, float]] = []
    at = start
    for opened, closed in spans(calendar, start, end, pauses):
        if opened > at:
            parts.append((at, opened, 0.0))
        parts.append((opened, closed, (closed - opened).total_seconds()))
        at = closed
    return [*parts, (at, end, 0.0)] if at < end else parts
