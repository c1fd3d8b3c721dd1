"""Finds items by their names: BM25 over characters and pairs of characters of titles and aliases."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final

from models.item import Item

_K1, _B = 1.2, 0.6  # BM25's usual constants, with less weight on length: names are short
_EXACT: Final = 100.0
_BETWEEN: Final = re.compile(r"[\W_]+")


def fold(words: str) -> str:
    """Words as they are compared: compatibility forms folded, small letters, letters and digits only."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", words[:400]).lower())


def _grams(words: str) -> list[str]:
    folded = fold(words)
    return [*folded, *(folded[at : at + 2] for at in range(len(folded) - 1))]


class Index:
    """BM25 over single characters and pairs of titles and aliases: 800 items, no package, well under a millisecond."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items
        self._names = [
            [fold(name) for name in (item.title.zh, item.title.en, *item.aliases) if fold(name)] for item in items
        ]
        self._bags = [Counter(gram for name in names for gram in _grams(name)) for names in self._names]
        self._lengths = [sum(bag.values()) for bag in self._bags]
        self._mean = (sum(self._lengths) / len(items)) if items else 1.0
        seen = Counter(gram for bag in self._bags for gram in bag)
        self._rarity = {gram: math.log(1 + (len(items) - n + 0.5) / (n + 0.5)) for gram, n in seen.items()}
        self._postings: dict[str, list[int]] = {}
        for number, bag in enumerate(self._bags):
            for gram in bag:
                self._postings.setdefault(gram, []).append(number)

    def exact(self, words: str) -> Item | None:
        """The one item of which the words are the very title or an alias; None where none is, or several are."""
        folded = fold(words)
        found = [number for number, names in enumerate(self._names) if folded in names] if folded else []
        return self._items[found[0]] if len(found) == 1 else None

    def find(self, words: str, most: int) -> list[tuple[Item, float]]:
        folded = fold(words)
        scores: dict[int, float] = {}
        for gram in set(_grams(words)):
            for number in self._postings.get(gram, ()):
                many = self._bags[number][gram]
                norm = many + _K1 * (1 - _B + _B * self._lengths[number] / self._mean)
                scores[number] = scores.get(number, 0.0) + self._rarity[gram] * many * (_K1 + 1) / norm
        for number in scores:
            named = [len(name) for name in self._names[number] if len(name) > 1 and name in folded]
            if named:
                scores[number] += _EXACT + max(named)
        best = sorted(scores.items(), key=lambda pair: -pair[1])[:most]
        return [(self._items[number], score) for number, score in best]
