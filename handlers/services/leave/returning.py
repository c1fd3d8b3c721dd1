"""The return from a leave (销假): by one word of the student's, for the one that runs or one of several."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import bindparam, select

from handlers import cards, owing, proofs, tickets, wording
from handlers.services.leave import guards, stretches
from handlers.services.leave.spans import SERVICES, services, whole_of
from handlers.turn import Turn
from models.base import first_id
from models.leave_rules import LeaveRules
from models.message import Choice, Reply
from models.ticket import Event, Status, Ticket

LATELY: Final = timedelta(days=3)  # so long a second 「销假」 is said of the return that was booked
_RUNNING = (
    select(Ticket)
    .where(
        Ticket.requester_id == bindparam("person"),
        Ticket.service.in_(SERVICES),
        Ticket.status == Status.waiting,
        Ticket.back_at.is_not(None),
    )
    .order_by(Ticket.back_at)
    .with_for_update()
)


def hear(turn: Turn, rules: LeaveRules) -> tuple[Reply, ...] | None:
    """「销假」: the one leave that runs is ended; of several one is chosen."""
    if turn.person is None or turn.person.kind != "student":
        return None
    running = list(turn.session.execute(_RUNNING, {"person": turn.person.id, "services": services(turn)}).scalars())
    begun = [ticket for ticket in running if whole_of(turn, ticket.answers)[0] <= turn.now]
    if not running:
        return (_done_already(turn) or Reply(text=turn.say("leave.none_running")),)
    if len(running) == 1 or len(begun) == 1:
        ticket = (begun or running)[0]
        asked = f"r:{ticket.id}:early:"
        # The word said once more, right below the question, is a yes.
        just = any(send.startswith(asked) for _, _, send in (turn.account.offered if turn.account is not None else []))
        early = None if just else ask_early(turn, ticket, rules)
        return (early,) if early is not None else back(turn, ticket)
    choices = tuple(
        Choice(label=turn.say("leave.back_from", names=cards.names(turn, ticket)),
               send=f"t:{ticket.id}:back:{ticket.rev}") for ticket in begun or running
    )  # fmt: skip
    return (Reply(text=turn.say("leave.which_back"), choices=choices),)


def _done_already(turn: Turn) -> Reply | None:
    """The same word a second time: when the speaker's return was booked, and by whom it was said; None where none was lately."""
    row = turn.session.execute(
        select(Ticket, Event.at)
        .join(Event, Event.ticket_id == Ticket.id)
        .where(
            turn.own(), Ticket.service.in_(services(turn)), Ticket.status == Status.closed, Event.kind == "returned",
            Event.id >= first_id(turn.now - LATELY),
        )
        .order_by(Event.id.desc())
        .limit(1)
    ).first()  # fmt: skip
    if row is None:
        return None
    at = wording.soon(row.at, turn.now, turn.lang, turn.school.zone)
    said = turn.say("leave.back_already", number=row[0].number, at=at)
    return Reply(text=said, choices=cards.choices(turn, row[0], staff=False))


def ask_early(turn: Turn, ticket: Ticket, rules: LeaveRules) -> Reply | None:
    """Asks whether somebody is back early while much of the leave is still to come: the word or the button may be a slip, and
    would end a long internship. None where little is left, where it does not run, and where a return is booked by staff."""
    mine = rules.of(ticket.answers.get("kind"))
    if ticket.back_at is None or ticket.status != Status.waiting or mine.back_by == "staff":
        return None
    start, end = whole_of(turn, ticket.answers)
    least = stretches.from_(turn, mine.ask_early, turn.now)
    if not least or turn.now < start or end - turn.now < least:
        return None
    said = turn.say(
        "leave.early", number=ticket.number, count=(end - turn.now).days,
        end=guards.last(turn, ticket.answers, end),
    )  # fmt: skip
    ways = (("early", turn.say("leave.early_yes")), ("stay", turn.say("leave.early_no")))
    choices = tuple(
        Choice(label=label, send=f"r:{ticket.id}:{verb}:{ticket.rev}", words=turn.say(f"leave.early_{verb}_words"))
        for verb, label in ways
    )
    return Reply(text=said, choices=choices)


def owe(turn: Turn, ticket: Ticket, rules: LeaveRules) -> None:
    """What the rules want to see after a return is owed from now on, and the student is told so."""
    if ticket.back_at is None:
        return
    seasons = turn.school.seasons
    due = [
        each for each in rules.of(ticket.answers.get("kind")).back_evidence
        if each.when is None or each.when.holds(ticket.answers, seasons)
    ]  # fmt: skip
    if due:
        until = turn.now + max(stretches.from_(turn, each.within, turn.now) for each in due)
        proofs.ask(turn, ticket, until, turn.say("form.or").join(each.words.to(turn.lang) for each in due))


def back(turn: Turn, ticket: Ticket) -> tuple[Reply, ...]:
    """The student is back: the leave is closed, and those who answer for the student are told."""
    late = ticket.back_at is not None and turn.now > ticket.back_at
    tickets.come_back(turn, ticket)
    said = turn.say("leave.back_late" if late else "leave.back", number=ticket.number)
    owed = owing.line(turn, ticket)
    said += f"\n{owed}" if owed else ""
    return (
        Reply(text=said, card=cards.card(turn, ticket, staff=False), choices=cards.choices(turn, ticket, staff=False)),
    )
