"""What a dormitory keeper asks and says: who is not back (「楼里谁没回来」), and that somebody is (「已回 QJ-2606-0001」)."""

from __future__ import annotations

import re
from typing import Final

from handlers.understand.orders import read_number

_WHO: Final = re.compile(
    r"(?:楼里?|本楼|楼上|宿舍|寝室|今晚|现在|今天|还有|我们?楼|[\s,，])*(?:谁|哪些人?|哪个|哪几个|有谁|多少人)(?:学生|同学|人)?(?:还|今晚|现在)*(?:没有?|未)(?:回来?|到|归|返校|销假)(?:的|了)?"
    r"|(?:没|未)(?:回来?|归|返校|销假)(?:的)?(?:名单|学生|同学|人|有谁)|晚归名单"
    r"|who(?:\s+is|'s)?\s+(?:still\s+)?(?:not\s+back|missing|away)(?:\s+yet)?",
    re.IGNORECASE,
)
_BACK: Final = re.compile(r"^(?:人)?(?:已经?)?(?:回来?了?|已回|到了|在楼里)|^back\b|^is back\b", re.IGNORECASE)


def asks_who(words: str) -> bool:
    """Whether the words ask who has not come back."""
    return _WHO.fullmatch(words.strip(" ?？。.!！吗呢")) is not None


def says_back(words: str) -> str:
    """The number of the leave in 「已回 QJ-2606-0001」, "" where the words say nothing of the kind."""
    return read_number(words) if _BACK.match(words) else ""
