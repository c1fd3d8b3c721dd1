"""The phone in the terminal: what a person types and sees when playing with the fake."""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import sys
import tomllib
from pathlib import Path

import pytest

from bot.store import make_safe, sniff
from tests.fakes.play_telegram import Phone, play, read_options, write_config
from tests.fakes.telegram import JPEG, TelegramFake
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
    assert found["channels"]["telegram"]["name"] == "yizhan_test_bot"  # Without it a code comes without its link.
    assert found["demo"] == {"enabled": True}


def test_it_sends_a_picture_that_is_kept_as_a_real_one() -> None:
    kind, clean = make_safe(JPEG)
    assert kind == "image/jpeg"
    assert sniff(clean) == kind


PARROT = """
import json, sys, tomllib, urllib.request
with open(sys.argv[1], "rb") as file:
    bot = tomllib.load(file)["channels"]["telegram"]
def call(method, **args):
    head = {"Content-Type": "application/json"}
    url = f"{bot['api_base']}/bot{bot['token']}/{method}"
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(args).encode(), head)) as answer:
        return json.load(answer)["result"]
offset = 0
while True:
    for update in call("getUpdates", timeout=5, offset=offset):
        offset = update["update_id"] + 1
        call("sendMessage", chat_id=update["message"]["chat"]["id"], text="你说" + update["message"]["text"])
"""


def test_it_plays_with_a_bot_in_a_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("你好\n!quit\n"))
    options = argparse.Namespace(folder=tmp_path, name="李雷", port=8000, api_port=0)
    assert asyncio.run(play(options, (sys.executable, "-c", PARROT))) == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["驿站 ▸ 你说/start", "驿站 ▸ 你说你好"]


def test_it_goes_on_in_an_older_folder_and_begins_in_a_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parrot = PARROT.replace("text=", "text=str(update['update_id']) + ")
    numbers: list[int] = []
    for words in ("在吗\n@韩老师\n!quit\n", "在吗\n!quit\n"):
        monkeypatch.setattr(sys, "stdin", io.StringIO(words))
        said: list[str] = []
        monkeypatch.setattr("tests.fakes.play_telegram._say", said.append)
        options = argparse.Namespace(folder=tmp_path, name="李雷", port=8000, api_port=0)
        assert asyncio.run(play(options, (sys.executable, "-c", parrot))) == 0
        numbers += [int(line.split()[2].partition("你")[0]) for line in said if "你说/start" in line]
    assert len(numbers) == 2
    assert numbers[0] < numbers[1], "a bot that remembers its updates hears the second start too"
    assert json.loads((tmp_path / "people.json").read_text("utf-8")) == {"李雷": 1001, "韩老师": 1002}
    monkeypatch.setattr(sys, "argv", ["play"])
    assert read_options().folder.parent == Path("var/play")


def test_it_shows_why_a_bot_did_not_begin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = argparse.Namespace(folder=tmp_path, name="李雷", port=8000, api_port=0)
    assert asyncio.run(play(options, (sys.executable, "-c", "import sys; sys.exit('no such channel')"))) == 1
    assert "no such channel" in capsys.readouterr().out
