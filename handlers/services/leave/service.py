"""The hooks of leave: how long it is, what cannot be, what signers weigh, the wait for the return."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handlers import access, cards, guardians, lengths, prolonged, proofs, slips, vouchers, wording
from handlers.catalogue import Service
from handlers.services.leave import (
    correcting,
    courses,
    guards,
    list_telling,
    listing,
    notes,
    prolonging,
    resuming,
    returning,
    showing,
    stretches,
    telling,
    weighing,
)
from handlers.services.leave.counting import period
from handlers.services.leave.facts import DERIVED, reckon
from handlers.services.leave.spans import COUNTED, heads, services, span_of, whole_of
from handlers.turn import Turn
from models.item import Item
from models.leave_rules import LeaveRules, limit
from models.message import Link, Refused, Reply
from models.person import Person
from models.ticket import Resolution, Ticket


class Leave(Service):
    """The leave of absence; `waiting` from its approval until the student is back."""

    marks = ("back",)
    derived = DERIVED

    def __init__(self, item: Item) -> None:
        super().__init__(item)
        self.rules = item.leave or LeaveRules()

    def derive(self, turn: Turn, answers: dict[str, Any]) -> dict[str, Any]:
        """The length, the sums and what else the chain of signatures is chosen by."""
        pinned = prolonging.pinned(turn, answers) if answers.get("extends") else {}
        answers = {**answers, **pinned}
        found = {**pinned, **reckon(turn, self.item, self.rules, answers)}
        # What no longer follows from changed answers is taken out of them.
        return {**{key: None for key in DERIVED if key in answers}, **found}

    def check(self, turn: Turn, answers: dict[str, Any]) -> None:
        """Refuse what cannot be, each with a sentence of its own (`guards`)."""
        guards.check(turn, self.item, self.rules, answers)

    def lines(self, lang: str, answers: dict[str, Any]) -> tuple[str, ...]:
        """The length, and what else student and signers should know."""
        return notes.lines(lang, answers, nights=lengths.in_nights(self.item, answers))

    def shows(self, turn: Turn, answers: dict[str, Any]) -> str:
        """The proof that will be owed, by its name and its last day (`showing.line`)."""
        return showing.line(turn, self.rules, answers)

    def weigh(self, turn: Turn, ticket: Ticket) -> tuple[str, ...]:
        """How much leave this term makes with this one, and which other leaves it overlaps or follows without a day between."""
        found = weighing.sum_up(turn, ticket)
        return (*found, *courses.line(turn, ticket), *proofs.lines(turn, ticket), *guardians.lines(turn, ticket))

    def flag(self, turn: Turn, ticket: Ticket) -> str:
        """Why it is not approved among many at once (`weighing.flag`)."""
        return weighing.flag(turn, ticket, self.rules)

    def totals(self, turn: Turn, person: Person) -> tuple[str, ...]:
        """How much leave a student has had this term, of what the reader may see."""
        seasons = turn.school.seasons
        term, count, total = period(turn.today, "term", seasons), 0, 0.0
        seen = access.visible(turn.session, turn.person, turn.now)
        values = {"person": person.id, "services": services(turn)}
        for each in heads({}, turn.session.execute(COUNTED.where(seen), values).scalars()):
            if period(whole_of(turn, each.answers)[0].date(), "term", seasons) == term:
                count, total = count + 1, total + float(each.answers.get("days", 0))
        since = wording.day(term, turn.lang, turn.today)
        return (turn.say("leave.term_total", since=since, count=count, days=wording.number(total)),) if count else ()

    def verbs(self, turn: Turn, ticket: Ticket) -> tuple[str, ...]:
        """Asking parents, while their word is owed."""
        return ("guardian_link", "guardian_phoned") if guardians.owed(turn, ticket) else ()

    def opened(self, turn: Turn, ticket: Ticket) -> None:
        """What has to be shown is owed from now on, or was given with the request."""
        due = ticket.answers.get("evidence_due")
        if due is None:
            return
        mine = self.rules.of(ticket.answers.get("kind"))
        rows = [each for each in mine.evidence if each.due == due]
        due_at = stretches.shown_by(turn, rows, span_of(turn, ticket.answers)) if due == "later" else None
        given = bool(cards.answers_of(turn, ticket).get("evidence"))
        proofs.lay(turn, ticket, due_at, given=given)
        if given:
            vouchers.tell(turn, ticket)

    def signing(self, turn: Turn, ticket: Ticket) -> None:
        """Parents confirm before the first signature where the rules say so; what was shown counts as looked at."""
        guardians.guard(turn, ticket)
        proofs.look(turn, ticket)

    def signed(self, turn: Turn, ticket: Ticket) -> bool:
        """An approved leave waits for the student, whose return is due at its end; one made up afterwards is over.

        A list becomes a leave of each who stands on it; whoever handed it in without being on it is not away.
        """
        if listing.names(ticket):
            listing.give_each(turn, ticket)
            if not listing.is_on(turn, ticket):
                return False
        self._tell_teachers(turn, ticket, given=True)
        end = span_of(turn, ticket.answers)[1]
        if ticket.answers.get("extends"):
            prolonging.goes_on(turn, ticket)
        elif end <= turn.now and limit(self.rules.of(ticket.answers.get("kind")).made_up).seconds:
            return False
        ticket.back_at = end
        return True

    def _tell_teachers(self, turn: Turn, ticket: Ticket, *, given: bool) -> None:
        """The copies for those whose lessons are missed, where the rules of the kind send them."""
        if self.rules.of(ticket.answers.get("kind")).teachers:
            courses.tell(turn, ticket, given=given)

    def undone(self, turn: Turn, ticket: Ticket) -> None:
        """The leaves of a list whose approval was taken back are none, and what was prolonged runs as before."""
        listing.take_each(turn, ticket)
        self._tell_teachers(turn, ticket, given=False)
        if ticket.answers.get("extends"):
            prolonging.stops(turn, ticket)

    def correcting(self, turn: Turn, ticket: Ticket, to: str) -> None:
        """A leave that runs or was returned from is not refused any more, nor is one given that is over (`correcting.check`)."""
        correcting.check(turn, self.item, self.rules, ticket, to)

    def closed(self, turn: Turn, ticket: Ticket) -> None:
        """Whoever takes back that a leave goes on is on the old one again; whoever is back wants no more days."""
        if ticket.resolution == Resolution.withdrawn and ticket.answers.get("extends"):
            prolonging.stops(turn, ticket)
        if ticket.resolution == Resolution.withdrawn and ticket.back_at is not None:
            self._tell_teachers(turn, ticket, given=False)
        if ticket.resolution == Resolution.withdrawn:
            list_telling.dropped_out(turn, ticket)
        if ticket.resolution == Resolution.approved and not ticket.answers.get(prolonged.BY):
            prolonging.drop_asked(turn, ticket)
            returning.owe(turn, ticket, self.rules)

    def resuming(self, turn: Turn, ticket: Ticket, ended_at: datetime) -> None:
        """Another leave may take its time by now (`resuming.check`)."""
        resuming.check(turn, ticket)

    def resumed(self, turn: Turn, ticket: Ticket, kind: str, ended_at: datetime) -> None:
        """Everything stands as before the student's 销假 or 撤回; teachers who heard that it is none hear that it is one."""
        if kind == "returned":
            resuming.after_return(turn, ticket, ended_at)
            return
        resuming.after_withdrawal(turn, self.rules, ticket)
        list_telling.dropped_out(turn, ticket, after_all=True)
        if ticket.back_at is not None:
            self._tell_teachers(turn, ticket, given=True)

    def made_up(self, turn: Turn, answers: dict[str, Any], span: dict[str, Any]) -> dict[str, Any] | None:
        """The kind that a leave has to be of which is over (补假), by the rules of its kind (`guards.made_up`)."""
        return guards.made_up(turn, self.item, self.rules, {**answers, "span": span})

    def prolonging(self, turn: Turn, ticket: Ticket) -> dict[str, Any]:
        """The answers with which an approved leave goes on (续假)."""
        return prolonging.start(turn, self.item, self.rules, ticket)

    def prolongs(self, turn: Turn, ticket: Ticket) -> bool:
        """Whether more days are offered: it runs, and it is not too late to ask."""
        start, end = whole_of(turn, ticket.answers)
        late = stretches.from_(turn, self.rules.of(ticket.answers.get("kind")).extend_late, end)
        return start <= turn.now <= end + late

    def returning(self, turn: Turn, ticket: Ticket) -> None:
        """Nobody comes back from a leave that has not begun; it can be taken back instead. One that goes on beyond another
        (续假) began with that one."""
        start, _ = whole_of(turn, ticket.answers)
        if turn.now < start:
            begins = wording.start(ticket.answers["span"], turn.lang, turn.school.zone, turn.today)
            raise Refused("leave.not_begun", number=ticket.number, start=begins)
        mine = turn.person is not None and turn.person.id == ticket.requester_id
        if mine and self._in_person(ticket):
            name = cards.who(turn, ticket.assignee_id) or turn.say("card.nobody")
            raise Refused("leave.back_in_person", number=ticket.number, name=name)

    def slipping(self, turn: Turn, ticket: Ticket) -> Reply | None:
        """Whether somebody is back from a leave of which much is still to come (`returning.ask_early`)."""
        return returning.ask_early(turn, ticket, self.rules)

    def _in_person(self, ticket: Ticket) -> bool:
        return self.rules.of(ticket.answers.get("kind")).back_by == "staff"

    def coming_back(self, turn: Turn, ticket: Ticket) -> str:
        """By a word, or in person where the rules say so."""
        if not self._in_person(ticket):
            return turn.say("leave.back_by_word")
        return turn.say("leave.back_by_staff", name=cards.who(turn, ticket.assignee_id) or turn.say("card.nobody"))

    def withdrawing(self, turn: Turn, ticket: Ticket) -> bool:
        """An approved leave may be taken back until it begins."""
        return turn.now < span_of(turn, ticket.answers)[0]

    def link(self, turn: Turn, ticket: Ticket) -> Link | None:
        """The slip, once the leave is approved."""
        return slips.link(turn, ticket)

    def told(self, turn: Turn, aspect: str, words: str) -> str | None:
        """What the rules say to a question (`telling.told`)."""
        return telling.told(turn, self.item, self.rules, aspect, words)

    def hear(self, turn: Turn, command: str) -> tuple[Reply, ...] | None:
        """「销假」."""
        return returning.hear(turn, self.rules) if command == "return" else None
