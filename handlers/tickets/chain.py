"""Moves a ticket's chain of signatures: makes its lines, asks whoever is next, sends copies, plans it anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from handlers import duties, proof_readers, signers, signing
from handlers.signers import Asked
from handlers.tickets.record import record
from handlers.turn import Turn
from models.base import new_id
from models.chain import Planned, plan
from models.item import Item
from models.person import Person
from models.ticket import Approval, Resolution, Status, Ticket

# As handlers.signing explains them.
WITH_NEXT: Final = signing.WITH_NEXT
REGISTERED: Final = signing.REGISTERED


@dataclass(slots=True)
class Following:
    """What a chain comes to next: whose signatures are asked, and who got a copy on the way."""

    asked: list[tuple[Approval, Asked]] = field(default_factory=list)
    copies: list[tuple[Approval, Person | None]] = field(default_factory=list)

    @property
    def first(self) -> Person | None:
        """Who has the matter next, None when nobody does."""
        return next((asked.person for _, asked in self.asked if asked.person is not None), None)


class Anew(NamedTuple):
    """A chain that was planned anew: its lines, and those that are void."""

    lines: Sequence[Approval]
    gone: Sequence[Approval]


def lay(turn: Turn, ticket: Ticket, item: Item, answers: dict[str, Any], rev: int) -> tuple[Planned, ...]:
    """Write the lines of a new ticket's chain as these answers ask for them, in force from a revision on."""
    planned = plan(item.approval, answers, turn.school.seasons)
    signing.changed(turn, ticket, _write(turn, ticket, planned, rev))
    return planned


def _write(turn: Turn, ticket: Ticket, planned: Iterable[Planned], rev: int) -> list[Approval]:
    lines = [
        Approval(
            id=new_id(turn.now), ticket_id=ticket.id, step=line.step, place=line.place, role=line.role,
            kind=line.kind, mode=line.mode, decision="", rev=rev,
        )
        for line in planned
    ]  # fmt: skip
    turn.session.add_all(lines)
    signing.changed(turn, ticket)
    return lines


def go_on(turn: Turn, ticket: Ticket, before: Sequence[Approval] = ()) -> Following:
    """Ask the signatures of the next step, and send the copies that come before it (`note` tells of both).

    The chain's lines are written; the step before is through. Nothing is asked where everything is signed. before: lines
    that were in force until now; whoever signed one or was asked is asked again, rather than somebody who never saw it.
    """
    item = signing.item_of(turn, ticket)
    barred = signers.concerned_by(turn, item, ticket)
    following = Following()
    lines = signing.steps(turn, ticket)
    now = signing.current(lines)
    signed = set(signing.signed_by(lines))
    with turn.session.no_autoflush:  # What is new goes out once, with whom it asks.
        for line in lines:
            if line.kind == "inform" and not line.decision and (not now or line.step <= now[0].step):
                person = signers.ask(turn, signers.area(turn, item, ticket, line), line.role, barred).person
                line.to_id, line.decision, line.decided_at = person.id if person else None, "informed", turn.now
                following.copies.append((line, person))
        for line in now:
            place = signers.area(turn, item, ticket, line)
            asked = _again(turn, ticket, line, before, signed) or signers.ask(
                turn, place, line.role, barred, frozenset(signed)
            )
            line.to_id = asked.person.id if asked.person else None
            following.asked.append((line, asked))
            if line.to_id and line.mode == "all":
                signed.add(line.to_id)
    turn.session.flush()
    return following


def _again(
    turn: Turn, ticket: Ticket, line: Approval, before: Sequence[Approval], signed: Collection[str]
) -> Asked | None:  # fmt: skip
    """Whoever had the same line before, while they still may sign it and are here."""
    for old in before:
        if (old.place, old.role) == (line.place, line.role) and (old.person_id or old.to_id):
            person = turn.session.get(Person, old.person_id or old.to_id)
            if (
                person is not None and person.active and person.id not in signed and not duties.is_away(turn.session, person.id, turn.now)
                and signing.may_sign(turn, ticket, line, person)
            ):  # fmt: skip
                return Asked(person)
    return None


def ask_others(turn: Turn, ticket: Ticket) -> list[Person]:
    """Ask the signatures that are owed now anew where whoever was asked may not give them: they signed beside, or the
    matter turned out to be about them. Answers with who is asked instead."""
    item, lines = signing.item_of(turn, ticket), signing.steps(turn, ticket)
    barred, found = signers.concerned_by(turn, item, ticket), []
    for line in signing.current(lines):
        had = turn.session.get(Person, line.to_id) if line.to_id else None
        if had is not None and signing.may_sign(turn, ticket, line, had):
            continue
        beside = {
            each.to_id for each in signing.current(lines) if each is not line and each.mode == "all" and each.to_id
        }
        signed = signing.signed_by(lines) | beside
        person = signers.ask(turn, signers.area(turn, item, ticket, line), line.role, barred, signed).person
        line.to_id = person.id if person is not None else None
        if person is not None:
            found.append(person)
        if had is not None and ticket.assignee_id == had.id:
            ticket.assignee_id = line.to_id
    turn.session.flush()
    return found


