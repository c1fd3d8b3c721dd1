"""Fills every table of a migrated database with rows that make sense together, and reads all of them back."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.base import new_id
from models.db import Database
from models.keys import remember_keys
from models.meta import audit
from models.migrate import METADATA
from models.seal import Seal
from models.snapshot import tables

NOW = datetime(2026, 10, 14, 1, 30, 0, 123_456, tzinfo=UTC)
KEY, INDEX = bytes(range(32)), b"i" * 32
ROWS = 7
# Values that a check of the schema allows, by table and column; one is taken for each row in turn.
ALLOWED: dict[tuple[str, str], tuple[Any, ...]] = {
    ("grid", "tree"): ("academic", "residential", "office"),
    ("person", "kind"): ("student", "staff"),
    ("approval", "kind"): ("sign", "inform"),
    ("ticket_link", "kind"): ("split", "related"),
    ("token", "scope"): ("read", "write"),
    ("approval", "mode"): ("all", "any"),
    ("confirmation", "answer"): ("", "yes", "no", "void"),
    ("confirmation", "how"): ("link", "phone"),
    ("swap", "status"): ("asked", "accepted", "declined", "withdrawn"),
    ("proof", "status"): ("owed", "given", "checked", "waived", "late"),
    ("person", "name"): ("李雷", "韩梅梅", "韩老师", "王书记", 'O\'Neil \\ "x"\n', "𠮷", ""),
    ("outbox", "status"): ("ready", "sending", "sent", "seen", "failed", "held", "ready"),
    ("outbox", "bot"): ("telegram", "telegram", "webchat", "wecom", "telegram", "telegram", "webchat"),
    ("inbox", "status"): ("waiting", "quarantined"),
    ("received", "status"): ("done", "quarantined"),
    ("ticket", "status"): ("new", "resolved", "in_progress"),
    ("ticket", "resolution"): (None, "answered", None),
    ("account", "offered"): ([["是", "好", "y"]], [], [None, 1.5, {"深": {"a": []}}]),
    ("seat", "step"): ("", "code", "enrol", "password"),
    ("entrance", "kind"): ("enter", "password"),
    ("sender", "owner"): ("courier-1",),
    ("sender", "fence"): (4,),
}


def slim(name: str, connection: sa.Connection) -> sa.TableClause:
    """A table with the columns that the database has, and the types that the models give them."""
    return typed(next(table for table in tables(connection) if table.name == name))


def typed(table: sa.Table) -> sa.TableClause:
    """The same of a table that was asked for already: each asking describes the whole database anew."""
    types = METADATA.tables[table.name].c
    return sa.table(table.name, *(sa.column(c.name, types[c.name].type) for c in table.columns))


def fill(url: str, key: bytes = KEY, rows: int = ROWS) -> None:
    """Put rows into every table, sealed under a key; the check value and an audit chain too."""
    seal = Seal(key, index=INDEX)
    database = Database(url, seal)
    try:
        database.run(lambda session: _fill(session, seal, rows))
    finally:
        database.close()


def _fill(session: Session, seal: Seal, rows: int) -> None:
    remember_keys(session)
    for number in range(rows):
        audit(session, NOW + timedelta(minutes=number), None, "opened", f"QJ-{number}")
    connection = session.connection()
    made: dict[str, list[dict[str, Any]]] = {}
    for table in tables(connection):
        if table.name in {"meta", "audit"}:
            continue
        made[table.name] = [_row(table, number, seal, made) for number in range(rows)]
        session.execute(sa.insert(typed(table)), made[table.name])


def _row(table: sa.Table, number: int, seal: Seal, made: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    met: Counter[str] = Counter()
    for column in table.columns:
        allowed = ALLOWED.get((table.name, column.name))
        foreign = next(iter(column.foreign_keys), None)
        if allowed is not None:
            row[column.name] = allowed[number % len(allowed)]
        elif foreign is not None:
            parent, _, key = foreign.target_fullname.partition(".")
            row[column.name] = made[parent][(number + met[parent]) % len(made[parent])][key]
            met[parent] += 1  # Who stands in for somebody is somebody else.
        elif column.nullable and number % 2:
            row[column.name] = None
        else:
            row[column.name] = _value(table, column, number, seal, row)
    return row


def _value(table: sa.Table, column: sa.Column[Any], number: int, seal: Seal, row: dict[str, Any]) -> Any:
    kind = column.type
    if isinstance(kind, sa.LargeBinary):
        return seal.close(f"{table.name}.{column.name}:{next(iter(row.values()))}", f"心里话 {number}")
    if isinstance(kind, sa.DateTime):
        late = timedelta(hours=12) if column.name.startswith(("ends", "until")) else timedelta()
        return NOW + timedelta(days=number) + late
    if isinstance(kind, sa.JSON):
        return {"说明": f"第 {number} 行", "n": number, "none": None}
    if isinstance(kind, sa.Boolean):
        return bool(number % 2)
    if isinstance(kind, (sa.Integer, sa.Float)):
        return number
    if column.name == "id" and kind.length == 22:  # type: ignore[attr-defined]
        return new_id(NOW)
    return f"{column.name}{number}"[: getattr(kind, "length", None)]


def everything(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in one order for both kinds of database."""
    database = Database(url)

    def read(session: Session) -> dict[str, list[tuple[Any, ...]]]:
        connection = session.connection()
        return {
            table.name: sorted((tuple(row) for row in session.execute(sa.select(typed(table)))), key=repr)
            for table in tables(connection)
        }

    try:
        return database.read(read)
    finally:
        database.close()
