"""What the counselors' desk keeps: filters by name, ready sentences, and decisions whose notices wait a moment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import ID_LENGTH, Base


class SavedFilter(Base):
    """A filter of the inbox that a member of staff keeps under a name; query is the filter as an address carries it."""

    __tablename__ = "saved_filter"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]


class Phrase(Base):
    """A ready sentence that a member of staff keeps for answering, under a name.

    words: with placeholders such as {name}. service, verb: where it is offered; "" everywhere.
    """

    __tablename__ = "phrase"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(String(1000))
    service: Mapped[str] = mapped_column(String(64), default="")
    verb: Mapped[str] = mapped_column(String(16), default="")
    at: Mapped[datetime]


class Postponed(Base):
    """A decision that nobody is told of before tell_at, so that it can be taken back quietly; bulk: one click's."""

    __tablename__ = "postponed"

    event_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"))
    bulk: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    tell_at: Mapped[datetime] = mapped_column(index=True)


def keep_back(session: Session, ticket_id: str, rev: int, accounts: frozenset[str] | None = None) -> int:
    """Take the notices of a ticket's event out of what this unit posts, those to some accounts or (None) all; answers with
    how many those were."""
    posted = session.info.get("posted", [])
    kept = [
        row
        for row in posted
        if (row["ticket_id"], row["event_rev"]) != (ticket_id, rev)
        or (accounts is not None and row["account_id"] not in accounts)
    ]
    gone = len(posted) - len(kept)
    posted[:] = kept
    return gone
