"""Reads a time out of a message: normalise, blank look-alikes, cut, fold, compose, and say what is doubtful."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from handlers.understand.times.chinese import CHINESE, FIRST, RARE
from handlers.understand.times.english import ENGLISH_SHAPES, WORDS
from handlers.understand.times.excepting import read_without
from handlers.understand.times.fold import Point, fold
from handlers.understand.times.joining import join
from handlers.understand.times.lengths import whole_days
from handlers.understand.times.makers import read_number
from handlers.understand.times.near import find_lengths, lacks_units
from handlers.understand.times.occasions import ILL
from handlers.understand.times.phrases import Phrase, choose
from handlers.understand.times.reader import AFTERWARDS, LIMIT, Reader, comes_near
from handlers.understand.times.several import choose_times, drop_occasions, keep_leave, settle_several
from handlers.understand.times.shapes import NUM
from handlers.understand.times.taken_back import CORRECTED, NOT
from handlers.understand.times.tokens import Cutter, Length, Token
from handlers.understand.times.unread import Sentence, find_doubt
from handlers.understand.times.values import DEFAULT, ZONE, Span
from handlers.understand.times.words import blank, normalise

MOST = 1000  # Characters that are read; a wish that names its time later than that is asked for it.
MOST_TIMES = 6  # Times of one message that are worked out before it asks which is meant.
CHINESE_ONLY = Cutter(CHINESE, FIRST, RARE)
BOTH = Cutter((*ENGLISH_SHAPES, *CHINESE), FIRST, RARE, WORDS)
LETTER = re.compile(r"[a-z]{2}|[ap]\.?m\b")

YEARS_AWAY = re.compile(r"(?:\d{1,4}|[一二两三四五六七八九十百]+)年(?:之|以)?[后前]")  # 十年后的今天 is not today.
BLANK = re.compile(r"[ ,的嘛呢啊吧呀哈哦噢嗯呃额()]*|(?:然后|那个|就是|一直|大概|应该)[ ,的嘛呢啊]*")
# What a leave may be said to last until without naming a day.
VAGUE = re.compile(
    r" ?(?:起|开始)?,?(?:一直)?(?:到|至)(?:(?P<month>(?:明年|后年|今年|来年)?(?:的)?\d{1,2}月(?:份|底|初|中旬?)?(?! ?\d))|下个?学期|过?完?节[前后日]|(?:收|长|小长)假|假期?[前后结完]|开学|放假|期末|毕业|[寒暑]假|明年|后年|考完|病好|好了|康复|出院|不确定)"
)
# What says that the coming back has no day yet.
NOT_YET = re.compile(
    r"(?:回来?|返校|回校|归期)(?:的?(?:时间|日期))?.{0,3}(?:不定|没定|未定|不知道|不确定|再说|待定|看情况)"
    r"|(?:什么时候|哪天|几号)(?:能|才)?(?:回|返).{0,3}(?:不知道|不确定|没定|再说|不好说|看)"
)
BESIDE = re.compile(r"[ 的]*(?:开始|起)?请?")  # between a day and its length
NEXT = re.compile(r"(?:术后|然后|之后|随后|接着|回来后)[^,。]{0,4}$")  # 周四手术，术后休息一周
# Words near a day, right ahead of a part of it: 过几天下午, 第18周周五上午.
DAYLESS = re.compile(
    r"(?:[几两些这那改][天日]|第[\d一二三四五六七八九十]{1,3}(?:教学)?周(?:的?(?:周|星期)?[一二三四五六日天])?|天里|[隔某哪]天|工作日)的?$"
)
AHEAD = re.compile(rf"提前({NUM})[天日](?:就|来|我|得|要|想)*(?:请|回(?![来校])|走|去|离校|出发|动身)")
PROLONGS = re.compile(r"续|延")  # 我请到今天的，能不能再延两天
WISHED = re.compile(r"(?<!再)(?<!共)请(?:个|了|假)?$")
LEADS = re.compile(r"(?:on|at|for|the|of|in|from) $")


def read_time(
    words: str, said_at: datetime, *, looks_back: bool = False, lessons: Mapping[int, tuple[time, time]] = DEFAULT
) -> Span:
    """The time that words said at an instant (aware) name. Any text is read in linear time and nothing raises.

    `looks_back` is for forms that ask about the past (补假, 销假). `lessons` is the school's timetable; with DEFAULT a
    span made of lessons asks. Where `ask` is not None nothing may be saved before the student has answered.
    """
    plain, origin = normalise(words[:MOST])
    if YEARS_AWAY.search(plain):
        return Span("none", ask="fuzzy")
    now = said_at.astimezone(ZONE)

    def read(part: str) -> Span:
        return _read(part, origin, Reader(now, part, looks_back, lessons))

    return read_without(plain, origin, read) or read(plain)


def _read(plain: str, origin: list[int], reader: Reader) -> Span:
    """The time of plain words, or of a part of them."""
    if not _cutter(plain).begins.search(plain):
        return _without_start([], set(), plain, origin)
    blanked = blank(plain)
    tokens = _cut(plain, blanked)
    if not tokens:
        return _without_start([], set(), plain, origin)
    atoms = fold(tokens, plain)
    phrases = choose_times(join(atoms, plain), plain)
    kinds = {atom.kind for atom in atoms if isinstance(atom, Token)}
    lengths = find_lengths(atoms, phrases, plain, kinds)
    if "recurring" in kinds:
        return _first_of_many(tokens, plain, origin, reader)
    if not phrases:
        return _without_start(lengths, kinds, plain, origin)
    open_end = _vague_end(phrases, plain)
    chosen, clash = _choose_length(lengths, phrases, plain)
    if chosen and chosen.length and chosen.length.days and comes_near(plain, chosen.start, chosen.end):
        kinds.add("fuzzy")  # 住院大概五天
    only = phrases[0] if len(phrases) == 1 else None
    prolongs = (
        only and chosen and only.form == "until" and PROLONGS.search(plain, only.end, max(only.end, chosen.start))
    )
    if chosen and only and (prolongs or _is_reason(only, chosen, plain)):
        return _without_start([chosen], kinds, plain, origin)
    counted = _counted(phrases, chosen, plain) if chosen else None
    if chosen and counted:
        counted.length = chosen.length
        counted.pieces.append((chosen.start, chosen.end))
    spans = [
        replace(reader.read(phrase), covered=_covered(phrase.pieces, plain, origin)) for phrase in phrases[:MOST_TIMES]
    ]
    if open_end and spans[0].start is not None and spans[0].ask in (None, "no_end"):
        return replace(
            spans[0], kind="range", end=None, end_has_time=False, dates=(), days=None, hours=None, ask="no_end"
        )
    if open_end and spans[0].ask == "festival":
        return Span("none", ask="fuzzy")  # 国庆放假前一天到收假后一天: both ends are in a notice of the year
    phrases, spans = keep_leave(phrases, spans, plain)
    clash = clash or bool(chosen and NEXT.search(plain, max(0, chosen.start - 8), chosen.start))
    if len(phrases) > 1:
        span = settle_several(drop_occasions(phrases, spans, plain))
    else:
        span = _finish(spans[0], phrases[0], kinds, plain, clash=clash)
    if span.ask is not None or span.kind == "none":
        return span
    return replace(span, ask=find_doubt(Sentence(plain, blanked, tokens, atoms, phrases, reader.now), span))


def _finish(span: Span, phrase: Phrase, kinds: set[str], plain: str, *, clash: bool) -> Span:
    """The one time of a message, with what words and another length (`clash`) beside it make of it."""
    if clash and span.ask is None:
        return replace(span, ask="conflict")
    early = AHEAD.search(plain, phrase.start)
    if early and span.ask is None and phrase.form == "single" and span.start:
        return _days_ahead(span, span.start.date(), read_number(early[1]), phrase.length)
    if "fuzzy" in kinds and (phrase.form == "until" or phrase.points[0].day is None):
        begin = phrase.pieces[0][0]
        if DAYLESS.search(plain, max(0, begin - 12), begin):
            return Span("none", ask="fuzzy")
    if span.ask in (None, "no_end", "no_start") and kinds & {"fuzzy", "vague"}:
        return replace(span, ask="fuzzy")
    return span


def _days_ahead(span: Span, day: date, days: int, length: Length | None) -> Span:
    """18号手术，提前一天请假: that day alone, or from it to the day itself; 请三天 counts from it or from the day."""
    first = day - timedelta(days=min(days, 99))
    readings = (whole_days(first, first), whole_days(first, day))
    if length and length.days >= 1:
        readings = (whole_days(first, first + timedelta(days=int(length.days) - 1)), replace(span, ask=None))
    return replace(readings[0], ask="two_readings", readings=readings, covered=span.covered)


def _cutter(plain: str) -> Cutter:
    return BOTH if LETTER.search(plain) else CHINESE_ONLY


def _cut(plain: str, blanked: str) -> list[Token]:
    tokens = _cutter(plain).cut(blanked)
    if "between" in plain:
        # The first "and" behind it joins the two ends of one stretch.
        for found in re.finditer(r"\bbetween [^,。]{1,30}", plain):
            joint = next((token for token in tokens if token.start > found.start() and token.kind == "and"), None)
            if joint and joint.end <= found.end():
                joint.kind = "to"
    return tokens


def _first_of_many(tokens: list[Token], plain: str, origin: list[int], reader: Reader) -> Span:
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
    covered = _covered(phrases[0].pieces, plain, origin) if offers else ()
    return Span("none", weekday=weekday, ask="recurring", readings=offers, covered=covered)


def _counted(phrases: list[Phrase], length: Token, plain: str) -> Phrase | None:
    """The time that a length belongs to: the only one, or of several the one that it stands beside (请15号一天)."""
    if len(phrases) == 1:
        return phrases[0]
    beside = [
        phrase
        for phrase in phrases[:MOST_TIMES]
        if phrase.form == "single" and BESIDE.fullmatch(plain, phrase.end, max(phrase.end, length.start))
    ]
    return beside[0] if len(beside) == 1 and beside[0].end <= length.start else None


def _is_reason(phrase: Phrase, length: Token, plain: str) -> bool:
    """昨天骨折了，想请假两周: what is past is the reason, and the length is still without a start."""
    point = phrase.points[0]
    if phrase.form != "single" or not (point.day and point.day.back) or AFTERWARDS.search(plain):
        return False
    ill = point.since and ILL.match(plain, phrase.end)
    if (point.since and not ill) or point.pieces[0][0] < point.start:
        return False
    if length.end <= phrase.start:
        return bool(ill) or any(mark in plain[length.end : phrase.start] for mark in ",因")
    if ill:
        return LIMIT.search(plain, phrase.end) is not None
    return any(mark in plain[phrase.end : length.start] for mark in ",了") and bool(LIMIT.search(plain, phrase.end))


def _vague_end(phrases: list[Phrase], plain: str) -> bool:
    """Whether one stretch was said whose end is no day (「从今天到明年6月」, 「从周五到放假」): the end is asked."""
    if len(phrases) == 1 and phrases[0].form == "single" and NOT_YET.search(plain):
        return True
    found = VAGUE.match(plain, phrases[0].end) if phrases[0].form == "single" else None
    if found is None or any(phrase.start >= found.end() for phrase in phrases[1:]):
        return False
    return phrases[0].points[0].since or len(phrases) > 1 or not found["month"]


def _choose_length(lengths: list[Token], phrases: list[Phrase], plain: str) -> tuple[Token | None, bool]:
    """The one length that belongs to the wish, days before hours, and whether another was said beside it.

    「三天，哦不，两天」 takes the last.
    """
    wanted = [token for token in lengths if not NOT.search(plain, max(0, token.start - 4), token.start)] or lengths
    days = [token for token in wanted if token.length and not token.length.minutes] or wanted
    if not days:
        return None, False
    if CORRECTED.search(plain, days[0].end, days[-1].start):
        return days[-1], False
    beside = [token for token in days if len(phrases) == 1 and BESIDE.fullmatch(plain, phrases[0].end, token.start)]
    if beside[-1:] == days[-1:]:
        return beside[0], False  # 本来想请两天，就请周五一天吧
    wished = [token for token in days if WISHED.search(plain, max(0, token.start - 4), token.start)]
    if len(wished) == 1 and wished[0] is days[-1]:
        return wished[0], False  # 医生建议休息两周，我先请一周
    return days[0], any(token.length != days[0].length for token in days)


def _without_start(lengths: list[Token], kinds: set[str], plain: str, origin: list[int]) -> Span:
    """Only a length, or only words that come near a time."""
    doubt = "fuzzy" if "fuzzy" in kinds else "no_start"
    if not lengths:
        near = "fuzzy" in kinds or lacks_units(plain)
        return Span("none", ask="fuzzy" if near else None)
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
    points = [atom for atom in fold(_cut(plain, blank(plain)), plain) if isinstance(atom, Point)]
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
