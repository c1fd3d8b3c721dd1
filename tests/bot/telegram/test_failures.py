"""The table of the Bot API's refusals."""

from __future__ import annotations

from datetime import timedelta

import pytest
from structlog.testing import capture_logs
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram.failures import BARE, PLAIN, REFUSALS, SEND_NEW, outcome_of, read_fate
from bot.channels.telegram.request import NotSent, OutcomeUnknown, Throttled
from models.message import Reply
from models.outbox import Lane
from models.sending import Claim, Outcome

CLAIM = Claim("o1", "7", Lane.interactive, 0, Reply(text="hi"))


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), Outcome("o1", "failed", "blocked", closed="blocked")),
        (Forbidden("Forbidden: user is deactivated"), Outcome("o1", "failed", "deactivated", closed="deactivated")),
        (BadRequest("Bad Request: user is deactivated"), Outcome("o1", "failed", "deactivated", closed="deactivated")),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), Outcome("o1", "failed", "kicked", closed="kicked")),
        (Forbidden("Forbidden: bot is not a member of the channel chat"), Outcome("o1", "failed", "kicked", closed="kicked")),
        (BadRequest("Bad Request: chat not found"), Outcome("o1", "failed", "not_found", closed="not_found")),
        (BadRequest("Bad Request: message is too long"), Outcome("o1", "failed", "too_long")),
        (BadRequest("Bad Request: message thread not found"), Outcome("o1", "failed", "thread_gone")),
        (BadRequest("Bad Request: message to edit not found"), Outcome("o1", "failed", "gone")),
        (BadRequest("Bad Request: message is not modified: specified new…"), Outcome("o1", "sent", "not_modified")),
        (ChatMigrated(-1001), Outcome("o1", "not_sent", "migrated", moved="-1001")),
        (Throttled(10_072), Outcome("o1", "throttled", "429", 10_072)),
        (InvalidToken("Unauthorized"), Outcome("o1", "throttled", "token", 60)),
        (Conflict("Conflict: terminated by other getUpdates request"), Outcome("o1", "throttled", "conflict", 5)),
        (NotSent("no connection: X"), Outcome("o1", "not_sent", "no connection")),
        (OutcomeUnknown("answered with 502"), Outcome("o1", "unknown", "answered with 502")),
        (TimedOut(), Outcome("o1", "unknown", "TimedOut")),
        (NetworkError("?"), Outcome("o1", "unknown", "NetworkError")),
        (TelegramError("?"), Outcome("o1", "unknown", "TelegramError")),
    ],
)  # fmt: skip
def test_it_names_the_outcome_of_a_failure(error: TelegramError, outcome: Outcome) -> None:
    assert outcome_of(CLAIM, error) == outcome


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Bad Request: message to edit not found", SEND_NEW),
        ("Bad Request: message can't be edited", SEND_NEW),
        ("Bad Request: MESSAGE_ID_INVALID", SEND_NEW),
        ("Bad Request: can't parse entities: unexpected end at byte 7", PLAIN),
        ("Bad Request: ENTITY_BOUNDS_INVALID", PLAIN),
        ("Bad Request: BUTTON_DATA_INVALID", BARE),
        ("Bad Request: inline keyboard button URL 'x' is invalid: Wrong HTTP URL", BARE),
    ],
)
def test_it_says_what_to_try_instead(words: str, kind: str) -> None:
    assert read_fate(BadRequest(words)).kind == kind


def test_it_reads_the_librarys_own_wait_in_both_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    from telegram.error import RetryAfter

    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    assert read_fate(RetryAfter(timedelta(seconds=7))).wait == 7
    monkeypatch.setenv("PTB_TIMEDELTA", "0")
    with pytest.warns(DeprecationWarning, match="timedelta"):
        assert read_fate(RetryAfter(7)).wait == 7


def test_it_shouts_about_a_token_without_saying_it() -> None:
    with capture_logs() as logs:
        outcome_of(CLAIM, InvalidToken("The token `4711:AAH` was rejected by the server."))
    assert logs == [{"event": "telegram_token_refused", "log_level": "critical", "outbox": "o1"}]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Bad Request: not enough rights to send text messages to the chat", "not enough rights to send text messages to the chat"),
        ('Bad Request: unsupported "我妈妈病了"', "unsupported"),
        ("Forbidden: whatever: 我妈妈病了", "whatever"),
        ("Bad Request: 我妈妈病了", "refused"),
    ],
)  # fmt: skip
def test_it_keeps_the_platforms_words_and_nobody_elses(words: str, reason: str) -> None:
    assert outcome_of(CLAIM, BadRequest(words)).reason == reason


def test_it_fits_every_reason_into_its_column() -> None:
    assert all(len(rule.fate.reason) <= 64 and len(rule.fate.closed) <= 16 for rule in REFUSALS)
    assert all(rule.words == rule.words.lower() for rule in REFUSALS)
