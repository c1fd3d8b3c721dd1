"""Who is away: students on an approved leave on a day, who leaves and who comes back, who is overdue, and how many by area."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, or_, select
from sqlalchemy.orm import aliased

from handlers import access, directory, figures, prolonged, slips, tickets, wording
from handlers.turn import Turn
from handlers.views.away_day import (
    LEAVING,
    OVERDUE,
    RETURNING,
    away_on,
    counted,
    covers,
    is_here,
    said_key,
    states_of,
)
from models.correction import UNRETURNED
from models.db import plain
from models.grid import Grid
from models.person import Person
from models.ticket import Event, Resolution, Status, Ticket

MOST: Final = 500  # students of a page; a spreadsheet has all
ORDER: Final = (OVERDUE, LEAVING, "away", RETURNING, "returned")
TREES: Final = ("academic", "residential")
_NAMES: Final = select(Grid.path, Grid.name, Grid.name_en).where(Grid.path.in_(bindparam("paths", expanding=True)))
_GONE: Final = aliased(Event)
_RETURNS: Final = (
    select(Event.ticket_id, Event.at, Event.by_id)
    .where(
        Event.kind == "returned",
        Event.ticket_id.in_(bindparam("ids", expanding=True)),
        ~exists().where(_GONE.ticket_id == Event.ticket_id, _GONE.key == UNRETURNED, _GONE.rev > Event.rev),
    )  # What the student took back is no return.
    .order_by(Event.rev)
)


@dataclass(frozen=True, slots=True)
class Leave:
    """One approved leave: whose, from when to when (local), when the student was back (None: not yet), and whether its ticket
    may be opened by the speaker; books: whether the speaker may book the return now; kind and residential are "" for who may
    not know them. unbooks: whether the speaker booked the return so lately that it may be taken back (`tickets.unbook`)."""

    ticket_id: str
    ticket: str
    person: str
    student: str
    academic: str
    residential: str
    start: datetime
    end: datetime
    back: datetime | None
    kind: str
    leaves_campus: bool | None
    opens: bool
    books: bool
    timed: tuple[bool, bool] = (True, True)  # whether the beginning and the end were said by the clock
    unbooks: bool = False

    @property
    def last(self) -> date:
        """The last day of it: a whole day ends at the next one's midnight, which is no day of it."""
        return (self.end - timedelta(microseconds=1)).date()


@dataclass(frozen=True, slots=True)
class Row:
    """One student as the list shows it: the leave, the names of class and dormitory, its state on the day in words."""

    leave: Leave
    place: str
    dormitory: str
    status: str
    said: str
    span: str
    states: tuple[str, ...] = ()  # status first: a leave of one day leaves and returns


