"""The figures by member of staff as a page shows them: by name, each number with the query of its list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from handlers import directory, figures, figures_people, powers
from handlers.figures import Asked
from handlers.figures_people import Share
from handlers.turn import Turn
from handlers.views.figures import query
from models.person import Person


@dataclass(frozen=True, slots=True)
class Line:
    """One member of staff: the name, the figures, lengths in words ("" under five), and the query of an address."""

    name: str
    share: Share
    median: str
    p90: str
    query: str
    own: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page. leads: whether the reader leads anybody, so that more than the own line may stand there."""

    asked: Asked
    lines: tuple[Line, ...]
    leads: bool
    today: date


def page(turn: Turn, asked: Asked) -> Page:
    """The whole page for the speaker, whoever is led by name and not by any figure."""
    found = {each.person_id: each for each in figures_people.by_person(turn, asked)}
    people = turn.session.execute(select(Person).where(Person.id.in_(found))).scalars()
    me = turn.person.id if turn.person is not None else ""
    lines = [
        Line(
            directory.name_of(person, turn.lang), found[person.id], figures.length(turn, found[person.id].median),
            figures.length(turn, found[person.id].p90), query(replace(asked, person=person.id)), person.id == me,
        )
        for person in sorted(people, key=lambda each: (each.name, each.number))
    ]  # fmt: skip
    return Page(asked, tuple(lines), bool(powers.led(turn)), turn.today)
