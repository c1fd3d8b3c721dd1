"""A class officer who was asked to look for somebody not back says that they cannot be reached: the counselor hears at once."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from handlers import cards, directory, on_call, tickets
from handlers.crisis_words import Alarm
from handlers.turn import Turn
from handlers.understand.unreached import names_nobody, says_unreached
from models.message import Incoming, Reply
from models.person import Person
from models.ticket import Event, Status, Ticket

MISSING: Final = "MISSING"  # the rule of `crisis_words` that hears of somebody who is missed
MOST: Final = 20  # classmates that one officer was asked to look for


def settled(turn: Turn, incoming: Incoming, alarm: Alarm | None) -> Alarm | None:
    """The alarm that is left when words only answer 「联系不上请告诉辅导员」: none, since the counselor hears of them.

    Whoever was not asked to look for just this student is alarmed about as ever.
    """
    if alarm is None or (alarm.kind, alarm.rule) != ("danger", MISSING):
        return alarm
    return None if _missed(turn, incoming) else alarm


def hear(turn: Turn, incoming: Incoming) -> tuple[Reply, ...] | None:
    """Tell the counselor of the classmate who cannot be reached; None where the words, or whoever says them, mean none."""
    missed = _missed(turn, incoming)
    if not missed:
        return None
    join = turn.say("form.or").join
    if len({ticket.requester_id for ticket, _ in missed}) > 1:
        names = join(dict.fromkeys(cards.student(turn, ticket) for ticket, _ in missed))
        return (Reply(text=turn.say("unreached.which", names=names)),)
    (first, mate) = missed[0]
    ticket = tickets.get(turn, first.id)
    if ticket is None:
        return None
    to = tickets.miss(turn, ticket, incoming.text.strip())
    name = directory.name_of(to, turn.lang) if to is not None else turn.say("card.nobody")
    number = on_call.duty_line(turn.session, mate.academic_path or "")
    said = turn.say("unreached.told", name=name, student=cards.student(turn, ticket))
    said += turn.say("unreached.phone", phone=number) if number else ""
    return (Reply(text=f"{said}\n{turn.say('unreached.next')}"),)


def _missed(turn: Turn, incoming: Incoming) -> list[tuple[Ticket, Person]]:
    """The overdue leaves that the words can mean, of classmates whom the speaker was asked to look for, and whose they are."""
    speaker = turn.person
    if speaker is None or speaker.kind != "student" or not speaker.active or incoming.press:
        return []
    words = incoming.text
    if not says_unreached(words):
        return []
    asked = select(Event.ticket_id).where(Event.kind == "watched", Event.to_id == speaker.id)
    found = (
        select(Ticket, Person)
        .join(Person, Person.id == Ticket.requester_id)
        .where(Ticket.id.in_(asked), Ticket.status == Status.waiting, Ticket.back_at <= turn.now)
        .order_by(Ticket.back_at)
        .limit(MOST)
    )
    rows = [(ticket, person) for ticket, person in turn.session.execute(found)]
    named = [(ticket, person) for ticket, person in rows if person.name in words or person.number in words]
    return named or (rows if names_nobody(words) else [])
