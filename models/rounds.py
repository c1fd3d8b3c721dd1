"""What has happened to a ticket since it was last opened, and by when its promises fall: rounds, pauses, targets.

The rules stand in models/deadline.py, which makes steps of the targets.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from models.correction import standing
from models.limits import Limit, Limits
from models.worktime import Calendar, Pause, Window, add, subtract

MEETS_RESPOND: Final = frozenset(
    {"replied", "revised", "asked", "approved", "refused", "resolved", "closed", "withdrawn", "merged"}
)
MEETS_RESOLVE: Final = frozenset({"approved", "refused", "resolved", "closed", "withdrawn", "merged"})
MEETS_BACK: Final = frozenset({"returned"})
ENDS: Final = frozenset({"refused", "resolved", "closed", "withdrawn", "merged"})
HANDS_ON: Final = frozenset(
    {"signed", "sent_back", "split_off"}
)  # from these on it is somebody else's turn in the chain
# These begin a new round: another request, the same once more, or another decision in the place of one.
AFRESH: Final = frozenset({"reopened", "amended", "corrected"})
# Keys of words to the requester: how far it is (进展), the same that was said as the answer first, and an answer that ended it.
PROGRESS: Final = "progress"
KEPT_OPEN: Final = "progress:kept"
ANSWERED: Final = "answer"
WANTS: Final = frozenset({"added"})  # words of the requester that ask for an answer without being asked for
SOON: Final = timedelta(minutes=30)  # the least that whoever answers is given before the thing begins
_ALWAYS: Final = Calendar.always()
_ONE_DAY: Final = timedelta(days=1)
_ONE_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """How time passes. scale < 1 is for demonstrations: it shortens every limit and counts every hour.

    areas: calendars of areas that keep other hours, by the area's code. quiet: seconds after midnight in the school's
    zone between which nobody is reminded, the second below the first where it crosses midnight; None for never.
    """

    calendar: Calendar
    scale: float = 1.0
    areas: Mapping[str, Calendar] = field(default_factory=dict, hash=False)
    quiet: Window | None = None

    def __post_init__(self) -> None:
        """Refuse a scale by which time stands still or runs backwards."""
        if not (math.isfinite(self.scale) and self.scale > 0):
            message = f"scale {self.scale} is not above 0"
            raise ValueError(message)

    def at(self, path: str) -> Clock:
        """The clock of an area, "/sl/cs/cs2301/": the hours of the nearest area on the way up that keeps its own."""
        if self.areas:
            for code in reversed(path.strip("/").split("/")):
                if code in self.areas:
                    return replace(self, calendar=self.areas[code])
        return self

    def urgent(self) -> Clock:
        """The same for what waits for nobody: at its true limits in a demonstration, and at any hour."""
        return replace(self, scale=1.0, quiet=None) if self.scale != 1 or self.quiet else self

    def awake(self, at: datetime) -> datetime:
        """An instant, moved to the end of the quiet hours if it falls into them. A demonstration has none."""
        night = self._night(at)
        return max(at, night[1]) if night is not None else at

    def awake_before(self, at: datetime, begins_at: datetime | None, since: datetime) -> datetime:
        """The same for what is about something that begins: where the morning is too late, the evening before; and where it
        was asked (since) too late for that, no quiet hours, as whoever asked must know before going."""
        morning = self.awake(at)
        if begins_at is None or not at < begins_at <= morning:
            return morning
        evening = self.evening(at)
        return evening if evening > since + _ONE_HOUR else at

    def evening(self, at: datetime) -> datetime:
        """An instant, moved to an hour before the quiet hours if it falls into them: what the morning is too late for."""
        night = self._night(at)
        return night[0] - _ONE_HOUR if night is not None else at

    def _night(self, at: datetime) -> tuple[datetime, datetime] | None:
        """The quiet hours into which an instant falls, from and to; None where it falls into none."""
        if self.quiet is None or self.scale != 1:
            return None
        opens, closes = self.quiet
        zone = ZoneInfo(self.calendar.zone)
        local = at.astimezone(zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        seconds = (local.replace(tzinfo=None) - midnight).total_seconds()
        if opens < closes:
            asleep, first, last = opens <= seconds < closes, midnight, midnight
        elif seconds >= opens:
            asleep, first, last = True, midnight, midnight + _ONE_DAY
        else:
            asleep, first, last = seconds < closes, midnight - _ONE_DAY, midnight
        if not asleep:
            return None
        ends = (first + timedelta(seconds=opens), last + timedelta(seconds=closes))
        begins, over = (each.replace(tzinfo=zone).astimezone(UTC) for each in ends)
        return begins, over

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
    wanted_at: the first words since the last answer that want one, None for none; wanted: how often that was so.
    extended: how often resolve was extended. begins_at: when the thing begins that it is about.
    """

    number: int
    started_at: datetime
    marks: Sequence[Mark]
    pauses: tuple[Pause, ...]
    turns: tuple[datetime, ...]
    answered: bool
    resolve_turn: int = 0
    wanted_at: datetime | None = None
    wanted: int = 0
    extended: int = 0
    begins_at: datetime | None = None

    def first(self, kinds: Iterable[str]) -> Mark | None:
        """The first mark of some kinds."""
        return next((mark for mark in self.marks if mark.kind in kinds), None)

    def start_of(self, target: str) -> datetime:
        """The instant from which a target counts."""
        if target == "next" and self.wanted_at is not None:
            return self.wanted_at
        return self.turns[self._turn_of(target)]

    def _turn_of(self, target: str) -> int:
        return {"respond": len(self.turns) - 1, "resolve": self.resolve_turn}.get(target, 0)

    def version_of(self, target: str) -> str:
        """What tells the steps of one round, turn and extension from those of another."""
        turn = self.wanted if target == "next" else self._turn_of(target)
        extended = f"e{self.extended}" if target == "resolve" and self.extended else ""
        return (f"{self.number}.{turn}" if turn else f"{self.number}") + extended

    def latest(self, target: str, at: datetime, before: Limit) -> datetime:
        """A target's instant, or an earlier one: an answer is due before the thing that it is about begins.

        That is `before` its beginning, but at least half an hour after it was asked, and at the beginning at the latest.
        What begins as it is asked is answered within half an hour; what was asked later has the limit alone.
        """
        start = self.start_of(target)
        if self.begins_at is None or start >= self.begins_at + SOON:
            return at
        if start >= self.begins_at:
            return min(at, start + SOON)
        return min(at, self.begins_at, max(self.begins_at - timedelta(seconds=before.seconds), start + SOON))

    def pauses_of(self, limit: Limit) -> tuple[Pause, ...]:
        """The pauses that stop a limit's clock."""
        return () if limit.clock == "wall" else self.pauses

    def stops(self, limit: Limit) -> bool:
        """Whether a limit's clock stands still now."""
        return any(ended is None for _, ended in self.pauses_of(limit))


