"""The door's limits: too fast, too long, not fit to be stored, one short message a turn, and instants to come."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.door import Door, clean
from handlers.texts import text
from handlers.turn import Turn
from models.base import new_id
from models.db import Database
from models.dialogue import Received
from models.message import MOST_TEXT, Incoming, Reply
from models.ticket import Ticket
from tests.bot.doors import CRY, HANMEIMEI, LILEI, at_once, count, instead, message, said
from tests.builders import POOR, RICH, START, make_door, make_school


@pytest.fixture
def door(database: Database) -> Door:
    return make_door(database, make_school(), lambda: START)


def test_it_asks_the_fast_to_wait_but_never_a_cry_for_help(database: Database) -> None:
    door = Door(database, make_school(), 3, frozenset({POOR}), lambda: START)
    answers = at_once(*(door.receive(message("菜单", f"k{number}")) for number in range(5)))
    assert [answer.taken for answer in answers] == [True, True, True, False, False]
    assert said(answers[4]) == text("zh", "door.too_fast") == answers[4].text
    again, cry, hers = at_once(
        door.receive(message("菜单", "k0")),
        door.receive(message(CRY)),
        door.receive(message("菜单", account=HANMEIMEI)),
    )
    assert (again.replies, again.fresh, again.taken) == (answers[0].replies, False, True)
    assert "12356" in said(cry)
    assert hers.taken
    assert count(database, Received) == 5


def test_it_refuses_what_is_too_long(database: Database, door: Door) -> None:
    fits, over = at_once(
        door.receive(message("呜" * MOST_TEXT)), door.receive(message("呜" * (MOST_TEXT + 1), channel=POOR))
    )
    assert (fits.taken, over.taken) == (True, False)
    assert str(MOST_TEXT) in over.text
    assert said(over) == over.text
    assert count(database, Received) == 1


@pytest.mark.parametrize("before", [0, MOST_TEXT - 2, MOST_TEXT + 10, 3 * MOST_TEXT])
def test_it_hears_a_cry_for_help_anywhere_in_a_long_text(database: Database, door: Door, before: int) -> None:
    (answer,) = at_once(door.receive(message("呜" * before + CRY + "呜" * MOST_TEXT)))
    assert answer.taken
    assert "12356" in said(answer)
    service, words = database.read(lambda session: session.execute(select(Ticket.service, Ticket.private)).one())
    assert (service, words) == ("crisis", True)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\x00b", "ab"),
        ("\ud800请假\udfff", "\ufffd请假\ufffd"),
        ("一\r\n二\r三\n四\t五", "一\n二\n三\n四\t五"),
        ("\x1b[31m红\x7f\x85\x9b", "[31m红"),
        ("  \u3000请假　", "请假"),
        ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"),
        ("\x00\x01", ""),
        ("", ""),
    ],
)
def test_it_cleans_words(given: str, kept: str) -> None:
    assert clean(given) == kept
    assert clean(kept) == kept


def test_it_stores_what_no_database_would(database: Database, door: Door) -> None:
    answers = at_once(*(door.receive(message(words)) for words in ("请\x00假", "\ud83d", "\x00", "呜\r\n噜")))
    assert [answer.taken for answer in answers] == [True] * 4
    statuses = database.read(lambda session: session.execute(select(Received.status)).scalars().all())
    assert set(statuses) == {"done"}


# --- poor channels, and time ------------------------------------------------------------------------------------------


def test_it_gives_a_poor_channel_one_short_message_and_more(database: Database, door: Door) -> None:
    at_once(door.receive(message("找老师", channel=POOR)))
    words = "".join(f"第{number}句话，" for number in range(300))
    (first,) = at_once(door.receive(message(words, "long", channel=POOR)))
    assert len(first.text.encode()) <= 2048
    assert first.text.endswith(text("zh", "door.more"))
    shown = [first.text]
    while shown[-1].endswith(text("zh", "door.more")):
        (more,) = at_once(door.receive(message("更多", channel=POOR)))
        assert len(more.text.encode()) <= 2048
        shown.append(more.text)
    assert len(shown) > 2
    whole = "".join(part.removesuffix(text("zh", "door.more")).rstrip("\n") for part in shown)
    assert "第0句话，" in whole
    assert "第299句话，" in whole
    (again,) = at_once(door.receive(message(words, "long", channel=POOR)))
    assert (again.text, again.fresh) == (first.text, False)


def test_it_believes_no_platform_from_the_future(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[datetime, datetime]] = []

    def keep(turn: Turn, incoming: Incoming) -> tuple[Reply, ...]:
        heard.append((turn.said_at, turn.now))
        return (Reply(text="ok"),)

    instead(monkeypatch, "现在", keep)
    for said_at in (START + timedelta(days=365), START - timedelta(hours=20), START):
        at_once(door.receive(Incoming(RICH, LILEI, f"{LILEI}:{new_id(START)}", said_at, "现在")))
    assert heard == [(START, START), (START - timedelta(hours=20), START), (START, START)]
