"""Which keys a database was sealed with: a check value for each, and how many values each still seals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import Connection, LargeBinary, Table, delete, func, select
from sqlalchemy.orm import Session

from models.base import Base
from models.db import seal_of
from models.meta import Meta
from models.seal import CHECK_PLACE, CHECK_WORD, Seal, WrongKey

CHECK: Final = "key-check:"  # begins the name of a meta row; the key's id in hex ends it
_HEAD: Final = 5  # bytes of a sealed value that tell its key: the format, and four of the key's id
_FORMAT: Final = b"\x01"


def count_sealed(connection: Connection, tables: Iterable[Table] | None = None) -> dict[str, int]:
    """How many values each key still seals, by the key's id in hex; opens nothing.

    One pass over every column of bytes. A key may be thrown away when it is not among these (case LG-06).
    """
    counts: dict[str, int] = {}
    for table in Base.metadata.sorted_tables if tables is None else tables:
        for column in table.columns:
            # The check values themselves are no data: they only tell which key was current once.
            if not isinstance(column.type, LargeBinary) or table.name == Meta.__tablename__:
                continue
            head = func.substr(column, 1, _HEAD)
            for found, count in connection.execute(
                select(head, func.count()).where(column.is_not(None)).group_by(head)
            ):
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


def check_keys(session: Session) -> bool:
    """Whether the session's keys open everything here: False with a wrong key, or with an old one removed too early.

    Cheap as long as every check value opens; only else are the sealed values counted, since a key that seals nothing
    any more may be gone.
    """
    checks = _checks(session)
    opened = opened_by(seal_of(session), checks)
    if checks and opened == set(checks):
        return True
    return set(count_sealed(session.connection())) <= opened


def remember_keys(session: Session) -> None:
    """Write the check value of the current key, once; to be called at every start, before anything is sealed.

    Raises WrongKey, and writes nothing, where `check_keys` says no. Checks of keys that seal nothing any more and that
    nobody has now are dropped.
    """
    if not check_keys(session):
        raise WrongKey(CHECK_PLACE)
    checks, seal = _checks(session), seal_of(session)
    for gone in set(checks) - opened_by(seal, checks):
        session.execute(delete(Meta).where(Meta.name == CHECK + gone))
    value = seal.close(CHECK_PLACE, CHECK_WORD)
    if value[1:_HEAD].hex() not in checks:
        session.add(Meta(name=CHECK + value[1:_HEAD].hex(), value=value))
        session.flush()


def _checks(session: Session) -> dict[str, bytes]:
    rows = session.execute(select(Meta.name, Meta.value).where(Meta.name.startswith(CHECK, autoescape=True)))
    return {name.removeprefix(CHECK): bytes(value) for name, value in rows}
