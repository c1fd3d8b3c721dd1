"""The inbox: what a member of staff may list, view by view with counts, fifty rows a page, the nearest deadline first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, literal, or_, select, tuple_, union_all

from handlers.turn import Turn
from handlers.views import inbox_rows, inbox_search
from handlers.views.inbox_filter import Filter, Place
from handlers.views.inbox_reach import BY_DEADLINE, OPEN_NOW, Reach, of
from handlers.views.inbox_rows import Row
from models.db import plain
from models.grid import Grid
from models.ticket import Event, Status, Ticket

__all__ = ["Area", "Inbox", "Row", "all_ids", "area_of", "fresh", "inbox", "of", "rows_of"]

SIZE: Final = 50
MOST_COUNTED: Final = 999  # a view with more says so, and costs no more
_BY_ID: Final = select(Ticket.owed_at, Ticket.id).where(Ticket.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Area:
    """An area to filter by: its path and its name."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of the inbox. counts: of every view there is for the reader, at most MOST_COUNTED + 1 each.

    following: where the next page begins, None on the last one. searched: how many of the newest tickets words were
    looked for in, 0 where that is all there are.
    """

    rows: tuple[Row, ...]
    counts: dict[str, int]
    areas: tuple[Area, ...]
    following: Place | None
    searched: int = 0


def inbox(turn: Turn, asked: Filter, place: Place | None = None, size: int = SIZE) -> Inbox:
    """One page for the speaker. Refused for whoever is not staff."""
    reach = of(turn)
    ids, has_more = _ids(turn, reach, asked, place, size)
    rows = inbox_rows.of(turn, ids)
    following = None
    if has_more and rows:
        following = Place(rows[-1].owed_at if asked.is_live else None, rows[-1].id)
    searched = inbox_search.WINDOW if asked.words and not asked.number else 0
    return Inbox(rows, _counts(turn, reach), _areas(turn, reach), following, searched)


def rows_of(turn: Turn, ids: list[str]) -> tuple[Row, ...]:
    """The rows of these tickets that the speaker may list, in the order of the ids; what is not for him is left out."""
    reach = of(turn)
    wanted = select(Ticket.id).where(Ticket.id.in_(ids), reach.seen)
    there = set(plain(turn.session).execute(wanted).scalars())
    return inbox_rows.of(turn, [each for each in ids if each in there])


def all_ids(turn: Turn, asked: Filter, most: int) -> tuple[list[str], bool]:
    """The ids of everything that a filter finds, up to a number, and whether there is more: for exports."""
    return _ids(turn, of(turn), asked, None, most)


def fresh(turn: Turn, asked: Filter, after: str) -> int:
    """How many tickets of a view were opened after an id was made; for the bar of new ones."""
    reach = of(turn)
    found = _view(reach, turn, asked, Ticket.id > after).limit(MOST_COUNTED + 1).subquery()
    return int(plain(turn.session).execute(select(func.count()).select_from(found)).scalar_one())


# -- views


def _view(reach: Reach, turn: Turn, asked: Filter, *more: ColumnElement[bool]) -> Select[Any]:
    """The ids of a view with its filters, neither ordered nor limited."""
    conditions = [*more, *_filters(turn, asked)]
    if not asked.is_live:
        if asked.words:
            conditions.append(Ticket.id.in_(inbox_search.found(turn, reach, asked)))
        if asked.view != "all":
            conditions += _conditions(asked.view, reach, turn)
        return reach.past(*conditions)
    hint = "" if asked.view in ("mine", "unassigned") else BY_DEADLINE
    return reach.live(*_conditions(asked.view, reach, turn), *conditions, hint=hint)


def _conditions(view: str, reach: Reach, turn: Turn) -> list[ColumnElement[bool]]:
    """What makes a ticket one of a view's, beside being open."""
    if view == "mine":
        # As in chat: one's own, what nobody has, and what climbed to the reader; not what waits for the student.
        owed = or_(Ticket.status != Status.waiting, Ticket.back_at <= turn.now)
        return [owed, _mine(reach)]
    if view == "today":
        local = turn.now.astimezone(turn.school.zone)
        night = datetime.combine(local.date() + timedelta(days=1), time(), turn.school.zone)
        return [Ticket.owed_at >= turn.now, Ticket.owed_at < night, Ticket.status != Status.waiting]
    if view == "overdue":
        return [Ticket.owed_at < turn.now]
    if view == "waiting":
        return [Ticket.owed_at.is_(None), Ticket.status == Status.waiting]
    if view == "unassigned":
        return [Ticket.assignee_id.is_(None)]
    if view == "classes":
        return [Ticket.path.in_(reach.classes)]
    return []


