"""Units for tests of the database: one that writes a row, one that fails after writing, and what is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from models.base import new_id
from models.db import Database
from models.meta import Meta
from models.seal import Seal
from tests.bot.website import NOW

SEAL = Seal(b"k" * 32)
PATIENCE = 10.0


def write(name: str) -> Callable[[Any], str]:
    """A unit that writes one row."""

    def unit(session: Any) -> str:
        session.add(Meta(name=name, value=b""))
        session.flush()
        return name

    return unit


def names(database: Database) -> set[str]:
    """Every row there is, read by a connection of its own."""
    return database.read(lambda session: set(session.execute(text("select name from meta")).scalars()))


def failing(error: BaseException) -> Callable[[Any], None]:
    """A unit that writes and then raises."""

    def unit(session: Any) -> None:
        session.add(Meta(name=new_id(NOW), value=b""))
        session.flush()
        raise error

    return unit
