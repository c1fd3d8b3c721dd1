"""Being away: entered by the person or by whoever leads, with a stand-in or without, and ended by coming back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, func, select

from handlers import directory, powers, wording
from handlers.informing import inform
from handlers.turn import Turn
from models.absence import REASONS, Absence
from models.base import new_id
from models.grid import Shift
from models.message import Refused, Reply
from models.meta import audit
from models.person import Person
from models.ticket import OPEN, Ticket

LONGEST: Final = timedelta(days=366)
BACK_DATED: Final = timedelta(days=1)  # 「我今天不在」, said in the afternoon, begins this morning


@dataclass(frozen=True, slots=True)
class Left:
    """What somebody leaves behind: how many open tickets, and how many shifts lie in the time."""

    tickets: int
    shifts: int


def weigh(turn: Turn, person: Person, from_at: datetime, until_at: datetime) -> Left:
    """What an absence would leave behind."""
    mine = select(func.count()).where(Ticket.assignee_id == person.id, Ticket.status.in_(OPEN))
    shifts = select(func.count()).where(
        Shift.person_id == person.id, Shift.starts_at < until_at, Shift.ends_at > from_at
    )  # fmt: skip
    return Left(turn.session.execute(mine).scalar_one(), turn.session.execute(shifts).scalar_one())


def to_come(turn: Turn, person_id: str) -> list[Absence]:
    """The absences of a person that are in force or to come, the nearest first."""
    found = select(Absence).where(Absence.person_id == person_id, Absence.until_at > turn.now)
    return list(turn.session.execute(found.order_by(Absence.from_at)).scalars())


def check(turn: Turn, person: Person, from_at: datetime, until_at: datetime, stand_in: Person | None) -> None:
    """Refuse an absence that cannot be entered: by somebody else's order, in times that cannot be, with a stand-in who
    is no colleague or is away as well."""
    if person.kind != "staff" or not person.active:
        raise Refused("away.no_staff")
    if turn.person is None or not (turn.person.id == person.id or powers.leads_person(turn, person)):
        raise Refused("away.not_yours")
    if not from_at < until_at:
        raise Refused("away.backwards")
    if until_at <= turn.now or from_at < turn.now - BACK_DATED:
        raise Refused("away.over")
    if until_at - from_at > LONGEST:
        raise Refused("away.too_long")
    if stand_in is None:
        return
    if stand_in.id == person.id or stand_in.kind != "staff" or not stand_in.active:
        raise Refused("away.no_colleague", name=directory.name_of(stand_in, turn.lang))
    also = exists().where(
        Absence.person_id == stand_in.id, Absence.from_at < until_at, Absence.until_at > max(from_at, turn.now)
    )  # fmt: skip
    if turn.session.execute(select(also)).scalar():
        raise Refused("away.stand_in_away", name=directory.name_of(stand_in, turn.lang))


def declare(
    turn: Turn, person: Person, from_at: datetime, until_at: datetime, stand_in: Person | None, reason: str = ""
) -> Absence:  # fmt: skip
    """Enter an absence; for its days it takes the place of what was entered before. The stand-in, one who was to stand in
    before, and whoever leads are told. Refused as in `check`."""
    # Two entries for one person, or for two who stand in for each other, have one order.
    ids = sorted({person.id, *([stand_in.id] if stand_in else [])})
    turn.session.execute(
        select(Person.id).where(Person.id.in_(ids)).order_by(Person.id).with_for_update(key_share=True)
    )
    check(turn, person, from_at, until_at, stand_in)
    if reason not in REASONS:
        raise Refused("away.no_reason")
    _make_room(turn, person, from_at, until_at, stand_in)
    absence = Absence(
        id=new_id(turn.now), person_id=person.id, from_at=from_at, until_at=until_at, at=turn.now, reason=reason,
        stand_in_id=stand_in.id if stand_in else None, by_id=turn.person.id if turn.person else None,
    )  # fmt: skip
    turn.session.add(absence)
    turn.session.flush()
    audit(turn.session, turn.now, absence.by_id, "absence_set", f"{person.number}:{absence.id}")
    _tell(turn, person, absence, stand_in)
    return absence


def overlapping(turn: Turn, person: Person, from_at: datetime, until_at: datetime) -> list[Absence]:
    """The absences of a person that are in force or to come and share a moment with a stretch, the nearest first."""
    found = select(Absence).where(
        Absence.person_id == person.id, Absence.from_at < until_at, Absence.until_at > max(from_at, turn.now)
    )
    return list(turn.session.execute(found.order_by(Absence.from_at).with_for_update()).scalars())


def _make_room(turn: Turn, person: Person, from_at: datetime, until_at: datetime, stand_in: Person | None) -> None:
    """What was entered before gives way for the days of a new one, and stands for its other days as it was."""
    for old in overlapping(turn, person, from_at, until_at):
        before, was_until = span_of(old), old.until_at
        rest_at = max(until_at, turn.now)
        if was_until > rest_at:
            turn.session.add(Absence(
                id=new_id(turn.now), person_id=person.id, from_at=rest_at, until_at=was_until, at=turn.now,
                reason=old.reason, stand_in_id=old.stand_in_id, by_id=old.by_id,
            ))  # fmt: skip
        starts_at = max(from_at, turn.now) if old.from_at < turn.now else from_at
        if old.from_at < starts_at:
            old.until_at = starts_at
        else:
            turn.session.delete(old)
        other = turn.session.get(Person, old.stand_in_id) if old.stand_in_id else None
        if other is not None and (stand_in is None or other.id != stand_in.id):
            lost = (max(before[0], from_at), min(before[1], until_at))
            _tell_released(turn, person, other, lost, old.id)
    turn.session.flush()


def span_of(absence: Absence) -> tuple[datetime, datetime]:
    """From when to when somebody is away."""
    return absence.from_at, absence.until_at


def _tell_released(
    turn: Turn, person: Person, other: Person, lost: tuple[datetime, datetime], absence_id: str
) -> None:  # fmt: skip
    """Tell whoever was to stand in that this is no longer so for a stretch."""
    inform(
        turn, other,
        lambda there: Reply(text=there.say(
            "away.told_released", name=directory.name_of(person, there.lang), span=said(there, *lost)
        )),
        f"absence:{absence_id}:released:{turn.now:%Y%m%d%H%M%S}",
    )  # fmt: skip


def come_back(turn: Turn, person: Person) -> Absence | None:
    """End the absence that somebody is in; None for whoever is not away. Refused for whom it is not to say."""
    if turn.person is None or not (turn.person.id == person.id or powers.leads_person(turn, person)):
        raise Refused("away.not_yours")
    now = select(Absence).where(
        Absence.person_id == person.id, Absence.from_at <= turn.now, Absence.until_at > turn.now
    )
    found = turn.session.execute(now.order_by(Absence.from_at).with_for_update()).scalars().all()
    for absence in found:
        if absence.from_at < turn.now:
            absence.until_at = turn.now
        else:
            turn.session.delete(absence)
    if not found:
        return None
    turn.session.flush()
    audit(turn.session, turn.now, turn.person.id, "absence_ended", f"{person.number}:{found[0].id}")
    _tell_back(turn, person, found[0])
    return found[0]


def cancel(turn: Turn, absence_id: str) -> Absence:
    """Take back an absence to come, or end one that has begun. Refused for an unknown one, and for somebody else's."""
    absence = turn.session.execute(select(Absence).where(Absence.id == absence_id).with_for_update()).scalar()
    person = turn.session.get(Person, absence.person_id) if absence is not None else None
    if absence is None or person is None or absence.until_at <= turn.now or turn.person is None:
        raise Refused("ticket.not_found")
    if not (turn.person.id == person.id or powers.leads_person(turn, person)):
        raise Refused("ticket.not_found")
    begun, stretch = absence.from_at < turn.now, span_of(absence)
    stand_in = turn.session.get(Person, absence.stand_in_id) if absence.stand_in_id else None
    if begun:
        absence.until_at = turn.now
    else:
        turn.session.delete(absence)
    turn.session.flush()
    audit(turn.session, turn.now, turn.person.id, "absence_ended", f"{person.number}:{absence.id}")
    if begun:
        _tell_back(turn, person, absence)
    elif stand_in is not None:
        _tell_released(turn, person, stand_in, stretch, absence.id)
    return absence


