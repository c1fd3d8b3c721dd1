"""Reads a time out of a message: normalise, blank look-alikes, cut, fold, compose, and say what is doubtful."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from handlers.understand.times.chinese import CHINESE, FIRST
from handlers.understand.times.days import Context
from handlers.understand.times.english import ENGLISH_SHAPES, LETTERS
from handlers.understand.times.fold import Point, fold
from handlers.understand.times.phrases import Phrase, choose, join
from handlers.understand.times.spans import compose
from handlers.understand.times.tokens import Cutter, Length, Token
from handlers.understand.times.values import DAY, DEFAULT, ZONE, Span, at
from handlers.understand.times.words import blank, normalise

MOST = 1200  # Characters that are read; a wish that names its time later than that is asked for it.
MOST_TIMES = 6  # Times of one message that are worked out before it asks which is meant.
CHINESE_ONLY = Cutter(CHINESE, FIRST)
BOTH = Cutter((*ENGLISH_SHAPES, *CHINESE), FIRST + LETTERS)
LETTER = re.compile(r"[a-z]{2}|[ap]\.?m\b")

# Words that turn the look back: a leave asked for afterwards, and a report of what has happened.
AFTERWARDS = re.compile(r"补(?![考课习贴助办充材齐交班])")
REPORT = re.compile(
    r"(?<!要)(?<!才)(?:回来|返校|到校|回校|到家|回学校|回到学校|回到宿舍|回宿舍)了|(?:到|回|回来|返|返校|到校|回校|到家)的|已经?(?!批|申)|刚刚?(?!需)|i(?:'m| am) back|came back|returned"
)
COMING = re.compile(r".{0,2}?(?<![不没])(?:回来|返校|回校|回学校|到校|回宿舍|归队|回$)")
ARRIVED = re.compile(r".{0,2}?(?:回来|返校|回校|回学校|到校|回宿舍|归队)了")
# Words right behind a time which say that it is over: 周一没来上课.
OVER = re.compile(
    r".{0,4}?(?:没(?:有)?(?:来|去)?(?:上课|上学|到校|请假)|没来|缺课|旷课|缺勤|请了.{0,3}假|生病了|发烧了)(?!吗|怎么)"
)
WAS = re.compile(r"\b(?:i was|we were) (?:ill|sick|absent|away|not)|\bi missed\b")
HOME = re.compile(r"回|宿舍|寝|门禁|归")
LIMIT = re.compile(r"请(?![问教示求帮]).{0,6}假|[病事公丧]假|不在|外出|离校|\bleave\b|days? off")
NIGHT = re.compile(
    r"外宿|没回(?:来|去|了|[,。]|$|宿|寝|公寓|学?校)(?!(?:舍|室)?(?:吃|上课|开会|参加|训练))|夜不归|不归宿|过夜|留宿|借宿|通宵|不回(?:来|去|了|啦|住|睡|[,。]|$|宿|寝|公寓|学?校)(?!(?:舍|室)?(?:吃|上课|开会|参加|训练))"
    r"|不住(?:在)?(?:校|宿|寝|学校)|不在(?:宿舍|寝室?|学?校|公寓)(?:里|内)?(?:住|睡)|陪护|陪床|守夜|家住(?!址|在)|住(?:在|到|我)?(?:校?外|家|亲戚|同学|朋友|酒店|宾馆|旅馆|[姑姨叔舅爷奶爸妈哥姐])|(?:在|回|到).{0,4}(?:家|外面?|校外|酒店|宾馆)住(?!院)"
    r"|(?:stay|sleep)(?:ing)? (?:out|over|off campus)|overnight"
)
BEFORE_DAWN = re.compile(r"起床|早起|日出|火车|飞机|航班|机场|赶车|发车|晨跑|\b(?:get up|wake up|flight|train)\b")
YEARS_AWAY = re.compile(r"(?:\d{1,4}|[一二两三四五六七八九十百]+)年(?:之|以)?[后前]")  # 十年后的今天 is not today.
BLANK = re.compile(r"[ ,的嘛呢啊吧呀哈哦噢嗯呃额()]*|(?:然后|那个|就是|一直|大概|应该)[ ,的嘛呢啊]*")
# What a leave may be said to last until without naming a day.
VAGUE = re.compile(
    r" ?(?:起|开始)?,?(?:一直)?(?:到|至)(?:(?P<month>(?:明年|后年|今年|来年)?(?:的)?\d{1,2}月(?:份|底|初|中旬?)?(?! ?\d))|下个?学期|开学|放假|期末|毕业|[寒暑]假|明年|后年|考完|病好|好了|康复|出院|不确定)"
)
LEADS = re.compile(r"(?:on|at|for|the|of|in|from) $")


def read_time(
    words: str, said_at: datetime, *, looks_back: bool = False, lessons: Mapping[int, tuple[time, time]] = DEFAULT
) -> Span:
    """The time that words said at an instant (aware) name. Any text is read in linear time and nothing raises.

    `looks_back` is for forms that ask about the past (补假, 销假). `lessons` is the school's timetable; with DEFAULT a
    span made of lessons asks. Where `ask` is not None nothing may be saved before the student has answered.
    """
    now = said_at.astimezone(ZONE)
    plain, origin = normalise(words[:MOST])
    if YEARS_AWAY.search(plain):
        return Span("none", ask="fuzzy")
    tokens = _cut(plain)
    if not tokens:
        return Span("none")
    atoms = fold(tokens, plain)
    phrases = choose(join(atoms, plain), plain)
    kinds = {atom.kind for atom in atoms if isinstance(atom, Token)}
    lengths = [atom for atom in atoms if isinstance(atom, Token) and atom.length]
    if "recurring" in kinds:
        return _first_of_many(tokens, plain, _Reader(now, plain, looks_back, lessons))
    if not phrases:
        return _without_start(lengths, kinds, plain, origin)
    open_end = _vague_end(phrases, plain)
    chosen = _choose_length(lengths)
    if chosen and len(phrases) == 1:
        phrases[0].length = chosen.length
        phrases[0].pieces.append((chosen.start, chosen.end))
    reader = _Reader(now, plain, looks_back, lessons)
    spans = [
        replace(reader.read(phrase), covered=_covered(phrase.pieces, plain, origin)) for phrase in phrases[:MOST_TIMES]
    ]
    if open_end and spans[0].start is not None and spans[0].ask in (None, "no_end"):
        return replace(
            spans[0], kind="range", end=None, end_has_time=False, dates=(), days=None, hours=None, ask="no_end"
        )
    if len(phrases) > 1:
        return _several(_without_occasion(phrases, spans))
    if spans[0].ask in (None, "no_end", "no_start") and kinds & {"fuzzy", "vague"}:
        return replace(spans[0], ask="fuzzy")
    return spans[0]


def _cut(plain: str) -> list[Token]:
    tokens = (BOTH if LETTER.search(plain) else CHINESE_ONLY).cut(blank(plain))
    if "between" in plain:
        # The first "and" behind it joins the two ends of one stretch.
        for found in re.finditer(r"\bbetween [^,。]{1,30}", plain):
            joint = next((token for token in tokens if token.start > found.start() and token.kind == "and"), None)
            if joint and joint.end <= found.end():
                joint.kind = "to"
    return tokens


def _first_of_many(tokens: list[Token], plain: str, reader: _Reader) -> Span:
    """A time that comes again: it asks, and offers the next of 「每周三下午」."""
    again = [token for token in tokens if token.kind == "recurring"]
    if len(again) > 1 or again[0].day is None:
        return Span("none", ask="recurring")
    weekday = again[0].day.weekdays[0]
    single = [replace(token, kind="day") if token.kind == "recurring" else token for token in tokens]
    phrases = choose(join(fold(single, plain), plain), plain)
    first = reader.read(phrases[0]) if len(phrases) == 1 and phrases[0].form in ("single", "range") else Span("none")
    next_one = first.readings[0] if first.readings else first
    known = next_one.kind == "range" and next_one.start is not None and next_one.end is not None
    offers = (replace(next_one, ask=None),) if known and next_one.ask in (None, "two_readings") else ()
    return Span("none", weekday=weekday, ask="recurring", readings=offers)


def _vague_end(phrases: list[Phrase], plain: str) -> bool:
    """Whether one stretch was said whose end is no day (「从今天到明年6月」, 「从周五到放假」): the end is asked."""
    found = VAGUE.match(plain, phrases[0].end) if phrases[0].form == "single" else None
    if found is None or any(phrase.start >= found.end() for phrase in phrases[1:]):
        return False
    return phrases[0].points[0].since or len(phrases) > 1 or not found["month"]


def _choose_length(lengths: list[Token]) -> Token | None:
    """The one length that belongs to the wish: days before hours where both were said."""
    days = [token for token in lengths if token.length and not token.length.minutes]
    return next(iter(days or lengths), None)


def _without_start(lengths: list[Token], kinds: set[str], plain: str, origin: list[int]) -> Span:
    """Only a length, or only words that come near a time."""
    doubt = "fuzzy" if "fuzzy" in kinds else "no_start"
    if not lengths:
        return Span("none", ask="fuzzy") if "fuzzy" in kinds else Span("none")
    token = lengths[0]
    length = token.length or Length()
    if any(other.length != length for other in lengths):
        return Span("duration", ask="conflict")
    return Span(
        "duration",
        days=length.days or length.months * 30.0 or None,
        hours=length.minutes / 60 or None,
        ask=doubt,
        covered=_covered([(token.start, token.end)], plain, origin),
    )


class _Reader:
    """Reads phrases of one message, twice where something has two readings."""

    def __init__(self, now: datetime, plain: str, looks_back: bool, lessons: Mapping[int, tuple[time, time]]) -> None:
        self.now = now
        self.plain = plain
        self.lessons = lessons
        self.report = looks_back or bool(REPORT.search(plain))
        self.back = self.report or bool(AFTERWARDS.search(plain) or WAS.search(plain))
        self.home = bool(HOME.search(plain))

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
        back = self.back or bool(OVER.match(self.plain, phrase.end))
        ctx = Context(self.now, back, self.home, returns=returns, variant=variant)
        ctx.limit = phrase.length is None and not returns and bool(LIMIT.search(self.plain))
        ctx.early = bool(BEFORE_DAWN.search(self.plain))
        ctx.night = bool(NIGHT.search(self.plain))
        span = compose(phrase, ctx, self.lessons)
        self._look(span, phrase, ctx)
        worst = ctx.worst()
        if worst in ("no_such_day", "no_such_time"):
            span = Span("invalid", readings=span.readings)
        day = phrase.points[0].day
        named = day is not None and day.form == "weekday" and not day.whole and len(day.weekdays) == 1
        return replace(span, ask=worst, weekday=day.weekdays[0] if day and named else None), ctx.forked

    def _look(self, span: Span, phrase: Phrase, ctx: Context) -> None:
        """A leave that is over, or a report of what has yet to come, asks."""
        if span.kind == "invalid":
            return
        over = span.end or span.start
        arrived = ctx.returns and not span.start_has_time and span.kind == "range"
        if arrived and span.start and span.start > self.now and ARRIVED.match(self.plain, phrase.end):
            ctx.doubts.add("ahead")  # 「明天到校了」
        if span.kind == "point" and over and not span.start_has_time:
            over += DAY
        elif span.dates and over is None:
            over = at(span.dates[-1] + DAY, 0)
        said_back = ctx.returns or any(
            (point.day and point.day.back) or (point.minutes or 0) < 0 for point in phrase.points
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


def _without_occasion(phrases: list[Phrase], spans: list[Span]) -> list[Span]:
    """国庆回家，9月30日到10月8日: a holiday that lies in the other stretch only names its occasion, and goes."""
    named = [
        phrase.form == "single" and (day := phrase.points[0].day) is not None and day.form == "festival"
        and not (day.shift or phrase.points[0].has_time or phrase.points[0].closed or phrase.length)
        for phrase in phrases[:MOST_TIMES]
    ]  # fmt: skip
    held = [span for span, occasion in zip(spans, named, strict=True) if not occasion]
    if any(phrase.form != "range" for phrase, occasion in zip(phrases, named, strict=False) if not occasion):
        return spans
    if len(held) != 1 or held[0].ask is not None or held[0].start is None or held[0].end is None:
        return spans
    first, last = held[0].start - DAY, held[0].end + DAY
    return held if all(span.start and first <= span.start <= last for span in spans) else spans


def _several(spans: list[Span]) -> Span:
    """More than one time and nothing that says which: one where they agree, else the student is asked."""
    first = spans[0]
    if all((span.start, span.end, span.dates) == (first.start, first.end, first.dates) for span in spans):
        return first
    covered = tuple(sorted(piece for span in spans for piece in span.covered))
    return Span("none", ask="several", readings=tuple(spans), covered=covered)


def _covered(pieces: list[tuple[int, int]], plain: str, origin: list[int]) -> tuple[tuple[int, int], ...]:
    """Pieces of the plain words as pieces of the original, fillers between them included."""
    merged: list[list[int]] = []
    for start, end in sorted(pieces):
        lead = LEADS.search(plain, max(0, start - 6), start)
        begin = lead.start() if lead else start
        if merged and BLANK.fullmatch(plain, merged[-1][1], max(begin, merged[-1][1])):
            merged[-1][1] = max(end, merged[-1][1])
        else:
            merged.append([begin, end])
    return tuple((origin[start], origin[end - 1] + 1) for start, end in merged)


def is_relative(words: str) -> bool:
    """Whether words depend on the day they were said on: 明天, 下周, 三天后, tomorrow, or a clock without a day."""
    plain, _ = normalise(words[:MOST])
    points = [atom for atom in fold(_cut(plain), plain) if isinstance(atom, Point)]
    named = any(point.day and point.day.form in ("date", "festival") for point in points)
    return any(_is_relative(point, named=named) for point in points)


def _is_relative(point: Point, *, named: bool) -> bool:
    if point.minutes is not None:
        return True
    if point.day is None:
        return not named
    day = point.day
    return day.form in ("offset", "weekday") or bool(day.offsets) or day.month_offset is not None


def rest(words: str, span: Span) -> str:
    """The words without those that the span used, for the form to take as the reason."""
    left: list[str] = []
    position = 0
    for start, end in span.covered:
        left.append(words[position:start])
        position = max(position, end)
    left.append(words[position:])
    joined = re.sub(r"([,，;；、])[,，;；、\s]+", r"\1", re.sub(r"\s+", " ", "".join(left)))
    return joined.strip(" ,，。;；、")
