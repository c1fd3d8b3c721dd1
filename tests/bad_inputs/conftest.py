"""One school for all cases of a file, with its real HTTP server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bad_inputs.place import Place


@pytest.fixture(scope="module")
def place(shared_place: Place) -> Place:
    return shared_place


@pytest.fixture(scope="module")
def port(place: Place) -> Iterator[int]:
    with place.served() as port:
        yield port
