"""The phone in the terminal: what a person types and sees when playing with the fake."""

from __future__ import annotations

import asyncio
import tomllib
from pathlib import Path

from tests.fakes.play_telegram import Phone, write_config
from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.client import connect

MENU = {"inline_keyboard": [[{"text": "同意", "callback_data": "y"}, {"text": "不同意", "callback_data": "n"}]]}


def test_it_shows_and_does_what_a_phone_does() -> None:
    async def scene() -> list[str]:
        shown: list[str] = []
        async with TelegramFake(limited=False) as fake, connect(fake) as client:
            phone = Phone(fake, shown.append)
            phone.do("/start")
            me = phone.person.id
            card = (await client.sendMessage(chat_id=me, text="请假 3 天", reply_markup=MENU))["result"]["message_id"]
            assert phone.look()
            phone.do("#2")
            query = next(iter(fake.methods.queries))
            await client.answerCallbackQuery(callback_query_id=query, text="好")
            await client.editMessageText(chat_id=me, message_id=card, text="已退回")
            phone.look()
            phone.do(">为什么")
            phone.do("#1")
            phone.do("!fly")
            phone.do("!photo")
            phone.do("@韩梅梅")
            phone.do("在吗")
            assert not phone.look()
            updates = (await client.getUpdates())["result"]
            assert [min(update) for update in updates] == ["message", "callback_query", *["message"] * 3]
            assert updates[2]["message"]["reply_to_message"]["text"] == "已退回"
            assert updates[4]["message"]["from"]["first_name"] == "韩梅梅"
        return shown

    shown = asyncio.run(scene())
    assert shown[0] == "驿站 ▸ 请假 3 天\n    [#1 同意 | #2 不同意]"
    assert shown[1:3] == ["(改了) 驿站 ▸ 已退回", "  〔好〕"]
    assert [line[:4] for line in shown[3:5]] == ["  ✗ ", "  ✗ "]


def test_it_writes_settings_for_the_bot(tmp_path: Path) -> None:
    fake = TelegramFake(port=8081)
    found = tomllib.loads(write_config(tmp_path / "play", fake, 8000).read_text("utf-8"))
    assert found["channels"]["telegram"]["api_base"] == "http://127.0.0.1:8081"
    assert found["demo"] == {"enabled": True}
