"""The fake of the Bot API: limits, faults on either side of the effect, and the door for other processes."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.fakes.telegram import Clock, Fault, Pace, TelegramFake
from tests.fakes.telegram.client import Client, connect
from tests.fakes.telegram.faults import Faults
from tests.fakes.telegram.world import Json

ROOT = Path(__file__).parent.parent.parent
Scene = Callable[[TelegramFake, Client], Awaitable[None]]


def play(scene: Scene, **options: Any) -> None:
    """Run a scene; 李雷 (1001) has started the bot; its clock stands still unless it is advanced."""

    async def run() -> None:
        options.setdefault("clock", Clock(lambda: 1_800_000_000.0))
        async with TelegramFake(**options) as fake, connect(fake) as client:
            fake.person("李雷", 1001, started=True)
            await scene(fake, client)

    asyncio.run(run())


# --- limits -----------------------------------------------------------------------------------------------------------


def test_it_lets_one_chat_have_a_message_a_second_after_a_small_burst() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        assert all([(await client.sendMessage(chat_id=1001, text=str(n)))["ok"] for n in range(3)])
        refused = await client.sendMessage(chat_id=1001, text="4")
        assert refused["parameters"] == {"retry_after": 1}
        assert refused["description"] == "Too Many Requests: retry after 1"
        assert not (await client.sendMessage(chat_id=1001, text="5"))["ok"]
        assert fake.limits.ignored == []  # That may have been under way.
        fake.clock.advance(0.1)
        assert not (await client.sendMessage(chat_id=1001, text="5"))["ok"]  # This did not wait.
        assert len(fake.limits.ignored) == 1
        fake.clock.advance(1)
        assert (await client.sendMessage(chat_id=1001, text="6"))["ok"]
        assert fake.statistics()["ignored_429"] == 1
        assert fake.limits.fastest(1.0, 1001) == 3

    play(scene)


def test_it_lets_a_group_have_twenty_a_minute_edits_and_topics_among_them() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        group = fake.group("学院", fake.person("韩老师"), forum=True)
        sent = (await client.sendMessage(chat_id=group.id, text="牌"))["result"]["message_id"]
        for n in range(9):
            fake.clock.advance(1)
            assert (await client.createForumTopic(chat_id=group.id, name=str(n)))["ok"]
            assert (await client.editMessageText(chat_id=group.id, message_id=sent, text=str(n)))["ok"]
        assert (await client.editMessageText(chat_id=group.id, message_id=sent, text="x"))["ok"]
        refused = await client.editMessageText(chat_id=group.id, message_id=sent, text="y")
        assert refused["parameters"] == {"retry_after": 51}  # A minute after the first, nine seconds ago.
        assert (await client.sendMessage(chat_id=1001, text="别处可以"))["ok"]

    play(scene)


def test_it_lets_the_bot_have_thirty_a_second() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        people = [fake.person(f"学生{n}", 3000 + n, started=True) for n in range(35)]
        answers = [await client.sendMessage(chat_id=one.id, text="通知") for one in people]
        assert [answer["ok"] for answer in answers] == [True] * 30 + [False] * 5
        assert fake.limits.fastest() == 30
        fake.clock.advance(1)
        assert (await client.sendMessage(chat_id=people[-1].id, text="通知"))["ok"]
        assert fake.limits.ignored == []

    play(scene)


def test_it_takes_other_windows() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        assert (await client.sendMessage(chat_id=1001, text="1"))["ok"]
        assert (await client.sendMessage(chat_id=1001, text="2"))["parameters"] == {"retry_after": 10}

    play(scene, pace=Pace(chat_per_second=0.1, chat_burst=1))


def test_it_guards_itself_against_a_flood_in_one_chat() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        fake._unsent["1001"] = 310  # So many wait there already.
        assert (await client.sendMessage(chat_id=1001, text="x"))["parameters"] == {"retry_after": 60}
        fake._unsent["1001"] = 309
        assert (await client.sendMessage(chat_id=1001, text="x"))["ok"]
        assert fake._unsent["1001"] == 309

    play(scene, flood_hold=0.01)


# --- faults -----------------------------------------------------------------------------------------------------------

LOST = (aiohttp.ClientError, asyncio.TimeoutError, json.JSONDecodeError)


@pytest.mark.parametrize(
    ("kind", "delivered"),
    [("reset_before", 0), ("reset_after", 1), ("truncated", 1), ("cut", 1), ("hang", 1)],
)
def test_it_loses_the_answer_before_or_after_the_effect(kind: str, delivered: int) -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        fake.faults.add(Fault(kind, "sendMessage"))
        with pytest.raises(LOST):
            async with asyncio.timeout(0.5):
                await client.sendMessage(chat_id=1001, text="在吗")
        assert len(fake.sent) == delivered
        assert (await client.sendMessage(chat_id=1001, text="在吗"))["ok"]
        assert fake.doubles() == ([(1001, "在吗", 2)] if delivered else [])

    play(scene)


def test_it_breaks_with_and_without_effect() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        fake.faults.add(Fault("error_before", text="甲"))
        fake.faults.add(Fault("error_after", text="乙", code=500))
        assert (await client.sendMessage(chat_id=1001, text="甲"))["error_code"] == 500
        assert fake.texts() == []
        assert (await client.sendMessage(chat_id=1001, text="乙"))["error_code"] == 500
        assert fake.texts() == ["乙"]
        fake.faults.add(Fault("error_before", code=502))
        async with client.session.post(f"{fake.base_url}{fake.token}/getMe") as answer:
            assert (answer.status, answer.content_type) == (502, "text/html")

    play(scene)


def test_it_refuses_at_will() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        fake.faults.add(Fault("refuse", chat_id=1001, description="blocked"))
        moved = {"migrate_to_chat_id": -1005}
        fake.faults.add(Fault("refuse", "sendPhoto", code=400, description="Bad Request: odd", parameters=moved))
        fake.faults.add(Fault("throttle", "sendMessage", skip=1, seconds=7))
        assert await client.refusal("sendMessage", chat_id=1001, text="x") == "Forbidden: bot was blocked by the user"
        assert (await client.sendPhoto(chat_id=1001))["parameters"] == moved
        assert (await client.sendMessage(chat_id=1001, text="x"))["ok"]
        assert (await client.sendMessage(chat_id=1001, text="y"))["parameters"] == {"retry_after": 7}
        fake.clock.advance(5)
        assert (await client.sendMessage(chat_id=1001, text="y"))["error_code"] == 429
        assert len(fake.limits.ignored) == 1

    play(scene)


def test_it_throws_dice_that_fall_alike() -> None:
    def fell(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.add(Fault("error_before", times=None, probability=0.5))
        return [faults.strike("getme", {}) is not None for _ in range(50)]

    assert fell(7) == fell(7)
    assert fell(7) != fell(8)
    assert 10 < fell(7).count(True) < 40


def test_it_answers_slowly_after_the_effect() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        fake.faults.add(Fault("slow", seconds=0.2))
        answer = asyncio.create_task(client.sendMessage(chat_id=1001, text="慢"))
        await fake.wait_for_sent(1)
        assert not answer.done()
        assert (await answer)["ok"]

    play(scene)


def test_it_closes_its_door_and_opens_it_again() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        assert (await client.getMe())["ok"]
        await fake.refuse_connections()
        with pytest.raises(aiohttp.ClientConnectionError):
            await client.getMe()
        with pytest.raises(aiohttp.ClientConnectorError):
            await client.getMe()
        await fake.accept_connections()
        assert (await client.getMe())["ok"]

    play(scene)


# --- the control door -------------------------------------------------------------------------------------------------


def test_it_is_led_from_another_process() -> None:
    async def scene() -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.fakes.telegram", "--token", "7:" + "A" * 30, "--with-parent",
            "--fault", '{"kind": "error_before", "method": "getMe"}',
            cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdin is not None
        told = json.loads(await process.stdout.readline())
        async with aiohttp.ClientSession() as session:
            client = Client(session, told["base_url"], "7:" + "A" * 30)

            async def control(what: str, /, **wish: Any) -> Any:
                async with session.post(f"{told['control_url']}/{what}", json=wish) as answer:
                    return await answer.json()

            await _lead(client, control)
        process.stdin.close()
        assert await process.wait() == 0

    asyncio.run(scene())


async def _lead(client: Client, control: Callable[..., Awaitable[Any]]) -> None:
    assert not (await client.getMe())["ok"]
    await control("act", person=1001, verb="start", payload="abc")
    found: list[Json] = (await client.getUpdates())["result"]
    assert found[0]["message"]["text"] == "/start abc"
    menu = {"inline_keyboard": [[{"text": "同意", "callback_data": "y"}]]}
    await client.sendMessage(chat_id=1001, text="卡片", reply_markup=menu)
    card = (await control("sent", chat_id=1001, at_least=1))[0]
    assert card["buttons"][0]["text"] == "同意"
    query = await control("act", person=1001, verb="press", message_id=card["message_id"], button="同意")
    assert (await client.answerCallbackQuery(callback_query_id=query, text="好"))["ok"]
    assert (await control("answered"))[query]["text"] == "好"
    group = await control("group", owner=2001, title="学院", forum=True)
    thread = await control("group_act", verb="open_topic", name="一", **group)
    assert (await client.sendMessage(text="在", message_thread_id=thread, **group))["ok"]
    await control("act", person=1001, verb="send_photo", content="/9j/4A==")
    await control("poison", shape="odd")
    await control("advance", seconds=90000)
    assert "mistake" in await control("act", person=1001, verb="fly")
    told = await control("statistics")
    assert (told["sent"], told["per_chat"]["1001"], told["doubles"]) == (2, 1, [])
