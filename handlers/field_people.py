"""Reads people as an answer of a form: students by their numbers, as many as are pasted."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from sqlalchemy import select

from handlers import field_names
from handlers.turn import Turn
from handlers.understand.people import named_beside
from handlers.understand.remains import without_joints
from handlers.understand.slots import names_option
from models.item import FormField, Item
from models.message import Refused
from models.person import Person

_NUMBER: Final = re.compile(r"(?<![0-9A-Za-z])(?=[A-Za-z]*\d)[0-9A-Za-z]{3,32}(?![0-9A-Za-z])", re.ASCII)
MOST: Final = 500  # people of one matter; a school that asks for more asks an office
_LONG: Final = 5  # characters: a shorter number in a sentence is a time, a room, or how many they are
SHOWN: Final = 5  # numbers that are named where some are wrong


def read(turn: Turn, field: FormField, words: str) -> list[str]:
    """The numbers of students in the words, each once, in their order; names beside them may stand there too. Without any
    number, those of classmates who are named (`field_names.by_name`).

    Raises Refused: nobody at all, too many (field.most), numbers that no student here has, or a name beside them whose
    number is not among them.
    """
    plain = unicodedata.normalize("NFKC", words[: 40 * MOST])
    numbers = list(dict.fromkeys(_NUMBER.findall(plain)))
    pasted = any(len(number) >= _LONG for number in numbers)
    if not pasted:  # What is short may be a class or a room.
        try:
            numbers = field_names.by_name(turn, plain)
        except Refused as refused:
            if not numbers or refused.key != "form.no_people":
                raise
    most = min(field.most, MOST)
    if len(numbers) > most:
        raise Refused("form.many_people", most=most, count=len(numbers))
    _, unknown = _apart(turn, numbers)
    if unknown:
        raise Refused("form.unknown_people", numbers=turn.say("form.or").join(unknown[:SHOWN]), count=len(unknown))
    if pasted:
        field_names.check_beside(turn, plain, numbers)
    return numbers


def sorted_out(turn: Turn, words: str) -> tuple[list[str], list[str]]:
    """The numbers of a pasted list: those of students here, and those that nobody here has; two empty lists for names only."""
    plain = unicodedata.normalize("NFKC", words[: 40 * MOST])
    numbers = list(dict.fromkeys(_NUMBER.findall(plain)))[: 2 * MOST]
    return _apart(turn, numbers) if any(len(number) >= _LONG for number in numbers) else ([], [])


def _apart(turn: Turn, numbers: list[str]) -> tuple[list[str], list[str]]:
    wanted = select(Person.number).where(Person.number.in_(numbers), Person.kind == "student", Person.active)
    known = set(turn.session.execute(wanted).scalars())
    return [each for each in numbers if each in known], [each for each in numbers if each not in known]


def some(turn: Turn, good: list[str], bad: list[str]) -> str:
    """That some numbers are nobody's, and that the others are kept."""
    shown = turn.say("form.or").join(bad[:SHOWN])
    return turn.say("form.some_people", numbers=shown, count=len(bad), kept=len(good))


class Listed(NamedTuple):
    """What a sentence says of a list: the answer ({} none), the words without it, why it was not taken ("" where it was), and
    who of it is sure where somebody is not."""

    answers: dict[str, list[str]]
    left: str
    said: str
    kept: tuple[str, ...] = ()


def in_sentence(turn: Turn, item: Item, words: str) -> Listed:
    """The numbers of students among other words (「集体公假，2023001 李雷、2023002 周六去比赛」), which are no part of a reason.

    Nothing is taken out of words that name no student by a number; a telephone number and a date stay where they are.
    """
    field = next((each for each in item.fields if each.kind == "people"), None)
    plain = unicodedata.normalize("NFKC", words[: 40 * MOST]) if field is not None else ""
    found = [each for each in dict.fromkeys(_NUMBER.findall(plain)) if len(each) >= _LONG]
    if field is None:
        return Listed({}, words, "")
    if not found:
        return _by_name(turn, item, field, words)
    rows = turn.session.execute(
        select(Person.number, Person.name).where(
            Person.number.in_(found[:MOST]), Person.kind == "student", Person.active
        )
    ).all()
    if not rows:
        return Listed({}, words, "")
    lengths = {len(row.number) for row in rows}
    listed = [each for each in found if len(each) in lengths]
    left = plain
    for each in (*listed, *(row.name for row in rows)):
        left = left.replace(each, " ")
    left = without_joints(left)
    good, bad = _apart(turn, listed)
    try:
        return Listed({field.key: read(turn, field, " ".join(listed))}, left, "")
    except Refused as refused:
        if bad and 0 < len(good) <= min(field.most, MOST):
            return Listed({}, left, some(turn, good, bad), tuple(good))
        return Listed({}, left, turn.say(refused.key, **refused.values))


def _by_name(turn: Turn, item: Item, field: FormField, words: str) -> Listed:
    """The same of classmates by their names (「名单：韩梅梅 李雷」, 「我和韩梅梅一起请假」, who is on the list as well)."""
    named, left = named_beside(words, turn.person.name if turn.person is not None else "")
    if not named:
        return Listed({}, words, "")
    # What stands behind the last name may answer another question (「名单：韩梅梅 李雷 会离校」).
    others = [part for part in named.split() if any(names_option(each, part) for each in item.fields)]
    named = " ".join(part for part in named.split() if part not in others)
    left = " ".join((left, *others))
    try:
        return Listed({field.key: read(turn, field, named)}, left, "")
    except Refused as refused:
        return Listed({}, left, turn.say(refused.key, **refused.values))
