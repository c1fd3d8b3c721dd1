"""The figures as a page shows them: named groups, lengths in words, a trend over the days, the list behind a number."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from sqlalchemy import bindparam, select

from handlers import access, directory, figures, figures_people
from handlers.figures import Asked, Figures, Sums
from handlers.turn import Turn
from handlers.views import inbox_rows
from handlers.views.inbox_filter import Filter, read
from models.db import plain
from models.grid import Grid
from models.message import Refused
from models.person import Person

SHARES: Final = ("answered", "answered_late", "overdue", "waiting", "taken_back")  # they add up to what was opened
USUAL: Final = timedelta(days=29)  # before today, where no days are named
LONGEST: Final = 366 * 3  # days
MOST_DAY: Final = 20  # characters of what was written in the place of a day
DAILY: Final = 14  # days up to which the trend counts by day,
WEEKLY: Final = 100  # then by week, and beyond by month
_NAMES: Final = select(Grid.path, Grid.name, Grid.name_en).where(Grid.path.in_(bindparam("paths", expanding=True)))


@dataclass(frozen=True, slots=True)
class Line:
    """One group: its name, its sums, and the query of an address that asks about it alone. deeper: below it lie others."""

    name: str
    sums: Sums
    query: str
    deeper: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One stretch of the trend: its days, a short label, and its sums."""

    since: date
    until: date
    label: str
    sums: Sums
    query: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page of figures. above: the areas over the one asked about, name and query, the highest first."""

    asked: Asked
    figures: Figures
    areas: tuple[Line, ...]
    items: tuple[Line, ...]
    trend: tuple[Column, ...]
    above: tuple[tuple[str, str], ...]
    area_name: str
    median: str
    p90: str
    tags: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Behind:
    """The tickets behind one figure: how many, fifty of them, and the id after which the next page begins ("" none)."""

    asked: Asked
    name: str
    count: int
    rows: tuple[inbox_rows.Row, ...]
    following: str
    area_name: str
    who: str = ""


def ask(turn: Turn, values: Mapping[str, str]) -> Asked:
    """What an address asks about; what it leaves out, or what cannot be read, is the last thirty days of one's own area.

    Raises Refused for a member of staff whom the speaker does not lead.
    """
    who = values.get("who", "")
    if who and not figures_people.may_see(turn, who):
        raise Refused("figures.not_led")
    found: Filter = read({"view": "all", **values})
    since, until = found.since, found.until
    if since is not None and until is not None and since > until:
        since, until = until, since  # Whoever fills in the two the other way round means the same days.
    until = min(until or turn.today, turn.today)
    since = since or until - USUAL
    since = max(min(since, until), until - timedelta(days=LONGEST))
    area = found.area
    if not area and turn.person is not None:
        area = figures.home(access.paths_of(turn.session, turn.person, turn.now))
    return Asked(since, until, area, found.item, found.tag, who)


def unread(values: Mapping[str, str]) -> tuple[str, ...]:
    """The days of an address that are none (month 13, a day of next century), as they were written: others are shown in their
    place, and that is said."""
    found: Filter = read({"view": "all", **values})
    days = ((values.get("since", ""), found.since), (values.get("until", ""), found.until))
    return tuple(given.strip()[:MOST_DAY] for given, day in days if given.strip() and day is None)


def query(asked: Asked, **more: str) -> str:
    """The same as the query of an address."""
    pairs = [("since", asked.since.isoformat()), ("until", asked.until.isoformat()), ("area", asked.area)]
    return urlencode(
        [
            (key, value)
            for key, value in [*pairs, ("item", asked.item), ("tag", asked.tag), ("who", asked.person), *more.items()]
            if value
        ]
    )


def page(turn: Turn, asked: Asked) -> Page:
    """The whole page for the speaker."""
    found = figures.figures(turn, asked)
    names = _names(turn, [*found.by_area, *_over(asked.area), asked.area])
    areas = [
        Line(names.get(path, path), sums, query(replace(asked, area=path)), path != asked.area)
        for path, sums in found.by_area.items()
    ]
    items = [
        Line(_title(turn, slug), sums, query(replace(asked, item=slug)), asked.item != slug)
        for slug, sums in found.by_item.items()
    ]
    mine = access.paths_of(turn.session, turn.person, turn.now) if turn.person else ()
    above = [path for path in _over(asked.area) if any(path.startswith(own) for own in mine)]
    return Page(
        asked, found, tuple(sorted(areas, key=_most)), tuple(sorted(items, key=_most)), _trend(turn, asked),
        tuple((names.get(path, path), query(replace(asked, area=path))) for path in above),
        names.get(asked.area, ""), figures.length(turn, found.median), figures.length(turn, found.p90),
        tuple(sorted(
            (Line(f"#{name}", sums, query(replace(asked, tag=name)), asked.tag != name) for name, sums in found.by_tag.items()), key=_most
        )),
    )  # fmt: skip


def behind(turn: Turn, asked: Asked, name: str, after: str = "") -> Behind | None:
    """One page of the tickets behind a figure; None for a figure that there is not."""
    if name not in figures.every(turn):
        return None
    ids, more = figures.behind(turn, asked, name, after)
    rows = inbox_rows.of(turn, ids)
    area = _names(turn, [asked.area]).get(asked.area, "")
    who = turn.session.get(Person, asked.person) if asked.person else None
    return Behind(
        asked, name, figures.count(turn, asked, name), rows, ids[-1] if more else "", area,
        directory.name_of(who, turn.lang) if who is not None else "",
    )  # fmt: skip


def _most(line: Line) -> tuple[int, str]:
    return -line.sums["opened"], line.name


def _title(turn: Turn, slug: str) -> str:
    item = turn.school.catalogue.items.get(slug)
    return item.title.to(turn.lang) if item else slug


def _over(area: str) -> list[str]:
    parts = area.strip("/").split("/")
    return ["/" + "/".join(parts[:count]) + "/" for count in range(1, len(parts))]


def _names(turn: Turn, paths: list[str]) -> dict[str, str]:
    rows = plain(turn.session).execute(_NAMES, {"paths": paths})
    return {row.path: (row.name_en if turn.lang == "en" else "") or row.name for row in rows}


def _stretches(since: date, until: date) -> list[tuple[date, date]]:
    """The days, weeks from Monday, or months of a period, cut at its ends."""
    days = (until - since).days + 1
    found: list[tuple[date, date]] = []
    at = since
    while at <= until:
        if days <= DAILY:
            end = at
        elif days <= WEEKLY:
            end = at + timedelta(days=6 - at.weekday())
        else:
            end = at.replace(day=monthrange(at.year, at.month)[1])
        found.append((at, min(end, until)))
        at = found[-1][1] + timedelta(days=1)
    return found


def _trend(turn: Turn, asked: Asked) -> tuple[Column, ...]:
    found = []
    for since, until in _stretches(asked.since, asked.until):
        part = replace(asked, since=since, until=until)
        counts = figures.counts(turn, part, ("opened", *SHARES))
        label = f"{since.month}/{since.day}"
        found.append(Column(since, until, label, Sums(counts), query(part)))
    return tuple(found)
