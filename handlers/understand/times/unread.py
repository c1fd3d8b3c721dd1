"""A second look at a reading: what it leaves of the words of time must be explained, or the bot asks.

The grammar chooses what states the time of the wish. This check knows nothing of how: it takes every day, part, clock,
length and number that the reading has not used, and asks for a reason why it may be left alone: it is past, taken
back, said aside, inside the time that was read, the coming back behind it, or the occasion of it. What has none of
these makes the whole reading a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.understand.times.cues import ASIDE, BACK, COMES, EVENTS, GOES, MOVED, PAPERS, PLAIN_WORDS
from handlers.understand.times.days import Context
from handlers.understand.times.fold import Atom, Point
from handlers.understand.times.occasions import comes_back, is_occasion, is_said_ahead
from handlers.understand.times.phrases import Phrase
from handlers.understand.times.reasons import OTHERS, WAS, find_clause, is_of_the_reason
from handlers.understand.times.several import follows
from handlers.understand.times.spans import find_days
from handlers.understand.times.taken_back import CORRECTED, DENIED, GRANTED, LAST_TIME, NOT, WITHDRAWN
from handlers.understand.times.tokens import Token
from handlers.understand.times.values import DAY, Span

Pieces = Sequence[tuple[int, int]]
# Numbers that count or measure something else: 5个人, 140/90, 38度5, 20了, 第3章.
MOST_DAYS = 31  # No day, month or hour has a larger number: 血压140/90.
DIGITS = re.compile(
    r"\d+|(?:[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])(?=[刻号]|日(?!三餐|游)|分(?!之|钟)|[到至\-~、]\d)|(?<![a-z])pm(?![a-z])"
)
COUNTED = re.compile(
    r" ?(?:[个人名位节门次张件套本份台辆块只条双盒片瓶袋元角分岁斤米度楼层栋级班届室路床章题项步种倍折万千百%℃#]|了|同学|学生)|[a-z]"
)
COUNTING = re.compile(
    r"(?:第|度|[#a-z.]|no|英语|[高线微]数|线代|概率论?|物理|体育|设计|原理|基础|科目?|概论|导论|实训)$"
)
# Three figures that are blanked as a room, and stand where only a day can: 613下午到615.
CLOSE_UP = re.compile(
    r"(?<![\d\x00])\x00{3,4}(?=[到至\-~]?(?:上午|下午|中午|早上|晚上|早|晚|号|日)|[到至\-~]\x00)|[到至\-~]\x00{3,4}(?![\d\x00])"
)
SHORT_DAY = re.compile(r"(?:0?[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
# A 到 right behind what was read whose end nobody has read: 今天请到下课.
HANGING = re.compile(r"(?:请个?假?)?[-~至](?![-~到至]|共|合计|总|打|写|说|$)")  # 明天下午-后个
OPEN_END = re.compile(
    r"(?:请个?假?|一直|休息?|[,的]){0,2}(?:-|~|[到至])(?:\d|\x00|[一二三四五六七八九十廿]{1,3}(?![楼层食教栋])|[^,。]{0,5}?(?:下课|放学|结束|完|为止|截止|通知|好转|好为止|能))"
)
# Words which say that what stands beside them is only nearly so, or only perhaps.
NEARLY = re.compile(
    r"(?:差不多|大概|大约|约莫|也许|或许|说不定|没准|不一定|搞不好|最快|至少|起码|至多|最多|顶多)[^,。\d一二三四五六七八九十今明后周星礼下这上]{0,4}$"
    r"|(?<![a-z])(?:around|about|roughly|approximately) (?:the |on )?$"
)
UNSURE = re.compile(
    r"(?:没好|不好|不行|没?不?退烧)(?:的话|就)|也可能|或许|也许|说不定|没准|不一定|搞不好|说不准|可能是|等(?:学校|老师)?(?:通知|消息)|没想好|还没定|(?<!归期)不确定"
    r"|(?<![a-z])(?:maybe|perhaps|probably|might|not sure)(?![a-z])"
)
NTH_OFF = re.compile(  # 元旦第三天, 到第五天: counted from days off, or from a day that was said
    r"(?:[节庆午旦一秋明夕宵诞阳]|假期)的?(?:第[一二三四五六七八\d]|最后[一两]|头[一两二三])天|[到至]第[一三四五六七八\d]{1,2}天"
)
# 我不请假 and "I don't need leave" ask for none.
NONE_ASKED = re.compile(
    r"(?<!能)(?<!可以)(?:我|先|就|就先|可以|都|也|天|在)不(?:用|想|要|打算|需要)?请(?:病|事|公)?假(?![了就])(?!不行)"
    r"|(?:[今明后]天|周[一二三四五六日天]|我|就|先)不(?:用|想|要|打算|需要)?请(?=$|[,。])|(?:现在|又)不(?:想|用)?请了?(?=$|[,。])"
    r"|[今明后]天不(?:走|离校|出校|回家)了(?!吗)|请不了假?了?(?:吧|吗|是)"
    r"|(?:n't|not) (?:need|want|ask(?:ing)? for|tak(?:e|ing)|request(?:ing)?) (?:a |any |the |my )?(?:sick )?(?:leave|day off|days off)"
)
# Lengths that no token holds: 实习半年, half a year, a thousand days.
TOO_LONG = re.compile(
    r"(?:半|[一两二三]|(?<!\d)[1-3])年(?:的?[病事长]?假|时间)?(?=[,。]|$)|(?<![a-z])(?:half an?|an?|one|two|[12]) years?(?! ago)(?![a-z])"
    r"|(?:(?<!\d)\d{4,9}|thousand) ?(?:days|weeks|hours|months)"
)
OPEN = re.compile(r"[^,。]{0,2}(?:看情况|再说(?!明)|待定|再定)")  # 先请12号，13号看情况
LIMITS = re.compile(
    r"(?:至少|起码|至多|最多|顶多|不少于)[^,。]{0,4}$|(?<![a-z])(?:at least|at most|up to|about|around|roughly) $"
)
ROUND = re.compile(r"来回|往返")  # 12号14号来回
LATE = re.compile(
    r"的?[到至\-~]?[早晚](?=$|[请,。到至\-~走回离不的可行好吗吧谢])(?!到(?:[了校学宿教场,。]|$))"
)  # 12号早到晚
TURNED = re.compile(r"(?:改|换|挪|推迟?|延后?|提前)[成到为至]?$")  # 12号没请上假，改13号
CHANGED = re.compile(
    r"(?<![a-z])(?:chang|mov|shift|reschedul|switch|postpon|push)[a-z]* [^,。]*$"
)  # moved from Friday to Monday
LEAVE = re.compile(
    r"请(?![问教示求帮])|没法|[去来上]不了|加不了|(?<!暑)(?<!寒)假(?!期)|不在|不去|外[出宿]|离[校开]|出[发校门去]|动身|启程|走(?![读廊访亲])|回|返|归|到学?校|休息|缺[课席勤]|不[来上]|\bleave\b|\boff\b|\bback\b|return|go"
)
EXAM = re.compile(r"(?:期末考?试?|考试周)(?:是|在|从|定在|安排在|:)?$")  # 考试周是22到26号，我考完就回家
EITHER = re.compile(r",?(?:哪天)?都(?:行|可以|成|ok)(?!请)")  # 17 18号都行
MISTAKEN = re.compile(r"[填写报选说弄搞看记]成了?$")  # 不是12号到14号吗，我填成13号到14号了
FREE = re.compile(
    r"(?:我们?|也|就|又|刚好|正好|反正|本来|都)*(?:没有?|无|只有)(?:安排)?[^,。]{0,4}[课事](?!请)"
)  # 周五下午没有课
ATTENDS = re.compile(
    r"[^,。]{0,4}?(?:(?:来|去|回|到|能|可以|就|照常|正常|直接|要)?(?:来|去|回来|回去)?(?:正常|继续|照常)?上[^,。]{0,4}课|正常上|上学|复课)"
)
ATTENDED = re.compile(r"上[课完]?$")
WEEK = 7 * DAY


# -3天, 0节课, 99999天: no leave is so long, and the number is a slip of the finger.
NO_LENGTH = re.compile(
    r"(?:(?<![\d.-])[-负]\d+|(?<![\d.])(?:0+|\d{5,})) ?(?:天|小时|节|周(?!年)|个(?:月|小时|星期))|(?<![\d.])\d{4} ?(?:天|小时)"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of one message and what was read of them."""

    plain: str
    blanked: str
    tokens: Sequence[Token]
    atoms: Sequence[Atom]
    phrases: Sequence[Phrase]
    now: datetime

    @property
    def points(self) -> list[Point]:
        """The points that were read."""
        return [point for phrase in self.phrases for point in phrase.points]

    @property
    def pieces(self) -> Pieces:
        """What was read, as [from, to) of the plain words."""
        return [piece for phrase in self.phrases for piece in phrase.pieces]


