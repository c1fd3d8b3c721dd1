"""Deadlines: the limits of a service item, and the pure function from what happened to what is due next.

A ticket's due_at is next_due() of its events; nothing else remembers a deadline. An event is the memory of a step that
was done: a step's key among the marks means "done". Rules:
- respond is met by the first act of staff that the requester sees (MEETS_RESPOND; "taken" is none), resolve by a
  decision or an end (MEETS_RESOLVE). What ends a ticket (ENDS) leaves only the follow-up.
- respond is owed again when the matter comes back to staff: the requester has answered what was asked, or one has
  signed and it is the next one's turn. It counts from there, so that no matter rests with somebody unreminded.
- next is owed from the first words of the requester after an answer; more words do not move it, an answer meets it.
- "extended" moves resolve by limits.extend; its reminders are armed anew.
- Where the thing that it is about begins at begins_at, every target falls before that (Round.latest).
- Silence climbs one step at a time, and never faster than was meant, however late the step before came.
- Steps in quiet hours wait for the morning, and come in the evening where that is too late; a target never moves by them.
- resolve counts from the last signature where it would end before the next one's own respond: nobody is late for time
  that passed before the matter was his.
- "asked" stops the clocks of every target until "answered"; what they ask of staff meanwhile is nothing, so targets and
  steps are absent. Only a limit by the wall clock runs on: the crisis lane waits for nobody.
- "reopened" begins a new round: all clocks start anew, and keys carry the round, so steps may be due again. So does
  "corrected"; the decision that is in force from then on comes right after it.
- Steps before a target that would fall before its beginning are left out: whoever just got the ticket knows.
- "undone" takes the event right before it along: neither counts, as if it had never been.
- The return from a leave (back) is an instant of its own; the waiting for it is no pause.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from models.limits import CLOCKS, Limit, Limits, parse_limit
from models.rounds import (
    ENDS,
    MEETS_BACK,
    MEETS_RESOLVE,
    MEETS_RESPOND,
    Clock,
    Mark,
    Round,
    after,
    promise_of,
    round_of,
    targets_of,
)
from models.timed import rule_steps
from models.worktime import spans

__all__ = [
    "CLOCKS", "ENDS", "MEETS_RESOLVE", "MEETS_RESPOND", "Clock", "Limit", "Limits", "Mark", "Step",
    "due_steps", "explain", "next_due", "parse_limit", "steps", "targets",
]  # fmt: skip

LATE: Final = timedelta(minutes=5)  # by so much a step may lag behind before the next one waits for it
_FOLLOWED: Final = frozenset({"approved", "resolved"})  # after these one asks whether it held
_ORDER: Final = ("remind", "back", "escalate", "warn", "rule", "follow_up", "close")  # at one instant
_TARGETS: Final = ("respond", "next", "resolve", "back")


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a limit asks for once.

    kind: "remind" | "escalate" | "follow_up" | "back" (the return is due: ask the student) | "rule" (of the item, see
    models/timed.py; its number is the index) | "warn" (of such a rule's end) | "close". target: "respond" |
    "next" | "resolve" | "back". index: which offset; an escalation's is the number of steps up, less one. key: at most 48
    characters, opaque. superseded: keys of reminders that this one makes pointless; write them as done with it.
    """

    kind: str
    target: str
    index: int
    key: str
    due_at: datetime
    superseded: tuple[str, ...] = ()


def targets(
    opened_at: datetime,
    marks: Iterable[Mark],
    limits: Limits,
    clock: Clock,
    back_due: datetime | None = None,
    begins_at: datetime | None = None,
) -> dict[str, datetime]:
    """The instants that are promised and still owed: "respond", "resolve", "back"; absent when met or paused."""
    return targets_of(round_of(opened_at, marks, limits, clock, begins_at), limits, clock, back_due)


def steps(
    opened_at: datetime,
    marks: Iterable[Mark],
    limits: Limits,
    clock: Clock,
    back_due: datetime | None = None,
    begins_at: datetime | None = None,
) -> list[Step]:
    """Every step that is still to be done, in the order in which they fall due."""
    marks = list(marks)
    this = round_of(opened_at, marks, limits, clock, begins_at)
    return _steps(this, targets_of(this, limits, clock, back_due), marks, limits, clock, back_due, begins_at)


def reckon(
    opened_at: datetime,
    marks: Sequence[Mark],
    limits: Limits,
    clock: Clock,
    back_due: datetime | None = None,
    begins_at: datetime | None = None,
) -> tuple[dict[str, datetime], datetime | None]:
    """`targets` without the return, and `next_due`: both in half the time that they take one after the other."""
    this = round_of(opened_at, marks, limits, clock, begins_at)
    owed = targets_of(this, limits, clock, back_due)
    promised = {target: at for target, at in owed.items() if target != "back"}
    found = _steps(this, owed, marks, limits, clock, back_due, begins_at)
    return promised, found[0].due_at if found else None


