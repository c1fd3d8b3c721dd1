"""The page of whoever checks proofs (校医院): what waits, with its files and nothing else of the leave."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from handlers import cards, directory, proofs, vouchers, vouching, wording
from handlers.turn import Turn
from models.message import Upload
from models.outbox import Attachment
from models.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Waiting:
    """One proof that waits: of which leave, whose, of what kind, from when to when, how it stands, and its files."""

    number: str
    name: str
    student: str
    place: str
    kind: str
    span: str
    said: str
    files: tuple[Upload, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What waits for the reader, files first. more: whether there is more than the page shows. may: whether the reader
    checks proofs at all."""

    rows: tuple[Waiting, ...]
    more: bool
    may: bool


def waiting(turn: Turn) -> Page:
    """The reader's page."""
    rows = vouching.waiting(turn)
    found = []
    for ticket, person, _ in rows[: vouching.MOST]:
        field = cards.item_of(turn, ticket).field("kind")
        option = field.option(ticket.answers.get("kind")) if field is not None else None
        found.append(
            Waiting(
                ticket.number, directory.name_of(person, turn.lang), person.number,
                directory.grid_name(turn.session, person.academic_path, turn.lang),
                option.label.to(turn.lang) if option is not None else "",
                wording.span(ticket.answers["span"], turn.lang, turn.school.zone, turn.today),
                proofs.lines(turn, ticket)[0], files(turn, ticket),
            )
        )  # fmt: skip
    return Page(tuple(found), len(rows) > vouching.MOST, vouchers.is_one(turn))


def files(turn: Turn, ticket: Ticket) -> tuple[Upload, ...]:
    """The files that were sent for a leave."""
    statement = select(Attachment).where(Attachment.ticket_id == ticket.id).order_by(Attachment.at, Attachment.id)
    rows = turn.session.execute(statement).scalars()
    return tuple(Upload(id=row.id, name=row.name, kind=row.kind, size=row.size) for row in rows)


def file(turn: Turn, number: str, file_id: str) -> Upload | None:
    """A file of a proof that waits for the reader; None for all others."""
    ticket = next((ticket for ticket, _, _ in vouching.waiting(turn) if ticket.number == number), None)
    found = files(turn, ticket) if ticket is not None else ()
    return next((each for each in found if each.id == file_id), None)
