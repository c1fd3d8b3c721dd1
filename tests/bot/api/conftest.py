"""A school for all tests of a file, and two systems that speak for its staff; a file may have another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.bad_inputs.place import Place
from tests.bot.api.systems import System, token_of


@pytest.fixture(scope="module")
def place(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    from tests.conftest import copy_database

    folder = tmp_path_factory.mktemp("api")
    copy_database(sqlite_template, folder)
    place = Place(f"sqlite:///{folder / sqlite_template.name}", folder)
    closed = System(place, "").get("/health")
    assert closed.status == 404, "Without a token in force there is no API."
    yield place
    place.close()


@pytest.fixture(scope="module")
def counselor(place: Place) -> System:
    return System(place, token_of(place, "counselor"))


@pytest.fixture(scope="module")
def officer(place: Place) -> System:
    return System(place, token_of(place, "officer"))
