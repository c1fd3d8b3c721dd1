"""The engines of a database: how SQLite and PostgreSQL are opened, for writing and for reading."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler

BUSY_SECONDS: Final = 15  # how long a writer waits for another process's lock
SOUND_SQLITE: Final = (3, 51, 3)  # older ones may corrupt a WAL that two connections checkpoint


def sqlite_module() -> ModuleType:
    """The SQLite driver: the wheel with a current library where there is one, else Python's own."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3")


class _Hinting(SQLiteCompiler):
    """SQLAlchemy's compiler for SQLite, which leaves hints of an index out, with these hints."""

    def get_from_hint_text(self, table: Any, text: str | None) -> str | None:
        return text


def open_engines(url: str, threads: int) -> tuple[Engine, Engine]:
    """The writing and the reading engine of one database."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        options = {"pool_pre_ping": True, "connect_args": {"connect_timeout": 5}, "hide_parameters": True}
        # The order of locks (models/numbering.py) lets no two units wait for each other. Should it be broken all the
        # same, give up soon and try again, long before the server looks for deadlocks (1 s).
        # A process that was frozen within a unit must not keep its locks (a lease, an account) until it wakes.
        patience = "-c lock_timeout=250ms -c idle_in_transaction_session_timeout=5s"
        soon = {**options, "connect_args": {"connect_timeout": 5, "options": patience}}
        writing = create_engine(parsed, pool_size=threads, max_overflow=0, **soon)
        reading = create_engine(parsed, pool_size=threads, max_overflow=2, **options)
        event.listen(reading, "connect", _read_only)
        return writing, reading
    module = sqlite_module()
    connect_args = {"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False}
    parsed = parsed.set(drivername="sqlite+pysqlite")
    writing = create_engine(
        parsed, module=module, pool_size=1, max_overflow=0, connect_args=connect_args, hide_parameters=True
    )
    reading = create_engine(
        parsed, module=module, pool_size=threads, max_overflow=2, connect_args=connect_args, hide_parameters=True
    )
    writing.dialect.statement_compiler = reading.dialect.statement_compiler = _Hinting
    event.listen(writing, "connect", _pragmas("query_only=OFF"))
    event.listen(reading, "connect", _pragmas("query_only=ON"))
    event.listen(writing, "begin", lambda connection: connection.exec_driver_sql("begin immediate"))
    event.listen(reading, "begin", lambda connection: connection.exec_driver_sql("begin"))
    return writing, reading


def _read_only(connection: Any, _record: Any) -> None:
    """PostgreSQL's transactions of this connection only read: said with their beginning, and by no statement of its own."""
    connection.read_only = True


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
