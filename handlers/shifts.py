"""The duty roster as it is changed: shifts added, moved, removed and copied, by whoever leads the area."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import directory, powers, wording
from handlers.informing import inform
from handlers.turn import Turn
from models.base import new_id
from models.grid import Grid, Shift
from models.message import Refused, Reply
from models.meta import audit
from models.person import Person

LONGEST: Final = timedelta(days=7)
FARTHEST: Final = timedelta(days=366)
WEEK: Final = timedelta(days=7)
ROLE: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")


def get(turn: Turn, shift_id: str) -> Shift:
    """A shift, locked until the unit ends; Refused for an unknown one."""
    found = turn.session.execute(
        select(Shift).where(Shift.id == shift_id).with_for_update(), execution_options={"populate_existing": True}
    ).scalar()
    if found is None:
        raise Refused("shift.gone")
    return found


def add(turn: Turn, person: Person, path: str, role: str, starts_at: datetime, ends_at: datetime) -> Shift:
    """Add one turn of the roster. Refused for an area that the speaker does not lead, and for times that cannot be."""
    _permit(turn, path)
    if not ROLE.fullmatch(role):
        raise Refused("shift.no_role")
    if turn.session.execute(select(Grid.id).where(Grid.path == path)).first() is None:
        raise Refused("shift.no_area")
    lock(turn, person.id)
    check_times(turn, starts_at, ends_at)
    check_free(turn, person, path, role, starts_at, ends_at)
    shift = Shift(id=new_id(turn.now), person_id=person.id, path=path, role=role, starts_at=starts_at, ends_at=ends_at)
    turn.session.add(shift)
    turn.session.flush()
    _note(turn, "shift_added", shift)
    tell(turn, person, "shift.told_added", shift, turn.now)
    return shift


def change(turn: Turn, shift_id: str, person: Person, starts_at: datetime, ends_at: datetime) -> Shift:
    """Give a shift other times or another person; who had it and who has it now are told."""
    shift = get(turn, shift_id)
    _permit(turn, shift.path)
    if shift.ends_at <= turn.now:
        raise Refused("shift.over")
    lock(turn, person.id)
    check_times(turn, starts_at, ends_at)
    check_free(turn, person, shift.path, shift.role, starts_at, ends_at, but=(shift.id,))
    former = turn.session.get(Person, shift.person_id)
    if former is not None and former.id != person.id:
        tell(turn, former, "shift.told_removed", shift, turn.now)
    same = former is not None and former.id == person.id
    if same and (shift.starts_at, shift.ends_at) == (starts_at, ends_at):
        return shift
    shift.person_id, shift.starts_at, shift.ends_at = person.id, starts_at, ends_at
    turn.session.flush()
    _note(turn, "shift_changed", shift)
    tell(turn, person, "shift.told_changed" if same else "shift.told_added", shift, turn.now)
    return shift


def remove(turn: Turn, shift_id: str) -> Shift:
    """Take a shift off the roster; one that has begun ends now, so that it stays known who was there."""
    shift = get(turn, shift_id)
    _permit(turn, shift.path)
    if shift.ends_at <= turn.now:
        raise Refused("shift.over")
    tell(turn, turn.session.get(Person, shift.person_id), "shift.told_removed", shift, turn.now)
    if shift.starts_at < turn.now:
        shift.ends_at = turn.now
    else:
        turn.session.delete(shift)
    turn.session.flush()
    _note(turn, "shift_removed", shift)
    return shift


def copy_week(turn: Turn, path: str, role: str, monday: datetime) -> int:
    """Copy the week before a Monday's midnight into the week that begins there; how many shifts were made.

    What has passed, people who have left, and whoever is on duty then already, are left out, so that a second run makes
    nothing.
    """
    _permit(turn, path)
    before = select(Shift, Person).join(Person, Person.id == Shift.person_id).where(
        Shift.path == path, Shift.role == role, Shift.starts_at >= monday - WEEK, Shift.starts_at < monday,
        Person.active,
    ).order_by(Shift.starts_at)  # fmt: skip
    made = 0
    for shift, person in turn.session.execute(before).all():
        starts_at, ends_at = shift.starts_at + WEEK, shift.ends_at + WEEK
        if ends_at <= turn.now or overlapping(turn.session, person.id, starts_at, ends_at, path=path, role=role):
            continue
        copied = Shift(
            id=new_id(turn.now), person_id=person.id, path=path, role=role, starts_at=starts_at, ends_at=ends_at
        )
        turn.session.add(copied)
        turn.session.flush()
        made += 1
    if made:
        audit(turn.session, turn.now, _me(turn), "shifts_copied", f"{made}:{role}@{path}"[:64])
    return made


# -- what holds for every change of a shift


def check_times(turn: Turn, starts_at: datetime, ends_at: datetime) -> None:
    """Refuse a shift that ends before it begins, lies in the past, is too long, or too far away."""
    if not starts_at < ends_at:
        raise Refused("shift.backwards")
    if ends_at <= turn.now:
        raise Refused("shift.past")
    if ends_at - starts_at > LONGEST:
        raise Refused("shift.too_long")
    if starts_at - turn.now > FARTHEST:
        raise Refused("shift.too_far")


def check_free(
    turn: Turn, person: Person, path: str, role: str, starts_at: datetime, ends_at: datetime,
    but: tuple[str, ...] = (),
) -> None:  # fmt: skip
    """Refuse whoever has left, and whoever is on the same roster in that time already. but: shifts that count no more."""
    if not person.active:
        raise Refused("shift.has_left", name=directory.name_of(person, turn.lang))
    for other in overlapping(turn.session, person.id, starts_at, ends_at, path=path, role=role):
        if other.id not in but:
            at = said(turn, other)
            raise Refused("shift.twice", name=directory.name_of(person, turn.lang), at=at)


def overlapping(
    session: Session, person_id: str, starts_at: datetime, ends_at: datetime, *, path: str = "", role: str = ""
) -> list[Shift]:
    """The shifts of a person that touch a stretch of time, of one roster or of all."""
    found = select(Shift).where(Shift.person_id == person_id, Shift.starts_at < ends_at, Shift.ends_at > starts_at)
    if path:
        found = found.where(Shift.path == path, Shift.role == role)
    return list(session.execute(found.order_by(Shift.starts_at)).scalars())


def lock(turn: Turn, *ids: str) -> None:
    """Let two changes of one person's shifts have one order."""
    wanted = select(Person.id).where(Person.id.in_(sorted(set(ids)))).order_by(Person.id)
    turn.session.execute(wanted.with_for_update(key_share=True))


def said(turn: Turn, shift: Shift) -> str:
    """When a shift is: 11月24日（周二）20:00 – 11月25日（周三）8:00."""
    zone = turn.school.zone
    value = {"start": shift.starts_at.isoformat(), "end": shift.ends_at.isoformat(), "timed": [True, True]}
    return wording.span(value, turn.lang, zone, turn.today)


def tell(turn: Turn, person: Person | None, key: str, shift: Shift, at: datetime) -> None:
    """Tell somebody what became of a shift."""

    def compose(there: Turn) -> Reply:
        area = directory.grid_name(turn.session, shift.path, there.lang)
        return Reply(
            text=there.say(key, area=area, role=wording.role(shift.role, there.lang, area), at=said(there, shift))
        )

    inform(turn, person, compose, f"{key.partition('.')[2]}:{shift.id}:{int(at.timestamp() * 1000)}")


def _permit(turn: Turn, path: str) -> None:
    if not powers.leads_area(turn, path):
        raise Refused("shift.not_yours")


def _me(turn: Turn) -> str | None:
    return turn.person.id if turn.person else None


def _note(turn: Turn, verb: str, shift: Shift) -> None:
    audit(turn.session, turn.now, _me(turn), verb, shift.id)