def span(turn: Turn, absence: Absence) -> str:
    """From when to when, as people say it: whole days without a clock."""
    return said(turn, absence.from_at, absence.until_at)


def said(turn: Turn, from_at: datetime, until_at: datetime, *, timed: bool = False) -> str:
    """A stretch of time in words; whole days stand without a clock unless it is timed."""
    first, last = from_at.astimezone(turn.school.zone), until_at.astimezone(turn.school.zone)
    clocks = [timed or not (each.hour == each.minute == 0) for each in (first, last)]
    value = {"start": first.isoformat(), "end": last.isoformat(), "timed": clocks}
    return wording.span(value, turn.lang, turn.school.zone, turn.today)


def _tell(turn: Turn, person: Person, absence: Absence, stand_in: Person | None) -> None:
    """Tell the stand-in, whoever leads, and the person if somebody else entered it."""
    left = weigh(turn, person, absence.from_at, absence.until_at)

    def said_to(key: str, there: Turn) -> Reply:
        return Reply(text=there.say(
            key, name=directory.name_of(person, there.lang), span=span(there, absence), tickets=left.tickets,
            shifts=left.shifts, stand_in=directory.name_of(stand_in, there.lang) or there.say("card.nobody"),
        ))  # fmt: skip

    about = f"absence:{absence.id}"
    inform(turn, stand_in, lambda there: said_to("away.told_stand_in", there), f"{about}:in")
    inform(turn, person, lambda there: said_to("away.told_person", there), f"{about}:me")
    for lead in powers.leads_of(turn, person)[:1]:
        if stand_in is None or lead.id != stand_in.id:
            key = "away.told_lead" if stand_in is not None else "away.told_lead_nobody"
            inform(turn, lead, lambda there, key=key: said_to(key, there), f"{about}:up")  # type: ignore[misc]


def _tell_back(turn: Turn, person: Person, absence: Absence) -> None:
    stand_in = turn.session.get(Person, absence.stand_in_id) if absence.stand_in_id else None
    for other in (stand_in, person):
        inform(
            turn, other,
            lambda there: Reply(text=there.say("away.told_back", name=directory.name_of(person, there.lang))),
            f"absence:{absence.id}:back",
        )  # fmt: skip


def stood_in(turn: Turn, person_id: str, at: datetime) -> frozenset[str]:
    """The ids of those for whom somebody stood in at an instant."""
    found = select(Absence.person_id).where(
        Absence.stand_in_id == person_id, Absence.from_at <= at, Absence.until_at > at
    )
    return frozenset(turn.session.execute(found).scalars())
