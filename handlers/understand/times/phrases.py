"""Joins points to phrases (range, list, choice), and chooses the phrases that state the time of the wish."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace

from handlers.understand.times.cues import (
    ALSO,
    ASIDE,
    BACK,
    CLASSES,
    CLAUSE,
    COMES,
    CUE,
    GOES,
    GOING,
    IF,
    LEAVES,
    LONGER,
    PLAIN_WORDS,
    RETURN,
    SOMEBODY,
    WHOSE,
    clause_start,
)
from handlers.understand.times.fold import CLOSE, Point
from handlers.understand.times.taken_back import FORMER, LAST_TIME, take_back
from handlers.understand.times.tokens import Length

WISH_ALONE = re.compile(
    r"(?<![^,。])(?:所以|因此|现|特此|我|想|要|向您|跟您|申请|需要){0,4}请(?:个?[事病]?假)?"
    r"(?P<length>[\d一二两三四五六七八九十半]{1,3}个?(?:天|周|星期|小时|月)半?的?(?:[事病]?假)?)?(?<!请)[,。:]{1,2}$"
)
ASKED_LAST = re.compile(r"[^,。]{0,6},[^,。]{0,4}请[^,。]{0,2}假")  # 12号参加婚礼，14号回来，请个假
GRANTED = re.compile(r"(?:请了|批了|准了|请的|批的)[^,。]{0,3}$")
PROLONGS = re.compile(r"[^,。]{0,6}?(?:续(?!写|费)|延长|延期|[再多]请)")


@dataclass(slots=True)
class Phrase:
    """Points that were said together. `form` is single, range, until, list or choice."""

    form: str
    points: list[Point]
    pieces: list[tuple[int, int]]
    length: Length | None = None
    journey: bool = False  # a going and a coming back: 明天走，周日回来
    there: Phrase | None = None  # journey: what was said of the going alone
    going: bool = False  # journey: a going was said (走, 出发), and not only the days of a leave
    home: bool = False  # only a coming back was said
    classes: bool = False  # its last point is of a return to class

    @property
    def start(self) -> int:
        """Where its first point begins."""
        return self.points[0].start

    @property
    def end(self) -> int:
        """Where its last point ends."""
        return self.points[-1].end


def choose(phrases: list[Phrase], plain: str) -> list[Phrase]:
    """The phrases that state the time of the wish, without those taken back and those that belong to its reason."""
    kept = take_back(phrases, plain)
    longer = [one for one in kept[:20] if one.form == "until" and LONGER.search(plain, 0, one.pieces[0][0])]
    if len(longer) == 1:
        return longer  # 原假期10日至12日，续至15日
    kept = _drop_asides(kept, plain)
    kept = _merge_journeys(_turn_round(_carry_frame(kept), plain), plain)
    journeys = [phrase for phrase in kept if phrase.journey]
    if len(kept) > 1 and len(journeys) == 1:
        # 妈妈明天做手术，我今天下午走，周日回来: the other day is the reason, unless leave is asked for it too.
        rest = [phrase for phrase in kept if not phrase.journey]
        return kept if any(CUE.search(_clause(phrase, plain)) for phrase in rest[:20]) else journeys
    if len(kept) > 1 and not IF.search(plain) and not any(_is_more(phrase, plain) for phrase in kept[:20]):
        asked = [phrase for phrase in kept[:20] if CUE.search(_clause(phrase, plain))]
        granted = (
            [phrase for phrase in asked if GRANTED.search(plain, 0, phrase.start)] if PROLONGS.search(plain) else []
        )
        if granted:
            # 我请了12号的假，13号能不能再续一天
            asked = [phrase for phrase in kept[:20] if PROLONGS.match(plain, phrase.end)]
        if len(asked) == 1 and not any(_belongs(phrase, asked[0], plain) for phrase in kept[:20]):
            return asked
        if not asked and (going := _find_going(kept[:20], plain)):
            return [going]
        # 昨天发烧了，明天休息: what is past is the reason, unless a leave is made up for.
        ahead = [phrase for phrase in kept if not any(point.day and point.day.back for point in phrase.points)]
        if len(ahead) == 1 and "补" not in plain:
            return ahead
    return kept


def _find_going(phrases: list[Phrase], plain: str) -> Phrase | None:
    """The one going of the student's own, where nothing tells of a coming back: 作业周五交，我想明天下午走."""
    if any(RETURN.match(plain, one.end) or COMES.match(plain, one.end) for one in phrases):
        return None
    goings = [one for one in phrases if one.form == "single" and LEAVES.match(plain, one.end)]
    clocks = any(point.clock for one in phrases for point in one.points)
    if len(goings) != 1 or SOMEBODY.search(plain, 0, goings[0].start):
        return None
    return goings[0] if goings[0].points[0].has_time or not clocks else None  # 坐晚上8点的车周五走


def _is_more(phrase: Phrase, plain: str) -> bool:
    """Whether a time comes on top of another: 明天请假，后天也是."""
    return ALSO.match(plain, phrase.end) is not None


def _is_same_or_feast(other: Phrase, asked: Phrase) -> bool:
    """Whether a time names the day of another, or a festival that is its occasion (端午，后天请假)."""
    day = other.points[0].day
    return day is None or day.form == "festival" or day == asked.points[0].day


