"""Approving several requests with one click: what is ordinary enough, what is left out and why, and taking it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import and_, bindparam, delete, exists, or_, select
from sqlalchemy.exc import OperationalError

from handlers import access, begun, cards, collisions, notices, proofs, signing, tickets, unopened
from handlers.turn import Turn
from models.base import Instant, new_id
from models.correction import CORRECTED, UNDONE
from models.desk import Postponed, keep_back
from models.message import Refused
from models.meta import audit
from models.numbering import contained
from models.outbox import Attachment
from models.ticket import OPEN, Approval, Event, Ticket

log = structlog.get_logger()
MOST: Final = 200  # tickets with one click
WAIT: Final = timedelta(seconds=10)  # before anybody is told, so that a slip can be taken back quietly
AHEAD: Final = timedelta(hours=1)  # when a notice that could not be written is tried again
BATCH: Final = 100


@dataclass(frozen=True, slots=True)
class Pick:
    """A ticket as somebody picked it from a list: its id and the revision that he saw."""

    id: str
    rev: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A picked ticket, and why it is left out: the end of a key "inbox.flag_…", "" when it is approved with the rest.

    about: what kind it is, and what weighs on the decision (`Service.weigh`), a line each; only where one is asked first.
    """

    pick: Pick
    number: str
    names: str
    title: str
    flag: str = ""
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """One click's work: its id, what was approved, and what was left out."""

    bulk: str
    approved: tuple[Judged, ...]
    left_out: tuple[Judged, ...]


def judge(turn: Turn, picks: Sequence[Pick]) -> list[Judged]:
    """Each picked ticket that the speaker may answer, with the reason why it needs a look of its own, if there is one.

    What is not for the speaker is left out without a word, as if it did not exist.
    """
    found = picked(turn, picks, partial(_flag, turn), lock=False)
    return [replace(judged, about=_about(turn, ticket)) for judged, ticket in found]


def _about(turn: Turn, ticket: Ticket) -> tuple[str, ...]:
    """The choices that were made in the form, and what weighs on it: sums, exams, lessons missed; nothing of what is sealed."""
    item = cards.item_of(turn, ticket)
    if ticket.private or item.sensitive:
        return ()
    chosen = [
        option.label.to(turn.lang)
        for field in item.fields
        if field.kind == "choice" and not field.sensitive and (option := field.option(ticket.answers.get(field.key)))
    ]
    kind = (" · ".join(chosen),) if chosen else ()
    return (*kind, *turn.school.catalogue.service(ticket.service).weigh(turn, ticket))


def flag_of(turn: Turn, ticket: Ticket) -> str:
    """Why a ticket that the speaker may decide needs a look of its own, "" for an ordinary one; as `judge`."""
    by = turn.person
    if by is None or not access.may_act(turn.session, by, ticket, turn.now):
        return "not_yours"
    return _flag(turn, ticket, Pick(ticket.id, ticket.rev))


def approve(turn: Turn, picks: Sequence[Pick]) -> Done:
    """Give the speaker's signature to every ordinary one of these; the others are left out with their reasons.

    Who is concerned is told in WAIT, until when `take_back` undoes it without anybody having heard of it. Raises Refused
    when more than MOST are picked.
    """
    if len(picks) > MOST:
        raise Refused("inbox.too_many", most=MOST)
    bulk = new_id(turn.now)
    found = picked(turn, picks, partial(_flag, turn), lock=True)
    approved = [judged for judged, _ in found if not judged.flag]
    # What a signature locks besides is locked in one order, too.
    for judged, ticket in sorted(found, key=lambda each: each[1].id):
        if not judged.flag:
            tickets.sign(turn, ticket)
            hold(turn, ticket, bulk)
    if approved and turn.person is not None:
        audit(turn.session, turn.now, turn.person.id, "bulk_approved", f"{len(approved)}:{bulk}")
    return Done(bulk, tuple(approved), tuple(judged for judged, _ in found if judged.flag))