@dataclass(frozen=True, slots=True)
class Group:
    """An area below the one asked about, and how many of its students are off campus on the day."""

    path: str
    name: str
    count: int
    deeper: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A day. counts: by state (`counted`); month: how many are away on each day of its month; above: areas over the one asked
    about; today: whether it is this very day."""

    on: date
    tree: str
    area: str
    area_name: str
    above: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    more: bool
    counts: Counter[str]
    groups: tuple[Group, ...]
    month: tuple[tuple[date, int], ...]
    today: bool = False
    said: str = ""  # the day in words


def away(turn: Turn, on: date, tree: str = "", area: str = "", most: int = MOST) -> Page:
    """The students of the speaker's areas who are away on a day of the school, whoever is overdue first.

    The speaker sees whom a duty of theirs reaches, in either tree; what kind of leave it is only where the ticket itself may be
    opened. tree: one of TREES, "" for the speaker's own: whoever keeps buildings asks by building. Refused for nobody:
    whoever has no duty sees nobody.
    """
    first, last = on.replace(day=1), on.replace(day=monthrange(on.year, on.month)[1])
    own = access.looks_at(turn.session, turn.person, turn.now) if turn.person else ()
    tree = tree or _tree_of(turn, own)
    found = _leaves(turn, own, tree, area, first, last)
    today = [leave for leave in found if covers(leave, on, turn)]
    names = _names(
        turn, {each for leave in today for each in (leave.academic, leave.residential)} | {area, *_over(area)}
    )
    rows = sorted((_row(turn, leave, on, names) for leave in today), key=_order)
    groups: dict[str, set[str]] = {}
    for leave in today:
        if _place(leave, tree):
            # Where nobody but those on campus are on leave there is a zero, and the way down to them.
            away_there = groups.setdefault(figures.below(area or figures.home(own), _place(leave, tree)), set())
            away_there |= set() if is_here(leave) else {leave.student}
    names |= _names(turn, set(groups))
    month = tuple(
        (day, away_on(turn, found, day))
        for day in (first + timedelta(days=each) for each in range((last - first).days + 1))
    )
    above = [path for path in _over(area) if any(path.startswith(each) for each in own)]
    return Page(
        on, tree, area, names.get(area, ""), tuple((path, names.get(path, path)) for path in above),
        tuple(rows[:most]), len(rows) > most, counted(turn, on, rows),
        tuple(Group(path, names.get(path, path), len(found_), path != area) for path, found_ in sorted(groups.items())), month, on == turn.today,
        wording.day(on, turn.lang, turn.today),
    )  # fmt: skip


def _tree_of(turn: Turn, own: Iterable[str]) -> str:
    """The tree in which the speaker's areas lie; the academic one where they lie in both, or in none. Nobody lives or studies
    in an office: whoever is of one and keeps a building asks by building."""
    found = set(plain(turn.session).execute(select(Grid.tree).where(Grid.path.in_(list(own)))).scalars())
    return "residential" if found - {"office"} == {"residential"} else "academic"


@dataclass(frozen=True, slots=True)
class Back:
    """One student whose return may be booked by the speaker: no more than whoever keeps a building needs. state: one of
    slips.STATES; may: whether there is something to book now."""

    number: str
    name: str
    student: str
    room: str
    span: str
    state: str
    said: str
    may: bool


def one_back(turn: Turn, number: str, code: str = "") -> Back | None:
    """What a keeper reads who scanned a slip's code; None for a code that is none, and for who may not book it."""
    if slips.check(turn, number, code) is None:
        return None
    found = prolonged.numbered(turn, number)
    ticket = prolonged.newest_of(turn, found) if found is not None else None
    if ticket is None or not tickets.may_book(turn, ticket):
        return None
    person = turn.session.get(Person, ticket.requester_id)
    state = slips.state_of(turn, ticket)
    return Back(
        ticket.number, directory.name_of(person, turn.lang), person.number if person else "",
        directory.grid_name(turn.session, person.residential_path if person else None, turn.lang),
        slips.span_of(turn, ticket), state, turn.say(f"slip.{state}"), state in ("valid", "over"),
    )  # fmt: skip


def _order(row: Row) -> tuple[int, str, datetime, str]:
    return ORDER.index(row.status), row.place, row.leave.start, row.leave.student


def _within(own: Iterable[str], tree: str, area: str) -> ColumnElement[bool]:
    """Whether a student stands below one of the speaker's areas, in either tree, and below the area asked about."""
    mine = [
        column.startswith(path, autoescape=True)
        for path in own
        for column in (Person.academic_path, Person.residential_path)
    ]
    if not mine:
        return false()
    column = Person.residential_path if tree == "residential" else Person.academic_path
    here = [column.startswith(area, autoescape=True)] if area else []
    return and_(or_(*mine), *here)


