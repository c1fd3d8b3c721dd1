"""Checklists (清单) as staff read them: the lines of a ticket, how far it is, and what has to be done before the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select

from handlers import abroad, limits, marks, wording
from handlers.turn import Turn
from models.checklist import CheckLine
from models.db import seal_of
from models.item import Item
from models.message import Refused
from models.ticket import Ticket

MADE: Final = frozenset({"checklist_added", "line_added"})  # a ticket without any of these has no line, and nobody asks
NAMED: Final = 5  # lines that a sentence names; the list has all
_OF: Final = select(CheckLine).where(CheckLine.ticket_id == bindparam("ticket")).order_by(CheckLine.place)


class Shown(NamedTuple):
    """A line as its reader sees it. place: by which it is named. by, at: who ticked it and when, "" for not ticked. own:
    added by hand."""

    place: int
    words: str
    required: bool
    done: bool
    by: str
    at: str
    own: bool


def rows(turn: Turn, ticket: Ticket) -> list[CheckLine]:
    """The lines of a ticket in order; whoever calls has asked access about it."""
    return list(turn.session.execute(_OF, {"ticket": ticket.id}).scalars())


def has(turn: Turn, ticket: Ticket) -> bool:
    """Whether a ticket ever got a line, by its events, which everybody who shows it has read."""
    return any(mark.kind in MADE for mark in limits.marks(turn, ticket))


def words_of(turn: Turn, item: Item, row: CheckLine) -> str:
    """What is to be done, in the reader's language where its item says it."""
    if row.checklist:
        found = next((each for each in item.checklist if each.name == row.checklist), None)
        return found.lines[row.number].to(turn.lang) if found is not None and row.number < len(found.lines) else ""
    if row.sealed is None:
        return row.words
    return seal_of(turn.session).open(f"check_line.sealed:{row.id}", row.sealed)


def is_required(item: Item, row: CheckLine) -> bool:
    """Whether the end has to wait for a line."""
    found = next((each for each in item.checklist if each.name == row.checklist), None)
    return found is not None and row.number < len(found.lines) and found.lines[row.number].required


def lines(turn: Turn, ticket: Ticket) -> tuple[Shown, ...]:
    """Every line as the speaker reads it; words that stay at home are not shown where messages leave the country."""
    item = turn.school.catalogue.item(turn.session, ticket.service, ticket.version)
    hidden = turn.abroad and abroad.stays_home(turn, ticket)
    return tuple(
        Shown(
            row.place, turn.say("abroad.words") if hidden and not row.checklist else words_of(turn, item, row),
            is_required(item, row), row.done_at is not None, marks.who(turn, row.done_by_id) if row.done_by_id else "",
            wording.soon(row.done_at, turn.now, turn.lang, turn.school.zone) if row.done_at is not None else "",
            not row.checklist,
        )
        for row in rows(turn, ticket)
    )  # fmt: skip


def progress(shown: Sequence[Shown]) -> str:
    """How far it is: "3/5"."""
    return f"{sum(each.done for each in shown)}/{len(shown)}"


def left(turn: Turn, ticket: Ticket) -> tuple[str, ...]:
    """What has to be done before the end and is not, as the speaker reads it; with each its number."""
    return tuple(
        turn.say("checks.numbered", place=each.place, words=each.words)
        for each in lines(turn, ticket)
        if each.required and not each.done
    )


def named(turn: Turn, lines_: Sequence[str]) -> str:
    """Some lines in one sentence."""
    shown = turn.say("checks.and").join(lines_[:NAMED])
    return shown + ("…" if len(lines_) > NAMED else "")


def keep(turn: Turn, ticket: Ticket) -> None:
    """Refuse the end while something has to be done first, and name what."""
    lacking = left(turn, ticket)
    if lacking:
        raise Refused("checks.left", number=ticket.number, count=len(lacking), lines=named(turn, lacking))
