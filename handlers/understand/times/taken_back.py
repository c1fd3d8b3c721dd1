"""Leaves out the times of a message that were taken back: 明天，不对，后天; 不是周四，周五."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from handlers.understand.times.nights import carry_day

if TYPE_CHECKING:
    from handlers.understand.times.fold import Point
    from handlers.understand.times.phrases import Phrase

CORRECTED = re.compile(
    r"不对|不是|(?<=[,。])不(?=[,。])|[哦啊呃额嗯哎]不(?!是)|不不|说错|写错|打错|改成|改为|改到|改(?:一下|下|个)|换[到成]|挪到|调整?到|推后到|应该是|更正|推迟到|顺延到|提前到|实际|其实|i mean|no wait|sorry"
)
LAST_TIME = re.compile(
    r"(?:上一?[次回](?=请|批|假|休)[^,。\d]{0,6}|之?前[写填说报]成了?)$"
)  # another leave, and no time of this one
GRANTED = re.compile(r"我?(?:已经|都)?请过假?了?[,。]")  # 上周五我请过假了，现在来补假条
DENIED = re.compile(
    r"(?:的[病事]?假)?[我就先都又也]{0,2}不(?:想|用|打算|需要)?(?:请(?:[病事]?假)?(?:了|$|[,。])|要了)"
)  # 11号不请了，请八日的
# A leave that is taken back, and none that is asked for: 撤回我下周一到周三的请假.
WITHDRAWN = re.compile(r"(?:撤回|撤销|撤掉|取消|作废)(?:一下|了|掉|我)*[^,。]{0,2}$")
FORMER = re.compile(r"(?:本来|原本|原来|原定|原计划|原先|之前[说写请报])[^,。\d]{0,6}$")
SLIP = re.compile(r"[啊呃哦哎额嗯]不是,?$|,不是,$")
NOT = re.compile(r"(?:不是|不是请|不要|不请|不想请|不用请|别请|别写|别填|[别不]按|\bnot (?:on )?)$")


def take_back(phrases: list[Phrase], plain: str) -> list[Phrase]:
    """The phrases without those taken back (明天，不对，后天); what leaves its day out has that of the one before."""
    kept: list[Phrase] = []
    denied = 0  # where the last time ends that was denied: 我周四走不是周五走，周日回
    for phrase in phrases:
        begin = phrase.pieces[0][0] if phrase.form == "until" else phrase.start  # 不是到周四
        if NOT.search(plain, max(0, begin - 7), begin) and not SLIP.search(
            plain, max(0, phrase.start - 5), phrase.start
        ):
            if phrase.form == "list" and "," in plain[phrase.points[0].end : phrase.points[1].start]:
                kept.append(_without_first(phrase))  # 不是周四，周五
                continue
            # 不是明天，是后天 and 是明天不是后天 leave the other day; 明天不是后天 leaves two, and is asked.
            if kept and plain[kept[-1].start - 1 : kept[-1].start] != "是":
                kept.append(phrase)
            denied = phrase.end
            continue
        moved = bool(kept) and not plain.startswith(("的课", "课"), kept[-1].end)  # 周五的课调到了周六
        if moved and CORRECTED.search(plain, max(denied, kept[-1].end), phrase.start):
            taken = kept.pop()
            if taken.form == "range" and phrase.form == "single" and phrase.points[0].day:
                kept.append(taken)  # 6.15-6.17，不对，6.18: its end or all of it was wrong
            if phrase.form == "until" and taken.form == "range":
                # 12号到15号，改一下，到14号: only the end was wrong.
                phrase.form, phrase.points = "range", [taken.points[0], *phrase.points]
                phrase.pieces = [*taken.points[0].pieces, *phrase.pieces]
            first, said = phrase.points[0], taken.points[0]
            if phrase.form == "until" and taken.form == "single":
                phrase.form = "single"  # 从周四改到周五: one day for another.
            if first.day is None and first.minutes is None:
                # 明天下午3点，不对，4点: only the clock was wrong.
                first.day, first.part = said.day, first.part or said.part
        elif kept and _was_before(kept[-1], phrase, plain):
            kept.pop()  # 本来请到周五，我周四就回来
        elif kept:
            _carry(kept[-1], phrase.points[0], plain)
        kept.append(phrase)
    return kept


def _carry(ahead: Phrase, point: Point, plain: str) -> None:
    """Gives a point that names no day of its own that of the time ahead: 明天上午8点到12点，下午2点到6点; 22号考试，当天请假."""
    same = point.day is not None and point.day.form == "same" and point.day.offsets == (0,)
    if same and ahead.points[-1].day:
        point.day = ahead.points[-1].day
    elif point.day is None and point.minutes is None:
        point.day = carry_day(ahead.points, point, made_up="补" in plain)
        if ahead.form == "list" and point.day:
            point.day = replace(point.day, sure=False)  # 16号、18号打针，都请上午的假


def _without_first(phrase: Phrase) -> Phrase:
    """A list whose first day was taken back; a single time where one is left."""
    points = phrase.points[1:]
    form = phrase.form if len(points) > 1 else "single"
    return replace(phrase, form=form, points=points, pieces=[piece for point in points for piece in point.pieces])


def _was_before(phrase: Phrase, other: Phrase, plain: str) -> bool:
    """Whether words say that a time is the old one, and another follows in the next clause."""
    begin = phrase.pieces[0][0]
    return FORMER.search(plain, max(0, begin - 12), begin) is not None and "," in plain[phrase.end : other.start]