def _belongs(other: Phrase, asked: Phrase, plain: str) -> bool:
    """Whether another time may be part of the wish: of the same day (明天下午走，晚上不回来), or of a going."""
    if other is asked:
        return False
    begin = clause_start(plain, other.start)
    ahead = other.end <= asked.start and CLOSE.fullmatch(plain, other.end, asked.start)
    if ahead and not _is_same_or_feast(other, asked) and PLAIN_WORDS.fullmatch(plain, begin, other.start):
        return True  # 后日 大后天 20号请假
    if other.form == "range" and all(point.clock for point in other.points) and asked.points[0].clock:
        return True  # 十点的课能请假吗，十点到十二点
    same = other.points[0].day is asked.points[0].day and not asked.points[0].has_time
    return same or bool(GOES.match(plain, other.end))


def _drop_asides(phrases: list[Phrase], plain: str) -> list[Phrase]:
    """Without the day on which it is said (今天想跟您请个假，周五回家) and those not wanted (明天不请了，后天请)."""
    if len(phrases) < 2:
        return phrases
    kept = [
        phrase
        for phrase in phrases
        if not (phrase.form == "single" and ASIDE.match(plain, phrase.end))
        and not any(
            old.search(plain, max(0, phrase.pieces[0][0] - 12), phrase.pieces[0][0]) for old in (LAST_TIME, FORMER)
        )
    ]
    return kept or phrases


def _carry_frame(phrases: list[Phrase]) -> list[Phrase]:
    """下周请假，周三到周五: a week or a month said first frames the days that follow without one."""
    kept: list[Phrase] = []
    for phrase in phrases:
        frame = kept[-1].points[0] if kept and kept[-1].form == "single" else None
        first = phrase.points[0].day
        if frame and frame.day and first and not (frame.day.sure or frame.has_time or frame.closed or frame.before):
            said = frame.day
            week = said.form == first.form == "weekday" and first.week is None and len(said.weekdays) == 7
            month = said.form == "month" and said.dom is None and first.form == "date" and first.month is None
            if week:
                phrase.points[0].day = replace(first, week=said.week)
            elif month and first.month_offset is None:
                phrase.points[0].day = replace(said, form="date", dom=first.dom, sure=True)
            if phrase.points[0].day is not first:
                phrase.pieces += kept.pop().pieces
        kept.append(phrase)
    return kept


def _turn_round(phrases: list[Phrase], plain: str) -> list[Phrase]:
    """请到十五号，从十二号开始: the end said before its start."""
    for index, (last, first) in enumerate(itertools.pairwise(phrases[:20])):
        if last.form != "until" or first.form != "single":
            continue
        end, start = last.points[0], first.points[0]
        begins = (
            start.since
            or start.pieces[0][0] < start.start
            or (LEAVES.match(plain, first.end) and CUE.search(plain, 0, end.start))
        )
        if not start.before and begins:  # 请假到下周三，今天就走
            joined = Phrase("range", [start, end], [*last.pieces, *first.pieces])
            return [*phrases[:index], joined, *phrases[index + 2 :]]
    return phrases


def _clause(phrase: Phrase, plain: str) -> str:
    """The clause of a phrase, with a wish alone that leads to it: 周末也不回。请假，6日到10日. One with a length leads to a start
    only (请三天假，从6日开始)."""
    end = CLAUSE.search(plain, phrase.end)
    start = clause_start(plain, phrase.start)
    wish = WISH_ALONE.search(plain, max(0, start - 12), start)
    point = phrase.points[0]
    if wish and (not wish["length"] or point.since or point.pieces[0][0] < point.start):
        start = wish.start()
    return plain[start : end.start() if end else len(plain)]


def _merge_journeys(phrases: list[Phrase], plain: str) -> list[Phrase]:
    """Every going that has its coming back behind it, made one stretch."""
    merged: list[Phrase] = []
    for index, phrase in enumerate(phrases):
        limit = phrases[index + 1].start if index + 1 < len(phrases) else len(plain)
        journey = _merge_journey(merged[-1], phrase, plain, limit) if merged else None
        if journey:
            merged[-1] = journey
        else:
            merged.append(phrase)
    return merged


def _merge_journey(there: Phrase, home: Phrase, plain: str, limit: int) -> Phrase | None:
    """明天走，周日回来 is one stretch said as a going and a coming back; `limit` is where the next time begins."""
    if there.form not in ("single", "list") or home.form != "single":
        return None
    going, back = there.points[0], home.points[0]
    between = plain[there.end : back.start]
    if WHOSE.search(between):
        return None  # 明天下午请假，我妈三点到
    if SOMEBODY.search(between):
        return None  # 我周五走，我妈周日到
    headed = bool(BACK.search(plain, there.end, back.start))
    if headed:
        between = plain[max(0, going.start - 12) : back.start]
    elif not (RETURN.match(plain, back.end, limit) or COMES.match(plain, back.end)):
        return None
    days = [point.day for point in there.points]
    if there.form == "list" and (going.has_time or None in days or not COMES.match(plain, back.end)):
        return None
    night_out = going.part in ("", "dusk", "evening", "night") and "不回" in between  # 今晚不回，明天下午回
    goes = headed or night_out or bool(GOING.search(between))
    asks = CUE.search(between.replace("不回", "")) or CUE.search(_clause(there, plain).replace("不回", ""))
    asks = asks or ASKED_LAST.match(plain, back.end)
    if going.before or not (goes or asks or (between in ("", ",") and going.day and going.day.form != "festival")):
        return None
    if back.day is going.day:
        back = replace(back, day=None)  # 周六上午出去，下午回来: the day was carried, and is no second Saturday.
    pieces = [*there.pieces, *home.pieces]
    joined = Phrase("range", [*there.points, back], pieces, journey=True, there=there, going=goes)
    joined.classes = bool(CLASSES.match(plain, back.end))
    return joined
