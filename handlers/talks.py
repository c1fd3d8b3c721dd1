"""What is half said: the open forms of a person, the words not understood so far, an order that waits for its reason."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam, insert, select, update

from handlers.turn import Turn
from models.db import plain, seal_of
from models.dialogue import Dialogue


class Shape(BaseModel):
    """A part of a dialogue; unknown keys of an older version are dropped, missing ones take their defaults."""

    model_config = ConfigDict(extra="ignore")


class Heard(Shape):
    """A time in the first sentence that is not certain: readings to choose from and why, a start without an end, a length
    without a start (days or hours), or the text that says why it cannot be (said)."""

    offer: list[Any] = Field(default_factory=list)
    because: str = ""
    partial: str = ""
    timed: bool = True
    days: float = 0
    hours: float = 0
    said: str = ""


class Draft(Shape):
    """One half-filled form.

    asking: the key of the field that was asked, or "confirm" (the summary is shown) or "change" (which answer to
    change). partial: the start of a span whose end is still asked; timed: whether that start has a clock. offer: times
    to choose from; because: why they are asked about. heard: a doubtful time that waits for its question. held: words
    that are either an answer or another wish. misses: how often in a row nothing was understood; unheard: the words of that.
    days, hours: a length said before its start. was: the answer that is being changed, as it stood. value: what an
    answer is to be, while it is asked which one. lean: which end of that time is asked for, "start" or "end". told: the number of the ticket that says what was not understood here.
    shelved: it is left until the student goes on with it. by: the person who filled it in for the student. changes: the number of the matter whose answers it changes.
    said: the options whose own words were said. gone: it was said that the time is over. people: of a list that is asked for those
    who are sure (their numbers). typed: what stands in a page's inputs, by their names, where it is no
    answer yet.
    """

    service: str
    answers: dict[str, Any] = Field(default_factory=dict)
    asked: list[str] = Field(default_factory=list)
    asking: str = ""
    changing: bool = False
    partial: str = ""
    timed: bool = True
    offer: list[Any] = Field(default_factory=list)
    because: str = ""
    heard: Heard | None = None
    held: str = ""
    misses: int = 0
    unheard: list[str] = Field(default_factory=list)
    days: float = 0
    hours: float = 0
    was: dict[str, Any] = Field(default_factory=dict)
    value: str = ""
    lean: str = ""
    told: str = ""
    shelved: bool = False
    by: str = ""
    changes: str = ""
    said: list[str] = Field(default_factory=list)
    gone: bool = False
    people: list[str] = Field(default_factory=list)
    typed: dict[str, str] = Field(default_factory=dict)

    @property
    def asks_about(self) -> bool:
        """Whether it was asked last if it is about somebody of staff (handlers/form_about.py)."""
        return self.asking == "about"

    def settle(self) -> None:
        """Forget what hung on the question that was open: offers, half an answer, words that were not understood."""
        self.partial, self.offer, self.held, self.value, self.misses, self.unheard = "", [], "", "", 0, []
        self.lean = ""
        self.days, self.hours, self.was, self.changing = 0, 0, {}, False


class Order(Shape):
    """A verb that waits for its words: the reason of a refusal, the text of a reply. words: what was said with it already."""

    verb: str
    ticket: str
    words: str = ""


class Kept(Shape):
    """Words that wait to be told what they are for (handlers/kept_words.py).

    ask: what was asked of them: "fill" (are they what was asked for on the ticket?), "change" (is it to be changed so, or are
    they to be added?) or "closed" (does the ended one go on?). slug: the service that they may begin. at: the revision of
    the turn that asked; told: how often it was said since that they wait.
    """

    ask: str
    ticket: str
    words: str
    slug: str = ""
    at: int = 0
    told: int = 0


class Asked(Shape):
    """A question that was just answered, or had no answer: its words, by which the answer is counted ("" none), and the
    revision that its buttons carry."""

    words: str
    guide: str = ""
    rev: int = 0


class Offers(Shape):
    """What an answer offered that is still understood when its label is typed later (handlers/older_offers.py): [label, send]
    each, and the revision of the turn after that answer."""

    choices: list[list[str]] = Field(default_factory=list)
    at: int = 0


class Talk(Shape):
    """Everything half said by one person; the last draft is the one on top, those below it are parked.

    kept: words about a ticket that wait for an answer, the newest last. files: what was sent with these or the unheard words. stored: it has a row. began_empty: nothing was half said when the turn began.
    """

    drafts: list[Draft] = Field(default_factory=list)
    order: Order | None = None
    consult: bool = False
    consult_to: str = ""  # for whom the words are that consult waits for, "" for whoever answers
    consult_about: str = ""  # the number of the matter that these words are about
    unheard: list[str] = Field(default_factory=list)
    files: list[str] = Field(default_factory=list)
    kept: list[Kept] = Field(default_factory=list)
    asked: Asked | None = None
    puzzled_at: int = 0  # the revision at which words of unheard were last not understood
    beside: Kept | None = None  # said with a verb of staff's that named no matter, for the very next press
    offers: Offers | None = None
    listening: bool = False  # after a cry for help words go to whoever answers, until something else is wanted
    rev: int = 0
    stored: bool = Field(default=False, exclude=True)
    began_empty: bool = Field(default=True, exclude=True)

    @property
    def draft(self) -> Draft | None:
        """The form on top."""
        return self.drafts[-1] if self.drafts else None

    def kept_for(self, ticket_id: str) -> Kept | None:
        """The newest words that wait on a ticket."""
        return next((each for each in reversed(self.kept) if each.ticket == ticket_id), None)

    def take(self, ticket_id: str) -> str:
        """The newest words that wait on a ticket, which wait no more; "" for none."""
        found = self.kept_for(ticket_id)
        self.kept = [each for each in self.kept if each is not found]
        return found.words if found is not None else ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is half said."""
        said = self.unheard or self.kept or self.beside or self.asked or self.offers
        return not (self.drafts or self.order or self.consult or said or self.listening)


