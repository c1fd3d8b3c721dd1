"""Swapping a shift: asked by whoever has it, accepted by the other, and only while both are as they were when it was asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import or_, select

from handlers import directory, shifts, wording
from handlers.informing import inform
from handlers.turn import Turn
from models.absence import Swap
from models.base import new_id
from models.grid import Duty, Shift
from models.message import Choice, Refused, Reply
from models.meta import audit
from models.person import Person

AHEAD: Final = timedelta(days=28)  # shifts so far ahead are offered
MOST: Final = 40


def mine(turn: Turn, most: int = MOST) -> list[Shift]:
    """The speaker's shifts that are still to begin, the next first."""
    return _of(turn, turn.person.id if turn.person else "", most)


def running(turn: Turn) -> list[Shift]:
    """The speaker's shifts that have begun and are not over."""
    who = turn.person.id if turn.person else ""
    found = select(Shift).where(Shift.person_id == who, Shift.starts_at <= turn.now, Shift.ends_at > turn.now)
    return list(turn.session.execute(found.order_by(Shift.starts_at).limit(MOST)).scalars())


def _of(turn: Turn, person_id: str, most: int = MOST) -> list[Shift]:
    found = select(Shift).where(
        Shift.person_id == person_id, Shift.starts_at > turn.now, Shift.starts_at < turn.now + AHEAD
    )
    return list(turn.session.execute(found.order_by(Shift.starts_at).limit(most)).scalars())


def colleagues(turn: Turn, shift: Shift) -> list[Person]:
    """Who could take a shift: whoever stands on the same roster or holds a duty at its area, by number; not its holder."""
    rostered = select(Shift.person_id).where(
        Shift.path == shift.path, Shift.role == shift.role,
        Shift.ends_at > turn.now - AHEAD, Shift.starts_at < turn.now + AHEAD,
    )  # fmt: skip
    held = select(Duty.person_id).where(
        Duty.path == shift.path, Duty.from_at <= turn.now, or_(Duty.until_at.is_(None), Duty.until_at > turn.now)
    )  # fmt: skip
    found = select(Person).where(
        or_(Person.id.in_(rostered), Person.id.in_(held)), Person.active, Person.id != shift.person_id
    )
    return list(turn.session.execute(found.order_by(Person.number).limit(MOST)).scalars())


def exchanges(turn: Turn, shift: Shift, person: Person, most: int = 4) -> list[Shift]:
    """Shifts of a colleague on the same roster that could be taken for one's own."""
    return [each for each in _of(turn, person.id) if (each.path, each.role) == (shift.path, shift.role)][:most]


def waiting(turn: Turn) -> list[tuple[Swap, Shift, Shift | None]]:
    """What the speaker asked or is asked and nobody has answered, with the shifts as they are now; the nearest first. What
    can be swapped no more, since the shift given for it has begun or is another's, is left out."""
    me = turn.person.id if turn.person else ""
    found = select(Swap, Shift).join(Shift, Shift.id == Swap.shift_id).where(
        Swap.status == "asked", or_(Swap.to_id == me, Swap.from_id == me), Shift.starts_at > turn.now
    )  # fmt: skip
    rows = turn.session.execute(found.order_by(Shift.starts_at).limit(MOST)).all()
    found_ = [
        (swap, shift, turn.session.get(Shift, swap.return_id) if swap.return_id else None) for swap, shift in rows
    ]
    return [
        (swap, shift, given) for swap, shift, given in found_ if shift.person_id == swap.from_id
        and (not swap.return_id or (given is not None and given.starts_at > turn.now and given.person_id == swap.to_id))
    ]  # fmt: skip


def ask(turn: Turn, shift_id: str, to: Person, return_id: str = "") -> Swap:
    """Ask a colleague to take one's own shift, for one of his in exchange or for none; he is told with two buttons."""
    shifts.lock(turn, to.id, turn.person.id if turn.person else "")
    shift = shifts.get(turn, shift_id)
    given = shifts.get(turn, return_id) if return_id else None
    me = turn.person
    if me is None or shift.person_id != me.id:
        raise Refused("shift.gone")
    if shift.starts_at <= turn.now:
        raise Refused("swap.begun")
    if to.id == me.id or to not in colleagues(turn, shift):
        raise Refused("swap.no_colleague", name=directory.name_of(to, turn.lang))
    _check(turn, shift, given, me, to)
    for old in turn.session.execute(
        select(Swap).where(Swap.shift_id == shift.id, Swap.status == "asked").with_for_update()
    ).scalars():
        old.status, old.decided_at = "withdrawn", turn.now
    swap = Swap(
        id=new_id(turn.now), shift_id=shift.id, return_id=given.id if given else None, from_id=me.id, to_id=to.id,
        status="asked", at=turn.now, decided_at=None,
    )  # fmt: skip
    turn.session.add(swap)
    turn.session.flush()
    audit(turn.session, turn.now, me.id, "swap_asked", swap.id)
    inform(turn, to, lambda there: offer(there, swap, shift, given, told=True), f"swap:{swap.id}:asked")
    return swap


def other_side(turn: Turn, chosen: str) -> tuple[str, Person]:
    """What was chosen in a list: a colleague, or one of his shifts; the shift's id ("" for none) and the colleague."""
    given = turn.session.get(Shift, chosen)
    person = turn.session.get(Person, given.person_id if given is not None else chosen)
    if person is None:
        raise Refused("shift.gone")
    return (given.id if given is not None else ""), person


