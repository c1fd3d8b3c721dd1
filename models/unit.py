"""The session of one atomic unit, and what a unit may ask of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from models.seal import Seal


class UnitSession(Session):
    """The session of one unit. It holds on to every row that it read until the unit ends.

    SQLAlchemy's own map of rows is weak: a person whose name was needed twice was read twice.
    """


@event.listens_for(UnitSession, "loaded_as_persistent")
def _hold(session: Session, row: Any) -> None:
    session.info["held"].append(row)


def wake(session: Session, account_id: str) -> None:
    """Ask that the streams of an account be woken once this unit is committed."""
    session.info.setdefault("wake", set()).add(account_id)


def at_end(session: Session, work: Callable[[Session], object]) -> None:
    """Do something once at the very end of this unit, before its commit."""
    session.info.setdefault("at_end", {})[work] = None


def finish(session: Session) -> None:
    """Do what was kept for the end of this unit."""
    for work in session.info.get("at_end", ()):
        work(session)


def plain(session: Session) -> Connection:
    """The unit's own connection, for ready statements that read or write plain rows: no objects, no flush before.

    What the session still holds is not seen by it: flush first where that matters. It spares half of what a
    statement costs.
    """
    found = session.info.get("plain")
    return found if isinstance(found, Connection) else session.connection()


def seal_of(session: Session) -> Seal:
    """The seal of this session's database; a database opened without keys has none, which is a bug to ask for."""
    seal = session.info["seal"]
    if seal is None:
        message = "this database was opened without keys"
        raise RuntimeError(message)
    return cast("Seal", seal)
