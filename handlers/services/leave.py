"""Leave 请销假: how long it is, what cannot be, the wait for the return, and the return itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, or_, select

from handlers import access, cards, tickets, wording
from handlers.catalogue import Service
from handlers.texts import text
from handlers.turn import Turn
from models.message import Choice, Refused, Reply
from models.person import Person
from models.ticket import OPEN, Resolution, Status, Ticket

NOON: Final = 13  # the hour that parts the two halves of a day
LONGEST: Final = 365  # days; what is longer is no leave but a suspension of studies
FARTHEST: Final = timedelta(days=365)
NEXT: Final = timedelta(days=1)  # two leaves with less between them are looked at as one
_MOMENT: Final = timedelta(microseconds=1)  # the end of a leave is exclusive
LATE: Final = timedelta(days=3)  # a leave that began longer ago is no slip of the pen

_RUNNING = (
    select(Ticket)
    .where(
        Ticket.requester_id == bindparam("person"),
        Ticket.service == bindparam("service"),
        Ticket.status == Status.waiting,
        Ticket.back_at.is_not(None),
    )
    .order_by(Ticket.back_at)
    .with_for_update()
)
_OPEN = select(Ticket).where(
    Ticket.requester_id == bindparam("person"), Ticket.service == "leave", Ticket.status.in_(OPEN)
)
_COUNTED = (
    select(Ticket)
    .where(
        Ticket.requester_id == bindparam("person"),
        Ticket.service == "leave",
        or_(Ticket.resolution.is_(None), Ticket.resolution == Resolution.approved),
    )
    .order_by(Ticket.opened_at.desc())
    .limit(200)
)
_LOCK = select(Person.id).where(Person.id == bindparam("person")).with_for_update(key_share=True)


def days(start: datetime, end: datetime) -> float:
    """How many days a leave counts: half days, a half being the time before or after 13:00 of one calendar day.

    Every half that the span touches counts, so tomorrow 14:00 to the day after 22:00 is 1.5 days, whole days count
    one each, and a single lesson counts half a day. Both instants are local; the end is exclusive.
    """
    last = end - timedelta(microseconds=1)
    halves = (last.date() - start.date()).days * 2
    halves += (1 if last.hour >= NOON else 0) - (1 if start.hour >= NOON else 0) + 1
    return halves / 2


class Leave(Service):
    """The leave of absence; `waiting` from its approval until the student is back."""

    marks = ("back",)
    derived = ("days",)

    def derive(self, turn: Turn, answers: dict[str, Any]) -> dict[str, Any]:
        """The length in days, by which the chain of signatures is chosen."""
        start, end = _span(turn, answers)
        return {"days": days(start, end)}

    def check(self, turn: Turn, answers: dict[str, Any]) -> None:
        """Refuse what cannot be: no length, a year and more, long past, far ahead, or over another leave of one's own."""
        if "span" not in answers:
            return
        start, end = _span(turn, answers)
        if end <= start:
            raise Refused("leave.no_length", field="span")
        if (end - start).days > LONGEST or start - turn.now > FARTHEST:
            raise Refused("leave.too_far", field="span")
        if start < turn.now - LATE:
            raise Refused(
                "leave.long_past", field="span", start=wording.moment(start, turn.lang, turn.school.zone, turn.today)
            )
        if end <= turn.now:
            raise Refused("leave.past", field="span", end=wording.moment(end, turn.lang, turn.school.zone, turn.today))
        other = _overlap(turn, start, end)
        if other is not None:
            raise Refused("leave.overlap", field="span", number=other.number,
                          span=wording.span(other.answers["span"], turn.lang, turn.school.zone, turn.today))  # fmt: skip

    def lines(self, lang: str, answers: dict[str, Any]) -> tuple[str, ...]:
        """The length."""
        if "days" not in answers:
            return ()
        return (text(lang, "leave.length", days=wording.number(answers["days"])),)

    def weigh(self, turn: Turn, ticket: Ticket) -> tuple[str, ...]:
        """How much leave this term makes with this one, and which other leaves it overlaps or follows without a day between."""
        start, end = _span(turn, ticket.answers)
        term = _term(turn, start.date())
        count, total, lines = 1, float(ticket.answers.get("days", 0)), []
        seen = access.visible(turn.session, turn.person, turn.now)
        for other in turn.session.execute(_COUNTED.where(seen), {"person": ticket.requester_id}).scalars():
            if other.id == ticket.id:
                continue
            from_, to = _span(turn, other.answers)
            if _term(turn, from_.date()) == term:
                count, total = count + 1, total + float(other.answers.get("days", 0))
            if from_ - end < NEXT and start - to < NEXT:
                key = "overlaps" if from_ < end and start < to else "adjoins"
                dates = wording.span(other.answers["span"], turn.lang, turn.school.zone, turn.today)
                state = cards.state(turn, other, staff=True)
                lines.append(turn.say(f"leave.{key}", number=other.number, span=dates, state=state))
        since = wording.day(term, turn.lang, turn.today)
        if "exam" in turn.school.seasons.names_of(start.date(), (end - _MOMENT).date()):
            lines.append(turn.say("leave.exams"))
        return (turn.say("leave.term", since=since, count=count, days=wording.number(total)), *lines)

    def signed(self, turn: Turn, ticket: Ticket) -> bool:
        """An approved leave waits for the student, whose return is due at its end."""
        ticket.back_at = _span(turn, ticket.answers)[1]
        return True

    def returning(self, turn: Turn, ticket: Ticket) -> None:
        """Nobody comes back from a leave that has not begun; it can be taken back instead."""
        start, _ = _span(turn, ticket.answers)
        if turn.now < start:
            raise Refused(
                "leave.not_begun",
                number=ticket.number,
                start=wording.moment(start, turn.lang, turn.school.zone, turn.today),
            )

    def withdrawing(self, turn: Turn, ticket: Ticket) -> bool:
        """An approved leave may be taken back until it begins."""
        return turn.now < _span(turn, ticket.answers)[0]

    def hear(self, turn: Turn, command: str) -> tuple[Reply, ...] | None:
        """「销假」: the one leave that runs is ended; of several one is chosen."""
        if command != "return" or turn.person is None or turn.person.kind != "student":
            return None
        values = {"person": turn.person.id, "service": self.item.slug}
        running = list(turn.session.execute(_RUNNING, values).scalars())
        begun = [ticket for ticket in running if _span(turn, ticket.answers)[0] <= turn.now]
        if not running:
            return (Reply(text=turn.say("leave.none_running")),)
        if len(running) == 1 or len(begun) == 1:
            return back(turn, (begun or running)[0])
        choices = tuple(
            Choice(label=turn.say("leave.back_from", names=cards.names(turn, ticket)),
                   send=f"t:{ticket.id}:back:{ticket.rev}") for ticket in running
        )  # fmt: skip
        return (Reply(text=turn.say("leave.which_back"), choices=choices),)


