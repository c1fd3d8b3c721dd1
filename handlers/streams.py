"""What became of the notices in an account's stream: sent when written to a page, seen when the page says so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from handlers.directory import PULL
from models.db import seal_of
from models.message import Reply, unpack
from models.outbox import Delivery, Outbox
from models.person import Account


def note_sent(session: Session, account_id: str, upto: int, now: datetime) -> int:
    """Notices up to a number were written to a stream or a page; answers with how many that changed."""
    return _settle(session, account_id, upto, (Delivery.ready,), Delivery.sent, now)


def note_seen(session: Session, account_id: str, upto: int, now: datetime) -> int:
    """A page has shown everything up to a number; a number beyond the stream's last counts as the last.

    A smaller number than before changes nothing: windows side by side may say different numbers.
    """
    account = session.execute(select(Account).where(Account.id == account_id).with_for_update(key_share=True)).scalar()
    if account is None:
        return 0
    upto = min(upto, account.seq)
    if upto <= account.seen:
        return 0
    account.seen = upto
    return 1 + _settle(session, account_id, upto, (Delivery.ready, Delivery.sent), Delivery.seen, now)


def is_behind(session: Session, account_id: str, upto: int) -> bool:
    """Whether note_seen would change anything: asked first, so that an idle page costs no write."""
    seen = session.execute(select(Account.seen).where(Account.id == account_id, Account.seq >= upto)).scalar()
    return seen is not None and seen < upto


def _settle(session: Session, account_id: str, upto: int, of: tuple[Delivery, ...], to: Delivery, now: datetime) -> int:
    changed = session.execute(
        update(Outbox)
        .where(Outbox.account_id == account_id, Outbox.seq > 0, Outbox.seq <= upto, Outbox.status.in_(of))
        .values(status=to, settled_at=now)
        .returning(Outbox.id)
    )
    return len(changed.all())


def fetch(session: Session, channel: str, key: str, now: datetime) -> list[Reply]:
    """Notices of an account that were not shown yet, oldest first; they count as seen."""
    account = session.execute(
        select(Account).where(Account.channel == channel, Account.key == key).with_for_update(key_share=True)
    ).scalar()  # fmt: skip
    if account is None:
        return []
    return _take(session, account, now)


def fetch_page(session: Session, person_id: str, now: datetime) -> list[Reply]:
    """Notices that went to somebody's web chat and that no page has shown yet, oldest first; they count as seen. For a
    channel that is only there while somebody writes, so that they hear there what came in meanwhile."""
    pages = select(Account).where(Account.person_id == person_id, Account.channel == PULL)
    found: list[Reply] = []
    for account in session.execute(pages.order_by(Account.id).with_for_update(key_share=True)).scalars():
        found += _take(session, account, now)
    return found


def _take(session: Session, account: Account, now: datetime) -> list[Reply]:
    statement = select(Outbox).where(Outbox.account_id == account.id, Outbox.status == Delivery.ready)
    rows = list(session.execute(statement.order_by(Outbox.seq)).scalars())
    replies = [unpack(seal_of(session).open(f"outbox.body:{row.id}", row.body))[0] for row in rows]
    if rows:
        note_seen(session, account.id, rows[-1].seq, now)
    return replies
