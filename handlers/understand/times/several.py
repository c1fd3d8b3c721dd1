"""Settles several times of one message: an occasion beside its dates goes, times that agree are one, else it asks."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from handlers.understand.times.carrying import drop_carried
from handlers.understand.times.cues import BACK, CLASSES, GOES, SOMEBODY
from handlers.understand.times.occasions import comes_back, leave_occasions
from handlers.understand.times.phrases import Phrase, choose
from handlers.understand.times.taken_back import CORRECTED
from handlers.understand.times.tokens import Day
from handlers.understand.times.values import DAY, Span

IN_CLASS = re.compile(r"(?:[就才再]|来|去|能|可以){0,3}上课(?=$|[,。了])")
EACH = re.compile(r"(?:的|每天|天天|我)*(?:都|也|每天|全)(?:想|要|得)?(?:请|不[去在来])")  # 这周都请
FORGOT = re.compile(r"我?(?:没来得及|没顾上|忘了?)[^,。]{0,4}(?:说|请|讲|交)")  # 昨天没来得及说
ENDS = re.compile(r"的?(?:可以|行|好)?[,。吧啊哈呀哦吗么]*(?:(?:谢谢|麻烦|辛苦)[^,。]{0,4}[。]?)?$")


def turn_home(phrases: list[Phrase], plain: str) -> list[Phrase]:
    """17号回校，14号动身: the coming back said before the going."""
    if len(phrases) != 2 or any(phrase.form != "single" for phrase in phrases):
        return phrases
    home, there = phrases
    labelled = BACK.search(plain, 0, home.start)
    if not (comes_back(plain, home.end) or labelled) or not GOES.match(plain, there.end):
        return phrases
    if SOMEBODY.search(plain, 0, home.start):
        return phrases  # 室友14号回来，我明天走
    back, going = home.points[0], there.points[0]
    if None in (back.day, going.day) or going.before or going.since or CORRECTED.search(plain, home.end, there.start):
        return phrases
    pieces = [*there.pieces, *home.pieces]
    joined = Phrase("range", [going, back], pieces, journey=True, there=there, going=True)
    joined.classes = bool(CLASSES.match(plain, home.end))
    return [joined]


def frame_left(kept: list[Phrase], said: list[Phrase]) -> list[Phrase]:
    """下周三考试，周四请假: a week or a month that was said before, of something else, may still frame a day that names
    none. Both readings are shown."""
    used = {id(point) for phrase in kept for point in phrase.points}
    frames = [
        (phrase.start, point.day) for phrase in said[:20] for point in phrase.points[:1]
        if id(point) not in used and point.day is not None and not point.day.back
        and ((point.day.week or 0) > 0 or point.day.form in ("month", "date"))
    ]  # fmt: skip
    for phrase in kept if frames else []:
        day = phrase.points[0].day
        ahead = [frame for start, frame in frames if start < phrase.start]
        if day is None or not ahead:
            continue
        frame = ahead[-1]
        weeks = day.form == "weekday" and day.week is None and (frame.week or 0) > 0
        months = (
            day.form == "date" and day.month is None and day.month_offset is None and frame.form in ("month", "date")
        )
        if weeks or months:
            phrase.points[0].day = replace(day, frame=frame)
    return kept


def frame_behind(phrases: list[Phrase], plain: str) -> list[Phrase]:
    """周三那天请假，是下周: a week or a month that is said behind the days it frames, and ends the words."""
    if len(phrases) != 2 or phrases[1].form != "single" or not ENDS.match(plain, phrases[1].end):
        return phrases
    point, frame = phrases[0].points[0], phrases[1].points[0]
    said, day = frame.day, point.day
    if said is None or day is None or said.sure or frame.has_time or frame.closed:
        return phrases
    if said.form == day.form == "weekday" and len(said.weekdays) == 7 and day.week is None:
        point.day = replace(day, week=said.week)
    elif said.form == "month" and said.dom is None and day.form == "date" and day.month is None:
        point.day = replace(said, form="date", dom=day.dom, sure=True)
    else:
        return phrases
    phrases[0].pieces += phrases[1].pieces
    return phrases[:1]


def follows(back: date, last: date) -> bool:
    """Whether a return is on the last day or the day behind it, with nothing but a weekend between."""
    between = [last + DAY * step for step in range(1, (back - last).days)]
    return back >= last and len(between) < 4 and all(day.isoweekday() > 5 for day in between)


def keep_leave(phrases: list[Phrase], spans: list[Span], plain: str) -> tuple[list[Phrase], list[Span]]:
    """The one leave whose days were said, where the other times are its going and its coming back: 14号走，14号到16号请假."""
    leaves = [
        phrase for phrase, span in zip(phrases, spans, strict=False)
        if span.ask is None and span.start and span.end and (len(phrase.points) > 1 or phrase.length)
    ]  # fmt: skip
    if len(leaves) != 1 or len(phrases) > len(spans) or leaves[0].journey:
        return phrases, spans
    held = spans[phrases.index(leaves[0])]
    others = [pair for pair in zip(phrases, spans, strict=True) if pair[0] is not leaves[0]]
    if not others or not all(_goes_with(phrase, span, held, plain) for phrase, span in others):
        return phrases, spans
    return leaves, [held]


def _goes_with(phrase: Phrase, span: Span, held: Span, plain: str) -> bool:
    """Whether a time is the going on the first day of a leave, or the coming back behind it."""
    if phrase.form != "single" or held.start is None or held.end is None:
        return False
    last, day = (held.end - timedelta(microseconds=1)).date(), phrase.points[0].day
    home = span.start.date() if span.start else None
    if span.kind == "point" and span.start_has_time and span.start == held.start:
        return True  # 十点的课能请假吗，十点到十二点
    if GOES.match(plain, phrase.end):
        return home == held.start.date() and not held.start_has_time
    if day and day.form == "weekday" and day.week is None and len(day.weekdays) == 1:
        home = last + DAY * ((day.weekdays[0] - last.isoweekday()) % 7)  # 下周一到周三，周四上课
    there = comes_back(plain, phrase.end) or IN_CLASS.match(plain, phrase.end)
    return bool(there and home and follows(home, last)) and not held.end_has_time


def choose_times(phrases: list[Phrase], plain: str) -> list[Phrase]:
    """The phrases that state the time of the wish, each with the day and the week that it has from the others."""
    if len(phrases) < 2:
        return choose(phrases, plain)
    told = [phrase for phrase in phrases if phrase.form != "single" or not FORGOT.match(plain, phrase.end)]
    phrases = told or phrases
    said = frame_behind(phrases, plain)
    kept = choose(turn_home(leave_occasions(said, plain), plain), plain)
    return drop_carried(frame_left(kept, said), plain)


def drop_occasions(phrases: list[Phrase], spans: list[Span], plain: str) -> list[Span]:
    """国庆回家，9月30日到10月8日: a holiday that lies in the other stretch only names its occasion, and goes."""
    named = [
        phrase.form == "single" and (day := phrase.points[0].day) is not None and _names_stretch(day)
        and not (day.shift or phrase.points[0].has_time or phrase.points[0].closed or phrase.length)
        and not EACH.match(plain, phrase.end)
        for phrase in phrases[: len(spans)]
    ]  # fmt: skip
    held = [span for span, occasion in zip(spans, named, strict=True) if not occasion]
    strict = any(span.ask == "festival" for span in spans)
    if strict and any(phrase.form != "range" for phrase, occasion in zip(phrases, named, strict=False) if not occasion):
        return spans
    if len(held) != 1 or held[0].ask is not None or held[0].start is None or held[0].end is None:
        return spans
    return held if all(_touches(span, held[0]) for span in spans) else spans


def _touches(span: Span, held: Span) -> bool:
    """Whether a span lies within a day of another."""
    if span.start is None or held.start is None or held.end is None:
        return False
    return held.start < (span.end or span.start + DAY) + DAY and span.start - DAY < held.end


def _names_stretch(day: Day) -> bool:
    """Whether a day is the name of a longer time: a holiday, a week, a month."""
    whole = (day.form == "month" and day.dom is None) or (day.form == "weekday" and len(day.weekdays) == 7)
    return day.form == "festival" or whole


def settle_several(spans: list[Span]) -> Span:
    """More than one time and nothing that says which: one where they agree, else the student is asked."""
    first = spans[0]
    if all((span.start, span.end, span.dates) == (first.start, first.end, first.dates) for span in spans):
        return first
    covered = tuple(sorted(piece for span in spans for piece in span.covered))
    return Span("none", ask="several", readings=tuple(spans), covered=covered)
