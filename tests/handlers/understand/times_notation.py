"""The notation of the tables of times: how a span is written in one short line, and when a line fits."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from handlers.understand import read_time
from handlers.understand.times import ZONE, Span

SAID_AT = datetime(2026, 6, 10, 9, tzinfo=ZONE)  # a Wednesday


def read_table(name: str) -> list[tuple[str, str]]:
    """(words, expected line) of every row of a table beside this file."""
    with (Path(__file__).parent / name).open("rb") as file:
        sections = tomllib.load(file)
    return [(words, line) for rows in sections.values() for words, line in rows.items()]


def write_day(moment: datetime) -> str:
    """A day, with its year where that is not 2026."""
    return moment.strftime("%m-%d") if moment.year == 2026 else moment.strftime("%Y-%m-%d")


def write_edge(moment: datetime | None, *, has_time: bool, is_end: bool = False) -> str:
    """One end of a range; the exclusive end of whole days is written as the last day included."""
    if moment is None:
        return ""
    if has_time:
        return write_day(moment) + moment.strftime("T%H:%M")
    return write_day(moment - timedelta(days=1) if is_end else moment)


def write(span: Span) -> str:
    """A span in the notation of the tables."""
    line = ""
    if span.kind == "list":
        line = "[" + " ".join(day.strftime("%m-%d") for day in span.dates) + "]"
    elif span.kind == "range":
        first = write_edge(span.start, has_time=span.start_has_time)
        line = f"{first}..{write_edge(span.end, has_time=span.end_has_time, is_end=True)}"
    elif span.kind == "point":
        line = write_edge(span.start, has_time=span.start_has_time)
    elif span.kind == "duration":
        line = f"{span.days:g}d" if span.days is not None else f"{span.hours:g}h" if span.hours is not None else ""
    elif span.kind == "none" and not span.ask:
        line = "none"
    return f"{line} ?{span.ask}".strip() if span.ask else line


def fits(expected: str, span: Span) -> bool:
    """Whether a span is what a line says: `?` fits all, `?code` looks at the question only."""
    if expected == "?":
        return True
    if expected.startswith("?"):
        return span.ask == expected[1:]
    return write(span) == expected


def misread(rows: Iterable[tuple[str, str]], said_at: datetime = SAID_AT) -> list[str]:
    """The rows (words, expected) that are not read as they should be, a line each. Thousands of rows are a case a table:
    each would cost the suite more as a case of its own than it takes to read."""
    spans = ((words, expected, read_time(words, said_at)) for words, expected in rows)
    return [
        f"{words}: expected {expected}, read {write(span)}"
        for words, expected, span in spans
        if not fits(expected, span)
    ]
