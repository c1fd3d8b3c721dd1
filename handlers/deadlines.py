"""The sweep: finds tickets at which something is due, claims them by compare-and-swap, and does what is due."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from handlers import limits, tickets
from handlers.limits import due_steps
from handlers.turn import Turn
from models.deadline import Step
from models.numbering import contained
from models.ticket import Ticket

log = structlog.get_logger()
AHEAD: Final = timedelta(hours=1)  # where a ticket is pushed before it is worked on, in case that fails
BATCH: Final = 100
ANEW: Final = frozenset({"signed", "answered", "reopened"})  # from these on somebody owes an answer anew


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did: tickets worked on, tickets that failed and come again in an hour, and whether more wait."""

    done: int = 0
    failed: int = 0
    more: bool = False


def sweep(turn: Turn, batch: int = BATCH) -> Swept:
    """Do everything that is due by turn.now for up to a batch of tickets, private (crisis) ones first.

    1. Read the due tickets; on PostgreSQL rows that another sweeper holds are skipped.
    2. Claim each by compare-and-swap on (id, due_at), pushing it an hour ahead: whoever changes the row works on it.
    3. Do its steps under a savepoint. A failure is rolled back and logged; the ticket comes again in an hour, and
       nobody else waits for it.
    However many sweepers run, and however long none ran, each step happens once: its event is the memory of it.
    """
    statement = (
        select(Ticket.id, Ticket.due_at)
        .where(Ticket.due_at <= turn.now)
        .order_by(Ticket.private.desc(), Ticket.due_at)
        .limit(batch)
        .with_for_update(skip_locked=True)
    )
    due = turn.session.execute(statement).all()
    done = failed = 0
    for ticket_id, due_at in due:
        claim = update(Ticket).where(Ticket.id == ticket_id, Ticket.due_at == due_at).values(due_at=turn.now + AHEAD)
        if turn.session.execute(claim, execution_options={"synchronize_session": False}).rowcount != 1:  # type: ignore[attr-defined]
            continue
        try:
            _work(turn, ticket_id)
            done += 1
        except OperationalError:
            # The database is away, or another transaction was in the way: the unit is tried again as a whole.
            raise
        except Exception:
            # The border of containment: one broken ticket must not stop the limits of all others.
            log.exception("sweep_failed", ticket=ticket_id)
            failed += 1
    return Swept(done, failed, more=len(due) == batch)


def _work(turn: Turn, ticket_id: str) -> None:
    """One ticket under a savepoint; once more where another unit has just written the same key (an account, say)."""
    try:
        with contained(turn.session):
            _do_all(turn, ticket_id)
    except IntegrityError:
        with contained(turn.session):
            _do_all(turn, ticket_id)


def _do_all(turn: Turn, ticket_id: str) -> None:
    ticket = tickets.get(turn, ticket_id)
    if ticket is None:
        return
    here = replace(turn, person=None, account=None)
    steps = due_steps(here, ticket)
    if not steps:
        tickets.look_again(here, ticket)
    for step in steps:
        _do(here, ticket, step)


def _climbed(turn: Turn, ticket: Ticket) -> bool:
    """Whether the silence of whoever has the matter now was told to somebody above already."""
    climbed = False
    for mark in limits.marks(turn, ticket):
        climbed = mark.kind == "escalated" or (climbed and mark.kind not in ANEW)
    return climbed


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
    else:
        tickets.escalate(turn, ticket, step.key)
    turn.school.catalogue.service(ticket.service).due(turn, ticket, step.kind)
