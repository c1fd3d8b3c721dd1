"""The schema as it is written down: every table, column, kind, key and index of docs/schema.md is that of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from models.base import Instant
from models.migrate import METADATA

DOCUMENT = Path(__file__).parent.parent / "docs" / "schema.md"
HEADING = re.compile(r"^### `(\w+)`$", re.MULTILINE)
ROW = re.compile(r"^\| `(\w+)` \| ([^|]*) \| ([^|]*) \| (.*) \|$", re.MULTILINE)
KEY = re.compile(r"(unique|index) `([\w, ]+)`( \()?")


def _sections() -> dict[str, str]:
    """What is written of each table, by its name."""
    parts = HEADING.split(DOCUMENT.read_text(encoding="utf-8"))
    assert len(parts[1::2]) == len(set(parts[1::2])), "A table is described twice."
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _kind(column: sa.Column[object]) -> str:
    """The kind of a column as the document calls it."""
    kind = column.type
    words = (
        "instant" if isinstance(kind, Instant)
        else "bytes" if isinstance(kind, sa.LargeBinary)
        else "json" if isinstance(kind, sa.JSON)
        else "yes/no" if isinstance(kind, sa.Boolean)
        else "number" if isinstance(kind, (sa.Integer, sa.Float))
        else f"text {kind.length}" if isinstance(kind, sa.String) and kind.length
        else "text"
    )  # fmt: skip
    return words + ("?" if column.nullable else "")


def _uniques(table: sa.Table) -> list[list[str]]:
    """The columns of every unique constraint."""
    found = [each for each in table.constraints if isinstance(each, sa.UniqueConstraint)]
    return [[column.name for column in each.columns] for each in found]


def _key(table: sa.Table, column: sa.Column[object]) -> str:
    """What a column's key cell says."""
    words = ["primary"] if column.primary_key else []
    words += ["unique"] if [column.name] in _uniques(table) else []
    return ", ".join([*words, *(f"→ {key.target_fullname}" for key in column.foreign_keys)])


def _keys(table: sa.Table) -> set[tuple[str, str, bool]]:
    """Keys over several columns and all indexes: which kind, over what, whether partial."""
    found = {("unique", ", ".join(columns), False) for columns in _uniques(table) if len(columns) > 1}
    for index in table.indexes:
        kind = "unique" if index.unique else "index"
        found.add((kind, ", ".join(column.name for column in index.columns), bool(index.dialect_kwargs)))
    return found


def test_it_describes_every_table_and_no_other() -> None:
    assert sorted(_sections()) == sorted(METADATA.tables)


@pytest.mark.parametrize("name", sorted(METADATA.tables))
def test_it_describes_every_column_in_order(name: str) -> None:
    table, section = METADATA.tables[name], _sections()[name]
    written = [(column, kind, key.strip()) for column, kind, key, _ in ROW.findall(section)]
    assert written == [(column.name, _kind(column), _key(table, column)) for column in table.columns]


@pytest.mark.parametrize("name", sorted(METADATA.tables))
def test_it_names_every_index_and_how_long_rows_are_kept(name: str) -> None:
    section = _sections()[name]
    line = next((line for line in section.splitlines() if line.startswith("*Keys:*")), "")
    written = {(kind, columns, bool(partial)) for kind, columns, partial in KEY.findall(line)}
    assert written == _keys(METADATA.tables[name])
    assert re.search(r"^\*Kept:\* \S", section, re.MULTILINE), "How long are the rows kept?"
