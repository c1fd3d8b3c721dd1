"""Numbers and lengths that only come near a time of a leave: 请假13到16 has no unit, and 想早走两天 says by how much."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.understand.times.cues import BREAK, PLAIN_WORDS
from handlers.understand.times.fold import Atom, Point
from handlers.understand.times.phrases import Phrase
from handlers.understand.times.reasons import HAN
from handlers.understand.times.tokens import Length, Token

FIGURE = re.compile(r"\d")
# Two numbers without a unit may be days or hours: 请假13到16.
UNITLESS = re.compile(
    r"(?:请假?|假|不在|外出|离校)[^\d,。]{0,3}\d{1,2}[到至~\-、]\d{1,2}(?![\d.:/~\-]|[个人楼层栋号元块%分米次岁])"
    r"|(?<![\d.:/~\-])\d{1,2}请到\d{1,2}(?![\d.:/号日点月时周天])"
    r"|(?:是\d{1,2},?(?:可?不是|而不是)|不是\d{1,2},?是)\d{1,2}(?![\d.:/~\-]|[个人楼层栋号元块%分米次岁班级])"
    r"|(?<![\d.:/~\-])\d{1,2}[到至~\-、]\d{1,2}[^\d,。个人楼层栋号元块%分米次岁]{0,2}(?:请|的假|不在|离校|外出)"
)
ANSWER = re.compile(r"\D{0,8}(?<![\d.:/])\d{1,2}(?:[到至~]|-{2,})\d{1,2}(?:吧|可以吗|行吗|可以不|行不)[。,]?")
# 0611到0613 may be days or clocks, and 1011到1012 rooms; of a thousand days nobody fills a form.
SHORT_DAYS = re.compile(
    r"(?<![\d.])(?:0[1-9]|1[0-2])[0-3]\d[到至~\-](?:0[1-9]|1[0-2])[0-3]\d(?![\d元块分米教室栋楼]|号楼)"
    r"|(?:(?<!\d)\d{4,9}|thousand) ?(?:days|weeks|hours|months)"
)
SOON = re.compile(
    r"(?:一会儿?|等会儿?|等一?下|待会儿?|过会儿?|稍后|稍等)[就想要得我]{0,3}(?:走(?!廊)|离校|出校|出门|回家|请(?:个)?假|离开)|^(?:马上|立刻|一会儿?|等会儿?|待会儿?)[吧呢就走。]{0,2}$"
)
MOST = re.compile(
    r"\D{0,6}(?:不超过|不多于|最多|至多|顶多)(?:请|休)?(?:[一二两三四五六七八九十半]{1,3}|\d{1,3})个?半?(?:天|周|星期|小时|月)(?:的?[病事]?假)?[吧左右]*[,。]?"
)
DOCTOR = re.compile(r"医生|大夫|医嘱|doctor")
# Words of a clause whose length may well be that of the leave.
OF_LEAVE = re.compile(
    r"请|休|假|共|总|合计|离校|不在|外[出宿]|时间|期限|为期|持续|[去回住养待呆玩陪忙]|隔离|卧床|旅|游|出差|实习|[培集]训|走|[缺耽]|不[能可让]"
)
# How long it is until something that is no leave: 还有三天就考试.
LEFT = re.compile(r"(?:还有|还剩|只剩|剩下?|(?<!请假)距离?[^,。]{1,6}|离[^,。校开]{1,6})$")
WRONG = re.compile(r"不对|[说写打]错")
DAY = Length(days=1)
EACH = re.compile(r"(?:各|分别|每次)(?:请|休)?$")  # 16号和18号各请一天
THESE = re.compile(r"这[两三四五几些][天日]|提前(?:[一两二三四五]|\d)天")  # 国庆想提前两天回家，29号和30号请假
PERHAPS = re.compile(r"如果|要是|万一|不行|不够|没好|可能[再晚早要多]")  # 没好再请一天
ENOUGH = re.compile(rf"{PLAIN_WORDS.pattern[:-2]}够了左右上下时间多样差]*")
EARLIER = re.compile(
    r"(?:早|晚|提前|推迟)(?:走|回|来|到|去|出发|离校|返校)了?$|(?:推迟|推后|延后|延迟|顺延|往[前后][推挪延移])(?:到|了)?$"
)


def lacks_units(plain: str) -> bool:
    """Whether a leave is asked for from one number to another of which nobody said what they count, or whether nothing
    but a going soon or the most of a length is said (一会儿走, 不超过三天)."""
    if SOON.search(plain) or MOST.fullmatch(plain) or SHORT_DAYS.search(plain):
        return True
    if not FIGURE.search(plain):
        return False
    return UNITLESS.search(plain) is not None or ANSWER.fullmatch(plain) is not None


def _find_clause(token: Token, plain: str) -> tuple[int, int]:
    begin = max((found.end() for found in BREAK.finditer(plain, 0, token.start)), default=0)
    close = BREAK.search(plain, token.end)
    return begin, close.start() if close else len(plain)


def _measures_something(length: Token, atoms: Sequence[Atom], plain: str, *, stretches: bool) -> bool:
    """Whether a length is of something else, in a clause of its own (参加七天冥想营，12号请假), or only perhaps needed."""
    begin, end = _find_clause(length, plain)
    first = next((atom.start for atom in atoms if isinstance(atom, Point) and atom.start >= length.end), None)
    alone = sum(isinstance(atom, Token) and atom.length is not None for atom in atoms) == 1
    if alone and first is not None and WRONG.search(plain, length.end, first):
        return True  # 请十日的假，不对，是12号
    if PERHAPS.search(plain, begin, length.start):
        return True
    if any(isinstance(atom, Point) and begin <= atom.start < end for atom in atoms):
        return False
    if DOCTOR.search(plain, begin, length.start) and "假" not in plain[begin:end] and stretches:
        return True  # 12号走，15号回，医生说要休息三天
    if OF_LEAVE.search(plain, begin, end):
        return False
    behind = plain[length.end : end]
    return HAN.search(behind) is not None and not ENOUGH.fullmatch(behind)


def _is_advice(length: Token, phrases: Sequence[Phrase], plain: str) -> bool:
    """Whether a doctor's advice is a clause of its own, beside a day that is no beginning: 医生让休息一周，我请12号."""
    begin, end = _find_clause(length, plain)
    if not DOCTOR.search(plain, begin, length.start) or "假" in plain[begin:end]:
        return False
    if any(phrase.form != "single" for phrase in phrases):
        return False
    points = [phrase.points[0] for phrase in phrases]
    return not any(point.since or point.pieces[0][0] < point.start or begin <= point.start < end for point in points)


