"""The inbox: what a member of staff may list, view by view with counts, fifty rows a page, the nearest deadline first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from handlers.alarms import GONE
from handlers.turn import Turn
from handlers.views import inbox_rows, inbox_search
from handlers.views.inbox_filter import Filter, Place
from handlers.views.inbox_reach import BY_DEADLINE, ME, NOW, OPEN_NOW, Area, Reach, of
from handlers.views.inbox_rows import Row
from models.base import Instant, one_of
from models.db import plain
from models.grid import Grid
from models.sorting import Tag
from models.ticket import Event, Status, Ticket

__all__ = ["Area", "Inbox", "Row", "all_ids", "area_of", "fresh", "inbox", "of", "rows_of"]

SIZE: Final = 50
_NIGHT: Final = bindparam("night", type_=Instant())
_BEHIND_AT: Final = bindparam("behind_at", type_=Instant())
_BEHIND: Final = bindparam("behind", type_=String())
_MOST: Final = bindparam("most", type_=Integer())


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of the inbox. counts: of every view there is for the reader, at most `most` + 1 each.

    following: where the next page begins, None on the last one. searched: how many of the newest tickets words were
    looked for in, 0 where that is all there are.
    """

    rows: tuple[Row, ...]
    counts: dict[str, int]
    areas: tuple[Area, ...]
    following: Place | None
    searched: int = 0
    most: int = 0


def inbox(turn: Turn, asked: Filter, place: Place | None = None, size: int = SIZE) -> Inbox:
    """One page for the speaker. Refused for whoever is not staff."""
    reach = of(turn)
    ids, has_more = _ids(turn, reach, asked, place, size)
    rows = inbox_rows.of(turn, ids)
    following = None
    if has_more and rows:
        following = Place(rows[-1].owed_at if asked.is_live else None, rows[-1].id)
    searched = inbox_search.WINDOW if asked.words and not asked.number else 0
    return Inbox(rows, _counts(turn, reach), _areas(turn, reach), following, searched, reach.most_counted)


def rows_of(turn: Turn, ids: list[str]) -> tuple[Row, ...]:
    """The rows of these tickets that the speaker may list, in the order of the ids; what is not for him is left out."""
    wanted = select(Ticket.id).where(Ticket.id.in_(bindparam("ids", expanding=True)), of(turn).seen)
    there = set(plain(turn.session).execute(wanted, {**_values(turn), "ids": ids}).scalars())
    return inbox_rows.of(turn, [each for each in ids if each in there])


def all_ids(turn: Turn, asked: Filter, most: int) -> tuple[list[str], bool]:
    """The ids of everything that a filter finds, up to a number, and whether there is more: for exports."""
    return _ids(turn, of(turn), asked, None, most)


def fresh(turn: Turn, asked: Filter, after: str) -> tuple[int, int]:
    """How many tickets of a view were opened after an id was made, and how far is counted; for the bar of new ones."""
    reach = of(turn)
    found = _view(reach, asked, _search(turn, reach, asked), Ticket.id > after)
    statement = select(func.count()).select_from(found.limit(reach.most_counted + 1).subquery())
    return int(plain(turn.session).execute(statement, _values(turn, asked)).scalar_one()), reach.most_counted


# -- views


def _values(turn: Turn, asked: Filter | None = None, place: Place | None = None, size: int = 0) -> dict[str, Any]:
    """What the statements need: who looks and when, the days of a filter as instants, and where a page begins."""
    zone = turn.school.zone

    def day(on: date | None, after: int = 0) -> datetime | None:
        return None if on is None else datetime.combine(on + timedelta(days=after), time(), zone)

    return {
        "person": turn.person.id if turn.person else "", "now": turn.now, "night": day(turn.today, 1),
        "since": day(asked.since if asked else None), "until": day(asked.until if asked else None, 1),
        "behind_at": place.owed_at if place else None, "behind": place.id if place else "", "most": size + 1,
    }  # fmt: skip


def _view(reach: Reach, asked: Filter, *more: ColumnElement[bool]) -> Select[Any]:
    """The ids of a view with its filters, neither ordered nor limited."""
    conditions = [*more, *_filters(asked, reach)]
    if not asked.is_live:
        return reach.past(*conditions, *(_conditions(asked.view, reach) if asked.view != "all" else []))
    hint = "" if asked.view in ("mine", "unassigned") else BY_DEADLINE
    return reach.live(*_conditions(asked.view, reach), *conditions, hint=hint)


