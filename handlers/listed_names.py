"""Names beside the numbers of a list (名单): for staff, and for a student those of the own class; others stay numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from handlers.turn import Turn
from models.db import plain
from models.item import Item
from models.person import Person


def named(
    turn: Turn, item: Item, answers: Mapping[str, Any], *, staff: bool, by: str | None = None, whole: bool = False
) -> dict[str, Any]:
    """The answers as they are shown, with 「李雷（2023001）」 for a number of a list.

    staff: whether staff read it, who may see the matter and so whom it is about. by: else who handed the list in (an id,
    the speaker where it is None), who reads the names of the own class only, so that a list is no way to learn whose number that is. whole: everybody in one
    entry, for a page that has room.
    """
    shown = dict(answers)
    fields = [field.key for field in item.fields if field.kind == "people" and answers.get(field.key)]
    for key in fields:
        numbers = [str(number) for number in answers[key]]
        names = _names(turn, numbers, staff=staff, by=turn.session.get(Person, by) if by else turn.person)
        each = [
            turn.say("form.person", name=names[number], number=number) if number in names else number
            for number in numbers
        ]
        shown[key] = [turn.say("form.or").join(each)] if whole else each
    return shown


def _names(turn: Turn, numbers: list[str], *, staff: bool, by: Person | None) -> dict[str, str]:
    if not staff and (by is None or not by.academic_path):
        return {}
    found = select(Person.number, Person.name, Person.name_en).where(
        Person.number.in_(numbers), Person.kind == "student"
    )
    if not staff and by is not None:
        found = found.where(Person.academic_path == by.academic_path)
    rows = plain(turn.session).execute(found)
    return {row.number: (row.name_en if turn.lang == "en" else "") or row.name for row in rows}
