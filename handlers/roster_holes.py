"""Finds hours in which nobody is on duty though somebody should be: the holes of the rosters in the days to come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.absence import Absence
from models.grid import Shift
from models.person import Person

AHEAD: Final = timedelta(days=7)
WEEK: Final = timedelta(days=7)
PATTERN: Final = timedelta(days=14)  # looked back and ahead to see how a roster is kept
ROUND: Final = timedelta(hours=48)  # a roster that is covered so long without a break is one of 24 hours
LEAST: Final = timedelta(minutes=1)
GIVEN_UP: Final = timedelta(days=90)  # a roster that ended before this was given up on purpose

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Hole:
    """Between two instants nobody is there for a roster (an area and a role). away: somebody is planned, but away and
    stood in for by nobody."""

    path: str
    role: str
    from_at: datetime
    until_at: datetime
    away: bool


def holes(session: Session, now: datetime, until: datetime | None = None, path: str = "") -> list[Hole]:
    """The holes of every roster from now until an instant (7 days ahead unless said), of one area's only if path is given.

    A roster that is covered for 48 hours on end is kept round the clock, so each bare hour counts; of another, the hours
    that were covered a week before. A roster that ended a season ago is none any more.
    """
    until = until or now + AHEAD
    wanted = select(Shift, Person.active).join(Person, Person.id == Shift.person_id).where(
        Shift.ends_at > now - GIVEN_UP, Shift.starts_at < until + PATTERN
    )  # fmt: skip
    if path:
        wanted = wanted.where(Shift.path == path)
    rosters: dict[tuple[str, str], list[tuple[Stretch, str, bool]]] = defaultdict(list)
    for shift, active in session.execute(wanted).all():
        rosters[shift.path, shift.role].append(((shift.starts_at, shift.ends_at), shift.person_id, active))
    gone = _away(session, now, until)
    found: list[Hole] = []
    for (area, role), rows in sorted(rosters.items()):
        planned = joined(stretch for stretch, _, _ in rows)
        there = joined(
            part for stretch, person, active in rows if active for part in minus([stretch], gone.get(person, []))
        )
        for start, end in minus(_expected(planned, now, until), there):
            if end - start >= LEAST:
                found.append(Hole(area, role, start, end, bool(_within(planned, start, end))))
    return found


def _expected(planned: list[Stretch], now: datetime, until: datetime) -> list[Stretch]:
    """The hours between two instants in which somebody should be there."""
    near = _within(planned, now - PATTERN, until + PATTERN)
    if any(end - start >= ROUND for start, end in near or planned[-1:]):
        return [(now, until)]
    return _within([(start + WEEK, end + WEEK) for start, end in planned], now, until)


def _away(session: Session, now: datetime, until: datetime) -> dict[str, list[Stretch]]:
    """When people are away without anybody in their place, by id; a stand-in that is away as well is nobody."""
    rows = session.execute(
        select(Absence.person_id, Absence.stand_in_id, Absence.from_at, Absence.until_at)
        .where(Absence.until_at > now, Absence.from_at < until)
    ).all()  # fmt: skip
    every: dict[str, list[Stretch]] = defaultdict(list)
    for row in rows:
        every[row.person_id].append((row.from_at, row.until_at))
    bare: dict[str, list[Stretch]] = defaultdict(list)
    for row in rows:
        stretch = (row.from_at, row.until_at)
        also = _within(joined(every.get(row.stand_in_id or "", [])), *stretch)
        bare[row.person_id] += also if row.stand_in_id else [stretch]
    return {person: joined(parts) for person, parts in bare.items()}


def joined(parts: Iterable[Stretch]) -> list[Stretch]:
    """Stretches of time as few as they can be, in order."""
    found: list[Stretch] = []
    for start, end in sorted(parts):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def minus(parts: Iterable[Stretch], less: list[Stretch]) -> list[Stretch]:
    """What is left of stretches without others, which are joined and in order."""
    left: list[Stretch] = []
    for start, end in parts:
        at = start
        for from_at, until_at in less:
            if until_at <= at or from_at >= end:
                continue
            if from_at > at:
                left.append((at, from_at))
            at = max(at, until_at)
        if at < end:
            left.append((at, end))
    return left


def _within(parts: list[Stretch], start: datetime, end: datetime) -> list[Stretch]:
    return [(max(start, a), min(end, b)) for a, b in parts if a < end and b > start]
