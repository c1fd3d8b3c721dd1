"""What a courier does to the outbox: lease a bot, claim a batch, settle it, recover what a dead courier left."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from models import pacing, shown
from models.db import seal_of
from models.message import Reply, unpack
from models.outbox import Delivery, Lane, Outbox, Sender
from models.pacing import LONGEST_WAIT
from models.person import Account
from models.seal import WrongKey

__all__ = [
    "Claim", "Outcome", "claim", "give_up", "hand_back", "held", "is_posted", "lease", "next_due", "recover", "settle", "waiting",
]  # fmt: skip
log = structlog.get_logger()
MOST_TRIES: Final = 12
BACK_OFF: Final = (2, 5, 15, 60, 300, 900, 3600)  # seconds before another try, by the number of tries so far
# No lease and no wait is longer. What says more was written before a clock was set back, and binds nobody.
LONGEST_LEASE: Final = timedelta(minutes=10)
PERHAPS: Final = "perhaps sent"  # begins the reason of a row whose fate nobody knows
NEAR: Final = 32  # how far apart in an account's stream two messages of one moment can lie


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that this courier, and nobody else under this fence, is to send now.

    lang: of the account. refs: what the platform called the parts that arrived before. pressed: the message whose button
    this answers, "" where that shows another card, whose buttons stay; shown: the newest message to the same account that
    shows the same card. unsure: it was perhaps sent before.
    """

    id: str
    account: str
    lane: Lane
    attempts: int
    reply: Reply
    lang: str = "zh"
    refs: tuple[str, ...] = ()
    pressed: str = ""
    shown: str = ""
    unsure: bool = False


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


def lease(
    session: Session, bot: str, owner: str, now: datetime, seconds: float, *, alone: bool = False
) -> int | None:  # fmt: skip
    """Take or keep the lease of a bot; its fencing number, None while another courier holds it.

    alone: the caller knows that no other courier lives (it holds the file's lock), so it need not wait.
    """
    row = session.get(Sender, bot, with_for_update=True)
    until = now + timedelta(seconds=seconds)
    if row is None:
        session.add(Sender(bot=bot, owner=owner, fence=1, until_at=until, next_at=now))
        session.flush()
        return 1
    lasts = now < row.until_at <= now + LONGEST_LEASE
    if row.owner == owner and lasts:
        row.until_at = until
        return row.fence
    if row.owner and lasts and not alone:
        return None
    row.owner, row.until_at, row.fence = owner, until, row.fence + 1
    return row.fence


def give_up(session: Session, bot: str, fence: int, now: datetime) -> None:
    """End one's own lease, so that a successor need not wait for its time to run out."""
    session.execute(
        update(Sender).where(Sender.bot == bot, Sender.fence == fence).values(owner="", until_at=now)
    )  # fmt: skip


def hand_back(session: Session, bot: str, fence: int, flying: Collection[str] = ()) -> int:
    """Rows claimed under a fence that its holder surely did not begin to send are ready again; not those in `flying`.

    Returns how many.
    """
    mine = (Outbox.bot == bot, Outbox.status == Delivery.sending, Outbox.fence == fence, Outbox.id.notin_(flying))
    ready = update(Outbox).where(*mine).values(status=Delivery.ready)
    return int(session.execute(ready).rowcount)  # type: ignore[attr-defined]


def recover(session: Session, bot: str, fence: int, now: datetime) -> tuple[int, int]:
    """Rows that a former courier left as `sending` were perhaps sent: broadcasts are held, all others sent again.

    Returns (sent again, held).
    """
    left = (Outbox.bot == bot, Outbox.status == Delivery.sending, Outbox.fence < fence)
    again = update(Outbox).where(*left, Outbox.lane < Lane.broadcast).values(
        status=Delivery.ready, due_at=now, attempts=Outbox.attempts + 1, reason=PERHAPS
    )  # fmt: skip
    hold = update(Outbox).where(*left, Outbox.lane == Lane.broadcast).values(status=Delivery.held, reason=PERHAPS)
    return session.execute(again).rowcount, session.execute(hold).rowcount  # type: ignore[attr-defined]


def claim(
    session: Session, bot: str, fence: int, now: datetime, most: int, *, per_second: float, chat_gap: float = 0.0,
    chat_burst: int = 1,
) -> list[Claim]:  # fmt: skip
    """Claim up to `most` due messages, urgent lanes first. Empty when the lease was lost, or before the bot's turn.

    Of one account never two are under way; within a lane its messages keep their order, and a more urgent one passes
    those that wait. chat_gap: seconds between two messages to one account. What the batch uses of the bot's
    per_second is stored with it, so that a successor goes on where this courier stood.
    """
    holder = session.get(Sender, bot, with_for_update=True)
    if holder is None or holder.fence != fence or now < holder.next_at <= now + LONGEST_WAIT:
        return []
    silent = pacing.silent(holder, now)
    statement = (
        select(Outbox, Account.key, Account.lang)
        .join(Account, Account.id == Outbox.account_id)
        .where(Outbox.bot == bot, Outbox.status == Delivery.ready, Outbox.due_at <= now, ~_ahead(bot))
        .where(Outbox.lane.notin_(silent))
        .order_by(Outbox.lane, Outbox.due_at, Outbox.id)
        .limit(most)
        .with_for_update(of=Outbox, skip_locked=True)
    )
    if chat_gap:
        statement = statement.where(_sent_lately(now, chat_gap * chat_burst) < chat_burst)
    claims = []
    for row, account, lang in session.execute(statement).all():
        try:
            reply = unpack(seal_of(session).open(f"outbox.body:{row.id}", row.body))[0]
        except (WrongKey, ValueError, IndexError):
            # One row that cannot be read must not stop all others behind it.
            log.error("outbox_unreadable", outbox=row.id)  # noqa: TRY400 (the error may quote the row's words)
            row.status, row.reason, row.settled_at = Delivery.failed, "unreadable", now
            continue
        row.status, row.fence = Delivery.sending, fence
        newest = shown.newest(session, row.account_id, row.card)
        pressed = "" if shown.is_other_card(session, row.account_id, row.pressed, newest) else row.pressed
        claims.append(
            Claim(
                row.id, account, Lane(row.lane), row.attempts, reply, lang or "zh",
                tuple(row.refs.split()), pressed, newest, row.reason.startswith(PERHAPS),
            )
        )  # fmt: skip
    if claims:
        holder.next_at = now + timedelta(seconds=len(claims) / pacing.pace(holder, per_second, now))
    return claims


