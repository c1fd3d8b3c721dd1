"""The bot against a strict fake of the Bot API: what it sends, and what became of it."""

from __future__ import annotations

import logging
import traceback
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs
from telegram.error import TelegramError

from bot.channels.telegram.client import Telegram
from bot.courier import Channel, Courier
from models.db import Database
from models.message import Reply
from models.seal import Seal
from models.sending import Claim, Outcome
from tests.bot.carrying import now, running, until
from tests.bot.telegram.playing import LI, YES, card, claim, play, turn
from tests.fakes.pusher import BOT
from tests.fakes.telegram import TOKEN, Fault, Person, Sent, TelegramFake
from tests.models.outgoing import KEY, fates, post


def send(*claims: Claim, faults: tuple[Fault, ...] = (), token: str = TOKEN) -> tuple[list[Outcome], list[Sent]]:
    """Send these one after another; their outcomes and what arrived."""

    async def act(fake: TelegramFake, bot: Telegram, person: Person) -> Any:
        return [await bot.send(one) for one in claims], fake.sent

    outcomes, sent = play(act, *faults, token=token)
    return outcomes, sent


def test_it_sends_a_reply_and_names_the_message() -> None:
    (outcome,), (sent,) = send(claim(card("周一至周三", YES)))
    assert outcome == Outcome("o1", "sent", refs=(str(sent.message_id),))
    assert sent.text == "请假 L-7\n周一至周三"
    assert sent.entities == [{"type": "bold", "offset": 0, "length": 6}]
    assert [button["callback_data"] for button in sent.buttons] == ["yes"]
    assert not sent.protected


def test_it_keeps_what_is_sensitive_from_being_passed_on() -> None:
    """A school that sends it after all (`sensitive = "send"`) must not let a click forward it."""
    secret = card("看牙医" * 2000)
    assert secret.card is not None
    _, sent = send(claim(secret.model_copy(update={"card": secret.card.model_copy(update={"guarded": True})})))
    assert [each.protected for each in sent] == [True, True]
    _, sent = send(claim(Reply(text="请核对：请假\n事由：看牙医", guarded=True)))
    assert [each.protected for each in sent] == [True]


def test_it_sends_a_long_reply_in_parts() -> None:
    (outcome,), sent = send(claim(Reply(text="好。" * 5000, choices=(YES,))))
    assert outcome.refs == tuple(str(one.message_id) for one in sent)
    assert "".join(one.text for one in sent) == "好。" * 5000
    assert [bool(one.buttons) for one in sent] == [False, False, True]


def test_it_sends_the_parts_of_a_very_long_reply_a_few_at_a_time() -> None:
    """Twelve parts went to one chat within a second, counted as one message."""
    long = Reply(text="好。" * 8 * 2048, choices=(YES,))
    (first, second), sent = send(claim(long), claim(long, refs=("501", "502", "503", "504", "505")))
    assert (first.kind, first.wait, len(first.refs)) == ("partly", 3.0, 3)
    assert (second.kind, len(second.refs), len(sent)) == ("sent", 8, 6)
    assert [bool(one.buttons) for one in sent] == [False] * 5 + [True]


def test_it_goes_on_after_the_parts_that_arrived() -> None:
    long = Reply(text="好。" * 5000)
    (first, second), sent = send(
        claim(long),
        claim(long, unsure=True, refs=("501", "502")),
        faults=(Fault("reset_after", method="sendMessage", skip=1),),
    )
    assert first == Outcome("o1", "unknown", "no answer", refs=(str(sent[0].message_id),))
    assert second.refs == ("501", "502", str(sent[2].message_id))
    assert sent[2].text.startswith("（可能重复）\n好。")
    assert len(sent) == 3


def test_it_marks_what_may_be_a_repetition_in_the_persons_language() -> None:
    _, sent = send(claim(Reply(text="好"), unsure=True), claim(Reply(text="ok"), unsure=True, lang="en"))
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
