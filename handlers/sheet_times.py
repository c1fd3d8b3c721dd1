"""Reads the times of a form that is filled in as one page: dates with a clock or half a day, or free words by the chat's grammar."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from handlers import field_times, gone_times, wording
from handlers.talks import Draft, Talk
from handlers.turn import Turn
from models.item import FormField
from models.message import Refused

# The halves of a day as the chat's grammar reads them (明天下午 is 14:00 to 18:00); "" is the whole day.
STARTS: Final = ("", "08:00", "14:00", "18:00")
ENDS: Final = ("", "12:00", "18:00", "22:00")
MOST_WORDS: Final = 200  # characters of a time in free words
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_CLOCK: Final = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?", re.ASCII)
_PICK: Final = re.compile(r"([0-9T:+.-]{10,40})~([0-9T:+.-]{10,40})~([01])([01])", re.ASCII)
_YEARS: Final = range(1900, 2200)


class Unsure(Refused):
    """Words that may mean several times: the sentence that asks, and the times to choose from as (value, label)."""

    def __init__(self, said: str, offers: tuple[tuple[str, str], ...]) -> None:
        super().__init__("form.is_it")
        self.said = said
        self.offers = offers


def read_time(turn: Turn, field: FormField, name: str, given: Mapping[str, str], so_far: Draft | None = None) -> Any:
    """The span or the day in the inputs of one field, as it is stored; None where nothing was entered at all.

    A choice among offered times comes first, then free words, then the dates. so_far: the form and its answers before
    this one, by which a day that is over may be meant (补假). Raises Refused, or Unsure, with the sentences of the chat.
    """
    pick, words = given.get(f"{name}-pick", ""), given.get(f"{name}-said", "").strip()
    if pick:
        return _picked(turn, field, pick)
    if words:
        return _said(turn, field, words, so_far or Draft(service=""))
    if field.kind == "date":
        value = given.get(name, "").strip()
        return _day(value).isoformat() if value else None
    return _span(turn, name, given)


def inputs(turn: Turn, field: FormField, name: str, value: Any) -> dict[str, str]:
    """What the inputs of a field hold for a stored value: the reverse of `read_time`."""
    if field.kind == "date":
        return {name: str(value)}
    zone, timed = turn.school.zone, value.get("timed", (True, True))
    found: dict[str, str] = {}
    for end, side in enumerate(("from", "to")):
        at = datetime.fromisoformat(value["end" if end else "start"]).astimezone(zone)
        at -= timedelta(days=1) if end and not timed[1] else timedelta(0)
        clock = f"{at:%H:%M}" if timed[end] else ""
        half = clock in (ENDS if end else STARTS)
        found |= {
            f"{name}-{side}": at.date().isoformat(),
            f"{name}-{side}_half": clock if half else "",
            f"{name}-{side}_at": "" if half else clock,
        }
    return found


def offer(turn: Turn, field: FormField, values: list[Any]) -> tuple[tuple[str, str], ...]:
    """Times to choose from: what the page sends back for each, and how it reads."""
    return tuple((_code(value), field_times.shown(turn, value)) for value in values)


def _code(value: Any) -> str:
    if isinstance(value, dict):
        timed = value.get("timed", (True, True))
        return f"{value['start']}~{value['end']}~{int(timed[0])}{int(timed[1])}"
    return str(value)


def _picked(turn: Turn, field: FormField, pick: str) -> Any:
    if field.kind == "date":
        return _day(pick).isoformat()
    found = _PICK.fullmatch(pick)
    try:
        ends = [datetime.fromisoformat(found[at]) for at in (1, 2)] if found else []
    except ValueError:
        ends = []
    if found is None or not ends or any(end.tzinfo is None or end.year not in _YEARS for end in ends):
        raise Refused("form.no_time")
    return _ordered(turn, ends[0], ends[1], (found[3] == "1", found[4] == "1"))


def _said(turn: Turn, field: FormField, words: str, draft: Draft) -> Any:
    """Free words by the grammar of the chat; what it would ask about is asked beside the field."""
    if len(words) > MOST_WORDS:
        raise Refused("form.too_long", most=MOST_WORDS, count=len(words))
    value = field_times.read_answer(turn, draft, field, words)
    if value is not field_times.MORE:
        return value
    if draft.offer:
        said = field_times.offer(turn, Talk(), draft).text
        raise Unsure(
            said, offer(turn, field, [each for each in draft.offer if gone_times.is_offered(turn, draft, each)])
        )
    raise Refused("form.until", start=field_times.begun(turn, draft))


def _span(turn: Turn, name: str, given: Mapping[str, str]) -> dict[str, Any] | None:
    days = [given.get(f"{name}-{side}", "").strip() for side in ("from", "to")]
    clocks = [
        (given.get(f"{name}-{side}_at", "") or given.get(f"{name}-{side}_half", "")).strip() for side in ("from", "to")
    ]
    if not any(days):
        if any(clocks):
            raise Refused("sheet.no_day")
        return None
    if not all(days):
        raise Refused("sheet.no_start" if not days[0] else "sheet.no_end")
    start, end = (
        datetime.combine(_day(day), _clock(clock), turn.school.zone) for day, clock in zip(days, clocks, strict=True)
    )
    if not clocks[1]:
        end += timedelta(days=1)
    return _ordered(turn, start, end, (bool(clocks[0]), bool(clocks[1])))


def _ordered(turn: Turn, start: datetime, end: datetime, timed: tuple[bool, bool]) -> dict[str, Any]:
    """A span as it is stored; one that ends before it begins is refused with both ends."""
    if end <= start:
        zone, last = turn.school.zone, end if timed[1] else end - timedelta(seconds=1)
        shown = [
            wording.moment(at, turn.lang, zone, turn.today)
            if has_clock
            else wording.day(at.astimezone(zone).date(), turn.lang, turn.today)
            for at, has_clock in zip((start, last), timed, strict=True)
        ]
        if end == start:
            raise Refused("sheet.no_time_between", start=shown[0])
        raise Refused("sheet.end_before_start", start=shown[0], end=shown[1])
    return {"start": start.isoformat(), "end": end.isoformat(), "timed": list(timed)}


def _day(value: str) -> date:
    try:
        found = date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        found = None
    if found is None or found.year not in _YEARS:
        raise Refused("form.no_such_day")
    return found


def _clock(value: str) -> time:
    if not value:
        return time(0)
    try:
        found = time.fromisoformat(value) if _CLOCK.fullmatch(value) else None
    except ValueError:
        found = None
    if found is None:
        raise Refused("form.no_such_time")
    return found