def find_doubt(said: Sentence, span: Span) -> str | None:
    """The code of the question that a reading without doubts still needs, or None where all words are explained."""
    last = max(end for _, end in said.pieces)
    late = [found for point in said.points if (found := LATE.match(said.plain, point.end))]
    if any(not _used(found.end() - 1, found.end(), said.pieces) for found in late):
        return "fuzzy"
    if _unread_number(said, span) or OPEN_END.match(said.blanked, last) or HANGING.match(said.plain, last):
        return "fuzzy"
    if _is_unsettled(said) or NO_LENGTH.search(said.plain):
        return "fuzzy"
    if any(len(each.points) > 1 and CHANGED.search(said.plain, 0, each.start) for each in said.phrases):
        return "fuzzy"
    if len(set(span.dates)) > 1 and any(ROUND.match(said.plain, each.end) for each in said.phrases):
        return "fuzzy"
    if any(point.before and said.plain.startswith("的课", point.end) for point in said.points):
        return "fuzzy"  # 周五上午10点前的课
    if any(phrase.length and LIMITS.search(said.plain, 0, phrase.pieces[-1][0]) for phrase in said.phrases):
        return "fuzzy"
    timed = span.start_has_time or span.end_has_time
    if not timed and any(NEARLY.search(said.plain, max(0, spot.start - 10), spot.start) for spot in said.points):
        return "fuzzy"
    if any(is_of_the_reason(phrase, said.plain) for phrase in said.phrases):
        return "fuzzy"
    alone = [phrase for phrase in said.phrases if phrase.form == "single"] if len(said.phrases) > 1 else []
    if any(comes_back(said.plain, phrase.end) for phrase in alone):
        return "fuzzy"  # 14日考试14日回来
    days = _days_of(span)
    lengths = [atom.length for atom in said.atoms if isinstance(atom, Token) and atom.length] if alone else []
    if any(length.days and length.days != span.days for length in lengths):
        return "conflict"  # 请三天假，返校时间24号，我爸24号来接我
    return None if _explains_rest(said, days) else "several"


