"""The fake of the Bot API: how updates are kept, numbered, fetched and delivered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.client import Client, connect
from tests.fakes.telegram.world import Json

MENU = {"inline_keyboard": [[{"text": "同意", "callback_data": "y"}]]}
Scene = Callable[[TelegramFake, Client], Awaitable[None]]


def play(scene: Scene, **options: Any) -> None:
    """Run a scene; nothing in it waits for the delays of the real server."""

    async def run() -> None:
        quick: dict[str, Any] = {"webhook_scale": 0.01, "webhook_gap": 0.0, "hold_conflicts": 0.05, "limited": False}
        async with TelegramFake(**(quick | options)) as fake, connect(fake) as client:
            await scene(fake, client)

    asyncio.run(run())


async def ids(client: Client, **args: Any) -> list[int]:
    """The update ids of one getUpdates."""
    return [update["update_id"] for update in (await client.getUpdates(**args))["result"]]


class Door:
    """A bot's webhook that answers by plan: a status, or "drop"; 200 when the plan is empty."""

    def __init__(self) -> None:
        self.plan: list[int | str] = []
        self.got: list[Json] = []
        self.secrets: list[str] = []
        self.answer: Json = {}
        self.headers: dict[str, str] = {}
        self.hold: Callable[[Json], Awaitable[None]] | None = None

    async def hear(self, request: web.BaseRequest) -> web.Response:
        """One delivery."""
        update = json.loads(await request.read())
        self.got.append(update)
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""))
        if self.hold is not None:
            await self.hold(update)
        word = self.plan.pop(0) if self.plan else 200
        if word == "drop" and request.transport is not None:
            request.transport.close()
        status = word if isinstance(word, int) else 200
        return web.json_response(self.answer, status=status, headers=self.headers if status != 200 else None)

    def ids(self) -> list[int]:
        """What came, in order, repetitions too."""
        return [update["update_id"] for update in self.got]


@asynccontextmanager
async def opened(door: Door) -> AsyncIterator[str]:
    """Serve a webhook; gives its URL."""
    runner = web.ServerRunner(web.Server(door.hear), shutdown_timeout=0.05)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/tg"
    await runner.cleanup()


# --- polling ----------------------------------------------------------------------------------------------------------


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


# --- webhook ----------------------------------------------------------------------------------------------------------


def test_it_delivers_in_order_within_a_chat_only() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        door, lei, mei = Door(), fake.person("李雷"), fake.person("韩梅梅")
        free = asyncio.Event()

        async def hold(update: Json) -> None:
            if update.get("message", {}).get("from", {}).get("id") == lei.id:
                await free.wait()

        door.hold = hold
        async with opened(door) as url:
            await client.setWebhook(url=url, secret_token="s-1", max_connections=2)
            one, two = lei.write("一"), lei.write("二")
            mei.write("三")
            await client.sendMessage(chat_id=lei.id, text="卡片", reply_markup=MENU)
            lei.press(fake.sent[0], "同意")
            await fake.until(lambda: len(door.got) == 3)  # Her text and his press overtake his second text.
            assert "callback_query" in door.got[2]
            free.set()
            await fake.until(lambda: not fake.updates.pending)
            his = [u["message"]["message_id"] for u in door.got if u.get("message", {}).get("text") in {"一", "二"}]
            assert his == [one["message_id"], two["message_id"]]
            assert set(door.secrets) == {"s-1"}
            assert fake.webhook.highest_in_flight == 2

    play(scene)


def test_it_tries_again_at_once_and_then_ever_later() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        door = Door()
        door.plan = [500, "drop", 503, 404]
        async with opened(door) as url:
            await client.setWebhook(url=url)
            fake.person("李雷").write("一")
            fake.person("李雷").write("二")
            await fake.until(lambda: not fake.updates.pending)
            assert len(door.got) == 6
            assert len(set(door.ids()[:5])) == 1
            assert fake.webhook.delays == [0, 2, 4, 8]
            assert "404" in (await client.getWebhookInfo())["result"]["last_error_message"]

    play(scene)


def test_it_heeds_retry_after_and_gives_up_a_webhook_that_is_gone() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        door = Door()
        door.plan, door.headers = [503], {"Retry-After": "20"}
        async with opened(door) as url:
            await client.setWebhook(url=url)
            fake.person("李雷").write("一")
            await fake.until(lambda: not fake.updates.pending)
            assert fake.webhook.delays == [20]
            door.plan, door.headers = [410] * 50, {}
            fake.person("李雷").write("二")
            await fake.until(lambda: len(door.got) >= 4)
            fake.clock.advance(23 * 3600 + 1)
            await fake.until(lambda: not fake.webhook.url)
            assert len(await ids(client)) == 1

    play(scene)


def test_it_loads_no_more_than_twice_its_connections() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        door, free = Door(), asyncio.Event()

        async def hold(update: Json) -> None:
            if update["message"]["from"]["id"] == 1001:
                await free.wait()

        door.hold = hold
        async with opened(door) as url:
            await client.setWebhook(url=url, max_connections=3)
            for place in range(10):
                fake.person("李雷", 1001).write(str(place))
            fake.person("韩梅梅", 1002).write("等着")  # Six of his fill what is loaded; she starves.
            await fake.until(lambda: len(door.got) == 1)
            assert fake.webhook.highest_loaded == 6
            free.set()
            await fake.until(lambda: not fake.updates.pending)
            assert fake.webhook.highest_loaded == 6
            assert len(door.got) == 11

    play(scene)


def test_it_keeps_updates_while_the_bot_is_away_and_repeats_on_demand() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        door = Door()
        async with opened(door) as url:
            pass
        await client.setWebhook(url=url)  # Nobody listens there any more.
        fake.person("李雷").write("一")
        await fake.until(lambda: fake.webhook.last_error == "Connection refused")
        async with opened(door) as url:
            fake.updates.repeat(fake.updates.pending[0].id)
            await client.setWebhook(url=url)
            await fake.until(lambda: not fake.updates.pending)
            assert len(door.got) == 2
            assert len(set(door.ids())) == 1
            assert (await client.deleteWebhook())["description"] == "Webhook was deleted"

    play(scene)


def test_it_does_what_the_webhooks_answer_says() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        door, lei = Door(), fake.person("李雷")
        door.answer = {"method": "sendMessage", "chat_id": lei.id, "text": "收到"}
        async with opened(door) as url:
            await client.setWebhook(url=url)
            lei.write("在吗")
            await fake.wait_for_sent(1)
            assert fake.texts(lei.id) == ["收到"]

    play(scene)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"url": "ftp://x"}, "Bad Request: invalid webhook URL specified"),
        ({"url": "https://x", "secret_token": "a" * 257}, "Bad Request: secret token is too long"),
        ({"url": "https://x", "secret_token": "密"}, "Bad Request: secret token contains unallowed characters"),
    ],
)
def test_it_refuses_a_bad_webhook(args: Json, words: str) -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        assert await client.refusal("setWebhook", **args) == words

    play(scene)


def test_it_sets_a_webhook_once_a_second() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        url = "http://127.0.0.1:9/tg"
        assert (await client.setWebhook(url=url))["ok"]
        assert (await client.setWebhook(url=url))["parameters"] == {"retry_after": 1}

    play(scene, webhook_gap=5.0)
