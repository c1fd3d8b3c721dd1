"""A token by which another system (a portal, 教务, a data centre) acts as a member of staff."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import ID_LENGTH, Base


class Token(Base):
    """What a system proves with for whom it speaks; kept as a keyed hash (`digest`), so the table alone opens nothing.

    scope: "read", or "write" for reading and acting. sensitive: whether matters whose words are sealed whole are there
    for it at all. used_at: when it was last used, to the minute. A row stays after its end, since the audit log names it.
    """

    __tablename__ = "token"
    __table_args__ = (
        CheckConstraint("scope in ('read', 'write')", name="scope"),
        Index("ix_token_person_id", "person_id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(32), unique=True)
    digest: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    scope: Mapped[str] = mapped_column(String(8))
    sensitive: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    until_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
