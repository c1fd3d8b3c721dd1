"""What brings somebody to a ticket beside an area of their own, and what keeps them from it: as conditions of queries."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from handlers.duties import LOOKS
from models.absence import Absence
from models.grid import Duty, Shift
from models.person import Person
from models.recusal import Recusal
from models.ticket import Approval, Ticket


def lies_in(area: type[Duty | Shift]) -> ColumnElement[bool]:
    """Whether the area of a ticket is that of a duty or a shift, or lies below it."""
    return func.substr(Ticket.path, 1, func.length(area.path)) == area.path


def rostered(me: Any, now: Any) -> ColumnElement[bool]:
    """Whether somebody is on the duty roster over a ticket's area now, or was when it was opened; or stood in then for
    whoever answered for the area or was on the roster. me, now: values, or parameters of a statement."""
    absent = select(Absence.person_id).where(Absence.stand_in_id == me, Absence.from_at <= now, Absence.until_at > now)
    at_first = and_(Shift.starts_at <= Ticket.opened_at, Shift.ends_at > Ticket.opened_at)
    stood_in = and_(Absence.stand_in_id == me, Absence.from_at <= Ticket.opened_at, Absence.until_at > Ticket.opened_at)
    held = and_(Duty.from_at <= Ticket.opened_at, or_(Duty.until_at.is_(None), Duty.until_at > Ticket.opened_at))
    return or_(
        exists().where(
            or_(Shift.person_id == me, and_(Shift.person_id.in_(absent), Shift.ends_at > now)),
            lies_in(Shift),
            or_(and_(Shift.starts_at <= now, Shift.ends_at > now), at_first),
        ),
        exists().where(stood_in, Shift.person_id == Absence.person_id, at_first, lies_in(Shift)),
        exists().where(stood_in, Duty.person_id == Absence.person_id, held, lies_in(Duty)),
    )


def _in_force(me: Any, now: Any) -> ColumnElement[bool]:
    """The duties by which somebody answers for an area now: the own ones, and those of whom the person stands in for."""
    absent = select(Absence.person_id).where(Absence.stand_in_id == me, Absence.from_at <= now, Absence.until_at > now)
    mine = or_(Duty.person_id == me, Duty.person_id.in_(absent))
    return and_(mine, Duty.from_at <= now, or_(Duty.until_at.is_(None), Duty.until_at > now), Duty.other_than(LOOKS))


def around(me: Any, now: Any) -> ColumnElement[bool]:
    """Whether somebody's duties reach whoever asked in the other tree: a keeper who was given what stands in a class, or
    a counselor who is asked to sign what stands in a dormitory, until it is signed."""
    absent = select(Absence.person_id).where(Absence.stand_in_id == me, Absence.from_at <= now, Absence.until_at > now)
    asked = exists().where(
        Approval.ticket_id == Ticket.id, or_(Approval.to_id == me, Approval.to_id.in_(absent)),
        Approval.decision == "", Approval.void_rev.is_(None),
    ).correlate(Ticket)  # fmt: skip
    lives = func.substr(Person.residential_path, 1, func.length(Duty.path)) == Duty.path
    learns = func.substr(Person.academic_path, 1, func.length(Duty.path)) == Duty.path
    near = and_(_in_force(me, now), Person.id == Ticket.requester_id)
    return or_(
        exists().where(near, lives).correlate(Ticket), and_(asked, exists().where(near, learns).correlate(Ticket))
    )


def not_about(me: Any, now: Any, *, alone: bool = False) -> ColumnElement[bool]:
    """Whether somebody is not kept out of a ticket because it is about them (回避), whatever their duties reach.

    Whoever only takes the part of such a person does not see it either: it needs an own duty there, or to work on it.
    alone: of somebody who never stood in for anybody. Hardly any ticket is about anybody, which its own mark tells first.
    """
    nobody = Ticket.recused.is_(False)
    free = Ticket.id.not_in(select(Recusal.ticket_id).where(Recusal.person_id == me))
    if alone:
        return or_(nobody, free)
    absent = select(Absence.person_id).where(Absence.stand_in_id == me, Absence.from_at <= now, Absence.until_at > now)
    parts = Ticket.id.not_in(select(Recusal.ticket_id).where(Recusal.person_id.in_(absent)))
    own = exists().where(
        Duty.person_id == me, Duty.from_at <= now, or_(Duty.until_at.is_(None), Duty.until_at > now),
        Duty.other_than(LOOKS), lies_in(Duty),
    ).correlate(Ticket)  # fmt: skip
    return or_(nobody, and_(free, or_(parts, Ticket.assignee_id == me, Ticket.owner_id == me, own)))
