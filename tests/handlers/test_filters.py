"""Kept filters: by name, one's own only, and no more than a person can read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handlers import filters
from models.message import Refused
from tests.handlers.inbox_desk import Desk


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    desk = Desk(database_url)
    yield desk
    desk.database.close()


def test_it_keeps_replaces_and_drops_ones_own(desk: Desk) -> None:
    desk.do("韩老师", lambda turn: filters.keep(turn, "  急的\n ", "view=overdue"))
    desk.do("韩老师", lambda turn: filters.keep(turn, "急的", "view=today"))
    desk.do("韩老师", lambda turn: filters.keep(turn, "安静", "view=all"))
    mine = desk.do("韩老师", filters.kept)
    assert [(each.name, each.query) for each in mine if each.name == "急的"] == [("急的", "view=today")]
    assert len(mine) == 2
    assert desk.do("王书记", filters.kept) == ()
    with pytest.raises(Refused):
        desk.do("王书记", lambda turn: filters.drop(turn, mine[0].id))
    desk.do("韩老师", lambda turn: filters.drop(turn, mine[0].id))
    assert len(desk.do("韩老师", filters.kept)) == 1


def test_it_refuses_no_name_and_too_many(desk: Desk) -> None:
    for name in ("", "   ", "\u200b\u202e"):
        with pytest.raises(Refused, match="no_name"):
            desk.do("韩老师", lambda turn, name=name: filters.keep(turn, name, ""))
    for number in range(filters.MOST):
        desk.do("韩老师", lambda turn, number=number: filters.keep(turn, f"n{number}", "view=all"))
    with pytest.raises(Refused, match="too_many"):
        desk.do("韩老师", lambda turn: filters.keep(turn, "one more", ""))
    assert len(desk.do("韩老师", filters.kept)) == filters.MOST
