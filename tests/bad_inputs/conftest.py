"""One school for all cases of a file, with its real HTTP server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from models import migrate
from tests.bad_inputs.place import Place


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("bad")
    migrate.upgrade(f"sqlite:///{folder}/yizhan.db")
    place = Place(f"sqlite:///{folder}/yizhan.db", folder)
    yield place
    place.close()


@pytest.fixture(scope="module")
def port(place: Place) -> Iterator[int]:
    with place.served() as port:
        yield port
