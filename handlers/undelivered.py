"""What happens to a message that failed for good: it goes on another way, and whoever wrote it hears."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from handlers import access, cards, deliveries, directory, notices, reminders, silencing
from handlers.hearers import Rule, hearer_of, kept_out
from handlers.turn import School, Turn
from models import sending
from models.db import seal_of
from models.message import Choice, Reply, unpack
from models.numbering import contained
from models.outbox import Delivery, Lane, Outbox
from models.person import Account, Person
from models.ticket import Event, Ticket

log = structlog.get_logger()
LONGEST_KEY: Final = 80  # of a dedupe key (its column holds 96), from which on the web page is the next way


def hear(session: Session, school: School, outbox_ids: Sequence[str], now: datetime) -> None:
    """Messages failed for good, or are held since nobody knows whether they arrived, in this very unit: send each another
    way, once, and tell the staff who wrote it.

    The most urgent come first. What goes wrong with one is logged and holds up neither the others nor the settling.
    """
    turn = Turn(session, school, now, now)
    failed = select(Outbox).where(Outbox.id.in_(outbox_ids), Outbox.status.in_((Delivery.failed, Delivery.held)))
    ordered = failed.order_by(Outbox.lane, Outbox.created_at, Outbox.id)
    # The rows, and those of the accounts, were written by plain statements just now.
    rows = session.execute(ordered, execution_options={"populate_existing": True}).scalars().all()
    for row in rows:
        try:
            with contained(session):
                _hear_one(turn, row)
        except OperationalError:
            raise  # The database, not this message: the whole unit is tried again.
        except Exception:
            # The border of containment: one message must not keep a courier from settling the rest.
            log.exception("second_way_failed", outbox=row.id)


def _hear_one(turn: Turn, row: Outbox) -> None:
    account = turn.session.get(Account, row.account_id, populate_existing=True)
    if account is None:
        return
    ticket = turn.session.get(Ticket, row.ticket_id) if row.ticket_id else None
    event = _event(turn, row) if ticket is not None else None
    to = _pass_on(turn, row, account, ticket, event)
    if ticket is not None and event is not None:
        _tell_author(turn, row, account, ticket, event, to)


def _event(turn: Turn, row: Outbox) -> Event | None:
    told = select(Event).where(Event.ticket_id == row.ticket_id, Event.rev == row.event_rev)
    return turn.session.execute(told).scalar()


def _pass_on(
    turn: Turn, row: Outbox, account: Account, ticket: Ticket | None, event: Event | None
) -> Account | None:  # fmt: skip
    """Write the message to another account of the same person; where it went, None where nothing is left.

    A notice is put into words anew, since what its new channel may carry differs. What cannot be goes to no channel
    that leaves the country, unless it came from one.
    """
    person = turn.session.get(Person, account.person_id) if account.person_id else None
    if person is None or not person.active or (ticket is not None and person.id in kept_out(turn, ticket)):
        return None
    rule = _rule(turn, ticket, event, person) if ticket is not None and event is not None else None
    tried = _tried(turn, row)
    to = directory.address(turn.session, person, turn.now, tried)
    abroad = turn.school.abroad
    if len(row.dedupe_key) > LONGEST_KEY or (rule is None and to.channel in abroad and row.bot not in abroad):
        to = directory.account(turn.session, directory.PULL, person.id, turn.now)
        to.person_id = person.id
    key = f"{row.dedupe_key}:{to.channel}"
    if to.id in tried or sending.is_posted(turn.session, key):
        return None
    if rule is not None and ticket is not None and event is not None:
        reply = notices.compose(turn, ticket, event, rule, to, person)
    else:
        reply = unpack(seal_of(turn.session).open(f"outbox.body:{row.id}", row.body))[0]
        if row.dedupe_key.startswith(reminders.PREFIX):  # Looked at again, since it names no ticket of its own.
            shorter = silencing.of_others(turn, reply, person)
            if shorter is None:
                return None
            reply = shorter
    notices.send(turn, to, reply, Lane(row.lane), key, ticket, event)
    log.info("sent_another_way", outbox=row.id, account=to.id, channel=to.channel)
    return to


def _rule(turn: Turn, ticket: Ticket, event: Event, person: Person) -> Rule | None:
    """The line of `notices.RULES` by which a person heard of an event."""
    rules = notices.RULES.get(event.kind, ())
    return next((rule for rule in rules if hearer_of(turn, ticket, event, rule.hearer) == person.id), None)


def _tried(turn: Turn, row: Outbox) -> set[str]:
    """The accounts that this message was written to so far: each way's key begins with the key of the way before it."""
    parts = row.dedupe_key.split(":")
    before = [":".join(parts[:count]) for count in range(1, len(parts))]
    earlier = turn.session.execute(select(Outbox.account_id).where(Outbox.dedupe_key.in_(before))).scalars()
    return {row.account_id, *earlier}


