"""Migrations: from every earlier revision, with every table filled, to the newest, with nothing lost or different."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from models import migrate
from models.db import Database
from models.keys import check_keys
from models.meta import broken_link
from models.seal import Seal
from tests.models.filling import INDEX, KEY, ROWS, everything, fill

REVISIONS = [each.revision for each in ScriptDirectory.from_config(migrate._config()).walk_revisions()][::-1]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/var/new/yizhan.db"
    return str(request.getfixturevalue("empty_postgresql_url"))


def look(url: str, query):  # type: ignore[no-untyped-def]
    """What a query of a raw connection answers."""
    database = Database(url)
    try:
        with database.connection() as connection:
            return query(connection)
    finally:
        database.close()


def schema(connection: Connection) -> list[str]:
    """Every index, trigger and constraint, as the database itself tells them."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql("select type, name, tbl_name, sql from sqlite_master")
    else:
        rows = connection.exec_driver_sql(
            "select 'index', indexname, tablename, indexdef from pg_indexes where schemaname = 'public' union all "
            "select 'trigger', tgname, tgrelid::regclass::text, pg_get_triggerdef(oid) from pg_trigger "
            "where not tgisinternal union all "
            "select 'constraint', conname, conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint "
            "where connamespace = 'public'::regnamespace"
        )
    # A table that a batch rebuilt may name its columns in another layout; indexes and triggers may not differ.
    return sorted(" ".join(map(str, row)) for row in rows if row[0] != "table")


def differences(connection: Connection) -> list[object]:
    """What Alembic would change to make the database like the models."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, migrate.METADATA))


@pytest.mark.parametrize("revision", REVISIONS)
def test_it_brings_a_filled_database_from_every_revision_to_the_newest(
    empty_url: str, revision: str, request: pytest.FixtureRequest
) -> None:
    migrate.upgrade(empty_url, revision)
    assert look(empty_url, migrate.revision) == revision
    fill(empty_url)
    before = {name: len(rows) for name, rows in everything(empty_url).items()}
    assert set(before.values()) <= {ROWS, 3}  # meta: the checks of two keys, and the head of the audit log
    migrate.upgrade(empty_url)
    after = everything(empty_url)
    assert look(empty_url, migrate.revision) == migrate.head()
    assert {name: len(after[name]) for name in before if name in after} == {n: before[n] for n in before if n in after}
    assert look(empty_url, differences) == []
    at_once = request.getfixturevalue(f"{'sqlite' if empty_url.startswith('sqlite') else 'postgresql'}_url")
    assert look(empty_url, schema) == look(at_once, schema), "the same schema, whichever way it went"
    database = Database(empty_url, Seal(KEY, index=INDEX))
    assert database.read(check_keys)
    assert database.read(broken_link) is None
    if database.is_sqlite:
        assert look(empty_url, lambda connection: connection.exec_driver_sql("pragma foreign_key_check").all()) == []
        assert look(empty_url, lambda connection: connection.exec_driver_sql("pragma integrity_check").scalar()) == "ok"
    database.close()


def test_it_has_one_line_of_revisions() -> None:
    script = ScriptDirectory.from_config(migrate._config())
    assert script.get_heads() == [migrate.head()] == [REVISIONS[-1]]


def test_it_changes_nothing_the_second_time(database_url: str) -> None:
    fill(database_url)
    before = everything(database_url)
    migrate.upgrade(database_url)
    assert everything(database_url) == before


def test_it_keeps_children_when_a_parent_table_is_rebuilt(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(sqlite_url)
    before = everything(sqlite_url)

    def rebuild(config, to) -> None:  # type: ignore[no-untyped-def]
        operations = Operations(MigrationContext.configure(config.attributes["connection"]))
        with operations.batch_alter_table("grid", recreate="always") as batch:
            batch.alter_column("name_en", type_=sa.String(200))

    monkeypatch.setattr(command, "upgrade", rebuild)
    migrate.upgrade(sqlite_url)
    after = everything(sqlite_url)
    assert {name: len(rows) for name, rows in after.items()} == {name: len(rows) for name, rows in before.items()}


def test_it_refuses_to_end_with_dangling_references(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(sqlite_url)
    before = everything(sqlite_url)

    def harm(config, to) -> None:  # type: ignore[no-untyped-def]
        config.attributes["connection"].exec_driver_sql("delete from grid")

    monkeypatch.setattr(command, "upgrade", harm)
    with pytest.raises(ValueError, match="references dangle after the migration"):
        migrate.upgrade(sqlite_url)
    assert everything(sqlite_url) == before  # Nothing of it was kept.
