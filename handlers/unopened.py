"""Asks once whoever signs a matter whose proof is there, and was not opened by them."""

from __future__ import annotations

from handlers import cards, proofs, signing
from handlers.turn import Turn
from models.message import Choice, Reply
from models.ticket import Ticket


def is_unopened(turn: Turn, ticket: Ticket) -> bool:
    """Whether the speaker would sign a ticket first whose proof is there, and has opened nothing of it."""
    found = proofs.of(turn, ticket)
    if found is None or found.status != "given" or not proofs.may_open(turn, ticket) or proofs.has_opened(turn, ticket):
        return False
    lines = signing.steps(turn, ticket)
    owed = signing.owed(turn, ticket, turn.person)
    if turn.person is None or owed is None or any(line.decision == "signed" for line in lines):
        return False
    return signing.may_sign(turn, ticket, owed, turn.person)


def ask(turn: Turn, ticket: Ticket, verb: str) -> tuple[Reply, ...] | None:
    """Whether it is signed without a look at the proof, in chat; None where it was looked at, where somebody else does,
    and where that was just asked: the same word once more is a yes."""
    if verb != "sign" or turn.account is None or not is_unopened(turn, ticket):
        return None
    send, label = f"t:{ticket.id}:sign:{ticket.rev}", turn.say("proof.anyway")
    anyway = Choice(label=label, send=send, words=f"{turn.say('verb.sign')} {ticket.number}")
    if turn.was_offered(anyway):
        return None
    look = Choice(
        label=turn.say("proof.look"), send=f"t:{ticket.id}:show:{ticket.rev}",
        words=f"{turn.say('verb.show')} {ticket.number}", style="main",
    )  # fmt: skip
    said = turn.say("proof.unopened", names=cards.names(turn, ticket))
    again = turn.say("proof.unopened_again", number=ticket.number)
    return (Reply(text=f"{said}\n{again}", choices=(look, anyway)),)
