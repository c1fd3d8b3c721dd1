"""The shapes in which other systems read tickets and items: what the API answers with, and what its document declares."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

StatusName = Literal["new", "in_progress", "waiting", "resolved", "closed"]
ResolutionName = Literal["answered", "approved", "refused", "withdrawn", "duplicate", "expired"]


class Record(BaseModel):
    """What all shapes share: nothing in them that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Title(Record):
    """A name in both languages."""

    zh: str
    en: str


class Who(Record):
    """A person, by the school's own number."""

    number: str
    name: str


class Which(Record):
    """The item that a ticket belongs to."""

    slug: str
    title: Title


class Ticket(Record):
    """A ticket as a list shows it. owed_at: by when staff must act; overdue: that this instant is over."""

    number: str
    rev: int
    status: StatusName
    resolution: ResolutionName | None
    item: Which
    office: str | None = Field(description="The code of the item's office; null where the student's own staff answer.")
    requester: Who | None
    assignee: Who | None
    priority: str
    private: bool
    opened_at: datetime
    updated_at: datetime
    owed_at: datetime | None
    back_at: datetime | None
    overdue: bool


class Answer(Record):
    """One answer of the form: as it is sent (`value`, null for files) and as people read it (`said`)."""

    key: str
    label: str
    value: JsonValue
    said: str


class Happened(Record):
    """One step of a ticket's course. words: null where there are none, and where they are sealed.

    audience: "staff" for what the student must not be shown.
    """

    rev: int
    at: datetime
    kind: str
    said: str
    words: str | None
    by: Who | None
    to: Who | None
    audience: Literal["all", "staff"]


class Check(Record):
    """A line of a ticket's checklist: by its place it is ticked. words: null where they are sealed."""

    place: int
    words: str | None
    required: bool
    done: bool


class Promised(Record):
    """One limit that is still owed."""

    target: str
    due_at: datetime


class WholeTicket(Ticket):
    """A ticket with its answers and its course, the newest 100 steps of it.

    withheld: the fields whose answers are sealed and never leave by the API. older: ask with before=older for the steps
    before these, null where there are none. verbs: what this token may do with it now.
    """

    answers: tuple[Answer, ...]
    withheld: tuple[str, ...]
    course: tuple[Happened, ...]
    checklist: tuple[Check, ...]
    older: int | None
    limits: tuple[Promised, ...]
    verbs: tuple[str, ...]


class Tickets(Record):
    """One page of tickets, the newest first. next: the cursor of the page behind it, null on the last one."""

    tickets: tuple[Ticket, ...]
    next: str | None


class Item(Record):
    """A service item. opens: whether POST /tickets takes it."""

    slug: str
    version: str
    title: Title
    about: Title | None
    office: str | None
    opens: bool


class Items(Record):
    """Every item that students are offered."""

    items: tuple[Item, ...]


class WholeItem(Item):
    """A service item with its promises as they are written ("4h", working time unless it says otherwise), and its form.

    form: the JSON Schema of `answers` in POST /tickets. withheld: fields that this token can neither send nor read.
    """

    respond: str
    resolve: str | None
    form: dict[str, Any]
    withheld: tuple[str, ...]
