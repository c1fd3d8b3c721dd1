"""Signatures: whose turn it is, who may give one, and what a student is told of the chain before handing in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Final

from sqlalchemy import bindparam, select

from handlers import directory, duties, signers, wording
from handlers.turn import Turn
from models.chain import plan
from models.item import Item
from models.person import Person
from models.ticket import Approval, Ticket
from models.unit import known, once

_STEPS = (
    select(Approval)
    .where(Approval.ticket_id == bindparam("ticket"), Approval.void_rev.is_(None))
    .order_by(Approval.step, Approval.place)
)
_STEPS_OF = (
    select(Approval)
    .where(Approval.ticket_id.in_(bindparam("tickets", expanding=True)), Approval.void_rev.is_(None))
    .order_by(Approval.step, Approval.place)
)
_KNOWN: Final = "steps"
_EVERY = select(Approval).where(Approval.ticket_id == bindparam("ticket")).order_by(Approval.step, Approval.place)
DECIDED: Final = ("signed", "refused")
# Keys of events. What a chain did is told together with the decision right after it, and taken back with it; and an
# approval that nobody had to decide.
WITH_NEXT: Final = "with_next"
REGISTERED: Final = "registered"


def steps(turn: Turn, ticket: Ticket) -> Sequence[Approval]:
    """Every line of the ticket's chain that is in force, in order: signatures given or not, and copies."""
    read = known(turn.session, _KNOWN)
    if ticket.id not in read:
        read[ticket.id] = turn.session.execute(_STEPS, {"ticket": ticket.id}).scalars().all()
    found: Sequence[Approval] = read[ticket.id]
    return found


def read_ahead(turn: Turn, tickets: Iterable[Ticket]) -> None:
    """Read the chains of several tickets with one query."""
    read = known(turn.session, _KNOWN)
    wanted = [each.id for each in tickets if each.id not in read]
    if wanted:
        lines: dict[str, list[Approval]] = {each: [] for each in wanted}
        for line in turn.session.execute(_STEPS_OF, {"tickets": wanted}).scalars():
            lines[line.ticket_id].append(line)
        read.update(lines)


def changed(turn: Turn, ticket: Ticket, lines: Sequence[Approval] | None = None) -> None:
    """Other lines are in force from here on: these, where they are at hand, else they are read when they are asked for."""
    read = known(turn.session, _KNOWN)
    read.pop(ticket.id, None)
    if lines is not None:
        read[ticket.id] = lines


def ever(turn: Turn, ticket: Ticket) -> Sequence[Approval]:
    """The same with the lines that are void: what was planned before it was planned anew or sent back."""
    return turn.session.execute(_EVERY, {"ticket": ticket.id}).scalars().all()


def registers(turn: Turn, ticket: Ticket) -> bool:
    """Whether nobody signs a ticket and copies are all that its chain sends (备案): it is in force with the request."""
    lines = steps(turn, ticket)
    return bool(lines) and all(line.kind == "inform" for line in lines)


def current(lines: Sequence[Approval]) -> list[Approval]:
    """Of a chain's lines the signatures that are owed now: those of the first step that is not through."""
    owed = [line for line in lines if line.kind == "sign" and not line.decision]
    return [line for line in owed if line.step == owed[0].step]


def signed_by(lines: Iterable[Approval]) -> frozenset[str]:
    """Who has given a signature of these lines: each of a chain's signatures is another person's."""
    return frozenset(line.person_id for line in lines if line.decision in DECIDED and line.person_id is not None)


def owed(turn: Turn, ticket: Ticket, reader: Person | None = None) -> Approval | None:
    """The signature that is owed now, None when none is; of several side by side the one that the reader would give."""
    if not ticket.is_open:
        return None
    lines = current(steps(turn, ticket))
    if len(lines) < 2 or reader is None:
        return lines[0] if lines else None
    mine = [line for line in lines if line.to_id == reader.id]
    mine = mine or [line for line in lines if may_sign(turn, ticket, line, reader)]
    return (mine or lines)[0]


