"""The limits of a service item as values, and how they are read from words such as "4h" and "2d wall"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

CLOCKS: Final = ("work", "calendar", "wall")
WORKDAY_SECONDS: Final = 8 * 3600
_UNITS: Final = "dhms"
_PART: Final = re.compile(r"([0-9]{1,6})([dhms])")
_SECONDS: Final = {"h": 3600, "m": 60, "s": 1}


@dataclass(frozen=True, slots=True)
class Limit:
    """A span and the clock that counts it.

    clock: "work" counts open hours; "calendar" every hour of every day; both stop while the requester is asked.
    "wall" counts every hour and never stops. seconds may be negative only where it is an offset before a target.
    """

    seconds: int
    clock: str = "work"

    def __post_init__(self) -> None:
        """Refuse a clock that nobody has."""
        if self.clock not in CLOCKS:
            message = f"unknown clock {self.clock!r}: it is one of {', '.join(CLOCKS)}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Timed:
    """A rule of an item that acts by itself once time has passed (models.rules.Rule): its name, on what, after how long.

    on: "overdue" | "waiting" | "unowned". target: which promise is late, "" for any. warn: so long before its act it is
    told of, None for not at all. tags: whether its conditions ask for tags, which are read when they are needed. since: from
    when on it is in force for a ticket that is older, None for as long as the ticket is there.
    """

    name: str
    on: str
    after: Limit
    target: str = ""
    warn: Limit | None = None
    tags: bool = False
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What an item promises.

    respond, resolve: spans from the opening (or reopening). next: span from the first words of the requester that
    nobody answered yet, once the first answer was given. remind: offsets from a target, negative before it.
    escalate: offsets after a target, each one step up the grid. follow_up: span from the end. back: grace after
    the expected return, when the step "back" is due; back_remind and back_escalate: offsets from that instant;
    back_roles: who is told at each of the latter, by role, where that is not whoever leads above.
    extend: by how much resolve moves when it is extended, None where it cannot be. before: how long before the thing
    that it is about begins an answer is due, None where that says nothing. close: span from the end (or from the
    question whether it held), after which what nobody speaks of any more is closed. timed: the rules of the item that
    act once time has passed, those whose conditions hold. changes: when the priority was changed since it was opened, each
    with the limits that were in force until then, oldest first; what they mean says models.rounds.promise_of.
    """

    respond: Limit | None = None
    next: Limit | None = None
    resolve: Limit | None = None
    remind: tuple[Limit, ...] = ()
    escalate: tuple[Limit, ...] = ()
    follow_up: Limit | None = None
    back: Limit | None = None
    back_remind: tuple[Limit, ...] = ()
    back_escalate: tuple[Limit, ...] = ()
    back_roles: tuple[str, ...] = ()
    extend: Limit | None = None
    before: Limit | None = None
    close: Limit | None = None
    timed: tuple[Timed, ...] = ()
    changes: tuple[tuple[datetime, Limits], ...] = ()

    def __post_init__(self) -> None:
        """Refuse targets without time and escalations before their target."""
        for name in ("respond", "next", "resolve", "follow_up", "extend"):
            limit: Limit | None = getattr(self, name)
            if limit is not None and limit.seconds <= 0:
                message = f"{name} needs more than no time"
                raise ValueError(message)
        for name, offsets in (
            ("escalate", self.escalate),
            ("back_escalate", self.back_escalate),
            ("back", (self.back,) if self.back else ()),
            ("before", (self.before,) if self.before else ()),
        ):
            if any(offset.seconds < 0 for offset in offsets):
                message = f"{name} cannot come before its target"
                raise ValueError(message)


@lru_cache(maxsize=1024)
def parse_limit(words: str, default_clock: str = "work", workday_seconds: int = WORKDAY_SECONDS) -> Limit:
    """A limit from words: "4h", "1d4h", "2d wall", "-1h", "90s".

    Units d, h, m, s, each once and in this order. A day is one working day (workday_seconds) by the work clock and 24
    hours by the others. Raises ValueError that names the part that it does not understand.
    """
    parts = words.split()
    clock = parts.pop() if parts and parts[-1] in CLOCKS else default_clock
    body = "".join(parts)
    digits = body[1:] if body[:1] in ("+", "-") else body
    total = at = 0
    units = _UNITS
    while at < len(digits):
        found = _PART.match(digits, at)
        if found is None or found[2] not in units:
            break
        day = workday_seconds if clock == "work" else 86_400
        total += int(found[1]) * _SECONDS.get(found[2], day)
        units = units[units.index(found[2]) + 1 :]
        at = found.end()
    if at < len(digits) or not digits:
        message = f"{words!r} is no limit: {digits[at:]!r} is not understood (write 4h, 1d4h, 30m, 2d wall)"
        raise ValueError(message)
    return Limit(-total if body[0] == "-" else total, clock)
