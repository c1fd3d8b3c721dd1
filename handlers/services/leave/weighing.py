"""What weighs on a leave beside its form: its sum with others this term, what it overlaps or adjoins, exams, and flags."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from handlers import access, cards, guardians, lengths, proofs, wording
from handlers.services.leave import listing
from handlers.services.leave.counting import days_of, is_assumed, period
from handlers.services.leave.spans import counted, heads, span_of, whole_of
from handlers.turn import Turn
from models.leave_rules import LeaveRules
from models.ticket import Ticket

NEXT: Final = timedelta(days=1)  # two leaves with less between them are looked at as one


def _others(turn: Turn, ticket: Ticket, *, every: bool = False) -> list[Ticket]:
    """The student's other leaves that count, of what the speaker may see, or every one."""
    rows = [each for each in counted(turn, ticket.requester_id or "") if each.id != ticket.id]
    if rows and not every:
        there = access.seen_of(turn.session, turn.person, [each.id for each in rows], turn.now)
        rows = [each for each in rows if each.id in there]
    return heads(ticket.answers, rows)


def sum_up(turn: Turn, ticket: Ticket) -> tuple[str, ...]:
    """How much leave this term makes with this one and those before it, which other leaves it overlaps or follows without
    a day between, and whether it lies in exam weeks; of a list what is to be known of those on it."""
    (start, end), first = span_of(turn, ticket.answers), whole_of(turn, ticket.answers)[0]
    seasons = turn.school.seasons
    exams = (turn.say("leave.exams"),) if "exam" in seasons.names_of(*days_of(start, end)) else ()
    if listing.names(ticket):
        return (*listing.lines(turn, ticket), *exams)
    term = period(first.date(), "term", seasons)
    count, total, said = 1, float(ticket.answers.get("days", 0)), []
    for other in _others(turn, ticket):
        from_, to = whole_of(turn, other.answers)
        if _comes_before(other, ticket) and period(from_.date(), "term", seasons) == term:
            count, total = count + 1, total + float(other.answers.get("days", 0))
        if from_ - end < NEXT and start - to < NEXT:
            key = "overlaps" if from_ < end and start < to else "adjoins"
            dates = wording.span(other.answers["span"], turn.lang, turn.school.zone, turn.today)
            state = cards.state(turn, other, staff=True)
            said.append(turn.say(f"leave.{key}", number=other.number, span=dates, state=state))
    since = wording.day(term, turn.lang, turn.today)
    key = "leave.term_first" if count == 1 else "leave.term"
    key = lengths.keyed(key, nights=count == 1 and lengths.in_nights(cards.item_of(turn, ticket), ticket.answers))
    summed = turn.say(key, since=since, count=count, days=wording.number(total))
    summed += turn.say("leave.term_assumed") if is_assumed(first.date(), seasons) else ""
    return (summed, *said, *exams)


def _comes_before(other: Ticket, ticket: Ticket) -> bool:
    """Whether another leave counts in the sum of this one: it was given, or was asked for earlier. So several that wait
    together are each their own number, as if they were decided in their order."""
    given = other.back_at is not None or other.resolution is not None
    return given or (other.opened_at, other.number) < (ticket.opened_at, ticket.number)


def flag(turn: Turn, ticket: Ticket, rules: LeaveRules) -> str:
    """Why a leave needs a look of its own: "conflict" with another leave or an exam, "evidence" that is due and missing,
    "guardian" who has not confirmed, "often" for one too many in its calendar month; "" for an ordinary one."""
    start, end = span_of(turn, ticket.answers)
    others = _others(turn, ticket, every=True)
    spans = [whole_of(turn, other.answers) for other in others]
    exam = "exam" in turn.school.seasons.names_of(*days_of(start, end))
    if exam or any(from_ - end < NEXT and start - to < NEXT for from_, to in spans):
        return "conflict"
    if listing.names(ticket) and listing.clashes(turn, ticket):
        return "conflict"
    if ticket.answers.get("evidence_due") == "now" and proofs.is_owed(turn, ticket):
        return "evidence"
    if guardians.owed(turn, ticket):
        return "guardian"
    first = whole_of(turn, ticket.answers)[0]
    # Those that were asked for before it: the first of many is none too many.
    mine = (ticket.opened_at, ticket.number)
    before = [at for (at, _), other in zip(spans, others, strict=True) if (other.opened_at, other.number) < mine]
    month = [at for at in before if (at.year, at.month) == (first.year, first.month)]
    return "often" if len(month) + 1 >= rules.of(ticket.answers.get("kind")).often else ""
