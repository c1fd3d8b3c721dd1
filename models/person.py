"""People, their accounts on channels, and the browsers that are signed in to an account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import ID_LENGTH, Base


class Person(Base):
    """A student or a member of staff, by the school's own number."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("kind in ('student', 'staff')", name="kind"),
        # Who has left is asked for at every look at an inbox, and the whole school would be looked through.
        Index("ix_person_gone", "kind", sqlite_where=text("active is 0"), postgresql_where=text("active is false")),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    kind: Mapped[str] = mapped_column(String(8))
    lang: Mapped[str] = mapped_column(String(2), default="")
    academic_path: Mapped[str | None] = mapped_column(ForeignKey("grid.path"))
    residential_path: Mapped[str | None] = mapped_column(ForeignKey("grid.path"))
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    guardian_phone: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    active: Mapped[bool] = mapped_column(default=True)

    def path(self, tree: str) -> str | None:
        """Where the person stands in a tree."""
        return self.residential_path if tree == "residential" else self.academic_path


class Account(Base):
    """Somebody on a channel; bound to a person, or not yet.

    seq: the last number given in this account's stream. offered: what the last answer offered, as
    [label, words, press], so that a number or a label picks it. more: what did not fit into the last message, sealed.
    closed: why nothing can be sent there ("blocked", "deactivated", "not_found"), until it writes again.
    """

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("channel", "key"), Index("ix_account_person_id_used_at", "person_id", "used_at"))

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(128))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    lang: Mapped[str] = mapped_column(String(2), default="")
    seq: Mapped[int] = mapped_column(default=0)
    seen: Mapped[int] = mapped_column(default=0)
    offered: Mapped[list[Any]] = mapped_column(default=list)
    more: Mapped[bytes | None] = mapped_column(LargeBinary)
    closed: Mapped[str] = mapped_column(String(16), default="", server_default=text("''"))
    used_at: Mapped[datetime]


class SignIn(Base):
    """A browser that speaks for an account; the id is a hash of its cookie, so the table alone opens nothing."""

    __tablename__ = "signin"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    at: Mapped[datetime]
    until_at: Mapped[datetime]


class Code(Base):
    """A one-time code that binds an account to a person; kept as a keyed hash."""

    __tablename__ = "code"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    until_at: Mapped[datetime]
