"""A whole database as lines of JSON and back again, from either kind of database into either."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection, MetaData, Table
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.orm import Session

from models import keys
from models.base import Instant
from models.db import Away, Database, sqlite_module
from models.message import Refused
from models.meta import Meta, broken_link
from models.migrate import METADATA, head, revision
from models.outbox import UNSETTLED, Delivery, Outbox, Sender

CHUNK: Final = 1_000  # rows in memory at a time
RESTORED: Final = "restored"  # the meta row that tells when, and the reason of held rows
_TABLES: Final = {  # without SQLite's virtual tables and what belongs to them, and without PostgreSQL's partitions
    "sqlite": "select name from pragma_table_list"
    " where schema = 'main' and type = 'table' and substr(name, 1, 7) <> 'sqlite_'",
    "postgresql": "select relname from pg_class where relkind in ('r', 'p') and not relispartition"
    " and relnamespace = current_schema()::regnamespace",
}


def tables(connection: Connection) -> list[Table]:
    """The tables as the database itself describes them, those that others refer to first, without the revision's.

    Asking the database and not the program lets a new program save what an older one left, and load it again.
    """
    names = set(connection.exec_driver_sql(_TABLES[connection.dialect.name]).scalars()) - {"alembic_version"}
    if revision(connection) == head():
        names &= set(METADATA.tables)
    found = MetaData()
    found.reflect(connection, only=sorted(names), resolve_fks=False)
    return found.sorted_tables


# --- values -----------------------------------------------------------------------------------------------------------


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class _Kind:
    """How values of one kind of column travel: what is selected, written, read, and the type they are stored by."""

    stored: sa.types.TypeEngine[Any]
    write: Callable[[Any], Any] = _same
    read: Callable[[Any], Any] = _same


def _write_instant(value: datetime) -> str:
    value = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return value.isoformat()


def _read_json(value: str) -> Any:
    # A JSON null is a value; the absence of one is None and never comes here.
    return sa.JSON.NULL if (parsed := json.loads(value)) is None else parsed


_PLAIN: Final = _Kind(sa.types.NullType())
_KINDS: Final[tuple[tuple[type[sa.types.TypeEngine[Any]], _Kind], ...]] = (
    (sa.LargeBinary, _Kind(sa.LargeBinary(), lambda v: b64encode(v).decode(), lambda v: b64decode(v, validate=True))),
    (sa.DateTime, _Kind(Instant(), _write_instant, datetime.fromisoformat)),
    (sa.Date, _Kind(sa.Date(), date.isoformat, date.fromisoformat)),
    (sa.JSON, _Kind(sa.JSON(none_as_null=True), read=_read_json)),
    (sa.Boolean, _Kind(sa.Boolean())),
    (sa.String, _PLAIN),
    (sa.Integer, _PLAIN),
    (sa.Float, _PLAIN),
)


def _kind(column: sa.Column[Any]) -> _Kind:
    for described, kind in _KINDS:
        if isinstance(column.type, described):
            return kind
    message = f"a backup has no way to write {column.table.name}.{column.name}, a {column.type!r}"
    raise TypeError(message)


# --- out of a database ------------------------------------------------------------------------------------------------


class Snapshot:
    """All tables of a database at one instant, read row by row; needs no keys, sealed values stay sealed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect.name
        self.revision = revision(connection) or ""
        self._tables = {table.name: table for table in tables(connection)}
        self.names = tuple(self._tables)

    def lines(self, name: str) -> Iterator[bytes]:
        """A table's rows, one JSON object a line, in the order of the primary key."""
        table = self._tables[name]
        kinds = [(column.name, _kind(column).write) for column in table.columns]
        # JSON is taken as the text that it is, so that null and no value stay apart.
        wanted = [sa.cast(c, sa.Text) if isinstance(c.type, sa.JSON) else c for c in table.columns]
        rows = sa.select(*wanted).order_by(*table.primary_key.columns).execution_options(yield_per=CHUNK)
        for row in self._connection.execute(rows):
            values = zip(kinds, row, strict=True)
            line = {column: None if value is None else write(value) for (column, write), value in values}
            yield json.dumps(line, separators=(",", ":")).encode() + b"\n"

    def ids(self, name: str) -> Iterator[str]:
        """The ids of a table's rows; none where this revision has no such table."""
        table = self._tables.get(name)
        if table is not None:
            yield from self._connection.execute(sa.select(table.c.id).execution_options(yield_per=CHUNK)).scalars()

    def count_sealed(self) -> dict[str, int]:
        """How many values each key seals, by its id in hex."""
        return keys.count_sealed(self._connection, self._tables.values())


