"""The sweep: finds tickets at which something is due, claims them by locking them, and does what is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from handlers import directory, hearers, limits, memory, reminders, tickets
from handlers.limits import due_steps
from handlers.notices import GATHERED
from handlers.turn import Turn
from models import failpoint
from models.base import Instant
from models.deadline import Step
from models.numbering import contained
from models.ticket import Ticket
from models.unit import forget

log = structlog.get_logger()
AHEAD: Final = timedelta(hours=1)  # where a ticket is pushed that could not be worked on
BATCH: Final = 500
RULED: Final = tickets.STEPS  # what the item's rules ask for comes last: it may end what would else be reminded of
# From these on somebody owes an answer anew.
ANEW: Final = frozenset(
    {"signed", "sent_back", "answered", "reopened", "amended", "transferred", "assigned", "corrected", "recused"}
)
_NOW = bindparam("now", type_=Instant())
# In the order of the index alone, so that PostgreSQL reads what is due and nothing else, whatever it believes to know of
# the table. Private ones are asked for first: of many that are due they would otherwise stand anywhere.
_OLDEST: Final = (
    select(Ticket)
    .where(Ticket.due_at <= _NOW)
    .order_by(Ticket.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_PRIVATE: Final = _OLDEST.where(Ticket.private)
_OTHERS: Final = _OLDEST.where(~Ticket.private)
_AFRESH: Final = {"populate_existing": True}


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did: tickets worked on, tickets that failed and come again in an hour, and whether more wait."""

    done: int = 0
    failed: int = 0
    more: bool = False


def sweep(turn: Turn, batch: int = BATCH, *, only_private: bool = False) -> Swept:
    """Do everything that is due by turn.now for up to a batch of tickets, private (crisis) ones first, or those alone.

    1. Read the due tickets with their rows locked until the unit ends, which claims them: on PostgreSQL rows that
       another sweeper holds are skipped, and SQLite has one writer.
    2. Do the steps of all of them under one savepoint, with their events read at once and written at once, and what
       several of them say to one person in one message.
    3. Should that fail it is rolled back, and each is tried alone: a failure of its own is logged, the ticket comes again
       in an hour, and nobody else waits for it.
    However many sweepers run, and however long none ran, each step happens once: its event is the memory of it.
    """
    due = _due(turn, _PRIVATE, batch)
    if len(due) < batch and not only_private:
        due += _due(turn, _OTHERS, batch - len(due))
    if not due:
        return Swept()
    failpoint.at("due")
    ids = [ticket.id for ticket in due]
    here = replace(turn, person=None, account=None)
    try:
        with contained(turn.session), memory.remembering(turn):
            _do_batch(here, due)
    except OperationalError:
        # The database is away, or another transaction was in the way: the unit is tried again as a whole.
        raise
    except Exception:  # noqa: BLE001 (each is tried alone, and tells of itself)
        # One of them is broken, or another unit has just written the same key (an account, say).
        _forget(here)
        done = sum(_alone(here, ticket_id) for ticket_id in ids)
    else:
        done = len(ids)
    failpoint.at("swept")
    return Swept(done, len(ids) - done, more=len(ids) == batch)


def _due(turn: Turn, statement: Select[Ticket], most: int) -> list[Ticket]:
    values = {"now": turn.now, "most": most}
    return list(turn.session.execute(statement, values, execution_options=_AFRESH).scalars())


def _do_batch(turn: Turn, due: Sequence[Ticket]) -> None:
    """The steps of many tickets, whose rows are locked."""
    _read_ahead(turn, due)
    reminders.gather(turn)
    # Nothing is written meanwhile but by write_out, so that rows of one kind go out together.
    with turn.session.no_autoflush:
        for ticket in due:
            _do_all(turn, ticket)
    tickets.write_out(turn)
    turn.session.flush()
    reminders.flush(turn)
    forget(turn.session)


