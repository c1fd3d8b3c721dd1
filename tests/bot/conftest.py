"""What tests of the wires ask for on a new SQLite file: the web application, or the small school alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.db import Database
from tests import builders
from tests.bot.website import Site, make_site


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path) -> Iterator[Site]:
    """The whole application with a door that answers as it is told; a file may have another."""
    site = make_site(sqlite_url, tmp_path)
    yield site
    site.database.close()


@pytest.fixture
def sqlite_school(sqlite_url: str) -> Iterator[Database]:
    """The small school on SQLite alone."""
    database = Database(sqlite_url, builders.new_seal())
    database.run(builders.settle)
    yield database
    database.close()
