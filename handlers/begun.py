"""From when on asking for a time is a report of it: half an hour after its beginning, or, of whole days, after the first one's
school hours."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from handlers.turn import School
from models.rounds import SOON


def reported_from(school: School, value: dict[str, Any]) -> datetime:
    """The instant from which on a span as it is stored is asked for afterwards (补假); aware, in the school's zone.

    A beginning with a clock is that instant and the half hour behind it: whoever has to go at once (「我爸走了，现在就要回家」) asks
    in haste while the form is filled in. A whole day begins at midnight, when nobody asks for it: whoever asks in the
    morning for that day asks in haste, and only once its lessons and office hours are over it is a report. A day without
    any ends at midnight.
    """
    start = datetime.fromisoformat(value["start"]).astimezone(school.zone)
    if value.get("timed", (True, True))[0]:
        return start + SOON
    return max(start, _closes(school, start.date()))


def _closes(school: School, day: date) -> datetime:
    """When the last lesson or office hour of a day ends."""
    ends = [end for _, end in school.clock.calendar.windows(day)]
    if ends and school.lessons:
        ends.append(datetime.combine(day, max(to for _, to in school.lessons.values()), school.zone))
    midnight = datetime.combine(day + timedelta(days=1), time(), school.zone)
    return max(ends, default=midnight).astimezone(school.zone)
