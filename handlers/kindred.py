"""Which item words mean that fit more than one of the same code (请假, 集体公假), or that name none but answer one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from handlers.catalogue import fold
from handlers.turn import Turn
from handlers.understand.naming import wished
from handlers.understand.people import speaks_for_many
from handlers.understand.questions import is_question
from handlers.understand.slots import pick
from handlers.understand.years import read_dated
from models.item import Item

MOST_NAMED: Final = 40  # characters of a wish that holds no more than a name


@lru_cache(maxsize=8192)
def _folded(name: str) -> str:
    """The name of an item, folded once: each wish is compared with all of them."""
    return fold(name)


def named_length(item: Item, words: str) -> int:
    """How many characters the longest name of an item has that stands in the words; 0 where none does."""
    folded = fold(words)
    names = (_folded(name) for name in (item.title.zh, item.title.en, *item.aliases))
    return max((len(name) for name in names if name and name in folded), default=0)


def closer(item: Item, words: str, offered: Iterable[Item]) -> Item:
    """The item that words mean where another one of the same code is named by a longer name: 集体公假 is more than 公假; or
    where they speak for many people, and only the other one asks who they are."""
    best, offered = named_length(item, words), tuple(offered)
    if speaks_for_many(words) and not _asks_people(item):
        lists = [other for other in offered if item.code and other.code == item.code and _asks_people(other)]
        if len(lists) == 1:
            return lists[0]
    for other in offered:
        length = named_length(other, words) if item.code is not None and other.code == item.code else 0
        if length > best:
            item, best = other, length
    return item


def exactly(turn: Turn, words: str) -> Item | None:
    """The item whose very title or alias is all that is said, beside that it is wished for: 「我要办用印申请」."""
    if len(words) > MOST_NAMED:
        return None
    catalogue = turn.school.catalogue
    return catalogue.exact(words) or catalogue.exact(wished(words))


def _asks_people(item: Item) -> bool:
    return any(field.kind == "people" for field in item.fields)


def kin(item: Item, here: Item, words: str) -> bool:
    """Whether words that seem to want an item are only told to its kin: a wish of its own would name the item."""
    return item.code is not None and item.code == here.code and not named_length(item, words)


def answered(turn: Turn, words: str) -> Item | None:
    """The one item for a student that asks from when to when, and of which words answer that and a choice (「7月1日到8月20日去公司实习」).

    A question is none, and a word that a choice of several such items knows does not say which: the first by rank counts
    only where the others are its kin.
    """
    staff = turn.person is not None and turn.person.kind == "staff"
    time = None if staff or is_question(words) else read_dated(words, turn.said_at, lessons=turn.lessons)
    if time is None or (time.kind == "none" and not time.readings):
        return None
    found = [
        item
        for item in turn.school.catalogue.offered()
        if any(field.kind == "span" for field in item.fields)
        and any(field.kind == "choice" and pick(field, words, loosely=False) for field in item.fields)
    ]
    return found[0] if found and all(each.code == found[0].code for each in found) else None
