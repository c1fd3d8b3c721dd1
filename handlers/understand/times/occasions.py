"""The days of something else: what is on a day and is no going, and the leave that has its own days beside them."""

from __future__ import annotations

import re

from handlers.understand.times.cues import BACK, COMES, CUE, clause_start
from handlers.understand.times.phrases import Phrase

# What is on a day, and is no going: a leave for it may begin before that day.
OCCASION = re.compile(
    r"手术|结婚|婚礼|订婚|考试|[高中统]考|考[^虑完,。]{1,4}|比赛|参赛|面试|答辩|来接|来看|生日|寿|预产|生孩子|分娩|体检|复查|葬|出殡|头七|开庭|升学宴|酒席|满月|报到|开会|演出|签证|办证|出院|典礼"
    r"|(?<![a-z])(?:surgery|operation|wedding|funeral|exam|interview|match|game|birthday|graduation|appointment|competition)\b"
)
ITS_OCCASION = re.compile(rf"[^,。\d号周请假走回返离去]{{0,4}}?(?:{OCCASION.pattern})")
# English says the occasion ahead of its day; behind a leave (leave for the exam on the 16th) it is the leave's.
AHEAD = re.compile(
    r"(?<![a-z])(?:exam|test|wedding|married|marries|surgery|operation|funeral|birthday|graduation|appointment|competition|contest"
    r"|match|game|interview|ceremony)s?(?: (?:is|are|takes place|on|at|the|only|scheduled|for))* $"
)
WISHED = re.compile(r"(?<![a-z])(?:leav(?:e|ing)|off|go(?:ing)?|away|out|absent)(?: [a-z']+){0,3} ?$")
LEAVING = re.compile(r"(?<![a-z])(?:leav|off(?![a-z])|go(?:ing)? |away|absent)")
ILL = re.compile(
    r"[就一直有点又开始都还着在]{0,6}(?:咳|发烧|发热|生病|不舒服|疼|痛|吐|拉肚|感冒|难受|失眠|头晕|低烧|高烧|过敏)"
)
WISH = re.compile(rf"{CUE.pattern}|[走回返离休]|出发|动身|不在|外出")


def comes_back(plain: str, end: int) -> bool:
    """Whether a coming back stands at a place, and no label of one (返校时间)."""
    found = COMES.match(plain, end)
    return found is not None and not plain.startswith(("时间", "日期"), found.end())


def is_occasion(plain: str, end: int) -> bool:
    """Whether what stands behind a day is something that is on that day (18号我姐结婚), and no wish of its own."""
    found = ITS_OCCASION.match(plain, end)
    return found is not None and not WISH.match(plain, found.end())


def leave_occasions(phrases: list[Phrase], plain: str) -> list[Phrase]:
    """Without the days of something else, where a going, a return or a leave has its own: 15号走，18号我姐结婚，19号回."""
    if len(phrases) < 2 or any(
        point.day is None or point.day.form == "same" for one in phrases for point in one.points
    ):
        return phrases
    kept = [
        phrase for phrase in phrases[:20]
        if phrase.form != "single" or (phrase.points[0].since and not ILL.match(plain, phrase.end))
        or not (
            (is_occasion(plain, phrase.end) and not BACK.search(plain, 0, phrase.start))
            or is_said_ahead(plain, phrase.start)
            or (phrase.points[0].since and ILL.match(plain, phrase.end))
        )
    ]  # fmt: skip
    wished = any(_wishes(phrase, plain) for phrase in kept) or (
        # 6号开始咳嗽，明天想去医院，请一天: a beginning that is dropped is that of the illness.
        len(kept) == 1 < len(phrases) and all(one is kept[0] or one.points[0].since for one in phrases)
        and CUE.search(plain, kept[0].end) is not None
    )  # fmt: skip
    return kept + phrases[20:] if wished else phrases


def is_said_ahead(plain: str, start: int) -> bool:
    """Whether what stands ahead of an English day is something that is on that day: my exam is on the 16th."""
    begin = clause_start(plain, start)
    return AHEAD.search(plain, begin, start) is not None and not LEAVING.search(plain, begin, start)


def _wishes(phrase: Phrase, plain: str) -> bool:
    """Whether a time is said of a leave or a going, and not of a coming back alone."""
    if len(phrase.points) > 1 or (phrase.form == "until" and CUE.search(plain, 0, phrase.start)):
        return True
    if comes_back(plain, phrase.end) or BACK.search(plain, 0, phrase.start):
        return False
    if WISHED.search(plain, max(0, phrase.start - 40), phrase.start):
        return True
    return WISH.search(plain, phrase.end, phrase.end + 6) is not None
