"""Which keys a database was sealed with: a check value for each, and how many values each still seals."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Connection, LargeBinary, Table, delete, func, inspect, select
from sqlalchemy.orm import Session

from models.base import Base
from models.db import seal_of
from models.message import Refused
from models.meta import HEAD, Audit, Meta, renew_head
from models.person import Code
from models.seal import CHECK_PLACE, CHECK_WORD, Seal, WrongKey

CHECK: Final = "key-check:"  # begins the name of a meta row; the key's id in hex ends it
INDEX_CHECK: Final = "index-check"  # the name of the meta row that tells whether the index key is the same
_HEAD: Final = 5  # bytes of a sealed value that tell its key: the format, and four of the key's id
_FORMAT: Final = b"\x01"


def _sealed(connection: Connection, tables: Iterable[Table] | None = None) -> Iterator[Column[Any]]:
    """Every column that holds sealed values. A database that an older program left lacks the newest of them."""
    inspector = inspect(connection)
    there = set(inspector.get_table_names()) if tables is None else set()
    for table in [each for each in Base.metadata.sorted_tables if each.name in there] if tables is None else tables:
        # The check values themselves are no data: they only tell which key was current once.
        if table.name == Meta.__tablename__ or not any(isinstance(each.type, LargeBinary) for each in table.columns):
            continue
        known = (
            {each["name"] for each in inspector.get_columns(table.name)}
            if tables is None
            else set(table.columns.keys())
        )
        yield from (each for each in table.columns if isinstance(each.type, LargeBinary) and each.name in known)


def count_sealed(connection: Connection, tables: Iterable[Table] | None = None) -> dict[str, int]:
    """How many values each key still seals, by the key's id in hex; opens nothing.

    One pass over every column of bytes. A key may be thrown away when it is not among these (case LG-06).
    """
    counts: dict[str, int] = {}
    for column in _sealed(connection, tables):
        head = func.substr(column, 1, _HEAD)
        for found, count in connection.execute(select(head, func.count()).where(column.is_not(None)).group_by(head)):
            value = bytes(found)
            if value[:1] == _FORMAT and len(value) == _HEAD:
                counts[value[1:].hex()] = counts.get(value[1:].hex(), 0) + count
    return counts


def opened_by(seal: Seal, checks: Mapping[str, bytes]) -> set[str]:
    """The key ids whose check value these keys open; checks are {key id in hex: sealed check word}."""
    opened = set()
    for key, value in checks.items():
        try:
            if seal.open(CHECK_PLACE, value) == CHECK_WORD and bytes(value[1:_HEAD]).hex() == key:
                opened.add(key)
        except WrongKey:
            continue
    return opened


def index_fits(seal: Seal, check: bytes | None) -> bool:
    """Whether the index key is the one that made this check value; True where there is none yet."""
    return check is None or hmac.compare_digest(bytes(check), index_check(seal))


def index_check(seal: Seal) -> bytes:
    """The check value of the index key: what it makes of a known word."""
    return seal.index("meta.value:index-check", CHECK_WORD).encode()


def check_keys(session: Session) -> bool:
    """Whether the session's keys open everything here: False with a wrong key, or with an old one removed too early.

    Raises Refused ("run.wrong_index") where they do, but the index key is another one than before. Cheap as long as
    every check value opens; only else are the sealed values counted, since a key that seals nothing any more may be
    gone.
    """
    if not _opens(session):
        return False
    if not index_fits(seal_of(session), _index_check(session)) and not _may_renew(session):
        raise Refused("run.wrong_index")
    return True


def _opens(session: Session) -> bool:
    checks = _checks(session)
    opened = opened_by(seal_of(session), checks)
    if checks and opened == set(checks):
        return True
    return set(count_sealed(session.connection())) <= opened


def _may_renew(session: Session) -> bool:
    """Whether nothing here depends on the index key: no code was given out, and the audit log has not begun."""
    return not any(session.execute(select(column).limit(1)).first() for column in (Code.id, Audit.id))


def remember_keys(session: Session) -> None:
    """Write the check values of the current key and the index key, once; to be called at every start, before anything
    is sealed.

    Raises WrongKey, and writes nothing, where `check_keys` says no, and Refused as it does. Checks of keys that seal
    nothing any more and that nobody has now are dropped.
    """
    if not check_keys(session):
        raise WrongKey(CHECK_PLACE)
    checks, seal = _checks(session), seal_of(session)
    for gone in set(checks) - opened_by(seal, checks):
        session.execute(delete(Meta).where(Meta.name == CHECK + gone))
    value = seal.close(CHECK_PLACE, CHECK_WORD)
    if value[1:_HEAD].hex() not in checks:
        session.add(Meta(name=CHECK + value[1:_HEAD].hex(), value=value))
    found = _index_check(session)
    if found is None and session.get(Meta, HEAD) is None:
        # A database from before there were heads: its audit log is taken as it stands, this once.
        renew_head(session, seal)
    if found != index_check(seal):
        session.merge(Meta(name=INDEX_CHECK, value=index_check(seal)))
    session.flush()


def renew_index(session: Session) -> int:
    """Take the session's index key for the right one from now on; codes given out under the former one go, their
    number is returned. The end of the audit log is taken as it stands: look at it with the former key before."""
    seal = seal_of(session)
    session.merge(Meta(name=INDEX_CHECK, value=index_check(seal)))
    renew_head(session, seal)
    gone = session.execute(delete(Code), execution_options={"synchronize_session": False})
    session.flush()
    return int(gone.rowcount)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class KeyTrial:
    """One key that sealed something here: its id in hex, how many values it seals, and whether it was there and opened
    its check value and the value that was tried."""

    key: str
    sealed: int
    opens: bool


def try_keys(session: Session) -> tuple[list[KeyTrial], bool]:
    """Every key that the database knows, tried on a value of its own; and whether the index key is the right one."""
    seal, checks = seal_of(session), _checks(session)
    counts = count_sealed(session.connection())
    opened = opened_by(seal, checks)
    trials = []
    for key in sorted(set(checks) | set(counts)):
        # A key that nobody has any more and that seals nothing is no fault.
        if key in opened or key in counts:
            fits = (key in opened or key not in checks) and _opens_one(session, seal, key)
            trials.append(KeyTrial(key, counts.get(key, 0), fits))
    return trials, index_fits(seal, _index_check(session))


def _opens_one(session: Session, seal: Seal, key: str) -> bool:
    """Whether the keys open a value that this key sealed, the first that is found; True where it sealed none."""
    head = _FORMAT + bytes.fromhex(key)
    for column in _sealed(session.connection()):
        row_id = next(iter(column.table.primary_key.columns))
        found = session.execute(select(row_id, column).where(func.substr(column, 1, _HEAD) == head).limit(1)).first()
        if found is None:
            continue
        try:
            seal.open(f"{column.table}.{column.name}:{found[0]}", found[1])
        except WrongKey:
            return False
        return True
    return True


def _index_check(session: Session) -> bytes | None:
    found = session.execute(select(Meta.value).where(Meta.name == INDEX_CHECK)).scalar()
    return None if found is None else bytes(found)


def _checks(session: Session) -> dict[str, bytes]:
    rows = session.execute(select(Meta.name, Meta.value).where(Meta.name.startswith(CHECK, autoescape=True)))
    return {name.removeprefix(CHECK): bytes(value) for name, value in rows}
