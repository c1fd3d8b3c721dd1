"""The end of a time as words leave it: said without its beginning, or counted from one of two days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from handlers.talks import Draft
from handlers.turn import Turn
from handlers.understand.asides import days_later
from handlers.understand.slots import says_length
from handlers.understand.times import Span

FAR: Final = timedelta(days=3 * 366)  # nothing that students ask for begins later


def is_one_end(found: Span) -> bool:
    """Whether a time is one instant, one day, or an end alone: what words of a coming back say, and no stretch of leave."""
    if found.dates or found.kind == "duration":
        return False
    if found.start is None or found.end is None:
        return True
    in_a_day = found.start.date() == (found.end - timedelta(seconds=1)).date()
    return in_a_day and not (found.start_has_time and found.end_has_time)


def is_far(said_at: datetime, found: Span) -> bool:
    """Whether a time begins so far ahead that its year must be a slip (「2036年6月15日」): nothing is asked of it."""
    return found.start is not None and found.start - said_at > FAR


def is_within_a_day(found: Span) -> bool:
    """Whether a time is an instant, a day or a part of one, and no length."""
    if found.dates or found.kind == "duration" or (found.start is None and found.end is None):
        return False
    if found.start is None or found.end is None:
        return True
    return found.start.date() == (found.end - timedelta(seconds=1)).date()


def counted_from(turn: Turn, draft: Draft, start: datetime, words: str) -> list[Any]:
    """The two stretches of 「三天后回来」 for a leave that begins on another day than today: counted from its beginning,
    and from today; none where only one of them is meant."""
    days, zone = days_later(words), turn.school.zone
    today, begins = turn.said_at.astimezone(zone).date(), start.astimezone(zone).date()
    if not days or today == begins:
        return []
    # Whoever is back on a day is away until the day before is over.
    ends = [datetime.combine(each + timedelta(days=days), time(), zone) for each in (begins, today)]
    stretches = [
        {"start": start.isoformat(), "end": end.isoformat(), "timed": [draft.timed, False]}
        for end in ends
        if end > start
    ]
    return stretches if len(stretches) > 1 else []


def moved(start: datetime, end: datetime, timed: Sequence[bool], found: Span, words: str) -> dict[str, Any] | None:
    """Hours of one day on the other day that was named alone (「改到12月9日」 of 8 to 12 o'clock); None for all else.

    Whoever says 全天 or 一天 with it means the whole day.
    """
    hours = all(timed) and start.date() == (end - timedelta(seconds=1)).date()
    whole = found.start is not None and not found.start_has_time and is_one_end(found) and found.ask is None
    if not hours or not whole or found.start is None or says_length(words):
        return None
    on = found.start.date() - start.date()
    return {"start": (start + on).isoformat(), "end": (end + on).isoformat(), "timed": list(timed)}
