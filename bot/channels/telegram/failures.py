"""What the Bot API's refusals mean for a message: one table, matched by class and words, and the fate it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.channels.telegram.request import NotSent, OutcomeUnknown, Throttled
from models.sending import Claim, Outcome

log = structlog.get_logger()
TOKEN_WAIT: Final = 60.0  # seconds between two tries with a token that was refused; nothing is lost meanwhile
CONFLICT_WAIT: Final = 5.0
SEND_NEW: Final = "send_new"  # the message cannot be changed: send another
PLAIN: Final = "plain"  # the platform stumbles over the markup: the words without it
BARE: Final = "bare"  # over a button: the message without buttons


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a request: a kind of Outcome, or what the client is to try instead (SEND_NEW, PLAIN, BARE)."""

    kind: str
    reason: str
    closed: str = ""
    wait: float = 0.0
    moved: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A refusal that contains these words (lower case; the server gives one matter several codes) and what it means."""

    words: str
    fate: Fate


def _closed(reason: str) -> Fate:
    return Fate("failed", reason, closed=reason)


# The words are those of the Bot API server's source (fail_query_with_error and the tdlib errors that it passes on).
REFUSALS: Final = (
    Rule("bot was blocked by the user", _closed("blocked")),
    Rule("user is deactivated", _closed("deactivated")),
    Rule("bot was kicked", _closed("kicked")),
    Rule("bot is not a member", _closed("kicked")),
    Rule("chat not found", _closed("not_found")),
    Rule("user not found", _closed("not_found")),
    Rule("peer_id_invalid", _closed("not_found")),
    Rule("can't initiate conversation", _closed("not_started")),
    Rule("can't send messages to bots", _closed("a_bot")),
    Rule("group chat was deactivated", _closed("deactivated")),
    Rule("message is not modified", Fate("sent", "not_modified")),
    Rule("message to edit not found", Fate(SEND_NEW, "gone")),
    Rule("message can't be edited", Fate(SEND_NEW, "not_editable")),
    Rule("message_id_invalid", Fate(SEND_NEW, "gone")),
    Rule("message_author_required", Fate(SEND_NEW, "not_editable")),
    Rule("message identifier is not specified", Fate(SEND_NEW, "gone")),
    Rule("there is no text in the message to edit", Fate(SEND_NEW, "not_editable")),
    Rule("can't parse entities", Fate(PLAIN, "entities")),
    Rule("entity begin", Fate(PLAIN, "entities")),
    Rule("entity_", Fate(PLAIN, "entities")),
    Rule("entities_", Fate(PLAIN, "entities")),
    Rule("button_", Fate(BARE, "buttons")),
    Rule("inline keyboard", Fate(BARE, "buttons")),
    Rule("reply markup", Fate(BARE, "buttons")),
    Rule("reply_markup", Fate(BARE, "buttons")),
    Rule("can't parse reply keyboard", Fate(BARE, "buttons")),
    Rule("wrong http url", Fate(BARE, "buttons")),
    Rule("message thread not found", Fate("failed", "thread_gone")),
    Rule("message is too long", Fate("failed", "too_long")),
    Rule("text is too long", Fate("failed", "too_long")),
    Rule("message_too_long", Fate("failed", "too_long")),
    Rule("text must be non-empty", Fate("failed", "empty")),
    Rule("text is empty", Fate("failed", "empty")),
    Rule("too many requests", Fate("throttled", "429", wait=1.0)),
)


def read_fate(error: TelegramError) -> Fate:
    """What an error of the library or of our transport means."""
    if isinstance(error, NotSent):
        return Fate("not_sent", _short(error.message))
    if isinstance(error, OutcomeUnknown):
        return Fate("unknown", _short(error.message))
    if isinstance(error, Throttled):
        return Fate("throttled", "429", wait=error.wait)
    if isinstance(error, RetryAfter):
        wait = error.retry_after  # A number now; the library announces that it will be a timedelta.
        seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
        return Fate("throttled", "429", wait=max(seconds, 0.0))
    if isinstance(error, ChatMigrated):
        return Fate("not_sent", "migrated", moved=str(error.new_chat_id))
    if isinstance(error, InvalidToken | EndPointNotFound):
        return Fate("throttled", "token", wait=TOKEN_WAIT)
    if isinstance(error, Conflict):
        return Fate("throttled", "conflict", wait=CONFLICT_WAIT)
    if isinstance(error, BadRequest | Forbidden):
        words = error.message.lower()
        found = next((rule.fate for rule in REFUSALS if rule.words in words), None)
        return found or Fate("failed", _short(error.message))
    return Fate("unknown", type(error).__name__)


def outcome_of(claim: Claim, error: TelegramError) -> Outcome:
    """The outcome of a message whose sending ended with an error that nothing else could be tried against.

    A wrong token is nobody's message's fault: the message waits, and the log is loud until somebody mends it.
    """
    fate = read_fate(error)
    if fate.reason == "token":
        log.critical("telegram_token_refused", outbox=claim.id)
    kind = "failed" if fate.kind in (SEND_NEW, PLAIN, BARE) else fate.kind
    return Outcome(claim.id, kind, fate.reason, fate.wait, closed=fate.closed, moved=fate.moved)


def _short(words: str) -> str:
    """The platform's own words for the delivery's reason, cut before anything that may quote a message."""
    own = re.split(r"[:\"“]| '", re.sub(r"^(?:bad request|forbidden)\s*:\s*", "", words, flags=re.IGNORECASE))[0]
    return own.encode("ascii", "ignore").decode().strip().lower()[:60] or "refused"
