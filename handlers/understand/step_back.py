"""To which step of a chain of signatures a matter is sent back, as the words after 退回上一步 or 退回给 name it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_DIGITS: Final = {word: number for number, word in enumerate("一二三四五六七八九", 1)}
_STEP: Final = re.compile(
    r"^(?:到|给|至|回)?\s*(?:第\s*([1-9一二三四五六七八九])\s*(?:步|级|位|个人?)|step\s+([1-9])\b)[\s,，.。:：;；]*",
    re.IGNORECASE,
)
_LEAD: Final = re.compile(r"^(?:到|给|至|回|to\s)\s*(?!出)", re.IGNORECASE)


def read_step(words: str) -> tuple[int | None, str]:
    """The number of the step that the words begin with, None for none, and what is left of them: 「第一步 材料没核实」 → 1."""
    plain = unicodedata.normalize("NFKC", words).strip()
    found = _STEP.match(plain)
    if found is None:
        return None, _LEAD.sub("", plain, count=1)
    digit = found[1] or found[2]
    return _DIGITS.get(digit) or int(digit), plain[found.end() :]
