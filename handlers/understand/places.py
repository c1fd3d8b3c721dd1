"""Where somebody lives or something is broken: a building and a room in words."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_MOST: Final = 40  # characters of an answer that is nothing but a place
_HOUSE: Final = r"(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3}|[A-Za-z])\s*(?:#|号?\s*(?:楼|栋|幢|舍|公寓|宿舍楼?)|号院)"
_ROOM: Final = r"[A-Za-z]?-?[0-9]{3,4}(?![0-9])\s*(?:室|房间?|寝室?|宿舍|号房?)?"
_UNIT: Final = r"\s*(?:[0-9一二三四五六七八九]{1,2}\s*单元)?\s*-?\s*"
# The name of a yard or a quarter, then the house and the room; without a house a yard and a room tell as much.
_ADDRESS: Final = re.compile(
    rf"(?P<yard>[\u4e00-\u9fff]{{0,8}}?)(?P<rest>{_HOUSE}{_UNIT}{_ROOM}|(?<=[园苑斋区舍楼])\s*(?:[0-9]{{1,2}}\s*-\s*)?{_ROOM})"
)
_BEFORE: Final = re.compile(r"^.*(?:[在住是的到帮修来请们我下]|宿舍|寝室)(?=.)")
_ONLY: Final = re.compile(
    r"(?:我(?:们)?|在|住|是|的|宿舍|寝室|房间|这里|就|里|里面|门口|阳台|卫生间|厕所|[\s,，.。!！:：])*"
)
_ASKED: Final = re.compile(r"地点|位置|地址|在哪|房间号?|where|place|location|address|\broom", re.IGNORECASE)


def asks_where(label: str) -> bool:
    """Whether a question asks for a place, by its label."""
    return _ASKED.search(label) is not None


def place_in(words: str) -> str:
    """The building with its room that the words name (「东园1号楼205的网断了」 → 「东园1号楼205」), "" for none."""
    plain = unicodedata.normalize("NFKC", words[:400])
    found = _ADDRESS.search(plain)
    if found is None:
        return ""
    yard = _BEFORE.sub("", found["yard"])
    return re.sub(r"\s+", "", f"{yard}{found['rest']}")


def is_place(words: str) -> bool:
    """Whether words are a place and nothing else (「我在东园1号楼205」)."""
    plain = unicodedata.normalize("NFKC", words[:400]).strip()
    found = _ADDRESS.search(plain) if 0 < len(plain) <= _MOST else None
    if found is None:
        return False
    before, after = plain[: found.start()], plain[found.end() :]
    return _ONLY.fullmatch(before) is not None and _ONLY.fullmatch(after) is not None
