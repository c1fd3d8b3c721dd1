"""The database: atomic units on SQLite and PostgreSQL, reads that cannot write, and word of what was committed."""

from __future__ import annotations

import importlib
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Final, TypeVar, cast

import structlog
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from models import failpoint
from models.seal import Seal

T = TypeVar("T")
Unit = Callable[[Session], T]

log = structlog.get_logger()
GROUP: Final = 32  # units that one SQLite transaction takes at most
BUSY_SECONDS: Final = 15  # how long a writer waits for another process's lock
TRIES: Final = 4
RETRIED: Final = {"40001", "40P01", "23505"}  # serialization failure, deadlock, unique key: another try sees the other
SOUND_SQLITE: Final = (3, 51, 3)  # older ones may corrupt a WAL that two connections checkpoint


class Away(Exception):
    """The database cannot be reached, or its disk is full; nothing was done, and the sender should try again."""


def sqlite_module() -> ModuleType:
    """The SQLite driver: the wheel with a current library where there is one, else Python's own."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3")


def wake(session: Session, account_id: str) -> None:
    """Ask that the streams of an account be woken once this unit is committed."""
    session.info.setdefault("wake", set()).add(account_id)


def seal_of(session: Session) -> Seal:
    """The seal of this session's database; a database opened without keys has none, which is a bug to ask for."""
    seal = session.info["seal"]
    if seal is None:
        message = "this database was opened without keys"
        raise RuntimeError(message)
    return cast("Seal", seal)


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
        self._write_engine, self._read_engine = _engines(url, threads)
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
        if not self.is_sqlite:
            return self._writers.submit(self._write_alone, unit)
        future: Future[T] = Future()
        self._waiting.put((unit, future))
        return future

    def run(self, unit: Unit[T]) -> T:
        """Run a unit atomically and wait for it."""
        return self.submit(unit).result()

    def read(self, query: Unit[T]) -> T:
        """Run a query in this thread, in a transaction that cannot write; raises Away."""
        with _away(), self._read_engine.connect() as connection, self._session(connection) as session:
            return query(session)

    def submit_read(self, query: Unit[T]) -> Future[T]:
        """Run a query in one of the reading threads."""
        return self._readers.submit(self.read, query)

    def listen(self, listener: Callable[[frozenset[str]], None]) -> None:
        """Call back with the woken accounts after each commit, in the committing thread."""
        self._listeners.append(listener)

    def close(self) -> None:
        """Finish what was submitted, then let go of every connection."""
        if self._closing:
            return
        self._closing = True
        if self.is_sqlite:
            self._waiting.put(None)
            self._writer.join(timeout=BUSY_SECONDS + 1)
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
            with _away(), self._write_engine.begin() as connection:
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
        self._tell(woken)
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
                with _away(), self._write_engine.connect() as connection, self._session(connection) as session:
                    result = unit(session)
                    woken = session.info.get("wake", set())
                    if woken:
                        session.execute(text("select pg_notify('yizhan', :ids)"), {"ids": ",".join(woken)[:7900]})
                    session.commit()
            except DBAPIError as error:
                if attempt == TRIES or getattr(error.orig, "sqlstate", None) not in RETRIED:
                    raise
                log.info("unit_retried", attempt=attempt, sqlstate=getattr(error.orig, "sqlstate", None))
            else:
                self._tell(woken)
                return result
        raise AssertionError

    # -- both

    def _session(self, connection: Connection, mode: str = "conditional_savepoint") -> Session:
        session = Session(connection, expire_on_commit=False, join_transaction_mode=mode)  # type: ignore[arg-type]
        session.info["seal"] = self.seal
        return session

    def _tell(self, woken: set[str]) -> None:
        if woken:
            for listener in self._listeners:
                listener(frozenset(woken))

    def connection(self) -> Connection:
        """A raw connection that reads one consistent snapshot; for the backup."""
        connection = self._read_engine.connect()
        if not self.is_sqlite:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        return connection


@contextmanager
def _away() -> Iterator[None]:
    """Turn the driver's word for an absent or full database into Away."""
    try:
        yield
    except IntegrityError:
        raise
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) in RETRIED:
            raise
        log.warning("database_away", kind=type(error.orig).__name__)
        raise Away from error


def _engines(url: str, threads: int) -> tuple[Engine, Engine]:
    """The writing and the reading engine of one database."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        options = {"pool_pre_ping": True, "connect_args": {"connect_timeout": 5}}
        writing = create_engine(parsed, pool_size=threads, max_overflow=0, **options)
        reading = create_engine(parsed, pool_size=threads, max_overflow=2, **options)
        event.listen(reading, "begin", lambda connection: connection.exec_driver_sql("set transaction read only"))
        return writing, reading
    module = sqlite_module()
    connect_args = {"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False}
    parsed = parsed.set(drivername="sqlite+pysqlite")
    writing = create_engine(parsed, module=module, pool_size=1, max_overflow=0, connect_args=connect_args)
    reading = create_engine(parsed, module=module, pool_size=threads, max_overflow=2, connect_args=connect_args)
    event.listen(writing, "connect", _pragmas("query_only=OFF"))
    event.listen(reading, "connect", _pragmas("query_only=ON"))
    event.listen(writing, "begin", lambda connection: connection.exec_driver_sql("begin immediate"))
    event.listen(reading, "begin", lambda connection: connection.exec_driver_sql("begin"))
    return writing, reading


def _pragmas(last: str) -> Callable[[Any, Any], None]:
    """Settings of a SQLite connection: WAL, every commit on disk, foreign keys kept, deleted text overwritten."""

    def on_connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        sound = sqlite_module().sqlite_version_info >= SOUND_SQLITE
        # An unsound SQLite must not checkpoint from two connections: then only the writer may.
        checkpoint = "wal_autocheckpoint=1000" if sound or last.endswith("OFF") else "wal_autocheckpoint=0"
        pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON",
                   "trusted_schema=OFF", checkpoint, last)  # fmt: skip
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return on_connect
