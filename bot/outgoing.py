"""What the courier works with: a push channel as it must be, and the count of what was carried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from models.sending import Claim, Outcome


class Channel(Protocol):
    """What a push channel must be: a name, a pace, and a send that tells what became of the message.

    per_second: messages of the whole bot. chat_gap: seconds between two messages to one account, on the average of
    chat_burst of them. at_once: how many may be in flight, which bounds what one kill doubles.
    """

    name: str
    per_second: float
    chat_gap: float
    chat_burst: int
    at_once: int

    async def send(self, claim: Claim) -> Outcome:
        """Send one message. Never raises for what a platform may answer; a timeout after the request is "unknown"."""


@dataclass(slots=True)
class Carried:
    """What a courier has done since it began."""

    sent: int = 0
    failed: int = 0
    again: int = 0
    held: int = 0
