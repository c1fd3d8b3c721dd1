"""The ticket: one tracked request, its statuses, and the events, signatures and sealed answers that belong to it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import ID_LENGTH, Base


class Status(StrEnum):
    """Where a ticket stands. A pending signature is an Approval row, not a status."""

    new = "new"
    in_progress = "in_progress"
    waiting = "waiting"
    resolved = "resolved"
    closed = "closed"


class Resolution(StrEnum):
    """How a ticket ended."""

    answered = "answered"
    approved = "approved"
    refused = "refused"
    withdrawn = "withdrawn"
    duplicate = "duplicate"
    expired = "expired"


TRANSITIONS: Final[dict[Status, frozenset[Status]]] = {
    Status.new: frozenset({Status.in_progress, Status.waiting, Status.resolved, Status.closed}),
    Status.in_progress: frozenset({Status.waiting, Status.resolved, Status.closed}),
    Status.waiting: frozenset({Status.in_progress, Status.resolved, Status.closed}),
    Status.resolved: frozenset({Status.closed, Status.in_progress}),
    Status.closed: frozenset({Status.in_progress}),
}
OPEN: Final = (Status.new, Status.in_progress, Status.waiting)
# The same for indexes and for queries that are to use them: SQLite wants the very words.
IS_OPEN: Final = "status in ('new', 'in_progress', 'waiting')"
IS_HANDED: Final = "handed_path is not null"
IS_MERGED: Final = "kept_id is not null"
IS_ASKED: Final = "to_id is not null and decision = ''"


class BadTransition(Exception):
    """A verb tried a change of status that the table does not allow: a bug, since verbs refuse first."""


class Ticket(Base):
    """One tracked request with a life of its own.

    path: where it stands in the grid (of the tree that its item names, or its office's): who may see it and where
    silence climbs. handed_path: the area of whoever works on it, once it was handed beyond path; the two see it then.
    kept_id: the ticket that goes on in its place, of a duplicate. version: the item's version that it was opened under. rev grows with every event, and buttons
    carry it. private: only who answers for it may see it, whatever leads above. recused: somebody is kept out of it, as
    rows of models.recusal say. priority is one of
    models.promise.PRIORITIES. due_at is the one instant at which something must happen next; back_at is when the
    student is expected; owed_at is by when staff must act, None while
    they owe nothing: lists are ordered by it.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        Index(
            "ix_ticket_due_at",
            "due_at",
            sqlite_where=text("due_at is not null"),
            postgresql_where=text("due_at is not null"),
        ),
        Index("ix_ticket_requester_id_opened_at", "requester_id", "opened_at"),
        Index("ix_ticket_assignee_id_status", "assignee_id", "status"),
        Index("ix_ticket_path_id", "path", "id"),
        # Of open tickets only, so that lists stay as quick however many have ended.
        Index("ix_ticket_owed_at", "owed_at", "id", sqlite_where=text(IS_OPEN), postgresql_where=text(IS_OPEN)),
        Index(
            "ix_ticket_path_owed_at",
            "path",
            "owed_at",
            "id",
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
        Index("ix_ticket_owner_id", "owner_id", sqlite_where=text(IS_OPEN), postgresql_where=text(IS_OPEN)),
        Index("ix_ticket_handed_path", "handed_path", sqlite_where=text(IS_HANDED), postgresql_where=text(IS_HANDED)),
        Index("ix_ticket_kept_id", "kept_id", sqlite_where=text(IS_MERGED), postgresql_where=text(IS_MERGED)),
        CheckConstraint("status in ('new', 'in_progress', 'waiting', 'resolved', 'closed')", name="status"),
        CheckConstraint("(status in ('resolved', 'closed')) = (resolution is not null)", name="resolution"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    service: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(16))
    requester_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    assignee_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    path: Mapped[str] = mapped_column(ForeignKey("grid.path"))
    handed_path: Mapped[str | None] = mapped_column(String(200))
    kept_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    status: Mapped[str] = mapped_column(String(16), default=Status.new)
    resolution: Mapped[str | None] = mapped_column(String(16))
    private: Mapped[bool] = mapped_column(default=False)
    recused: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    priority: Mapped[str] = mapped_column(String(8), default="normal", server_default=text("'normal'"))
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    back_at: Mapped[datetime | None]
    owed_at: Mapped[datetime | None]
    rev: Mapped[int] = mapped_column(default=0)

    def move(self, to: Status, resolution: Resolution | None = None) -> None:
        """Change the status by the table of transitions; the only place that assigns it.

        A ticket that ends carries a resolution (kept from before when none is given), one that goes on carries none.
        """
        if to != self.status and to not in TRANSITIONS[Status(self.status)]:
            message = f"{self.status} → {to}"
            raise BadTransition(message)
        self.status = to
        self.resolution = (resolution or self.resolution) if to in (Status.resolved, Status.closed) else None

    def put_back(self, to: Status) -> None:
        """Change the status back to what it was before a decision that is taken back: a transition the other way.

        Only an open status can be come back to, so no resolution is left.
        """
        if to not in OPEN or (to != self.status and Status(self.status) not in TRANSITIONS[to]):
            message = f"{to} ← {self.status}"
            raise BadTransition(message)
        self.status = to
        self.resolution = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes something."""
        return self.status in OPEN


class Event(Base):
    """What happened to a ticket, in the past tense; also the memory of every reminder that was sent.

    audience: who may read it, "all" (the student too) or "staff". words are plain text; sealed holds them instead
    where the item is sensitive. key names a limit's step ("respond:0:1"), so that it happens once; of a decision it says
    how the ticket stood before, of a correction what became of what (models/correction.py).
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_ticket_id_rev", "ticket_id", "rev", unique=True),
        Index(
            "ix_event_to_id",
            "to_id",
            "ticket_id",
            sqlite_where=text("to_id is not null"),
            postgresql_where=text("to_id is not null"),
        ),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    rev: Mapped[int]
    kind: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime]
    by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    audience: Mapped[str] = mapped_column(String(8), default="all")
    key: Mapped[str] = mapped_column(String(48), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class Approval(Base):
    """One line of a ticket's chain: a signature that it needs or a copy that it sends, the role, and what was decided.

    step: its turn in the chain; lines of one step stand side by side, and mode says whether all of them decide or any
    one. place: which of the item's signatures it is. kind: "inform" is a copy without a decision (备案). to_id: whom it
    is asked of, once it is its turn. rev, decided_rev and void_rev are the ticket's revisions from which it was in force,
    decided, and in force no more: a chain that is planned anew or sent back keeps what it was before.
    """

    __tablename__ = "approval"
    __table_args__ = (
        Index("ix_approval_ticket_id_step", "ticket_id", "step"),
        Index("ix_approval_to_id", "to_id", sqlite_where=text(IS_ASKED), postgresql_where=text(IS_ASKED)),
        CheckConstraint("kind in ('sign', 'inform')", name="kind"),
        CheckConstraint("mode in ('all', 'any')", name="mode"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"))
    step: Mapped[int]
    place: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    role: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(8), default="sign", server_default=text("'sign'"))
    mode: Mapped[str] = mapped_column(String(4), default="all", server_default=text("'all'"))
    to_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    decision: Mapped[str] = mapped_column(String(8), default="")  # "" | signed | refused | informed | spared
    decided_at: Mapped[datetime | None]
    rev: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    decided_rev: Mapped[int | None]
    void_rev: Mapped[int | None]


class SealedAnswer(Base):
    """The answer to a sensitive field, apart from the others and unreadable without the keys."""

    __tablename__ = "sealed_answer"
    __table_args__ = (Index("ix_sealed_answer_ticket_id", "ticket_id"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"))
    field: Mapped[str] = mapped_column(String(32))
    value: Mapped[bytes] = mapped_column(LargeBinary)


class Counter(Base):
    """The last number given in a series, such as QJ-2606."""

    __tablename__ = "counter"

    series: Mapped[str] = mapped_column(String(24), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
