"""Leaves out a day that the next time names more closely (后天的车，早上5:55), unless that time is of something else on it."""

from __future__ import annotations

import re

from handlers.understand.times.cues import CLASSES, CUE, GOES_ON, clause_start
from handlers.understand.times.occasions import LEAVING, WISH, comes_back
from handlers.understand.times.phrases import Phrase

# What has its own clock on a day of leave: 想请12号，票是早上六点半的.
EVENT = re.compile(
    r"(?:票|车|机|航班|约|约了|预约|挂号?|还[要得有])(?:买|订|定)?[是在的:]*$"
    r"|(?:flight|train|bus|ticket|appointment|dentist|doctor|meeting|interview)s?(?: (?:is|are|leaves|departs|starts|was|at|for))* ?$"
)
OF_EVENT = re.compile(r"的?(?:票|车|飞机|航班|高铁|动车|火车|号|医生|面试|手术|预约)|还[要得有]")
ASIDES = re.compile(r"[课会试赛]|有|没|。|[一1]天")  # what is on a day, and says nothing of the time that follows
# Behind a part of a day of leave at which one is there: 明天请假，晚自习能上.
KEPT = re.compile(
    r"的?课?我?[都也还就]?(?:(?:能|可以|会|照常|正常|要|应该)[^,。]{0,3}?(?:来|去|到|上|在|参加)|不(?:用|需要)?请|的?上(?=$|[,。])|还?在(?=$|[,。]))"
)
# Between a day and its clock: 明天请两小时，下午三点开始.
LATE = re.compile(r"晚归|晚回|晚点回|回来?晚")
HOURS = re.compile(r",?我?想?请?个?假?[一二两三四五六七八\d.]{1,3}个?半?(?:小时|钟头|分钟)半?的?假?,?(?:从|就)?")


def _hours_of(ahead: Phrase, phrase: Phrase, plain: str) -> bool:
    """Whether a clock says when in the evening ahead of it: 今晚晚归，大概十一点半."""
    said, point = ahead.points[0], phrase.points[0]
    if (
        said.part != "evening"
        or said.clock
        or said.closed
        or point.part
        or point.clock is None
        or phrase.form != "single"
    ):
        return False
    late = said.day is point.day and 5 <= point.clock.hour <= 12 and not point.closed
    return late and LATE.search(plain, ahead.end, phrase.start) is not None


def drop_carried(phrases: list[Phrase], plain: str) -> list[Phrase]:
    """Without a day that the next time names as well, and more closely: 后天的车，早上5:55."""
    kept: list[Phrase] = []
    for phrase in phrases:
        ahead = kept[-1] if kept else None
        if ahead is not None and _hours_of(ahead, phrase, plain):
            kept.pop()
            phrase.pieces = [*ahead.pieces, *phrase.pieces]
            phrase.points[0].part = "evening"
        elif ahead is not None and ahead.form == "single" and not ahead.length:
            said, point = ahead.points[0], phrase.points[0]
            plainly = (
                said.day is not None and said.day == point.day and not (said.has_time or said.closed or said.before)
            )
            plainly = plainly and not any(found(plain, phrase.end) for found in (comes_back, CLASSES.match, KEPT.match))
            plainly = plainly and not plain.startswith(("也", "都请"), phrase.end)
            between = plain[ahead.end : phrase.start]
            if (
                plainly
                and point.has_time
                and not point.counted
                and not said.since
                and not _of_an_event(ahead, phrase, plain)
                and not (
                    (WISH.search(between) and not HOURS.fullmatch(between))
                    or (ASIDES.search(between) and not _of_clocks(phrase))
                )
            ):
                kept.pop()
                phrase.pieces = [*ahead.pieces, *phrase.pieces]
        kept.append(phrase)
    return kept


def _of_an_event(ahead: Phrase, phrase: Phrase, plain: str) -> bool:
    """Whether a time behind a day of leave is that of a train or an appointment on it."""
    begin = clause_start(plain, ahead.start)
    if not (CUE.search(plain, 0, phrase.start) or LEAVING.search(plain, begin, phrase.start)):
        return False
    if EVENT.search(plain, ahead.end, phrase.start) or OF_EVENT.match(plain, phrase.end):
        return True
    return phrase.form == "single" and GOES_ON.match(plain, phrase.end) is None


def _of_clocks(phrase: Phrase) -> bool:
    """Whether a time goes from one clock to another: 明天参加招聘会，九点到四点."""
    return phrase.form == "range" and all(point.clock for point in phrase.points)
