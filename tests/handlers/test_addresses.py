"""Where a person is told things who is bound on several channels: where it rings, unless the web page was just used."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from handlers import directory
from tests.builders import START, person_of


@pytest.mark.parametrize(
    ("web", "phone", "where"),
    [(0, 60, "webchat"), (9, 60, "webchat"), (11, 60, "telegram"), (60, 600, "telegram"), (60, 5, "telegram"), (5, 1, "telegram")],
)  # fmt: skip
def test_it_tells_where_it_rings_unless_the_page_was_just_used(
    session: Session, web: int, phone: int, where: str
) -> None:
    lei = person_of(session, "李雷")
    page = directory.address(session, lei, START)
    page.used_at = START - timedelta(minutes=web)
    other = directory.account(session, "telegram", "100", START)
    other.person_id, other.used_at = lei.id, START - timedelta(minutes=phone)
    session.flush()
    assert directory.address(session, lei, START).channel == where
    assert directory.addresses(session, [lei.id], START)[lei.id].channel == where


def test_it_tells_on_the_page_whoever_has_nothing_else(session: Session) -> None:
    lei = person_of(session, "李雷")
    directory.address(session, lei, START).used_at = START - timedelta(days=30)
    session.flush()
    assert directory.address(session, lei, START).channel == "webchat"
