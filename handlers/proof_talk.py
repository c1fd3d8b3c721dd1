"""What whoever decides on a leave says of its proof in chat: what waits for a look (「待核验」), and a look at one (「核验 编号」)."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from handlers import abroad, access, cards, owing, proof_readers, proofs, student, tickets
from handlers.turn import Turn
from handlers.understand.vouching import Said
from models.message import Choice, Refused, Reply
from models.person import Person
from models.proof import Proof
from models.ticket import Ticket

Replies = tuple[Reply, ...]
MOST: Final = 20  # of one answer
LOOKED_AT: Final = 300  # the oldest that wait within the speaker's reach; whose look is asked for is found among them


def waiting(turn: Turn, who: str = "") -> list[Ticket]:
    """The matters whose proof was given and waits for the speaker's look, the oldest first. who: of one student, by name
    or number."""
    if turn.person is None:
        return []
    found = (
        select(Ticket)
        .join(Proof, Proof.ticket_id == Ticket.id)
        .join(Person, Person.id == Ticket.requester_id)
        .where(Proof.status == "given", access.answerable(turn.session, turn.person, turn.now))
        .order_by(Proof.at, Ticket.id)
        .limit(LOOKED_AT)
    )
    if who:
        found = found.where((Person.name == who) | (Person.name_en == who) | (Person.number == who))
    rows = turn.session.execute(found).scalars()
    return [each for each in rows if each.resolution in (None, "approved") and _asks_me(turn, each)]


def _asks_me(turn: Turn, ticket: Ticket) -> bool:
    return turn.person is not None and proof_readers.asked(turn, ticket) == turn.person.id


def hear(turn: Turn, told: Said) -> Replies | None:
    """The answer to what staff said who are no clinic; None for a name of whom nothing waits, which means something else."""
    if told.verb == "list":
        return (_list(turn, waiting(turn)),)
    if told.number:
        ticket = tickets.by_number(turn, told.number)
        if ticket is None or turn.person is None or not access.may_act(turn.session, turn.person, ticket, turn.now):
            raise Refused("ticket.not_found")
        return look(turn, ticket, told.verb)
    rows = waiting(turn, told.who)
    if len(rows) == 1:
        return look(turn, rows[0], told.verb)
    return (_list(turn, rows),) if rows else None


def look(turn: Turn, ticket: Ticket, verb: str) -> Replies:
    """Open what was shown for a ticket, which is what checks it; said again before the signature it is written down as
    checked, and the student hears so. Raises Refused with what is missing, or who looks at it instead."""
    found = owing.of(turn, ticket)
    if found is None or ticket.resolution not in (None, "approved") or found.status == "waived":
        raise Refused("vouch.nothing", number=ticket.number)
    if found.status in owing.OWED:
        raise Refused("proof_talk.owed", number=ticket.number)
    if verb == "doubt":
        raise Refused("proof_talk.doubt", number=ticket.number)
    if found.status == "checked":
        return (Reply(text=turn.say("proof_talk.checked", names=cards.names(turn, ticket), line=proofs.lines(turn, ticket)[0])),)  # fmt: skip
    if not proofs.may_open(turn, ticket):
        name = cards.who(turn, proof_readers.asked(turn, ticket)) or turn.say("card.nobody")
        raise Refused("proof_talk.not_yours", number=ticket.number, name=name)
    if proofs.has_opened(turn, ticket):
        proofs.check(turn, ticket)
        return (Reply(text=turn.say("proof_talk.done", names=cards.names(turn, ticket))),)
    shown = student.show(turn, ticket, staff=True)
    if not proofs.has_opened(turn, ticket):
        way = (abroad.way(turn, ticket.number),)
        return (*shown, Reply(text=turn.say("proof_talk.on_page", names=cards.names(turn, ticket)), choices=way))
    key = "shown" if found.status == "checked" else "shown_first"
    said = turn.say(f"proof_talk.{key}", names=cards.names(turn, ticket), number=ticket.number)
    return (Reply(text=said), *shown)


def _list(turn: Turn, rows: list[Ticket]) -> Reply:
    if not rows:
        return Reply(text=turn.say("vouch.none"))
    lines = [turn.say("vouch.head", count=len(rows))]
    choices = []
    for ticket in rows[:MOST]:
        lines.append(turn.say("vouch.line", names=cards.names(turn, ticket), said=proofs.lines(turn, ticket)[0]))
        words = turn.say("vouch.vouch_words", number=ticket.number)
        choices.append(Choice(label=words, send=f"t:{ticket.id}:show:{ticket.rev}", words=words))
    return Reply(text="\n".join(lines), choices=tuple(choices))
