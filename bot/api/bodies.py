"""What the operations on tickets are sent, and what opening one is answered with; each a model that the OpenAPI document shows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, Field

from bot.api.frame import Sent
from handlers.staff import MOST_WORDS
from handlers.views import record_shapes as shapes

MOST_ROWS: Final = 100
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)  # no id begins with an earlier instant
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,47}$")]


class Filter(Sent):
    """Which tickets are listed, how many at most, and behind which cursor."""

    status: Literal["", "open", "new", "in_progress", "waiting", "resolved", "closed"] = ""
    item: Slug | Literal[""] = ""
    office: Slug | Literal[""] = ""
    updated_since: Annotated[AwareDatetime, Field(ge=EPOCH)] | None = None
    overdue: bool | None = None
    limit: int = Field(default=50, ge=1, le=MOST_ROWS)
    cursor: str = Field(default="", max_length=64)


class Before(Sent):
    """The revision before which the course is shown; 0 for its newest steps."""

    before: int = Field(default=0, ge=0, le=2**31 - 1)


class Wish(Sent):
    """A matter to open: for the student with this number. answers: by the item's form (GET /items/{slug})."""

    item: Slug
    student: str = Field(pattern=r"^[0-9A-Za-z._-]{1,32}$")
    answers: dict[str, Any]


class Taking(Sent):
    """Nothing more is said with it: an empty object."""


class Words(Sent):
    """Words that must be there."""

    words: str = Field(min_length=1, max_length=MOST_WORDS)


class Back(Words):
    """A reason, and to which step of the chain it goes back; the one before where none is named."""

    step: int | None = Field(default=None, ge=1, le=9)


class MaybeWords(Sent):
    """Words for the student, or none."""

    words: str = Field(default="", max_length=MOST_WORDS)


class Signing(MaybeWords):
    """Words for the student, or none. confirm: what a 409 asked about before this signature is meant so."""

    confirm: bool = False


class Refusing(Words):
    """The reason that the student reads. confirm: what a 409 asked about before this refusal is meant so."""

    confirm: bool = False


class Handing(MaybeWords):
    """To whom a ticket is handed: the number of a member of staff, or the code of an office."""

    to: str = Field(min_length=1, max_length=64)


class Merging(MaybeWords):
    """Into which ticket another is merged. same: that the two are the same although their places differ."""

    into: str = Field(pattern=r"^[A-Z]{2}-[0-9]{4}-[0-9]{4,8}$")
    same: bool = False


class Opened(shapes.Ticket):
    """A ticket that was opened. help: what a student in distress is to be shown at once, "" otherwise."""

    help: str = ""
