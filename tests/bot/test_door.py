"""The one way in: each delivery takes effect once, in order, whatever comes twice or trips over a bug."""

from __future__ import annotations

import asyncio
import io
import threading
from dataclasses import replace

import pytest
import structlog
from sqlalchemy import func, select

from bot import app
from bot.door import Answer, Door
from handlers.turn import Turn
from handlers.views import chat
from models.db import Database
from models.dialogue import Received
from models.message import Incoming, Reply, Upload
from models.meta import Meta
from models.person import Account
from models.ticket import Ticket
from tests.bot.doors import HANMEIMEI, LILEI, PATIENCE, at_once, count, instead, message, said
from tests.builders import START, make_door, make_school, new_seal, settle
from tests.killing import ticket_words


@pytest.fixture
def door(database: Database) -> Door:
    return make_door(database, make_school(most_open=500), lambda: START)


# --- twice ------------------------------------------------------------------------------------------------------------


def test_it_gives_the_stored_answer_again(database: Database, door: Door) -> None:
    at_once(door.receive(message("找老师")))
    first, again = (
        at_once(door.receive(message("奖学金怎么申请", "one"))),
        at_once(door.receive(message("奖学金怎么申请", "one"))),
    )
    assert (first[0].fresh, again[0].fresh) == (True, False)
    assert (again[0].replies, again[0].seq) == (first[0].replies, first[0].seq)
    assert count(database, Ticket) == 1
    assert count(database, Received) == 2


def test_it_keeps_what_a_message_quoted_and_every_file(database: Database, door: Door) -> None:
    files = [Upload(letter * 26, f"{letter}.png", "image/png", 3) for letter in "ab"]
    at_once(door.receive(replace(message("看看"), quote="QJ-2606-0001", file=files[0], more=(files[1],))))
    account = database.read(lambda session: session.execute(select(Account.id).join(Received)).scalar_one())
    (entry,) = database.read(lambda session: chat.entries(session, account, 0))
    assert entry.mine == chat.Said(text="看看", file="a.png, b.png", quote="QJ-2606-0001")


def test_it_takes_fifty_copies_once(database: Database, door: Door) -> None:
    # As from two processes: a second door waits in no line of the first, only for the row.
    other = (
        Database(database.url.render_as_string(hide_password=False), database.seal)
        if not database.is_sqlite
        else database
    )
    doors = [door, make_door(other, door.school, lambda: START)]
    try:
        at_once(door.receive(message("找老师")))
        answers = at_once(*(doors[copy % 2].receive(message("奖学金怎么申请", "one")) for copy in range(50)))
    finally:
        if other is not database:
            other.close()
    assert len({answer.replies for answer in answers}) == 1
    assert sum(answer.fresh for answer in answers) == 1
    assert count(database, Ticket) == 1
    assert count(database, Received) == 2


def test_it_takes_a_first_message_in_copies_once(database: Database, door: Door) -> None:
    answers = at_once(*(door.receive(message("你好", "one", account="nobody-yet")) for _ in range(20)))
    assert len({(answer.replies, answer.seq) for answer in answers}) == 1
    assert count(database, Received) == 1


# --- order ------------------------------------------------------------------------------------------------------------


def test_it_keeps_the_order_of_an_account(database: Database, door: Door) -> None:
    keys = [f"k{number:03}" for number in range(200)]
    answers = at_once(*(door.receive(message(f"呜噜{key}", key)) for key in keys))
    assert [answer.seq for answer in answers] == list(range(1, 201))
    kept = database.read(lambda session: session.execute(select(Received.key).order_by(Received.seq)).scalars().all())
    assert [key.split(":")[1] for key in kept] == keys
    pairs = [f"呜噜{one}\n呜噜{two}" for one, two in zip(keys[::2], keys[1::2], strict=True)]
    assert database.read(ticket_words) == pairs


def test_it_lets_nobody_wait_behind_another(database: Database, door: Door) -> None:
    done: list[str] = []

    async def one(account: str, key: str) -> Answer:
        answer = await door.receive(message("菜单", key, account))
        done.append(account)
        return answer

    at_once(*(one(LILEI, f"k{number}") for number in range(60)), one(HANMEIMEI, "hers"))
    assert done.index(HANMEIMEI) < 40, "she waits for what is under way, not for all that somebody else sent before"
    assert not door._lines


def test_it_answers_others_while_one_is_slow(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(postgresql_url, new_seal())
    database.run(settle)
    door = make_door(database, make_school(), lambda: START)
    go_on = threading.Event()

    def slow(turn: Turn, incoming: Incoming) -> tuple[Reply, ...]:
        assert go_on.wait(PATIENCE)
        return (Reply(text="slow"),)

    instead(monkeypatch, "慢", slow)

    async def together() -> list[Answer]:
        async with asyncio.timeout(PATIENCE):
            waiting = [
                asyncio.create_task(door.receive(message("慢"))),
                asyncio.create_task(door.receive(message("菜单"))),
            ]
            others = [await door.receive(message("菜单", account=HANMEIMEI)) for _ in range(5)]
            assert not any(task.done() for task in waiting)
            go_on.set()
            return [*others, *await asyncio.gather(*waiting)]

    assert [answer.seq for answer in asyncio.run(together())] == [1, 2, 3, 4, 5, 1, 2]
    database.close()


# --- a bug ------------------------------------------------------------------------------------------------------------


def test_it_contains_a_bug(database: Database, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "我的身份证号是一二三"

    def broken(turn: Turn, incoming: Incoming) -> tuple[Reply, ...]:
        turn.session.add(Meta(name="half", value=b""))
        turn.session.flush()
        raise ValueError(incoming.text)

    instead(monkeypatch, secret, broken)
    out = io.StringIO()
    structlog.configure(
        processors=[app._places_only, structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(out), cache_logger_on_first_use=False,
    )  # fmt: skip
    try:
        bad, good, hers = at_once(
            door.receive(message(secret, "bad")),
            door.receive(message("菜单")),
            door.receive(message("菜单", account=HANMEIMEI)),
        )
    finally:
        structlog.reset_defaults()
    assert (bad.seq, good.seq, hers.seq) == (1, 2, 1)
    assert "抱歉" in said(bad)
    again = at_once(door.receive(message(secret, "bad")))[0]
    assert (again.replies, again.fresh) == (bad.replies, False)
    rows = database.read(lambda session: session.execute(select(Received).order_by(Received.at)).scalars().all())
    (kept,) = [row for row in rows if row.status == "quarantined"]
    assert kept.trace.startswith("ValueError\n")
    assert "test_door.py" in kept.trace
    assert secret not in kept.trace
    assert secret.encode() not in kept.body
    assert secret in database.seal.open(f"received.body:{kept.id}", kept.body)  # type: ignore[union-attr]
    begun = database.read(lambda session: session.get(Meta, "half"))
    assert begun is None, "what it had begun is gone"
    logged = out.getvalue()
    assert "message_quarantined" in logged
    assert "test_door.py" in logged
    assert "身份证" not in logged.encode().decode("unicode_escape", "ignore")


def test_it_contains_a_wrong_statement(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(turn: Turn, incoming: Incoming) -> tuple[Reply, ...]:
        turn.session.execute(select(func.nowhere_to_be_found()))
        return ()

    instead(monkeypatch, "坏", broken)
    bad, good = at_once(door.receive(message("坏")), door.receive(message("菜单", account=HANMEIMEI)))
    assert "抱歉" in said(bad)
    assert "抱歉" not in said(good)
