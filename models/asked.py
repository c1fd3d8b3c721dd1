"""What was asked of the guides: how often each answer was given and what came of it, and questions that found none."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import LargeBinary, String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import ID_LENGTH, Base
from models.db import seal_of

KINDS: Final = ("told", "helped", "form", "person", "first")
MOST: Final = 2_000  # questions without an answer that are kept: what comes beyond it is counted and not written down
KEPT: Final = timedelta(days=90)  # since such a question was last asked


class GuideCount(Base):
    """How often something became of an answer on a day: a number, and nothing of who asked.

    guide: "FILE/KEY" or "ITEM/KEY" of a guide, "rule:ITEM/ASPECT" of an answer from the rules. kind: "told" it was the
    answer, "helped" the student said so, "form" went on to the form, "person" asked a person, "first" it stood before a form.
    """

    __tablename__ = "guide_count"

    on: Mapped[str] = mapped_column(String(10), primary_key=True)
    guide: Mapped[str] = mapped_column(String(120), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    count: Mapped[int]


class Unanswered(Base):
    """A question that found no answer: its words, masked and sealed, and how often it was asked.

    id: a blind index of the words, so that the same question is one row, and no time of writing stands in it.
    """

    __tablename__ = "unanswered"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    words: Mapped[bytes] = mapped_column(LargeBinary)
    count: Mapped[int]
    last_on: Mapped[str] = mapped_column(String(10), index=True)


_MAKE: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def _make(session: Session) -> Any:
    return _MAKE[session.get_bind().dialect.name]


def count(session: Session, guide: str, kind: str, on: date) -> None:
    """Add one to a day's number."""
    new = _make(session)(GuideCount).values(on=on.isoformat(), guide=guide[:120], kind=kind, count=1)
    more = {"count": GuideCount.count + 1}
    session.execute(new.on_conflict_do_update(index_elements=["on", "guide", "kind"], set_=more))


def note(session: Session, words: str, on: date) -> None:
    """Write down a question without an answer, or add one to it; the words are masked already."""
    seal = seal_of(session)
    row_id = seal.index("unanswered.words", words)[:ID_LENGTH]
    there = session.execute(select(Unanswered.id).where(Unanswered.id == row_id)).first()
    if there is None and len(session.execute(select(Unanswered.id).limit(MOST)).all()) >= MOST:
        return
    value = seal.close(f"unanswered.words:{row_id}", words)
    new = _make(session)(Unanswered).values(id=row_id, words=value, count=1, last_on=on.isoformat())
    more = {"count": Unanswered.count + 1, "last_on": on.isoformat()}
    session.execute(new.on_conflict_do_update(index_elements=["id"], set_=more))
