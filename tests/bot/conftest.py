"""What tests of the wires ask for: the web application over a new SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.website import Site, make_site


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path) -> Iterator[Site]:
    """The whole application with a door that answers as it is told; a file may have another."""
    site = make_site(sqlite_url, tmp_path)
    yield site
    site.database.close()
