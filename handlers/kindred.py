"""Items that are served by the same code: which of them words mean that fit more than one (请假, 集体公假)."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.catalogue import fold
from models.item import Item


def named_length(item: Item, words: str) -> int:
    """How many characters the longest name of an item has that stands in the words; 0 where none does."""
    folded = fold(words)
    names = (fold(name) for name in (item.title.zh, item.title.en, *item.aliases))
    return max((len(name) for name in names if name and name in folded), default=0)


def closer(item: Item, words: str, offered: Iterable[Item]) -> Item:
    """The item that words mean where another one of the same code is named by a longer name: 集体公假 is more than 公假."""
    best = named_length(item, words)
    for other in offered:
        length = named_length(other, words) if item.code is not None and other.code == item.code else 0
        if length > best:
            item, best = other, length
    return item


def kin(item: Item, here: Item, words: str) -> bool:
    """Whether words that seem to want an item are only told to its kin: a wish of its own would name the item."""
    return item.code is not None and item.code == here.code and not named_length(item, words)
