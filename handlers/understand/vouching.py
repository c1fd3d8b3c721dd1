"""What the campus clinic says of a student's proof: the list (「待核验」), that it holds (「核验 编号」), that it does not (「查无 编号」)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from handlers.understand.orders import NUMBER, read_number

_LIST: Final = re.compile(
    r"(?:有)?(?:哪些|什么)?(?:待|要|等|需要?)(?:我)?(?:核验|核实|核对|查验)(?:的)?(?:材料|证明|病历|名单|列表|吗)?|核验(?:列表|名单|材料)"
    r"|proofs?(?:\s+to\s+check)?|to\s+check",
    re.IGNORECASE,
)
_DOUBT: Final = re.compile(
    r"^(?:查无|核不到|查不到|没有?查到|无(?:此|就诊)?记录|材料不符|不属实)|^(?:not\s+found|no\s+record)\b",
    re.IGNORECASE,
)
_VOUCH: Final = re.compile(
    r"^(?:已|确认)?(?:核验|核实|核对|查验|属实)(?:过了?|通过|无误|属实|了)?|^(?:check(?=ed\b|\s+[A-Za-z]{2,4}-?\d)(?:ed)?|confirmed?|verif(?:y|ied))\b",
    re.IGNORECASE,
)
_WHO: Final = re.compile(r"[一-鿿·]{2,8}|[A-Za-z][A-Za-z.'’ -]{1,30}|\d{4,20}")


class Said(NamedTuple):
    """verb: "list", "vouch" or "doubt"; number: of the leave, or "" where who: a name or a student's number, says it."""

    verb: str
    number: str = ""
    who: str = ""


def read(words: str) -> Said | None:
    """What such words mean; None for all others, and for a verb that names nobody."""
    plain = unicodedata.normalize("NFKC", words[:80]).strip().strip("?？。.!！~～ ")
    if _LIST.fullmatch(plain):
        return Said("list")
    verb = "doubt" if (found := _DOUBT.match(plain)) else "vouch"
    found = found or _VOUCH.match(plain)
    if found is None:
        return None
    number = read_number(plain)
    who = NUMBER.sub(" ", plain[found.end() :]).strip(" ,，:：的") if not number else ""
    return Said(verb, number, who) if number or _WHO.fullmatch(who) else None
