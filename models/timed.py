"""When the rules of an item that act by time fall due: from a round and what is promised in it to their steps.

Each rule acts once for each cause: a promise that is late (of this round and turn), a question that the student was asked,
a time in which nobody has the ticket. The step's key names rule and cause, and the event that carries it is the memory.
An end that was to be warned of comes so long after the warning as was promised, however late the warning came.
A rule that came while a ticket was open does nothing of what was due before it came.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from models.limits import Limit, Timed
from models.rounds import ENDS, Clock, Round, after

RULE: Final = "rule"  # begins the key of what a rule did
WARNED: Final = "warn"  # and of the warning before it
_LEFT: Final = frozenset({"unowned", "recused"})  # from these on nobody may have it

# What a step is made of: kind, target, index, key, due_at.
Parts = tuple[str, str, int, str, datetime]


def rule_steps(this: Round, timed: Sequence[Timed], owed: Mapping[str, datetime], clock: Clock) -> Iterator[Parts]:
    """The steps of rules, done or not. owed: the targets in force. Nothing of what has ended."""
    if this.first(ENDS):
        return
    for number, rule in enumerate(timed):
        for cause, target, at in _causes(this, rule, owed, clock):
            if rule.since is None or at >= rule.since:
                yield from _steps(this, rule, number, cause, target, at, clock)


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
    warning = f"{WARNED}:{rule.name}:{cause}"
    warned_at = next((mark.at for mark in this.marks if mark.key == warning), None)
    if warned_at is None:
        yield "warn", target, number, warning, after(at, Limit(-rule.warn.seconds, rule.warn.clock), clock)
    else:
        yield "rule", target, number, key, max(at, after(warned_at, rule.warn, clock))
