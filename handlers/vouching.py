"""What the campus clinic (校医院) does with the proof of a leave: sees what waits, says that it holds or that it does not."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import or_, select

from handlers import cards, owing, proof_readers, proof_talk, proofs, tickets, vouchers
from handlers.tickets.record import record
from handlers.turn import Turn
from handlers.understand.vouching import read
from models.message import Link, Refused, Reply
from models.person import Person
from models.proof import Proof
from models.ticket import Resolution, Ticket

Replies = tuple[Reply, ...]
WAITS: Final = ("given", "owed", "late")
MOST: Final = 20  # proofs of one answer in chat, and of a page
LOOKED_AT: Final = 300  # the oldest that wait, of all students; who has one for the speaker is found among them
PAGE: Final = "/console/proofs"
_KEY: Final = re.compile(r"[0-9A-Za-z]{22}", re.ASCII)


def waiting(turn: Turn, who: str = "") -> list[tuple[Ticket, Person, Proof]]:
    """The proofs that the speaker may check, those that are there first and then the oldest. who: of one student, by name
    or number."""
    if not vouchers.is_one(turn):
        return []
    services = [slug for slug, item in turn.school.catalogue.items.items() if item.leave is not None]
    found = (
        select(Ticket, Person, Proof)
        .join(Proof, Proof.ticket_id == Ticket.id)
        .join(Person, Person.id == Ticket.requester_id)
        .where(
            Proof.status.in_(WAITS), Ticket.service.in_(services), Ticket.private.is_(False),
            or_(Ticket.resolution.is_(None), Ticket.resolution == Resolution.approved),
        )
        .order_by(Proof.status != "given", Proof.at, Ticket.id)
        .limit(LOOKED_AT)
    )  # fmt: skip
    if who:
        found = found.where(or_(Person.name == who, Person.name_en == who, Person.number == who))
    rows = turn.session.execute(found).all()
    return [(ticket, person, proof) for ticket, person, proof in rows if vouchers.may(turn, ticket)]


def vouch(turn: Turn, ticket: Ticket) -> None:
    """The proof holds: it counts as looked at (材料已核验), whether a file was sent or the clinic knows of itself. Raises
    Refused for whoever may not, and where nothing waits. The ticket must be locked (`get`)."""
    _permit(turn, ticket)
    proofs.check(turn, ticket)


def doubt(turn: Turn, ticket: Ticket) -> None:
    """Nothing is known of it: whoever decides is told, and goes on. Raises Refused as `vouch`."""
    _permit(turn, ticket)
    record(turn, ticket, "proof_doubted", by=turn.person, audience="staff")


def _permit(turn: Turn, ticket: Ticket) -> None:
    if not vouchers.may(turn, ticket):
        raise Refused("ticket.not_found")
    found = owing.of(turn, ticket)
    if found is None or found.status not in WAITS or ticket.resolution not in (None, Resolution.approved):
        raise Refused("vouch.nothing", number=ticket.number)


def hear(turn: Turn, words: str) -> Replies | None:
    """「待核验」, 「核验 编号」 and 「查无 编号」 of whoever checks proofs, and of whoever decides on a leave; None for everything
    else."""
    if turn.person is None or turn.person.kind != "staff" or (told := read(words)) is None:
        return None
    named = tickets.by_number(turn, told.number) if told.number else None
    if not vouchers.is_one(turn) or (named is not None and not vouchers.may(turn, named)):
        return proof_talk.hear(turn, told)
    if told.verb == "list":
        return (_list(turn, waiting(turn)),)
    if told.number:
        return _do(turn, named, told.verb)
    rows = waiting(turn, told.who)
    if len(rows) == 1:
        return _do(turn, tickets.get(turn, rows[0][0].id), told.verb)
    return (_list(turn, rows),) if rows else (Reply(text=turn.say("vouch.nobody", who=told.who)),)


def press(turn: Turn, ticket_id: str, verb: str) -> Replies:
    """A button beside a proof."""
    if verb not in ("vouch", "doubt"):
        raise Refused("form.stale")
    return _do(turn, tickets.get(turn, ticket_id) if _KEY.fullmatch(ticket_id) else None, verb)


def act(turn: Turn, number: str, verb: str) -> None:
    """The same on the page. Raises Refused, ticket.not_found for what is not the speaker's to check."""
    ticket = tickets.by_number(turn, number)
    if ticket is None or verb not in ("vouch", "doubt"):
        raise Refused("ticket.not_found")
    (vouch if verb == "vouch" else doubt)(turn, ticket)


def _do(turn: Turn, ticket: Ticket | None, verb: str) -> Replies:
    if ticket is None:
        raise Refused("ticket.not_found")
    (vouch if verb == "vouch" else doubt)(turn, ticket)
    name = cards.who(turn, proof_readers.asked(turn, ticket)) or turn.say("card.nobody")
    said = turn.say(f"vouch.{verb}_done", names=cards.names(turn, ticket), name=name)
    left = waiting(turn)
    return (Reply(text=said), *((_list(turn, left),) if left else ()))


def _list(turn: Turn, rows: list[tuple[Ticket, Person, Proof]]) -> Reply:
    if not rows:
        return Reply(text=turn.say("vouch.none"))
    lines = [turn.say("vouch.head", count=len(rows))]
    for ticket, _, _ in rows[:MOST]:
        lines.append(turn.say("vouch.line", names=cards.names(turn, ticket), said=proofs.lines(turn, ticket)[0]))
    lines += [turn.say("vouch.more", count=len(rows) - MOST)] if len(rows) > MOST else []
    link = Link(label=turn.say("vouch.page"), url=f"{turn.school.base_url.rstrip('/')}{PAGE}")
    choices = tuple(way for ticket, _, _ in rows[:MOST] for way in vouchers.ways(turn, ticket))
    return Reply(text="\n".join(lines), choices=choices, link=link)
