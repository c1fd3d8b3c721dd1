"""Roles given and ended from the console: by administrators, and by whoever leads the area; nothing moves in silence."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, or_, select

from handlers import directory, powers, wording
from handlers.duties import up
from handlers.informing import inform
from handlers.seats import ADMINISTRATOR
from handlers.shifts import ROLE
from handlers.turn import Turn
from models.base import new_id
from models.grid import Duty, Grid
from models.message import Refused, Reply
from models.meta import audit
from models.person import Person
from models.ticket import OPEN, Ticket

UNDO: Final = timedelta(minutes=10)  # for so long a change can be taken back with one press


def get(turn: Turn, duty_id: str) -> tuple[Duty, Person]:
    """A duty and whose it is, locked until the unit ends. Refused for an unknown one and for one out of reach."""
    duty = turn.session.execute(select(Duty).where(Duty.id == duty_id).with_for_update()).scalar()
    if duty is None or not powers.leads_area(turn, duty.path):
        raise Refused("ticket.not_found")
    return duty, turn.session.get_one(Person, duty.person_id)


def give(
    turn: Turn, person: Person, path: str, role: str, *, leads: bool, from_at: datetime, until_at: datetime | None
) -> Duty:  # fmt: skip
    """Give somebody a role for an area, from an instant until another or for good.

    Refused for an area that the speaker does not lead; for the role of an administrator where he is none; for a role
    that leads, given to himself; for whoever has it already at that time.
    """
    grid = turn.session.execute(select(Grid).where(Grid.path == path)).scalar()
    if grid is None or not powers.leads_area(turn, path):
        raise Refused("roles.not_yours")
    if person.kind != "staff" or not person.active:
        raise Refused("roles.no_staff", name=directory.name_of(person, turn.lang))
    if not ROLE.fullmatch(role):
        raise Refused("shift.no_role")
    own = turn.person is not None and person.id == turn.person.id
    if (role == ADMINISTRATOR or (own and leads)) and not powers.is_administrator(turn):
        raise Refused("roles.administrators_only")
    if until_at is not None and until_at <= max(from_at, turn.now):
        raise Refused("roles.backwards")
    turn.session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    has = select(Duty.id).where(
        Duty.person_id == person.id, Duty.path == path, Duty.role == role,
        or_(Duty.until_at.is_(None), Duty.until_at > from_at),
        *([Duty.from_at < until_at] if until_at is not None else []),
    )  # fmt: skip
    if turn.session.execute(has).first() is not None:
        raise Refused("roles.has_it", name=directory.name_of(person, turn.lang))
    duty = Duty(
        id=new_id(turn.now), person_id=person.id, path=path, role=role, leads=leads, from_at=from_at, until_at=until_at
    )
    turn.session.add(duty)
    turn.session.flush()
    _note(turn, "role_given", duty, person)
    _tell(turn, person, "roles.told_given", duty)
    return duty


def end(turn: Turn, duty_id: str, until_at: datetime) -> tuple[Duty, datetime | None]:
    """End a role at an instant, from now on at the earliest; answers with the duty and when it would have ended before."""
    duty, person = get(turn, duty_id)
    if duty.until_at is not None and duty.until_at <= turn.now:
        raise Refused("roles.over")
    if duty.role == ADMINISTRATOR and not powers.is_administrator(turn):
        raise Refused("roles.administrators_only")
    if duty.role == ADMINISTRATOR and _administrators(turn) < 2:
        raise Refused("roles.last_administrator")
    before = duty.until_at
    # One that has not begun ends at its own first instant, so that it never was in force.
    duty.until_at = max(until_at, turn.now, duty.from_at)
    turn.session.flush()
    _note(turn, "role_ended", duty, person)
    _tell(turn, person, "roles.told_ended", duty)
    return duty, before


def restore(turn: Turn, duty_id: str, until_at: datetime | None) -> Duty:
    """Take an end back, shortly after it was set: the role goes on until the instant that it had before, None for good."""
    duty, person = get(turn, duty_id)
    if duty.until_at is None or turn.now - duty.until_at > UNDO:
        raise Refused("roles.too_late")
    if duty.role == ADMINISTRATOR and not powers.is_administrator(turn):
        raise Refused("roles.administrators_only")
    if until_at is not None and until_at <= turn.now:
        raise Refused("roles.backwards")
    duty.until_at = until_at
    turn.session.flush()
    _note(turn, "role_restored", duty, person)
    _tell(turn, person, "roles.told_given", duty)
    return duty


def left_behind(turn: Turn, duty: Duty) -> int:
    """How many open tickets of a person lie in an area that no other duty of his reaches: what nobody sees to once the
    role has ended. They stay with him until they are handed over."""
    others = select(Duty.path).where(
        Duty.person_id == duty.person_id, Duty.id != duty.id, Duty.from_at <= turn.now,
        or_(Duty.until_at.is_(None), Duty.until_at > turn.now),
    )  # fmt: skip
    held = set(turn.session.execute(others).scalars())
    rows = turn.session.execute(
        select(Ticket.path, func.count())
        .where(Ticket.assignee_id == duty.person_id, Ticket.status.in_(OPEN), Ticket.path.startswith(duty.path))
        .group_by(Ticket.path)
    )
    return sum(count for path, count in rows if not held & set(up(path)))


def _administrators(turn: Turn) -> int:
    found = select(func.count(Duty.person_id.distinct())).join(Person, Person.id == Duty.person_id).where(
        Duty.role == ADMINISTRATOR, Person.active, Duty.from_at <= turn.now,
        or_(Duty.until_at.is_(None), Duty.until_at > turn.now),
    )  # fmt: skip
    return turn.session.execute(found).scalar_one()


def _note(turn: Turn, verb: str, duty: Duty, person: Person) -> None:
    by = turn.person.id if turn.person else None
    audit(turn.session, turn.now, by, verb, f"{person.number}:{duty.id}"[:64])


def _tell(turn: Turn, person: Person, key: str, duty: Duty) -> None:
    def compose(there: Turn) -> Reply:
        area, until = directory.grid_name(turn.session, duty.path, there.lang), there.say("roles.for_good")
        if duty.until_at is not None:
            until = wording.moment(duty.until_at, there.lang, turn.school.zone, turn.today)
        return Reply(text=there.say(key, area=area, role=wording.role(duty.role, there.lang, area), until=until))

    inform(turn, person, compose, f"{key.partition('.')[2]}:{duty.id}:{int(turn.now.timestamp() * 1000)}")
