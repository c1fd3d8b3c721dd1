"""What may go wrong on the way to Telegram and back, on purpose and repeatably."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

# Presets for the refusals of facts §1.2: code, description.
REFUSALS: dict[str, tuple[int, str]] = {
    "blocked": (403, "Forbidden: bot was blocked by the user"),
    "deactivated": (403, "Forbidden: user is deactivated"),
    "kicked": (403, "Forbidden: bot was kicked from the supergroup chat"),
    "chat_not_found": (400, "Bad Request: chat not found"),
    "thread_not_found": (400, "Bad Request: message thread not found"),
    "cannot_parse": (400, "Bad Request: can't parse entities: Can't find end of Bold entity at byte offset 0"),
    "unauthorized": (401, "Unauthorized"),
    "conflict": (409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"),
}  # fmt: skip
KINDS = {
    "reset_before",  # the connection breaks, nothing was done
    "reset_after",  # done, then the connection breaks: no answer
    "hang",  # done, and no answer for as long as the client waits
    "slow_before",  # does nothing for `seconds`, then all as usual
    "slow",  # done at once, answered after `seconds`
    "error_before",  # 500 or 502 (a page, not JSON), nothing was done
    "error_after",  # the same, and it was done
    "truncated",  # done, and the JSON of the answer stops in its middle
    "cut",  # done, and the connection breaks in the middle of the answer
    "throttle",  # 429 with retry_after `seconds`
    "refuse",  # `code` and `description`, or a name of REFUSALS in `description`; `parameters` go along
}


@dataclass
class Fault:
    """One thing that goes wrong, with those requests that it concerns."""

    kind: str
    method: str = ""  # "" is every method but getUpdates
    chat_id: int = 0  # 0 is every chat
    text: str = ""  # only requests whose text or caption holds this
    skip: int = 0  # so many matching requests go well first
    times: int | None = 1  # None is for ever
    probability: float = 1.0
    seconds: float = 1.0
    code: int = 500
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    met: int = 0
    fired: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(self.kind)

    def concerns(self, method: str, args: dict[str, str]) -> bool:
        """Whether a request is of the sort that this fault strikes."""
        if self.method.lower() != method and (self.method or method == "getupdates"):
            return False
        if self.chat_id and args.get("chat_id") != str(self.chat_id):
            return False
        return self.text in (args.get("text") or args.get("caption") or "")


class Faults:
    """The faults that are set, and the dice."""

    def __init__(self, seed: int = 1) -> None:
        self.dice = random.Random(seed)
        self.set: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Set one more; the earliest that strikes wins."""
        self.set.append(fault)
        return fault

    def clear(self) -> None:
        """All is well from now on."""
        self.set.clear()

    def strike(self, method: str, args: dict[str, str]) -> Fault | None:
        """The fault that this request meets, counted."""
        for fault in self.set:
            if (fault.times is not None and fault.fired >= fault.times) or not fault.concerns(method, args):
                continue
            fault.met += 1
            if fault.met > fault.skip and (fault.probability >= 1 or self.dice.random() < fault.probability):
                fault.fired += 1
                return fault
        return None