def _read_ahead(turn: Turn, due: Sequence[Ticket]) -> None:
    """What the steps of each ticket would ask for, with one query for all: on PostgreSQL a query is a journey."""
    ids = [ticket.id for ticket in due]
    limits.read_ahead(turn, ids)
    tickets.read_ahead(turn, ids)
    hearers.read_ahead(turn, ids)
    people = {id_ for ticket in due for id_ in (ticket.assignee_id, ticket.requester_id) if id_ is not None}
    directory.meet(turn.session, people)
    for person_id, address in directory.addresses(turn.session, people, turn.now).items():
        memory.remember(turn, ("address", person_id), address)


def _forget(turn: Turn) -> None:
    """Let go of what was remembered of a batch that was rolled back."""
    forget(turn.session)
    turn.session.info.pop(GATHERED, None)
    turn.session.expire_all()


def _alone(turn: Turn, ticket_id: str) -> bool:
    """One ticket under a savepoint of its own; whether it was worked on. A failure is logged, and it comes again later."""
    try:
        _try(turn, ticket_id)
    except OperationalError:
        raise
    except Exception:
        # The border of containment: one broken ticket must not stop the limits of all others.
        log.exception("sweep_failed", ticket=ticket_id)
        _forget(turn)
        later = update(Ticket).where(Ticket.id == ticket_id).values(due_at=turn.now + AHEAD)
        turn.session.execute(later, execution_options={"synchronize_session": False})
        return False
    return True


def _try(turn: Turn, ticket_id: str) -> None:
    """Once more where another unit has just written the same key."""
    try:
        _one(turn, ticket_id)
    except IntegrityError:
        _forget(turn)
        _one(turn, ticket_id)


def _one(turn: Turn, ticket_id: str) -> None:
    with contained(turn.session):
        ticket = tickets.get(turn, ticket_id)
        if ticket is not None:
            reminders.gather(turn)
            _do_all(turn, ticket)
            turn.session.flush()
            reminders.flush(turn)


def _do_all(turn: Turn, ticket: Ticket) -> None:
    steps = due_steps(turn, ticket)
    if not steps:
        tickets.look_again(turn, ticket)
    for step in steps:
        if step.kind not in RULED:
            _do(turn, ticket, step)
    if steps and limits.marks(turn, ticket)[-1].kind in tickets.RECKONED_LATER:
        tickets.look_again(turn, ticket)
    if any(step.kind in RULED for step in steps):
        tickets.come_due(turn, ticket)


def _climbed(turn: Turn, ticket: Ticket) -> bool:
    """Whether the silence of whoever has the matter now was told to somebody above already."""
    climbed = False
    for mark in limits.marks(turn, ticket):
        climbed = mark.kind == "escalated" or (climbed and mark.kind not in ANEW)
    return climbed


def _watch(turn: Turn, ticket: Ticket, step: Step) -> None:
    """Tell of a missing return. A role that nobody holds takes no turn: whoever is due after it hears in the same round."""
    tickets.watch(turn, ticket, step.key, step.index)
    while limits.marks(turn, ticket)[-1].kind == "passed_over":
        later = [each for each in due_steps(turn, ticket) if each.kind == step.kind and each.target == step.target]
        if not later or later[0].index <= step.index:
            return
        step = later[0]
        tickets.watch(turn, ticket, step.key, step.index)


def _do(turn: Turn, ticket: Ticket, step: Step) -> None:
    for key in step.superseded:
        tickets.pass_over(turn, ticket, key)
    if step.kind == "remind" and step.target != "back" and _climbed(turn, ticket):
        # Whoever was told that the next one up has it would read a reminder as a step back.
        tickets.pass_over(turn, ticket, step.key)
        return
    if step.kind == "remind":
        tickets.remind(turn, ticket, step.key, back=step.target == "back")
    elif step.kind == "back":
        tickets.remind(turn, ticket, step.key, back=True)
    elif step.kind == "follow_up":
        tickets.follow_up(turn, ticket, step.key)
    elif step.kind == "close":
        tickets.settle(turn, ticket, step.key)
    elif step.target == "back":
        _watch(turn, ticket, step)
    else:
        tickets.escalate(turn, ticket, step.key)
    turn.school.catalogue.service(ticket.service).due(turn, ticket, step.kind)
