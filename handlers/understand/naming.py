"""Whether a name stands in words, as a word of its own and not denied."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_DENIED: Final = re.compile(r"(?:[不没别未]|不(?:会|用|想|去|要|需要?|再)|没有|\b(?:no|not|never) )$")


def says(words: str, name: str, *, lacking: bool = False) -> bool:
    """Whether a name stands in the words and is not denied (「不会离校」 is not 「会离校」).

    lacking: what is told is what is not there or does not work, so a no before the name denies nothing.

    One in Latin letters stands there as a word: "no" is not in "afternoon".
    """
    if name not in words:
        return False  # As nearly always: a choice is compared with every name of its options.
    if len(name) < 2:
        return not name.isascii()
    at = words.find(name)
    while at >= 0:
        end = at + len(name)
        inside = (at > 0 and _latin(words[at - 1]) and _latin(name[0])) or (
            end < len(words) and _latin(words[end]) and _latin(name[-1])
        )
        if not inside and (lacking or not _DENIED.search(words[max(0, at - 3) : at])):
            return True
        at = words.find(name, at + 1)
    return False


def _latin(mark: str) -> bool:
    return mark.isascii() and mark.isalnum()


_WISHED: Final = re.compile(
    r"^(?:(?:老师)?(?:你|您)好|请问|麻烦|请(?!假)|帮我|给我|帮忙|我|想要|想|要|需要|打算|去|办理|办个|办一下|办|申请办理|申请|提交|填写?|做|/)*"
    r"|(?:一下|一份|一个|手续|业务|服务|事项|谢谢|吧|呢|了|[\s，,。.!！~～])*$"
)


def wished(words: str) -> str:
    """What is left of words when it is taken away that something is wished for: 「我要办用印申请」 → 用印申请."""
    return _WISHED.sub("", unicodedata.normalize("NFKC", words).strip())
