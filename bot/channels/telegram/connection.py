"""How the platform sees a bot, read from what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bot.channels.telegram.request import OutcomeUnknown

MOST_WORDS: Final = 200  # characters of the platform's own account of a failure


@dataclass(frozen=True, slots=True)
class Connection:
    """How the platform sees a bot. webhook: where updates go, "" for polling; pending: updates that wait over there;
    failed_at: when the webhook last failed (None: never), and how, in the platform's words."""

    name: str
    webhook: str
    pending: int
    failed_at: datetime | None
    failure: str


def read_connection(me: Any, info: Any) -> Connection:
    """What getMe and getWebhookInfo answered. Raises OutcomeUnknown where that makes no sense."""
    try:
        at, words = int(info.get("last_error_date") or 0), str(info.get("last_error_message") or "")
        return Connection(
            str(me.get("username") or ""), str(info.get("url") or ""), int(info.get("pending_update_count") or 0),
            datetime.fromtimestamp(at, UTC) if at else None,
            "".join(mark for mark in words if mark.isprintable())[:MOST_WORDS],
        )  # fmt: skip
    except (AttributeError, TypeError, ValueError, OverflowError):
        raise OutcomeUnknown("the answer makes no sense") from None
