"""What is half said: the open forms of a person, the words not understood so far, an order that waits for its reason."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, select

from handlers.turn import Turn
from models.db import seal_of
from models.dialogue import Dialogue


class Shape(BaseModel):
    """A part of a dialogue; unknown keys of an older version are dropped, missing ones take their defaults."""

    model_config = ConfigDict(extra="ignore")


class Heard(Shape):
    """A time in the first sentence that is not certain: readings to choose from and why, or a start without an end."""

    offer: list[Any] = []
    because: str = ""
    partial: str = ""
    timed: bool = True


class Draft(Shape):
    """One half-filled form.

    asking: the key of the field that was asked, or "confirm" (the summary is shown) or "change" (which answer to
    change). partial: the start of a span whose end is still asked; timed: whether that start has a clock. offer: times
    to choose from; because: why they are asked about. heard: a doubtful time that waits for its question. held: words
    that are either an answer or another wish. misses: how often in a row nothing was understood.
    """

    service: str
    answers: dict[str, Any] = {}
    asked: list[str] = []
    asking: str = ""
    changing: bool = False
    partial: str = ""
    timed: bool = True
    offer: list[Any] = []
    because: str = ""
    heard: Heard | None = None
    held: str = ""
    misses: int = 0


class Order(Shape):
    """A verb that waits for its words: the reason of a refusal, the text of a reply."""

    verb: str
    ticket: str


class Talk(Shape):
    """Everything half said by one person; the last draft is the one on top, those below it are parked."""

    drafts: list[Draft] = []
    order: Order | None = None
    consult: bool = False
    unheard: list[str] = []
    rev: int = 0

    @property
    def draft(self) -> Draft | None:
        """The form on top."""
        return self.drafts[-1] if self.drafts else None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is half said."""
        return not (self.drafts or self.order or self.consult or self.unheard)


_HELD = (
    select(Dialogue).where(Dialogue.holder == bindparam("holder")).with_for_update()
    .execution_options(populate_existing=True)
)  # fmt: skip


def load(turn: Turn) -> Talk:
    """What the speaker has half said, under the revision that this turn's buttons will carry."""
    row = turn.session.execute(_HELD, {"holder": turn.holder}).scalar()
    if row is None:
        return Talk(rev=1)
    talk = Talk.model_validate_json(seal_of(turn.session).open(f"dialogue.body:{row.holder}", row.body))
    talk.rev = row.rev + 1
    return talk


def save(turn: Turn, talk: Talk) -> None:
    """Keep what is half said; nothing is written for somebody who has nothing to keep."""
    row = turn.session.get(Dialogue, turn.holder)
    if row is None:
        if talk.is_empty:
            return
        row = Dialogue(holder=turn.holder)
        turn.session.add(row)
    row.body = seal_of(turn.session).close(f"dialogue.body:{turn.holder}", talk.model_dump_json(exclude_defaults=True))
    row.rev, row.at = talk.rev, turn.now
