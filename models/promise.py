"""What an item promises: its `[limits]` as written, what stands there instead for a priority or an area, and the priorities."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from models.chain import When
from models.limits import Limit, Limits, parse_limit
from models.shape import Said, Shape

LONGEST_LIMIT: Final = 366 * 86400
PRIORITIES: Final = ("low", "normal", "high", "urgent")
Priority = Literal["low", "normal", "high", "urgent"]
_LISTS: Final = ("remind", "escalate")
# The least seconds of what each key says: a target needs time, what climbs comes after its target, a reminder anywhere.
_LEAST: Final[dict[str, int | None]] = {
    "respond": 1, "next": 1, "resolve": 1, "follow_up": 1, "extend": 1, "back": 0, "before_by": 0, "rush": None,
    "escalate": 0, "back_escalate": 0, "back_watch": 0, "remind": None, "back_remind": None,
}  # fmt: skip


class Instead(Shape):
    """A row `[[limits.instead]]`: limits that stand instead of the usual ones for a priority, an area, or both.

    area: the code of an area; it holds for everything below it too. Of several rows that fit the later one wins.
    """

    priority: Priority | None = None
    area: str = Field(default="", max_length=64)
    respond: str | None = None
    next: str | None = None
    resolve: str | None = None
    remind: tuple[str, ...] | None = None
    escalate: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _says_when(self) -> Instead:
        if self.priority is None and not self.area:
            raise PydanticCustomError("item_instead", "a row of limits.instead names a priority, an area, or both")
        return self

    def fits(self, priority: str, codes: tuple[str, ...]) -> bool:
        """Whether a row holds for a priority in an area, whose codes are given from the root down."""
        return self.priority in (None, priority) and (not self.area or self.area in codes)


class Raised(Shape):
    """A row `[[priority]]`: tickets whose answers meet the condition are opened with this priority."""

    to: Priority
    when: When


class Promise(Shape):
    """The `[limits]` table as written: "4h", "1d", "-1h"; working time unless it says calendar or wall.

    next: until words that come after an answer are answered. extend: by how much resolve moves when it is extended once;
    "" for as long again, "no" for not at all. before: the field (a span or a date) with the beginning of the thing that
    it is about; back_watch: who is told how long after an expected return, in the place of back_escalate; before_by: how long before that an answer is due. rush: with less working time than this left until
    then it goes to whoever is on duty, and urgent_words tell the student whether to go first.
    """

    respond: str = "1d"
    next: str | None = None
    resolve: str | None = None
    remind: tuple[str, ...] = ("-1h",)
    escalate: tuple[str, ...] = ("+0h",)
    follow_up: str | None = None
    clock: Literal["work", "calendar", "wall"] = "work"
    back: str | None = None
    back_remind: tuple[str, ...] = ()
    back_escalate: tuple[str, ...] = ()
    back_watch: tuple[tuple[str, str], ...] = ()
    extend: str = Field(default="", max_length=32)
    before: str = Field(default="", max_length=31)
    before_by: str = Field(default="1h", max_length=32)
    rush: str = Field(default="1h", max_length=32)
    instead: tuple[Instead, ...] = ()
    urgent_words: Said | None = None

    @model_validator(mode="after")
    def _reads(self) -> Promise:
        if self.back_watch and self.back_escalate:
            raise PydanticCustomError("item_watch_both", "limits say either back_watch or back_escalate")
        if any(not role for _, role in self.back_watch):
            raise PydanticCustomError("item_watch_role", 'back_watch names a time and a role: [["+2h", "monitor"]]')
        for key, said in self._unusable():
            raise PydanticCustomError("item_limit", "{limit} = {said} is no limit", {"limit": key, "said": said})
        return self

    def _unusable(self) -> Iterator[tuple[str, str]]:
        """Each key of the table, and of its rows ("instead#2.respond"), whose words are no limit there; and its words."""
        rows: list[tuple[str, Promise | Instead]] = [("", self)]
        rows += [(f"instead#{number}.", row) for number, row in enumerate(self.instead, 1)]
        for above, row in rows:
            for name, least in _LEAST.items():
                value = getattr(row, name, None)
                if name == "extend" and value in ("", "no"):
                    continue
                every = (value,) if isinstance(value, str) else value or ()
                for words in (each if isinstance(each, str) else each[0] for each in every):
                    if not _fits(words, least):
                        yield f"{above}{name}", words

    def limits(self, priority: str = "normal", path: str = "") -> Limits:
        """The limits of a priority in an area ("/sl/cs/cs2301/") as values, read once.

        ValueError names the part that cannot be read.
        """
        if not self.instead:
            return _read(self)
        codes = tuple(path.strip("/").split("/"))
        return _of(self, tuple(row for row in self.instead if row.fits(priority, codes)))

    def with_row(self, row: Instead) -> Limits:
        """The limits where this row alone stands instead."""
        return _of(self, (row,))


def _fits(words: str, least: int | None) -> bool:
    """Whether words are a limit of at least so many seconds, and of a year at most; None where any offset will do."""
    try:
        seconds = parse_limit(words).seconds
    except ValueError:
        return False
    return abs(seconds) <= LONGEST_LIMIT and (least is None or seconds >= least)


@lru_cache(maxsize=4096)
def _of(promise: Promise, rows: tuple[Instead, ...]) -> Limits:
    """A promise with rows that stand instead, the later over the earlier."""
    names = ("respond", "next", "resolve", *_LISTS)
    said = {name: value for row in rows for name in names if (value := getattr(row, name)) is not None}
    return _read(promise.model_copy(update={**said, "instead": ()}))


@lru_cache(maxsize=4096)
def _read(promise: Promise) -> Limits:
    """A promise as values; the same wording is read once."""

    def read(words: str | None) -> Limit | None:
        return None if words is None else parse_limit(words, default_clock=promise.clock)

    def each(words: tuple[str, ...], clock: str = promise.clock) -> tuple[Limit, ...]:
        return tuple(parse_limit(word, default_clock=clock) for word in words)

    resolve = read(promise.resolve)
    return Limits(
        respond=read(promise.respond), next=read(promise.next), resolve=resolve, remind=each(promise.remind),
        escalate=each(promise.escalate), follow_up=read(promise.follow_up),
        back=None if promise.back is None else parse_limit(promise.back, default_clock="wall"),
        back_remind=each(promise.back_remind, "wall"),
        back_escalate=each(tuple(at for at, _ in promise.back_watch) or promise.back_escalate, "wall"),
        back_roles=tuple(role for _, role in promise.back_watch),
        extend=None if resolve is None or promise.extend == "no" else read(promise.extend) if promise.extend else resolve,
        before=parse_limit(promise.before_by, default_clock="wall") if promise.before else None,
    )  # fmt: skip