def _explains_rest(said: Sentence, days: list[date]) -> bool:
    """Whether there is a reason to leave every point alone that was not read."""
    left = [atom for atom in said.atoms if isinstance(atom, Point) and not _used(atom.start, atom.end, said.pieces)]
    if any(_hangs(point, said) for point in left):
        return False
    return all(_is_told_apart(point, said) or _is_beside(point, said, days) for point in left)


def _is_unsettled(said: Sentence) -> bool:
    """Whether words say that the time is still open, counted from something else, or that no leave is asked for."""
    if UNSURE.search(said.plain) or NTH_OFF.search(said.plain) or NONE_ASKED.search(said.plain):
        return True
    if TOO_LONG.search(said.plain) and not any(phrase.length and phrase.length.months for phrase in said.phrases):
        return True
    begins = [phrase.pieces[0][0] for phrase in said.phrases]
    if any(WITHDRAWN.search(said.plain, max(0, begin - 10), begin) for begin in begins):
        return True
    if any(LAST_TIME.search(said.plain, max(0, begin - 12), begin) for begin in begins):
        return True
    if any(MISTAKEN.search(said.plain, max(0, begin - 6), begin) for begin in begins):
        return True
    if any(each.form != "range" and EITHER.match(said.plain, each.end) for each in said.phrases):
        return True
    if any(EXAM.search(said.plain, max(0, begin - 12), begin) for begin in begins):
        return True
    return any(found.match(said.plain, each.end) for each in said.phrases for found in (OPEN, GRANTED, DENIED))


def _used(start: int, end: int, pieces: Iterable[tuple[int, int]]) -> bool:
    return any(begin < end and start < close for begin, close in pieces)


def _days_of(span: Span) -> list[date]:
    """The first and the last day of a span."""
    if span.dates:
        return [span.dates[0], span.dates[-1]]
    if span.start is None:
        return []
    end = span.end - timedelta(microseconds=1) if span.end else span.start
    return [span.start.date(), end.date()]


