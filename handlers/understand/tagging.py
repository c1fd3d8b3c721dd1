"""Words of staff that ask for the matters with a tag: 「有漏水标签的」, 「标签 漏水」, 「tag leak」."""

from __future__ import annotations

import re
from typing import Final

from handlers.understand.orders import read_number

_NAMED: Final = (
    re.compile(
        r"(?:查|看|搜|找)?(?:标签|tags?\b)\s*[:：]?\s*[「“\"#]?([^\s「」“”\"，,、#]{1,20})[」”\"]?[?？。]?",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:有哪些|哪些|查|看看?|找|列出)?(?:带|有|打了|标了|加了)\s*[「“\"#]?([^\s「」“”\"，,、#]{1,20}?)[」”\"]?\s*(?:这个)?标签"
        r"的?(?:事项|事情|事|工单|件|单子)?(?:有哪些|都有哪些)?[?？。]?"
    ),
    re.compile(r"#([^\s#，,、]{1,20})"),
)


def read_tag_wish(words: str) -> str:
    """The tag whose matters are asked for, "" for other words and for those that name a matter."""
    said = words.strip()
    if read_number(said):
        return ""
    return next((match[1] for pattern in _NAMED if (match := pattern.fullmatch(said))), "")