def may_sign(turn: Turn, ticket: Ticket, approval: Approval, by: Person) -> bool:
    """Whether somebody may give a signature.

    Whoever was asked; whoever holds the role for the area, or stands in; where nobody does, whoever the matter was
    assigned to; and who leads an area above may step in. Nobody gives two of one chain, but where any one of a step
    decides. Those whom the matter is about, whoever stands in for them, and whoever asked, never.
    """
    return once(turn.session, (f"may_sign {approval.id}", by.id), lambda: _may_sign(turn, ticket, approval, by))


def _may_sign(turn: Turn, ticket: Ticket, approval: Approval, by: Person) -> bool:
    item = item_of(turn, ticket)
    barred = signers.concerned_by(turn, item, ticket)
    if by.id in barred or _gave_another(turn, ticket, approval, by):
        return False
    if approval.to_id == by.id:
        return True
    place = signers.area(turn, item, ticket, approval)
    parts = duties.deputed(turn.session, place, approval.role, turn.now)
    holding = {each for each, away in parts.items() if each not in barred and away not in barred}
    if by.id in holding or (not holding and by.id == ticket.assignee_id):
        return True
    stood_in = duties.takes_part_of(turn.session, by.id, turn.now) - barred
    if approval.to_id is not None and approval.to_id in stood_in:
        return True
    leading = {person.id for person in duties.leads(turn.session, ticket.path, turn.now, barred)}
    if place != ticket.path:
        leading |= {person.id for person in duties.leads(turn.session, place, turn.now, barred)}
    return by.id in leading


def _gave_another(turn: Turn, ticket: Ticket, approval: Approval, by: Person) -> bool:
    """Whether somebody gave another signature of the chain, or is asked for another of this very step: each is another
    person's, but where any one of a step decides."""
    for line in steps(turn, ticket):
        if line.id == approval.id or line.kind != "sign" or (line.step == approval.step and line.mode == "any"):
            continue
        if line.person_id == by.id and line.decision in DECIDED:
            return True
        if line.step == approval.step and line.to_id == by.id and not line.decision and approval.to_id != by.id:
            return True
    return False


def is_own(turn: Turn, ticket: Ticket, approval: Approval, by: Person) -> bool:
    """Whether a signature is somebody's own: they were asked for it, or stand in for whoever was, or hold the role for the
    area. Whoever leads above may step in and give one that is not (`may_sign`)."""
    if approval.to_id in (None, by.id) or approval.to_id in duties.takes_part_of(turn.session, by.id, turn.now):
        return True
    place = signers.area(turn, item_of(turn, ticket), ticket, approval)
    return by.id in duties.deputed(turn.session, place, approval.role, turn.now)


def is_after(turn: Turn, ticket: Ticket, approval: Approval) -> bool:
    """Whether somebody signed an earlier step, to which the matter can be sent back."""
    return any(line.kind == "sign" and line.step < approval.step for line in steps(turn, ticket))


def may_follow(turn: Turn, ticket: Ticket, approval: Approval) -> list[Person]:
    """To whom a signature may be handed on: everybody else who may give it, by name."""
    place = signers.area(turn, item_of(turn, ticket), ticket, approval)
    ids = set(duties.deputed(turn.session, place, approval.role, turn.now))
    ids |= {person.id for path in {ticket.path, place} for person in duties.leads(turn.session, path, turn.now)}
    people = turn.session.execute(select(Person).where(Person.id.in_(ids), Person.active)).scalars()
    me = turn.person.id if turn.person else ""
    others = [person for person in people if person.id != me and may_sign(turn, ticket, approval, person)]
    return sorted(others, key=lambda person: person.number)


def last_decision(turn: Turn, ticket: Ticket) -> Approval | None:
    """The decision that was given last and is in force, None while there is none."""
    given = [line for line in steps(turn, ticket) if line.decision in DECIDED and line.decided_at is not None]
    return max(given, key=lambda line: (line.decided_rev or 0, line.step, line.place), default=None)


