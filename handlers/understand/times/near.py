"""Numbers and lengths that only come near a time of a leave: 请假13到16 has no unit, and 想早走两天 says by how much."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.understand.times.cues import BREAK
from handlers.understand.times.fold import Atom
from handlers.understand.times.phrases import Phrase
from handlers.understand.times.tokens import Token

FIGURE = re.compile(r"\d")
# Two numbers without a unit may be days or hours: 请假13到16.
UNITLESS = re.compile(
    r"(?:请假?|假|不在|外出|离校)[^\d,。]{0,3}\d{1,2}[到至~\-、]\d{1,2}(?![\d.:/~\-]|[个人楼层栋号元块%分米次岁])"
    r"|(?<![\d.:/~\-])\d{1,2}请到\d{1,2}(?![\d.:/号日点月时周天])"
    r"|(?:是\d{1,2},?(?:可?不是|而不是)|不是\d{1,2},?是)\d{1,2}(?![\d.:/~\-]|[个人楼层栋号元块%分米次岁班级])"
    r"|(?<![\d.:/~\-])\d{1,2}[到至~\-、]\d{1,2}[^\d,。个人楼层栋号元块%分米次岁]{0,2}(?:请|的假|不在|离校|外出)"
)
ANSWER = re.compile(r"\D{0,8}(?<![\d.:/])\d{1,2}(?:[到至~]|-{2,})\d{1,2}(?:吧|可以吗|行吗|可以不|行不)[。,]?")
DOCTOR = re.compile(r"医生|大夫|医嘱|doctor")
EARLIER = re.compile(
    r"(?:早|晚|提前|推迟)(?:走|回|来|到|去|出发|离校|返校)了?$|(?:推迟|推后|延后|延迟|顺延)(?:到|了)?$"
)


def lacks_units(plain: str) -> bool:
    """Whether a leave is asked for from one number to another of which nobody said what they count."""
    if not FIGURE.search(plain):
        return False
    return UNITLESS.search(plain) is not None or ANSWER.fullmatch(plain) is not None


def _is_advice(length: Token, phrases: Sequence[Phrase], plain: str) -> bool:
    """Whether a doctor's advice is a clause of its own, beside a day that is no beginning: 医生让休息一周，我请12号."""
    begin = max((found.end() for found in BREAK.finditer(plain, 0, length.start)), default=0)
    close = BREAK.search(plain, length.end)
    end = close.start() if close else len(plain)
    if not DOCTOR.search(plain, begin, length.start) or "假" in plain[begin:end]:
        return False
    if any(phrase.form != "single" for phrase in phrases):
        return False
    points = [phrase.points[0] for phrase in phrases]
    return not any(point.since or point.pieces[0][0] < point.start or begin <= point.start < end for point in points)


def find_lengths(atoms: Sequence[Atom], phrases: Sequence[Phrase], plain: str, kinds: set[str]) -> list[Token]:
    """The lengths of a message that may be a leave's. 国庆想早走两天，9月29走10月8回 states both ends, and the length is
    none of them; beside a single day it may be counted on either side of it, which adds "fuzzy" to the kinds."""
    lengths = [atom for atom in atoms if isinstance(atom, Token) and atom.length]
    asked = [one for one in lengths if not plain.startswith(("请过", "休过"), max(0, one.start - 2))]
    lengths = asked if phrases else lengths  # 上周请过两天，想请周五
    if phrases and any(_is_advice(one, phrases, plain) for one in lengths):
        kinds.add("fuzzy")
    earlier = [
        one
        for one in lengths
        if one.length and one.length.days and EARLIER.search(plain, max(0, one.start - 5), one.start)
    ]
    if not phrases or not earlier:
        return lengths
    if not any(len(phrase.points) > 1 or phrase.form == "until" for phrase in phrases):
        kinds.add("fuzzy")
    return []
