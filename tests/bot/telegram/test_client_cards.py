"""Cards of the bot against a strict fake of the Bot API: changed in place, sent anew, or left without buttons."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.telegram.client import Telegram
from models.message import Reply
from models.sending import Outcome
from tests.bot.telegram.playing import YES, card, claim, play, turn
from tests.fakes.telegram import Fault, Person, TelegramFake


async def _press(
    fake: TelegramFake, bot: Telegram, person: Person, first: Reply, second: Reply, **more: Any
) -> Outcome:
    """Send one reply, press its button, send the answer to that press."""
    shown = (await bot.send(claim(first))).refs[-1]
    return await bot.send(claim(second, pressed=shown, **({"shown": shown} | more)))


def test_it_changes_a_card_in_place_when_its_button_was_pressed() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        outcome = await _press(fake, bot, person, card("提交", YES), card("批准"), unsure=True)
        assert [(one.now, one.buttons) for one in fake.sent] == [("请假 L-7\n批准", [])]
        assert outcome == Outcome("o1", "sent", refs=(str(fake.sent[0].message_id),))

    play(act)


def test_it_sends_a_card_anew_that_has_become_too_long_for_one_message() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        outcome = await _press(fake, bot, person, card("提交", YES), card("好。" * 3000))
        assert len(outcome.refs) == 2
        await fake.until(lambda: not fake.sent[0].buttons)
        assert [len(one.now) > 100 for one in fake.sent] == [False, True, True]

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


@pytest.mark.parametrize("beside", ["收到了你的申请", ""])
def test_it_leaves_no_card_behind_that_says_otherwise(beside: str) -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        shown = (await bot.send(claim(card("提交", YES).model_copy(update={"text": beside})))).refs[-1]
        await bot.send(claim(card("批准", YES), shown=shown, beside=beside))
        await fake.until(lambda: len(fake.sent[0].buttons) == 0)
        left, newest = (one.now for one in fake.sent)
        assert "提交" not in left
        assert left.startswith(beside)
        assert "见下方最新一条" in left
        assert newest == "请假 L-7\n批准"

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


def test_it_leaves_the_buttons_of_what_the_reply_itself_became() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        ref = (await bot.send(claim(card("提交", YES)))).refs[-1]
        assert await bot.send(claim(card("提交", YES), refs=(ref,), shown=ref)) == Outcome("o1", "sent", refs=(ref,))
        await turn()
        assert [method for _, method, _ in fake.requests] == ["sendmessage"]

    play(act)


def test_it_leaves_old_buttons_while_the_platform_wants_to_be_left_alone() -> None:
    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> None:
        shown = (await bot.send(claim(Reply(text="确认？", choices=(YES,))))).refs[-1]
        fake.faults.add(Fault("throttle", method="sendMessage", seconds=9))
        assert (await bot.send(claim(Reply(text="提交了")))).kind == "throttled"
        fake.clock.advance(10)
        assert (await bot.send(claim(Reply(text="提交了"), pressed=shown))).kind == "sent"
        await turn()
        assert {method for _, method, _ in fake.requests} == {"sendmessage"}

    play(act)
