"""The school of the pages' tests and its address; a file that wants another one overrides them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bad_inputs.place import Place


@pytest.fixture
def url(sqlite_url: str) -> str:
    """The school's database; a file that tries both kinds says so by its own."""
    return sqlite_url


@pytest.fixture
def place(url: str, tmp_path: Path) -> Iterator[Place]:
    """A whole school of the test's own."""
    place = Place(url, tmp_path)
    yield place
    place.close()


@pytest.fixture
def address(place: Place) -> Iterator[str]:
    """Where its pages are served, with the server that `run` uses."""
    with place.served() as port:
        yield f"http://127.0.0.1:{port}"
