"""Which file a reader may open: one's own, or one of a ticket that one may see, as far as its proof may be looked at."""

from __future__ import annotations

from sqlalchemy import select

from handlers import access, proofs
from handlers.turn import Turn
from models.message import Upload
from models.outbox import Attachment
from models.person import Account
from models.ticket import Ticket


def open_file(turn: Turn, file_id: str) -> Upload | None:
    """A file that the speaker may open; None for one that is not there and for one that is not for these eyes.

    A proof is for whoever decides first (`proofs.may_open`), wherever its address was found; that staff open a file of a
    ticket is written down (audit).
    """
    if turn.account is None:
        return None
    row = turn.session.get(Attachment, file_id)
    if row is None:
        return None
    if not _is_own(turn, row):
        ticket = _seen(turn, row.ticket_id)
        if ticket is None or not proofs.may_open(turn, ticket):
            return None
        proofs.opened(turn, ticket, row.id)
    return Upload(id=row.id, name=row.name, kind=row.kind, size=row.size)


def _is_own(turn: Turn, row: Attachment) -> bool:
    if turn.account is not None and row.account_id == turn.account.id:
        return True
    account = turn.session.get(Account, row.account_id)
    return turn.person is not None and account is not None and account.person_id == turn.person.id


def _seen(turn: Turn, ticket_id: str | None) -> Ticket | None:
    """The ticket of a file, where the speaker may see it."""
    if ticket_id is None:
        return None
    visible = access.visible(turn.session, turn.person, turn.now)
    return turn.session.execute(select(Ticket).where(Ticket.id == ticket_id, visible)).scalar()
