"""Taking a decision back: which may be, for how long, where the matter stood before, and what counts no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol, TypeVar

from models.ticket import Status

WITHIN: Final = timedelta(minutes=2)  # as long as a slip of the hand is noticed, and before a student has packed
UNDONE: Final = "undone"
_BEFORE: Final = "was"


class _Kind(Protocol):
    @property
    def kind(self) -> str: ...


T = TypeVar("T", bound=_Kind)


@dataclass(frozen=True, slots=True)
class Before:
    """How a ticket stood before a decision; the decision's event carries it in its key, and so may be taken back.

    assignee_id: who had it, None for nobody. owned: whether anybody was accountable for it.
    """

    status: Status
    assignee_id: str | None
    owned: bool

    @property
    def key(self) -> str:
        """The same as an event's key, at most 48 characters; no key of a limit's step begins so."""
        return f"{_BEFORE}:{self.status}:{self.assignee_id or ''}:{'o' if self.owned else ''}"


def read_before(key: str) -> Before | None:
    """What an event's key says of the time before it, None for an event that cannot be taken back."""
    name, *parts = key.split(":")
    if name != _BEFORE or len(parts) != 3:
        return None
    status, assignee_id, owned = parts
    return Before(Status(status), assignee_id or None, bool(owned))


def standing(events: Iterable[T]) -> list[T]:
    """The events that count, in their order: one that was taken back does not, nor does the taking back.

    Nothing may have followed what is taken back, so it is always the event right before.
    """
    kept: list[T] = []
    for event in events:
        if event.kind == UNDONE:
            del kept[-1:]
        else:
            kept.append(event)
    return kept