_ROW = Dialogue.__table__.c
_SEEN = select(_ROW.rev, _ROW.body).where(_ROW.holder == bindparam("who"))
_HELD = _SEEN.with_for_update()
_INSERT = insert(Dialogue.__table__)  # type: ignore[arg-type]
_UPDATE = update(Dialogue.__table__).where(_ROW.holder == bindparam("who"))  # type: ignore[arg-type]


def load(turn: Turn) -> Talk:
    """What the speaker has half said, under the revision that this turn's buttons will carry."""
    return _read(turn, _HELD)


def peek(turn: Turn) -> Talk:
    """The same, only to be looked at: nothing is locked, so it is not to be saved."""
    return _read(turn, _SEEN)


def _read(turn: Turn, statement: Any) -> Talk:
    row = plain(turn.session).execute(statement, {"who": turn.holder}).first()
    if row is None:
        return Talk(rev=1)
    talk = Talk.model_validate_json(seal_of(turn.session).open(f"dialogue.body:{turn.holder}", row.body))
    talk.rev, talk.stored, talk.began_empty = row.rev + 1, True, talk.is_empty
    talk.beside = talk.beside if talk.beside is not None and talk.beside.at == row.rev else None
    return talk


def save(turn: Turn, talk: Talk) -> None:
    """Keep what is half said; nothing is written for somebody who had nothing to keep and has nothing now."""
    if talk.is_empty and talk.began_empty:
        return
    words = talk.model_dump_json(exclude_defaults=True)
    values = {
        "rev": talk.rev, "at": turn.now, "body": seal_of(turn.session).close(f"dialogue.body:{turn.holder}", words),
    }  # fmt: skip
    if talk.stored:
        plain(turn.session).execute(_UPDATE, {**values, "who": turn.holder})
    else:
        plain(turn.session).execute(_INSERT, {**values, "holder": turn.holder})
