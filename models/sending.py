"""What a courier does to the outbox: lease a bot, claim a batch, settle it, recover what a dead courier left."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, exists, func, literal_column, or_, select, update
from sqlalchemy.orm import Session, aliased

from models import pacing, shown
from models.db import plain, seal_of
from models.message import Reply, unpack
from models.outbox import Delivery, Lane, Outbox, Sender
from models.pacing import LONGEST_WAIT
from models.person import Account
from models.recusal import Recusal
from models.seal import WrongKey
from models.settling import BACK_OFF, LASTS, LEAST_TRIES, PERHAPS, Outcome, back_off, hasten, revive, settle

__all__ = [
    "BACK_OFF", "LASTS", "LEAST_TRIES", "Claim", "Outcome", "back_off", "claim", "give_up", "hand_back", "hasten", "held",
    "is_posted", "lease", "next_due", "recover", "revive", "settle", "waiting",
]  # fmt: skip
log = structlog.get_logger()
# No lease and no wait is longer. What says more was written before a clock was set back, and binds nobody.
LONGEST_LEASE: Final = timedelta(minutes=10)
MOST_DOUBTS: Final = 8  # after which a courier that dies over the same message again holds it
NEAR: Final = 32  # how far apart in an account's stream two messages of one moment can lie
# Written as it stands, since only then does SQLite see that the index of what is ready serves.
_READY: Final = Outbox.status == literal_column("'ready'")
_UNSETTLED: Final = ("'ready'", "'sending'")  # for the same reason
_ROW: Final = Outbox.__table__.c
_IDS: Final[Any] = bindparam("ids", expanding=True)
_HOLDER: Final = (
    select(Sender.fence, Sender.next_at, Sender.lanes, Sender.pace, Sender.slowed_at)
    .where(Sender.bot == bindparam("this_bot")).with_for_update()
)  # fmt: skip
_PACED: Final = (
    update(Sender.__table__).where(Sender.__table__.c.bot == bindparam("this_bot"))  # type: ignore[arg-type]
    .values(next_at=bindparam("at"))
)  # fmt: skip
_BEGUN: Final = (
    update(Outbox.__table__).where(_ROW.id.in_(_IDS))  # type: ignore[arg-type]
    .values(status=Delivery.sending, fence=bindparam("under"))
)  # fmt: skip
_GONE: Final = delete(Outbox.__table__).where(_ROW.id.in_(_IDS))  # type: ignore[arg-type]
_UNREADABLE: Final = (
    update(Outbox.__table__).where(_ROW.id.in_(_IDS))  # type: ignore[arg-type]
    .values(status=Delivery.failed, reason="unreadable", settled_at=bindparam("now"))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that this courier, and nobody else under this fence, is to send now.

    lang: of the account. refs: what the platform called the parts that arrived before. pressed: the message whose button
    this answers, "" where that shows another card, whose buttons stay; shown: the newest message to the same account that
    shows the same card. unsure: it was perhaps sent before. beside: the words beside that card, where it
    stays behind.
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
    beside: str | None = None


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

    One in doubt so often (MOST_DOUBTS) is held as well: it may be what kills the couriers, and must not go out without end.
    Returns (sent again, held).
    """
    left = (Outbox.bot == bot, Outbox.status == Delivery.sending, Outbox.fence < fence)
    doubtful = or_(
        Outbox.lane == Lane.broadcast, and_(Outbox.reason.startswith(PERHAPS), Outbox.attempts >= MOST_DOUBTS)
    )
    again = update(Outbox).where(*left, ~doubtful).values(
        status=Delivery.ready, due_at=now, attempts=Outbox.attempts + 1, reason=PERHAPS
    )  # fmt: skip
    hold = update(Outbox).where(*left).values(status=Delivery.held, reason=PERHAPS)
    # What is to go again is no longer under way, so the second finds the rest.
    return session.execute(again).rowcount, session.execute(hold).rowcount  # type: ignore[attr-defined]


