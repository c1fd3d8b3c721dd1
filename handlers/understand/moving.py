"""Words that move an end of a time that is known: 「早一天走」, 「多请两天」, 「整体推迟一天」, and 「我想早点走」 without a length."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

MOST: Final = 60  # characters; what is longer tells more than a change of time
_COUNT: Final = r"(?P<count>[0-9]{1,2}|[一二两三四五六七八九十半])\s*个?(?P<unit>天|日|周|星期|礼拜|小时|钟头)"
_WAY: Final = r"(?:(?P<early>提早|提前|早|往前(?:推|挪|移)?)|(?P<late>推迟|延后|延迟|推后|晚|迟|往后(?:推|挪|移|延)?|后推|后延|顺延))"
_EDGE: Final = r"(?:(?P<back>回来|回校|返校|到校|回(?!家)|结束)|(?P<go>走|出发|动身|离校|出校|回家|开始))"
_LEAD: Final = r"(?:老师|你好|您好|不好意思|我们?|想|要|能不能|可不可以|可以|能|需要|得|打算|计划|改[成为到]?|那就?|不如|要不|还是|就|请|麻烦|帮我|把|的|请假|事假|病假|假期?|时间|日期|整体|都|也|[\s,，])*"
_TAIL: Final = r"(?:了|吧|可以吗|可以么|行吗|行不行|好吗|好不好|吗|一下|谢谢(?:老师)?|[\s。.!！?？~～])*"
_MOVED: Final = re.compile(
    rf"{_LEAD}{_WAY}(?:了|个|上)?\s*{_COUNT}(?:再|才|就)?{_EDGE}?{_TAIL}(?:[,，;；]\s*(?P<rest>.{{1,30}}))?"
)
_TOWARDS: Final = re.compile(
    rf"{_LEAD}(?:提早|提前|早|推迟|晚|迟)(?:一?点|一?些)?(?:再|才|就)?{_EDGE.replace('P<back>', ':').replace('P<go>', ':')}{_TAIL}[,，;；]\s*(?P<rest>.{{1,30}})"
)
# A day and what is done on it, which says more than the length before it.
_DATED: Final = re.compile(
    r"(?=.*(?:\d|[一二三四五六七八九十]+[号日]|周|星期|礼拜|今|明|后天)).*(?:走|出发|动身|离校|出校|回家|回来|回校|返校|到校)"
)
# 「我想早点走」: an end is to move, and nothing says how far; 「提前回来了」 tells that somebody is back.
_LEANS: Final = re.compile(
    rf"{_LEAD}(?:(?P<early>提早|提前|早)|(?P<late>推迟|晚|迟))(?:一?点儿?|一?些|几天)?(?:再|才|就)?{_EDGE}(?!了){_TAIL}"
)
_LEANS_ENGLISH: Final = re.compile(
    r"(?:(?:can|could|may) i|i(?:'d| would)? (?:want|need|like|have) to|i will) "
    r"(?:(?P<back>(?:come|be|get|return)(?: back)?)|leave|go|set out)(?: a bit| a little)? (?:(?P<early>earl(?:y|ier))|later?)[\s?.!]*",
    re.IGNORECASE,
)
_DIGITS: Final = "零一二三四五六七八九十"


# 「多请两天」 of a time that is there moves its end.
_LENGTHENED: Final = re.compile(
    rf"{_LEAD}(?:再)?(?:(?P<more>多|增加|加长|延长|加)|(?P<less>少|缩短|减))(?:请|休|待|住|要|玩|歇|个|上)*\s*{_COUNT}(?:的)?(?:假期?|时间)?{_TAIL}"
)


class Move(NamedTuple):
    """What is moved ("start", "end" or "both"), and by how long: before zero is earlier."""

    edge: str
    by: timedelta


def read_move(words: str) -> Move | None:
    """By how long an end of a known time is moved (「我想早一天走」); None for other words, and where a day is said instead."""
    found = _MOVED.fullmatch(_plain(words))
    longer = _LENGTHENED.fullmatch(_plain(words)) if found is None else None
    if longer is not None:
        length = _length(longer)
        return Move("end", length if longer["more"] else -length) if length else None
    if found is None or (found["rest"] and _DATED.match(found["rest"])):
        return None
    if not (by := _length(found)):
        return None
    return Move("end" if found["back"] else "start" if found["go"] else "both", -by if found["early"] else by)


def _length(found: re.Match[str]) -> timedelta:
    """The length that words name; zero for none."""
    count = found["count"]
    number = (
        0.5 if count == "半" else 2.0 if count == "两" else float(_DIGITS.index(count) if count in _DIGITS else count)
    )
    unit = {"天": 24, "日": 24, "小时": 1, "钟头": 1}.get(found["unit"], 24 * 7)
    return timedelta(hours=number * unit)


_UNTIL: Final = re.compile(
    rf"{_LEAD}(?:缩短|改短|减短|减少?|延长|加长|延)(?:到|至|成)\s*(?P<until>[^,，。;；]{{1,20}}?){_TAIL}"
)


def moves_time(words: str) -> str | None:
    """The words that say what a leave's time is to become in 「早一天走」 or 「早点走，14号下午走」; None where they move none."""
    plain = _plain(words)
    if not 0 < len(plain) <= MOST:
        return None
    if read_move(plain) is not None:
        return plain
    if (until := _UNTIL.fullmatch(plain)) is not None:  # 「把假缩短到17号」
        return f"到{until['until']}"
    found = _MOVED.fullmatch(plain) or _TOWARDS.fullmatch(plain)
    rest = found["rest"] if found is not None else ""
    return re.sub(r"(?:就|再|才)(?=走|出发|动身|离校|回)", "", rest) if rest and _DATED.match(rest) else None


class Lean(NamedTuple):
    """Which end is to move ("start" or "end"), and whether to earlier."""

    edge: str
    early: bool


def leans(words: str) -> Lean | None:
    """Which end of a known time is to move and which way, where nothing says how far (「我想早点走」); None for other words."""
    plain = _plain(words)
    found = _LEANS.fullmatch(plain) or _LEANS_ENGLISH.fullmatch(plain) if 0 < len(plain) <= MOST else None
    return None if found is None else Lean("end" if found["back"] else "start", bool(found["early"]))


def names_both(words: str) -> bool:
    """Whether words of a time join two ends (「14号到18号」)."""
    return any(mark in words for mark in ("到", "至", "-", "~", "—", " to "))


def as_edge(words: str, which: str) -> str:
    """Words of one day with what says which end of a stretch it is ("start" or "end"), as `asides.edge` reads it."""
    return f"{words}{'走' if which == 'start' else '回来'}"


def moved_by(start: datetime, end: datetime, timed: list[bool], move: Move) -> dict[str, Any] | None:
    """A known time as it is stored (`field_times`), with an end moved by a length; None where hours are said of a day without
    a clock, or nothing is left. timed: whether start and end were said by the clock."""
    start_by = move.by if move.edge != "end" else timedelta()
    end_by = move.by if move.edge != "start" else timedelta()
    hours = move.by % timedelta(days=1)
    if hours and not ((timed[0] or not start_by) and (timed[1] or not end_by)):
        return None
    start, end = start + start_by, end + end_by
    return {"start": start.isoformat(), "end": end.isoformat(), "timed": timed} if end > start else None


def _plain(words: str) -> str:
    return unicodedata.normalize("NFKC", words[: 4 * MOST]).strip()
