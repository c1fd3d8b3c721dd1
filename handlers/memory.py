"""What a round of the sweep would ask of the database again and again, asked once; and what it writes, written together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from handlers.turn import Turn

T = TypeVar("T")
_KEY: Final = "round"
_EVENTS: Final = "round_events"


@contextmanager
def remembering(turn: Turn) -> Iterator[None]:
    """Within this, `once` asks once, and events wait for `events`. Nothing of it outlives the round."""
    info = turn.session.info
    info[_KEY], info[_EVENTS] = {}, []
    try:
        yield
    finally:
        info.pop(_KEY, None)
        info.pop(_EVENTS, None)


def once(turn: Turn, key: tuple[Any, ...], ask: Callable[[], T]) -> T:
    """What `ask` answers; within a round the answer of the first time."""
    known: dict[tuple[Any, ...], T] | None = turn.session.info.get(_KEY)
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    return known[key]


def remember(turn: Turn, key: tuple[Any, ...], answer: object) -> None:
    """Within a round, what `once` answers from here on: read for many at a time, or changed by the round itself."""
    known: dict[tuple[Any, ...], Any] | None = turn.session.info.get(_KEY)
    if known is not None:
        known[key] = answer


def waiting(turn: Turn) -> list[dict[str, Any]] | None:
    """The rows of events that a round has not written yet; None outside of a round, where each is written at once."""
    found: list[dict[str, Any]] | None = turn.session.info.get(_EVENTS)
    return found
