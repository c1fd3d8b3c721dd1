"""What one courier has under way keeps its pace, whatever the process that sends it goes through."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from bot.flight import MOST_LATE, Flight
from bot.outgoing import Channel
from models.message import Reply
from models.outbox import Lane
from models.sending import Claim, Outcome

GAP = 0.04  # 25 a second


class Recorder:
    """A channel that is done at once and knows when it was asked, by the loop's clock."""

    name = "test"

    def __init__(self) -> None:
        self.begun: list[float] = []
        self.third = asyncio.Event()

    async def send(self, claim: Claim) -> Outcome:
        self.begun.append(asyncio.get_running_loop().time())
        if len(self.begun) == 3:
            self.third.set()
        return Outcome(claim.id, "sent")


def claims(count: int) -> list[Claim]:
    return [Claim(str(place), "account", Lane.interactive, 0, Reply(text="x")) for place in range(count)]


def test_it_sends_in_no_burst_what_it_missed_while_it_stood_still() -> None:
    async def act() -> tuple[list[float], float, float]:
        loop = asyncio.get_running_loop()
        real, skipped = loop.time, 0.0
        loop.time = lambda: real() + skipped  # type: ignore[method-assign]
        channel, landed = Recorder(), asyncio.Event()
        outcomes: list[Any] = []

        def hear(outcome: Outcome) -> None:
            outcomes.append(outcome)
            if len(outcomes) == 10:
                landed.set()

        flight = Flight(cast("Channel", channel), lambda: True, hear, 60.0)
        flight.begin(claims(10), GAP)
        await channel.third.wait()
        skipped = 1.0  # A stop of a second: by the first plan all that waits would be due.
        await landed.wait()
        return channel.begun, flight.paced_until, loop.time()

    begun, paced_until, ended = asyncio.run(act())
    assert len(begun) == 10
    after = [at for at in begun if at >= begun[2] + 1.0]
    assert len(after) == 7, "the stop lay between the third and the fourth"
    assert after[-1] - after[0] >= 6 * GAP - MOST_LATE - 0.001, "spaced as if nothing had been missed"
    assert paced_until >= after[-1] - 0.001
    assert ended >= after[-1]
