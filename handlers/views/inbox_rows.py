"""The rows of the inbox: what identifies a ticket, how it stands, and by when something is owed; nothing sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row as Found
from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from handlers import lists, wording
from handlers.turn import Turn
from models.db import plain
from models.grid import Grid
from models.item import Item
from models.person import Person
from models.ticket import OPEN, Approval, Status, Ticket

MOST_SAID: Final = 40  # characters of a text answer in a row
_ASKED, _WORKS = aliased(Person), aliased(Person)
_ROWS: Final = (
    select(
        Ticket.id, Ticket.number, Ticket.service, Ticket.version, Ticket.status, Ticket.resolution, Ticket.private,
        Ticket.answers, Ticket.opened_at, Ticket.owed_at, Ticket.back_at, Ticket.rev, Ticket.assignee_id,
        _ASKED.name, _ASKED.name_en, _ASKED.number.label("student_number"),
        _WORKS.name.label("works"), _WORKS.name_en.label("works_en"),
        Grid.name.label("place"), Grid.name_en.label("place_en"),
    )
    .outerjoin(_ASKED, _ASKED.id == Ticket.requester_id)
    .outerjoin(_WORKS, _WORKS.id == Ticket.assignee_id)
    .outerjoin(Grid, Grid.path == _ASKED.academic_path)
    .where(Ticket.id.in_(bindparam("ids", expanding=True)))
)  # fmt: skip
_SIGNED: Final = (
    select(Approval.ticket_id, Approval.decision, Person.name, Person.name_en)
    .outerjoin(Person, Person.id == Approval.person_id)
    .where(Approval.ticket_id.in_(bindparam("ids", expanding=True)))
    .order_by(Approval.ticket_id, Approval.step)
)


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket of a list, in words of the reader's language. late: that and how long it is overdue, "" when it is not.

    owed: by when something is owed, "" for nothing. who: who works on it; with_whom says so in a sentence. about: its dates, or the first of what was answered.
    """

    id: str
    rev: int
    number: str
    service: str
    title: str
    student: str
    student_number: str
    place: str
    about: str
    status: str
    said: str
    owed_at: datetime | None
    owed: str
    late: str
    who: str
    with_whom: str
    opened_at: datetime
    private: bool
    to_sign: bool

    @property
    def pick(self) -> str:
        """The ticket as a form names it: its id and the revision that was looked at."""
        return f"{self.id}.{self.rev}"


def of(turn: Turn, ids: Sequence[str]) -> tuple[Row, ...]:
    """The rows of tickets in the order of their ids; whoever calls has asked access about them."""
    if not ids:
        return ()
    link = plain(turn.session)
    found = {row.id: row for row in link.execute(_ROWS, {"ids": list(ids)})}
    steps: dict[str, list[Any]] = {}
    for step in link.execute(_SIGNED, {"ids": list(ids)}):
        steps.setdefault(step.ticket_id, []).append(step)
    return tuple(_row(turn, found[each], steps.get(each, [])) for each in ids if each in found)


def _row(turn: Turn, row: Found[Any], steps: list[Any]) -> Row:
    english = turn.lang == "en"
    item = turn.school.catalogue.item(turn.session, row.service, row.version)
    is_away = row.back_at is not None and row.status == Status.waiting
    late = ""
    if row.owed_at is not None and row.owed_at < turn.now:
        late = turn.say("inbox.not_back" if is_away else "inbox.late", late=lists.lasting(turn, turn.now - row.owed_at))
    who = ((row.works_en if english else "") or row.works or "") if row.assignee_id else ""
    return Row(
        id=row.id,
        rev=row.rev,
        number=row.number,
        service=row.service,
        title=item.title.to(turn.lang),
        student=(row.name_en if english else "") or row.name or "",
        student_number=row.student_number or "",
        place=(row.place_en if english else "") or row.place or "",
        about=_about(turn, item, row.answers),
        status=row.status,
        said=_said(turn, row, steps, who),
        owed_at=row.owed_at,
        owed=wording.soon(row.owed_at, turn.now, turn.lang, turn.school.zone) if row.owed_at is not None else "",
        late=late,
        who=who,
        with_whom=turn.say("inbox.by", name=who) if who else turn.say("inbox.nobody"),
        opened_at=row.opened_at,
        private=row.private,
        to_sign=row.status in OPEN and row.back_at is None and any(not step.decision for step in steps),
    )


def _said(turn: Turn, row: Found[Any], steps: list[Any], who: str) -> str:
    """How a ticket stands: as on its card for staff (handlers/cards.py), without a query for each."""
    if row.resolution and row.status not in OPEN:
        return turn.say(f"state.{row.resolution}")
    if row.status == Status.waiting:
        return turn.say("state.waiting_return" if row.back_at else "state.waiting_staff")
    given = [step for step in steps if step.decision]
    if given and len(steps) > 1:
        last = given[-1]
        by = (last.name_en if turn.lang == "en" else "") or last.name or ""
        return turn.say("state.signed", by=by, name=who or turn.say("card.nobody"))
    return turn.say("state.new_staff" if row.status == Status.new else f"state.{row.status}")


def _about(turn: Turn, item: Item, answers: dict[str, Any]) -> str:
    """The dates of a matter and what was chosen first, else the beginning of what was written; never what is sealed."""
    open_fields = [field for field in item.fields if not field.sensitive and answers.get(field.key) is not None]
    dates = [field for field in open_fields if field.kind in ("span", "date")]
    chosen = [field for field in open_fields if field.kind == "choice"]
    written = [field for field in open_fields if field.kind in ("text", "long")]
    parts = [
        wording.answer(field, answers[field.key], turn.lang, turn.school.zone, turn.today)
        for field in (*chosen[:1], *(dates or written)[:1])
    ]
    if not parts and not item.fields and isinstance(answers.get("words"), str):
        parts = [answers["words"]]
    return " · ".join(part if len(part) <= MOST_SAID else f"{part[:MOST_SAID]}…" for part in parts)
