"""What one courier has under way: each message begun in its turn, each with a time limit, each ending in an outcome."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

import structlog

from bot.outgoing import Channel
from models.outbox import Lane
from models.pacing import LONGEST_WAIT
from models.sending import Claim, Outcome

log = structlog.get_logger()
LEAST_REST: Final = 0.001  # no loop's clock spaces more finely
MOST_LATE: Final = 0.02  # seconds that turns may lag and still catch up: half a message a second more at 25 a second


class Flight:
    """Messages that are claimed: waiting for their turn, or being sent.

    One timer begins what waits and one watches the limits, whatever their number: a task and two timers for each
    message cost more than sending it. may_begin: whether a message may still be begun at this moment; what may not is
    put back. landed: hears of every outcome. longest: seconds that one sending may take; its fate is unknown then.
    """

    def __init__(
        self, channel: Channel, may_begin: Callable[[], bool], landed: Callable[[Outcome], None], longest: float
    ) -> None:  # fmt: skip
        self._channel = channel
        self._may_begin = may_begin
        self._landed = landed
        self._longest = longest
        self._waiting: deque[tuple[float, Claim]] = deque()  # by the loop's clock, the earliest first
        self._flying: dict[asyncio.Task[Outcome], tuple[float, Claim]] = {}  # the first limit first
        self._overdue: set[asyncio.Task[Outcome]] = set()
        self._quiet: dict[Lane, float] = {}  # by the loop's clock: the platform asked a lane to wait
        self._begins: asyncio.TimerHandle | None = None
        self._watches: asyncio.TimerHandle | None = None
        self.paced_until = 0.0  # by the loop's clock: when all that was claimed is begun

    def __len__(self) -> int:
        return len(self._waiting) + len(self._flying)

    def ids(self) -> frozenset[str]:
        """The rows."""
        return frozenset(claim.id for _, claim in (*self._waiting, *self._flying.values()))

    def begin(self, claims: list[Claim], gap: float) -> None:
        """Send these, so many seconds apart, the first at once."""
        now = asyncio.get_running_loop().time()
        self._waiting.extend((now + place * gap, claim) for place, claim in enumerate(claims))
        self.paced_until = now + len(claims) * gap
        self.turn()

    def _slip(self, now: float) -> None:
        """Put off what waits by what was missed: a process that stood still must not send in a burst what it owes."""
        late = now - self._waiting[0][0] - MOST_LATE if self._waiting else 0.0
        if late > 0:
            self._waiting = deque((at + late, claim) for at, claim in self._waiting)
            self.paced_until += late

    def turn(self) -> None:
        """Begin all whose turn it is; put back what waits if nothing may be begun any more."""
        if self._begins is not None:
            self._begins.cancel()
            self._begins = None
        loop = asyncio.get_running_loop()
        now, allowed = loop.time(), self._may_begin()
        self._slip(now)
        while self._waiting and (not allowed or self._waiting[0][0] <= now + LEAST_REST):
            _, claim = self._waiting.popleft()
            if not allowed:
                self._landed(Outcome(claim.id, "put_back"))
            elif now < self._quiet.get(claim.lane, 0.0):
                self._landed(Outcome(claim.id, "put_back", "after another"))
            else:
                task = loop.create_task(self._channel.send(claim))
                self._flying[task] = now + self._longest, claim
                task.add_done_callback(self._ended)
        if self._waiting:
            self._begins = loop.call_at(self._waiting[0][0], self.turn)
        if self._flying and self._watches is None:
            self._watches = loop.call_later(self._longest, self._watch)

    def _watch(self) -> None:
        """End what took too long, and look again when the next may have."""
        loop = asyncio.get_running_loop()
        self._watches = None
        for task, (limit, _) in self._flying.items():
            if limit > loop.time():
                self._watches = loop.call_at(limit, self._watch)
                return
            self._end(task)

    def _end(self, task: asyncio.Task[Outcome]) -> None:
        """Break off a sending; whether it arrived nobody knows."""
        if task not in self._overdue:
            self._overdue.add(task)
            task.cancel()

    def _ended(self, task: asyncio.Task[Outcome]) -> None:
        """A sending ended. One that was cancelled from elsewhere is told to nobody: its row stays for `recover`."""
        _, claim = self._flying.pop(task)
        overdue = task in self._overdue
        self._overdue.discard(task)
        if task.cancelled():
            if overdue:
                self._landed(Outcome(claim.id, "unknown", "timeout"))
            return
        error = task.exception()
        if isinstance(error, TimeoutError):
            outcome = Outcome(claim.id, "unknown", "timeout")
        elif error is not None:
            # The border of containment: a channel's bug must not stop the other messages.
            log.error("send_broke", bot=self._channel.name, outbox=claim.id, exc_info=error)
            outcome = Outcome(claim.id, "unknown", "bug")
        else:
            outcome = task.result()
        if outcome.kind == "throttled":
            until = asyncio.get_running_loop().time() + min(outcome.wait, LONGEST_WAIT.total_seconds())
            self._quiet[claim.lane] = max(self._quiet.get(claim.lane, 0.0), until)
        self._landed(outcome)

    def hurry(self, seconds: float) -> None:
        """Nothing more is begun, since may_begin says so now; what is under way has so long at most."""
        self.turn()
        for task in list(self._flying):
            asyncio.get_running_loop().call_later(seconds, self._end_if_flying, task)

    def _end_if_flying(self, task: asyncio.Task[Outcome]) -> None:
        if task in self._flying:
            self._end(task)

    async def land(self) -> None:
        """Wait until everything ended."""
        while self:
            if self._flying:
                await asyncio.wait(list(self._flying))
                await asyncio.sleep(0)
            else:
                await asyncio.sleep(max(self._waiting[0][0] - asyncio.get_running_loop().time(), LEAST_REST))

    def cut(self) -> None:
        """Break off everything under way, and forget it."""
        for task in list(self._flying):
            task.cancel()