def _leaves(turn: Turn, own: Iterable[str], tree: str, area: str, first: date, last: date) -> list[Leave]:
    """Every approved leave that has a moment in these days, or from which somebody is still not back."""
    zone = turn.school.zone
    begins = datetime.combine(first, time(), zone)
    ends = datetime.combine(last + timedelta(days=1), time(), zone)
    services = [slug for slug, item in turn.school.catalogue.items.items() if item.code == "leave"]
    statement = (
        select(Ticket.id, Ticket.number, Ticket.answers, Ticket.back_at, Ticket.service, Ticket.version,
               Person.name, Person.name_en, Person.number.label("student"), Person.academic_path, Person.residential_path)
        .join(Person, Person.id == Ticket.requester_id)
        .where(
            Ticket.back_at.is_not(None), or_(Ticket.back_at > begins, Ticket.status == Status.waiting),
            or_(Ticket.status == Status.waiting, Ticket.resolution == Resolution.approved),
            Ticket.service.in_(services), _within(own, tree, area),
        )
        .limit(20_000)
    )  # fmt: skip
    rows = plain(turn.session).execute(statement).all()
    ids = [row.id for row in rows]
    back = {row.ticket_id: row for row in plain(turn.session).execute(_RETURNS, {"ids": ids})}
    opens = set(
        plain(turn.session)
        .execute(select(Ticket.id).where(Ticket.id.in_(ids), access.visible(turn.session, turn.person, turn.now)))
        .scalars()
    )
    # Who goes on from an earlier leave is away once: from the beginning of the first, on the newest.
    rows = [row for row in rows if row.answers.get("span") and not row.answers.get(prolonged.BY)]
    kept = access.kept_paths(turn.session, turn.person, turn.now) if turn.person else ()
    found = [_leave(turn, row, back.get(row.id), kept, own, opens=row.id in opens) for row in rows]
    # Where somebody lives is not told to whoever only teaches them, also not by asking for a building.
    return [each for each in found if each.start < ends and _place(each, tree).startswith(area)]


def _leave(
    turn: Turn, row: Any, returned: Any, kept: tuple[str, ...], own: Iterable[str], *, opens: bool
) -> Leave:  # fmt: skip
    zone, span, back = turn.school.zone, row.answers["span"], returned.at if returned is not None else None
    within = timedelta(minutes=turn.school.undo_minutes)
    mine = turn.person is not None and returned is not None and returned.by_id == turn.person.id
    kind, item = "", turn.school.catalogue.item(turn.session, row.service, row.version)
    if opens and row.answers.get("kind"):
        field = item.field("kind")
        option = field.option(row.answers["kind"]) if field else None
        kind = option.label.to(turn.lang) if option else str(row.answers["kind"])
    begins, lives = datetime.fromisoformat(row.answers.get("begun") or span["start"]), row.residential_path or ""
    tells = opens or any(lives.startswith(each) for each in own)
    start_timed, end_timed = span.get("timed", (True, True))
    return Leave(
        row.id, row.number, (row.name_en if turn.lang == "en" else "") or row.name, row.student,
        row.academic_path or "", lives if tells else "", begins.astimezone(zone),
        row.back_at.astimezone(zone), back.astimezone(zone) if back else None, kind,
        slips.may_go_out(item, row.answers), opens,
        back is None and begins <= turn.now and (opens or any(lives.startswith(each) for each in kept)),
        (bool(start_timed) or bool(row.answers.get("begun")), bool(end_timed)),
        mine and bool(within) and turn.now - returned.at <= within,
    )  # fmt: skip


def _row(turn: Turn, leave: Leave, on: date, names: dict[str, str]) -> Row:
    states = states_of(turn, leave, on)
    span = wording.span(
        {"start": leave.start.isoformat(), "end": leave.end.isoformat(), "timed": leave.timed},
        turn.lang, turn.school.zone, turn.today,
    )  # fmt: skip
    at = wording.moment(leave.back, turn.lang, turn.school.zone, turn.today) if leave.back else ""
    said = turn.say(said_key(states, leave), at=at)
    return Row(leave, names.get(leave.academic, ""), names.get(leave.residential, ""), states[0], said, span, states)


def _place(leave: Leave, tree: str) -> str:
    return leave.residential if tree == "residential" else leave.academic


def _over(area: str) -> list[str]:
    parts = area.strip("/").split("/")
    return ["/" + "/".join(parts[:count]) + "/" for count in range(1, len(parts))] if area else []


def _names(turn: Turn, paths: Iterable[str]) -> dict[str, str]:
    rows = plain(turn.session).execute(_NAMES, {"paths": sorted(each for each in paths if each)})
    return {row.path: (row.name_en if turn.lang == "en" else "") or row.name for row in rows}
