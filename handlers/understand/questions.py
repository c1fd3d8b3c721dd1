"""Words that ask something, and so are no wish that could be filled in."""

from __future__ import annotations

import re
from typing import Final

from handlers.understand.asides import asks

_WORD: Final = re.compile(
    r"什么|哪|怎么|怎样|如何|几点|几号|几天|多久|多少|谁|为什么|为啥|是不是|有没有|能不能|可不可以|要不要|会不会"
    r"|\b(?:what|which|when|where|who|how|why|is there|are there|do i|does|can i)\b",
    re.IGNORECASE,
)


def is_question(words: str) -> bool:
    """Whether words ask something (「明天有什么比赛」), with or without the mark of a question."""
    return asks(words) or _WORD.search(words[:400]) is not None