def offer(turn: Turn, swap: Swap, shift: Shift, given: Shift | None, *, told: bool = False) -> Reply:
    """The question to the other, with its two buttons. told: as a notice, which has words and no numbers (handlers/picking.py)."""
    values = _values(turn, shift, given) | {"name": _name(turn, swap.from_id)}
    choices = tuple(
        Choice(
            label=turn.say(f"swap.{verb}"),
            send=f"w:shift:swap:{swap.id}:{verb}",
            style="main" if verb == "yes" else "",
            words=turn.say(f"swap.{verb}_words") if told else "",
        )
        for verb in ("yes", "no")
    )
    return Reply(text=turn.say("swap.asked_exchange" if given else "swap.asked", **values), choices=choices)


def answer(turn: Turn, swap_id: str, *, accept: bool) -> tuple[Swap, str]:
    """Accept a swap or say no to it; answers with what is to be said. Only whoever was asked may, and only while the
    shifts are still whose they were: two swaps of one shift have one winner, and the other reads why it is too late."""
    swap = _locked(turn, swap_id)
    me = turn.person
    if me is None or swap.to_id != me.id:
        raise Refused("ticket.not_found")
    if swap.status != "asked":
        raise Refused(f"swap.is_{swap.status}")
    shift = shifts.get(turn, swap.shift_id)
    given = shifts.get(turn, swap.return_id) if swap.return_id else None
    asker = turn.session.get_one(Person, swap.from_id)
    if accept:
        if shift.person_id != asker.id or shift.starts_at <= turn.now:
            raise Refused("swap.too_late")
        shifts.lock(turn, asker.id, me.id)
        _check(turn, shift, given, asker, me)
        shift.person_id = me.id
        if given is not None:
            given.person_id = asker.id
    swap.status, swap.decided_at = ("accepted" if accept else "declined"), turn.now
    turn.session.flush()
    audit(turn.session, turn.now, me.id, f"swap_{swap.status}", swap.id)
    _tell(turn, swap, shift, given, asker)
    key = "declined_done" if not accept else "accepted_done_exchange" if given else "accepted_done"
    values = _values(turn, shift, given if accept else None)
    return swap, turn.say(f"swap.{key}", **values, name=directory.name_of(asker, turn.lang)).rstrip()


def withdraw(turn: Turn, swap_id: str) -> Swap:
    """Take back what one has asked and nobody has answered; the other is told."""
    swap = _locked(turn, swap_id)
    if turn.person is None or swap.from_id != turn.person.id:
        raise Refused("ticket.not_found")
    if swap.status != "asked":
        raise Refused(f"swap.is_{swap.status}")
    swap.status, swap.decided_at = "withdrawn", turn.now
    turn.session.flush()
    shift = turn.session.get(Shift, swap.shift_id)
    if shift is not None:
        values = {"name": _name(turn, swap.from_id), "shift": shifts.said(turn, shift)}
        to = turn.session.get(Person, swap.to_id)
        inform(turn, to, lambda there: Reply(text=there.say("swap.told_withdrawn", **values)), f"swap:{swap.id}:back")
    return swap


def _locked(turn: Turn, swap_id: str) -> Swap:
    found = select(Swap).where(Swap.id == swap_id).with_for_update()
    swap = turn.session.execute(found, execution_options={"populate_existing": True}).scalar()
    if swap is None:
        raise Refused("ticket.not_found")
    return swap


def _check(turn: Turn, shift: Shift, given: Shift | None, asker: Person, to: Person) -> None:
    """Refuse a swap by which somebody would be on duty twice at once, or that names a shift which is no longer the other's."""
    if given is not None:
        if given.person_id != to.id or given.starts_at <= turn.now:
            raise Refused("swap.too_late")
        if (given.path, given.role) != (shift.path, shift.role):
            raise Refused("swap.other_roster")
        shifts.check_free(turn, asker, given.path, given.role, given.starts_at, given.ends_at, but=(shift.id, given.id))
    but = (shift.id, *([given.id] if given is not None else []))
    shifts.check_free(turn, to, shift.path, shift.role, shift.starts_at, shift.ends_at, but=but)


def _tell(turn: Turn, swap: Swap, shift: Shift, given: Shift | None, asker: Person) -> None:
    """Tell whoever asked, and after a swap whoever leads the area."""

    def compose(key: str, there: Turn) -> Reply:
        values, other = _values(there, shift, given), _name(there, swap.from_id)
        if given is not None:
            is_done = swap.status == "accepted"
            values["given"] = there.say("swap.in_return", shift=values["given"], name=other) if is_done else ""
        return Reply(text=there.say(key, **values, name=_name(there, swap.to_id), other=other).rstrip())

    about = f"swap:{swap.id}:{swap.status}"
    inform(turn, asker, lambda there: compose(f"swap.told_{swap.status}", there), about)
    if swap.status == "accepted":
        above = [lead for lead in directory.leads(turn.session, shift.path, turn.now) if lead.id != asker.id]
        for lead in above[:1]:
            inform(turn, lead, lambda there: compose("swap.told_lead", there), f"{about}:up")


def _values(turn: Turn, shift: Shift, given: Shift | None) -> dict[str, str]:
    area = directory.grid_name(turn.session, shift.path, turn.lang)
    return {
        "area": area, "role": wording.role(shift.role, turn.lang, area),
        "shift": shifts.said(turn, shift), "given": shifts.said(turn, given) if given is not None else "",
    }  # fmt: skip


def _name(turn: Turn, person_id: str) -> str:
    return directory.name_of(turn.session.get(Person, person_id), turn.lang)
