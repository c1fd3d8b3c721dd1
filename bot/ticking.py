"""APScheduler as a tick: runs jobs again and again, and notices when the time of day was set back.

APScheduler counts its intervals by the time of day: set back by an hour it is silent for an hour, and with it every limit of the
school. A watch that sleeps by the monotonic clock looks for jobs that wait for longer than their interval, and calls them at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

Job = Callable[[], Awaitable[None]]
SLACK: Final = timedelta(seconds=1)  # by which a job may be planned beyond its interval without the clock having moved


class Ticker:
    """Jobs that run every so many seconds, none beside itself; a late one runs once and not once for each missed turn."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}, timezone="UTC"
        )
        self._watch: asyncio.Task[None] | None = None
        self._shortest = 60.0

    def every(self, seconds: float, job: Job, *, at_once: bool = False) -> None:
        """Run a job from now on until stop. at_once: begin with a run, and not with a wait. The job sees to its errors."""
        first: dict[str, Any] = {"next_run_time": datetime.now(UTC)} if at_once else {}
        self._scheduler.add_job(_quietly(job), "interval", seconds=seconds, **first)
        self._shortest = min(self._shortest, seconds)
        if self._watch is None:
            self._scheduler.start()
            self._watch = asyncio.get_running_loop().create_task(self._look_after())

    def stop(self) -> None:
        """Run nothing more; what is running ends by itself. Twice is no mistake."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
            self._scheduler.shutdown(wait=False)

    async def _look_after(self) -> None:
        """Wake every job that waits for longer than its interval: the clock was set back meanwhile."""
        while True:
            await asyncio.sleep(self._shortest)
            now = datetime.now(UTC)
            for job in self._scheduler.get_jobs():
                if job.next_run_time is not None and job.next_run_time > now + job.trigger.interval + SLACK:
                    job.modify(next_run_time=now)


def _quietly(job: Job) -> Job:
    async def run() -> None:
        try:
            await job()
        except asyncio.CancelledError:
            # The scheduler was stopped: it would show this as a trace. The unit in the database ends by itself.
            return

    return run
