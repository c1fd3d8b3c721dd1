"""How what became of a sending is written down: sent, failed for good, tried again later, or held for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from models import pacing
from models.db import plain
from models.outbox import Delivery, Lane, Outbox, Sender
from models.pacing import LONGEST_WAIT
from models.person import Account

MOST_TRIES: Final = 12
BACK_OFF: Final = (2, 5, 15, 60, 300, 900, 3600)  # seconds before another try, by the number of tries so far
PERHAPS: Final = "perhaps sent"  # begins the reason of a row whose fate nobody knows
_ROW: Final = Outbox.__table__.c
_IDS: Final[Any] = bindparam("ids", expanding=True)
_CLAIMED: Final = (
    select(*(_ROW[name] for name in (
        "id", "account_id", "lane", "reason", "settled_at", "due_at", "attempts", "refs", "ref",
    )))
    .where(_ROW.id.in_(_IDS), _ROW.status == Delivery.sending, _ROW.fence == bindparam("under"))
    .order_by(_ROW.id).with_for_update()
)  # fmt: skip
_CHANGED: Final = ("status", "settled_at", "due_at", "attempts", "reason", "refs", "ref")
_SETTLE: Final = (
    update(Outbox.__table__).where(_ROW.id == bindparam("row"))  # type: ignore[arg-type]
    .values({name: bindparam(f"new_{name}") for name in _CHANGED})
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a sending.

    kind: sent; failed (final, by the platform's own word); not_sent (it surely did not arrive); unknown (it may have);
    throttled (the platform asks to wait so many seconds, which is no attempt); put_back (it was never begun).
    refs: what the platform calls the parts that arrived, also of a message that did not arrive whole. closed: why
    nothing can be sent to this account any more; moved: the key that the account has from now on.
    """

    id: str
    kind: str
    reason: str = ""
    wait: float = 0.0
    refs: tuple[str, ...] = ()
    closed: str = ""
    moved: str = ""


def settle(
    session: Session, bot: str, fence: int, outcomes: list[Outcome], now: datetime, per_second: float = 1.0
) -> list[str]:  # fmt: skip
    """Write down what became of claimed messages; a word under an older fence changes nothing.

    Returns the ids of those that failed for good. A message that the platform wants later takes its lane with it, and a
    second such request within a minute halves the bot's pace.
    """
    session.flush()
    failed = []
    told: list[tuple[str, Outcome]] = []
    written = []
    found = {
        row.id: row for row in plain(session).execute(_CLAIMED, {"ids": [each.id for each in outcomes], "under": fence})
    }
    for outcome in outcomes:
        row = found.pop(outcome.id, None)
        if row is None:
            continue
        values = _settled(row, outcome, now)
        written.append(values)
        if outcome.closed or outcome.moved:
            told.append((row.account_id, outcome))
        if outcome.kind == "throttled" and outcome.reason != "token":
            holder = session.get(Sender, bot, with_for_update=True)
            if holder is not None and holder.fence == fence:
                pacing.slow_down(holder, Lane(row.lane), values["new_due_at"], per_second, now)
        if values["new_status"] == Delivery.failed:
            failed.append(row.id)
    if written:
        plain(session).execute(_SETTLE, written)
    # Accounts come last and by their ids, as everywhere (models/numbering.py).
    for account_id, outcome in sorted(told, key=lambda each: each[0]):
        _note_account(session, account_id, bot, outcome)
    return failed


def _settled(row: Any, outcome: Outcome, now: datetime) -> dict[str, Any]:
    """What is written of a row: its new columns, as `_SETTLE` takes them."""
    # Once perhaps sent, always perhaps sent, until the platform's own word that it cannot be; once sent, perhaps twice.
    unsure = outcome.kind == "unknown" or (row.reason.startswith(PERHAPS) and outcome.kind != "failed")
    reason = ": ".join(filter(None, (PERHAPS if unsure else "", outcome.reason)))[:64]
    status, settled_at, due_at, attempts = Delivery.ready, row.settled_at, row.due_at, row.attempts
    if outcome.kind == "sent":
        status, settled_at = Delivery.sent, now
    elif outcome.kind == "throttled":
        due_at = now + min(timedelta(seconds=max(outcome.wait, 0)), LONGEST_WAIT)
    elif outcome.kind == "unknown" and row.lane == Lane.broadcast:
        status, reason = Delivery.held, PERHAPS
    elif outcome.kind == "failed" or (outcome.kind != "put_back" and attempts + 1 >= MOST_TRIES):
        status, settled_at = Delivery.failed, now
    elif outcome.kind != "put_back":
        attempts += 1
        wait = 0 if outcome.moved else BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
        due_at = now + timedelta(seconds=wait)
    return {
        "row": row.id, "new_status": status, "new_settled_at": settled_at, "new_due_at": due_at, "new_attempts": attempts,
        "new_reason": reason,
        "new_refs": " ".join(outcome.refs)[:200] if outcome.refs else row.refs,
        "new_ref": outcome.refs[-1][:32] if outcome.refs else row.ref,
    }  # fmt: skip


def _note_account(session: Session, account_id: str, bot: str, outcome: Outcome) -> None:
    """Remember that an account takes nothing any more, or that the platform gave it another key."""
    if outcome.moved:
        taken = select(Account.id).where(Account.channel == bot, Account.key == outcome.moved)
        if session.execute(taken).scalar() is None:
            session.execute(update(Account).where(Account.id == account_id).values(key=outcome.moved))
        return
    session.execute(update(Account).where(Account.id == account_id).values(closed=outcome.closed[:16]))
