"""The slip of a leave (假条): what it says, and what its code tells somebody at a gate, who is told no more than a gate needs."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from handlers import access, cards, directory, lengths, limits, prolonged, wording
from handlers.turn import Turn
from models.db import seal_of
from models.item import Item
from models.message import Link
from models.person import Person
from models.ticket import Approval, Resolution, Status, Ticket

LENGTH: Final = 20  # hex digits of a code: 80 bits, which nobody guesses at a gate's pace
VALID: Final = "valid"
PENDING: Final = "pending"
STATES: Final = ("valid", "early", PENDING, "back", "void", "over")  # 有效, 未生效 twice, 已销假, 已撤销, 已过期


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip as its student prints it. state: one of STATES; address: where its code leads; at: the instant of the look.

    Its days carry their year, since paper outlives it.
    """

    number: str
    title: str
    name: str
    student: str
    place: str
    kind: str
    span: str
    length: str
    signers: tuple[tuple[str, str], ...]
    state: str
    said: str
    address: str
    at: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a gate reads: the state, whose slip it is (family name, and the end of the number), from when to when, whether
    the student may leave campus on it (None: not said), and the instant of the look."""

    state: str
    said: str
    who: str
    student: str
    span: str
    campus: bool | None
    at: str


def link(turn: Turn, ticket: Ticket) -> Link | None:
    """The way to the slip of an approved leave, for the notice that tells of it."""
    if ticket.back_at is None or ticket.status != Status.waiting:
        return None
    return Link(label=turn.say("slip.open"), url=f"{turn.school.base_url.rstrip('/')}/slip/{ticket.number}")


def slip(turn: Turn, number: str) -> Slip | None:
    """The speaker's slip of a leave that is or was approved, or waits for that: the way to it stands in messages of before a
    change. None for everything else."""
    seen = access.visible(turn.session, turn.person, turn.now)
    ticket = turn.session.execute(select(Ticket).where(Ticket.number == number, seen)).scalar()
    if ticket is None or not _is_leave(turn, ticket) or not (ticket.is_open or _was_given(turn, ticket)):
        return None
    person = turn.session.get(Person, ticket.requester_id) if ticket.requester_id else None
    item, address = cards.item_of(turn, ticket), ticket.number
    # Whoever was given more days prints what counts now, whichever of the numbers is asked for.
    ticket = prolonged.newest_of(turn, ticket)
    field = item.field("kind")
    kind = field.option(ticket.answers.get("kind")) if field else None
    state = state_of(turn, ticket)
    return Slip(
        ticket.number, item.title.to(turn.lang), directory.name_of(person, turn.lang), person.number if person else "",
        directory.grid_name(turn.session, person.academic_path if person else None, turn.lang),
        kind.label.to(turn.lang) if kind else "", span_of(turn, ticket, dated=True),
        lengths.said(turn.lang, item, ticket.answers),
        _signers(turn, ticket), state, turn.say(f"slip.{state}"),
        f"{turn.school.base_url.rstrip('/')}/slip/{address}/{code_of(turn, address)}",
        wording.moment(turn.now, turn.lang, turn.school.zone, date.min),
    )  # fmt: skip


def check(turn: Turn, number: str, code: str) -> Checked | None:
    """What a slip's code says now; None for a code that was never ours. Nobody has to be signed in for it."""
    if not hmac.compare_digest(code.encode(), code_of(turn, number).encode()):
        return None
    ticket = turn.session.execute(select(Ticket).where(Ticket.number == number)).scalar()
    if ticket is None or not _is_leave(turn, ticket):
        return None
    ticket = prolonged.newest_of(turn, ticket)  # The paper in hand holds on when more days are given.
    person = turn.session.get(Person, ticket.requester_id) if ticket.requester_id else None
    state, campus = state_of(turn, ticket), may_go_out(cards.item_of(turn, ticket), ticket.answers)
    return Checked(
        state, turn.say(f"slip.{state}"), mask(directory.name_of(person, turn.lang)),
        "…" + person.number[-4:] if person else "", span_of(turn, ticket) if state not in ("void", PENDING) else "",
        None if state != VALID else campus,
        wording.moment(turn.now, turn.lang, turn.school.zone, turn.today),
    )  # fmt: skip


def code_of(turn: Turn, number: str) -> str:
    """The code of a ticket's slip: made with the index key, so that there is nothing to keep and nothing to guess."""
    return seal_of(turn.session).index("slip.code", number)[:LENGTH]


def state_of(turn: Turn, ticket: Ticket) -> str:
    """How a slip stands at this instant."""
    if ticket.status in (Status.resolved, Status.closed):
        is_back = ticket.resolution == Resolution.approved and ticket.back_at is not None
        return "back" if is_back else "void"
    if ticket.back_at is None:
        return PENDING  # Not approved yet, or not any more since it was changed: that the student did not revoke it.
    if turn.now < datetime.fromisoformat(ticket.answers.get("begun") or ticket.answers["span"]["start"]):
        return "early"
    return VALID if turn.now < ticket.back_at else "over"


def may_go_out(item: Item, answers: dict[str, Any]) -> bool | None:
    """Whether somebody may leave campus on a leave: by the rules of its kind, else as the student answered; None: not said."""
    if item.leave is not None and item.leave.of(answers.get("kind")).off_campus:
        return True
    said = answers.get("off_campus")
    return None if said is None else said == "yes"


def mask(name: str) -> str:
    """A name as a gate needs it to compare with a card: 李雷 → 李*, Li Lei → Li *."""
    head, space, _ = name.partition(" ")
    return f"{head} *" if space else name[:1] + "*" * max(1, len(name) - 1)


def _is_leave(turn: Turn, ticket: Ticket) -> bool:
    return cards.item_of(turn, ticket).code == "leave" and "span" in ticket.answers


def _was_given(turn: Turn, ticket: Ticket) -> bool:
    """Whether there is or was a slip: a change, a correction or a withdrawal made it void, and it is shown as that."""
    return ticket.back_at is not None or any(mark.kind == "approved" for mark in limits.marks(turn, ticket))


def span_of(turn: Turn, ticket: Ticket, *, dated: bool = False) -> str:
    """From when to when somebody is away in all, as people read it. dated: with the year in any case."""
    span = ticket.answers["span"]
    if ticket.answers.get("begun"):
        span = {**span, "start": ticket.answers["begun"], "timed": [True, span.get("timed", [True, True])[1]]}
    return wording.span(span, turn.lang, turn.school.zone, date.min if dated else turn.today)


def _signers(turn: Turn, ticket: Ticket) -> tuple[tuple[str, str], ...]:
    """Who signed, and when; of a leave that was given with a whole list whoever signed the list."""
    ids = select(Ticket.id).where(Ticket.number.in_([ticket.number, str(ticket.answers.get("listed") or "")]))
    rows = turn.session.execute(
        select(Approval.person_id, Approval.decided_at)
        .where(Approval.ticket_id.in_(ids), Approval.decision == "signed", Approval.void_rev.is_(None))
        .order_by(Approval.decided_at)
    )
    return tuple(
        (cards.who(turn, row.person_id), wording.moment(row.decided_at, turn.lang, turn.school.zone, turn.today))
        for row in rows
    )


__all__ = ["STATES", "Checked", "Slip", "check", "code_of", "link", "mask", "may_go_out", "slip", "span_of", "state_of"]
