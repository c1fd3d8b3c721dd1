"""Which message of a platform shows which card: to change it in place, and to know what a quotation means."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import bindparam, literal, literal_column, select
from sqlalchemy.orm import Session

from models.db import plain, seal_of
from models.message import Reply, unpack
from models.outbox import Outbox
from models.seal import WrongKey

MOST_REF = 32
_SHOWN: Final = (  # the newest last
    select(Outbox.account_id, Outbox.card, Outbox.ref)
    .where(
        Outbox.account_id.in_(bindparam("accounts", expanding=True)), Outbox.ref != "",
        Outbox.card != literal_column("''"),  # Written as it stands, since only then SQLite takes the index of cards.
        Outbox.card.in_(bindparam("cards", expanding=True)),
    )
    .order_by(Outbox.settled_at)
)  # fmt: skip


def newest_of(session: Session, cards: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What the platform calls the newest message to each account that shows a card, by (account, card)."""
    if not cards:
        return {}
    accounts, keys = {account for account, _ in cards}, {card for _, card in cards}
    rows = plain(session).execute(_SHOWN, {"accounts": sorted(accounts), "cards": sorted(keys)})
    return {(account, card): ref for account, card, ref in rows if (account, card) in cards}


def is_other_card(session: Session, account_id: str, ref: str, newest_ref: str) -> bool:
    """Whether a message shows a card, and not the one that the message newest_ref shows."""
    if not ref or ref == newest_ref:
        return False
    statement = select(Outbox.id).where(Outbox.account_id == account_id, Outbox.ref == ref, Outbox.card != "")
    return session.execute(statement.limit(1)).first() is not None


def quoted(session: Session, account_id: str, ref: str) -> str:
    """The number of the ticket whose card a message showed, also as one of several parts, "" for a message without one."""
    reply = _reply(session, account_id, ref) or _reply(session, account_id, ref, is_part=True)
    return reply.card.ticket if reply is not None and reply.card is not None else ""


def words_beside(session: Session, account_id: str, ref: str) -> str | None:
    """What a message said beside its card; None when it is not known any more."""
    reply = _reply(session, account_id, ref)
    return None if reply is None else reply.text


def _reply(session: Session, account_id: str, ref: str, *, is_part: bool = False) -> Reply | None:
    """is_part: the message is not the last one of its reply, under which the platform's other numbers stand."""
    found = Outbox.ref == ref[:MOST_REF]
    if is_part:
        found = (literal(" ") + Outbox.refs + " ").contains(f" {ref[:MOST_REF]} ", autoescape=True)
    statement = select(Outbox).where(Outbox.account_id == account_id, found, Outbox.card != "")
    row = session.execute(statement.order_by(Outbox.settled_at.desc()).limit(1)).scalar()
    if row is None:
        return None
    try:
        return unpack(seal_of(session).open(f"outbox.body:{row.id}", row.body))[0]
    except (WrongKey, ValueError, IndexError):
        return None
