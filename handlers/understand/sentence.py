"""What the time grammar understood of a sentence, as plain values for the command line and other programs."""

from __future__ import annotations

from datetime import datetime

from handlers.understand.times import Span, read_time
from handlers.understand.years import read_dated

Values = dict[str, object]


def understood(words: str, now: datetime) -> Values:
    """The time in a sentence said at an instant (aware): ISO strings with offset, and only the fields that apply.

    start, end             instants; a whole day runs from 00:00 to the exclusive 00:00 after the last day included
    start_has_time, …      whether a clock or part of the day was said, or only a day
    dates                  days of a list ("2026-06-11")
    duration_days, …_hours the length said or that follows, in half days and in hours
    weekday                1 for Monday, where one was named
    ask                    why this may not be saved unasked (see Span); start and end are then an offer at most

    A span that asks and has no start shows the first of its offers, if it has any. A day of the year that was over lately
    (5月1号, said in June) is shown as next year's and asks, as it does in a form.
    """
    span = read_time(words, now)
    shown = span
    if span.ask is None and read_dated(words, now).ask is not None:
        return {**_values(shown), "ask": "two_readings"}
    if span.ask in ("reversed", "two_readings", "recurring") and span.start is None and span.readings:
        shown = span.readings[0]
    again = {"weekday": span.weekday} if span.ask == "recurring" and span.weekday else {}
    return {**_values(shown), **again, **({"ask": span.ask} if span.ask else {})}


def _values(span: Span) -> Values:
    values: Values = {}
    if span.start:
        values |= {"start": span.start.isoformat(), "start_has_time": span.start_has_time}
    if span.end:
        values |= {"end": span.end.isoformat(), "end_has_time": span.end_has_time}
    if span.dates:
        values["dates"] = [day.isoformat() for day in span.dates]
    if span.days is not None:
        values["duration_days"] = span.days
    if span.hours is not None:
        values["duration_hours"] = span.hours
    if span.weekday is not None:
        values["weekday"] = span.weekday
    return values
