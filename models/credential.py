"""How staff get into the console: passwords and second factors, signed-in browsers, one-time links, counted tries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Credential(Base):
    """What a member of staff proves with who he is.

    password: Argon2id in its own notation, "" while there is none. totp: the shared secret, sealed; None without a
    second factor. totp_step: the 30-second step of the newest code that was taken, so that none is taken twice.
    recovery: keyed hashes of the recovery codes that are left.
    """

    __tablename__ = "credential"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    password: Mapped[str] = mapped_column(String(160), default="")
    totp: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_step: Mapped[int] = mapped_column(default=0)
    recovery: Mapped[list[Any]] = mapped_column(default=list)
    changed_at: Mapped[datetime]


class Seat(Base):
    """A browser that is signed in to the console, or on its way; the id is a hash of its cookie.

    step: what it must do next: "code" (say the second factor), "enrol" (set one up), "password" (choose one), or ""
    when it is in. until_at moves while it is used; ends_at never does. secret: of an authenticator being set up, sealed.
    """

    __tablename__ = "seat"
    __table_args__ = (CheckConstraint("step in ('', 'code', 'enrol', 'password')", name="step"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    step: Mapped[str] = mapped_column(String(8), default="")
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    until_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Entrance(Base):
    """A one-time link into the console, kept as a keyed hash; kind "enter" signs in, "password" sets the first one."""

    __tablename__ = "entrance"
    __table_args__ = (CheckConstraint("kind in ('enter', 'password')", name="kind"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    until_at: Mapped[datetime]


class Attempt(Base):
    """How often a number, an address or a person's second factor was tried; the id is a keyed hash, so no address is kept.

    until_at: nothing more is tried before. forget_at: from then on the count begins anew.
    """

    __tablename__ = "attempt"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    until_at: Mapped[datetime]
    forget_at: Mapped[datetime]
