"""Outgoing messages and their fate, and the lease by which one courier speaks for one bot."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, Final

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import ID_LENGTH, Base


class Lane(IntEnum):
    """Classes of messages, the most urgent first."""

    crisis = 0
    interactive = 1
    reminder = 2
    broadcast = 3


class Delivery(StrEnum):
    """The fate of one message. held: perhaps sent, and a person decides; failed: final, by the platform's own word."""

    ready = "ready"
    sending = "sending"
    sent = "sent"
    seen = "seen"
    failed = "failed"
    held = "held"


UNSETTLED: Final = (Delivery.ready, Delivery.sending)


class Outbox(Base):
    """One message to one account. seq is its number in the account's stream; pull marks channels that fetch it.

    fence: the lease under which it was claimed; a late word under an older lease changes nothing. refs: the platform's
    numbers of what arrived so far of a message sent in parts, ref the last of them; pressed: the number of the message
    whose button this answers; card: the key of the card that it shows.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_claim",
            "bot",
            "lane",
            "due_at",
            sqlite_where=text("status = 'ready'"),
            postgresql_where=text("status = 'ready'"),
        ),
        Index(
            "ix_outbox_sending",
            "bot",
            sqlite_where=text("status = 'sending'"),
            postgresql_where=text("status = 'sending'"),
        ),
        Index(
            "ix_outbox_unsettled",
            "account_id",
            "lane",
            "seq",
            sqlite_where=text("status in ('ready', 'sending')"),
            postgresql_where=text("status in ('ready', 'sending')"),
        ),
        Index(
            "ix_outbox_card",
            "account_id",
            "card",
            sqlite_where=text("card <> ''"),
            postgresql_where=text("card <> ''"),
        ),
        Index("ix_outbox_account_id_seq", "account_id", "seq"),
        Index("ix_outbox_ticket_id", "ticket_id"),
        Index("ix_outbox_account_id_ref", "account_id", "ref"),
        CheckConstraint("status in ('ready', 'sending', 'sent', 'seen', 'failed', 'held')", name="status"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    bot: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    seq: Mapped[int]
    lane: Mapped[int]
    status: Mapped[str] = mapped_column(String(8), default=Delivery.ready)
    dedupe_key: Mapped[str] = mapped_column(String(96), unique=True)
    ticket_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    event_rev: Mapped[int | None]
    body: Mapped[bytes] = mapped_column(LargeBinary)  # sealed: the reply
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(64), default="")
    refs: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    ref: Mapped[str] = mapped_column(String(32), default="", server_default=text("''"))
    pressed: Mapped[str] = mapped_column(String(32), default="", server_default=text("''"))
    card: Mapped[str] = mapped_column(String(40), default="", server_default=text("''"))


class Sender(Base):
    """The lease of one bot: who speaks for it, under which fencing number, until when, and when it may speak next.

    lanes: {lane: instant before which it is silent, since the platform asked to wait}. pace: messages a second since
    slowed_at, where the platform asked more than once; it grows back by one a minute.
    """

    __tablename__ = "sender"

    bot: Mapped[str] = mapped_column(String(16), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64), default="")
    fence: Mapped[int] = mapped_column(default=0)
    until_at: Mapped[datetime]
    next_at: Mapped[datetime]
    lanes: Mapped[dict[str, Any] | None]
    pace: Mapped[float | None] = mapped_column(Double)
    slowed_at: Mapped[datetime | None]


class Fired(Base):
    """Once-per-cluster work that was done: a job and the instant that it was due."""

    __tablename__ = "fired"

    job: Mapped[str] = mapped_column(String(32), primary_key=True)
    fire_at: Mapped[datetime] = mapped_column(primary_key=True)


class Attachment(Base):
    """A stored file: where it came from and to which ticket it belongs; the bytes lie in the store under its id."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_ticket_id", "ticket_id"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    ticket_id: Mapped[str | None] = mapped_column(ForeignKey("ticket.id"))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(32))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
