"""The terminal: a line in, the answers out, a blank line; everything in the language of who speaks."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from bot.channels import terminal
from bot.door import Answer
from handlers import crisis_words, directory
from models.base import new_id
from models.db import Away, Database, seal_of
from models.message import Choice, Incoming, Reply, pack
from models.outbox import Delivery, Outbox
from models.person import Person
from models.seal import Seal

NOW = datetime(2026, 6, 10, 1, 0, tzinfo=UTC)
WHO = "2023010101"


class StandInDoor:
    """Answers with an echo; away when the words say so."""

    def __init__(self) -> None:
        self.hints: list[str] = []

    async def receive(self, incoming: Incoming) -> Answer:
        self.hints.append(incoming.hint)
        if "away" in incoming.text:
            raise Away
        return Answer((), text=f"echo\n\n{incoming.text}")

    def help_without_database(self, words: str, _lang: str) -> tuple[Reply, ...]:
        return (Reply(text="12356"),) if crisis_words.look(words) else ()


@pytest.fixture
def database(sqlite_url: str) -> Any:
    database = Database(sqlite_url, Seal(b"k" * 32))
    yield database
    database.close()


def speak(database: Database, lang: str, said: str, door: Any = None) -> str:
    """What a pipe hears back; a notice waits for the account, which speaks a language."""

    def unit(session: Any) -> None:
        account = directory.account(session, terminal.NAME, WHO, NOW)
        account.lang = lang
        row = Outbox(
            id=new_id(NOW), bot=terminal.NAME, account_id=account.id, seq=directory.next_seq(session, account), lane=1,
            dedupe_key="d", body=b"", due_at=NOW, created_at=NOW,
        )  # fmt: skip
        notice = Reply(text="QJ-2606-0001", choices=(Choice(label="x", send="x", words="show"),))
        row.body = seal_of(session).close(f"outbox.body:{row.id}", pack((notice,)))
        session.add(row)

    database.run(unit)
    out = io.StringIO()
    asyncio.run(
        terminal.talk(
            door or cast(Any, StandInDoor()), database.run, WHO, io.StringIO(said), out, lambda: NOW, prompt=False
        )
    )
    return out.getvalue()


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "(notice) QJ-2606-0001\nYou can also reply: show\n"),
        ("zh", "（通知）QJ-2606-0001\n也可以直接回复：show\n"),
        ("", "（通知）QJ-2606-0001\n也可以直接回复：show\n"),
    ],
)
def test_it_frames_notices_in_the_accounts_language(database: Database, lang: str, told: str) -> None:
    door = StandInDoor()
    assert speak(database, lang, "hello\n", door) == f"{told}echo\nhello\n\n"
    assert door.hints == [lang or "zh"]


def test_it_says_in_the_accounts_language_that_nothing_was_taken_and_goes_on(database: Database) -> None:
    said = speak(database, "en", "away\nhello\n")
    assert said.startswith("The database cannot be reached just now, so this was not taken in")
    assert said.count("\n\n") == 2
    assert said.endswith("echo\nhello\n\n")


def test_it_helps_in_a_crisis_while_the_database_is_away(database: Database) -> None:
    said = speak(database, "zh", "away 我不想活了\n")
    assert said.splitlines()[0] == "12356"
    assert "没有收下" in said


def test_it_shows_first_what_came_to_the_page_meanwhile_and_once(database: Database) -> None:
    """Ten minutes after a line notices go to the web page: whoever writes here again hears them here, as no page showed them."""

    def unit(session: Any) -> None:
        session.add(Person(id="p1", number=WHO, name="李雷", name_en="", kind="student", active=True))
        session.flush()
        directory.account(session, terminal.NAME, WHO, NOW).person_id = "p1"
        for text, status in (("看过的", Delivery.sent), ("没看过的", Delivery.ready)):
            page = directory.account(session, directory.PULL, "p1", NOW)
            page.person_id = "p1"
            row = Outbox(
                id=new_id(NOW), bot=directory.PULL, account_id=page.id, seq=directory.next_seq(session, page), lane=1,
                dedupe_key=text, body=b"", due_at=NOW, created_at=NOW, status=status,
            )  # fmt: skip
            row.body = seal_of(session).close(f"outbox.body:{row.id}", pack((Reply(text=text),)))
            session.add(row)
            session.flush()

    database.run(unit)
    heard = speak(database, "zh", "待办\n我的\n")
    assert heard.index("（通知）没看过的") < heard.index("echo")
    assert heard.count("没看过的") == 1
    assert "（通知）看过的" not in heard