def round_of(
    opened_at: datetime, marks: Iterable[Mark], limits: Limits, clock: Clock, begins_at: datetime | None = None
) -> Round:
    """The round in force; marks of one instant keep the order in which they came."""
    ordered = standing(sorted(marks, key=lambda mark: mark.at))
    number, started_at, first = 0, opened_at, 0
    for place, mark in enumerate(ordered):
        if mark.kind in AFRESH:
            number, started_at, first = number + 1, mark.at, place + 1
    pauses: list[Pause] = []
    turns, handed, answered = [started_at], 0, False
    asked_at: datetime | None = None
    wanted_at: datetime | None = None
    wanted = extended = 0
    for mark in ordered[first:]:
        if mark.kind in WANTS and answered and wanted_at is None:
            wanted_at, wanted = mark.at, wanted + 1
        extended += mark.kind == "extended"
        if mark.kind in MEETS_RESPOND:
            answered, wanted_at = True, None
        if mark.kind == "asked" and asked_at is None:
            asked_at = mark.at
        elif mark.kind in HANDS_ON or (mark.kind == "answered" and asked_at is not None):
            turns.append(mark.at)
            answered, handed = False, len(turns) - 1 if mark.kind in HANDS_ON else handed
            wanted_at = None  # The answer that is owed anew says it all.
        if mark.kind == "answered" and asked_at is not None:
            pauses.append((asked_at, mark.at))
            asked_at = None
    pauses += [(asked_at, None)] if asked_at is not None else []
    this = Round(
        number, started_at, ordered[first:], tuple(pauses), tuple(turns), answered,
        wanted_at=wanted_at, wanted=wanted, extended=extended, begins_at=begins_at,
    )  # fmt: skip
    return replace(this, resolve_turn=handed) if handed and _ends_early(this, turns[handed], limits, clock) else this


