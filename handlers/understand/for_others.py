"""Who leave is asked for by somebody else: 「替韩梅梅请假 明天 发烧」 names a classmate, and the rest is the wish."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_FOR: Final = re.compile(
    r"^(?:老师)?(?:我)?(?:想|要|来)?(?:帮忙?|代替?|替|给)(?:我们?班的?|同班的?|同学|室友)?\s*"
    r"(?P<who>[一-鿿·]{2,6}?|(?=[A-Za-z]*\d)[0-9A-Za-z]{4,32})\s*(?:同学)?\s*"
    r"(?P<rest>(?:申?请|补|报).{0,400})$"
    r"|^(?:ask for |request )?leave for (?P<name>[A-Za-z][A-Za-z.'’ -]{1,40}?)[,:]\s*(?P<more>.{0,400})$",
    re.IGNORECASE | re.DOTALL,
)


def read_for(words: str) -> tuple[str, str]:
    """The name or number and the wish of 「替韩梅梅请假 明天」; two empty ones when that is not what the words are."""
    found = _FOR.match(unicodedata.normalize("NFKC", words[:500]).strip())
    if found is None:
        return "", ""
    return (found["who"] or found["name"] or "").strip(), (found["rest"] or found["more"] or "").strip()
