"""The session of one atomic unit, and what a unit may ask of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Select, event
from sqlalchemy.orm import Session

from models.seal import Seal

T = TypeVar("T")


class UnitSession(Session):
    """The session of one unit. It holds on to every row that it read until the unit ends.

    SQLAlchemy's own map of rows is weak: a person whose name was needed twice was read twice.
    """


@event.listens_for(UnitSession, "loaded_as_persistent")
def _hold(session: Session, row: Any) -> None:
    session.info["held"].append(row)


def one_snapshot(session: Session) -> None:
    """Let a unit that reads with several statements see the database as it is at one instant; before its first one.

    On SQLite every unit does; PostgreSQL would show each statement what was committed before it.
    """
    link = session.connection()
    if link.dialect.name == "postgresql":
        link.exec_driver_sql("set transaction isolation level repeatable read")


def only_reads(session: Session) -> None:
    """Say that nothing will be changed in this unit, so that `once` may keep what was found."""
    session.info.setdefault("kept", {})


def once(session: Session, key: tuple[str, str], find: Callable[[], T]) -> T:
    """What `find` finds; in a unit that only reads it is looked for once for each key."""
    kept: dict[tuple[str, str], Any] | None = session.info.get("kept")
    if kept is None:
        return find()
    if key not in kept:
        kept[key] = find()
    found: T = kept[key]
    return found


def known(session: Session, what: str) -> dict[Any, Any]:
    """What this unit has read of something and reads no more: {id: found}; `what` is its name.

    Whoever changes such rows keeps it true or forgets it, and a savepoint that is rolled back takes all of it along.
    """
    try:
        found: dict[Any, Any] = session.info["known"][what]
    except KeyError:  # Asked for the first time in this unit.
        found = session.info.setdefault("known", {}).setdefault(what, {})
    return found


def forget(session: Session, key: object = None) -> None:
    """Let go of what is known under an id, whatever it is; of everything without one."""
    if key is None:
        session.info.pop("known", None)
    else:
        for found in session.info.get("known", {}).values():
            found.pop(key, None)


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_soft_rollback")
def _end(session: Session, *_: object) -> None:
    forget(session)


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


def finds(session: Session, ids: Select[str], values: Mapping[str, Any]) -> bool:
    """Whether a ready query of ids finds anything: for what mostly is not there. A query for objects that finds none
    costs twice as much."""
    session.flush()
    return plain(session).execute(ids, values).first() is not None


def seal_of(session: Session) -> Seal:
    """The seal of this session's database; a database opened without keys has none, which is a bug to ask for."""
    seal = session.info["seal"]
    if seal is None:
        message = "this database was opened without keys"
        raise RuntimeError(message)
    return cast("Seal", seal)
