"""What all tables share: the declarative base, constraint names, instants in UTC, ids made before the insert."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, DateTime, MetaData, literal
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import JSON, TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u to misread
ID_LENGTH = 22
# Two characters at once: every row, event and message is given an id.
_PAIRS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)
_SHIFTS = tuple(range(100, -1, -10))


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC: timestamptz on PostgreSQL, text on SQLite, which knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants: a missing zone is how limits come to be eight hours wrong."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "an instant needs a time zone"
            raise ValueError(message)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every instant back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every table; JSON columns hold dictionaries and lists that are replaced, never changed in place."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: Instant, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012 (SQLAlchemy's own form)


def one_of(column: Any, values: Iterable[str]) -> ColumnElement[bool]:
    """The condition that a column is one of a few values, for a statement that is kept: each is a parameter of its own,
    since a list of parameters is rendered anew at every execution."""
    each = [literal(value) for value in values]
    found: ColumnElement[bool] = column.in_(each)
    return found


def new_id(now: datetime) -> str:
    """A new row id: 22 characters, 10 of time (milliseconds, so rows lie near their neighbours) and 60 random bits.

    Made by the application so that rows can refer to each other before any insert; 67,000 of one millisecond
    collide with a chance below 2e-9.
    """
    return _id(now, secrets.randbits(60))


def first_id(at: datetime) -> str:
    """The first id that could be made at an instant: all later ones are larger, so ids find what is new."""
    return _id(at, 0)


def instant_of(row_id: str) -> datetime:
    """When an id was made, to the millisecond. ValueError for what is no id."""
    number = 0
    for mark in row_id[:10]:
        number = number << 5 | _ALPHABET.index(mark)
    return datetime.fromtimestamp(number / 1000, UTC)


def _id(at: datetime, bits: int) -> str:
    number = (int(at.timestamp() * 1000) << 60) | bits
    return "".join([_PAIRS[(number >> shift) & 1023] for shift in _SHIFTS])
