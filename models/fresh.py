"""A fresh database that takes the place of the former one when it is whole, and not before."""

from __future__ import annotations

import glob
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, pool
from sqlalchemy.exc import DatabaseError, OperationalError

from models import migrate, snapshot
from models.db import Away, sqlite_module
from models.message import Refused

_BESIDE: Final = ("-wal", "-shm", "-journal")  # what SQLite keeps beside its file


@dataclass
class Fresh:
    """The new database inside its transaction; aside is where the former SQLite file went, known at the end."""

    connection: Connection
    aside: Path | None = None

    def climb(self, to: str = "head") -> None:
        """Bring the tables to a revision; raises Refused when a reference dangles then."""
        config = _config()
        config.attributes["connection"] = self.connection
        command.upgrade(config, to)
        if self.connection.dialect.name == "sqlite":
            dangling = self.connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if dangling is not None:
                raise Refused("backup.dangling", table=dangling[0])


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    return config


def knows(revision: str) -> bool:
    """Whether this program has the steps to a revision."""
    return revision in {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}


@contextmanager
def replacing(url: str, revision: str, now: datetime, *, replace: bool) -> Iterator[Fresh]:
    """A fresh database at a revision; what the block does counts only when it ends without an exception.

    SQLite: a new file beside the former one, which is renamed into place at the end; the former is kept under a name
    with the instant. PostgreSQL: one transaction in an empty database. Raises Refused when the database is not empty
    (SQLite: and replace is False) or in use, and Away when it cannot be reached.
    """
    parsed = make_url(url)
    try:
        if parsed.get_backend_name() != "sqlite":
            with _engine(url) as engine, engine.begin() as connection:
                # The lock of models.migrate: nobody migrates meanwhile.
                connection.exec_driver_sql("select pg_advisory_xact_lock(722070210)")
                if _has_rows(connection, revision):
                    raise Refused("backup.not_empty_postgresql")
                fresh = Fresh(connection)
                fresh.climb(revision)
                yield fresh
        elif not parsed.database or parsed.database == ":memory:":
            raise Refused("backup.no_database", file=parsed.database or "")
        else:
            with _replacing_file(Path(parsed.database), revision, now, replace=replace) as fresh:
                yield fresh
    except OperationalError as error:
        raise Away from error


@contextmanager
def _replacing_file(file: Path, revision: str, now: datetime, *, replace: bool) -> Iterator[Fresh]:
    if not replace and _file_has_rows(file):
        raise Refused("backup.not_empty", file=file)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _rest(file)
    # What a restore that was killed left behind is a second copy of everybody's data.
    for left in file.parent.glob(f".{glob.escape(file.name)}.restoring-*"):
        left.unlink(missing_ok=True)
    partial = file.with_name(f".{file.name}.restoring-{secrets.token_hex(4)}")
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with _engine(f"sqlite:///{partial}") as engine, engine.begin() as connection:
            fresh = Fresh(connection)
            fresh.climb(revision)
            yield fresh
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        _rest(file)  # Somebody may have started the bot meanwhile.
        fresh.aside = _swap(file, partial, now)
    finally:
        for ending in ("", *_BESIDE):
            partial.with_name(partial.name + ending).unlink(missing_ok=True)


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    """An engine for one connection that writes; on SQLite without foreign keys, which `climb` checks instead."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            parsed.set(drivername="sqlite+pysqlite"), module=sqlite_module(), poolclass=pool.NullPool,
            connect_args={"timeout": 1, "isolation_level": None},
        )  # fmt: skip
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=OFF"))
        # The file is synced as a whole before it counts.
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("begin immediate"))
    else:
        engine = create_engine(
            parsed.set(drivername="postgresql+psycopg"), poolclass=pool.NullPool, connect_args={"connect_timeout": 5}
        )
    try:
        yield engine
    finally:
        engine.dispose()


def _has_rows(connection: Connection, revision: str) -> bool:
    """Whether anything is here; empty tables of the very revision are nothing."""
    found = snapshot.tables(connection)
    if found and migrate.revision(connection) != revision:
        return True
    return any(connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() for table in found)


def _file_has_rows(file: Path) -> bool:
    """Whether a SQLite file holds anything; one that cannot be read may."""
    if not file.exists():
        return False
    try:
        with _engine(f"sqlite:///{file}") as engine, engine.connect() as connection:
            return _has_rows(connection, migrate.revision(connection) or "")
    except (DatabaseError, sqlite_module().DatabaseError):
        return True


def _rest(file: Path) -> None:
    """Bring everything of a SQLite database into its one file; raises Refused while anybody has it open.

    Leaving the write-ahead log is what SQLite grants to a lone connection only, so this is the proof that no server
    runs. A file too damaged to be asked is left as it is.
    """
    if not file.exists():
        return
    try:
        with _engine(f"sqlite:///{file}") as engine, engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            driver = connection.connection.driver_connection
            driver.execute("PRAGMA synchronous=FULL")  # type: ignore[union-attr]
            mode = driver.execute("PRAGMA journal_mode=DELETE").fetchone()  # type: ignore[union-attr]
    except DatabaseError as error:
        damaged = not isinstance(error, OperationalError)
    except sqlite_module().DatabaseError as error:
        damaged = "locked" not in str(error)
    else:
        damaged = mode == ("delete",)
    if not damaged:
        raise Refused("backup.in_use", file=file)


def _swap(file: Path, partial: Path, now: datetime) -> Path | None:
    """Put the new file in the place of the former, which keeps a name with the instant; returns that."""
    stamp = f"before-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    aside = file.with_name(f"{file.name}.{stamp}")
    if aside.exists():
        aside = file.with_name(f"{file.name}.{stamp}-{secrets.token_hex(4)}")
    # A log of the former file would be replayed into the new one.
    for ending in _BESIDE:
        with suppress(FileNotFoundError):
            file.with_name(file.name + ending).rename(aside.with_name(aside.name + ending))
    existed = file.exists()
    if existed:
        try:
            aside.hardlink_to(file)  # Both names at once: at no instant is there no database.
        except OSError:
            file.rename(aside)
    try:
        partial.replace(file)
    except OSError:
        if existed and not file.exists():
            aside.rename(file)
        raise
    descriptor = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return aside if existed else None