def _is_settled(atoms: Sequence[Atom], phrases: Sequence[Phrase], plain: str) -> bool:
    """Whether all that comes near a time is a word for days that are said one by one: 13号和20号练车，请这两天."""
    if len(phrases) != 1 or len(phrases[0].points) < 2:
        return False
    near = [atom for atom in atoms if isinstance(atom, Token) and atom.kind == "fuzzy"]
    return not phrases[0].journey and all(THESE.fullmatch(plain, atom.start, atom.end) for atom in near)


def find_lengths(atoms: Sequence[Atom], phrases: Sequence[Phrase], plain: str, kinds: set[str]) -> list[Token]:
    """The lengths of a message that may be a leave's. 国庆想早走两天，9月29走10月8回 states both ends, and the length is
    none of them; beside a single day it may be counted on either side of it, which adds "fuzzy" to the kinds."""
    if _is_settled(atoms, phrases, plain):
        kinds.discard("fuzzy")
    lengths = [atom for atom in atoms if isinstance(atom, Token) and atom.length]
    asked = [one for one in lengths if not plain.startswith(("请过", "休过"), max(0, one.start - 2))]
    lengths = asked if phrases else lengths  # 上周请过两天，想请周五
    if any(phrase.form == "list" for phrase in phrases):
        lengths = [
            one for one in lengths if one.length != DAY or not EACH.search(plain, max(0, one.start - 4), one.start)
        ]
    lengths = [one for one in lengths if not (phrases and LEFT.search(plain, max(0, one.start - 8), one.start))]
    stretches = any(phrase.journey for phrase in phrases)
    other = [one for one in lengths if phrases and _measures_something(one, atoms, plain, stretches=stretches)]
    if any(_is_advice(one, phrases, plain) for one in lengths if phrases):
        kinds.add("fuzzy")
    if other and len(phrases) == 1 and phrases[0].form == "single":
        kinds.add("fuzzy")  # 参加七天冥想营，12号请假: that day, or seven of them
    lengths = [one for one in lengths if one not in other]
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