def claim(
    session: Session, bot: str, fence: int, now: datetime, most: int, *, per_second: float, chat_gap: float = 0.0,
    chat_burst: int = 1,
) -> list[Claim]:  # fmt: skip
    """Claim up to `most` due messages, urgent lanes first. Empty when the lease was lost, or before the bot's turn.

    What tells somebody of a matter that they are kept out of by now is dropped. Of one account never two are under way; within a lane its messages keep their order, and a more urgent one passes
    those that wait. chat_gap: seconds between two messages to one account. What the batch uses of the bot's
    per_second is stored with it, so that a successor goes on where this courier stood.
    """
    session.flush()
    holder = plain(session).execute(_HOLDER, {"this_bot": bot}).first()
    if holder is None or holder.fence != fence or now < holder.next_at <= now + LONGEST_WAIT:
        return []
    values = {"this_bot": bot, "now": now, "most": most, "silent": pacing.silent(holder, now), "burst": chat_burst}
    values["since"] = now - timedelta(seconds=chat_gap * chat_burst)
    rows = _drop_kept_out(session, plain(session).execute(_due(bool(chat_gap), bool(values["silent"])), values).all())
    renewed = shown.newest_of(session, {(row.account_id, row.card) for row in rows if row.card})
    claims, unreadable = [], []
    for row in rows:
        try:
            reply = unpack(seal_of(session).open(f"outbox.body:{row.id}", row.body))[0]
        except (WrongKey, ValueError, IndexError):
            # One row that cannot be read must not stop all others behind it.
            log.error("outbox_unreadable", outbox=row.id)  # noqa: TRY400 (the error may quote the row's words)
            unreadable.append(row.id)
            continue
        newest = renewed.get((row.account_id, row.card), "")
        pressed = "" if shown.is_other_card(session, row.account_id, row.pressed, newest) else row.pressed
        claims.append(
            Claim(
                row.id, row.key, Lane(row.lane), row.attempts, reply, row.lang or "zh",
                tuple(row.refs.split()), pressed, newest, row.reason.startswith(PERHAPS),
                shown.words_beside(session, row.account_id, newest) if newest and newest != pressed else None,
            )
        )  # fmt: skip
    if claims:
        plain(session).execute(_BEGUN, {"ids": [each.id for each in claims], "under": fence})
        next_at = now + timedelta(seconds=len(claims) / pacing.pace(holder, per_second, now))
        plain(session).execute(_PACED, {"this_bot": bot, "at": next_at})
    if unreadable:
        plain(session).execute(_UNREADABLE, {"ids": unreadable, "now": now})
    return claims


def _drop_kept_out(session: Session, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Those of these messages that may still be told; the others go, as reminders do of what was answered meanwhile."""
    gone = [row.id for row in rows if row.kept_out]
    if gone:
        log.info("outbox_kept_out", outbox=gone)
        plain(session).execute(_GONE, {"ids": gone})
    return [row for row in rows if not row.kept_out]


@cache
def _due(spaced: bool, silent: bool) -> Any:
    """The statement that finds what may be sent: urgent lanes first, the longest waiting first.

    It names no row of the same instant before another, so that the index alone gives the order: of a broadcast all are
    due at once, and sorting them would read them all for each handful. spaced, silent: whether chats have a gap, and
    whether there are lanes that wait.
    """
    statement = (
        select(
            Outbox.id, Outbox.account_id, Outbox.lane, Outbox.attempts, Outbox.body, Outbox.refs, Outbox.pressed,
            Outbox.card, Outbox.reason, Account.key, Account.lang, _kept_out(),
        )
        .join(Account, Account.id == Outbox.account_id)
        .where(Outbox.bot == bindparam("this_bot"), _READY, Outbox.due_at <= bindparam("now"), ~_ahead())
        .order_by(Outbox.lane, Outbox.due_at)
        .limit(bindparam("most"))
        .with_for_update(of=Outbox, skip_locked=True)
    )  # fmt: skip
    if silent:
        statement = statement.where(Outbox.lane.notin_(bindparam("silent", expanding=True)))
    return statement.where(_sent_lately() < bindparam("burst")) if spaced else statement


def _kept_out() -> ColumnElement[bool]:
    """Whether a message tells of a matter that its reader is kept out of by now, whatever was so when it was written."""
    about = exists().where(Recusal.ticket_id == Outbox.ticket_id, Recusal.person_id == Account.person_id)
    return about.label("kept_out")


def _ahead() -> ColumnElement[bool]:
    """Whether another message of the same account is under way, or waits and comes first."""
    other = aliased(Outbox)
    first = or_(other.lane < Outbox.lane, and_(other.lane == Outbox.lane, other.seq < Outbox.seq))
    return exists().where(
        other.account_id == Outbox.account_id, other.bot == bindparam("this_bot"),
        other.status.in_([literal_column(each) for each in _UNSETTLED]),
        or_(other.status == Delivery.sending, and_(other.status == Delivery.ready, first)),
    )  # fmt: skip


def _sent_lately() -> ColumnElement[int]:
    """How many messages the same account was sent since an instant, each part of a long one counted."""
    other = aliased(Outbox)
    spaces = func.length(other.refs) - func.length(func.replace(other.refs, " ", ""))
    return (
        select(func.coalesce(func.sum(spaces + 1), 0))
        .select_from(other)
        .where(
            other.account_id == Outbox.account_id, other.seq.between(Outbox.seq - NEAR, Outbox.seq + NEAR),
            other.status == Delivery.sent, other.settled_at > bindparam("since"), other.settled_at <= bindparam("now"),
        )
        .scalar_subquery()
    )  # fmt: skip


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
