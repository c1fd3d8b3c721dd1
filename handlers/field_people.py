"""Reads people as an answer of a form: students by their numbers, as many as are pasted."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from sqlalchemy import select

from handlers.turn import Turn
from models.item import FormField
from models.message import Refused
from models.person import Person

_NUMBER: Final = re.compile(r"(?<![0-9A-Za-z])(?=[A-Za-z]*\d)[0-9A-Za-z]{3,32}(?![0-9A-Za-z])", re.ASCII)
MOST: Final = 500  # people of one matter; a school that asks for more asks an office
SHOWN: Final = 5  # numbers that are named where some are wrong


def read(turn: Turn, field: FormField, words: str) -> list[str]:
    """The numbers of students in the words, each once, in their order; names beside them may stand there too.

    Raises Refused: no number at all, too many (field.most), or numbers that no student here has.
    """
    plain = unicodedata.normalize("NFKC", words[: 40 * MOST])
    numbers = list(dict.fromkeys(_NUMBER.findall(plain)))
    if not numbers:
        raise Refused("form.no_people")
    most = min(field.most, MOST)
    if len(numbers) > most:
        raise Refused("form.many_people", most=most, count=len(numbers))
    known = set(
        turn.session.execute(
            select(Person.number).where(Person.number.in_(numbers), Person.kind == "student", Person.active)
        ).scalars()
    )
    unknown = [number for number in numbers if number not in known]
    if unknown:
        raise Refused("form.unknown_people", numbers=turn.say("form.or").join(unknown[:SHOWN]), count=len(unknown))
    return numbers
