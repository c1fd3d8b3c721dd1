"""What a signer may do with the signature that is asked for: give it, refuse it, hand it on, send it back."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import cards, signing
from handlers.tickets import chain
from handlers.tickets.answering import adopt, before_of, signature_of
from handlers.tickets.permitting import permit
from handlers.tickets.record import record
from handlers.turn import Turn
from models.message import Refused
from models.person import Person
from models.ticket import Approval, Resolution, Status, Ticket


def sign(turn: Turn, ticket: Ticket, words: str = "") -> None:
    """Give the signature that is asked for (同意); after the last one the matter is approved."""
    by = permit(turn, ticket)
    approval = signature_of(turn, ticket, by)
    turn.school.catalogue.service(ticket.service).signing(turn, ticket)
    was = before_of(ticket)
    decided = _give(turn, ticket, approval, by)
    beside = [line for line in signing.current(signing.steps(turn, ticket)) if line.step == approval.step]
    if beside:
        if ticket.assignee_id not in {line.to_id for line in beside}:
            ticket.assignee_id = next((line.to_id for line in beside if line.to_id), ticket.assignee_id)
        chain.stamp(decided, ticket.rev + 1)
        record(turn, ticket, "cosigned", by=by, words=words, move=Status.in_progress, key=was)
        for person in chain.ask_others(turn, ticket):
            record(turn, ticket, "invited", to=person)
        return
    following = chain.go_on(turn, ticket)
    decided += [line for line, _ in following.copies]
    if following.asked:
        to = following.first
        ticket.assignee_id = to.id if to else ticket.assignee_id
        chain.note(turn, ticket, following, chain.WITH_NEXT)
        chain.stamp(decided, ticket.rev + 1)
        record(turn, ticket, "signed", by=by, to=to, words=words, move=Status.in_progress, key=was)
    else:
        adopt(ticket, by)
        chain.note(turn, ticket, following, chain.WITH_NEXT)
        chain.approve(turn, ticket, by, words, was, decided)


def _give(turn: Turn, ticket: Ticket, approval: Approval, by: Person) -> list[Approval]:
    """Sign a line; where any one of its step decides, the others need not be signed any more."""
    decided = []
    for line in signing.current(signing.steps(turn, ticket)):
        if line is approval:
            line.decision, line.person_id, line.decided_at = "signed", by.id, turn.now
            decided.append(line)
        elif approval.mode == "any":
            line.decision, line.decided_at = "spared", turn.now
            decided.append(line)
    turn.session.flush()
    return decided


def refuse(turn: Turn, ticket: Ticket, words: str) -> None:
    """Decide against it (不同意), with the reason that the student reads. One refusal of a joint step refuses."""
    by = permit(turn, ticket)
    approval = signature_of(turn, ticket, by)
    was = before_of(ticket)
    decided = signing.current(signing.steps(turn, ticket))
    for line in decided:
        line.decision, line.decided_at = "spared", turn.now
    approval.decision, approval.person_id = "refused", by.id
    adopt(ticket, by)
    chain.stamp(decided, ticket.rev + 1)
    record(turn, ticket, "refused", by=by, words=words, move=Status.resolved, resolution=Resolution.refused, key=was)
    turn.school.catalogue.service(ticket.service).closed(turn, ticket)


def delegate(turn: Turn, ticket: Ticket, to: Person, words: str = "") -> None:
    """Hand the signature to somebody else who may give it (转签), with a note or none; the limits run on.

    Raises Refused for somebody who may not sign it.
    """
    by = permit(turn, ticket)
    approval = signature_of(turn, ticket, by)
    if to.id == by.id or to.id not in {person.id for person in signing.may_follow(turn, ticket, approval)}:
        raise Refused("signing.not_to", name=to.name, names=_names(turn, signing.may_follow(turn, ticket, approval)))
    if to.id == approval.to_id:
        raise Refused("transfer.has_it", name=cards.who(turn, to.id), number=ticket.number)
    was = before_of(ticket)
    if ticket.assignee_id in (approval.to_id, by.id):
        ticket.assignee_id = to.id
    approval.to_id = to.id
    record(turn, ticket, "delegated", by=by, to=to, words=words, key=was)


def _names(turn: Turn, people: Sequence[Person]) -> str:
    return turn.say("form.or").join(cards.who(turn, person.id) for person in people) or turn.say("card.nobody")


def steps_back(turn: Turn, ticket: Ticket, by: Person) -> list[list[Approval]]:
    """The steps to which the speaker may send the matter back, in order: those that are signed, before his own."""
    approval = signing.owed(turn, ticket, by)
    if approval is None or not signing.may_sign(turn, ticket, approval, by):
        return []
    found: dict[int, list[Approval]] = {}
    for line in signing.steps(turn, ticket):
        if line.kind == "sign" and line.step < approval.step:
            found.setdefault(line.step, []).append(line)
    return [found[step] for step in sorted(found)]


def send_back(turn: Turn, ticket: Ticket, words: str, step: int | None = None) -> None:
    """Send the matter back to an earlier step of its chain (退回上一步), with the reason; from there on everybody signs
    anew. step: which, as the lines count them; the one before where none is said. To the student it goes by `ask`.

    Raises Refused where there is no such step.
    """
    by = permit(turn, ticket)
    signature_of(turn, ticket, by)
    earlier = steps_back(turn, ticket, by)
    found = [lines for lines in earlier if step is None or lines[0].step == step]
    if not found:
        raise Refused("signing.no_step_back" if not earlier else "signing.no_such_step", number=ticket.number)
    was, first = before_of(ticket), found[-1][0].step
    back = [line for line in signing.steps(turn, ticket) if line.step >= first and line.kind == "sign"]
    anew = chain.repeat(turn, ticket, back)
    following = chain.go_on(turn, ticket, back)
    to = following.first
    ticket.assignee_id = to.id if to else ticket.assignee_id
    chain.note(turn, ticket, following, chain.WITH_NEXT)
    record(turn, ticket, "sent_back", by=by, to=to, words=words, move=Status.in_progress, key=was)
    chain.date(anew, back, ticket.rev)
