"""The fake of the Bot API: how a webhook is set, and how updates are delivered to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from tests.fakes.scenes import MENU, ids, play
from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.client import Client
from tests.fakes.telegram.world import Json


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
