"""The database: atomic units on SQLite and PostgreSQL, reads that cannot write, and word of what was committed."""

from __future__ import annotations

import queue
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import structlog
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from models import engines, failpoint, notify
from models.engines import SOUND_SQLITE, sqlite_module
from models.seal import Seal
from models.unit import UnitSession, at_end, finish, plain, seal_of, wake

T = TypeVar("T")
Unit = Callable[[Session], T]

log = structlog.get_logger()
GROUP: Final = 32  # units that one SQLite transaction takes at most
TRIES: Final = 8
# Serialization failure, deadlock, a lock not given in time, a unique key: another try sees what the other did.
RETRIED: Final = {"40001", "40P01", "55P03", "23505"}
BUGS: Final = frozenset({1})  # SQLITE_ERROR: a statement that is wrong, not a database that is away
READING_BUGS: Final = frozenset({1, 8})  # and SQLITE_READONLY: somebody writes where only reading is allowed


class Away(Exception):
    """The database cannot be reached, or its disk is full; nothing was done, and the sender should try again."""


class Database:
    """One school's database.

    `submit` runs a unit (a function of a session) atomically and answers with a future: on SQLite one writer thread
    takes up to 32 waiting units into one transaction, each under a savepoint, and no future is done before the
    group's commit; a unit that fails is rolled back alone. On PostgreSQL each unit is a transaction of its own in one
    of four threads, tried again when another transaction was in its way. `read` never writes, on an engine of its own.
    """

    def __init__(self, url: str, seal: Seal | None = None, threads: int = 4) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.seal = seal
        self._listeners: list[Callable[[frozenset[str]], None]] = []
        self._own = secrets.token_hex(8)
        self._hearing: notify.Hearing | None = None
        self._gate = threading.Lock()
        self._write_engine, self._read_engine = engines.open_engines(url, threads)
        self._readers = ThreadPoolExecutor(threads, thread_name_prefix="read")
        self._closing = False
        if self.is_sqlite:
            self._waiting: queue.SimpleQueue[tuple[Unit[Any], Future[Any]] | None] = queue.SimpleQueue()
            self._writer = threading.Thread(target=self._write_groups, name="writer", daemon=True)
            self._writer.start()
        else:
            self._writers = ThreadPoolExecutor(threads, thread_name_prefix="write")

    # -- what the rest of the program calls

    def submit(self, unit: Unit[T]) -> Future[T]:
        """Run a unit atomically; the future carries its result, its own exception, or Away."""
        future: Future[T] = Future()
        with self._gate:
            if self._closing:
                future.set_exception(Away())
            elif self.is_sqlite:
                self._waiting.put((unit, future))
            else:
                future = self._writers.submit(self._write_alone, unit)
        return future

    def run(self, unit: Unit[T]) -> T:
        """Run a unit atomically and wait for it."""
        return self.submit(unit).result()

    def read(self, query: Unit[T]) -> T:
        """Run a query in this thread, in a transaction that cannot write; raises Away."""
        with reaching(READING_BUGS), self._read_engine.connect() as connection, self._session(connection) as session:
            return query(session)

    def submit_read(self, query: Unit[T]) -> Future[T]:
        """Run a query in one of the reading threads."""
        with self._gate:
            if not self._closing:
                return self._readers.submit(self.read, query)
        late: Future[T] = Future()
        late.set_exception(Away())
        return late

    def listen(self, listener: Callable[[frozenset[str]], None]) -> None:
        """Call back with the woken accounts after each commit, in the committing thread; {} means perhaps anybody."""
        self._listeners.append(listener)

    def hear(self) -> notify.Hearing | None:
        """Call the listeners for what other processes commit too; SQLite has no other process, and answers None."""
        if self._hearing is None and not self.is_sqlite:
            address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
            self._hearing = notify.Hearing(address, self._own, self._tell)
        return self._hearing

    def close(self) -> None:
        """Finish what was submitted, then let go of every connection; what is submitted afterwards is Away."""
        with self._gate:
            if self._closing:
                return
            self._closing = True
            if self.is_sqlite:
                self._waiting.put(None)
        if self._hearing is not None:
            self._hearing.close()
        if self.is_sqlite:
            self._writer.join(timeout=engines.BUSY_SECONDS + 1)
        else:
            self._writers.shutdown()
        self._readers.shutdown()
        self._write_engine.dispose()
        self._read_engine.dispose()

    # -- SQLite: one writer, groups of units

    def _write_groups(self) -> None:
        while True:
            first = self._waiting.get()
            if first is None:
                return
            group, stop = [first], False
            while len(group) < GROUP:
                try:
                    more = self._waiting.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    stop = True
                    break
                group.append(more)
            self._write_group([entry for entry in group if entry[1].set_running_or_notify_cancel()])
            if stop:
                return

    def _write_group(self, group: list[tuple[Unit[Any], Future[Any]]]) -> None:
        done: list[tuple[Future[Any], Any, BaseException | None]] = []
        woken: set[str] = set()
        try:
            with reaching(), self._write_engine.begin() as connection:
                for unit, future in group:
                    done.append((future, *self._contained(connection, unit, woken, alone=len(group) == 1)))
                failpoint.at("grouped")
        except BaseException as error:  # noqa: BLE001 (it is handed to whoever waits for the unit)
            if len(group) > 1 and not isinstance(error, Away):
                for entry in group:
                    self._write_group([entry])
                return
            done = [(future, None, error) for _, future in group]
            woken.clear()
        if woken:
            self._tell(frozenset(woken))
        for future, result, failure in done:
            if failure is not None:
                future.set_exception(failure)
            else:
                future.set_result(result)

    def _contained(
        self, connection: Connection, unit: Unit[T], woken: set[str], *, alone: bool
    ) -> tuple[T | None, BaseException | None]:
        """Run one unit of a group; its failure is rolled back and returned, and leaves the others as they are.

        The only unit of a group needs no savepoint: its failure goes up and rolls the transaction back.
        """
        mode = "rollback_only" if alone else "create_savepoint"
        with self._session(connection, mode) as session:
            try:
                result = unit(session)
                finish(session)
                session.commit()
            except (OperationalError, MemoryError, SystemError):
                raise
            except BaseException as failure:
                if alone:
                    raise
                session.rollback()
                return None, failure
            woken |= session.info.get("wake", set())
            return result, None

    # -- PostgreSQL: one transaction a unit

    def _write_alone(self, unit: Unit[T]) -> T:
        for attempt in range(1, TRIES + 1):
            try:
                with reaching(), self._write_engine.connect() as connection, self._session(connection) as session:
                    result = unit(session)
                    finish(session)
                    woken = session.info.get("wake", set())
                    for notice in notify.notices(self._own, woken):
                        session.execute(text("select pg_notify(:name, :ids)"), {"name": notify.CHANNEL, "ids": notice})
                    session.commit()
            except DBAPIError as error:
                sqlstate = getattr(error.orig, "sqlstate", None)
                if sqlstate not in RETRIED or (attempt == TRIES and sqlstate == "23505"):
                    raise
                if attempt == TRIES:
                    # Others were in the way each time: nothing is wrong with the unit, so its sender tries again.
                    raise Away from error
                log.info("unit_retried", attempt=attempt, sqlstate=sqlstate)
                # Two that were in each other's way must not meet again at once.
                time.sleep(secrets.randbelow(40 * attempt) / 1000)
            else:
                if woken:
                    self._tell(frozenset(woken))
                return result
        raise AssertionError

    # -- both

    def _session(self, connection: Connection, mode: str = "conditional_savepoint") -> Session:
        session = UnitSession(connection, expire_on_commit=False, join_transaction_mode=mode)  # type: ignore[arg-type]
        session.info["seal"], session.info["held"] = self.seal, []
        # The session joins the connection's transaction here, so that `plain` never begins one of its own.
        session.info["plain"] = session.connection()
        return session

    def _tell(self, woken: frozenset[str]) -> None:
        for listener in self._listeners:
            try:
                listener(woken)
            except Exception:
                # The border of containment: what was committed stays so, whoever fails to hear of it.
                log.exception("listener_broke")

    def connection(self) -> Connection:
        """A raw connection that reads one consistent snapshot; for the backup."""
        connection = self._read_engine.connect()
        if not self.is_sqlite:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        return connection


@contextmanager
def reaching(bugs: frozenset[int] = BUGS) -> Iterator[None]:
    """Turn the driver's word for an absent or full database into Away; bugs: SQLite's codes that mean no such thing."""
    try:
        yield
    except DBAPIError as error:
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        if getattr(error.orig, "sqlstate", None) in RETRIED or code in bugs:
            raise
        if not isinstance(error, OperationalError) and not error.connection_invalidated:
            raise
        log.warning("database_away", kind=type(error.orig).__name__)
        raise Away from error


__all__ = ["SOUND_SQLITE", "Away", "Database", "at_end", "plain", "reaching", "seal_of", "sqlite_module", "wake"]
