"""The pieces that words of time are cut into, and the cutter: one pass, the first pattern that fits wins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Day:
    """A day as it was said. `form` is offset, same, weekday, date, festival or month; the rest depends on it."""

    form: str
    offsets: tuple[int, ...] = ()  # offset, same: days from today or from the day before; date: years from this one
    week: int | None = None  # weekday: weeks from this one; None where none was said
    weekdays: tuple[int, ...] = ()  # weekday: 1 to 7, in the order said
    whole: bool = False  # weekday: one stretch (周末, 下周, 周一至五), no list
    year: int | None = None
    month: int | None = None
    month_offset: int | None = None  # date, month: months from this one, for 下个月5号
    dom: int | None = None  # day of the month; -1 is the last
    name: str = ""  # festival; "later" for 三天后, which may count from the day said before it
    shift: int = 0  # festival: days beside it
    holiday: bool = False  # festival: its days off were named (放假, 假期), which only a yearly notice knows
    back: bool = False  # looks back by itself: 昨天, 上周三, 3天前
    slashed: bool = False  # date: 12/6, which some write for June 12
    sure: bool = True  # False where the words only come near a day: 月底, 过两天
    frame: Day | None = None  # a day of a later week or month said before it, in which it may lie


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock as it was said: `exact` where 24 hours or am/pm leave no doubt about the half of the day."""

    hour: int
    minute: int = 0
    exact: bool = False
    halved: bool = False  # am or pm stood with it


@dataclass(frozen=True, slots=True)
class Length:
    """How long: days (also halves), months, or minutes."""

    days: float = 0
    months: int = 0
    minutes: int = 0


@dataclass(slots=True)
class Token:
    """One piece at [start, end) of the plain words; `kind` says which of the other fields it fills."""

    kind: str
    day: Day | None = None
    part: str = ""
    clock: Clock | None = None
    length: Length | None = None
    lessons: tuple[int, int] | None = None
    bare: int = 0  # a number whose unit stands elsewhere (12到15号), or minutes from now
    start: int = 0
    end: int = 0


Groups = tuple[str | None, ...]
Maker = Callable[[Groups], Token | None]
Pattern = tuple[str, Maker]


def make_word(kind: str) -> Maker:
    """A maker for words that carry nothing but their kind."""

    def make(groups: Groups) -> Token:
        return Token(kind)

    return make


class Cutter:
    """All patterns in one expression, and which maker each belongs to."""

    def __init__(self, patterns: Iterable[Pattern], first: str, rare: str, words: str = "(?!)") -> None:
        """`first` is the set of characters that any pattern can begin with, `rare` words that the others begin with, and
        `words` an expression of where those of another script begin: they keep the pass quick."""
        self.makers: dict[int, tuple[Maker, int]] = {}
        shapes: list[str] = []
        index = 1
        for shape, maker in patterns:
            inner = re.compile(shape).groups
            self.makers[index] = (maker, inner)
            shapes.append(f"({shape})")
            index += inner + 1
        begin = "".join(sorted({word[0] for word in rare.split("|")}))
        self.begins = re.compile(f"[{first}]|{rare}|{words}")  # what any token of some words begins with
        self.expression = re.compile(f"(?=[{first}]|(?=[{begin}])(?:{rare})|{words})(?:{'|'.join(shapes)})")

    def cut(self, plain: str) -> list[Token]:
        """The tokens of plain words, in order. A maker that declines lets the pass go on one character later."""
        tokens: list[Token] = []
        position = 0
        while match := self.expression.search(plain, position):
            index = match.lastindex or 0
            maker, inner = self.makers[index]
            token = maker(match.groups()[index : index + inner])
            if token is None:
                position = match.start() + 1
                continue
            token.start, token.end = match.span()
            tokens.append(token)
            position = match.end()
        return tokens
