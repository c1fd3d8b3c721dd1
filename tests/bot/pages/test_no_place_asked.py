"""Nobody is looked for by satellite: no page and no script asks a browser where it is, and every answer forbids it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot
from tests.bad_inputs.place import Place

SHIPPED = sorted(
    path for path in Path(bot.__file__).parent.rglob("*") if path.suffix in (".js", ".html", ".css", ".svg")
)
# What a browser or a phone would be asked with; the head of every answer that forbids it stands in guard.py.
ASKS = re.compile(
    r"geolocation|getCurrentPosition|watchPosition|navigator\.permissions|DeviceOrientation|\bGPS\b", re.IGNORECASE
)


@pytest.fixture(scope="module")
def place(shared_place: Place) -> Place:
    return shared_place


def test_it_ships_no_script_and_no_page_that_asks_where_somebody_is() -> None:
    assert len([path for path in SHIPPED if path.suffix == ".js"]) >= 5
    asking = [path.name for path in SHIPPED if ASKS.search(path.read_text(encoding="utf-8"))]
    assert asking == []


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/", "anonymous"), ("/chat", "owner"), ("/me", "owner"), ("/services/leave", "owner"), ("/console", "counselor"),
        ("/console/on-leave", "counselor"), ("/console/approvals", "counselor"), ("/nowhere", "anonymous"),
        ("/slip/QJ-2001-0001/00000000000000000000", "anonymous"), ("/g/none", "anonymous"),
    ],
)  # fmt: skip
def test_it_forbids_every_page_to_ask_where_somebody_is(place: Place, path: str, who: str) -> None:
    said = place.call("GET", path, who).headers["permissions-policy"]
    assert "geolocation=()" in {each.strip() for each in said.split(",")}
