"""What those who answer may do with a ticket; their right to it is asked again here, at the moment of the change."""

from __future__ import annotations

from handlers import cards, checklists, marks, signing, wording
from handlers.tickets.duplicates import tell_on
from handlers.tickets.permitting import permit
from handlers.tickets.record import record
from handlers.tickets.requester import come_back
from handlers.turn import Turn
from handlers.understand.progress import is_progress
from models.correction import Before
from models.message import Refused
from models.person import Account, Person
from models.rounds import ANSWERED, PROGRESS
from models.ticket import Approval, Resolution, Status, Ticket


def before_of(ticket: Ticket) -> str:
    """How the ticket stands now, as the key of the decision that changes it, so that it can be taken back."""
    return Before(Status(ticket.status), ticket.assignee_id, ticket.owner_id is not None).key


def _undecided(turn: Turn, ticket: Ticket) -> None:
    if not ticket.is_open or ticket.back_at is not None:
        raise Refused("ticket.already", state=cards.state(turn, ticket))


def take(turn: Turn, ticket: Ticket, _words: str = "") -> None:
    """Accept a ticket as one's own work."""
    by = permit(turn, ticket)
    _undecided(turn, ticket)
    if ticket.status != Status.new and ticket.assignee_id == by.id:
        raise Refused("ticket.already", state=cards.state(turn, ticket))
    approval = cards.pending(turn, ticket)
    if approval is not None and not signing.may_sign(turn, ticket, approval, by):
        # Taking it would take the signature, too, from whoever has to give it.
        raise Refused("ticket.not_yours_to_sign", name=cards.who(turn, ticket.assignee_id))
    was, ticket.assignee_id = before_of(ticket), by.id
    move = Status.in_progress if ticket.status == Status.new else None
    if cards.item_of(turn, ticket).urgent:
        # In a crisis the student hears at once that somebody is there, and that is the first answer.
        record(turn, ticket, "replied", by=by, words=_there(turn, ticket), move=move)
    else:
        record(turn, ticket, "taken", by=by, move=move, key=was)


def _there(turn: Turn, ticket: Ticket) -> str:
    """That somebody has read it, in the language of whoever wrote."""
    account = turn.session.get(Account, ticket.account_id) if ticket.account_id else None
    return turn.to(account.lang if account else "zh").say("crisis.taken", name=turn.person.name if turn.person else "")


def ask(turn: Turn, ticket: Ticket, words: str) -> None:
    """Send it back for more (退回补充); the clock stops until the student answers."""
    by = permit(turn, ticket)
    _undecided(turn, ticket)
    record(turn, ticket, "asked", by=by, words=words, move=Status.waiting, key=before_of(ticket))


def reply(turn: Turn, ticket: Ticket, words: str) -> None:
    """Write to the student. On a matter without signatures this is the answer: resolved, and the bot asks if it helped.

    Words that say how far it is (「已联系师傅，明天来」) are progress and end nothing (`onward.progress`). A cry for help stays
    open, since first words are no end of it, until whoever answers says so (`resolve`).
    """
    by = permit(turn, ticket)
    adopt(ticket, by)
    item = cards.item_of(turn, ticket)
    if ticket.is_open and item.urgent:
        move = Status.in_progress if ticket.status == Status.new else None
        record(turn, ticket, "replied", by=by, words=words, move=move)
    elif not ticket.is_open or cards.pending(turn, ticket) is not None or ticket.back_at is not None:
        record(turn, ticket, "replied", by=by, words=words)
    elif is_progress(words):
        move = Status.in_progress if ticket.status == Status.new else None
        record(turn, ticket, "replied", by=by, words=words, key=PROGRESS, move=move)
    elif item.checklist and checklists.left(turn, ticket):
        # Something has to be done before the end (清单), so these are words on the way and no end.
        move = Status.in_progress if ticket.status == Status.new else None
        record(turn, ticket, "replied", by=by, words=words, move=move)
    else:
        answered, key = Resolution.answered, ANSWERED
        record(turn, ticket, "resolved", by=by, words=words, move=Status.resolved, resolution=answered, key=key)
    tell_on(turn, ticket, words)


