"""What whoever asked says of an answer: it helped, it did not (and on it goes), one to five stars; and the final close."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from handlers import access, cards, directory, powers, receivers, recusals, routing
from handlers.offers import RATED_WITHIN
from handlers.tickets.answering import before_of
from handlers.tickets.climbing import above, next_after
from handlers.tickets.duplicates import tell_on
from handlers.tickets.permitting import permit
from handlers.tickets.record import record
from handlers.tickets.recusing import keep_out_by_words, keep_out_of_rating
from handlers.turn import Turn
from models.correction import CORRECTED
from models.message import Refused
from models.person import Person
from models.ticket import Event, Resolution, Status, Ticket

STARS: Final = range(1, 6)
LOW: Final = 2  # up to so many stars somebody above hears of it, and the matter stays open to a reopening
CHANGED_WITHIN: Final = timedelta(days=1)  # so long a rating may be changed, and words be added
_JUDGED: Final = (Resolution.answered, Resolution.approved)


def confirm(turn: Turn, ticket: Ticket) -> None:
    """The student says that it helped: the matter is closed. Asked once more after the close (回访), it stays so."""
    if ticket.status != Status.resolved and not (ticket.status == Status.closed and asked_last(turn, ticket)):
        raise Refused("ticket.already", state=cards.state(turn, ticket))
    record(turn, ticket, "confirmed", by=turn.person, move=Status.closed)


def reopen(turn: Turn, ticket: Ticket, words: str) -> None:
    """The student says that it did not help, with the reason: a new round, all clocks start anew.

    Whoever answered goes on with it; who has left, has no duty there any more or is away without a stand-in does not, but
    whoever answers there today. After School.most_reopens rounds it goes to the next one above by name, who has it from then on; the owner stays.
    A duplicate that was none goes on by itself. Raises Refused for what was not answered, what ended more than
    School.reopen_days ago (counted from the last question whether it held), and when nobody is left above.
    """
    if ticket.is_open or ticket.resolution not in (Resolution.answered, Resolution.duplicate):
        raise Refused("ticket.already", state=cards.state(turn, ticket))
    ended_at = _last(turn, ticket, "resolved", "followed_up", "merged", "closed")
    if ended_at is not None and turn.now - ended_at > timedelta(days=turn.school.reopen_days):
        raise Refused("ticket.too_late_to_reopen", days=turn.school.reopen_days)
    keep_out_by_words(turn, ticket, words)
    to: Person | None = None
    times = _count(turn, ticket, "reopened")
    if times >= turn.school.most_reopens:
        to = next_after(turn, ticket)
        if to is None:
            name = cards.who(turn, ticket.assignee_id) or turn.say("card.nobody")
            raise Refused("urge.reopened_enough", number=ticket.number, times=times, name=name)
        ticket.assignee_id, ticket.handed_path = to.id, receivers.area_of(turn, ticket, to)
    elif not _is_there(turn, ticket):
        _give_anew(turn, ticket)
    ticket.kept_id = None
    record(turn, ticket, "reopened", by=turn.person, to=to, words=words, move=Status.in_progress)


def _is_there(turn: Turn, ticket: Ticket) -> bool:
    """Whether whoever answered may still act on it, and is here or has somebody who stands in."""
    had = turn.session.get(Person, ticket.assignee_id) if ticket.assignee_id else None
    if had is None or not access.may_act(turn.session, had, ticket, turn.now):
        return False
    away = directory.is_away(turn.session, had.id, turn.now)
    return not away or directory.stand_in(turn.session, had.id, turn.now) is not None


def _give_anew(turn: Turn, ticket: Ticket) -> None:
    """To whoever answers there today; it stays where it is when nobody does, and is alarmed of."""
    role = routing.routed(turn, cards.item_of(turn, ticket), ticket.answers).answers_by
    path = ticket.handed_path or ticket.path
    about = recusals.of(turn, ticket)
    found = directory.responsible_for(turn.session, path, role, turn.now, ticket.requester_id, about=about)
    if found is not None or ticket.assignee_id in about:
        ticket.assignee_id = found.id if found is not None else None
    if ticket.owner_id in about:
        ticket.owner_id = ticket.assignee_id


def rate(turn: Turn, ticket: Ticket, stars: int, words: str = "") -> None:
    """One to five stars after the end, with a word or none; the last one counts, and for a day it may be changed.

    Three and more close what is only resolved. One or two are told to the next one above, and the matter stays where a
    「没解决」 takes it up again. Raises Refused for any other number, for what has not ended or ended long ago, and later.
    """
    if stars not in STARS:
        raise Refused("rate.range")
    if ticket.is_open or ticket.resolution not in _JUDGED:
        raise Refused("rate.not_yet", number=ticket.number, state=cards.state(turn, ticket))
    ended_at = _last(turn, ticket, "resolved", "approved", "returned", "followed_up", "confirmed")
    if ended_at is not None and turn.now - ended_at > RATED_WITHIN:
        raise Refused("rate.too_late", days=RATED_WITHIN.days)
    first_at = rated_at(turn, ticket)
    if first_at is not None and turn.now - first_at > CHANGED_WITHIN:
        raise Refused("rate.already", number=ticket.number)
    low = stars <= LOW
    keep_out_of_rating(turn, ticket, words, low=low)
    move = Status.closed if not low and ticket.status == Status.resolved else None
    was = stars_of(turn, ticket)
    to = next(iter(above(turn, ticket)), None) if low and (was is None or was > LOW) else None
    record(turn, ticket, "rated", by=turn.person, to=to, words=words, key=f"rate:{stars}", move=move)


def stars_of(turn: Turn, ticket: Ticket) -> int | None:
    """The rating that counts, None while there is none. A matter that was opened again, or whose answer was corrected, is rated anew."""
    statement = select(Event.kind, Event.key).where(
        Event.ticket_id == ticket.id, Event.kind.in_(("rated", "reopened", CORRECTED))
    )  # fmt: skip
    last = turn.session.execute(statement.order_by(Event.rev.desc()).limit(1)).first()
    return int(last.key[-1]) if last is not None and last.kind == "rated" else None


def rated_at(turn: Turn, ticket: Ticket) -> datetime | None:
    """When it was first rated since it was last opened, None while it was not."""
    begun = _last(turn, ticket, "reopened", CORRECTED)
    statement = select(func.min(Event.at)).where(Event.ticket_id == ticket.id, Event.kind == "rated")
    if begun is not None:
        statement = statement.where(Event.at >= begun)
    return turn.session.execute(statement).scalar()


def asked_last(turn: Turn, ticket: Ticket) -> bool:
    """Whether the last thing that happened was the question whether an answer held (回访)."""
    statement = select(Event.kind).where(Event.ticket_id == ticket.id).order_by(Event.rev.desc()).limit(1)
    return turn.session.execute(statement).scalar() == "followed_up"


def before_close(turn: Turn, ticket: Ticket) -> Person:
    """Refuse what `close` would refuse anyway, before its words are asked for; answers with who closes."""
    by = permit(turn, ticket)
    if not ticket.is_open or ticket.back_at is not None:
        raise Refused("ticket.already", state=cards.state(turn, ticket, staff=True))
    if cards.item_of(turn, ticket).urgent:
        raise Refused("close.never", number=ticket.number)
    if cards.pending(turn, ticket) is not None:
        raise Refused("ticket.needs_signature", number=ticket.number)
    leads = {person.id for person in directory.leads(turn.session, ticket.path, turn.now)}
    if not powers.parts(turn) & {ticket.assignee_id, ticket.owner_id, *leads}:
        raise Refused("close.not_yours", name=cards.who(turn, ticket.assignee_id) or turn.say("card.nobody"))
    return by


def close(turn: Turn, ticket: Ticket, words: str) -> Person | None:
    """Staff end what is no matter to work on (不予受理): spam, a test, a slip; or what waited in vain for the student.

    The reason is the student's to read, who may ask anew; it counts as refused, or as expired where the student was
    asked and never answered. Only by whoever has it, owns it or leads above; never a cry for help, never instead of a
    signature. May be taken back within two minutes.
    """
    by = before_close(turn, ticket)
    resolution = Resolution.expired if ticket.status == Status.waiting else Resolution.refused
    was = before_of(ticket)
    ticket.owner_id = ticket.owner_id or by.id
    record(turn, ticket, "closed", by=by, words=words, move=Status.closed, resolution=resolution, key=was)
    turn.school.catalogue.service(ticket.service).closed(turn, ticket)
    tell_on(turn, ticket, words)
    return None


def settle(turn: Turn, ticket: Ticket, key: str) -> None:
    """The sweep closes what was resolved, and of which the student said nothing for so long as it may be reopened."""
    record(turn, ticket, "settled", key=key, move=Status.closed)


def _last(turn: Turn, ticket: Ticket, *kinds: str) -> datetime | None:
    statement = select(func.max(Event.at)).where(Event.ticket_id == ticket.id, Event.kind.in_(kinds))
    return turn.session.execute(statement).scalar()


def _count(turn: Turn, ticket: Ticket, kind: str) -> int:
    statement = select(func.count()).where(Event.ticket_id == ticket.id, Event.kind == kind)
    return turn.session.execute(statement).scalar_one()
