"""Days that are named without a year: which of two years was meant is asked, not settled in silence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final

from handlers.understand.times import DEFAULT, Span, read_time

# As long as a term: who names a day that is over for so long may well speak of it, and not of the one a year on.
LATELY: Final = timedelta(days=120)
_DAY: Final = re.compile(
    r"\d{1,2} ?月|[一二三四五六七八九十]月|(?<![\d.])\d{1,2} ?[./-] ?\d{1,2}(?![\d.])|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* ?\d"
    r"|\d(?:st|nd|rd|th)? (?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(
    r"[今明后来去前]年|(?<!\d)(?:19|20)\d\d(?!\d)|\d年|[零〇一二三四五六七八九]年|\byear", re.IGNORECASE
)


def read_dated(words: str, said_at: datetime, *, lessons: Mapping[int, tuple[time, time]] = DEFAULT) -> Span:
    """As `read_time`; a day of the year that was over lately and is read as next year's has two readings instead."""
    found = read_time(words, said_at, lessons=lessons)
    plain = unicodedata.normalize("NFKC", words[:400])
    if found.ask is not None or found.start is None or not _DAY.search(plain) or _YEAR.search(plain):
        return found
    try:
        start, end = (at and at.replace(year=at.year - 1) for at in (found.start, found.end))
    except ValueError:  # 29 February
        return found
    if start is None or not timedelta(0) < said_at - (end or start + timedelta(days=1)) <= LATELY:
        return found
    before = replace(found, start=start, end=end, ask="past")
    return replace(before, ask="two_readings", readings=(before, found))