def _steps(
    this: Round, owed: dict[str, datetime], marks: Iterable[Mark], limits: Limits, clock: Clock,
    back_due: datetime | None, begins_at: datetime | None,
) -> list[Step]:  # fmt: skip
    """The steps of a round whose targets are known."""
    found: list[Step] = []
    if begins_at is not None and "resolve" in owed and owed["resolve"] <= owed.get("respond", owed["resolve"]):
        owed.pop("respond", None)  # Both fall before the thing begins: silence climbs one step at a time, not two.
    for target, at in owed.items():
        found += (
            _back_steps(this, at, limits, clock) if target == "back" else _target_steps(this, target, at, limits, clock)
        )
    ended = this.first(MEETS_BACK) or this.first(_FOLLOWED)
    if limits.follow_up and ended and back_due is None and not this.first({"withdrawn", "refused", "followed_up"}):
        due_at = after(ended.at, limits.follow_up, clock)
        found.append(Step("follow_up", "resolve", 0, f"follow_up:resolve:0:{this.number}", due_at))
    found += _close_step(this, found, limits, clock)
    if limits.timed:
        found += [Step(*each) for each in rule_steps(this, limits.timed, owed, clock)]
    done = {mark.key for mark in marks if mark.key}
    return sorted(
        (_awake(step, clock, this) for step in found if step.key not in done),
        key=lambda step: (step.due_at, _ORDER.index(step.kind), _TARGETS.index(step.target), step.index),
    )


def _close_step(this: Round, found: list[Step], limits: Limits, clock: Clock) -> list[Step]:
    """The close of what has ended, once it may not be reopened any more; after the question whether it held, if one is
    asked."""
    ended = this.first({"resolved", "approved", "refused"})
    if limits.close is None or ended is None:
        return []
    asked = [mark.at for mark in this.marks if mark.kind == "followed_up"]
    asked += [step.due_at for step in found if step.kind == "follow_up"]
    due_at = after(max([ended.at, *asked]), limits.close, clock)
    return [Step("close", "resolve", 0, f"close:resolve:0:{this.number}", due_at)]


def _awake(step: Step, clock: Clock, this: Round) -> Step:
    """A step, moved out of the quiet hours."""
    at = clock.awake_before(step.due_at, this.begins_at, this.turns[-1])
    return step if at == step.due_at else replace(step, due_at=at)


def _target_steps(this: Round, target: str, at: datetime, limits: Limits, clock: Clock) -> list[Step]:
    """Reminders and escalations of "respond", "next" or "resolve"; those before its beginning are left out."""
    found: list[Step] = []
    version, start = this.version_of(target), this.start_of(target)
    for kind, offsets in (("remind", limits.remind), ("escalate", limits.escalate)):
        for index, offset in enumerate(offsets):
            if offset.seconds > 0 and this.stops(offset):
                continue
            due_at = after(at, offset, clock, this.pauses_of(offset))
            if due_at > start:
                found.append(Step(kind, target, index, f"{kind}:{target}:{index}:{version}", due_at))
    return _spaced(this, found, limits.escalate, clock)


def _back_steps(this: Round, at: datetime, limits: Limits, clock: Clock) -> list[Step]:
    """Steps of an expected return, with its instant in their keys: another one arms them anew. Nobody who has not left is reminded."""
    version = f"{this.number}.{int(at.timestamp())}"
    offsets = [("back", 0, Limit(0, "wall"))]
    offsets += [("remind", index, offset) for index, offset in enumerate(limits.back_remind)]
    offsets += [("escalate", index, offset) for index, offset in enumerate(limits.back_escalate)]
    found = [
        Step(kind, "back", index, f"{kind}:back:{index}:{version}", _in_time(after(at, offset, clock), at, clock))
        for kind, index, offset in offsets
    ]
    begun = [step for step in found if step.kind != "remind" or this.begins_at is None or step.due_at >= this.begins_at]
    return _spaced(this, begun, limits.back_escalate, clock)


def _in_time(due_at: datetime, at: datetime, clock: Clock) -> datetime:
    """What is to be said before a leave's end at midnight, within the quiet hours, is said in the evening before it."""
    return clock.evening(due_at) if due_at < at <= clock.awake(due_at) else due_at


