"""The grid: areas of care in trees, who answers for which from when until when, and who is on duty at an hour."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, and_, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import ID_LENGTH, Base

TREES = ("academic", "residential", "office")


class Grid(Base):
    """One area of care: a school, college, class; a community, building, floor; an office.

    path is the codes from the root down, "/SDU/cs/cs2302/": what lies below an area begins with its path.
    phone is the line that whoever is on duty there answers, which anybody may be told.
    """

    __tablename__ = "grid"
    __table_args__ = (CheckConstraint("tree in ('academic', 'residential', 'office')", name="tree"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    tree: Mapped[str] = mapped_column(String(16))
    level: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    path: Mapped[str] = mapped_column(String(200), unique=True)
    phone: Mapped[str] = mapped_column(String(32), default="", server_default=text("''"))

    def ancestors(self) -> list[str]:
        """The paths from this area up to the root, nearest first."""
        parts = self.path.strip("/").split("/")
        return ["/" + "/".join(parts[:count]) + "/" for count in range(len(parts), 0, -1)]


class Duty(Base):
    """A person answers for an area in a role, from–until; `leads` marks who hears when silence climbs to this area."""

    __tablename__ = "duty"
    __table_args__ = (Index("ix_duty_path_role", "path", "role"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    path: Mapped[str] = mapped_column(ForeignKey("grid.path"))
    role: Mapped[str] = mapped_column(String(32))
    leads: Mapped[bool] = mapped_column(default=False)
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]

    @classmethod
    def other_than(cls, roles: Iterable[str]) -> ColumnElement[bool]:
        """The condition that a duty's role is none of these, which are the program's own names: they are written into
        the statement, since a list of parameters is rendered anew with every execution."""
        return and_(*(cls.role != literal_column(f"'{role}'") for role in sorted(roles)))


class Shift(Base):
    """One turn of the duty roster: this person is on duty for this area in this role between two instants."""

    __tablename__ = "shift"
    __table_args__ = (
        Index("ix_shift_path_role_starts_at", "path", "role", "starts_at"),
        Index("ix_shift_person_id_ends_at", "person_id", "ends_at"),
        CheckConstraint("starts_at < ends_at", name="order"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    path: Mapped[str] = mapped_column(ForeignKey("grid.path"))
    role: Mapped[str] = mapped_column(String(32))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
