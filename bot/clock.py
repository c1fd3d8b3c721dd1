"""The tick: a few jobs again and again, none per ticket; what is due lies in the tickets themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from typing import Any, Final

import structlog

from bot.clock_guard import ClockGuard
from bot.door import now as machine_now
from bot.store import Store
from bot.ticking import Ticker
from handlers import alarms, approvals, deadlines, due_now, own_reminders, proofs, reckoning, reports, tally
from handlers.turn import School, Turn
from models.db import Away, Database
from models.tidying import LOOSE, claim_job, tidy

log = structlog.get_logger()
TICK_SECONDS: Final = 5
DEMO_TICK_SECONDS: Final = 1
TALLY_SECONDS: Final = 5  # by so much figures lag behind
REPORT_MINUTES: Final = 5
RECOMPUTE_SECONDS: Final = 3600
TIDY_MINUTES: Final = 30
STORE_HOURS: Final = 6
ALARM_AT: Final = time(8)  # in the morning of the school, before its offices open


class Clock:
    """Runs the sweep and the tidying. State lies in the database, so any process may tick, and a late tick does all.

    store: the files whose rows went are cleared away; loose: how long a file without a ticket stays.
    """

    def __init__(
        self, database: Database, school: School, now: Callable[[], datetime], store: Store | None = None,
        loose: timedelta = LOOSE,
    ) -> None:  # fmt: skip
        self._store = store
        self._loose = loose
        self._database = database
        self._school = school
        self._now = now
        self._ticker = Ticker()
        self._clock_guard = ClockGuard(machine_now)

    def start(self, daily: Callable[[Any, datetime], object] | None = None) -> None:
        """Begin to tick, at once with what is overdue. daily: a unit to run once a day in the whole cluster."""
        seconds = DEMO_TICK_SECONDS if self._school.demo else TICK_SECONDS
        self._ticker.every(seconds, self._guard(self.sweep), at_once=True)
        self._ticker.every(TALLY_SECONDS, self._guard(self.tally), at_once=True)
        self._ticker.every(REPORT_MINUTES * 60, self._guard(self.report), at_once=True)
        self._ticker.every(RECOMPUTE_SECONDS, self._guard(self.recompute), at_once=True)
        self._ticker.every(TIDY_MINUTES * 60, self._guard(self.tidy))
        if self._store is not None:
            self._ticker.every(STORE_HOURS * 3600, self._guard(self.clear_store))
        self._ticker.every(REPORT_MINUTES * 60, self._guard(self.alarm), at_once=True)
        if daily is not None:
            self._ticker.every(6 * 3600, self._guard(lambda: self._daily(daily)), at_once=True)

    def stop(self) -> None:
        """Stop ticking; a unit that is running in the database ends by itself."""
        self._ticker.stop()

    async def sweep(self) -> None:
        """Everything that is due, batch by batch: limits first, then notices that waited to be taken back.

        It asks by reading whether there is anything, so that an empty tick takes nobody's turn to write.
        """
        self._clock_guard.is_sound()  # Asked at every tick, whatever is due: it knows a jump by the tick before.
        due = await asyncio.wrap_future(self._database.submit_read(lambda session: due_now.look(session, self._now())))
        if due.limits:
            await self._sweep_limits()
        while due.notices and await self._unit(self._tell):
            pass

    async def _sweep_limits(self) -> None:
        while True:
            if self._clock_guard.is_sound():
                swept = await self._unit(lambda session: deadlines.sweep(self._turn(session)))
            else:  # A cry for help waits for no clock.
                swept = await self._unit(lambda session: deadlines.sweep(self._turn(session), only_private=True))
            if swept.done or swept.failed:
                log.info("swept", done=swept.done, failed=swept.failed)
            if not swept.more:
                break

    def _tell(self, session: Any) -> bool:
        """What was put off, what has to be shown, and reminders of one's own, in one unit, since there is nearly always none; whether more
        waits."""
        turn = self._turn(session)
        postponed, shown, own = approvals.tell_postponed(turn), proofs.sweep(turn), own_reminders.send(turn)
        return postponed >= approvals.BATCH or shown >= proofs.BATCH or own >= own_reminders.BATCH

    async def tally(self) -> None:
        """Bring the figures up to the events, batch by batch, where anything happened."""
        reading = self._database.submit_read(lambda session: tally.waits(session, self._now()))
        if not await asyncio.wrap_future(reading):
            return
        while await self._unit(lambda session: tally.tally(self._turn(session))):
            pass

    async def report(self) -> None:
        """On Monday morning, last week's figures to whoever leads."""
        written = await self._unit(lambda session: reports.report(self._turn(session)))
        if written:
            log.info("reported", messages=written)

    async def recompute(self) -> None:
        """Reckon open matters anew where the school's hours have changed, batch by batch."""
        while await self._unit(lambda session: reckoning.recompute(self._turn(session))):
            pass

    async def alarm(self) -> None:
        """Once a day, in the morning of the school, whoever leads hears of bare hours and of matters that nobody has."""
        now = self._now()
        morning = datetime.combine(now.astimezone(self._school.zone).date(), ALARM_AT, self._school.zone)

        def unit(session: Any) -> int:
            return alarms.watch(self._turn(session)) if claim_job(session, "alarm", morning) else 0

        told = await self._unit(unit) if now >= morning else 0
        if told:
            log.info("alarmed", people=told)

    async def tidy(self) -> None:
        """Let go of settled rows, a batch a unit, so that nobody waits behind it."""
        while await self._unit(lambda session: tidy(session, self._now(), self._loose)):
            log.info("tidied")

    async def clear_store(self) -> None:
        """Clear the store of files that no row names; a folder that cannot be read is tried again next time."""
        if self._store is None:
            return
        try:
            swept = await asyncio.to_thread(self._store.sweep, self._now())
        except OSError as error:
            log.warning("store_sweep_waits", kind=type(error).__name__)
        else:
            log.info("store_swept", marked=swept.marked, removed=swept.removed, back=swept.back)

    async def _daily(self, daily: Callable[[Any, datetime], object]) -> None:
        now = self._now()
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)

        def unit(session: Any) -> None:
            if claim_job(session, "daily", day):
                daily(session, now)

        await self._unit(unit)

    def _turn(self, session: Any) -> Turn:
        now = self._now()
        return Turn(session, self._school, now, now)

    def _guard(self, job: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """A tick that fails is logged, and the next one comes; a database that is away is waited for."""

        async def guarded() -> None:
            try:
                await job()
            except Away:
                log.warning("tick_waits")
            except Exception:
                # The border of containment: a failed tick must not be the last one.
                log.exception("tick_failed")

        return guarded

    async def _unit(self, unit: Callable[[Any], Any]) -> Any:
        return await asyncio.wrap_future(self._database.submit(unit))
