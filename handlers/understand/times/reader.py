"""Reads the phrases of one message into spans, by what the message says around them: looking back, a night out, a return."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from handlers.understand.times.cues import BREAK, CLASSES, CUE, LEAVES
from handlers.understand.times.days import Context
from handlers.understand.times.fold import Point
from handlers.understand.times.lengths import stretch
from handlers.understand.times.phrases import Phrase
from handlers.understand.times.returning import HOMECOMING
from handlers.understand.times.spans import compose
from handlers.understand.times.values import DAY, Span, at

# Words that turn the look back: a leave asked for afterwards, and a report of what has happened.
AFTERWARDS = re.compile(
    r"(?<![会再能])(?<!回来)(?<![来之以]后)补(?![考课习贴助办充材齐交班上作觉票过测牙证卡签录缴妆眠钙水差发]|(?<=[一二三四五六日天后午上晚]补)请?假条|实验|身份证|英语|数学|学分|体[检测]|(?<=要补)(?:[,。]|$)|[^,。]{0,6}的课)|补办(?:一?下)?(?:请假|[病事公]?假)"
)
REPORT = re.compile(
    r"(?<!要)(?<!才)(?:回来|返校|到校|回校|到家|[回到]学校|回到学校|回到宿舍|[回到]宿舍|[回到]寝室?)了|(?:(?<![收拿看听买抢订遇碰想见接得找提用感等约排轮报])到|回|回来|返|返校|到校|回校|到家)的(?!话|时间|日期|[车机]?票|火车|高铁|动车|飞机|航班)|(?:[回返]到?|到)(?:学?校|宿舍|寝室)的(?!话|时间|日期|路|车)|已经?(?!批|申|[跟和向同说告报问])[^,。]{0,16}?(?:[回返归]|到[校学宿家了]|在[校宿寝]|销假|走了|离校|缺)|刚才(?!.{0,2}[跟和向说问打写填发报弄搞看选])|刚刚?(?!需)[^,。]{0,10}?(?:[回返归]|到[校学宿家了]|落地|销假|下车)|i(?:'m| am) back|came back|returned"
)
# A coming back that is still ahead, whatever 了 stands behind it: 只能改到周日上午回学校了.
YET = re.compile(r"(?:原[定本]|本来|原计划|只能|只好|改[到成]|推迟到|打算|准备|得等|要等)[^,。]*$")
REPORTED = re.compile(r"(?:销假|到校|返校|回校|归校|返回)时间[是为: ]{0,2}$")  # the field of a report
COMING = re.compile(r".{0,2}?(?<![不没])(?:回来|返校|回校|回学校|到校|回宿舍|归队|回(?=$|[,。可行吗呢谢]))")
ARRIVED = re.compile(r".{0,2}?(?:(?:回来|返校|回校|回学校|到校|回宿舍|归队)了|(?:到校?|回来?|返校?|回校)的)")
HOMEWARD = re.compile(
    r".{0,2}?(?<![不没])(?:回来|回宿舍|回寝|回(?=$|[,。可行吗呢谢]))"
)  # at ten o'clock of the evening, as often as not
# Words right behind a time which say that it is over: 周一没来上课.
OVER = re.compile(
    r"[^,。]{0,4}?(?:就(?:一直|开始)?(?:没|坏|停|发烧|不舒服|疼|咳)|没(?:有)?(?:来|去)?(?:上课|上学|到校|请假)|没来|没回(?:来|家|宿|寝|公寓|学?校)|缺课|旷课|缺勤|请了.{0,3}假|生病了|发烧了)(?!吗|怎么)"
)
WANTS = re.compile(r"(?<!补)(?:想|能|可以|要|得)请(?:一下|个|下)?$")  # right ahead of a time that is to come
WAS = re.compile(r"\b(?:i was|we were) (?:ill|sick|absent|away|not)|\bi missed\b")
WISHES = re.compile(r"\b(?:want|need|would|'d like|can i|could i|may i|please|will|'ll|going to|plan)\b|请")
OUT = re.compile(r"(?<![过没不下])去(?![世年了过])|出[校门]")  # 马上要去医院，下午回来: a going without its time
TOLD = re.compile(r"销假|请[的了过]")  # A leave that was asked for already.
NEARLY = re.compile(r"(?:大概|大约|差不多|约莫|(?<![预条签失])约)(?:是|在|就|想|要|会)?,?$")
ABOUT = re.compile(r"左右|上下(?!午)|(?<=\d)前后(?![排面门脚])")
TWO_DAYS = re.compile(r"\d{1,2}\.\d{1,2}[号日]")
# One number and the next: 11.12 may be the 11th and the 12th.
SIDE_BY_SIDE = re.compile(r"(?<![\d.])(?:1\.2|2\.3|3\.4|4\.5|5\.6|6\.7|7\.8|8\.9|9\.10|10\.11|11\.12)(?![\d.])")
UNTIL = re.compile(r"我?[想要都得]{0,2}(?:请(?:个|一下|下)?(?:[事病公]?假|$)|不在)")
# A session behind a day whose hours only a timetable knows: 周五的英语课请假, 明天班会请假.
SESSION = re.compile(
    r"的?(?:请个?|缺)?(?!全天|整天|一天|所有|[^,。]{0,4}(?:[没有逃补选停听结下到]|上课))"
    r"(?:[^,。请假去回走点\d]{2,5}课|[早晚]?(?:班会|点名|升旗|例会|晨会))(?:的|也|都|想|要|我|,)*(?:请|不去|不上|去不了|上不了)"
)
FAR = timedelta(days=60)
SOON = timedelta(days=14)
CLOCKLIKE = re.compile(r"(?:1?\d|2[0-3])\.[0-5][05]")
FIGURE = re.compile(r"\d{1,2}\.\d{1,2}")
FIGURED = re.compile(r"[了过是得有共约才就花涨降价费高长宽重深快慢分率比第版]$")  # in front of a figure
MOVES = re.compile(r"走|到校|出发|离校|返|去(?![世年])|来|开始|之?前|起|考试|比赛|面试|手术|结婚|婚礼")
MEETS = re.compile(
    r"[前就]?(?:[到回]|集合|出发|开会|上课|下课|见面|开始|起飞|面试|考试|结束|的(?:车|火车|飞机|高铁|动车|航班|课|会)|走|前)"
)
HOME = re.compile(r"回|宿舍|寝|门禁|归")
LIMIT = re.compile(
    r"请(?![问教示求帮]).{0,6}假|[病事公丧]假|不在|外出|(?<!办)(?<!办完)(?<!办好)(?<!办理)离校(?!手续|系统|流程)|\bleave\b|days? off"
)
NIGHT = re.compile(
    r"外宿|公寓假|没回(?:来|去|了|[,。]|$|宿|寝|公寓|学?校)(?!(?:舍|室)?(?:吃|上课|开会|参加|训练))|夜不归|不归宿|过夜|留宿|借宿|通宵|不回(?:来|去|了|啦|住|睡|[,。可行好吗吧呢]|$|宿|寝|公寓|学?校)(?!(?:舍|室)?(?:吃|上课|开会|参加|训练))"
    r"|不住(?:在)?(?:校|宿|寝|学校)|不在(?:宿舍|寝室?|学?校|公寓)(?:里|内)?(?:住|睡)|陪护|陪床|守夜|家住(?!址|在)|住(?:在|到|我)?(?:校?外|家|亲戚|同学|朋友|酒店|宾馆|旅馆|[姑姨叔舅爷奶爸妈哥姐])|(?:在|回|到).{0,4}(?:家|外面?|校外|酒店|宾馆)住(?!院)"
    r"|(?:stay|sleep)(?:ing)? (?:out|over|off campus)|overnight"
)
BEDTIME = re.compile(r"[的就]{0,2}(?:宿舍|寝室)?(?:熄灯|门禁|查[寝房宿]|晚点名|锁门|宵禁|断电|关灯|关寝)")
LOCKED = re.compile(r"锁门|门禁|熄灯|查[寝房宿]|宵禁|晚归")
BEFORE_DAWN = re.compile(r"起床|早起|日出|火车|飞机|航班|机场|赶车|发车|晨跑|\b(?:get up|wake up|flight|train)\b")


def comes_near(plain: str, start: int, end: int) -> bool:
    """Whether words around a day or a length say that it is only about so: 大概25号, 三天左右."""
    return bool(NEARLY.search(plain, max(0, start - 8), start) or ABOUT.search(plain, start, end + 2))


class Reader:
    """Reads phrases of one message, twice where something has two readings."""

    def __init__(self, now: datetime, plain: str, looks_back: bool, lessons: Mapping[int, tuple[time, time]]) -> None:
        self.now = now
        self.plain = plain
        self.lessons = lessons
        self.looks_back = looks_back
        self.report = looks_back or any(
            not YET.search(plain, max(0, found.start() - 20), found.start()) for found in REPORT.finditer(plain)
        )
        self.back = self.report or bool(AFTERWARDS.search(plain))
        self.was = bool(WAS.search(plain))
        self.home = bool(HOME.search(plain))
        self.limit = bool(LIMIT.search(plain))
        self.asks = bool(CUE.search(plain)) and not TOLD.search(plain)
        self.early = bool(BEFORE_DAWN.search(plain))
        self.night = bool(NIGHT.search(plain))

    def read(self, phrase: Phrase) -> Span:
        """The span of a phrase with its doubts."""
        first, forked = self._read(phrase, 0)
        if not forked or first.kind == "invalid":
            return first
        second, _ = self._read(phrase, 1)
        if second.kind == "invalid" or (second.start, second.end, second.dates) == (
            first.start,
            first.end,
            first.dates,
        ):
            return first
        return replace(first, ask="two_readings", readings=(first, second))

    def _read(self, phrase: Phrase, variant: int) -> tuple[Span, bool]:
        returns = bool(COMING.match(self.plain, phrase.end))
        wants = not self.looks_back and WANTS.search(self.plain, max(0, phrase.start - 6), phrase.start)
        limited = phrase.points[0].before and returns and not self.looks_back  # 我到家了，周日下午五点前返校
        back = (self.back and not (wants or limited)) or (self.was and self._tells_of_past(phrase))
        back = back or bool(OVER.match(self.plain, phrase.end))
        ctx = Context(self.now, back, self.home, returns=returns, variant=variant)
        ctx.limit = phrase.length is None and not returns and self.limit
        ctx.leaves = phrase.form == "single" and phrase.length is None and bool(LEAVES.match(self.plain, phrase.end))
        ctx.counted = phrase.length is not None or phrase.journey or phrase.form != "single"
        ctx.until = bool(UNTIL.match(self.plain, phrase.end))
        ctx.early = self.early
        ctx.bedtime = bool(BEDTIME.match(self.plain, phrase.end))
        ctx.evening = phrase.form == "single" and bool(
            HOMEWARD.match(self.plain, phrase.end) or LOCKED.search(self.plain)
        )
        ctx.night = self.night
        point = phrase.points[0]
        asks = self.asks or OUT.search(self.plain, 0, phrase.start)
        plainly = phrase.form == "single" and not (back or point.since)
        if plainly and phrase.length and TOLD.search(self.plain) and HOMECOMING.match(self.plain, phrase.end):
            phrase.length = None  # 我请了三天假，周五回来: the length is of the leave that was asked for
        phrase.home = bool(plainly and asks and HOMECOMING.match(self.plain, phrase.end))
        phrase.classes = phrase.classes or (phrase.home and bool(CLASSES.match(self.plain, phrase.end)))
        if not any(point.has_time for point in phrase.points) and SESSION.match(self.plain, phrase.end):
            ctx.doubts.add("fuzzy")
        if any(self._comes_near(point) for point in phrase.points) or self._one_of_two(phrase):
            ctx.doubts.add("fuzzy")
        span = compose(phrase, ctx, self.lessons)
        until = phrase.form == "range" and phrase.there is None and not span.end_has_time
        if until and span.start and span.end and span.start < span.end - DAY and CLASSES.match(self.plain, phrase.end):
            span = ctx.fork(
                span, stretch(span.start, span.end - DAY, start_has_time=span.start_has_time, end_has_time=False)
            )  # 从15号请假到18号回来上课
        self._look(span, phrase, ctx)
        if span.start and span.end and span.end <= span.start:
            ctx.doubts.add("reversed")
            span = Span("invalid")
        worst = ctx.worst()
        if worst in ("no_such_day", "no_such_time"):
            span = Span("invalid", readings=span.readings)
        day = phrase.points[0].day
        named = day is not None and day.form == "weekday" and not day.whole and len(day.weekdays) == 1
        return replace(span, ask=worst, weekday=day.weekdays[0] if day and named else None), ctx.forked

    def _tells_of_past(self, phrase: Phrase) -> bool:
        """Whether a time is of what was, in words that tell of it somewhere: I was ill. Monday and Tuesday. A clause with
        a wish of its own (I was ill, I want leave on the 12th) looks ahead."""
        begin = max((found.end() for found in BREAK.finditer(self.plain, 0, phrase.start)), default=0)
        return bool(WAS.search(self.plain, begin, phrase.end)) or not WISHES.search(self.plain, begin, phrase.end)

    def _comes_near(self, point: Point) -> bool:
        """Whether words beside a day say that it is only about then: 大概25号, 25号左右."""
        if point.day is None or point.clock or point.lessons:
            return False
        return comes_near(self.plain, point.pieces[0][0], point.end)

    def _one_of_two(self, phrase: Phrase) -> bool:
        """Whether 吧 stands behind two days in one word (下周三四吧), where one of them may be meant."""
        day = phrase.points[-1].day
        if day is None or day.whole or not (len(day.weekdays) == 2 or len(day.offsets) == 2):
            return False
        return self.plain.startswith("吧", phrase.end)

    def _may_be_figure(self, phrase: Phrase, start: datetime) -> bool:
        """Whether a dotted day may be a figure, where nothing is said of a leave or a going: 涨到4.20, 才3.5."""
        if phrase.points[0].has_time or not FIGURE.fullmatch(self.plain, phrase.start, phrase.end):
            return False
        alone = phrase.end - phrase.start == len(self.plain.strip(" ,。"))  # the answer to a question
        moves = self.home or MOVES.search(self.plain)
        return not (alone or moves) and (
            start - self.now > SOON or FIGURED.search(self.plain, 0, phrase.start) is not None
        )

    def _may_be_clock(self, phrase: Phrase) -> bool:
        """Whether a dotted day of a later month may be a clock: 8.30到校."""
        found = CLOCKLIKE.fullmatch(self.plain, phrase.start, phrase.end)
        return found is not None and MEETS.match(self.plain, phrase.end) is not None

    def _names_two(self, phrase: Phrase) -> bool:
        """Whether a dotted day may be two days of the month."""
        twice = TWO_DAYS.search(self.plain, phrase.start, phrase.end)
        return bool(twice or (phrase.form == "single" and SIDE_BY_SIDE.search(self.plain, phrase.start, phrase.end)))

    def _look(self, span: Span, phrase: Phrase, ctx: Context) -> None:
        """A leave that is over, or a report of what has yet to come, asks."""
        if span.kind == "invalid":
            return
        over = span.end or span.start
        if span.start and span.start - self.now > FAR and self._names_two(phrase):
            ctx.doubts.add("fuzzy")  # 12.14号 may be the 12th and the 14th
        ahead = span.end and span.end > self.now + DAY and not (phrase.points[0].day and phrase.points[0].day.back)
        if ahead and ctx.back and not self.report and span.start and span.start < self.now - DAY:
            ctx.doubts.add("fuzzy")  # a leave asked for afterwards is over
        if self.back and not self.looks_back and phrase.journey and TOLD.search(self.plain):
            ctx.doubts.add("past")  # 六一那天我请的假还没销，当晚就回来了
        if span.start and phrase.form == "single" and not self.asks and self._may_be_figure(phrase, span.start):
            ctx.doubts.add("fuzzy")
        if span.start and span.start - self.now > SOON and self._may_be_clock(phrase):
            ctx.doubts.add("fuzzy")
        if (
            span.kind == "range"
            and phrase.form == "single"
            and span.start
            and span.start > self.now
            and ARRIVED.match(self.plain, phrase.end)
        ):
            ctx.doubts.add("ahead")  # 「明天到校了」
        if span.kind == "point" and over and not span.start_has_time:
            over += DAY
        elif span.dates and over is None:
            over = at(span.dates[-1] + DAY, 0)
        said_back = (
            ctx.returns
            or REPORTED.search(self.plain, max(0, phrase.start - 8), phrase.start)
            or any((point.day and point.day.back) or (point.minutes or 0) < 0 for point in phrase.points)
        )
        if over and over < self.now - timedelta(minutes=1) and not (ctx.back or said_back):
            ctx.doubts.add("past")
        if (
            self.report
            and span.kind == "point"
            and span.start
            and span.start > self.now
            and not phrase.points[0].before
        ):
            ctx.doubts.add("ahead")
