"""Word from other processes: hears over PostgreSQL's LISTEN for which accounts they have committed something."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import psycopg
import structlog

log = structlog.get_logger()
CHANNEL: Final = "yizhan"
IDS_A_NOTICE: Final = 300  # ids of 22 letters with their commas; PostgreSQL takes less than 8,000 bytes a notice
FIRST_WAIT: Final = 0.5  # seconds until a lost connection is tried again; doubled each time
MOST_WAIT: Final = 15.0


def notices(own: str, account_ids: Iterable[str]) -> Iterator[str]:
    """The payloads that tell of these accounts, each small enough; own: who tells, so that nobody hears himself."""
    ordered = sorted(account_ids)
    for start in range(0, len(ordered), IDS_A_NOTICE):
        yield f"{own}:{','.join(ordered[start : start + IDS_A_NOTICE])}"


class Hearing:
    """A thread with a connection of its own that tells what other processes committed.

    It is a hint beside polling: what was said while the connection was lost is not heard later. After a lost
    connection it tells an empty set once, which means "perhaps anybody".
    """

    def __init__(self, address: str, own: str, tell: Callable[[frozenset[str]], None]) -> None:
        self._address = address
        self._own = own
        self._tell = tell
        self.ready = threading.Event()  # set while the connection listens
        self._closing = threading.Event()
        self._bell, self._ringer = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="hearing", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop hearing; the thread has ended afterwards, unless it is just connecting."""
        self._closing.set()
        self._ringer.send(b"!")
        self._thread.join(timeout=1)
        if not self._thread.is_alive():
            self._bell.close()
            self._ringer.close()

    def _run(self) -> None:
        wait, was_lost = FIRST_WAIT, False
        while not self._closing.is_set():
            try:
                with psycopg.connect(
                    self._address, autocommit=True, connect_timeout=5, keepalives_idle=30, keepalives_interval=10
                ) as connection:
                    connection.execute(f"listen {CHANNEL}".encode())
                    wait = FIRST_WAIT
                    self.ready.set()
                    if was_lost:
                        self._tell(frozenset())
                    self._hear(connection)
            except psycopg.Error as error:
                was_lost = True
                log.warning("hearing_lost", kind=type(error).__name__, again_after=wait)
            self.ready.clear()
            self._closing.wait(wait)
            wait = min(MOST_WAIT, wait * 2)

    def _hear(self, connection: psycopg.Connection) -> None:
        with selectors.DefaultSelector() as both:
            both.register(connection.fileno(), selectors.EVENT_READ)
            both.register(self._bell, selectors.EVENT_READ)
            while not self._closing.is_set():
                for notice in connection.notifies(timeout=0):
                    own, _, ids = notice.payload.partition(":")
                    if own != self._own and ids:
                        self._tell(frozenset(ids.split(",")))
                both.select()