def note(turn: Turn, ticket: Ticket, following: Following, key: str = "") -> None:
    """Write down what `go_on` did: who signs beside the first, who stands in or was climbed to, who got a copy.

    key: WITH_NEXT where a decision's own event comes right after, which tells all of them.
    """
    for _, person in following.copies:
        record(turn, ticket, "informed", to=person, key=key)
    first = following.first
    for _, asked in following.asked:
        if asked.why == "stood_in":
            record(turn, ticket, "stood_in", to=asked.person, key=WITH_NEXT)
        elif asked.why == "second_signer":
            record(turn, ticket, "second_signer", to=asked.person, key=WITH_NEXT)
        elif asked.why:
            record(turn, ticket, "climbed" if asked.why == "climbed" else "passed_up", to=asked.person, key=WITH_NEXT)
    told = {first.id} if first is not None else set()
    for _, asked in following.asked:
        if asked.person is not None and asked.person.id not in told:
            told.add(asked.person.id)
            record(turn, ticket, "invited", to=asked.person, key=key)
    turn.session.flush()


def stamp(lines: Iterable[Approval], rev: int) -> None:
    """Say which revision decided these lines: said before the event of it is told, so that the notice names the last signer."""
    for line in lines:
        line.decided_rev = rev


def void(turn: Turn, ticket: Ticket, lines: Sequence[Approval], rev: int) -> None:
    """Put lines out of force; what was decided on them stays written."""
    for line in lines:
        line.void_rev = rev
    turn.session.flush()
    signing.changed(turn, ticket)


def repeat(turn: Turn, ticket: Ticket, lines: Sequence[Approval]) -> list[Approval]:
    """Ask for the same signatures once more: their lines are void, and new ones like them, given back, are in force.

    The event that does so comes after this; `date` gives all of them its revision.
    """
    void(turn, ticket, lines, ticket.rev + 1)
    return _write(turn, ticket, [_as_planned(line) for line in lines], ticket.rev + 1)


def date(anew: Iterable[Approval], gone: Iterable[Approval], rev: int) -> None:
    """Say which revision put these lines in force, and those out of it."""
    for line in anew:
        line.rev = rev
    for line in gone:
        line.void_rev = rev


def _as_planned(line: Approval) -> Planned:
    return Planned(line.step, line.place, line.role, line.kind, line.mode)


def unlay(turn: Turn, ticket: Ticket, rev: int) -> None:
    """Put the chain back to what it was before the event of a revision: its decisions, its lines, whom it asked."""
    for line in signing.ever(turn, ticket):
        if line.rev == rev:
            turn.session.delete(line)
        elif line.void_rev == rev:
            line.void_rev = None
        elif line.decided_rev == rev:
            line.decision, line.person_id, line.decided_at, line.decided_rev = "", None, None, None
    turn.session.flush()
    signing.changed(turn, ticket)
    lines = signing.steps(turn, ticket)
    now = signing.current(lines)
    for line in lines:
        # What comes later is not asked yet; and a copy that was taken back was never sent to anybody.
        if not line.decision and (line.kind == "inform" or (now and line.step > now[0].step)):
            line.to_id = None
    turn.session.flush()


def renew(turn: Turn, ticket: Ticket, item: Item, answers: dict[str, Any]) -> Anew | None:
    """Plan the chain anew for changed answers; None when it stays as it is. `date` gives the lines their revision.

    The rule: as long as nobody has decided, only another plan changes the chain. Once somebody has, every signature is
    asked for again, because it was given to other answers.
    """
    lines = signing.steps(turn, ticket)
    planned = plan(item.approval, answers, turn.school.seasons)
    if [_as_planned(line) for line in lines] == list(planned) and not any(line.decision for line in lines):
        return None
    void(turn, ticket, lines, ticket.rev + 1)
    return Anew(_write(turn, ticket, planned, ticket.rev + 1), lines)


def approve(
    turn: Turn, ticket: Ticket, by: Person | None, words: str = "", key: str = "", decided: Iterable[Approval] = (),
) -> None:  # fmt: skip
    """The chain is through: the matter is approved, and goes on where its item says so.

    by: who gave the last signature, None where nobody has to decide and the copies were sent (key REGISTERED). decided:
    the lines that this decides.
    """
    goes_on = turn.school.catalogue.service(ticket.service).signed(turn, ticket)
    if goes_on:
        # The way back is the part of whoever holds the student, and not of whoever happened to sign last, who is told
        # next when nothing is heard.
        ticket.assignee_id = proof_readers.responsible(turn, ticket) or ticket.assignee_id
    to_status = Status.waiting if goes_on else Status.resolved
    resolution = None if goes_on else Resolution.approved
    stamp(decided, ticket.rev + 1)
    record(turn, ticket, "approved", by=by, words=words, move=to_status, resolution=resolution, key=key)
