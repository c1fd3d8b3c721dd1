"""Which file a reader may open: one's own, or one of a ticket that one may see."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from handlers import access
from models.message import Upload
from models.outbox import Attachment
from models.person import Account, Person
from models.ticket import Ticket


def readable(session: Session, account_id: str, file_id: str, now: datetime) -> Upload | None:
    """A file that the account may open; None for one that is not there and for one that is not for these eyes."""
    account = session.get(Account, account_id)
    if account is None:
        return None
    reader = session.get(Person, account.person_id) if account.person_id else None
    seen = select(Ticket.id).where(access.visible(session, reader, now))
    mine = select(Account.id).where(Account.person_id == account.person_id)  # nobody's accounts where this is null
    row = session.execute(
        select(Attachment).where(
            Attachment.id == file_id,
            or_(
                Attachment.account_id == account.id,
                Attachment.account_id.in_(mine),
                Attachment.ticket_id.in_(seen),
            ),
        )
    ).scalar()
    return Upload(id=row.id, name=row.name, kind=row.kind, size=row.size) if row is not None else None
