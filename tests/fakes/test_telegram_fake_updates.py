"""The fake of the Bot API: how updates are kept, numbered and fetched."""

from __future__ import annotations

import asyncio

import pytest

from tests.fakes.scenes import MENU, ids, play
from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.client import Client


def test_it_confirms_by_the_offset() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        lei = fake.person("李雷")
        for place in range(120):
            lei.write(f"第 {place}")
        first = await ids(client, limit=1000)
        assert len(first) == 100
        assert first == list(range(first[0], first[0] + 100))
        rest = await ids(client, offset=first[-1] + 1)
        assert len(rest) == 20
        assert await ids(client, offset=rest[-1] + 500) == rest  # Far ahead: nothing is confirmed.
        assert await ids(client, offset=-3) == rest[-3:]
        assert await ids(client, offset=rest[-1] + 1, timeout=0) == []
        assert fake.updates.info()["confirmed"] == 120

    play(scene)


def test_it_cuts_a_repeated_offset_to_one() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        for word in "甲乙丙":
            fake.person("李雷").write(word)
        first = await ids(client, offset=5)
        assert len(first) == 3
        assert await ids(client, offset=5) == first[:1]
        assert fake.updates.info()["limited"] == 1

    play(scene)


def test_it_polls_long_and_wakes() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        waiting = asyncio.create_task(client.getUpdates(timeout=50))
        await fake.until(lambda: fake.updates.polls.waiting is not None)
        fake.person("李雷").write("在吗")
        found = (await waiting)["result"]
        assert found[0]["message"]["text"] == "在吗"

    play(scene)


def test_it_lets_the_older_of_two_pollers_lose() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        older = asyncio.create_task(client.getUpdates(timeout=50))
        await fake.until(lambda: fake.updates.polls.waiting is not None)
        newer = asyncio.create_task(client.getUpdates(timeout=50))
        assert (await older)["description"].startswith("Conflict: terminated by other getUpdates request")
        fake.person("李雷").write("在吗")
        assert len((await newer)["result"]) == 1
        assert (await client.setWebhook(url="http://127.0.0.1:9/tg"))["description"] == "Webhook was set"
        assert (await client.getUpdates())["error_code"] == 409

    play(scene)


def test_it_forgets_what_is_too_old() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        lei = fake.person("李雷")
        lei.write("早")
        await client.sendMessage(chat_id=lei.id, text="卡片", reply_markup=MENU)
        lei.press(fake.sent[0], "同意")
        fake.clock.advance(151)
        assert len(await ids(client, offset=1)) == 1
        fake.clock.advance(86400)
        assert await ids(client, offset=2, timeout=0) == []
        assert fake.updates.info()["expired"] == 2

    play(scene)


def test_it_sends_only_the_kinds_that_were_asked_for() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        lei = fake.person("李雷")
        await client.getUpdates(allowed_updates=["message_reaction", "my_chat_member"])
        lei.write("早")
        lei.block()
        lei.unblock()
        await client.sendMessage(chat_id=lei.id, text="好")
        lei.react(fake.sent[0], "👍")
        found = (await client.getUpdates(offset=1))["result"]
        assert [min(update) for update in found] == ["my_chat_member", "my_chat_member", "message_reaction"]
        assert [update["my_chat_member"]["new_chat_member"]["status"] for update in found[:2]] == ["kicked", "member"]
        await client.getUpdates(
            offset=found[-1]["update_id"] + 1, allowed_updates=[]
        )  # The default leaves reactions out.
        lei.react(fake.sent[0], "👎")
        assert fake.updates.info()["pending"] == 0

    play(scene)


def test_it_numbers_anew_after_silence_and_serves_poison() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        assert fake.updates.restart_numbering(41) == 41
        shapes = ("odd", "unknown", "empty", "null", "surrogate", "nested")
        assert [fake.poison(shape) for shape in shapes] == [41, 42, 43, 44, 45, 46]
        found = (await client.getUpdates(offset=10**8))["result"]  # A stale, higher offset reads from the head.
        assert [update["update_id"] for update in found] == [41, 42, 43, 44, 45, 46]
        assert found[4]["message"]["text"] == "\ud800"
        with pytest.raises(ValueError, match="only after a week"):
            fake.updates.restart_numbering()
        await client.getUpdates(offset=47)
        fake.clock.advance(8 * 86400)
        fake.person("李雷").write("好久不见")
        assert (await client.getUpdates(offset=48))["result"][0]["update_id"] > 10**6

    play(scene)


def test_it_sends_an_album_piece_by_piece() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        fake.person("李雷").send_album([b"1", b"2", b"3"], caption="病历")
        found = [update["message"] for update in (await client.getUpdates())["result"]]
        assert len({message["media_group_id"] for message in found}) == 1
        assert [message.get("caption") for message in found] == ["病历", None, None]

    play(scene)
