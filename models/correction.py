"""Taking a decision back, or putting another in its place: for how long, where it stood before, what counts no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol, TypeVar

from models.ticket import Status

WITHIN: Final = timedelta(minutes=2)  # as long as a slip of the hand is noticed, and before a student has packed
UNDONE: Final = "undone"
UNSPLIT: Final = "undid:split"  # the key of the undoing of a split, and of what it ends
UNRETURNED: Final = "undid:returned"  # the key of a student's taking back the own return (销假)
UNWITHDRAWN: Final = "undid:withdrawn"  # and the own withdrawal (撤回)
UNENDED: Final = frozenset({UNRETURNED, UNWITHDRAWN})
# What these take back need not be the event right before: staff may write a note after it, and rules of the item act on it.
_OF_KIND: Final = {
    UNSPLIT: "split", UNRETURNED: "returned", UNWITHDRAWN: "withdrawn", "undid:transferred": "transferred",
    "undid:resolved": "resolved",
}  # fmt: skip
CORRECTED: Final = (
    "corrected"  # a decision gave way to another; also the key of that other one, which comes right after
)
REVISED: Final = "revised"  # words to the student gave way to others, and nothing was decided by them
GIVEN: Final = frozenset({"signed", "cosigned", "approved", "refused"})  # decisions on a chain of signatures
_BEFORE: Final = "was"
_FIX: Final = "fix"


class _Kind(Protocol):
    @property
    def kind(self) -> str: ...

    @property
    def key(self) -> str: ...


class _Told(_Kind, Protocol):
    @property
    def rev(self) -> int: ...


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

    Nothing may have followed what is taken back, so it is the event right before; but for a split, whose undoing hangs
    on the new ticket alone, and for an end that whoever asked made by mistake, after which staff may have written.
    """
    kept: list[T] = []
    for event in events:
        if event.kind == UNDONE:
            kind = _OF_KIND.get(event.key)
            wanted = [place for place, each in enumerate(kept) if kind is None or each.kind == kind]
            for place in wanted[-1:]:
                del kept[place]
        else:
            kept.append(event)
    return kept


@dataclass(frozen=True, slots=True)
class Fix:
    """What a correction puts in the place of what; its event carries it in its key.

    before and after are kinds of events: "approved" became "refused". rev: the revision that is corrected.
    """

    before: str
    after: str
    rev: int

    @property
    def key(self) -> str:
        """The same as an event's key, at most 48 characters."""
        return f"{_FIX}:{self.before}:{self.after}:{self.rev}"


def read_fix(key: str) -> Fix | None:
    """What an event's key says of what it corrects, None for an event that is no correction."""
    name, *parts = key.split(":")
    return Fix(parts[0], parts[1], int(parts[2])) if name == _FIX and len(parts) == 3 else None


def superseded(events: Iterable[_Told]) -> frozenset[int]:
    """The revisions of a ticket's events, oldest first, that a later correction replaced; they stay written.

    With a signature go those that were given after it: they were given to a matter that was decided otherwise.
    """
    found: set[int] = set()
    given: list[int] = []
    for event in events:
        fix = read_fix(event.key)
        if fix is not None:
            found |= {fix.rev} | ({rev for rev in given if rev >= fix.rev} if fix.before in GIVEN else set())
        elif event.kind in GIVEN:
            given.append(event.rev)
        elif event.kind == UNDONE and event.key not in _OF_KIND:
            given = [rev for rev in given if rev != event.rev - 1]
    return frozenset(found)
