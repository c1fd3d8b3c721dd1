"""The span of a leave as local instants, and the other leaves of a student: which overlap, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, or_, select

from handlers import owned
from handlers.services.leave.counting import period
from handlers.turn import Turn
from models.db import plain
from models.person import Person
from models.ticket import Resolution, Ticket

# The items that are leaves: a school may have one for itself for the dormitory, or for a whole list.
SERVICES: BindParameter[list[str]] = bindparam("services", expanding=True)
_AFRESH = {"populate_existing": True}  # What another unit changed while this one waited for the person counts.
LOCK = select(Person.id).where(Person.id == bindparam("person")).with_for_update(key_share=True)
COUNTED = (
    select(Ticket)
    .where(
        Ticket.requester_id == bindparam("person"),
        Ticket.service.in_(SERVICES),
        or_(Ticket.resolution.is_(None), Ticket.resolution == Resolution.approved),
    )
    .order_by(Ticket.opened_at.desc())
    .limit(200)
)


def span_of(turn: Turn, answers: dict[str, Any]) -> tuple[datetime, datetime]:
    """From and to of a leave, in the school's zone; KeyError where it is not answered."""
    value, zone = answers["span"], turn.school.zone
    start, end = datetime.fromisoformat(value["start"]), datetime.fromisoformat(value["end"])
    return start.astimezone(zone), end.astimezone(zone)


def whole_of(turn: Turn, answers: dict[str, Any]) -> tuple[datetime, datetime]:
    """From when on somebody is away in all, and until when: of a leave that goes on where another ended (`begun`) from
    the beginning of the first."""
    start, end = span_of(turn, answers)
    begun = answers.get("begun")
    return (datetime.fromisoformat(begun).astimezone(turn.school.zone) if begun else start), end


def heads(answers: dict[str, Any], found: Iterable[Ticket]) -> list[Ticket]:
    """Of several leaves those that count: one that another goes on from is a part of that one, also of `answers`."""
    rows = list(found)
    gone = {answers.get("extends"), *(ticket.answers.get("extends") for ticket in rows)}
    return [ticket for ticket in rows if ticket.number not in gone]


def counted(turn: Turn, person_id: str) -> list[Ticket]:
    """A person's leaves that count, open or approved, the newest first; read once until one is opened or the person locked."""
    read, key = owned.beside(turn), ("leaves", person_id)
    if key not in read:
        values = {"person": person_id, "services": services(turn)}
        read[key] = list(turn.session.execute(COUNTED, values, execution_options=_AFRESH).scalars())
    return [ticket for ticket in read[key] if ticket.resolution in (None, Resolution.approved)]


def services(turn: Turn) -> list[str]:
    """The slugs of the items that are leaves."""
    return [slug for slug, item in turn.school.catalogue.items.items() if item.code == "leave"]


def overlapping(
    turn: Turn, start: datetime, end: datetime, person_id: str | None = None, *, lock: bool = True
) -> Ticket | None:
    """An open leave of the student that has a moment in common (half-open: ending at 18:00 and beginning then is fine).

    The ticket that is being changed (turn.about) does not stand in its own way. person_id: whose, the speaker's if None.
    lock: off where it is only looked at, or the person's row is locked already.
    """
    who = person_id or (turn.person.id if turn.person is not None else None)
    if who is None:
        return None
    # The row of the account is locked by the door, not the person's: two channels could race, so the person is locked.
    # SQLite has one writer, whom nobody overtakes.
    if lock and plain(turn.session).dialect.name == "postgresql":
        plain(turn.session).execute(LOCK, {"person": who})
        owned.forget(turn)  # Another channel may have handed in meanwhile.
    for ticket in counted(turn, who):
        if not ticket.is_open or (turn.about is not None and ticket.id == turn.about.id):
            continue
        from_, to = span_of(turn, ticket.answers)
        if from_ < end and start < to:
            return ticket
    return None


@dataclass(frozen=True, slots=True)
class Sum:
    """What leaves of some kinds add up to within a term or month, this one taken along."""

    since: date
    days: float
    times: int
    hours: float = 0
    lessons: int = 0

    def of(self, unit: str) -> float:
        """What they add up to in a unit of `models.leave_rules.Total`: days, times, hours or lessons."""
        return float(getattr(self, unit))


def add_up(turn: Turn, answers: dict[str, Any], per: str, kinds: frozenset[str]) -> Sum:
    """The student's leaves of these kinds in the term or month in which this one begins; all kinds where none is named."""
    seasons = turn.school.seasons
    since = period(whole_of(turn, answers)[0].date(), per, seasons)
    rows = [answers]
    if turn.person is not None:
        about = turn.about.id if turn.about is not None else ""
        others = [each for each in counted(turn, turn.person.id) if each.id != about]
        for ticket in heads(answers, others):
            if kinds and ticket.answers.get("kind") not in kinds:
                continue
            if period(whole_of(turn, ticket.answers)[0].date(), per, seasons) == since:
                rows.append(ticket.answers)
    days, hours, lessons = (sum(float(each.get(unit) or 0) for each in rows) for unit in ("days", "hours", "lessons"))
    return Sum(since, days, len(rows), hours, int(lessons))
