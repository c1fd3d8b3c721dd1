"""Who is away from when until when and who stands in; shifts that somebody asks to swap; what was handed over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import ID_LENGTH, Base

REASONS = ("", "leave", "trip", "training", "other")


class Absence(Base):
    """A person is away between two instants; stand_in_id is who acts meanwhile, None for nobody.

    reason is one word of REASONS and never more: why somebody is away is nobody's business here.
    by_id is who entered it: the person, or whoever leads. Coming back early moves until_at.
    """

    __tablename__ = "absence"
    __table_args__ = (
        Index("ix_absence_person_id_until_at", "person_id", "until_at"),
        Index("ix_absence_stand_in_id_until_at", "stand_in_id", "until_at"),
        CheckConstraint("from_at < until_at", name="order"),
        CheckConstraint("stand_in_id <> person_id", name="another"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    stand_in_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(16), default="")
    by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Swap(Base):
    """A shift that its holder (from_id) asks another (to_id) to take, for one of the other's shifts or for none.

    status: asked, accepted, declined or withdrawn. Shifts are let go by imports, so they are named without a foreign key.
    """

    __tablename__ = "swap"
    __table_args__ = (
        Index("ix_swap_shift_id", "shift_id"),
        CheckConstraint("status in ('asked', 'accepted', 'declined', 'withdrawn')", name="status"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    shift_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    return_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    from_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    status: Mapped[str] = mapped_column(String(16), default="asked")
    at: Mapped[datetime]
    decided_at: Mapped[datetime | None]


class Handover(Base):
    """One person's work given to another: who, by whom, when, and what was moved beside tickets, so that it can be undone.

    moved: {"ended": {duty: its former end or null}, "made": [duty], "turned": [duty], "shifts": [shift],
    "absences": [absence]}. A ticket's own event carries the id. done_at and undone_at: when the last batch was through.
    """

    __tablename__ = "handover"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    from_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    to_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    moved: Mapped[dict[str, Any]]
    done_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
