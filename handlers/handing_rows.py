"""The rows beside tickets that change hands with a person's work: duties, shifts to come, parts taken for others."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from handlers.turn import Turn
from models.absence import Absence, Handover
from models.base import new_id
from models.grid import Duty, Shift
from models.person import Person
from models.ticket import Ticket


def has(person_id: str) -> Any:
    """The condition of what somebody works on or owns."""
    return or_(Ticket.assignee_id == person_id, Ticket.owner_id == person_id)


def duties(turn: Turn, person: Person) -> tuple[Any, ...]:
    """The conditions of somebody's duties in force and to come."""
    return (Duty.person_id == person.id, or_(Duty.until_at.is_(None), Duty.until_at > turn.now))


def shifts(turn: Turn, person: Person) -> tuple[Any, ...]:
    """The conditions of somebody's shifts that are not over."""
    return (Shift.person_id == person.id, Shift.ends_at > turn.now)


def move_duties(turn: Turn, giver: Person, taker: Person) -> dict[str, Any]:
    """End the giver's duties and give the taker the same from now on, where he has not got them already."""
    ended: dict[str, str | None] = {}
    made: list[str] = []
    turned: list[str] = []
    held = {
        (duty.path, duty.role): duty
        for duty in turn.session.execute(select(Duty).where(*duties(turn, taker))).scalars()
        if duty.from_at <= turn.now and duty.until_at is None
    }
    for duty in turn.session.execute(select(Duty).where(*duties(turn, giver)).with_for_update()).scalars().all():
        if duty.from_at > turn.now:
            duty.person_id = taker.id
            turned.append(duty.id)
            continue
        ended[duty.id] = duty.until_at.isoformat() if duty.until_at else None
        until_at, duty.until_at = duty.until_at, turn.now
        same = held.get((duty.path, duty.role))
        if same is not None and (same.leads or not duty.leads):
            continue
        new = Duty(
            id=new_id(turn.now), person_id=taker.id, path=duty.path, role=duty.role, leads=duty.leads,
            from_at=turn.now, until_at=until_at,
        )  # fmt: skip
        turn.session.add(new)
        made.append(new.id)
    turn.session.flush()
    return {"ended": ended, "made": made, "turned": turned}


def move_rest(turn: Turn, giver: Person, taker: Person) -> dict[str, Any]:
    """Give the shifts to come, and the part to take for others; one who is the taker himself is stood in for by nobody."""
    moved = turn.session.execute(select(Shift).where(*shifts(turn, giver)).with_for_update()).scalars().all()
    for shift in moved:
        shift.person_id = taker.id
    parts = turn.session.execute(
        select(Absence).where(Absence.stand_in_id == giver.id, Absence.until_at > turn.now).with_for_update()
    ).scalars().all()  # fmt: skip
    for absence in parts:
        absence.stand_in_id = taker.id if absence.person_id != taker.id else None
    turn.session.flush()
    return {"shifts": [each.id for each in moved], "absences": [each.id for each in parts]}


def move_back(turn: Turn, handover: Handover, giver: Person, taker: Person) -> None:
    """Duties, shifts and parts as they were, as far as nobody has changed them since."""
    moved, session = handover.moved, turn.session
    for duty_id, until in moved["ended"].items():
        duty = session.get(Duty, duty_id)
        if duty is not None and duty.until_at == handover.at:
            duty.until_at = datetime.fromisoformat(until) if until else None
    for duty_id in moved["made"]:
        duty = session.get(Duty, duty_id)
        if duty is not None and (duty.until_at is None or duty.until_at > turn.now):
            duty.until_at = max(turn.now, duty.from_at)
    for duty_id in moved["turned"]:
        duty = session.get(Duty, duty_id)
        if duty is not None and duty.person_id == taker.id:
            duty.person_id = giver.id
    for shift_id in moved["shifts"]:
        shift = session.get(Shift, shift_id)
        if shift is not None and shift.person_id == taker.id and shift.ends_at > turn.now:
            shift.person_id = giver.id
    for absence_id in moved["absences"]:
        absence = session.get(Absence, absence_id)
        if absence is not None and absence.stand_in_id in (taker.id, None) and absence.person_id != giver.id:
            absence.stand_in_id = giver.id
    session.flush()