def item_of(turn: Turn, ticket: Ticket) -> Item:
    """The item in the version that the ticket was opened under."""
    return turn.school.catalogue.item(turn.session, ticket.service, ticket.version)


def signer_name(turn: Turn, ticket: Ticket, line: Approval) -> str:
    """Whom a later signature would go to if it were asked for now; "" when nobody answers.

    Whoever gives an earlier one of it is not asked for two (`signers.ask`), nor named for two: one after another they are
    looked for as they will be asked.
    """
    item, lines = item_of(turn, ticket), steps(turn, ticket)
    barred = signers.concerned_by(turn, item, ticket)
    signed: set[str] = set()

    def asked(one: Approval) -> Person | None:
        here = signers.area(turn, item, ticket, one)
        return signers.ask(turn, here, one.role, barred, frozenset(signed)).person

    if line.kind == "sign" and line.mode == "all":
        signed |= signed_by(lines) | {each.to_id for each in current(lines) if each.to_id and each.id != line.id}
        for each in lines:
            if each.id == line.id:
                break
            if each.kind == "sign" and each.mode == "all" and not each.decision and not each.to_id:
                person = asked(each)
                signed |= {person.id} if person is not None else set()
    return directory.name_of(asked(line), turn.lang)


def chain(turn: Turn, item: Item, path: str, answers: dict[str, Any]) -> str:
    """The sentence of a summary that says whose further signatures are needed and who gets a copy, "" where one or none is.

    path: where the ticket would stand. answers: as filled in, with what was derived from them.
    """
    me = turn.person.id if turn.person else None
    barred = signers.concerned(turn, item, me, answers)
    signed: set[str] = set()
    steps_: list[str] = []
    copies: list[str] = []
    planned = plan(item.approval, answers, turn.school.seasons)
    for _, lines in groupby(planned, key=lambda line: line.step):
        names: dict[str, list[str]] = {"sign": [], "inform": []}
        mode = "all"
        for line in lines:
            where = signers.place(turn, path, line.role, item.approval[line.place].tree, turn.person)
            others = frozenset(signed if line.kind == "sign" else ())
            person = signers.ask(turn, where, line.role, barred, others).person
            if person is not None and line.kind == "sign" and line.mode == "all":
                signed.add(person.id)
            names[line.kind].append(directory.name_of(person, turn.lang) or vacant(turn, line.role))
            mode = line.mode if line.kind == "sign" else mode
        steps_ += [_step(turn, names["sign"], mode)] if names["sign"] else []
        copies += names["inform"]
    said = ""
    if len(steps_) > 1:
        later = turn.say("signing.comma").join(turn.say("signing.then", step=step) for step in steps_[1:])
        said = turn.say("signing.chain", first=steps_[0], others=later)
    elif steps_ and len(planned) - len(copies) > 1:
        said = turn.say("signing.joint", step=steps_[0])
    elif not steps_ and copies:
        said = turn.say("signing.registered")
    told = turn.say("signing.copies", names=turn.say("form.or").join(copies)) if copies else ""
    return "\n".join(each for each in (said, told) if each)


def vacant(turn: Turn, role: str) -> str:
    """What stands for the name of whoever signs in a role where nobody is there: 「辅导员（目前还没有人）」."""
    return turn.say("signing.vacant", role=wording.role(role, turn.lang))


def _step(turn: Turn, names: Sequence[str], mode: str) -> str:
    """What the signers of one step do, as a part of the chain's sentence: 「韩老师审批」, 「王书记、李院长会签（都要同意）」."""
    key = "one" if len(names) == 1 else "any" if mode == "any" else "all"
    return turn.say(f"signing.step_{key}", names=turn.say("form.or").join(names))


def beside(turn: Turn, names: Sequence[str], mode: str) -> str:
    """The names of a step's signers: one, all of several, or any one of them."""
    if len(names) == 1:
        return names[0]
    return turn.say("signing.any" if mode == "any" else "signing.all", names=turn.say("form.or").join(names))
