"""Days of the reason: what says that a day beside a length or a journey is that of something else."""

from __future__ import annotations

import re

from handlers.understand.times.cues import BACK, GOING, PLAIN_WORDS, clause_start
from handlers.understand.times.fold import Point
from handlers.understand.times.occasions import OCCASION, comes_back
from handlers.understand.times.phrases import Phrase

WAS = re.compile(r"本来|原本|原来|原定|原计划|原先|之前[说写请报]|先前|写成|写的是|说成|[报填]成")
# Whose doing it is when it is not the student's own.
OTHERS = re.compile(
    r"(?:^|我|俺|我们|陪|送|接|因为?|由于|等)(?:的)?(?:爸|妈|爷|奶|姥|外[公婆]|[姥姑姨叔舅伯婶]|哥|姐|弟|妹|表|堂|家[里人]|父|母|娘|爹|亲戚|室友|舍友|同学|朋友|对象|男友|女友|男朋友|女朋友)|(?:陪|送|接|等|跟)(?:老师|导师|辅导员|导员|教练)"
    r"|^(?:室友|舍友|同学|朋友|(?:老师|导师|辅导员|导员)(?=[让说要叫找约在有])|爸|妈|爷爷|奶奶|姐姐|哥哥|弟弟|妹妹|他|她)"
)
HAN = re.compile(r"[\u4e00-\u9fff]")
CLAUSE = re.compile(r"[,。]")
CALLED = re.compile(r"(?:让|叫|约|喊|通知|要求)(?:了?我们?)?[在于]?$")  # 医生让我周五去复查，请三天假
STAY = re.compile(r"(?:住院|休养|卧床)[^,。]{0,3}$")
OWN = re.compile(r"[^,。请]{0,3}?(?:考(?!虑)|比赛|面试|答辩|开庭|演出)")  # 明天考试，请三天假
OWN_AHEAD = re.compile(r"\b(?:exam|test|match|interview|competition|contest)s?(?: is)?(?: on)? $")
WISH_BEHIND = re.compile(
    r"请|休|[\d一二两三四五六七八九十半几]+个?(?:天|周|星期|礼拜|月)|不[在去来]|leave|off|for|days?"
)
AWAY = re.compile(
    r"事|(?<![寒暑放])假|回|返|到校|(?<!不)上课|复课|是|算|第|离|外出|缺|旅|游|在家|住院|病|烧|疼|陪|隔离|[就左右前后]|起|开始|早|晚"
)


def find_clause(plain: str, point: Point) -> tuple[int, int]:
    """Where the clause of a point begins and ends."""
    start = clause_start(plain, point.start)
    end = CLAUSE.search(plain, point.end)
    return start, end.start() if end else len(plain)


def is_of_the_reason(phrase: Phrase, plain: str) -> bool:
    """Whether a day that begins a journey or a length is that of something else: 我妈周六做手术，请三天假."""
    point, length = phrase.points[0], phrase.length
    begin, end = find_clause(plain, point)
    label = BACK.search(plain, begin, point.start) if len(phrase.points) > 1 or length else None
    if label and plain[label.start() - 1 : label.start()] != "起":
        return True  # 请假4天，返校时间17号
    counted = phrase.form == "single" and length is not None and (length.days > 1 or length.months > 0)
    if not (phrase.journey or counted) or point.since or point.pieces[0][0] < point.start:
        return False
    soon = point.day is None or (point.day.form == "offset" and point.day.offsets[0] <= 1)
    soon = soon and not (OWN.match(plain, point.end) or OWN_AHEAD.search(plain, 0, point.start))
    if phrase.journey:
        home = phrase.points[-1]
        if comes_back(plain, point.end):
            return True
        if home.day is None:
            return False
        end = home.start
    elif STAY.search(plain, 0, phrase.pieces[-1][0]):
        return False
    several = point.day is not None and (point.day.whole or len(point.day.weekdays) + len(point.day.offsets) > 1)
    ahead = plain[begin : point.start]
    aside = WAS.search(ahead) or OTHERS.search(ahead) or CALLED.search(ahead)
    told = aside if soon else aside or _tells(plain[point.end : end])
    if counted and point.day and not several and told:
        return True  # 作业周五交，请三天假
    if counted and soon:
        return False
    rest = plain[begin : point.start] + BACK.sub("", plain[point.end : end])
    return bool(OCCASION.search(rest)) and not GOING.search(rest)


def _tells(behind: str) -> bool:
    """Whether words behind a day tell of something else than a leave or a going on that day."""
    told = WISH_BEHIND.split(behind, maxsplit=1)[0]
    return (
        HAN.search(told) is not None
        and not PLAIN_WORDS.fullmatch(told)
        and not (GOING.search(told) or AWAY.search(told))
    )
