"""What a courier does to the outbox: lease a bot, claim a batch, settle it, recover what a dead courier left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session, aliased

from models.db import seal_of
from models.message import Reply, unpack
from models.outbox import Delivery, Lane, Outbox, Sender
from models.person import Account

__all__ = ["Claim", "Outcome", "claim", "held", "lease", "next_due", "recover", "settle", "waiting"]
MOST_TRIES: Final = 12
BACK_OFF: Final = (2, 5, 15, 60, 300, 900, 3600)  # seconds before another try, by the number of tries so far


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that this courier, and nobody else under this fence, is to send now."""

    id: str
    account: str
    lane: Lane
    attempts: int
    reply: Reply


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a sending: sent; failed (final, by the platform's own word); not_sent (it surely did not
    arrive); unknown (it may have); throttled (the platform asks to wait, which is no attempt)."""

    id: str
    kind: str
    reason: str = ""
    wait: float = 0.0


def lease(session: Session, bot: str, owner: str, now: datetime, seconds: float) -> int | None:
    """Take or keep the lease of a bot; its fencing number, None while another courier holds it."""
    row = session.get(Sender, bot, with_for_update=True)
    until = now + timedelta(seconds=seconds)
    if row is None:
        session.add(Sender(bot=bot, owner=owner, fence=1, until_at=until, next_at=now))
        session.flush()
        return 1
    if row.owner == owner and row.until_at > now:
        row.until_at = until
        return row.fence
    if row.owner and row.until_at > now:
        return None
    row.owner, row.until_at, row.fence = owner, until, row.fence + 1
    return row.fence


def recover(session: Session, bot: str, fence: int, now: datetime) -> tuple[int, int]:
    """Rows that a former courier left as `sending` were perhaps sent: broadcasts are held, all others sent again.

    Returns (sent again, held).
    """
    left = (Outbox.bot == bot, Outbox.status == Delivery.sending, Outbox.fence < fence)
    again = update(Outbox).where(*left, Outbox.lane < Lane.broadcast).values(
        status=Delivery.ready, due_at=now, attempts=Outbox.attempts + 1, reason="recovered"
    )  # fmt: skip
    hold = (
        update(Outbox).where(*left, Outbox.lane == Lane.broadcast).values(status=Delivery.held, reason="perhaps sent")
    )
    return session.execute(again).rowcount, session.execute(hold).rowcount  # type: ignore[attr-defined]


def claim(session: Session, bot: str, fence: int, now: datetime, most: int) -> list[Claim]:
    """Claim up to `most` due messages, urgent lanes first, never two of one account at a time and never a later one
    of an account before an earlier one. Empty when the lease was lost."""
    holder = session.get(Sender, bot, with_for_update=True)
    if holder is None or holder.fence != fence or holder.next_at > now:
        return []
    older = aliased(Outbox)
    before = exists().where(
        older.account_id == Outbox.account_id, older.bot == bot, older.seq < Outbox.seq,
        older.status.in_((Delivery.ready, Delivery.sending)),
    )  # fmt: skip
    statement = (
        select(Outbox)
        .where(Outbox.bot == bot, Outbox.status == Delivery.ready, Outbox.due_at <= now, ~before)
        .order_by(Outbox.lane, Outbox.due_at, Outbox.id)
        .limit(most)
    )
    claims = []
    for row in session.execute(statement).scalars():
        row.status, row.fence = Delivery.sending, fence
        reply = unpack(seal_of(session).open(f"outbox.body:{row.id}", row.body))[0]
        account = session.get(Account, row.account_id)
        if account is not None:
            claims.append(Claim(row.id, account.key, Lane(row.lane), row.attempts, reply))
    return claims


def settle(session: Session, bot: str, fence: int, outcomes: list[Outcome], now: datetime) -> int:
    """Write down what became of claimed messages; a word under an older fence changes nothing. Returns how many."""
    done = 0
    for outcome in outcomes:
        row = session.get(Outbox, outcome.id, with_for_update=True)
        if row is None or row.status != Delivery.sending or row.fence != fence:
            continue
        done += 1
        row.reason = outcome.reason[:64]
        if outcome.kind == "sent":
            row.status, row.settled_at = Delivery.sent, now
        elif outcome.kind == "throttled":
            row.status, row.due_at = Delivery.ready, now + timedelta(seconds=outcome.wait)
            session.execute(
                update(Sender).where(Sender.bot == bot, Sender.fence == fence)
                .values(next_at=now + timedelta(seconds=outcome.wait))
            )  # fmt: skip
        elif outcome.kind == "failed" or row.attempts + 1 >= MOST_TRIES:
            row.status, row.settled_at = Delivery.failed, now
        elif outcome.kind == "unknown" and row.lane == Lane.broadcast:
            row.status, row.reason = Delivery.held, "perhaps sent"
        else:
            row.attempts += 1
            wait = BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1]
            row.status, row.due_at = Delivery.ready, now + timedelta(seconds=wait)
    return done


def next_due(session: Session, bot: str) -> datetime | None:
    """When the next message of a bot is due, None for an empty outbox."""
    return session.execute(
        select(func.min(Outbox.due_at)).where(Outbox.bot == bot, Outbox.status == Delivery.ready)
    ).scalar()


def waiting(session: Session) -> int:
    """How many messages wait to be sent, on all bots."""
    statement = select(func.count()).where(Outbox.status.in_((Delivery.ready, Delivery.sending)))
    return session.execute(statement).scalar_one()


def held(session: Session) -> list[Outbox]:
    """Messages that were perhaps sent, oldest first: a person decides."""
    return list(
        session.execute(select(Outbox).where(Outbox.status == Delivery.held).order_by(Outbox.created_at)).scalars()
    )
