"""Who has a ticket's page open now, and who is writing on it: kept in memory, told between processes, never stored.

A process hears of the others by the notices that go with commits (models/notify.py), as words that name no account;
these name a ticket, a person and what they do. On SQLite there is one process, and nothing is sent. Each word holds for
a short while only, so what was said last by a process that died is soon forgotten.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from models.db import Database
from models.unit import wake

MARK: Final = "~"  # begins what names no account
OPEN_SECONDS: Final = 50.0  # how long a page counts as open without saying so again
WRITE_SECONDS: Final = 20.0  # how long somebody counts as writing after the last key
AGAIN_SECONDS: Final = 25.0  # how often an open page says that it still is
LEAST_SECONDS: Final = 4.0  # between two words of one person about one ticket that say the same
MOST_TICKETS: Final = 20_000
_WORD: Final = re.compile(r"~(\S{1,40}) (\S{1,40}) ([owg])")


class Other(NamedTuple):
    """Somebody else on a ticket: the person's id, and whether he is writing."""

    person_id: str
    writes: bool


class Presence:
    """Who is on which ticket, as far as this process has heard."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        # {ticket: {person: (until when the page counts as open, until when he counts as writing)}}
        self._there: dict[str, dict[str, tuple[float, float]]] = {}
        self._said: dict[tuple[str, str, str], float] = {}
        self._listeners: list[Callable[[str], None]] = []
        database.listen(self._committed)

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call back with a ticket's id when somebody came, went or began to write; in any thread."""
        self._listeners.append(listener)

    def opened(self, ticket_id: str, person_id: str) -> None:
        """Somebody has a ticket's page open, or still has."""
        self._say(ticket_id, person_id, "o")

    def writing(self, ticket_id: str, person_id: str) -> None:
        """Somebody is writing on a ticket."""
        self._say(ticket_id, person_id, "w")

    def gone(self, ticket_id: str, person_id: str) -> None:
        """Somebody closed a ticket's page, or sent what he wrote."""
        self._say(ticket_id, person_id, "g")

    def others(self, ticket_id: str, person_id: str) -> tuple[Other, ...]:
        """Who else is on a ticket now, whoever writes first."""
        now = self._clock()
        found = [
            Other(who, writes_until > now)
            for who, (until, writes_until) in self._there.get(ticket_id, {}).items()
            if who != person_id and until > now
        ]
        return tuple(sorted(found, key=lambda other: (not other.writes, other.person_id)))

    def _say(self, ticket_id: str, person_id: str, what: str) -> None:
        key, now = (ticket_id, person_id, what), self._clock()
        if self._said.get(key, -LEAST_SECONDS) > now - LEAST_SECONDS and what != "g":
            return
        if len(self._said) > MOST_TICKETS:
            self._said.clear()
        self._said[key] = now
        if what == "g":
            self._said.pop((ticket_id, person_id, "o"), None)
            self._said.pop((ticket_id, person_id, "w"), None)
        self._heard(ticket_id, person_id, what)
        if not self._database.is_sqlite:
            word = f"{MARK}{ticket_id} {person_id} {what}"

            def unit(session: Any) -> None:
                wake(session, word)  # Nothing is written: the unit only tells.

            self._database.submit(unit)

    def _committed(self, ids: frozenset[str]) -> None:
        for word in ids:
            found = _WORD.fullmatch(word)
            if found is not None:
                self._heard(found[1], found[2], found[3])

    def _heard(self, ticket_id: str, person_id: str, what: str) -> None:
        now = self._clock()
        if len(self._there) > MOST_TICKETS:
            self._there.clear()
        there = dict(self._there.get(ticket_id, {}))
        until, writes_until = there.pop(person_id, (0.0, 0.0))
        before = until > now, writes_until > now
        if what != "g":
            until = now + OPEN_SECONDS
            writes_until = now + WRITE_SECONDS if what == "w" else writes_until
            there[person_id] = (until, writes_until)
        after = what != "g", what != "g" and writes_until > now
        # Another thread may read meanwhile, so what it sees is replaced whole.
        self._there[ticket_id] = {who: times for who, times in there.items() if times[0] > now}
        if not self._there[ticket_id]:
            self._there.pop(ticket_id, None)
        for listener in self._listeners if before != after else ():
            listener(ticket_id)


def is_word(ids: frozenset[str]) -> bool:
    """Whether what was told of a commit is only of who is where, and no account's."""
    return bool(ids) and all(word.startswith(MARK) for word in ids)
