"""Buttons that were tampered with, that somebody else presses, or that are long over."""

from __future__ import annotations

from pathlib import Path

from models.dialogue import Received
from models.ticket import Event, Ticket
from tests.telegram.acting import GROUP, ask, play, rows, to
from tests.telegram.playing import HANMEIMEI, LILEI, Bot, pressed

TAMPERED = ["approve:43", "x" * 65, "批准", "t:", "t:" + "0" * 22 + ":withdraw:1", "\ud800", "\x00", "t:1:2:3:4:5", 7, None,
            {"a": 1}, ["x"], True, "", "../../admin", "' or 1=1 --"]  # fmt: skip


def test_it_says_that_a_tampered_button_is_none_tg_14(database_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        ticket, data = await ask(bot)
        before = rows(bot, Event.id)
        for place, each in enumerate([*TAMPERED, data, data.replace("withdraw", "telepathy"), f"t:{ticket}:sign:1"]):
            said_ = await bot.hear(pressed(each, 100 + place, 1004 + place))
            assert len(said_) == 1, each
            assert ticket not in said_[0]
        missing = pressed("x", 200, 1030)
        del missing["callback_query"]["data"]
        assert len(await bot.hear(missing)) == 1
        assert set(rows(bot, Received.status)) == {"done"}
        assert rows(bot, Event.id) == before

    play(database_url, tmp_path, act, students=30)


def test_it_asks_who_presses_and_not_whose_chat_it_is_tg_15(database_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        _, data = await ask(bot)
        before, mine = rows(bot, Event.id), len(to(bot, LILEI))
        forwarded = pressed(data, 50, HANMEIMEI)
        forwarded["callback_query"]["message"]["chat"]["id"] = LILEI
        await bot.hear(forwarded)
        assert rows(bot, Event.id) == before
        assert len(to(bot, LILEI)) == mine, "the owner of the chat hears nothing of it"
        assert len(to(bot, HANMEIMEI)) == 1
        assert "奖学金" not in to(bot, HANMEIMEI)[0].text
        # In a group, or under a message that the platform no longer shows, nobody is anybody either.
        elsewhere = pressed(data, 51, HANMEIMEI)
        elsewhere["callback_query"]["message"]["chat"] = {"id": GROUP, "type": "supergroup"}
        assert await bot.hear(elsewhere) == []
        assert rows(bot, Event.id) == before

    play(database_url, tmp_path, act)


def test_it_says_how_it_stands_to_an_old_button_tg_16(database_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        ticket, data = await ask(bot)
        for number in range(50, 53):  # It may ask whether one is sure.
            await bot.hear(pressed(data, number))
            if rows(bot, Ticket.status, Ticket.id == ticket) != ["new"]:
                break
            data = next(
                (one["callback_data"] for one in to(bot, LILEI)[-1].buttons if ticket in one.get("callback_data", "")),
                data,
            )
        closed = rows(bot, Ticket.status, Ticket.id == ticket)
        assert closed == ["closed"]
        before = rows(bot, Event.id)
        old = pressed(data, 60)
        old["callback_query"]["message"]["date"] = 1_700_000_000
        said_ = await bot.hear(old)
        assert "已撤回" in "".join(said_), "how it stands"
        assert rows(bot, Event.id) == before
        inaccessible = pressed(data, 61, message={"chat": {"id": LILEI, "type": "private"}, "message_id": 5, "date": 0})
        await bot.hear(inaccessible)
        without = pressed(data, 62)
        del without["callback_query"]["message"]
        await bot.hear(without)
        assert rows(bot, Event.id) == before
        assert set(rows(bot, Received.status)) == {"done"}

    play(database_url, tmp_path, act)
