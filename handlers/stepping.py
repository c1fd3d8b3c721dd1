"""Signing or refusing in the place of whoever is asked, by whoever leads above: asked first, with what is decided opened for it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from handlers import cards, directory, duties, signers, signing, student
from handlers.tickets.record import record
from handlers.turn import Turn
from models.db import plain
from models.message import Choice, Reply
from models.ticket import Approval, Event, Ticket

SIGN, REFUSE = "sign", "refuse"
# What is asked of a verb before it is done in somebody's place.
ASKED: Final = {SIGN: "stepping.ask", REFUSE: "stepping.refuse_ask"}


def before(turn: Turn, ticket: Ticket) -> Approval | None:
    """The signature of somebody else that the speaker would give by leading above, and has not been asked about; None for one
    that is the speaker's, by a role or for whoever is away, or that silence has passed up to the speaker.

    That others above may step in is the rule of every chain (docs/services.md); that they do so unawares is not.
    """
    if turn.person is None or turn.person.kind != "staff":
        return None
    me, owed = turn.person.id, signing.owed(turn, ticket, turn.person)
    if owed is None or owed.to_id in (None, me) or not signing.may_sign(turn, ticket, owed, turn.person):
        return None
    place = signers.area(turn, signing.item_of(turn, ticket), ticket, owed)
    if me in duties.deputed(turn.session, place, owed.role, turn.now):
        return None
    if owed.to_id in duties.takes_part_of(turn.session, me, turn.now):
        return None
    told = select(Event.id).where(Event.ticket_id == ticket.id, Event.to_id == me, Event.rev >= owed.rev)
    told = told.where((Event.kind == "escalated") | ((Event.kind == "noted") & (Event.by_id == me)))
    return None if plain(turn.session).execute(told.limit(1)).first() is not None else owed


def look(turn: Turn, ticket: Ticket) -> None:
    """Open for the speaker what they would sign in somebody's place: a note of the matter says so, which whoever is asked reads."""
    owed = before(turn, ticket)
    if owed is None:
        return
    words = turn.say("stepping.note", name=cards.who(turn, owed.to_id))
    record(turn, ticket, "noted", by=turn.person, to=turn.person, words=words, audience="staff")


def values(turn: Turn, ticket: Ticket, owed: Approval) -> dict[str, str]:
    """The parts of the question: names, name (whose turn it is), after (what becomes of the speaker's own signature)."""
    mine = directory.name_of(turn.person, turn.lang)
    later = [
        line
        for line in signing.steps(turn, ticket)
        if line.kind == SIGN and not line.decision and line.step > owed.step
    ]
    own = any(signing.signer_name(turn, ticket, line) == mine for line in later)
    return {
        "names": cards.names(turn, ticket),
        "name": cards.who(turn, owed.to_id),
        "after": turn.say("stepping.after") if own else "",
    }


def ask(turn: Turn, ticket: Ticket, verb: str, words: str = "") -> tuple[Reply, ...] | None:
    """Whether a signature is given, or refused, in somebody's place, asked in chat with the whole of the matter and its files
    shown; None where it is not. The same order once more is a yes."""
    owed = before(turn, ticket) if verb in ASKED else None
    if owed is None:
        return None
    parts = values(turn, ticket, owed)
    look(turn, ticket)
    order = f"{turn.say(f'verb.{verb}')} {ticket.number} {words}".strip()
    refuses = verb == REFUSE
    send = f"t:{ticket.id}:{verb}:{ticket.rev}"
    label = turn.say("stepping.refuse_anyway" if refuses else "stepping.anyway", name=parts["name"])
    # A press would leave the words behind, so with words the order itself is said again.
    choices = () if words else (Choice(label=label, send=send, words=order),)
    asked = turn.say(ASKED[verb], **parts)
    said = f"{asked}\n{turn.say('stepping.refuse_again' if refuses else 'stepping.again', order=order)}"
    return (*student.show(turn, ticket, staff=True), Reply(text=said, choices=choices))
