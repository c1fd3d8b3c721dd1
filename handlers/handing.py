"""Handing over: all that one person has is given to another in one step, in batches that can be resumed and undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import and_, func, or_, select

from handlers import cards, directory, notices, powers, signers, tickets
from handlers import handing_rows as rows
from handlers.informing import inform
from handlers.tickets.climbing import above
from handlers.tickets.record import record
from handlers.tickets.unowned import alarm
from handlers.turn import Turn
from models.absence import Absence, Handover
from models.base import new_id
from models.grid import Duty, Shift
from models.message import Refused, Reply
from models.meta import audit
from models.outbox import Lane
from models.person import Account, Person
from models.ticket import OPEN, Event, Ticket

UNDO: Final = timedelta(days=1)  # for so long it can be undone
BATCH: Final = 50  # requesters in one unit: each is told once, of all that is theirs
KEY: Final = "hand:"


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody has: open tickets and of how many students, duties in force, shifts to come, part to take for others."""

    tickets: int
    students: int
    duties: int
    shifts: int
    absences: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to give."""
        return not (self.tickets or self.duties or self.shifts or self.absences)


def weigh(turn: Turn, person: Person) -> Load:
    """What would be handed over now."""
    mine = and_(rows.has(person.id), Ticket.status.in_(OPEN))
    whose = func.coalesce(Ticket.requester_id, Ticket.account_id)
    tickets_, students = turn.session.execute(select(func.count(), func.count(whose.distinct())).where(mine)).one()

    def count(table: Any, *conditions: Any) -> int:
        return int(turn.session.execute(select(func.count(table.id)).where(*conditions)).scalar_one())

    return Load(
        tickets_, students, count(Duty, *rows.duties(turn, person)), count(Shift, *rows.shifts(turn, person)),
        count(Absence, Absence.stand_in_id == person.id, Absence.until_at > turn.now),
    )  # fmt: skip


def check(turn: Turn, giver: Person, taker: Person, *, by_operator: bool = False) -> None:
    """Refuse a handing over to oneself, to somebody who left or is away, and by whoever leads neither of the two."""
    if giver.id == taker.id:
        raise Refused("handing.same")
    if taker.kind != "staff" or not taker.active:
        raise Refused("handing.no_staff", name=directory.name_of(taker, turn.lang))
    if directory.is_away(turn.session, taker.id, turn.now):
        raise Refused("handing.is_away", name=directory.name_of(taker, turn.lang))
    if not by_operator and not powers.leads_person(turn, giver):
        raise Refused("handing.not_yours")


def begin(turn: Turn, giver: Person, taker: Person, *, by_operator: bool = False) -> Handover:
    """Give duties (from now), shifts to come and absences to stand in for; tickets follow in batches (`step`).

    One that was begun between the same two and not finished goes on as it is. Raises Refused as `check` does.
    """
    turn.session.execute(
        select(Person.id).where(Person.id.in_(sorted((giver.id, taker.id)))).order_by(Person.id)
        .with_for_update(key_share=True)
    )  # fmt: skip
    check(turn, giver, taker, by_operator=by_operator)
    open_ = select(Handover).where(
        Handover.from_id == giver.id, Handover.to_id == taker.id, Handover.done_at.is_(None),
        Handover.undone_at.is_(None),
    )  # fmt: skip
    found = turn.session.execute(open_).scalar()
    by_id = turn.person.id if turn.person else None
    if found is not None:
        found.by_id = by_id  # Whoever comes back to it goes on with it.
        return found
    handover = Handover(
        id=new_id(turn.now), from_id=giver.id, to_id=taker.id, by_id=by_id, at=turn.now, done_at=None, undone_at=None,
        moved={**rows.move_duties(turn, giver, taker), **rows.move_rest(turn, giver, taker)},
    )  # fmt: skip
    turn.session.add(handover)
    turn.session.flush()
    audit(turn.session, turn.now, by_id, "handed_over", f"{giver.number}:{taker.number}"[:64])
    return handover


def step(turn: Turn, handover: Handover, batch: int = BATCH) -> int:
    """Give the tickets of a batch of students, each of whom is told once; how many tickets that were. 0: it is done."""
    giver, taker = (turn.session.get_one(Person, each) for each in (handover.from_id, handover.to_id))
    whose = func.coalesce(Ticket.requester_id, Ticket.account_id)
    mine = and_(rows.has(giver.id), Ticket.status.in_(OPEN))
    asked = turn.session.execute(select(whose).where(mine).distinct().order_by(whose).limit(batch)).scalars().all()
    if not asked:
        if handover.done_at is None:
            handover.done_at = turn.now
            _tell_taker(turn, handover, giver, taker)
            turn.session.flush()
        return 0
    wanted = turn.session.execute(select(Ticket.id, whose).where(mine, whose.in_(asked)).order_by(Ticket.id)).all()
    count: dict[str, list[Ticket]] = {}
    for ticket_id, asker in wanted:
        ticket = tickets.get(turn, ticket_id)
        if ticket is None or not ticket.is_open or giver.id not in (ticket.assignee_id, ticket.owner_id):
            continue
        was = ("a" if ticket.assignee_id == giver.id else "") + ("o" if ticket.owner_id == giver.id else "")
        to: Person | None = taker
        if taker.id in signers.concerned_by(turn, cards.item_of(turn, ticket), ticket):
            to = next(iter(above(turn, ticket)), None)  # What the taker asked for, or what is about the taker, goes up.
        ticket.assignee_id = (to.id if to else None) if "a" in was else ticket.assignee_id
        ticket.owner_id = (to.id if to else None) if "o" in was else ticket.owner_id
        record(turn, ticket, "handed_over", by=turn.person, to=to, key=f"{KEY}{handover.id}:{was}")
        alarm(turn, ticket)
        count.setdefault(asker, []).append(ticket)
    for found in count.values():
        _tell_student(turn, handover, found, taker)
    return sum(len(found) for found in count.values())


def go_on(turn: Turn, handover_id: str, *, by_operator: bool = False) -> int:
    """The next batch of a handing over that was begun (`step`); 0 when there is none left."""
    handover = turn.session.execute(select(Handover).where(Handover.id == handover_id).with_for_update()).scalar()
    if handover is None or handover.undone_at is not None:
        return 0
    if not by_operator and (turn.person is None or handover.by_id != turn.person.id):
        raise Refused("ticket.not_found")
    return step(turn, handover)


def undo(turn: Turn, handover_id: str, batch: int = BATCH, *, by_operator: bool = False) -> int:
    """Give everything back that is still as it was given, a batch of tickets a unit; how many. 0: all is undone.

    Refused after a day, and for whoever leads neither of the two.
    """
    handover = turn.session.execute(select(Handover).where(Handover.id == handover_id).with_for_update()).scalar()
    if handover is None:
        raise Refused("ticket.not_found")
    giver, taker = (turn.session.get_one(Person, each) for each in (handover.from_id, handover.to_id))
    if not by_operator and not powers.leads_person(turn, giver):
        raise Refused("ticket.not_found")
    if turn.now - handover.at > UNDO:
        raise Refused("handing.too_late")
    if handover.undone_at is None:
        rows.move_back(turn, handover, giver, taker)
        handover.undone_at = handover.done_at = turn.now
        turn.session.flush()
        by_id = turn.person.id if turn.person else None
        audit(turn.session, turn.now, by_id, "handed_back", f"{giver.number}:{taker.number}"[:64])
    return _tickets_back(turn, handover, giver, taker, batch)


def newest_of(turn: Turn, person_id: str) -> Handover | None:
    """The newest handing over of what somebody had that can still be resumed or undone."""
    found = select(Handover).where(
        Handover.from_id == person_id, Handover.undone_at.is_(None),
        or_(Handover.at > turn.now - UNDO, Handover.done_at.is_(None)),
    )  # fmt: skip
    return turn.session.execute(found.order_by(Handover.at.desc()).limit(1)).scalar()


# -- back


def _tickets_back(turn: Turn, handover: Handover, giver: Person, taker: Person, batch: int) -> int:
    """The tickets of a batch of students that were given and are still with the taker."""
    key, whose = f"{KEY}{handover.id}:", func.coalesce(Ticket.requester_id, Ticket.account_id)
    back = select(Event.ticket_id).where(Event.key == f"{key}back")
    given = select(whose, Ticket.id, Event.key).join(Event, Event.ticket_id == Ticket.id).where(
        Event.kind == "handed_over", Event.key.startswith(key), Event.to_id == taker.id, rows.has(taker.id),
        Ticket.status.in_(OPEN), Ticket.id.not_in(back),
    )  # fmt: skip
    asked = turn.session.execute(given.with_only_columns(whose).distinct().order_by(whose).limit(batch)).scalars().all()
    told: dict[str, list[Ticket]] = {}
    for asker, ticket_id, was in turn.session.execute(given.where(whose.in_(asked)).order_by(Ticket.id)).all():
        ticket = tickets.get(turn, ticket_id)
        if ticket is None:
            continue
        if "a" in was.rpartition(":")[2] and ticket.assignee_id == taker.id:
            ticket.assignee_id = giver.id
        if "o" in was.rpartition(":")[2] and ticket.owner_id == taker.id:
            ticket.owner_id = giver.id
        record(turn, ticket, "handed_over", by=turn.person, to=giver, key=f"{key}back")
        told.setdefault(asker, []).append(ticket)
    for found in told.values():
        _tell_student(turn, handover, found, giver)
    return sum(len(found) for found in told.values())


# -- who hears of it


def _tell_student(turn: Turn, handover: Handover, found: Sequence[Ticket], taker: Person) -> None:
    """One message a student: whom all that is open lies with from now on. A cry for help is not spoken of here."""
    shown = [ticket for ticket in found if not cards.item_of(turn, ticket).urgent]
    if not shown:
        return
    about = f"h:{handover.id}:{shown[0].id}:{taker.id}"  # with an address just as long as the outbox takes

    def compose(there: Turn) -> Reply:
        numbers = there.say("form.or").join(ticket.number for ticket in shown[:5])
        return Reply(
            text=there.say(
                "handing.told_student", name=directory.name_of(taker, there.lang), count=len(shown), numbers=numbers
            )
        )

    first = shown[0]
    if first.requester_id is not None:
        inform(turn, turn.session.get(Person, first.requester_id), compose, about)
        return
    address = turn.session.get(Account, first.account_id) if first.account_id else None
    if address is not None:
        there = turn.to(address.lang, address.channel)
        notices.send(turn, address, compose(there), Lane.interactive, f"{about}:{address.id}")


def _tell_taker(turn: Turn, handover: Handover, giver: Person, taker: Person) -> None:
    count = select(func.count()).where(Event.kind == "handed_over", Event.key.startswith(f"{KEY}{handover.id}:"))
    moved = turn.session.execute(count).scalar_one()
    values = {"tickets": moved, "duties": len(handover.moved["ended"]) + len(handover.moved["turned"]),
              "shifts": len(handover.moved["shifts"])}  # fmt: skip
    for person, key in ((taker, "handing.told_taker"), (giver, "handing.told_giver")):
        other = giver if person is taker else taker

        def compose(there: Turn, key: str = key, other: Person = other) -> Reply:
            return Reply(text=there.say(key, name=directory.name_of(other, there.lang), **values))

        inform(turn, person, compose, f"handover:{handover.id}:done")