def _ahead(bot: str) -> ColumnElement[bool]:
    """Whether another message of the same account is under way, or waits and comes first."""
    other = aliased(Outbox)
    first = or_(other.lane < Outbox.lane, and_(other.lane == Outbox.lane, other.seq < Outbox.seq))
    return exists().where(
        other.account_id == Outbox.account_id, other.bot == bot,
        or_(other.status == Delivery.sending, and_(other.status == Delivery.ready, first)),
    )  # fmt: skip


def _sent_lately(now: datetime, seconds: float) -> ColumnElement[int]:
    """How many messages the same account was sent in the last seconds."""
    other = aliased(Outbox)
    return (
        select(func.count())
        .select_from(other)
        .where(
            other.account_id == Outbox.account_id, other.seq.between(Outbox.seq - NEAR, Outbox.seq + NEAR),
            other.status == Delivery.sent, other.settled_at > now - timedelta(seconds=seconds), other.settled_at <= now,
        )
        .scalar_subquery()
    )  # fmt: skip


def settle(
    session: Session, bot: str, fence: int, outcomes: list[Outcome], now: datetime, per_second: float = 1.0
) -> list[str]:  # fmt: skip
    """Write down what became of claimed messages; a word under an older fence changes nothing.

    Returns the ids of those that failed for good. A message that the platform wants later takes its lane with it, and a
    second such request within a minute halves the bot's pace.
    """
    failed = []
    told: list[tuple[str, Outcome]] = []
    for outcome in outcomes:
        row = session.get(Outbox, outcome.id, with_for_update=True)
        if row is None or row.status != Delivery.sending or row.fence != fence:
            continue
        _settle(row, outcome, now)
        if outcome.refs:
            row.refs, row.ref = " ".join(outcome.refs)[:200], outcome.refs[-1][:32]
        if outcome.closed or outcome.moved:
            told.append((row.account_id, outcome))
        if outcome.kind == "throttled":
            holder = session.get(Sender, bot, with_for_update=True)
            if holder is not None and holder.fence == fence:
                pacing.slow_down(holder, Lane(row.lane), row.due_at, per_second, now)
        if row.status == Delivery.failed:
            failed.append(row.id)
    # Accounts come last and by their ids, as everywhere (models/numbering.py).
    for account_id, outcome in sorted(told, key=lambda each: each[0]):
        _note_account(session, account_id, bot, outcome)
    return failed


def _settle(row: Outbox, outcome: Outcome, now: datetime) -> None:
    # Once perhaps sent, always perhaps sent, until the platform's own word.
    unsure = outcome.kind == "unknown" or (row.reason.startswith(PERHAPS) and outcome.kind not in ("sent", "failed"))
    row.reason = f"{PERHAPS}: {outcome.reason}"[:64] if unsure else outcome.reason[:64]
    if outcome.kind == "put_back":
        row.status = Delivery.ready
    elif outcome.kind == "sent":
        row.status, row.settled_at = Delivery.sent, now
    elif outcome.kind == "throttled":
        row.status, row.due_at = Delivery.ready, now + min(timedelta(seconds=max(outcome.wait, 0)), LONGEST_WAIT)
    elif outcome.kind == "unknown" and row.lane == Lane.broadcast:
        row.status, row.reason = Delivery.held, PERHAPS
    elif outcome.kind == "failed" or row.attempts + 1 >= MOST_TRIES:
        row.status, row.settled_at = Delivery.failed, now
    else:
        row.attempts += 1
        wait = 0 if outcome.moved else BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1]
        row.status, row.due_at = Delivery.ready, now + timedelta(seconds=wait)


def _note_account(session: Session, account_id: str, bot: str, outcome: Outcome) -> None:
    """Remember that an account takes nothing any more, or that the platform gave it another key."""
    if outcome.moved:
        taken = select(Account.id).where(Account.channel == bot, Account.key == outcome.moved)
        if session.execute(taken).scalar() is None:
            session.execute(update(Account).where(Account.id == account_id).values(key=outcome.moved))
        return
    session.execute(update(Account).where(Account.id == account_id).values(closed=outcome.closed[:16]))


def is_posted(session: Session, dedupe_key: str) -> bool:
    """Whether a message with this key was written already."""
    return session.execute(select(Outbox.id).where(Outbox.dedupe_key == dedupe_key)).first() is not None


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
