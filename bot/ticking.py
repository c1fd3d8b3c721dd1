"""Runs jobs again and again by the machine's monotonic clock: a clock that is set forward or back moves none of them.

APScheduler counts its intervals by the time of day: set back by an hour it is silent for an hour, and with it every
limit of the school. Here the time of day is asked only for what is due, and never for when to look.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

Job = Callable[[], Awaitable[None]]


class Ticker:
    """Jobs that run every so many seconds, none beside itself; a late one runs once and not once for each missed turn."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []

    def every(self, seconds: float, job: Job, *, at_once: bool = False) -> None:
        """Run a job from now on until stop. at_once: begin with a run, and not with a wait. The job sees to its errors."""
        self._tasks.append(asyncio.get_running_loop().create_task(self._repeat(seconds, job, at_once=at_once)))

    def stop(self) -> None:
        """End every job where it waits. Twice is no mistake."""
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()

    async def _repeat(self, seconds: float, job: Job, *, at_once: bool) -> None:
        loop = asyncio.get_running_loop()
        if not at_once:
            await asyncio.sleep(seconds)
        while True:
            began = loop.time()
            await job()
            # At the pace of the beginnings, however long a run takes; what was missed meanwhile is not made up for.
            await asyncio.sleep(max(0.0, began + seconds - loop.time()))
