"""When a telephone call was that somebody writes down (「13912345678 母亲 今天上午10点」)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from handlers.understand.times import read_time, rest

_PARTS: Final = re.compile(r"[,，。;；\n]+")
_CALL: Final = re.compile(
    r"(?:我|已|刚|在|于|和|跟|与|给|向|家长|父亲|母亲|爸爸|妈妈|父母|监护人|时|的|了|过|时间|本人|同意|知道|知情|确认|表示|都|也"
    r"|打|拨|通|话|电话|联系|核实|接|是|[:：\s]|called|phoned|spoke|call|by phone|mother|father|parents?|at|on)*",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"\+?\d[\d -]{6,}\d")


def call_time(words: str, now: datetime) -> datetime | None:
    """The instant of the call, aware; None where none is told with a clock, or where words tell of something else besides it,
    such as when the student comes home."""
    for part in _PARTS.split(_NUMBER.sub(" ", words)):
        said = read_time(part, now, looks_back=True)
        found = said if said.start is not None else read_time(part, now)
        if found.start is None or not found.start_has_time or found.ask not in (None, "ahead", "past"):
            continue
        if _CALL.fullmatch(rest(part, found)):
            return found.start
    return None
