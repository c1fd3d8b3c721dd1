"""A whole list sent as a file on Telegram: read at the question for people, and refused with a sentence where it is none."""

from __future__ import annotations

from pathlib import Path

from models.outbox import Attachment
from tests.telegram.acting import play, rows
from tests.telegram.playing import Bot, said


def document(bot: Bot, number: int, name: str, content: bytes) -> dict[str, object]:
    stored = bot.fake.files.store("document", content, name, "text/csv", None)
    update: dict[str, object] = said(None, number, document=stored.json() | {"file_name": name})
    return update


def test_it_reads_a_list_that_was_sent_as_a_file(sqlite_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        (answer,) = await bot.hear(document(bot, 1, "名单.csv", "学号\n2023001".encode()))
        assert "暂时不能接收这种文件" in answer
        await bot.hear(said("集体公假", 2))
        await bot.hear(said("比赛", 3))
        answer = (await bot.hear(document(bot, 4, "名单.csv", b"a\x00b")))[0]
        assert "这不是能读的名单" in answer
        answer = (await bot.hear(document(bot, 5, "名单.csv", "学号\n2023001\n2023002\n2099999".encode())))[0]
        assert "名单里认出 2 人" in answer
        assert "没找到 1 个：2099999" in answer
        answer = (await bot.hear(document(bot, 6, "名单.csv", "学号\n2023001\n2023002".encode())))[0]
        assert "从什么时候到什么时候" in answer
        assert (bot.kept("quarantined"), rows(bot, Attachment.id)) == (0, [])

    play(sqlite_url, tmp_path, act)
