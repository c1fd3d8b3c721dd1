"""The rows of the inbox: what identifies a ticket, how it stands, and by when something is owed; nothing sealed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Text, bindparam, cast, func, select
from sqlalchemy.orm import aliased

from handlers import lists, wording
from handlers.turn import Turn
from models.db import plain
from models.grid import Grid
from models.item import Item
from models.person import Person
from models.sorting import Tag
from models.ticket import OPEN, Approval, Status, Ticket

MOST_SAID: Final = 40  # characters of a text answer in a row
MOST_KEPT: Final = 8_192  # beginnings of answers that are kept as they were drawn
APART: Final = "\x1f"  # no tag holds it
_ASKED, _WORKS = aliased(Person), aliased(Person)
# With the row itself, since a statement of their own for all rows costs more than looking up each.
_TAGS: Final = (
    select(func.aggregate_strings(Tag.name, APART))
    .where(Tag.ticket_id == Ticket.id)
    .correlate(Ticket)
    .scalar_subquery()
)
_ROWS: Final = (
    select(
        Ticket.id, Ticket.number, Ticket.service, Ticket.version, Ticket.status, Ticket.resolution, Ticket.private,
        cast(Ticket.answers, Text).label("answers"), Ticket.opened_at, Ticket.owed_at, Ticket.back_at, Ticket.rev, Ticket.assignee_id,
        _ASKED.name, _ASKED.name_en, _ASKED.number.label("student_number"),
        _WORKS.name.label("works"), _WORKS.name_en.label("works_en"),
        Grid.name.label("place"), Grid.name_en.label("place_en"), Ticket.priority, _TAGS.label("tags"),
    )
    .outerjoin(_ASKED, _ASKED.id == Ticket.requester_id)
    .outerjoin(_WORKS, _WORKS.id == Ticket.assignee_id)
    .outerjoin(Grid, Grid.path == _ASKED.academic_path)
    .where(Ticket.id.in_(bindparam("ids", expanding=True)))
)  # fmt: skip
_SIGNED: Final = (
    select(Approval.ticket_id, Approval.decision, Person.name, Person.name_en)
    .outerjoin(Person, Person.id == Approval.person_id)
    .where(
        Approval.ticket_id.in_(bindparam("ids", expanding=True)), Approval.void_rev.is_(None), Approval.kind == "sign"
    )
    .where(Approval.decision != "spared")
    .order_by(Approval.ticket_id, Approval.step, Approval.decided_at)
)


class Row(NamedTuple):
    """One ticket of a list, in words of the reader's language. late: that and how long it is overdue, "" when it is not.

    owed: by when something is owed, "" for nothing. who: who works on it; with_whom says so in a sentence. about: its dates, or the first of what was answered.
    priority: its word where it is not the usual one. tags: what staff call it among themselves.
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
    priority: str
    tags: tuple[str, ...] = ()

    @property
    def pick(self) -> str:
        """The ticket as a form names it: its id and the revision that was looked at."""
        return f"{self.id}.{self.rev}"


def of(turn: Turn, ids: Sequence[str]) -> tuple[Row, ...]:
    """The rows of tickets in the order of their ids; whoever calls has asked access about them."""
    if not ids:
        return ()
    link = plain(turn.session)
    found: dict[str, Any] = {row[0]: row for row in link.execute(_ROWS, {"ids": list(ids)}).all()}
    steps: dict[str, list[Any]] = {}
    for step in link.execute(_SIGNED, {"ids": list(ids)}).all():
        steps.setdefault(step[0], []).append(step)
    nobody = turn.say("inbox.nobody")
    return tuple(_row(turn, found[each], steps.get(each, []), nobody) for each in ids if each in found)


def _row(turn: Turn, row: Any, steps: list[Any], nobody: str) -> Row:
    (
        id_, number, service, version, status, _, private, answers, opened_at, owed_at, back_at, rev, assignee_id,
        name, name_en, student_number, works, works_en, place, place_en, priority, tagged,
    ) = row  # fmt: skip
    english = turn.lang == "en"
    item = turn.school.catalogue.item(turn.session, service, version)
    late = ""
    if owed_at is not None and owed_at < turn.now:
        is_away = back_at is not None and status == Status.waiting
        late = turn.say("inbox.not_back" if is_away else "inbox.late", late=lists.lasting(turn, turn.now - owed_at))
    who = ((works_en if english else "") or works or "") if assignee_id else ""
    return Row(
        id=id_,
        rev=rev,
        number=number,
        service=service,
        title=item.title.to(turn.lang),
        student=(name_en if english else "") or name or "",
        student_number=student_number or "",
        place=(place_en if english else "") or place or "",
        about=_about(turn, item, version, answers),
        status=status,
        said=_said(turn, row, steps, who),
        owed_at=owed_at,
        owed=wording.owed(owed_at, turn.now, turn.lang, turn.school.zone),
        late=late,
        who=who,
        with_whom=turn.say("inbox.by", name=who) if who else nobody,
        opened_at=opened_at,
        private=private,
        to_sign=status in OPEN and back_at is None and any(not step[1] for step in steps),
        priority=turn.say(f"priority.{priority}") if priority != "normal" else "",
        tags=tuple(sorted(tagged.split(APART))) if tagged else (),
    )


def _said(turn: Turn, row: Any, steps: list[Any], who: str) -> str:
    """How a ticket stands: as on its card for staff (handlers/cards.py), without a query for each."""
    if row.resolution and row.status not in OPEN:
        item = turn.school.catalogue.items.get(row.service)
        return turn.say(wording.ended(row.status, row.resolution, signed=item is None or bool(item.approval)))
    if row.status == Status.waiting:
        return turn.say("state.waiting_return" if row.back_at else "state.waiting_staff")
    given = [step for step in steps if step.decision]
    if given and len(steps) > 1:
        last = given[-1]
        by = (last.name_en if turn.lang == "en" else "") or last.name or ""
        return turn.say("state.signed", by=by, name=who or turn.say("card.nobody"))
    return turn.say("state.new_staff" if row.status == Status.new else f"state.{row.status}")


# What was drawn of the answers, by all that it depends on; a list is looked at again and again.
_DRAWN: Final[dict[tuple[object, ...], str]] = {}


def _about(turn: Turn, item: Item, version: str, stored: str) -> str:
    """The dates of a matter and what was chosen first, else the beginning of what was written; never what is sealed."""
    key = (item.slug, version, stored, turn.lang, turn.today, turn.school.zone)
    drawn = _DRAWN.get(key)
    if drawn is None:
        if len(_DRAWN) >= MOST_KEPT:
            _DRAWN.clear()
        drawn = _DRAWN[key] = _draw(turn, item, json.loads(stored))
    return drawn


def _draw(turn: Turn, item: Item, answers: dict[str, Any]) -> str:
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
