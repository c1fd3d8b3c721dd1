"""Reminders of one's own: when words mean, which somebody has, and what is due now, checked once more before it is told."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select

from handlers import abroad, access, cards, directory, notices, wording
from handlers.turn import Turn
from handlers.understand.times import read_time
from models.base import Instant
from models.db import plain
from models.message import Choice, Refused, Reply
from models.outbox import Lane
from models.person import Person
from models.sorting import OwnReminder
from models.ticket import OPEN, Ticket

BATCH: Final = 100
MOST: Final = 50  # of one list
MORNING: Final = time(9)  # of a day that is named without a time
SOON: Final = timedelta(hours=1)
WAYS: Final = ("1h", "tomorrow", "monday")  # what buttons offer
# Of what the speaker may still answer: the row stays, and counts again if they may once more. Needs "person" and "now".
_MINE: Final = (
    select(OwnReminder.ticket_id, Ticket.number, Ticket.service, Ticket.version, OwnReminder.remind_at)
    .join(Ticket, Ticket.id == OwnReminder.ticket_id)
    .where(OwnReminder.person_id == bindparam("person"), Ticket.status.in_(OPEN), access.REACHED)
    .order_by(OwnReminder.remind_at, OwnReminder.id)
    .limit(MOST)
)
_DUE: Final = (
    select(OwnReminder)
    .where(OwnReminder.remind_at <= bindparam("now", type_=Instant()))
    .order_by(OwnReminder.remind_at)
    .limit(BATCH)
    .with_for_update(skip_locked=True)
)


class Mine(NamedTuple):
    """One reminder of the speaker's: the ticket, and when, as people read it."""

    ticket_id: str
    number: str
    title: str
    at: str


def when(turn: Turn, words: str) -> datetime:
    """The instant that words mean: one of WAYS, what a page's field of time holds, or 「明天上午」, "in 2 hours".

    A day without a time is its morning, a stretch its beginning, or an hour from now where it runs already. Raises
    Refused for what cannot be told and for what is past.
    """
    zone, said = turn.school.zone, words.strip()
    local = turn.said_at.astimezone(zone)
    if said in WAYS:
        if said == "1h":
            return turn.now + SOON
        days = 1 if said == "tomorrow" else 7 - local.weekday()
        return datetime.combine(local.date() + timedelta(days=days), MORNING, zone)
    try:
        return (
            datetime.fromisoformat(said).replace(tzinfo=zone)
            if said[:4].isdigit() and "T" in said
            else _spoken(turn, said)
        )
    except ValueError:
        raise Refused("snooze.when") from None


def _spoken(turn: Turn, words: str) -> datetime:
    zone = turn.school.zone
    found = read_time(words, turn.said_at.astimezone(zone), lessons=turn.lessons)
    if found.start is None or found.ask not in (None, "past"):
        raise Refused("snooze.when")
    start = found.start
    if not found.start_has_time and start.astimezone(zone).time() == time():
        start = datetime.combine(start.astimezone(zone).date(), MORNING, zone)
    if start > turn.now:
        return start
    if found.end is not None and found.end > turn.now:
        return turn.now + SOON
    raise Refused("snooze.past")


def mine(turn: Turn) -> tuple[Mine, ...]:
    """The speaker's reminders of open tickets within reach, the nearest first."""
    if turn.person is None:
        return ()
    rows = plain(turn.session).execute(_MINE, {"person": turn.person.id, "now": turn.now}).all()
    return tuple(
        Mine(row.ticket_id, row.number, turn.school.catalogue.item(turn.session, row.service, row.version).title.to(turn.lang),
             wording.soon(row.remind_at, turn.now, turn.lang, turn.school.zone))
        for row in rows
    )  # fmt: skip


def listed(turn: Turn) -> Reply:
    """「我的提醒」: all of them, each with a button that takes it back."""
    found = mine(turn)
    if not found:
        return Reply(text=turn.say("snooze.none"))
    lines = [turn.say("snooze.line", at=each.at, title=each.title, number=each.number) for each in found]
    label = turn.say("verb.unsnooze")
    choices = tuple(
        Choice(label=f"{label} {each.number}", send=f"h:{each.ticket_id}:z:off", words=f"{label} {each.number}")
        for each in found
    )
    return Reply(text="\n".join((turn.say("snooze.list", count=len(found)), *lines)), choices=choices)


def send(turn: Turn) -> int:
    """Tell what is due by now, up to BATCH, each once; answers with how many rows were done with.

    What is over by then is not told, nor what whoever asked may not answer any more.
    """
    due = list(turn.session.execute(_DUE, {"now": turn.now}).scalars())
    for row in due:
        ticket, person = turn.session.get(Ticket, row.ticket_id), turn.session.get(Person, row.person_id)
        if ticket is not None and person is not None and _is_told(turn, ticket, person):
            _tell(turn, row, ticket, person)
        turn.session.delete(row)
    return len(due)


def _is_told(turn: Turn, ticket: Ticket, person: Person) -> bool:
    return ticket.is_open and person.active and access.may_act(turn.session, person, ticket, turn.now)


def _tell(turn: Turn, row: OwnReminder, ticket: Ticket, person: Person) -> None:
    address = directory.address(turn.session, person, turn.now)
    there = turn.to(address.lang or person.lang or "zh", address.channel)
    there.person = person
    said = there.say("snooze.due", names=cards.names(there, ticket), state=cards.state(there, ticket, staff=True))
    reply = Reply(
        text=said, card=cards.card(there, ticket, staff=True, reader=person),
        choices=cards.choices(there, ticket, staff=True, reader=person),
    )  # fmt: skip
    notices.send(turn, address, abroad.linked(there, reply, bound=True), Lane.reminder, f"own:{row.id}", ticket)