def _mine(reach: Reach) -> ColumnElement[bool]:
    climbed = and_(Event.to_id == reach.person_id, Event.kind == "escalated")
    if reach.areas is not None:
        told = exists().where(climbed, Event.ticket_id == Ticket.id).correlate(Ticket)
        return or_(Ticket.assignee_id == reach.person_id, Ticket.assignee_id.is_(None), told)
    of_mine = select(Ticket.id).where(Ticket.assignee_id == reach.person_id, OPEN_NOW)
    of_nobody = select(Ticket.id).where(Ticket.assignee_id.is_(None), OPEN_NOW)
    return Ticket.id.in_(union_all(of_mine, of_nobody, select(Event.ticket_id).where(climbed)))


def _filters(turn: Turn, asked: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.status == "open" and not asked.is_live:
        found.append(OPEN_NOW)  # type: ignore[arg-type]
    elif asked.status not in ("open", "any"):
        found.append(Ticket.status == asked.status)
    if asked.item:
        found.append(Ticket.service == asked.item)
    if asked.area:
        found.append(Ticket.path.startswith(asked.area, autoescape=True))
    if asked.since:
        found.append(Ticket.opened_at >= datetime.combine(asked.since, time(), turn.school.zone))
    if asked.until:
        night = datetime.combine(asked.until + timedelta(days=1), time(), turn.school.zone)
        found.append(Ticket.opened_at < night)
    return found


# -- one page


def _ids(turn: Turn, reach: Reach, asked: Filter, place: Place | None, size: int) -> tuple[list[str], bool]:
    """The ids of a page in order, and whether there are more."""
    link = plain(turn.session)
    if not asked.is_live:
        behind = [] if place is None else [Ticket.id < place.id]
        statement = _view(reach, turn, asked, *behind).order_by(Ticket.id.desc()).limit(size + 1)
        found = list(link.execute(statement).scalars())
        return found[:size], len(found) > size
    found = []
    if place is None or place.owed_at is not None:
        promised: list[ColumnElement[bool]] = [Ticket.owed_at.is_not(None)]
        if place is not None:
            promised.append(tuple_(Ticket.owed_at, Ticket.id) > tuple_(*_typed(place)))
        statement = _view(reach, turn, asked, *promised).order_by(Ticket.owed_at, Ticket.id).limit(size + 1)
        found = list(link.execute(statement).scalars())
    if len(found) <= size and asked.view not in ("today", "overdue"):
        # What nobody owes comes last, in the order in which it was opened: another stretch of the same index.
        rest: list[ColumnElement[bool]] = [Ticket.owed_at.is_(None)]
        if place is not None and place.owed_at is None:
            rest.append(Ticket.id > place.id)
        statement = _view(reach, turn, asked, *rest).order_by(Ticket.id).limit(size + 1 - len(found))
        found += link.execute(statement).scalars()
    return found[:size], len(found) > size


def _typed(place: Place) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return literal(place.owed_at, Ticket.owed_at.type), literal(place.id, Ticket.id.type)


def _counts(turn: Turn, reach: Reach) -> dict[str, int]:
    """How many tickets each view has, in one statement; none is counted further than a person reads."""
    views = ["mine", "today", "overdue", "waiting", "unassigned", *(["classes"] if reach.classes else []), "all"]
    columns = []
    for view in views:
        found = _view(reach, turn, Filter(view=view)).limit(MOST_COUNTED + 1).subquery()
        columns.append(select(func.count()).select_from(found).scalar_subquery().label(view))
    row = plain(turn.session).execute(select(*columns)).one()
    return dict(zip(views, row, strict=True))


def _areas(turn: Turn, reach: Reach) -> tuple[Area, ...]:
    """The areas that a reader may choose between: of few all, of many those that others lie below."""
    name = func.coalesce(func.nullif(Grid.name_en, ""), Grid.name) if turn.lang == "en" else Grid.name
    statement = select(Grid.path, name.label("name")).order_by(Grid.path).limit(60)
    if reach.areas is None:
        statement = statement.where(Grid.level.not_in(("class", "floor", "room")))
    else:
        statement = statement.where(Grid.path.in_(reach.areas))
    return tuple(Area(row.path, row.name) for row in plain(turn.session).execute(statement))


def area_of(areas: tuple[Area, ...], path: str) -> str:
    """The name of an area that was chosen, its path where it is none of the reader's."""
    return next((area.name for area in areas if area.path == path), path)
