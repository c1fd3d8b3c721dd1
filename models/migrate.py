"""Brings a database to the newest schema, one small step a change, on both dialects."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, make_url, pool, text

from models import (  # noqa: F401 (tables register themselves)
    absence,
    asked,
    checklist,
    credential,
    desk,
    dialogue,
    grid,
    inbox,
    meta,
    outbox,
    person,
    proof,
    recusal,
    score,
    sorting,
    ticket,
    token,
)
from models.base import Base
from models.db import sqlite_module

METADATA = Base.metadata
_SCRIPTS = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    return config


def head() -> str:
    """The newest revision that this program knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def revision(connection: Connection) -> str | None:
    """The revision that a database stands at, None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(url: str, to: str = "head") -> None:
    """Bring the database at a URL to a revision; creates a SQLite file and its folder where they are missing.

    On SQLite the whole way runs with foreign keys off (a batch rebuild of a parent table would otherwise cascade its
    children away) and ends with a check that no reference dangles; ValueError when one does.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            parsed.set(drivername="sqlite+pysqlite"), module=sqlite_module(), poolclass=pool.NullPool,
            connect_args={"timeout": 30, "isolation_level": None},
        )  # fmt: skip
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=OFF"))
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA journal_mode=WAL"))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("begin immediate"))
    else:
        engine = create_engine(parsed.set(drivername="postgresql+psycopg"), poolclass=pool.NullPool)
    config = _config()
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Two processes that start at once must not both migrate.
            connection.execute(text("select pg_advisory_xact_lock(722070210)"))
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        if connection.dialect.name == "sqlite":
            dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if dangling:
                message = f"{len(dangling)} references dangle after the migration, the first in {dangling[0][0]}"
                raise ValueError(message)
    engine.dispose()
