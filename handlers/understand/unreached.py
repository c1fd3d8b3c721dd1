"""Words that say a classmate cannot be reached, and nothing more alarming: 「联系不上李雷」, 「李雷电话打不通」, 「联系不上」."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from handlers.crisis_words import look

MOST: Final = 60  # characters; what is longer tells more than that
_FAILS: Final = r"(?:联系不(?:上|到)|联络不上|打不通|没打通|找不(?:到|着)|没(?:有)?人接|不接(?:我)?(?:的)?(?:电话|手机)?|没接|没有?回(?:我|消息|信息)|不回(?:我)?(?:消息|信息|微信)?|关机)"
_UNREACHED: Final = re.compile(
    rf"{_FAILS}|(?:can ?not|can['’]?t|could ?n[o'’]?t) (?:reach|contact|find)", re.IGNORECASE
)
# Nobody by name, and nothing that tells of another person than the one the speaker was asked to look for.
_BARE: Final = re.compile(
    rf"(?:老师|你好|您好|我|我们|还是|还|也|都|一直|现在|目前|怎么|人|这个|那个|该|同学|他|她|它|ta|的|电话|手机|微信|宿舍|寝室|里|也没人|没人|了|啊|呀|呢|怎么办|[\s,，。.!！]|{_FAILS})+"
    r"|(?:i|we|still|him|her|them|\s|[.!]|(?:can ?not|can['’]?t|could ?n[o'’]?t) (?:reach|contact|find))+",
    re.IGNORECASE,
)


def says_unreached(words: str) -> bool:
    """Whether words say that somebody cannot be reached, and besides it nothing that calls for help."""
    plain = _plain(words)
    found = _UNREACHED.search(plain) if len(plain) <= MOST else None
    return found is not None and look(_UNREACHED.sub("，", plain)) is None


def names_nobody(words: str) -> bool:
    """Whether such words name nobody (「联系不上」, 「他电话打不通」)."""
    return _BARE.fullmatch(_plain(words)) is not None


def _plain(words: str) -> str:
    return unicodedata.normalize("NFKC", words[: 4 * MOST]).strip()
