"""The bot against a strict fake of the Bot API: what it fetches, answers and sets up."""

from __future__ import annotations

import asyncio
import traceback

import pytest
from telegram.error import Conflict, TelegramError

from bot.channels.telegram.client import UPDATES, Telegram
from bot.channels.telegram.menus import PUBLIC, STAFF
from bot.channels.telegram.request import NotSent, OutcomeUnknown
from models.message import Refused, Reply
from tests.bot.telegram.misbehaving import ok, reply, serving
from tests.bot.telegram.playing import LI, YES, claim, play, turn
from tests.fakes.telegram import TOKEN, Fault, Person, TelegramFake

# --- receiving --------------------------------------------------------------------------------------------------------


def test_it_fetches_updates_as_they_came_and_forgets_those_before_the_offset() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        person.write("我要请假")
        poison = fake.poison()
        first = await bot.get_updates(None, 0)
        assert [update.get("message", {}).get("text") for update in first] == ["/start", "我要请假", None]
        assert first[-1]["update_id"] == poison
        assert await bot.get_updates(poison + 1, 0) == []
        asked = next(args for _, method, args in fake.requests if method == "getupdates")
        assert asked["allowed_updates"] == '["message", "edited_message", "callback_query", "my_chat_member"]'

    play(act)


def test_it_fetches_what_stands_behind_an_update_that_nobody_understands() -> None:
    shapes = ("odd", "unknown", "empty", "null", "surrogate", "nested")

    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        numbers = [fake.poison(shape, LI) for shape in shapes]
        person.write("在吗")
        found = await bot.get_updates(None, 0)
        assert [update["update_id"] for update in found][1:-1] == numbers
        assert found[-1]["message"]["text"] == "在吗"

    play(act)


def test_it_polls_for_longer_than_another_request_may_take() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        begun = await bot.get_updates(None, 0)
        bot._fetching._total = bot._fetching._connect = 0.1
        assert await bot.get_updates(begun[-1]["update_id"] + 1, 1) == []

    play(act)


def test_it_hears_of_a_block() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        person.block()
        assert [set(update) - {"update_id"} for update in await bot.get_updates(None, 0)][-1] == {"my_chat_member"}
        outcome = await bot.send(claim(Reply(text="好")))
        assert outcome.closed == "blocked"

    play(act)


def test_it_does_not_poll_beside_a_webhook() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        await bot.set_up(webhook="https://yizhan.example.edu/tg/x", secret="s" * 32)
        fake.updates.hold_conflicts = 0.0
        with pytest.raises(Conflict):
            await bot.get_updates(None, 0)

    play(act)


def test_it_answers_a_press_and_minds_no_late_one() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        await bot.send(claim(Reply(text="确认？", choices=(YES,))))
        query = person.press(fake.sent[0], "是")
        assert await bot.answer(query, "好" * 300)
        assert fake.methods.answered[query]["text"] == "好" * 200
        late = person.press(fake.sent[0], "是")
        fake.clock.advance(3600)
        assert not await bot.answer(late)
        assert not await bot.answer("nonsense")

    play(act)


def test_it_downloads_a_file_up_to_a_size() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        file_id = person.send_document(b"%PDF-1.7" + b"x" * 92, "诊断书 1.pdf")["document"]["file_id"]
        assert await bot.download(file_id, 100) == b"%PDF-1.7" + b"x" * 92
        with pytest.raises(Refused) as caught:
            await bot.download(file_id, 99)
        assert (caught.value.key, caught.value.values) == ("file.too_large", {"most": 1})

    play(act)


def test_it_asks_for_a_file_by_whatever_path_it_is_told() -> None:
    async def run() -> list[str]:
        async with serving(ok({"file_path": "documents/1 #?.pdf"}), reply(200, b"x")) as server:
            async with Telegram(TOKEN, api_base=server.url) as bot:
                assert await bot.download("f", 10) == b"x"
            return server.paths

    assert asyncio.run(run())[-1] == f"/file/bot{TOKEN}/documents/1%20%23%3F.pdf"


def test_it_refuses_a_file_that_the_platform_does_not_give_out() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        file_id = person.send_document(b"x", "long.pdf", size=21 << 20)["document"]["file_id"]
        with pytest.raises(Refused) as caught:
            await bot.download(file_id, 30 << 20)
        assert caught.value.values == {"most": 20}
        assert TOKEN not in "".join(traceback.format_exception(caught.value))
        with pytest.raises(TelegramError):
            await bot.download("no such file", 10)

    play(act)


@pytest.mark.parametrize("kind", ["reset_after", "error_before"])
def test_it_raises_when_a_file_does_not_come_through(kind: str) -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        file_id = person.send_photo()["photo"][-1]["file_id"]
        with pytest.raises(OutcomeUnknown):
            await bot.download(file_id, 1000)
        await fake.refuse_connections()
        await turn()
        with pytest.raises(NotSent):
            await bot.download(file_id, 1000)

    play(act, Fault(kind, method="getFile"))


# --- setting up -------------------------------------------------------------------------------------------------------


def test_it_names_its_commands_in_every_language_and_to_staff_their_own() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        await bot.set_up()
        assert fake.methods.commands_for(LI, LI) == list(PUBLIC)
        await bot.commands_for(str(LI), "en", staff=True)
        assert fake.methods.commands_for(LI, LI) == list(STAFF)
        await bot.commands_for(str(LI), "zh", staff=False)
        assert fake.methods.commands_for(LI, LI) == list(PUBLIC)
        spoken = [args.get("language_code", "") for _, method, args in fake.requests if method == "setmycommands"]
        assert spoken == ["", "en", "", ""]
        said = [args["commands"] for _, method, args in fake.requests if method == "setmycommands"]
        assert ["请假" in words for words in said] == [True, False, False, True]

    play(act)


def test_it_sets_a_webhook_and_takes_it_away_without_dropping_anything() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        await bot.set_up(webhook="https://yizhan.example.edu/tg/x", secret="s" * 32, connections=10)
        asked = next(args for _, method, args in fake.requests if method == "setwebhook")
        assert asked["secret_token"] == "s" * 32
        assert asked["max_connections"] == "10"
        assert all(kind in asked["allowed_updates"] for kind in UPDATES)
        await bot.set_up()
        assert not any("drop_pending_updates" in args for _, _, args in fake.requests)
        assert len(await bot.get_updates(None, 0)) == 1

    play(act)


def test_it_says_who_it_is() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        assert await bot.me() == fake.bot.username

    play(act)