def _unread_number(said: Sentence, span: Span) -> bool:
    """Whether a number is left that counts nothing, and is no second name of the day that was read."""
    points = [piece for atom in said.atoms if isinstance(atom, Point) for piece in atom.pieces] + list(said.pieces)
    for token in said.tokens:
        if token.kind in ("bare", "dotted") and not _used(token.start, token.end, points):
            return True
    for found in DIGITS.finditer(said.blanked):
        if any(token.start <= found.start() < token.end for token in said.tokens):
            continue
        if not found.group().isdigit():
            return True
        if COUNTED.match(said.plain, found.end()) or COUNTING.search(said.plain, 0, found.start()):
            continue
        if int(found.group()[:4]) <= MOST_DAYS and int(found.group()) not in {day.day for day in _days_of(span)}:
            return True
    for near in CLOSE_UP.finditer(said.blanked):
        figures = said.plain[near.start() : near.end()].lstrip("到至-~")
        if SHORT_DAY.fullmatch(figures):
            return True
    return False


def _hangs(point: Point, said: Sentence) -> bool:
    """Whether a time of the day that was left out stands right behind a day that was read, and nothing says what it is of."""
    if not point.has_time or said.plain[point.start - 1 : point.start] != ",":
        return False
    ahead = [other for other in said.points if other.end == point.start - 1 and other.day and not other.has_time]
    carried = any(point.day is None or point.day is other.day for other in ahead)
    return carried and not EVENTS.match(said.plain, point.end)


def _is_told_apart(point: Point, said: Sentence) -> bool:
    """Whether words say that a point is not the time of the wish: it is past, taken back, said aside, or carried on."""
    plain = said.plain
    if point.day and point.day.back:
        return True
    begin, _ = find_clause(said.plain, point)
    behind = next((start for start, _ in sorted(said.pieces) if start >= point.end), None)
    if behind is not None and (CORRECTED.search(plain, point.end, behind) or MOVED.search(plain, point.end, behind)):
        return True
    if NOT.search(plain, max(0, point.start - 4), point.start) or ASIDE.match(plain, point.end):
        return True
    if WAS.search(plain, begin, point.start) or LAST_TIME.search(plain, begin, point.start):
        return True
    if FREE.match(plain, point.end) or PAPERS.match(plain, point.end):
        return True
    if not point.has_time and any(other.day is point.day for other in said.points):
        return True  # 明天出校时间14:00，返校时间17:00
    return bool(point.lessons and ATTENDED.search(plain, begin, point.start))  # 15号早上回来上第一节课


def _is_beside(point: Point, said: Sentence, days: list[date]) -> bool:
    """Whether a point may be left alone for where it lies: inside what was read, behind it as the coming back, or the
    day of something that is no going and no leave of the student's own."""
    plain = said.plain
    found = find_days(point, Context(said.now), anchor=days[-1] if days else None)
    begin, end = find_clause(said.plain, point)
    end = min([end, *(other.start for other in said.points if other.start >= point.end)])
    if not found or not days or TURNED.search(plain, begin, point.start):
        return False
    first_used = min(start for start, _ in said.pieces)
    occasion = point.day and point.day.form == "festival" and not (point.has_time or point.closed or point.day.whole)
    weekday = (
        said.points[0].day is not None and said.points[0].day.form == "weekday" and said.points[0].day.week is None
    )
    if occasion and weekday and point.start < first_used and found[0] > days[-1]:
        return False  # 端午在校，周一请假: the Monday behind it
    if occasion and days[0] - WEEK <= found[0] and found[-1] <= days[-1] + WEEK:
        return True
    rest = f"{plain[begin : point.start]} {plain[point.end : end]}"
    moves = LEAVE.search(rest)
    if found[0] == said.now.date() and point.start < first_used and not moves:
        return True
    if (
        is_occasion(plain, point.end)
        or is_said_ahead(plain, point.start)
        or (GOES.match(plain, point.end) and found[0] == days[0])
    ):
        return True
    if OTHERS.search(plain, begin, point.start) or OTHERS.match(plain, point.end):
        return True
    if found == days[:1] == days[-1:] and not (point.has_time or point.closed):
        return True  # 今天肿得走不了，今天的课都请假
    inside = days[0] <= found[0] and found[-1] <= days[-1]
    if inside and not (LEAVE.search(plain, point.end, end) or point.has_time):
        return True
    if COMES.match(plain, point.end) or ATTENDS.match(plain, point.end) or BACK.search(plain, begin, point.start):
        # A coming back before its leave (15号回来，从12号请) is told of one whose end was said.
        whole = point.start > first_used or any(len(each.points) > 1 or each.length for each in said.phrases)
        return whole and follows(found[0], days[-1])
    return not moves and not PLAIN_WORDS.fullmatch(rest)
