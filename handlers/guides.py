"""The guides (办事指南) of items and of the school's own folder: read from their files, and found by a question."""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from handlers.understand.likeness import Marks, marks
from models.guide import Guide, GuideFile
from models.item import Item
from models.shape import Words

FITS: Final = 0.62  # of 1, from which a guide answers a question; found with tests/handlers/guide_lines.py
NEAR: Final = 0.8  # from which one is shown beside a form that is about to be filled in
KNOWN: Final = 0.6  # of what a question is about has to be known to the guide at all
_OTHER: Final = 0.4  # what is left of a fit where something else is wanted of the same thing
_HOW: Final = frozenset({"how", "where", "papers"})  # who says how something is done says where, and what to bring
_FAINT: Final = 0.5  # weight of a single character of Chinese, which is part of many words
_MOST: Final = 20  # guides that are compared in full, those with the weightiest marks in common


@dataclass(frozen=True, slots=True)
class Entry:
    """A guide where it stands. id: "FILE/KEY" or "ITEM/KEY", by which it is counted; item: its slug, "" for a guide of a
    file, whose title and office stand here."""

    id: str
    guide: Guide
    item: str = ""
    title: Words | None = None
    office: str = ""


class Guides:
    """All guides, and an index over their questions; read-only once made."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries = tuple(entries)
        self.by_id = {entry.id: entry for entry in self.entries}
        self._asked: list[list[Marks]] = [[marks(each) for each in entry.guide.questions] for entry in self.entries]
        answers = [marks(words.zh).things | marks(words.en).things for words in (e.guide.answer for e in self.entries)]
        bags = [{mark for each in asked for mark in each.things} for asked in self._asked]
        self._known = [bag | answer for bag, answer in zip(bags, answers, strict=True)]
        seen = Counter(mark for bag in bags for mark in bag)
        self._count = len(bags)
        # BM25's weight of rareness; a mark that no guide has is the rarest of all, and tells that none was written for it.
        self._rarity = {mark: math.log(1 + (self._count - n + 0.5) / (n + 0.5)) for mark, n in seen.items()}
        self._rarest = math.log(1 + (self._count + 0.5) / 0.5)
        self._postings: dict[str, list[int]] = {}
        for number, bag in enumerate(bags):
            for mark in bag:
                self._postings.setdefault(mark, []).append(number)

    def find(self, words: str, on: date, most: int = 3) -> list[tuple[Entry, float]]:
        """The guides that answer such a question on a day, best first, each with how well it fits (0 to 1)."""
        said = marks(words)
        shared: dict[int, float] = {}
        for mark in said.things:
            for number in self._postings.get(mark, ()):
                shared[number] = shared.get(number, 0.0) + self._weight(mark)
        nearest = sorted(shared, key=lambda number: -shared[number])[:_MOST]
        found = [(self.entries[number], self._fit(said, number)) for number in nearest]
        return sorted(((e, fit) for e, fit in found if e.guide.holds(on)), key=lambda pair: -pair[1])[:most]

    def _weight(self, mark: str) -> float:
        weight = self._rarity.get(mark, self._rarest)
        return weight * _FAINT if len(mark) == 1 and not mark.isascii() else weight

    def _sum(self, found: Iterable[str]) -> float:
        return sum(self._weight(mark) for mark in found)

    def _fit(self, said: Marks, number: int) -> float:
        """How well words fit the nearest question: the harmonic mean of how much of each the other has, lessened where
        something else is wanted of the same thing. What the answer speaks of counts as known, too."""
        whole = self._sum(said.things)
        known = self._sum(said.things & self._known[number]) / whole if whole else 0.0
        if known < KNOWN:
            return 0.0
        best = 0.0
        for each in self._asked[number]:
            own = self._sum(each.things)
            covered = self._sum(each.things & said.things) / own if own else 0.0
            fit = 2 * known * covered / (known + covered) if covered else 0.0
            wants = each.wants | _HOW if _HOW & each.wants else each.wants
            other = said.wants and wants and not said.wants & wants
            best = max(best, fit * (_OTHER if other else 1.0))
        return best


def collect(items: Iterable[Item], files: Iterable[tuple[str, GuideFile]] = ()) -> Guides:
    """The guides of items and of files, each file by its name."""
    own = [Entry(f"{item.slug}/{guide.key}", guide, item.slug) for item in items for guide in item.guides]
    other = [
        Entry(f"{name}/{guide.key}", guide, "", file.title, file.office)
        for name, file in files
        for guide in file.guides
    ]
    return Guides([*own, *other])


def load(folders: Sequence[Path]) -> list[tuple[str, GuideFile]]:
    """The files of guides in a school's folders by their names, the later of one name in force.

    One that cannot be read is left out, and `check` names it with everything that is wrong in it.
    """
    found: dict[str, GuideFile] = {}
    for path in files(folders):
        try:
            found[path.stem] = _understand(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            found.pop(path.stem, None)
    return list(found.items())


def files(folders: Sequence[Path]) -> list[Path]:
    """The files of guides in these folders and below them."""
    return [path for folder in folders for path in sorted(folder.rglob("*.toml"))]


@lru_cache(maxsize=1024)
def _understand(words: str) -> GuideFile:
    return GuideFile.model_validate(tomllib.loads(words))


def untranslated(guide: Guide) -> list[str]:
    """Where a guide still lacks English."""
    said = [("answer", guide.answer), ("source", guide.source)]
    lacking = [where for where, words in said if words is not None and not words.en]
    return lacking + ([] if any(each.isascii() for each in guide.questions) else ["questions"])