def back(turn: Turn, ticket: Ticket) -> tuple[Reply, ...]:
    """The student is back: the leave is closed, and those who answer for the student are told."""
    late = ticket.back_at is not None and turn.now > ticket.back_at
    tickets.come_back(turn, ticket)
    said = turn.say("leave.back_late" if late else "leave.back", number=ticket.number)
    return (
        Reply(text=said, card=cards.card(turn, ticket, staff=False), choices=cards.choices(turn, ticket, staff=False)),
    )


def _term(turn: Turn, on: date) -> date:
    """The first day of the term in which a day lies, as the school's settings say.

    A day between two terms counts to the one before. Where the school told of no term around it: 1 August or 1 February,
    between which terms of Chinese universities lie. Whoever reads the total is told this day.
    """
    begun = [term for term in turn.school.terms if term.start_on <= on]
    if begun and (turn.school.seasons.term_of(on) is not None or any(term.start_on > on for term in turn.school.terms)):
        return max(term.start_on for term in begun)
    if on.month >= 8:
        return date(on.year, 8, 1)
    return date(on.year, 2, 1) if on.month >= 2 else date(on.year - 1, 8, 1)


def _span(turn: Turn, answers: dict[str, Any]) -> tuple[datetime, datetime]:
    zone = turn.school.zone
    value = answers["span"]
    return datetime.fromisoformat(value["start"]).astimezone(zone), datetime.fromisoformat(value["end"]).astimezone(
        zone
    )


def _overlap(turn: Turn, start: datetime, end: datetime) -> Ticket | None:
    """A leave of the same student that has a moment in common (half-open: ending at 18:00 and beginning then is fine)."""
    if turn.person is None:
        return None
    # The row of the account is locked by the door, not the person's: two channels could race, so the person is locked.
    turn.session.execute(_LOCK, {"person": turn.person.id})
    for ticket in turn.session.execute(_OPEN, {"person": turn.person.id}).scalars():
        from_, to = _span(turn, ticket.answers)
        if from_ < end and start < to:
            return ticket
    return None


SERVICE = Leave
