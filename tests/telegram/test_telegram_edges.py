"""Whose an update is: another bot's command in a group, another bot's number, and the commands that each person sees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from models.inbox import Inbox
from models.outbox import Outbox
from models.ticket import Event
from tests.fakes.telegram import TOKEN
from tests.telegram.acting import in_group, play, rows
from tests.telegram.playing import HAN, LILEI, Bot, message, said, until


def asked(bot: Bot, method: str) -> list[Any]:
    return [args for _, name, args in bot.fake.requests if name == method]


def test_it_leaves_other_bots_commands_alone_and_takes_a_code_away(sqlite_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        bot.fake.world.open_group("计科2301")
        others = ("/ban@GroupHelpBot @spammer 广告", "/warn @spammer", "/mine@other_bot 1", "大家好", "绑定手机的人")
        for number, words in enumerate(others, 10):
            await bot.hear(in_group(words, number))
        declined = [key for key in rows(bot, Outbox.dedupe_key) if key.startswith("group:")]
        assert (declined, asked(bot, "deletemessage")) == ([], [])
        await bot.hear(in_group("绑定 ABCD2345", 20))
        await until(lambda: len(asked(bot, "deletemessage")) == 1)
        name = bot.fake.world.bot.username
        await bot.hear(in_group(f"/bind@{name.upper()} ABCD2345", 21))
        await until(lambda: len(asked(bot, "deletemessage")) == 2)
        assert len([key for key in rows(bot, Outbox.dedupe_key) if key.startswith("group:")]) == 1

    play(sqlite_url, tmp_path, act)


def test_it_takes_no_other_bots_number_for_its_own(sqlite_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        assert await bot.post(said("菜单", 7)) == 200
        assert rows(bot, Inbox.key) == [f"{TOKEN.partition(':')[0]}.7"]

    play(sqlite_url, tmp_path, act, work=False)


def test_it_shows_everybody_the_commands_that_are_theirs_now(sqlite_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        await bot.hear(said("菜单", 1))
        assert asked(bot, "setmycommands") == [], "the usual list is right"
        await bot.hear(said("English", 2))
        await until(lambda: len(asked(bot, "setmycommands")) == 1)
        assert "Help" in str(asked(bot, "setmycommands")[-1])
        await bot.hear(said("/queue", 3, HAN))
        await until(lambda: len(asked(bot, "setmycommands")) == 2)
        # A process that has just begun does not know whom an older one took for staff.
        stranger = bot.fake.person("x", 2001, started=True)
        update = {"update_id": 4, "message": message("菜单", stranger.id, 4)}
        await bot.hear(update)
        await until(lambda: len(asked(bot, "setmycommands")) == 3)
        assert str(LILEI) not in str(asked(bot, "setmycommands")[-1])

    play(sqlite_url, tmp_path, act)


def test_it_knows_a_card_by_the_quotation_of_any_of_its_parts(sqlite_url: str, tmp_path: Path) -> None:
    """A long card comes in several messages, and what is answered is mostly said in the first."""

    async def act(bot: Bot) -> None:
        await bot.hear(said("找老师", 1))
        await bot.hear(said("想问问奖学金。" * 400, 2))
        parts = [sent for sent in bot.fake.sent if sent.chat_id == LILEI][1:]
        assert len(parts) == 2, "what was said and the card are longer than one message"
        for place, part in enumerate(parts, 3):
            quoted = message("x", LILEI, place) | {"message_id": part.message_id}
            await bot.hear(said("还想问问什么时候发", place, reply_to_message=quoted))
        assert rows(bot, Event.kind, Event.kind == "added") == ["added", "added"]

    play(sqlite_url, tmp_path, act, telegram='sensitive = "send"')