def _search(turn: Turn, reach: Reach, asked: Filter) -> ColumnElement[bool]:
    return Ticket.id.in_(inbox_search.found(turn, reach, asked)) if asked.words else true()


def _conditions(view: str, reach: Reach) -> list[ColumnElement[bool]]:
    """What makes a ticket one of a view's, beside being open."""
    if view == "mine":
        # As in chat: one's own, what nobody has, and what climbed to the reader; not what waits for the student.
        return [or_(Ticket.status != Status.waiting, Ticket.back_at <= NOW), _mine(reach)]
    if view == "today":
        return [Ticket.owed_at >= NOW, Ticket.owed_at < _NIGHT, Ticket.status != Status.waiting]
    if view == "overdue":
        return [Ticket.owed_at < NOW]
    if view == "waiting":
        return [Ticket.owed_at.is_(None), Ticket.status == Status.waiting]
    if view == "unassigned":
        return [_nobodys(reach)]
    if view == "classes":
        return [one_of(Ticket.path, reach.classes)]
    return []


def _nobodys(reach: Reach) -> ColumnElement[bool]:
    """What was given to no one, or to somebody who has left since."""
    if reach.areas is not None:
        return or_(Ticket.assignee_id.is_(None), Ticket.assignee_id.in_(GONE))
    # Where there are many areas each part is found by its own index.
    nobody = select(Ticket.id).where(Ticket.assignee_id.is_(None), OPEN_NOW)
    return Ticket.id.in_(union_all(nobody, select(Ticket.id).where(Ticket.assignee_id.in_(GONE), OPEN_NOW)))


def _mine(reach: Reach) -> ColumnElement[bool]:
    climbed = and_(Event.to_id == ME, Event.kind == "escalated")
    if reach.areas is not None:
        told = exists().where(climbed, Event.ticket_id == Ticket.id).correlate(Ticket)
        return or_(reach.works, Ticket.assignee_id.is_(None), told)
    of_mine = select(Ticket.id).where(reach.works, OPEN_NOW)
    of_nobody = select(Ticket.id).where(Ticket.assignee_id.is_(None), OPEN_NOW)
    return Ticket.id.in_(union_all(of_mine, of_nobody, select(Event.ticket_id).where(climbed)))


def _filters(asked: Filter, reach: Reach) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.status == "open" and not asked.is_live:
        found.append(OPEN_NOW)  # type: ignore[arg-type]
    elif asked.status not in ("open", "any"):
        found.append(Ticket.status == asked.status)
    if asked.item:
        found.append(Ticket.service == asked.item)
    if asked.area:
        found.append(Ticket.path.startswith(asked.area, autoescape=True))
    if asked.priority:
        found.append(Ticket.priority == asked.priority)
    if asked.since:
        found.append(Ticket.opened_at >= bindparam("since", type_=Instant()))
    if asked.until:
        found.append(Ticket.opened_at < bindparam("until", type_=Instant()))
    return [*found, _tagged(asked, reach)] if asked.tag else found


_RARE: Final = 500  # tickets with a tag, up to which these are sorted rather than all open ones walked through
_WITH_TAG: Final = select(Tag.ticket_id).where(Tag.name == bindparam("tag")).limit(_RARE + 1)


def _tagged(asked: Filter, reach: Reach) -> ColumnElement[bool]:
    """What has a tag: open tickets and few areas are looked through; of all that ever was, and where few tickets have the
    tag, its own tickets are."""
    if reach.led or (reach.areas is None and not asked.is_live):
        return Ticket.id.in_(select(Tag.ticket_id).where(Tag.name == asked.tag))
    return exists().where(Tag.ticket_id == Ticket.id, Tag.name == asked.tag).correlate(Ticket)


# -- one page


