"""The dump and the load of all tables, and the check of the keys."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.db import Database
from models.fresh import knows, replacing
from models.keys import CHECK, check_keys, count_sealed, remember_keys
from models.message import Refused
from models.meta import Meta
from models.migrate import METADATA, head
from models.seal import Seal, WrongKey, key_id
from models.snapshot import Load, _kind, tables, take
from tests.models.filling import INDEX, KEY, NOW, ROWS, everything, fill

OTHER = b"o" * 32


def test_it_dumps_every_table_as_lines(database_url: str) -> None:
    fill(database_url)
    with take(database_url) as snapshot:
        rows = {name: [json.loads(line) for line in snapshot.lines(name)] for name in snapshot.names}
        assert snapshot.revision == head()
        assert list(snapshot.count_sealed()) == [key_id(KEY).hex()]
        assert sorted(snapshot.ids("attachment")) == sorted(row["id"] for row in rows["attachment"])
        assert list(snapshot.ids("no_such_table")) == []
    assert set(rows) == set(METADATA.tables) - _unborn(database_url)
    assert all(len(found) == ROWS for name, found in rows.items() if name != "meta")
    assert {row["name"] for row in rows["person"]} > {"李雷", "韩梅梅", "韩老师", "王书记"}
    assert min(row["at"] for row in rows["audit"]) == "2026-10-14T01:30:00.123456+00:00"


def _unborn(url: str) -> set[str]:
    """Tables of the models that no migration has made yet."""
    return set(METADATA.tables) - set(everything(url))


def test_it_puts_referred_tables_first(database_url: str) -> None:
    with take(database_url) as snapshot:
        order = {name: place for place, name in enumerate(snapshot.names)}
    pairs = [
        (key.column.table.name, name)
        for name in order
        for key in METADATA.tables[name].foreign_keys
        if key.column.table.name != name
    ]
    assert pairs
    assert all(order[parent] < order[child] for parent, child in pairs)


def test_it_sees_the_same_kinds_in_the_database_as_in_the_models(database_url: str) -> None:
    database = Database(database_url)
    with database.connection() as connection:
        found = {(t.name, c.name): type(_kind(c).stored) for t in tables(connection) for c in t.columns}
    database.close()
    wanted = {(t.name, c.name): c for t in METADATA.sorted_tables for c in t.columns}
    for place, kind in found.items():
        column = wanted[place]
        if not isinstance(column.type, sa.types.TypeDecorator):
            assert type(_kind(column).stored) is kind, place


def test_it_refuses_to_save_what_is_not_there(tmp_path: Path, empty_postgresql_url: str) -> None:
    with pytest.raises(Refused) as refused, take(f"sqlite:///{tmp_path}/none.db"):
        pass
    assert refused.value.key == "backup.no_database"
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(Refused) as refused, take(empty_postgresql_url):
        pass
    assert refused.value.key == "backup.empty_database"


@pytest.mark.parametrize(
    "line", [b"{}\n", b"[1]\n", b"nonsense\n", b'{"series": "QJ", "last": 1, "more": 2}\n', b"\xff\n"]
)
def test_it_refuses_a_strange_row_and_leaves_nothing(empty_postgresql_url: str, line: bytes) -> None:
    good = b'{"series":"QJ","last":1}\n'
    with (
        pytest.raises(Refused) as refused,
        replacing(empty_postgresql_url, head(), NOW, replace=False) as fresh,
        take_names(fresh.connection) as load,
    ):
        list(load.fill("counter", [good, line]))
    assert refused.value.key == "backup.strange_row"
    assert refused.value.values == {"table": "counter", "line": 2}
    with pytest.raises(Refused, match="empty_database"), take(empty_postgresql_url):
        pass


def take_names(connection: sa.Connection) -> nullcontext[Load]:
    """A load of exactly the tables that are there."""
    return nullcontext(Load(connection, [table.name for table in tables(connection)]))


def test_it_refuses_rows_that_the_database_refuses(empty_postgresql_url: str) -> None:
    twice = b'{"series":"QJ","last":1}\n'
    with (
        pytest.raises(Refused) as refused,
        replacing(empty_postgresql_url, head(), NOW, replace=False) as fresh,
        take_names(fresh.connection) as load,
    ):
        list(load.fill("counter", [twice, twice]))
    assert refused.value.key == "backup.rejected"


def test_it_refuses_tables_of_another_schema(empty_postgresql_url: str) -> None:
    with pytest.raises(Refused) as refused, replacing(empty_postgresql_url, head(), NOW, replace=False) as fresh:
        Load(fresh.connection, ["person", "stranger"])
    assert refused.value.key == "backup.tables_differ"


def test_it_knows_its_own_revisions() -> None:
    assert knows(head())
    assert not knows("ffff")


# --- keys -------------------------------------------------------------------------------------------------------------


def _names(session: Session) -> set[str]:
    return set(session.execute(sa.select(Meta.name).where(Meta.name.startswith(CHECK))).scalars())


def test_it_remembers_the_current_key_once(database_url: str) -> None:
    for _ in range(2):
        database = Database(database_url, Seal(KEY, index=INDEX))
        database.run(remember_keys)
        assert database.read(_names) == {CHECK + key_id(KEY).hex()}
        assert database.read(check_keys)
        database.close()


def test_it_refuses_to_start_with_a_wrong_key(database_url: str) -> None:
    fill(database_url)
    before = everything(database_url)
    database = Database(database_url, Seal(OTHER, index=INDEX))
    assert not database.read(check_keys)
    with pytest.raises(WrongKey):
        database.run(remember_keys)
    database.close()
    assert everything(database_url) == before


def test_it_refuses_the_removal_of_a_key_that_still_seals(database_url: str) -> None:
    fill(database_url)
    database = Database(database_url, Seal(OTHER, [KEY], index=INDEX))
    database.run(remember_keys)
    assert database.read(_names) == {CHECK + key_id(KEY).hex(), CHECK + key_id(OTHER).hex()}
    assert set(database.read(lambda s: count_sealed(s.connection(), _present(s)))) == {key_id(KEY).hex()}
    database.close()
    early = Database(database_url, Seal(OTHER, index=INDEX))
    assert not early.read(check_keys)
    early.close()


def _present(session: Session) -> list[sa.Table]:
    return tables(session.connection())


def test_it_lets_a_key_go_that_seals_nothing_any_more(database_url: str) -> None:
    database = Database(database_url, Seal(KEY, index=INDEX))
    database.run(remember_keys)
    database.close()
    database = Database(database_url, Seal(OTHER, index=INDEX))
    database.run(remember_keys)
    assert database.read(_names) == {CHECK + key_id(OTHER).hex()}
    database.close()


def test_it_refuses_a_wrong_key_even_where_the_check_is_gone(database_url: str) -> None:
    fill(database_url)
    database = Database(database_url, Seal(KEY, index=INDEX))
    database.run(lambda session: session.execute(sa.delete(Meta)))
    assert not database.read(check_keys)
    database.close()
