"""Settles several times of one message: an occasion beside its dates goes, times that agree are one, else it asks."""

from __future__ import annotations

from handlers.understand.times.phrases import Phrase
from handlers.understand.times.tokens import Day
from handlers.understand.times.values import DAY, Span


def drop_occasions(phrases: list[Phrase], spans: list[Span]) -> list[Span]:
    """国庆回家，9月30日到10月8日: a holiday that lies in the other stretch only names its occasion, and goes."""
    named = [
        phrase.form == "single" and (day := phrase.points[0].day) is not None and _names_stretch(day)
        and not (day.shift or phrase.points[0].has_time or phrase.points[0].closed or phrase.length)
        for phrase in phrases[: len(spans)]
    ]  # fmt: skip
    held = [span for span, occasion in zip(spans, named, strict=True) if not occasion]
    strict = any(span.ask == "festival" for span in spans)
    if strict and any(phrase.form != "range" for phrase, occasion in zip(phrases, named, strict=False) if not occasion):
        return spans
    if len(held) != 1 or held[0].ask is not None or held[0].start is None or held[0].end is None:
        return spans
    return held if all(_touches(span, held[0]) for span in spans) else spans


def _touches(span: Span, held: Span) -> bool:
    """Whether a span lies within a day of another."""
    if span.start is None or held.start is None or held.end is None:
        return False
    return held.start < (span.end or span.start + DAY) + DAY and span.start - DAY < held.end


def _names_stretch(day: Day) -> bool:
    """Whether a day is the name of a longer time: a holiday, a week, a month."""
    whole = (day.form == "month" and day.dom is None) or (day.form == "weekday" and len(day.weekdays) == 7)
    return day.form == "festival" or whole


def settle_several(spans: list[Span]) -> Span:
    """More than one time and nothing that says which: one where they agree, else the student is asked."""
    first = spans[0]
    if all((span.start, span.end, span.dates) == (first.start, first.end, first.dates) for span in spans):
        return first
    covered = tuple(sorted(piece for span in spans for piece in span.covered))
    return Span("none", ask="several", readings=tuple(spans), covered=covered)
