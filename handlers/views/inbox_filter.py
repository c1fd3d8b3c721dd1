"""What the inbox is asked for: a view, filters, words to search, and where a page begins; read from an address."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from handlers import tags
from models.sorting import LONGEST_TAG

VIEWS: Final = ("mine", "today", "overdue", "waiting", "unassigned", "classes", "all")
STATUSES: Final = ("open", "new", "in_progress", "waiting", "resolved", "closed", "any")
PRIORITIES: Final = ("urgent", "high", "normal", "low")  # those of models.promise, the most pressing first
LIVE: Final = frozenset({"open", "new", "in_progress", "waiting"})
MOST_WORDS: Final = 80
_NUMBER: Final = re.compile(r"[A-Z]{2}-[0-9]{4}-[0-9]{4,8}")
_PLACE: Final = re.compile(r"([0-9]{1,17}|-)\.([0-9a-z]{22})")
_PATH: Final = re.compile(r"/[^\x00-\x1f]{0,198}/")
_SLUG: Final = re.compile(r"[a-z][a-z0-9-]{1,47}")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Behind which row a page begins: its promise (None: nothing is owed) and its id."""

    owed_at: datetime | None
    id: str

    def __str__(self) -> str:
        """As an address carries it: microseconds since 1970, a dot, the id."""
        return f"{'-' if self.owed_at is None else (self.owed_at - _EPOCH) // timedelta(microseconds=1)}.{self.id}"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tickets are asked for. "" and None leave a part open; area is a path of the grid; days are the school's."""

    view: str = "mine"
    status: str = "open"
    item: str = ""
    area: str = ""
    since: date | None = None
    until: date | None = None
    words: str = ""
    priority: str = ""
    tag: str = ""

    @property
    def is_live(self) -> bool:
        """Whether only open tickets are asked for, which are ordered by deadline; all else by age, the newest first."""
        return self.status in LIVE and not self.words

    @property
    def number(self) -> str:
        """The ticket number that the words are, "" when they are none."""
        folded = self.words.upper().replace(" ", "")
        return folded if _NUMBER.fullmatch(folded) else ""

    @property
    def is_narrowed(self) -> bool:
        """Whether more than a view is asked for."""
        return replace(self, view="mine") != Filter()

    def query(self, **other: str) -> str:
        """The same as the query of an address, without what is as usual; other: more parameters."""
        usual = Filter(status="any", view="all") if self.words else Filter()
        pairs = [("view", self.view if self.view != usual.view else "")]
        pairs += [("status", self.status if self.status != usual.status else ""), ("item", self.item)]
        pairs += [("area", self.area), ("priority", self.priority), ("tag", self.tag)]
        pairs += [("since", self.since.isoformat() if self.since else "")]
        pairs += [("until", self.until.isoformat() if self.until else ""), ("q", self.words)]
        return urlencode([(name, value) for name, value in [*pairs, *other.items()] if value])


def read(values: Mapping[str, str]) -> Filter:
    """The filter of an address; what cannot be read is as if it were not there, since addresses are shared and age.

    Words alone search everything, ended or not.
    """
    words = unicodedata.normalize("NFKC", values.get("q", "")).strip()[:MOST_WORDS]
    view, status = values.get("view", ""), values.get("status", "")
    item, area = values.get("item", ""), values.get("area", "")
    return Filter(
        view=view if view in VIEWS else "all" if words else "mine",
        status=status if status in STATUSES else "any" if words else "open",
        item=item if _SLUG.fullmatch(item) else "",
        area=area if _PATH.fullmatch(area) else "",
        since=_day(values.get("since", "")),
        until=_day(values.get("until", "")),
        words=words,
        priority=values.get("priority", "") if values.get("priority", "") in PRIORITIES else "",
        tag=tags.clean(values.get("tag", "")[: 4 * LONGEST_TAG])[:LONGEST_TAG],
    )


def read_place(value: str) -> Place | None:
    """Where a page begins; None for the beginning, and for what cannot be read."""
    found = _PLACE.fullmatch(value)
    if found is None:
        return None
    try:
        owed_at = None if found[1] == "-" else _EPOCH + timedelta(microseconds=int(found[1]))
    except OverflowError:
        return None
    return Place(owed_at, found[2])


def _day(value: str) -> date | None:
    try:
        day = date.fromisoformat(value) if len(value) == 10 else None
    except ValueError:
        return None
    # Beyond these no ticket can lie, and some instants could not be said in UTC.
    return day if day is not None and 2000 <= day.year <= 2200 else None