def picked(
    turn: Turn, picks: Sequence[Pick], flag: Callable[[Ticket, Pick], str], *, lock: bool
) -> list[tuple[Judged, Ticket]]:  # fmt: skip
    """What the speaker may answer of these, in the order of the picks, each with why it is left out ("" for nothing).

    Whatever else was picked is left out without a word, as if it did not exist, and the audit keeps who asked for it. lock:
    whether they are to be changed.
    """
    by = turn.person
    if by is None:
        raise Refused("ticket.not_found")
    found = {}
    # Locks are taken in one order, so that two who work on the same do not wait for each other.
    for pick in sorted(dict.fromkeys(picks), key=lambda pick: pick.id):
        ticket = tickets.get(turn, pick.id) if lock else turn.session.get(Ticket, pick.id)
        if ticket is None or pick.id in found:
            continue
        if not access.may_act(turn.session, by, ticket, turn.now):
            access.refused(by, ticket)
            if lock:  # Looking only reads; what is done then is written down (ASVS 8.2.2).
                audit(turn.session, turn.now, by.id, "denied", ticket.number)
            continue
        title = cards.item_of(turn, ticket).title.to(turn.lang)
        found[pick.id] = (Judged(pick, ticket.number, cards.names(turn, ticket), title, flag(ticket, pick)), ticket)
    return [found[each] for each in dict.fromkeys(pick.id for pick in picks) if each in found]


def _flag(turn: Turn, ticket: Ticket, pick: Pick) -> str:
    """Why a ticket is not approved among others: what a careful counselor would open first."""
    by = turn.person
    approval = cards.pending(turn, ticket)
    if ticket.status not in OPEN or ticket.back_at is not None or approval is None:
        return "nothing"
    if by is None or not signing.may_sign(turn, ticket, approval, by):
        return "not_yours"
    if ticket.private:
        return "private"
    if collisions.went_on(turn, ticket, pick.rev):
        return "changed"
    if unopened.is_unopened(turn, ticket):
        return "unopened"
    if ticket.assignee_id != by.id:
        return "others"
    if _others_follow(turn, ticket, approval):
        return "long"
    if _has_begun(turn, ticket):
        return "begun"
    if (unlooked := _unlooked(turn, ticket)) != "":
        return unlooked
    # A step that was taken back is no talk: nobody wrote anything with it.
    asked = exists().where(Event.ticket_id == ticket.id, Event.kind.in_(("asked", "added", "reopened")))
    if turn.session.execute(select(asked)).scalar():
        return "talked"
    return turn.school.catalogue.service(ticket.service).flag(turn, ticket)


def _unlooked(turn: Turn, ticket: Ticket) -> str:
    """ "files" where the speaker should look at files first, "unchecked" where nobody has looked at a proof that others open;
    "" where there are none, they were looked at, or whoever decides before the speaker has checked them (材料已核验)."""
    if not turn.session.execute(select(exists().where(Attachment.ticket_id == ticket.id))).scalar():
        return ""
    found = proofs.of(turn, ticket)
    if found is None or proofs.may_open(turn, ticket):
        return "" if found is not None and proofs.has_opened(turn, ticket) else "files"
    return "" if found.status == "checked" else "unchecked"


def _others_follow(turn: Turn, ticket: Ticket, approval: Approval) -> bool:
    """Whether others still have to sign once this signature is given; a copy (备案) asks nothing of anybody."""
    return any(
        line.step > approval.step or line.mode == "all"
        for line in signing.steps(turn, ticket)
        if line.kind == "sign" and not line.decision and line.id != approval.id
    )


def _has_begun(turn: Turn, ticket: Ticket) -> bool:
    """Whether what is asked for has already begun: then it is a report, and no request."""
    for field in cards.item_of(turn, ticket).fields:
        value = ticket.answers.get(field.key)
        if field.kind == "span" and value and begun.reported_from(turn.school, value) <= turn.now:
            return True
    return False


# -- notices that wait