def _ids(turn: Turn, reach: Reach, asked: Filter, place: Place | None, size: int) -> tuple[list[str], bool]:
    """The ids of a page in order, and whether there are more."""
    link, values = plain(turn.session), _values(turn, asked, place, size)
    if asked.tag and reach.areas is None:
        few = len(link.execute(_WITH_TAG, {"tag": asked.tag}).all()) <= _RARE
        reach = replace(reach, led=few)
    if not asked.is_live:
        is_behind = place is not None
        ended = _found(turn, reach, asked, is_behind=is_behind) if asked.words else _past(reach, asked, is_behind)
        found = list(link.execute(ended, values).scalars().all())
        return found[:size], len(found) > size
    found = []
    if place is None or place.owed_at is not None:
        found = list(link.execute(_promised(reach, asked, place is not None), values).scalars().all())
    if len(found) <= size and asked.view not in ("today", "overdue"):
        # What nobody owes comes last, in the order in which it was opened: another stretch of the same index.
        rest = _unpromised(reach, asked, place is not None and place.owed_at is None)
        found += link.execute(rest, {**values, "most": size + 1 - len(found)}).scalars().all()
    return found[:size], len(found) > size


# Building a statement costs as much as executing it, so those without words are kept for the next time.


def _found(turn: Turn, reach: Reach, asked: Filter, *, is_behind: bool) -> Select[Any]:
    behind = [Ticket.id < _BEHIND] if is_behind else []
    found = _view(reach, asked, _search(turn, reach, asked), *behind)
    return found.order_by(Ticket.id.desc()).limit(_MOST)


@lru_cache(maxsize=512)
def _past(reach: Reach, asked: Filter, is_behind: bool) -> Select[Any]:
    behind = [Ticket.id < _BEHIND] if is_behind else []
    view = _conditions(asked.view, reach) if asked.view != "all" else []
    return reach.newest(_MOST, *behind, *_filters(asked, reach), *view)


@lru_cache(maxsize=512)
def _promised(reach: Reach, asked: Filter, is_behind: bool) -> Select[Any]:
    behind = [tuple_(Ticket.owed_at, Ticket.id) > tuple_(_BEHIND_AT, _BEHIND)] if is_behind else []
    found = _view(reach, asked, Ticket.owed_at.is_not(None), *behind)
    return found.order_by(Ticket.owed_at, Ticket.id).limit(_MOST)


@lru_cache(maxsize=512)
def _unpromised(reach: Reach, asked: Filter, is_behind: bool) -> Select[Any]:
    behind = [Ticket.id > _BEHIND] if is_behind else []
    return _view(reach, asked, Ticket.owed_at.is_(None), *behind).order_by(Ticket.id).limit(_MOST)


def _counts(turn: Turn, reach: Reach) -> dict[str, int]:
    """How many tickets each view has, in one statement; none is counted further than a person reads."""
    row = plain(turn.session).execute(_counting(reach), _values(turn)).one()
    return {view: min(count or 0, reach.most_counted + 1) for view, count in zip(_views(reach), row, strict=True)}


def _views(reach: Reach) -> list[str]:
    return ["mine", "today", "overdue", "waiting", "unassigned", *(["classes"] if reach.classes else []), "all"]


@lru_cache(maxsize=512)
def _counting(reach: Reach) -> Select[Any]:
    """Few areas are looked through once; where there are many, each view is counted in its own index, and only so far."""
    if reach.areas is not None:
        sums = [
            func.sum(case((and_(true(), *_conditions(view, reach)), 1), else_=0)).label(view) for view in _views(reach)
        ]
        return reach.live().with_only_columns(*sums)
    counted = [_view(reach, Filter(view=view)).limit(reach.most_counted + 1).subquery() for view in _views(reach)]
    return select(*(select(func.count()).select_from(each).scalar_subquery() for each in counted))


_PLACES: Final = select(Grid.path, Grid.name, Grid.name_en).where(
    Grid.level.not_in(("class", "floor", "room"))
).order_by(Grid.path).limit(60)  # fmt: skip


def _areas(turn: Turn, reach: Reach) -> tuple[Area, ...]:
    """The areas that a reader may choose between: of few all, of many those that others lie below."""
    if reach.areas is not None:
        return reach.named
    english = turn.lang == "en"
    rows = plain(turn.session).execute(_PLACES).all()
    return tuple(Area(path, (name_en if english else "") or name) for path, name, name_en in rows)


def area_of(areas: tuple[Area, ...], path: str) -> str:
    """The name of an area that was chosen, its path where it is none of the reader's."""
    return next((area.name for area in areas if area.path == path), path)
