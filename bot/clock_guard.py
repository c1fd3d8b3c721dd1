"""Notices a clock that was set: whether the time of day may be believed, by a clock that nobody can set."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

log = structlog.get_logger()
JUMP: Final = 60.0  # seconds by which the two clocks may part at once: more than a correction of a running clock
TRUST: Final = 300.0  # seconds after which a new time that stays as it is counts as the right one
FIRST_YEAR: Final = 2025  # no machine that runs this lives before it, whatever its battery says
LAST_YEAR: Final = 2100


def steady_seconds() -> float:
    """Seconds by a clock that nobody can set; on Linux it runs on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class ClockGuard:
    """Compares the time of day with a steady clock at each tick.

    After a jump of more than a minute, limits wait: a clock that is three days ahead for a minute would otherwise remind
    a whole school. If the clock comes back they go on at once; if the new time stays for five minutes it is believed,
    as after the correction of a clock that was wrong from the start.
    """

    def __init__(self, wall: Callable[[], datetime], steady: Callable[[], float] = steady_seconds) -> None:
        self._wall, self._steady = wall, steady
        self._offset: float | None = None  # of the time of day that is believed, from the steady clock
        self._other = 0.0  # the offset that is seen instead,
        self._since: float | None = None  # and since when

    def is_sound(self) -> bool:
        """Whether the time of day is to be believed now; logs when that changes."""
        wall, steady = self._wall(), self._steady()
        if not FIRST_YEAR <= wall.year < LAST_YEAR:
            if self._since is None:
                log.error("clock_senseless", year=wall.year)
                self._since = steady
            self._other = wall.timestamp() - steady
            return False
        offset = wall.timestamp() - steady
        if self._offset is None or abs(offset - self._offset) <= JUMP:
            if self._since is not None:
                log.warning("clock_sound_again")
            # Slow corrections are followed, so that they do not add up to a jump.
            self._offset, self._since = offset, None
            return True
        if self._since is None or abs(offset - self._other) > JUMP:
            log.error("clock_jumped", by=str(timedelta(seconds=round(offset - self._offset))))
            self._other, self._since = offset, steady
        if steady - self._since < TRUST:
            return False
        log.warning("clock_believed", by=str(timedelta(seconds=round(offset - self._offset))))
        self._offset, self._since = offset, None
        return True
