"""A list of people that was uploaded as a table: who on it is found, who is not, whose name two people have; and the answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sqlalchemy import select

from handlers import field_names, field_people, listed_names
from handlers.form_ask import Replies, accept, item_of, prefixed, send, way
from handlers.sheet import Wrong, name_of
from handlers.talks import Talk
from handlers.turn import Turn
from handlers.understand.list_heads import head_of
from models.item import FormField, Item
from models.message import Choice, Refused, Reply
from models.person import Person

Rows = Sequence[Sequence[str]]
ENDING: Final = "-list"  # of the name of the input that takes a list
SHOWN: Final = 8  # names in one line
_HEADS: Final = 20  # rows at the top among which the heads are looked for
_NUMBER: Final = re.compile(r"(?=[A-Za-z]*\d)[0-9A-Za-z]{3,32}", re.ASCII)
_LEAST: Final = 5  # characters; a shorter number without a head may count the rows


class Said(NamedTuple):
    """What one row says of somebody: the number and the name, "" for what it does not say."""

    number: str
    name: str


@dataclass(slots=True)
class Matched:
    """What became of a list. numbers: who was found, in its order, each once; lost: whom nobody here is, as it was
    written; twice: names that two have in the speaker's class; apart: numbers beside the name of somebody else."""

    numbers: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether everybody on the list was found."""
        return not (self.lost or self.twice or self.apart)


def match(turn: Turn, asked: FormField, rows: Rows) -> Matched:
    """Who is on a list: students by their numbers, and those of turn.person's class by their names where no number is.

    Names are read as `field_names.by_name` reads them: of another class nobody is found by the name alone, since that
    would tell whose number it is. Raises Refused: no column that is understood, nobody on it, too many.
    """
    people = _people(rows)
    if not people:
        raise Refused("list_file.nobody")
    most = min(asked.most, field_people.MOST)
    if len(people) > most:
        raise Refused("form.many_people", most=most, count=len(people))
    known = _by_number(turn, [each.number for each in people if each.number])
    called = _called(turn, [each.name for each in people if each.name])
    mates = field_names.classmates(turn)
    found = Matched()
    for each in people:
        _settle(found, each, known, called, mates)
    return found


def _settle(
    found: Matched, each: Said, known: Mapping[str, Person], called: set[str], mates: Sequence[Person]
) -> None:  # fmt: skip
    if each.number:
        person = known.get(each.number)
        if person is None:
            found.lost.append(each.number)
        # The name of nobody here may be a short form; the name of somebody else is a mistake in one of the two.
        elif each.name and each.name not in (person.name, person.name_en) and each.name in called:
            found.apart.append(f"{each.number} {each.name}")
        elif person.number and person.number not in found.numbers:
            found.numbers.append(person.number)
        return
    theirs = [mate.number for mate in mates if each.name in (mate.name, mate.name_en) and mate.number]
    if len(theirs) == 1:
        found.numbers += [number for number in theirs if number not in found.numbers]
    elif each.name not in (*found.twice, *found.lost):
        (found.twice if theirs else found.lost).append(each.name)


def _by_number(turn: Turn, numbers: list[str]) -> dict[str, Person]:
    here = select(Person).where(Person.number.in_(numbers), Person.kind == "student", Person.active)
    return {str(person.number): person for person in turn.session.execute(here).scalars()}


def _called(turn: Turn, names: list[str]) -> set[str]:
    """Which of these names somebody here has."""
    here = select(Person.name).where(Person.name.in_(names), Person.kind == "student", Person.active)
    return set(turn.session.execute(here).scalars())


def _people(rows: Rows) -> list[Said]:
    """What each row says, once the columns are known; heads that a page repeats are passed over."""
    for index, row in enumerate(rows[:_HEADS]):
        heads = [head_of(cell) for cell in row]
        if any(heads) and not any(_number(cell) for cell in row):
            pairs, rest = _pairs(heads), rows[index + 1 :]
            break
    else:
        pairs, rest = _guess(rows), rows
    found: list[Said] = []
    for row in rest:
        cells = [each.strip() for each in row]
        if any(head_of(cell) for cell in cells) and not any(_number(cell) for cell in cells):
            continue
        for number, name in pairs:
            said = Said(_number(_at(cells, number)) or _at(cells, number), _at(cells, name))
            if said.number or said.name:
                found.append(said)
    return list(dict.fromkeys(found))


def _pairs(heads: list[str]) -> list[tuple[int, int]]:
    """The columns of numbers, each with the column of names that is nearest; names without numbers stand alone (-1)."""
    numbers = [index for index, head in enumerate(heads) if head == "number"]
    names = [index for index, head in enumerate(heads) if head == "name"]
    pairs = []
    for number in numbers:
        name = min(names, key=lambda each: abs(each - number), default=-1)
        pairs.append((number, name))
        names = [each for each in names if each != name]
    return pairs + [(-1, name) for name in names]


def _guess(rows: Rows) -> list[tuple[int, int]]:
    """The columns of a list without heads: one of numbers, or a single column; Refused where it could be any."""
    width = max(len(row) for row in rows)
    full = [sum(len(_number(_at(row, index))) >= _LEAST for row in rows) for index in range(width)]
    if max(full) * 2 >= len(rows):
        return [(full.index(max(full)), -1)]
    if width == 1:
        return [(-1, 0)]
    raise Refused("list_file.no_head")


def _number(cell: str) -> str:
    plain = unicodedata.normalize("NFKC", cell).strip().lstrip("'")
    return plain if _NUMBER.fullmatch(plain) else ""


def _at(row: Sequence[str], index: int) -> str:
    return row[index] if 0 <= index < len(row) else ""


# -- what is said of it


def told(turn: Turn, item: Item, asked: FormField, found: Matched) -> str:
    """Who was found, who was not, and what to do about that."""
    shown = listed_names.named(turn, item, {asked.key: found.numbers[:SHOWN]}, staff=False).get(asked.key) or []
    lines = [turn.say("list_file.found", count=len(found.numbers), names=_some(turn, shown, len(found.numbers)))]
    for key, words in (("lost", found.lost), ("twice", found.twice), ("apart", found.apart)):
        if words:
            lines.append(turn.say(f"list_file.{key}", count=len(words), names=_some(turn, words[:SHOWN], len(words))))
    return "\n".join(lines)


def _some(turn: Turn, words: Sequence[str], count: int) -> str:
    said = turn.say("form.or").join(words)
    return turn.say("list.and_more", names=said) if count > len(words) else said


def hear(turn: Turn, talk: Talk, rows: Rows) -> Replies | None:
    """A list that was sent while the form asks for people: taken where everybody was found, else shown and asked about;
    None where nothing asks for people. Raises Refused."""
    draft = talk.draft
    item = item_of(turn, draft) if draft is not None and not draft.shelved else None
    asked = item.field(draft.asking) if draft is not None and item is not None else None
    if draft is None or item is None or asked is None or asked.kind != "people":
        return None
    found = match(turn, asked, rows)
    said = told(turn, item, asked, found)
    if found.is_whole:
        return prefixed(said, accept(turn, talk, asked, found.numbers))
    draft.offer = [found.numbers] if found.numbers else []
    return (_offer(turn, talk, said),)


def _offer(turn: Turn, talk: Talk, said: str) -> Reply:
    """Those who were found on a list, to be taken without the others, or the list once more."""
    numbers = talk.draft.offer[0] if talk.draft is not None and talk.draft.offer else []
    label = turn.say("list_file.take", count=len(numbers))
    take = (Choice(label=label, send=send(talk, "o", 0), style="main"),) if numbers else ()
    asked = turn.say("list_file.take_or_again" if numbers else "list_file.again", count=len(numbers))
    return Reply(text=f"{said}\n{asked}", choices=(*take, way(turn, talk, "back"), way(turn, talk, "cancel")))


# -- on a page


def names(item: Item) -> frozenset[str]:
    """The names of the inputs that take a list."""
    return frozenset(name_of(each) + ENDING for each in item.fields if each.kind == "people")


def into(
    turn: Turn, item: Item, given: Mapping[str, str], lists: Mapping[str, Rows]
) -> tuple[dict[str, str], list[Wrong]]:
    """What was posted, with those on uploaded lists added to what was typed; and what is wrong with the lists, who was
    found among it, so that the page shows it before anything goes on. lists: rows by the key of the question."""
    filled, wrong = dict(given), list[Wrong]()
    for asked in item.fields:
        rows = lists.get(asked.key)
        if rows is None or asked.kind != "people":
            continue
        typed = filled.get(name_of(asked), "").strip()
        try:
            found = match(turn, asked, rows)
            before = field_people.read(turn, asked, typed) if typed else []
        except Refused as refused:
            wrong.append(Wrong(asked.key, turn.say(refused.key, **refused.values)))
            continue
        filled[name_of(asked)] = " ".join(dict.fromkeys([*before, *found.numbers]))
        if not found.is_whole:
            said = told(turn, item, asked, found) + "\n" + turn.say("list_file.on_page")
            wrong.append(Wrong(asked.key, said))
    return filled, wrong


def mistakes(wrong: Sequence[Wrong], files: Sequence[Wrong], lists: Sequence[Wrong]) -> list[Wrong]:
    """What a page shows as wrong: what is said of a list stands in the place of what is said of its question."""
    listed = {each.key for each in lists}
    return [*(each for each in wrong if each.key not in listed), *files, *lists]