@contextmanager
def take(url: str) -> Iterator[Snapshot]:
    """A consistent snapshot of a database that may be in use, in one reading transaction.

    Raises Refused where there is no database to save, and Away where it cannot be reached.
    """
    parsed = sa.make_url(url)
    # SQLite would make a new file of a wrong name.
    if parsed.get_backend_name() == "sqlite" and not (parsed.database and Path(parsed.database).is_file()):
        raise Refused("backup.no_database", file=parsed.database or "")
    database = Database(url)
    try:
        with database.connection() as connection:
            snapshot = Snapshot(connection)
            if not snapshot.revision:
                raise Refused("backup.empty_database")
            yield snapshot
    except (DatabaseError, sqlite_module().DatabaseError) as error:
        reason = str(error.orig if isinstance(error, DatabaseError) else error)
        # Text that is none is met in a damaged page. SQLite's driver counts it as operational, and quotes it.
        reason, undecodable, _ = reason.partition(" with text ")
        if isinstance(error, OperationalError) and not undecodable:
            raise Away from error
        raise Refused("backup.damaged", reason=reason) from error
    finally:
        database.close()


# --- into a database --------------------------------------------------------------------------------------------------


class Load:
    """Fills the empty tables of one revision; everything happens in the transaction of its connection."""

    def __init__(self, connection: Connection, names: Iterable[str]) -> None:
        """Raises Refused where the archive's tables are not those of its revision."""
        self._connection = connection
        self._tables = {table.name: table for table in tables(connection)}
        differing = sorted(set(names) ^ set(self._tables))
        if differing:
            raise Refused("backup.tables_differ", tables=", ".join(differing))
        self.names = tuple(self._tables)

    def fill(self, name: str, lines: Iterable[bytes]) -> Iterator[int]:
        """Insert a table's lines; yields how many rows are in after each chunk. Raises Refused at the first bad line."""
        table = self._tables[name]
        kinds = {column.name: _kind(column) for column in table.columns}
        target = sa.table(name, *(sa.column(column, kind.stored) for column, kind in kinds.items()))
        rows: list[dict[str, Any]] = []
        done = 0
        for number, line in enumerate(lines, start=1):
            rows.append(_parse(line, kinds, name, number))
            if len(rows) == CHUNK:
                done += self._insert(target, rows, done)
                rows = []
                yield done
        if rows:
            yield done + self._insert(target, rows, done)

    def _insert(self, target: sa.TableClause, rows: list[dict[str, Any]], done: int) -> int:
        try:
            self._connection.execute(sa.insert(target), rows)
        except OperationalError:
            raise
        except DBAPIError as error:
            # Its words would quote the row.
            raise Refused("backup.rejected", table=target.name, first=done + 1, last=done + len(rows)) from error
        return len(rows)

    def counts(self) -> dict[str, int]:
        """How many rows each table holds now."""
        query = {name: sa.select(sa.func.count()).select_from(table) for name, table in self._tables.items()}
        return {name: self._connection.execute(count).scalar_one() for name, count in query.items()}


def _parse(line: bytes, kinds: dict[str, _Kind], name: str, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
        if not isinstance(row, dict) or row.keys() != kinds.keys():
            raise Refused("backup.strange_row", table=name, line=number)
        return {column: None if (v := row[column]) is None else kind.read(v) for column, kind in kinds.items()}
    except (ValueError, TypeError, RecursionError):
        raise Refused("backup.strange_row", table=name, line=number) from None


@dataclass(frozen=True)
class Settled:
    """What was done to the loaded rows: messages held, and the audit log's first broken link, None when it holds."""

    held: int
    broken: int | None


def settle(connection: Connection, pull: frozenset[str], now: datetime) -> Settled:
    """Make a loaded database of the newest revision safe to start with (case OP-03, fault F38).

    Messages that wait or are under way were perhaps sent since the backup: they are held for a person to decide,
    except those of pull channels, which their reader fetches by sequence number. Leases end, and a courier that still
    runs under an old one is fenced off. A meta row tells when it happened.
    """
    with Session(connection, join_transaction_mode="rollback_only") as session:
        waiting = sa.update(Outbox).where(Outbox.status.in_(UNSETTLED), Outbox.bot.not_in(pull))
        held = session.execute(waiting.values(status=Delivery.held, reason=RESTORED)).rowcount  # type: ignore[attr-defined]
        session.execute(sa.update(Sender).values(owner="", fence=Sender.fence + 1, until_at=now))
        session.execute(sa.delete(Meta).where(Meta.name == RESTORED))
        session.add(Meta(name=RESTORED, value=now.astimezone(UTC).isoformat().encode()))
        session.flush()
        return Settled(held, broken_link(session))
