"""Days that are named without a year, of which one of two was meant; and an evening that has begun (今晚), which begins now."""

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

_TONIGHT: Final = re.compile(r"今晚|今夜|今天(?:的)?(?:晚上|夜里)|\btonight\b|\bthis evening\b", re.IGNORECASE)
_AT_SIX: Final = re.compile(r"(?<!\d)(?:18|0?6) ?(?:[点时:：]|pm)|六点|十八点", re.IGNORECASE)


def read_dated(words: str, said_at: datetime, *, lessons: Mapping[int, tuple[time, time]] = DEFAULT) -> Span:
    """As `read_time`; a day of the year that was over lately and is read as next year's has two readings instead."""
    found = _from_now(words, said_at, read_time(words, said_at, lessons=lessons))
    plain = unicodedata.normalize("NFKC", words[:400])
    if found.ask is not None or found.start is None or not _DAY.search(plain) or _YEAR.search(plain):
        return found
    try:
        start, end = (at and at.replace(year=at.year - 1) for at in (found.start, found.end))
    except ValueError:  # 29 February
        return found
    if start is None or not timedelta(0) < said_at - (end or start + timedelta(days=1)) <= LATELY:
        return found
    # A long stretch that begins soon ends in the next year: its end a year earlier says nothing of what was meant.
    if found.start - said_at < said_at - start:
        return found
    before = replace(found, start=start, end=end, ask="past")
    return replace(before, ask="two_readings", readings=(before, found))


def _from_now(words: str, said_at: datetime, found: Span) -> Span:
    """「今晚」, said in the middle of the evening, begins at the next quarter of an hour, five minutes from now at least:
    whoever says so at eleven at night reports no absence since six. An evening whose beginning was named stays as it is."""
    if found.ask is not None or not found.start_has_time or found.start is None or found.end is None:
        return found
    if not found.start < said_at < found.end or found.start.date() != said_at.astimezone(found.start.tzinfo).date():
        return found
    plain = unicodedata.normalize("NFKC", words[:400])
    if found.start.hour != 18 or found.start.minute or not _TONIGHT.search(plain) or _AT_SIX.search(plain):
        return found
    soon = said_at.astimezone(found.start.tzinfo).replace(second=0, microsecond=0) + timedelta(minutes=5)
    soon += timedelta(minutes=-soon.minute % 15)
    return replace(found, start=soon) if soon < found.end else found
