"""Why a vector of `python -m bot limits` cannot be reckoned, found part by part, so that a plain sentence can say it."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from models.calendars import WEEKDAYS, parse_hours
from models.worktime import LONGEST_SPAN

Reason = tuple[str, Mapping[str, object]]  # a key of the table [trials] and its values
KNOWN: Final = (
    "id", "kind", "calendar", "start", "end", "target_seconds", "pauses", "boundary", "expected_due", "expected_seconds",
    "note", "source", "recomputed",
)  # fmt: skip
OF_CALENDAR: Final = ("tz", "hours", "holidays", "extra_workdays")
_DAY: Final = 86_400
YEARS: Final = LONGEST_SPAN // 366  # beyond which nothing is promised


def reason(vector: Any) -> Reason | None:
    """The first thing that keeps a vector from being reckoned; None where nothing is to be seen in it."""
    if not isinstance(vector, Mapping):
        return "no_object", {}
    return next(_reasons(vector), None)


def remarks(vectors: list[Any]) -> Iterator[Reason]:
    """What is odd about the vectors of a file although each can be reckoned: keys that nobody reads, ids that come twice."""
    rows = [(number, each) for number, each in enumerate(vectors, 1) if isinstance(each, Mapping)]
    for number, vector in rows:
        calendar = vector.get("calendar")
        parts = [(vector, KNOWN), *([(calendar, OF_CALENDAR)] if isinstance(calendar, Mapping) else [])]
        for key, known in ((str(key), known) for table, known in parts for key in table if key not in known):
            near = difflib.get_close_matches(key, known, n=1)
            values: dict[str, object] = {"name": name_of(vector, number), "part": quoted(key)}
            yield ("unknown_key_near", {**values, "near": near[0]}) if near else ("unknown_key", values)
    for name, count in Counter(str(each["id"]) for _, each in rows if each.get("id") not in (None, "")).items():
        if count > 1:
            yield "twice", {"name": squeeze(name), "count": count}


def name_of(vector: Any, number: int) -> str:
    """What a vector is called: its id, else its number in the file; one word, since it stands in a column."""
    found = vector.get("id") if isinstance(vector, Mapping) else None
    return (squeeze(str(found)) if found not in (None, "") else "") or str(number)


def squeeze(words: str) -> str:
    """Words without blanks and without what a terminal would take for an order."""
    return "".join(char for char in words if char.isprintable() and not char.isspace())[:200]


def quoted(value: object) -> str:
    """A value as a sentence quotes it: as it was written, in one line, without what a terminal would take for an order."""
    said = "".join(char if char.isprintable() else " " for char in str(value)[:400])
    return " ".join(said.split())[:60]


def _reasons(vector: Mapping[str, Any]) -> Iterator[Reason]:
    kind = vector.get("kind")
    if kind not in ("due", "elapsed"):
        yield ("lacks", {"part": "kind"}) if kind is None else ("which_kind", {"value": quoted(kind)})
        return
    pauses = vector.get("pauses") or ()
    lasting = isinstance(pauses, list) and any(_end_of(pause) is None for pause in pauses)
    asked = ["target_seconds"] if kind == "due" else [] if lasting else ["end"]
    needed = ("calendar", "start", *asked)
    yield from (
        ("lacks", {"part": key}) for key in needed if key not in vector or (key == "end" and vector[key] is None)
    )
    yield from _of_calendar(vector.get("calendar"))
    for key in ("start", *(["end"] if kind == "elapsed" and vector.get("end") is not None else []), "expected_due"):
        if key != "expected_due" or vector.get(key) is not None:
            yield from _instant(key, vector.get(key))
    yield from _of_pauses(pauses)
    if kind == "due":
        yield from _seconds(vector.get("target_seconds"))


def _of_calendar(calendar: Any) -> Iterator[Reason]:
    if not isinstance(calendar, Mapping):
        yield "no_calendar", {}
        return
    yield from (("lacks", {"part": f"calendar.{key}"}) for key in ("tz", "hours") if key not in calendar)
    try:
        ZoneInfo(calendar["tz"])
    except (KeyError, ValueError, OSError, TypeError, AttributeError):
        yield "no_zone", {"value": quoted(calendar.get("tz"))}
    hours = calendar.get("hours")
    if not isinstance(hours, Mapping) or not set(hours) <= set(WEEKDAYS):
        yield "no_hours", {"part": "hours"}
        return
    extra = calendar.get("extra_workdays") or {}
    own = dict(extra) if isinstance(extra, Mapping) else {}
    for key, windows in (*hours.items(), *own.items()):
        if not (windows in (None, *WEEKDAYS) if key in own and not isinstance(windows, list) else _is_hours(windows)):
            yield "no_hours", {"part": quoted(key)}
    for day in (*(calendar.get("holidays") or ()), *extra):
        try:
            date.fromisoformat(day)
        except (TypeError, ValueError):
            yield "no_day", {"value": quoted(day)}


def _is_hours(windows: Any) -> bool:
    try:
        parse_hours([(first, last) for first, last in windows])
    except (TypeError, ValueError, AttributeError):
        return False
    return True


def _of_pauses(pauses: Any) -> Iterator[Reason]:
    if not isinstance(pauses, list | tuple):
        yield "no_pauses", {}
        return
    for pause in pauses:
        if isinstance(pause, Mapping) and "from" in pause:
            begun: Any = pause["from"]
        elif isinstance(pause, list) and 1 <= len(pause) <= 2:
            begun = pause[0]
        else:
            yield "no_pauses", {}
            continue
        ended = _end_of(pause)
        found = [*_instant("pauses", begun), *(_instant("pauses", ended) if ended is not None else ())]
        yield from found
        if not found and ended is not None and datetime.fromisoformat(ended) < datetime.fromisoformat(begun):
            yield "pause_reversed", {"value": quoted(begun)}


def _end_of(pause: Any) -> Any:
    if isinstance(pause, Mapping):
        return pause.get("to")
    return pause[1] if isinstance(pause, list) and len(pause) > 1 else None


def _instant(key: str, value: Any) -> Iterator[Reason]:
    shown = quoted(value)
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        yield "no_instant", {"part": key, "value": shown}
        return
    if at.tzinfo is None:
        yield "no_offset", {"part": key, "value": shown}


def _seconds(value: Any) -> Iterator[Reason]:
    if value is None:  # No limit.
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield "no_seconds", {"value": quoted(value)}
    elif not 0 <= value <= LONGEST_SPAN * _DAY:
        yield "far_seconds", {"value": quoted(value), "years": YEARS}