def _ends_early(this: Round, handed_at: datetime, limits: Limits, clock: Clock) -> bool:
    """Whether resolve, from the beginning, ends before the respond of whoever has had the matter since handed_at."""
    if limits.resolve is None:
        return False
    closed = [pause for pause in this.pauses_of(limits.resolve) if pause[1] is not None]
    own = after(handed_at, limits.respond or Limit(0), clock, closed)
    return after(this.started_at, limits.resolve, clock, closed) < own


def targets_of(this: Round, limits: Limits, clock: Clock, back_due: datetime | None) -> dict[str, datetime]:
    """The instants of a round that are promised and still owed."""
    found: dict[str, datetime] = {}
    if this.first(ENDS):
        return found
    resolved = this.first(MEETS_RESOLVE) is not None
    met = {"respond": this.answered, "next": this.wanted_at is None or resolved, "resolve": resolved}
    for name, limit in (("respond", limits.respond), ("next", limits.next), ("resolve", limits.resolve)):
        if limit is not None and not met[name] and not this.stops(limit):
            found[name] = promise_of(this, name, limit, limits, clock, this.pauses_of(limit))
    if back_due is not None and not this.first(MEETS_BACK):
        found["back"] = after(back_due, limits.back or Limit(0, "wall"), clock)
    return found


def promise_of(
    this: Round, target: str, limit: Limit, limits: Limits, clock: Clock, pauses: Sequence[Pause]
) -> datetime:
    """When a target falls: its limit from its start, extended as it was, and before the thing begins.

    Where the priority was changed since its start, what had been promised stays at the latest, and the new limit is given
    in full from the change at the least, so that nobody is late by the change: of the limit from the start and of the
    earlier one of (what was promised, the limit from the change) the later.
    """
    at = _by_level(this, target, limit, limits, clock, pauses)
    if target == "resolve" and limits.extend is not None:
        for _ in range(this.extended):
            at = after(at, limits.extend, clock, pauses)
    return at if limits.before is None else this.latest(target, at, limits.before)


def _by_level(
    this: Round, target: str, limit: Limit, limits: Limits, clock: Clock, pauses: Sequence[Pause]
) -> datetime:
    """When a target falls by the limits of every priority that the matter had since the target's start."""
    start = this.start_of(target)
    changes = [(at, getattr(was, target)) for at, was in limits.changes if at > start]
    if not changes:
        return after(start, limit, clock, pauses)
    promised = None if changes[0][1] is None else after(start, changes[0][1], clock, pauses)
    for (changed_at, _), own in zip(changes, [*(was for _, was in changes[1:]), limit], strict=True):
        if own is None:
            promised = None
            continue
        anew = after(changed_at, own, clock, pauses)
        promised = max(after(start, own, clock, pauses), anew if promised is None else min(promised, anew))
    return after(start, limit, clock, pauses) if promised is None else promised


def after(at: datetime, offset: Limit, clock: Clock, pauses: Iterable[Pause] = ()) -> datetime:
    """An instant moved by an offset, backwards if it is negative."""
    move = add if offset.seconds >= 0 else subtract
    return move(clock.calendar_of(offset), at, abs(offset.seconds) * clock.scale, pauses)
