"""Finding tickets by number or its end, by student, by item, by tag, and by the words of answers that are not sealed."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, String, Text, and_, cast, exists, func, literal, or_, select, union_all

from handlers.tags import clean
from handlers.turn import Turn
from handlers.views.inbox_filter import Filter
from handlers.views.inbox_reach import Reach
from models.db import plain
from models.person import Person
from models.sorting import Tag
from models.ticket import Ticket

# Of how many of the newest tickets within reach the words and ends of numbers are read: no index serves them in both
# databases and both scripts, so that this, and not the age of the school, sets the time. Students are found at any age.
WINDOW: Final = 5_000
MOST_PEOPLE: Final = 50
_TAIL: Final = re.compile(r"[0-9]{2,8}|[0-9]{4}-[0-9]{1,8}|[A-Z]{2}-[0-9-]{1,13}")
_ESCAPE: Final = "!"


def found(turn: Turn, reach: Reach, asked: Filter) -> Any:
    """The ids of what was searched for, as a query; access is asked by whoever uses it."""
    if asked.number:
        return select(Ticket.id).where(Ticket.number == asked.number)
    tagged = select(Tag.ticket_id).where(Tag.name == clean(asked.words)).order_by(Tag.ticket_id.desc()).limit(WINDOW)
    of_tag = select(tagged.subquery().c.ticket_id)
    return union_all(_of_people(turn, asked.words), of_tag, _in_window(turn, reach, asked.words))


def _of_people(turn: Turn, words: str) -> Select[Any]:
    """Tickets of the students whose number or name the words are, or begin."""
    begins = f"{_plain(words)}%"
    people = (
        select(Person.id)
        .where(
            Person.kind == "student",
            or_(
                Person.number == words,
                Person.name.like(begins, escape=_ESCAPE),
                Person.name_en.ilike(begins, escape=_ESCAPE),
            ),
        )
        .limit(MOST_PEOPLE)
    )
    ids = list(plain(turn.session).execute(people).scalars())
    return select(Ticket.id).where(Ticket.requester_id.in_(ids))


def _in_window(turn: Turn, reach: Reach, words: str) -> Select[Any]:
    newest = reach.past().order_by(Ticket.id.desc()).limit(WINDOW).subquery()
    ways: list[ColumnElement[bool]] = [_says(turn, words)]
    folded = words.upper()
    if _TAIL.fullmatch(folded):
        ways.append(Ticket.number.like(f"%{_plain(folded)}%", escape=_ESCAPE))
    ways += _of_items(turn, words)
    return select(Ticket.id).join(newest, newest.c.id == Ticket.id).where(or_(*ways))


def _says(turn: Turn, words: str) -> ColumnElement[bool]:
    """Whether an answer holds the words. JSON is stored with escapes, so these are looked for first, since it is cheap;
    then the answers themselves are asked, so that no key of a field is taken for an answer."""
    stored = json.dumps(words)[1:-1]
    raw = cast(Ticket.answers, Text).ilike(f"%{_plain(stored)}%", escape=_ESCAPE)
    if plain(turn.session).dialect.name == "sqlite":
        each = func.json_each(Ticket.answers).table_valued("value", "type", name="answer")
        is_text = each.c.type == "text"
        value: ColumnElement[str] = cast(each.c.value, String)
    else:
        each = func.json_each_text(Ticket.answers).table_valued("key", "value", name="answer")
        is_text = func.json_typeof(func.json_extract_path(Ticket.answers, each.c.key)) == "string"
        value = cast(each.c.value, String)
    holds = value.ilike(f"%{_plain(words)}%", escape=_ESCAPE)
    return and_(raw, exists(select(literal(1)).select_from(each).where(is_text, holds)))


def _of_items(turn: Turn, words: str) -> list[ColumnElement[bool]]:
    """Tickets of the items that are called so, and those in which an option of this name was chosen."""
    low = words.lower()
    items = turn.school.catalogue.items.values()
    slugs = [
        item.slug for item in items
        if low in item.title.zh.lower() or low in item.title.en.lower() or low in (alias.lower() for alias in item.aliases)
    ]  # fmt: skip
    ways: list[ColumnElement[bool]] = [Ticket.service.in_(slugs)] if slugs else []
    for item in items:
        for field in item.fields:
            if field.kind != "choice" or field.sensitive:
                continue
            keys = [each.key for each in field.options if low in each.label.zh.lower() or low in each.label.en.lower()]
            if keys and len(ways) < MOST_PEOPLE:
                ways.append(and_(Ticket.service == item.slug, Ticket.answers[field.key].as_string().in_(keys)))
    return ways


def _plain(words: str) -> str:
    """Words in which nothing stands for anything else."""
    return re.sub(rf"([{_ESCAPE}%_])", rf"{_ESCAPE}\1", words)
