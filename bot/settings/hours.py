"""Settings of time beyond the weekly hours: terms, seasons with a week of their own, and areas that keep other hours."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from bot.settings.values import Several
from handlers.understand.weeks import parse_weeks
from models.calendars import DAY, parse_hours

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FOLLOWS = ("vacation", "exam")  # seasons whose days follow from the terms
_WRONG = "the sentence for this is in the texts"


def _check_shift(value: str) -> str:
    """A window that may run over midnight: "08:00-12:00", "22:00-06:00", "00:00-24:00"."""
    try:
        parse_hours([_pair(value)])
    except ValueError:
        raise PydanticCustomError("window_shift", _WRONG) from None
    return value


def _pair(value: str) -> tuple[str, str]:
    first, _, last = (part.strip() for part in value.partition("-"))
    return first, last


def _check_shifts(value: tuple[str, ...]) -> tuple[str, ...]:
    try:
        parse_hours([_pair(each) for each in value])
    except ValueError:
        raise PydanticCustomError("window_overlap", _WRONG) from None
    return value


def _check_quiet(value: str) -> str:
    if value:
        _check_shift(value)
        ((opens, closes),) = parse_hours([_pair(value)])
        if closes - opens >= DAY:
            raise PydanticCustomError("window_quiet", _WRONG)
    return value


def _check_weeks(value: str) -> str:
    """Weeks of a term: "1-16", "单", "2-16双", "1-8,10"."""
    try:
        parse_weeks(value)
    except ValueError:
        raise PydanticCustomError("window_weeks", _WRONG) from None
    return value


Shift = Annotated[str, Field(max_length=24), AfterValidator(_check_shift)]
Shifts = Annotated[Several[Shift], AfterValidator(_check_shifts)]
Quiet = Annotated[str, Field(max_length=24), AfterValidator(_check_quiet)]
Name = Annotated[str, Field(min_length=1, max_length=40)]


class _Rows(BaseModel):
    """As every section: frozen, strict, unknown keys are errors."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class _Week(_Rows):
    """Hours by weekday; a day that is left out is closed."""

    mon: Shifts = ()
    tue: Shifts = ()
    wed: Shifts = ()
    thu: Shifts = ()
    fri: Shifts = ()
    sat: Shifts = ()
    sun: Shifts = ()

    @property
    def hours(self) -> dict[str, list[tuple[str, str]]]:
        """As models.calendars reads them."""
        return {day: [_pair(shift) for shift in getattr(self, day)] for day in WEEKDAYS}

    @property
    def is_open(self) -> bool:
        """Whether any day has hours."""
        return any(getattr(self, day) for day in WEEKDAYS)


def _in_order(first: date | None, last: date | None) -> bool:
    return first is not None and last is not None and first <= last


class Term(_Rows):
    """A row of [[calendar.terms]]: its first and last day, and those of its exams."""

    name: Name
    begins: date
    ends: date
    exams_begin: date | None = None
    exams_end: date | None = None
    weeks_from: date | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Any:
        exams, values = (self.exams_begin, self.exams_end), {"name": self.name}
        if self.begins > self.ends:
            days = {"begins": f"{self.begins}", "ends": f"{self.ends}"}
            raise PydanticCustomError("window_term", _WRONG, values | days)
        if (exams[0] is None) != (exams[1] is None):
            raise PydanticCustomError("window_exams_half", _WRONG, values)
        if exams[0] is not None and not _in_order(*exams):
            days = {"begins": f"{exams[0]}", "ends": f"{exams[1]}"}
            raise PydanticCustomError("window_exams", _WRONG, values | days)
        if exams[0] is not None and not (_in_order(self.begins, exams[0]) and _in_order(exams[1], self.ends)):
            days = {"begins": f"{self.begins}", "ends": f"{self.ends}"}
            raise PydanticCustomError("window_exams_outside", _WRONG, values | days)
        return self


class Season(_Week):
    """A row of [[calendar.seasons]]: days, and the hours that they have, if they have hours of their own.

    "vacation" (outside the terms) and "exam" may name no days: then they follow from the terms.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
    begins: date | None = None
    ends: date | None = None
    closed: bool = False

    @property
    def has_hours(self) -> bool:
        """Whether its days keep other hours than others do; without any it only gives them a name."""
        return self.is_open or self.closed

    @model_validator(mode="after")
    def _dated(self) -> Any:
        none = self.begins is None and self.ends is None
        if not (_in_order(self.begins, self.ends) or (none and self.name in FOLLOWS)):
            raise PydanticCustomError("window_season", _WRONG)
        return self


class Area(_Week):
    """A row of [[calendar.areas]]: the hours of areas, by their codes, and of all that lies below them.

    holidays: whether public holidays are days off there; false for a duty that is kept every day.
    """

    codes: Annotated[Several[Annotated[str, Field(min_length=1, max_length=64)]], Field(min_length=1)]
    holidays: bool = True

    @model_validator(mode="after")
    def _opens(self) -> Any:
        if not self.is_open:
            raise PydanticCustomError("window_never", _WRONG)
        return self


class Course(_Rows):
    """A row of [[calendar.courses]]: whose lessons an area has on a day of the week. Lessons are numbers of the timetable."""

    area: str = Field(min_length=1, max_length=32)
    day: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    lessons: str = Field(pattern=r"^[1-9]\d?(-[1-9]\d?)?$")
    teacher: str = Field(min_length=1, max_length=32)
    name: str = Field(default="", max_length=40)
    begins: date | None = None
    ends: date | None = None
    weeks: Annotated[str, Field(max_length=60), AfterValidator(_check_weeks)] = ""

    @property
    def numbers(self) -> tuple[int, int]:
        """The first and the last lesson."""
        first, _, last = self.lessons.partition("-")
        return int(first), int(last or first)


class Makeup(_Rows):
    """A row of [[calendar.makeup]]: a make-up day (调休), and the day or the weekday whose plan of courses it has."""

    on: date
    follows: date | Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    @property
    def plan(self) -> date | int:
        """As models.seasons reads it."""
        return self.follows if isinstance(self.follows, date) else WEEKDAYS.index(self.follows)

    @property
    def weekday(self) -> int:
        """The weekday whose hours it has."""
        return self.follows.weekday() if isinstance(self.follows, date) else WEEKDAYS.index(self.follows)