def _spaced(this: Round, found: list[Step], offsets: Sequence[Limit], clock: Clock) -> list[Step]:
    """Steps in which whoever heard of it late, after a night or days off, has the time that was meant before it climbs on."""
    done_at = {
        mark.key: mark.at
        for mark in this.marks
        # A role that nobody holds was told nothing, so the next one is told in time.
        if mark.key.startswith("escalate:") and not (mark.kind == "passed_over" and ":back:" in mark.key)
    }
    if not done_at:
        return found
    moved: dict[int, datetime] = {}  # when those are due, or were done, that came or come later than was meant
    spaced: list[Step] = []
    for step in found:
        if step.kind == "escalate":
            before = moved.get(step.index - 1)
            if before is not None:
                gap = max(0, offsets[step.index].seconds - offsets[step.index - 1].seconds)
                later = after(before, Limit(gap, offsets[step.index].clock), clock)
                step = replace(step, due_at=max(step.due_at, later))  # noqa: PLW2901 (the same step, later)
                moved[step.index] = step.due_at
            heard_at = done_at.get(step.key)
            if heard_at is not None and heard_at - step.due_at > LATE:
                moved[step.index] = heard_at
        spaced.append(step)
    return spaced


def next_due(
    opened_at: datetime,
    marks: Iterable[Mark],
    limits: Limits,
    clock: Clock,
    back_due: datetime | None = None,
    begins_at: datetime | None = None,
) -> datetime | None:
    """When the next step falls due (it may be past); None when nothing is to be done: met, paused, finished."""
    found = steps(opened_at, marks, limits, clock, back_due, begins_at)
    return found[0].due_at if found else None


def due_steps(
    opened_at: datetime, marks: Iterable[Mark], limits: Limits, clock: Clock, now: datetime,
    back_due: datetime | None = None, begins_at: datetime | None = None,
) -> list[Step]:  # fmt: skip
    """The steps that are due, in order, as they should be done after any downtime.

    Of several reminders of one target only the last is left (or the step "back", which says more), with the keys of
    the others in superseded. It climbs one step at a time: of several escalations the first is left; those of other
    promises that climb at this very moment are superseded, and further ones of the same come later (_spaced).
    """
    due = [step for step in steps(opened_at, marks, limits, clock, back_due, begins_at) if step.due_at <= now]
    groups: dict[str, list[Step]] = {}
    for step in due:
        if step.kind in {"remind", "back"}:
            groups.setdefault(step.target, []).append(step)
    kept: dict[str, Step] = {}
    for group in groups.values():
        chosen = next((step for step in group if step.kind == "back"), group[-1])
        kept[chosen.key] = replace(chosen, superseded=tuple(step.key for step in group if step.key != chosen.key))
    climbs = [step for step in due if step.kind == "escalate"]
    if climbs:
        first = climbs[0]
        others = {step.target: step for step in reversed(climbs) if step.target != first.target}
        kept[first.key] = replace(first, superseded=tuple(step.key for step in others.values()))
    # A question that comes late leaves the time to answer it before the close.
    asks = any(step.kind == "follow_up" for step in due)
    alone = {"follow_up", "rule", "warn"} if asks else {"follow_up", "close", "rule", "warn"}
    return [kept.get(step.key, step) for step in due if step.kind in alone or step.key in kept]


def explain(
    target: str, opened_at: datetime, marks: Iterable[Mark], limits: Limits, clock: Clock,
    back_due: datetime | None = None, begins_at: datetime | None = None,
) -> list[tuple[datetime, datetime, float]]:  # fmt: skip
    """Why a target falls when it does: (from, to, counted seconds) without gaps, from its start to its instant.

    A stretch that counts nothing was closed or paused. The counted seconds add up to the limit (by the scale) and its
    extensions, met or not, or to less where the thing begins before that; while its clock stands still the list ends
    where the pause began. Empty if there is no such target. Raises ValueError for an unknown target.
    """
    this = round_of(opened_at, marks, limits, clock, begins_at)
    start = this.start_of(target)
    if target == "back":
        limit, start = limits.back, back_due or start
    elif target in {"respond", "next", "resolve"}:
        limit = {"respond": limits.respond, "next": limits.next, "resolve": limits.resolve}[target]
    else:
        message = f"unknown target {target!r}"
        raise ValueError(message)
    if limit is None or (target == "back" and back_due is None):
        return []
    pauses = () if target == "back" else this.pauses_of(limit)
    calendar = clock.calendar_of(limit)
    over = [(begun, ended) for begun, ended in pauses if ended is not None]
    end = after(start, limit, clock) if target == "back" else promise_of(this, target, limit, limits, clock, over)
    end = min([end, *(begun for begun, ended in pauses if ended is None)])
    parts: list[tuple[datetime, datetime, float]] = []
    at = start
    for opened, closed in spans(calendar, start, end, pauses):
        if opened > at:
            parts.append((at, opened, 0.0))
        parts.append((opened, closed, (closed - opened).total_seconds()))
        at = closed
    return [*parts, (at, end, 0.0)] if at < end else parts
