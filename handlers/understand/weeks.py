"""The weeks of a term as plans of courses write them: 「1-16」, 「单」, 「2-16双周」, "odd"."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LAST_WEEK: Final = 30  # of a term: none is longer
_PART: Final = re.compile(r"(?:(\d{1,2})(?:[-~—–到至](\d{1,2}))?)?(单|双|odd|even)?", re.IGNORECASE)


def parse_weeks(words: str) -> frozenset[int] | None:
    """The weeks of a term as plans write them: "1-16", "单", "1-8,10", "2-16双周", "1-8周(单)", "odd"; None for "", every
    week. Raises ValueError for what is none."""
    plain = re.sub(r"[\s第周()（）]|weeks?", "", unicodedata.normalize("NFKC", words), flags=re.IGNORECASE)
    found: set[int] = set()
    for part in re.split(r"[,、;]", plain) if plain else ():
        told = _PART.fullmatch(part)
        if told is None or not part:
            raise ValueError(words)
        first = int(told[1] or 1)
        last = int(told[2] or told[1] or LAST_WEEK)
        if not 1 <= first <= last <= LAST_WEEK:
            raise ValueError(words)
        odd = {"单": 1, "odd": 1, "双": 0, "even": 0}.get((told[3] or "").lower())
        found |= {week for week in range(first, last + 1) if odd is None or week % 2 == odd}
    if words.strip() and not found:
        raise ValueError(words)
    return frozenset(found) or None
