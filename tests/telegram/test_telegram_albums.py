"""Albums and captions: pictures that come one by one are one message, no caption is lost, and no cry waits for a picture."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.dialogue import Received
from models.outbox import Attachment
from models.ticket import Ticket
from tests.fakes.telegram import Fault
from tests.killing import ticket_words
from tests.telegram.acting import play, rows
from tests.telegram.playing import LILEI, Bot, said, until


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.telegram.files.QUIET", timedelta(seconds=0.5))


def pictures(bot: Bot, *captions: str, album: str = "77") -> list[dict[str, Any]]:
    """The updates of one album: a file for each caption, each of another name."""
    found = []
    for place, caption in enumerate(captions):
        file = bot.fake.files.store("document", b"%PDF-1.7 " + bytes([place]), f"{place}.pdf", "application/pdf")
        part = said(None, 10 + place, document=file.json() | {"file_name": f"{place}.pdf"}, media_group_id=album)
        part["message"] |= {"caption": caption} if caption else {}
        found.append(part)
    return found


def names(bot: Bot, ticket: str) -> list[str]:
    """The names of the files of a ticket, oldest first."""
    statement = select(Attachment.name).where(Attachment.ticket_id == ticket).order_by(Attachment.id)
    return bot.database.read(lambda session: list(session.scalars(statement)))


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_it_hears_an_album_as_one_message_with_every_caption(order: tuple[int, ...], sqlite_url: str, tmp_path: Path) -> None:  # fmt: skip
    async def act(bot: Bot) -> None:
        await bot.hear(said("找老师", 1))
        parts = pictures(bot, "", "这是成绩单", "想问问奖学金")
        before = len(bot.fake.sent)
        for place in order:
            assert await bot.post(parts[place]) == 200
        await bot.settle()
        assert len({sent.text for sent in bot.fake.sent[before:] if sent.chat_id == LILEI}) == 1
        (ticket,) = rows(bot, Ticket.id)
        assert names(bot, ticket) == ["0.pdf", "1.pdf", "2.pdf"], "every file once, in their order"
        assert bot.database.read(ticket_words) == ["这是成绩单\n想问问奖学金"]
        # What comes again or after the rest was done changes nothing.
        await bot.hear(parts[2])
        await bot.hear(parts[0])
        assert (bot.kept(), bot.tickets(), len(names(bot, ticket))) == (0, 1, 3)
        assert set(rows(bot, Received.status)) == {"done"}

    play(sqlite_url, tmp_path, act)


@pytest.mark.parametrize("captions", [("我不想活了",), ("", "我不想活了", "")])
def test_it_hears_a_cry_in_a_caption_before_the_picture(captions: tuple[str, ...], sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr("bot.channels.telegram.files.RETRY", (0.2, 0.2, 0.2))

    async def act(bot: Bot) -> None:
        stuck = Fault("reset_before", "getFile", times=2)
        bot.fake.faults.add(stuck)
        for part in pictures(bot, *captions, album="77" if len(captions) > 1 else ""):
            assert await bot.post(part) == 200
        await until(lambda: any("12356" in sent.text for sent in bot.fake.sent if sent.chat_id == LILEI), 5)
        assert bot.kept() > 0, "the pictures are still on their way"
        await until(lambda: bot.kept() == 0)
        (ticket,) = rows(bot, Ticket.id)
        assert len(names(bot, ticket)) == len(captions), "whoever answers sees what was sent along"

    play(sqlite_url, tmp_path, act)


@pytest.mark.parametrize("album", ["", "77"])
def test_it_waits_as_long_as_the_platform_asks_and_spends_no_try(album: str, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr("bot.channels.telegram.files.MOST_TRIES", 0)

    async def act(bot: Bot) -> None:
        await bot.hear(said("找老师", 1))
        bot.fake.faults.add(Fault("throttle", "getFile"))
        await bot.hear(pictures(bot, "想问问奖学金", album=album)[0])
        assert len(names(bot, rows(bot, Ticket.id)[0])) == 1

    play(sqlite_url, tmp_path, act)