def resolve(turn: Turn, ticket: Ticket, words: str = "") -> None:
    """Say that it is done (办结), with a sentence for the student or none; the bot asks the student if it helped."""
    by = permit(turn, ticket)
    without_signature(turn, ticket)
    was = before_of(ticket)
    adopt(ticket, by)
    record(
        turn, ticket, "resolved", by=by, words=words, move=Status.resolved, resolution=Resolution.answered, key=was
    )  # fmt: skip
    tell_on(turn, ticket, words)


def sign_in(turn: Turn, ticket: Ticket, words: str = "") -> None:
    """Whoever answers for the student books the return."""
    permit(turn, ticket)
    come_back(turn, ticket, words)


def before(turn: Turn, ticket: Ticket, verb: str) -> None:
    """Refuse a verb that would be refused anyway, before its words are asked for."""
    by = permit(turn, ticket)
    if verb in ("refuse", "delegate", "send_back"):
        signature_of(turn, ticket, by)
    elif verb == "ask":
        _undecided(turn, ticket)
    elif verb == "progress" and not ticket.is_open:
        raise Refused("progress.ended", number=ticket.number, state=cards.state(turn, ticket))
    elif verb == "resolve":
        without_signature(turn, ticket)


def without_signature(turn: Turn, ticket: Ticket) -> None:
    """Refuse the end of a matter that has ended, that wants a signature, or of whose checklist something is left."""
    if ticket.status == Status.resolved and ticket.resolution == Resolution.answered:
        raise Refused("progress.done_already", number=ticket.number, days=turn.school.reopen_days)
    _undecided(turn, ticket)
    if cards.pending(turn, ticket) is not None:
        raise Refused("ticket.needs_signature", number=ticket.number)
    if cards.item_of(turn, ticket).checklist:
        checklists.keep(turn, ticket)


def signature_of(turn: Turn, ticket: Ticket, by: Person) -> Approval:
    """The signature that the speaker would give now; Refused, with the name of whoever was quicker, where it is none."""
    last = signing.last_decision(turn, ticket)
    decided = None if last is None or last.person_id in (None, by.id) else last
    if not ticket.is_open or ticket.back_at is not None:
        if decided is not None:
            raise Refused("signing.decided", **_decision(turn, ticket, decided))
        _undecided(turn, ticket)
    approval = signing.owed(turn, ticket, by)
    if approval is None:
        raise Refused("ticket.no_signature", number=ticket.number)
    if not signing.may_sign(turn, ticket, approval, by):
        given = [line for line in signing.steps(turn, ticket) if line.decision == "signed" and line.person_id == by.id]
        if given:
            raise Refused("signing.yours", number=ticket.number, name=marks.owing(turn, ticket))
        if decided is not None and signing.may_sign(turn, ticket, decided, by):
            raise Refused("signing.decided", **_decision(turn, ticket, decided))
        raise Refused("ticket.not_yours_to_sign", name=cards.who(turn, ticket.assignee_id))
    return approval


def _decision(turn: Turn, ticket: Ticket, line: Approval) -> dict[str, str]:
    """Who decided what and when, and how the matter stands since."""
    at = wording.soon(line.decided_at or turn.now, turn.now, turn.lang, turn.school.zone)
    did = turn.say(f"verb.{'sign' if line.decision == 'signed' else 'refuse'}")
    return {"name": cards.who(turn, line.person_id), "at": at, "did": did, "state": cards.state(turn, ticket)}


def adopt(ticket: Ticket, by: Person) -> None:
    """Whoever answers for a matter that nobody has, has it."""
    if ticket.assignee_id is None:
        ticket.assignee_id = by.id
    if ticket.owner_id is None:
        ticket.owner_id = by.id
