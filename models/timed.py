"""When the rules of an item that act by time fall due: from a round and what is promised in it to their steps.

Each rule acts once for each cause: a promise that is late (of this round and turn), a question that the student was asked,
a time in which nobody has the ticket. The step's key names rule and cause, and the event that carries it is the memory.
An end that was to be warned of comes so long after the warning as was promised, however late the warning came, and never
before the instant that the student was told, whatever became of the rule since: the warning's key holds that instant.
A rule that came while a ticket was open does nothing of what was due before it came; only one that ends what waits for
the student begins with it, since whoever has waited longer is warned first and has the whole time of the warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from models.limits import Limit, Timed
from models.rounds import ENDS, Clock, Mark, Round, after

RULE: Final = "rule"  # begins the key of what a rule did
WARNED: Final = "warn"  # and of the warning before it
_TOLD: Final = "@"  # in the key of a warning, before the instant until which it promised to wait
_LEFT: Final = frozenset({"unowned", "recused"})  # from these on nobody may have it

# What a step is made of: kind, target, index, key, due_at.
Parts = tuple[str, str, int, str, datetime]


def rule_steps(this: Round, timed: Sequence[Timed], owed: Mapping[str, datetime], clock: Clock) -> Iterator[Parts]:
    """The steps of rules, done or not. owed: the targets in force. Nothing of what has ended."""
    if this.first(ENDS):
        return
    for number, rule in enumerate(timed):
        for cause, target, at in _causes(this, rule, owed, clock):
            begins_at = _in_force(this, rule, cause, at, clock)
            if begins_at is not None:
                yield from _steps(this, rule, number, cause, target, begins_at, clock)


def _in_force(this: Round, rule: Timed, cause: str, at: datetime, clock: Clock) -> datetime | None:
    """When a rule is to act on a cause that is due at an instant; None for what was due before the rule came.

    What waits for the student longer than that is warned of when the rule comes. A warning that was given and ran out before
    (the rule had been taken out) is not given a second time, and nothing is ended by it.
    """
    if rule.since is None or at >= rule.since:
        return at
    if rule.warn is None:
        return None
    told = told_until(this.marks, cause)
    if told is not None:
        return told if told >= rule.since else None
    return None if _warned_at(this, rule, cause) is not None else after(rule.since, rule.warn, clock)


def told_key(key: str, until_at: datetime) -> str:
    """The key of a warning that is given: the step's, with the instant until which the student was told to have time."""
    return f"{key}{_TOLD}{int(until_at.timestamp()):x}"


def told_until(marks: Iterable[Mark], cause: str) -> datetime | None:
    """Until when the student was told to have time for one cause, by whichever rule and by the latest word; None for not at
    all. cause: as it stands in a step's key, behind the rule's name."""
    told = [
        int(told, 16)
        for mark in marks
        if mark.key.startswith(f"{WARNED}:")
        for key, _, told in (mark.key.partition(_TOLD),)
        if told and cause_of(key) == cause
    ]
    return datetime.fromtimestamp(max(told), UTC) if told else None


def cause_of(key: str) -> str:
    """The cause in the key of a rule's step: "warn:NAME:asked:0.1" → "asked:0.1"."""
    return key.split(":", 2)[2]


def _warned_at(this: Round, rule: Timed, cause: str) -> datetime | None:
    warning = f"{WARNED}:{rule.name}:{cause}"
    return next((mark.at for mark in this.marks if mark.key.partition(_TOLD)[0] == warning), None)


def _causes(
    this: Round, rule: Timed, owed: Mapping[str, datetime], clock: Clock
) -> Iterator[tuple[str, str, datetime]]:
    """Every cause that a rule has now: what tells it from others, the target, and when the rule is to act on it."""
    if rule.on == "overdue":
        for target, at in owed.items():
            if target == "back" or rule.target not in ("", target) or (rule.after.seconds and this.stops(rule.after)):
                continue
            due_at = after(at, rule.after, clock, this.pauses_of(rule.after))
            yield f"{target}:{this.version_of(target)}", target, due_at
    elif rule.on == "waiting":
        if this.pauses and this.pauses[-1][1] is None:
            yield f"asked:{this.number}.{len(this.pauses)}", "resolve", after(this.pauses[-1][0], rule.after, clock)
    else:
        left = [mark.at for mark in this.marks if mark.kind in _LEFT]
        yield f"left:{this.number}.{len(left)}", "resolve", after(max([this.started_at, *left]), rule.after, clock)


def _steps(
    this: Round, rule: Timed, number: int, cause: str, target: str, at: datetime, clock: Clock
) -> Iterator[Parts]:
    key = f"{RULE}:{rule.name}:{cause}"
    if rule.warn is None:
        yield "rule", target, number, key, at
        return
    warned_at = _warned_at(this, rule, cause)
    if warned_at is None:
        warning = f"{WARNED}:{rule.name}:{cause}"
        yield "warn", target, number, warning, after(at, Limit(-rule.warn.seconds, rule.warn.clock), clock)
    else:
        promised = told_until(this.marks, cause) or after(warned_at, rule.warn, clock)
        yield "rule", target, number, key, max(at, promised)