def _tell_author(
    turn: Turn, row: Outbox, account: Account, ticket: Ticket, event: Event, to: Account | None
) -> None:  # fmt: skip
    """Tell the member of staff whose word did not reach the requester: why, where it lies now, and what else helps."""
    by = turn.session.get(Person, event.by_id) if event.by_id else None
    asked = account.id == ticket.account_id or (account.person_id or "") == ticket.requester_id
    if by is None or by.kind != "staff" or not by.active or not asked or by.id == ticket.requester_id:
        return
    if by.id in kept_out(turn, ticket):
        return
    key = f"{row.dedupe_key}:staff"
    if sending.is_posted(turn.session, key):
        return
    address = directory.address(turn.session, by, turn.now)
    there = turn.to(address.lang or by.lang or "zh", address.channel)
    where = "nowhere" if to is None else "on_page" if to.channel == directory.PULL else "elsewhere"
    where = f"unsure_{where}" if row.status == Delivery.held else where
    said = there.say(
        f"undelivered.{where}",
        names=cards.names(there, ticket),
        channel=deliveries.channel_name(there, row.bot),
        because=deliveries.because(there, account.closed or row.reason),
        to=deliveries.channel_name(there, to.channel) if to is not None else "",
    )
    phone = _phone(there, by, ticket)
    said += there.say("undelivered.call_number", phone=phone) if phone else there.say("undelivered.call")
    verb = there.say("verb.show")
    show = Choice(label=verb, send=f"t:{ticket.id}:show:{ticket.rev}", words=f"{verb} {ticket.number}")
    lane = Lane.crisis if cards.item_of(turn, ticket).urgent else Lane.interactive
    notices.send(turn, address, Reply(text=said, choices=(show,)), lane, key)


def foretell(turn: Turn, ticket: Ticket) -> str:
    """What staff read with the echo of what they did when the notice went to the page, since the requester's account is
    known to take nothing; "" when it went where the requester is."""
    person = turn.session.get(Person, ticket.requester_id) if ticket.requester_id else None
    over = deliveries.passed_over(turn, ticket) if person is not None and person.active else None
    if person is None or over is None or directory.address(turn.session, person, turn.now).channel != directory.PULL:
        return ""
    said = turn.say(
        "undelivered.foretold",
        channel=deliveries.channel_name(turn, over.channel),
        because=deliveries.because(turn, over.reason),
    )
    phone = _phone(turn, turn.person, ticket) if turn.person is not None else ""
    return said + (turn.say("undelivered.call_number", phone=phone) if phone else turn.say("undelivered.call"))


def _phone(there: Turn, by: Person, ticket: Ticket) -> str:
    """The requester's number on the roster, for staff who have a duty for them now; never on a channel that leaves the
    country."""
    person = there.session.get(Person, ticket.requester_id) if ticket.requester_id else None
    if (
        person is None
        or person.phone is None
        or there.abroad
        or not access.reaches(there.session, by, person, there.now)
    ):
        return ""
    return seal_of(there.session).open(f"person.phone:{person.id}", person.phone)
