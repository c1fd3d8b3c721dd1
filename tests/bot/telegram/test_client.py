"""The bot against a strict fake of the Bot API: what it sends, changes, fetches, answers and sets up."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs
from telegram.error import Conflict, TelegramError

from bot.channels.telegram.client import PUBLIC, STAFF, UPDATES, Telegram
from bot.channels.telegram.request import NotSent, OutcomeUnknown
from bot.courier import Channel, Courier
from models.db import Database
from models.message import Card, Choice, Refused, Reply
from models.outbox import Lane
from models.seal import Seal
from models.sending import Claim, Outcome
from tests.bot.carrying import now, running, until
from tests.fakes.pusher import BOT
from tests.fakes.telegram import TOKEN, Fault, Person, Sent, TelegramFake
from tests.models.outgoing import KEY, fates, post

LI = 1001
YES = Choice(label="是", send="yes")
Play = Callable[[TelegramFake, Telegram, Person], Awaitable[Any]]


def claim(reply: Reply, **more: Any) -> Claim:
    values: dict[str, Any] = {"attempts": 0, "reply": reply} | more
    return Claim("o1", str(LI), Lane.interactive, **values)


def card(line: str, *choices: Choice) -> Reply:
    return Reply(card=Card(key="t7", title="请假 L-7", lines=(line,)), choices=choices)


async def turn() -> None:
    """Let the loop see that connections in the pool ended; what is sent in that very moment has an unknown fate."""
    for _ in range(20):
        await asyncio.sleep(0)


def play(act: Play, *faults: Fault, token: str = TOKEN, limited: bool = False) -> Any:
    """An act of a bot and 李雷, who has pressed Start."""

    async def run() -> Any:
        async with TelegramFake(limited=limited) as fake, Telegram(token, api_base=fake.base_url) as bot:
            person = fake.person("李雷", LI)
            person.start()
            for fault in faults:
                fake.faults.add(fault)
            return await act(fake, bot, person)

    return asyncio.run(run())


def send(*claims: Claim, faults: tuple[Fault, ...] = (), token: str = TOKEN) -> tuple[list[Outcome], list[Sent]]:
    """Send these one after another; their outcomes and what arrived."""

    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> Any:
        return [await bot.send(one) for one in claims], fake.sent

    outcomes, sent = play(act, *faults, token=token)
    return outcomes, sent


# --- new messages -----------------------------------------------------------------------------------------------------


def test_it_sends_a_reply_and_names_the_message() -> None:
    (outcome,), (sent,) = send(claim(card("周一至周三", YES)))
    assert outcome == Outcome("o1", "sent", refs=(str(sent.message_id),))
    assert sent.text == "请假 L-7\n周一至周三"
    assert sent.entities == [{"type": "bold", "offset": 0, "length": 6}]
    assert [button["callback_data"] for button in sent.buttons] == ["yes"]
    assert not sent.protected


def test_it_sends_a_long_reply_in_parts() -> None:
    (outcome,), sent = send(claim(Reply(text="好。" * 5000, choices=(YES,))))
    assert outcome.refs == tuple(str(one.message_id) for one in sent)
    assert "".join(one.text for one in sent) == "好。" * 5000
    assert [bool(one.buttons) for one in sent] == [False, False, True]


def test_it_goes_on_after_the_parts_that_arrived() -> None:
    long = Reply(text="好。" * 5000)
    (first, second), sent = send(
        claim(long),
        claim(long, attempts=1, refs=("501", "502")),
        faults=(Fault("reset_after", method="sendMessage", skip=1),),
    )
    assert first == Outcome("o1", "unknown", "no answer", refs=(str(sent[0].message_id),))
    assert second.refs == ("501", "502", str(sent[2].message_id))
    assert sent[2].text.startswith("（可能重复）\n好。")
    assert len(sent) == 3


def test_it_marks_what_may_be_a_repetition_in_the_persons_language() -> None:
    _, sent = send(claim(Reply(text="好"), attempts=1), claim(Reply(text="ok"), attempts=2, lang="en"))
    assert [one.text for one in sent] == ["（可能重复）\n好", "(perhaps a repetition)\nok"]


def test_it_is_a_channel_of_the_courier(sqlite_url: str) -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        channel: Channel = bot
        channel.name = BOT
        database = Database(sqlite_url, Seal(KEY))
        try:
            post(database, str(LI), "我们收到了", now=now())
            async with running(Courier(database, channel, now)):
                await until(lambda: fates(database) == {"我们收到了": "sent"})
        finally:
            database.close()
        assert fake.texts(LI) == ["我们收到了"]

    play(act)


def test_it_sends_nothing_for_nothing() -> None:
    (outcome,), sent = send(claim(Reply()))
    assert outcome == Outcome("o1", "sent")
    assert sent == []


# --- cards ------------------------------------------------------------------------------------------------------------


async def _press(
    fake: TelegramFake, bot: Telegram, person: Person, first: Reply, second: Reply, **more: Any
) -> Outcome:
    """Send one reply, press its button, send the answer to that press."""
    shown = (await bot.send(claim(first))).refs[-1]
    return await bot.send(claim(second, pressed=shown, **({"shown": shown} | more)))


def test_it_changes_a_card_in_place_when_its_button_was_pressed() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        outcome = await _press(fake, bot, person, card("提交", YES), card("批准"), attempts=1)
        assert [(one.now, one.buttons) for one in fake.sent] == [("请假 L-7\n批准", [])]
        assert outcome == Outcome("o1", "sent", refs=(str(fake.sent[0].message_id),))

    play(act)


def test_it_counts_an_unchanged_card_as_sent() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        outcome = await _press(fake, bot, person, card("提交", YES), card("提交", YES))
        assert outcome.kind == "sent"
        assert len(fake.sent) == 1
        assert fake.answers["400"] == 1

    play(act)


@pytest.mark.parametrize(
    "words", ["message to edit not found", "message can't be edited", "can't parse entities: x", "BUTTON_DATA_INVALID"]
)
def test_it_sends_the_card_anew_when_it_cannot_be_changed(words: str) -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        outcome = await _press(fake, bot, person, card("提交", YES), card("批准"))
        assert [one.text for one in fake.sent] == ["请假 L-7\n提交", "请假 L-7\n批准"]
        assert outcome.refs == (str(fake.sent[1].message_id),)

    play(act, Fault("refuse", method="editMessageText", code=400, description=f"Bad Request: {words}"))


def test_it_does_not_send_anew_what_was_perhaps_changed() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        outcome = await _press(fake, bot, person, card("提交", YES), card("批准"))
        assert outcome.kind == "unknown"
        assert len(fake.sent) == 1

    play(act, Fault("reset_after", method="editMessageText"))


def test_it_takes_the_buttons_from_the_card_that_a_newer_one_replaces() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        shown = (await bot.send(claim(card("提交", YES)))).refs[-1]
        await bot.send(claim(card("批准", YES), shown=shown))
        await fake.until(lambda: [len(one.buttons) for one in fake.sent] == [0, 1])
        assert [one.now for one in fake.sent] == ["请假 L-7\n提交", "请假 L-7\n批准"]

    play(act)


def test_it_takes_the_buttons_from_a_question_that_was_answered() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        await _press(fake, bot, person, Reply(text="确认？", choices=(YES,)), Reply(text="提交了"), shown="")
        await fake.until(lambda: [len(one.buttons) for one in fake.sent] == [0, 0])
        assert [one.now for one in fake.sent] == ["确认？", "提交了"]

    play(act)


@pytest.mark.parametrize("kind", ["error_before", "throttle", "hang"])
def test_it_reports_a_message_as_sent_though_old_buttons_stay(kind: str) -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        outcome = await _press(fake, bot, person, Reply(text="确认？", choices=(YES,)), Reply(text="提交了"), shown="")
        assert outcome.kind == "sent"
        await fake.until(lambda: any(method == "editmessagereplymarkup" for _, method, _ in fake.requests))

    play(act, Fault(kind, method="editMessageReplyMarkup"))


# --- failures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "outcome", "arrived"),
    [
        (Fault("refuse", description="blocked"), Outcome("o1", "failed", "blocked", closed="blocked"), 0),
        (Fault("refuse", description="deactivated"), Outcome("o1", "failed", "deactivated", closed="deactivated"), 0),
        (Fault("refuse", description="chat_not_found"), Outcome("o1", "failed", "not_found", closed="not_found"), 0),
        (Fault("throttle", seconds=9), Outcome("o1", "throttled", "429", 9), 0),
        (Fault("error_before", code=500), Outcome("o1", "unknown", "answered with 500"), 0),
        (Fault("error_after", code=502), Outcome("o1", "unknown", "answered with 502"), 1),
        (Fault("reset_before"), Outcome("o1", "unknown", "no answer"), 0),
        (Fault("reset_after"), Outcome("o1", "unknown", "no answer"), 1),
        (Fault("truncated"), Outcome("o1", "unknown", "the answer makes no sense"), 1),
        (Fault("cut"), Outcome("o1", "unknown", "no answer"), 1),
    ],
    ids=lambda value: f"{value.kind} {value.description}" if isinstance(value, Fault) else "",
)
def test_it_tells_the_courier_what_became_of_a_message(fault: Fault, outcome: Outcome, arrived: int) -> None:
    outcomes, sent = send(claim(Reply(text="好")), faults=(replace(fault, method="sendMessage"),))
    assert outcomes == [outcome]
    assert len(sent) == arrived


def test_it_tells_the_courier_that_nobody_listens() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        await fake.refuse_connections()
        await turn()
        assert (await bot.send(claim(Reply(text="好")))).kind == "not_sent"
        await fake.accept_connections()
        assert (await bot.send(claim(Reply(text="好")))).kind == "sent"

    play(act)


def test_it_tells_the_new_address_of_a_group() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        group = fake.group("值班", person, "group")
        old = group.id
        group.migrate()
        outcome = await bot.send(replace(claim(Reply(text="好")), account=str(old)))
        assert outcome == Outcome("o1", "not_sent", "migrated", moved=str(group.id))

    play(act)


@pytest.mark.parametrize(
    ("words", "left", "event"),
    [("can't parse entities: byte 7", (0, 1), "entities"), ("BUTTON_DATA_INVALID", (1, 0), "reply_markup")],
)
def test_it_sends_the_words_when_the_platform_stumbles_over_the_rest(
    words: str, left: tuple[int, int], event: str
) -> None:
    with capture_logs() as logs:
        (outcome,), (sent,) = send(
            claim(card("提交", YES)),
            faults=(Fault("refuse", method="sendMessage", code=400, description=f"Bad Request: {words}"),),
        )
    assert outcome.kind == "sent"
    assert (len(sent.entities), len(sent.buttons)) == left
    assert {"event": "telegram_left_away", "part": event, "log_level": "warning"} in logs


def test_it_waits_and_shouts_when_the_token_is_wrong_and_never_says_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = "7000000001:BB-wrong-token-wrong-token"

    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> Outcome:
        for call in (bot.me, bot.set_up, lambda: bot.get_updates(None, 0)):
            with pytest.raises(TelegramError) as caught:
                await call()
            assert wrong not in "".join(traceback.format_exception(caught.value))
        assert wrong not in repr(bot)
        return await bot.send(claim(Reply(text="好")))

    with capture_logs() as logs:
        outcome = play(act, token=wrong)
    assert outcome == Outcome("o1", "throttled", "token", 60)
    assert [entry["event"] for entry in logs] == ["telegram_token_refused"]
    assert wrong not in caplog.text + repr(logs)


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
