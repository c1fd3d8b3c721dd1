"""Whether words ask about the exam weeks or the days around a holiday, which rules of leave may name."""

from __future__ import annotations

import re
from typing import Final

_NAMED: Final = (
    ("exam", re.compile(r"考试|期末|\bexams?\b", re.IGNORECASE)),
    (
        "holiday",
        re.compile(
            r"节假日|节[前后]|(?:国庆|五一|端午|中秋|清明|元旦|春节|假期).{0,4}[前后]|\bholidays?\b", re.IGNORECASE
        ),
    ),
)


def seasons_in(words: str) -> tuple[str, ...]:
    """What words ask about: "exam", "holiday" (「考试周能请假吗」, 「国庆前请假有什么规定」); () for neither."""
    return tuple(name for name, found in _NAMED if found.search(words))