def hold(turn: Turn, ticket: Ticket, bulk: str) -> None:
    """Keep the notices of a ticket's last event back for a moment; bulk: the click that it belongs to."""
    keep_back(turn.session, ticket.id, ticket.rev)
    event_id = turn.session.execute(
        select(Event.id).where(Event.ticket_id == ticket.id, Event.rev == ticket.rev)
    ).scalar_one()
    by_id = turn.person.id if turn.person else ""
    turn.session.add(Postponed(event_id=event_id, ticket_id=ticket.id, bulk=bulk, by_id=by_id, tell_at=turn.now + WAIT))
    turn.session.flush()


def held_by(turn: Turn, ticket: Ticket) -> str:
    """The click of the speaker's whose notices of a ticket still wait; "" for none."""
    mine = select(Postponed.bulk).where(Postponed.ticket_id == ticket.id, Postponed.tell_at > turn.now)
    who = turn.person.id if turn.person else ""
    return turn.session.execute(mine.where(Postponed.by_id == who).limit(1)).scalar() or ""


def waiting(turn: Turn, bulk: str) -> tuple[int, datetime | None]:
    """How many decisions of one's own click can still be taken back, and until when."""
    if turn.person is None:
        return 0, None
    statement = select(Postponed.tell_at).where(
        Postponed.bulk == bulk, Postponed.by_id == turn.person.id, Postponed.tell_at > turn.now
    )
    found = list(turn.session.execute(statement).scalars())
    return len(found), max(found, default=None)


def take_back(turn: Turn, bulk: str) -> int:
    """Undo one's own click of which nobody was told yet; answers with how many decisions that were.

    What has gone on since stays as it is. Raises Refused when it is too late for all.
    """
    if turn.person is None:
        raise Refused("ticket.not_found")
    mine = select(Postponed).where(
        Postponed.bulk == bulk, Postponed.by_id == turn.person.id, Postponed.tell_at > turn.now
    )
    rows = turn.session.execute(mine.order_by(Postponed.ticket_id).with_for_update()).scalars().all()
    count = 0
    for row in rows:
        ticket = tickets.get(turn, row.ticket_id)
        if ticket is None:
            continue
        try:
            with contained(turn.session):
                tickets.undo(turn, ticket)
        except Refused:
            continue
        # Nobody heard of it, so nobody hears that it was taken back.
        keep_back(turn.session, ticket.id, ticket.rev)
        turn.session.execute(delete(Postponed).where(Postponed.event_id == row.event_id))
        count += 1
    if not count:
        raise Refused("inbox.told_already")
    audit(turn.session, turn.now, turn.person.id, "bulk_taken_back", f"{count}:{bulk}")
    return count


def _undone(turn: Turn, event: Event) -> bool:
    """Whether a decision was taken back in another way, or corrected, of which the student was told: then it is no news."""
    gone = or_(
        and_(Event.rev == event.rev + 1, Event.kind == UNDONE), and_(Event.rev > event.rev, Event.kind == CORRECTED)
    )
    following = exists().where(Event.ticket_id == event.ticket_id, gone)
    return bool(turn.session.execute(select(following)).scalar())


# Built once: the clock asks every few seconds, and nearly always in vain.
_DUE: Final = (
    select(Postponed)
    .where(Postponed.tell_at <= bindparam("now", type_=Instant()))
    .order_by(Postponed.tell_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


def tell_postponed(turn: Turn, batch: int = BATCH) -> int:
    """Write the notices whose moment has come, of up to a batch of decisions; the clock calls it. Any process may."""
    rows = turn.session.execute(_DUE, {"now": turn.now, "most": batch}).scalars().all()
    for row in rows:
        try:
            with contained(turn.session):
                ticket, event = turn.session.get(Ticket, row.ticket_id), turn.session.get(Event, row.event_id)
                if ticket is not None and event is not None and not _undone(turn, event):
                    notices.tell(turn, ticket, event)
                turn.session.execute(delete(Postponed).where(Postponed.event_id == row.event_id))
        except OperationalError:
            raise
        except Exception:
            # The border of containment: one notice that cannot be written must not hold up all others.
            log.exception("notice_waits", ticket=row.ticket_id)
            row.tell_at = turn.now + AHEAD
    return len(rows)
