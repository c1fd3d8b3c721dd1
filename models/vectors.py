"""Vectors of known answers, by which an office tries its hours: each computed and compared with what it expects.

They record peers as well as ourselves, so where a peer answers otherwise on purpose this says so: see run_vectors.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from models.calendars import WEEKDAYS
from models.worktime import Calendar, NeverError, Pause, add, elapsed, is_open, next_open


def run_vectors(data: Mapping[str, Any]) -> list[tuple[str, object, object, bool]]:
    """Check vectors of known answers: (id, expected, got, whether they agree) for each.

    data["vectors"]: kind "due" (start, target_seconds, pauses, boundary → expected_due) or "elapsed" (start, end,
    pauses → expected_seconds), each with a calendar (tz, hours, holidays, extra_workdays: a day's own hours, or the name
    of the weekday whose hours it has). Conventions:
    - boundary "next_open" records somebody who answers the next opening where a span runs out at closing time; ours
      agrees there if its answer is the closing instant before that opening.
    - A target of 0 or null is no limit: nothing is due. So is a target whose time never comes, as a pause still lasts
      or nothing is ever open, within 20 years.
    - An elapsed vector without an end is measured to the beginning of the pause that still lasts.
    - A calendar whose week has no hours at all counts every hour: there are no office hours to keep.
    What raises does not agree.
    """
    return [_run_vector(vector) for vector in data["vectors"]]


def _run_vector(vector: Mapping[str, Any]) -> tuple[str, object, object, bool]:
    """Check one vector."""
    kind = vector["kind"]
    expected = vector.get("expected_seconds" if kind == "elapsed" else "expected_due")
    try:
        calendar = _calendar(vector["calendar"])
        pauses = [_pause(pause) for pause in vector.get("pauses") or ()]
        start = datetime.fromisoformat(vector["start"])
        if kind == "elapsed":
            got = elapsed(calendar, start, _end(vector, pauses), pauses)
            return vector["id"], expected, got, got == expected
        if kind != "due":
            return vector["id"], expected, f"unknown kind {kind!r}", False
        return _due(vector, calendar, start, pauses)
    except ValueError as error:
        return vector["id"], expected, f"refused: {error}", False


def _due(
    vector: Mapping[str, Any], calendar: Calendar, start: datetime, pauses: list[Pause]
) -> tuple[str, object, object, bool]:
    """Check a vector that asks when something is due."""
    expected, seconds = vector.get("expected_due"), vector.get("target_seconds")
    if not seconds:
        return vector["id"], expected, None, expected is None
    lasting = [begun for begun, ended in pauses if ended is None]
    if lasting and elapsed(calendar, start, min(lasting), pauses) < seconds:
        return vector["id"], expected, None, expected is None
    try:
        due = add(calendar, start, seconds, pauses)
    except NeverError:
        return vector["id"], expected, None, expected is None
    wanted = expected and datetime.fromisoformat(expected)
    ok = due == wanted
    if not ok and wanted and vector.get("boundary") == "next_open":
        ok = not is_open(calendar, due) and next_open(calendar, due) == wanted
    return vector["id"], expected, due.isoformat().replace("+00:00", "Z"), ok


def _end(vector: Mapping[str, Any], pauses: list[Pause]) -> datetime:
    """Where the time of an elapsed vector ends."""
    if vector.get("end") is None:
        lasting = [begun for begun, ended in pauses if ended is None]
        if lasting:
            return min(lasting)
    return datetime.fromisoformat(vector["end"])


def _pause(pause: Any) -> Pause:
    """A pause from [from, to], or from {"from": …, "to": …}; without an end it still lasts."""
    begun, ended = (pause["from"], pause.get("to")) if isinstance(pause, Mapping) else (*pause, None)[:2]
    return datetime.fromisoformat(begun), datetime.fromisoformat(ended) if ended else None


def _calendar(table: Mapping[str, Any]) -> Calendar:
    """The calendar of a vector."""
    extra = table.get("extra_workdays") or {}
    if not any(table["hours"].values()) and not extra:
        return Calendar.always(table["tz"])
    if not isinstance(extra, Mapping):
        extra = dict.fromkeys(extra)
    return Calendar.build(
        table["tz"],
        table["hours"],
        [date.fromisoformat(day) for day in table.get("holidays") or ()],
        {date.fromisoformat(day): WEEKDAYS.index(rule) if rule in WEEKDAYS else rule for day, rule in extra.items()},
    )
