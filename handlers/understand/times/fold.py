"""Folds tokens into points (a day, a part of it, a clock) and keeps the words that join points."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from handlers.understand.times.cues import GOES_ON, OF_ALL
from handlers.understand.times.tokens import Clock, Day, Token

# Words between two tokens that do not part them: fillers of speech, particles, and the asking itself.
FILLER = re.compile(
    r"(?:[ ,()从的嘛呢啊吧呀哈哦噢嗯呃额唉诶就那是也想我要先再在于为:\"“”]|那个|然后|大概|可能|应该|大约|差不多|左右|上下"
    r"|这样子?|需要|[gdkztc]\d{1,4}次?|请个?假|只[有是请]?|一直|打算|准备|[要得会]到|(?:of|on|in|the|this|at|from|please)\b)*"
)
ASKED = re.compile(r"[我就先只想要]{0,3}(?:帮我)?请个?")  # between a day and its part: 后天请一下午
AGAIN = re.compile(r"[^,。]{0,4}(?:回|返|上课|到校)")  # behind a part: a return, which is no part of the leave
# What may stand behind a day that names the one ahead of a comma once more: 周日，6月28号走.
ENDS_DAY = re.compile(r"$|[ ,。()到至~\-请走回离返上下早中晚开起之前后的就不]|\d")
CLOSE = re.compile(r"[ ,()的]*")


@dataclass(slots=True)
class Point:
    """One place in time as it was said, at [start, end) of the plain words."""

    start: int
    end: int
    day: Day | None = None
    part: str = ""
    clock: Clock | None = None
    lessons: tuple[int, int] | None = None
    minutes: int | None = None  # from now: 半小时后, 现在
    other: Day | None = None  # a second name of the day, to be checked against it: 明天（6月11日）
    weekday: int | None = None  # said beside a date, to be checked against it
    day_last: bool = False  # the day stood behind the clock: from 2 to 4 pm tomorrow
    before: bool = False
    since: bool = False
    after: bool = False
    closed: bool = False  # 前, 起 or 后 stood behind it: nothing more belongs to it
    session: bool = False  # a part that is one lesson of a day: 晚自习
    counted: bool = False  # 一个下午 without a day
    whole: bool = False  # 全天 stood behind it
    pieces: list[tuple[int, int]] = field(default_factory=list)

    @property
    def has_time(self) -> bool:
        """Whether anything finer than a day was said."""
        return bool(self.part or self.clock or self.lessons or self.minutes is not None)


Atom = Point | Token
OPEN = frozenset({"since", "starting", "beginning"})  # words ahead of a start whose end is still to be said
JOINTS = frozenset({"to", "and", "or"})


MONTHS = {"国庆": 10, "十一": 10, "五一": 5, "劳动节": 5, "元旦": 1}  # whose days off lie in one month
MOST_LISTED = 8  # numbers that share one unit: 12、13、15、16号
PLAIN = ("offset", "date", "weekday", "festival")


def second_name(left: Day, right: Day) -> tuple[Day, Day] | None:
    """The day that counts and the other name of it, from two words that stand together: 下周三6月17日, 10月1日国庆."""
    if left.form == right.form or left.form not in PLAIN or right.form not in PLAIN:
        return None
    if any(len(day.weekdays) > 1 or (day.form == "offset" and len(day.offsets) > 1) for day in (left, right)):
        return None
    if left.form == "festival":
        return right, replace(left, whole=True)
    return (right, left) if right.form == "date" else (left, right)


def _bare(day: Day) -> bool:
    return day.month is None and day.month_offset is None and day.year is None


def parts_of_pair(left: Day, right: Day) -> tuple[Day, int | None] | None:
    """One day from two words that name it together: 6月12日周五, 下个月 + 5号. None where they are two days."""
    if left.form == "festival" and left.name in MONTHS and not left.shift and right.form == "date" and _bare(right):
        return replace(right, month=MONTHS[left.name]), None  # 国庆1号到7号
    if right.form == "weekday" and len(right.weekdays) == 1 and left.form in ("date", "offset") and right.week is None:
        return left, right.weekdays[0]
    if right.form == "weekday" and len(right.weekdays) == 1 and left.form == "festival" and right.week is None:
        return left, right.weekdays[0]  # 端午前一天周四
    if left.form == "weekday" and len(left.weekdays) == 1 and right.form == "date" and left.week is None:
        return right, left.weekdays[0]
    if (
        left.form == "month"
        and left.dom is None
        and right.form == "date"
        and right.month is None
        and right.month_offset is None
    ):
        return replace(left, form="date", dom=right.dom, sure=True), None
    for whole, day in ((left, right), (right, left)):
        # 下周 + 周三, Wednesday + next week
        if whole.form == day.form == "weekday" and not whole.sure and day.sure and day.week is None:
            return replace(day, week=whole.week), None
    return None


def take(point: Point, token: Token, gap: str, plain: str) -> bool:
    """Whether a token behind a point belongs to it; if so the point has it now."""
    if token.kind == "day" and token.day:
        if point.day == token.day and not point.has_time and "," not in gap:
            point.part = token.part or point.part  # 明天吧明天下午: said once more
            return True
        if point.day:
            near = CLOSE.fullmatch(gap) and ("," not in gap or ENDS_DAY.match(plain, token.end))
            pair = parts_of_pair(point.day, token.day) if near and not point.has_time else None
            named = second_name(point.day, token.day) if re.fullmatch(r"[ (]*", gap) and not point.has_time else None
            if pair is None and named and not (point.other or token.part):
                point.day, point.other = named
                return True
            if pair is None:
                return False
            point.day, point.weekday = pair[0], pair[1] or point.weekday
            point.part = token.part or point.part
            return True
        behind = token.part and (point.part or not plain[token.start].isascii())  # 10pm tonight, but not 十点今晚
        if "," in gap or "请" in gap or point.minutes is not None or behind:
            return False
        point.day, point.day_last = token.day, True
        point.part = token.part or point.part
        return True
    if point.minutes is not None:
        return False
    if token.kind == "part" and not point.part and not point.lessons:
        if point.clock and not plain[token.start].isascii():
            return False
        # 「周一到周五的下午」 and 晚自习 are one time of each day.
        point.part, point.session = token.part, token.bare == 1 or gap == "的"
        return True
    if token.kind == "clock" and not point.clock and not point.lessons:
        point.clock = token.clock
        return True
    if token.kind == "lesson" and not point.clock and not point.lessons:
        point.lessons = token.lessons
        return True
    return False


def begin(token: Token) -> Point | None:
    """The point that a token starts, or None for words that are no point."""
    point = Point(token.start, token.end, token.day, token.part, token.clock, token.lessons)
    point.session = token.kind == "part" and token.bare == 1
    point.counted = token.kind == "part" and token.bare == 2
    if token.kind == "later":
        point.minutes = token.bare
    elif token.kind == "now":
        point.minutes = 0
    elif token.kind not in ("day", "part", "clock", "lesson"):
        return None
    return point


def _settle_dotted(token: Token, said: Token | None, after: Token | None, dated: Day | None, far: bool) -> Token | None:
    """2.30 behind 下午 is a clock (marked by bare=1, so that 到4.30 is one too); otherwise 6.12 is a day.

    Behind a date and a joint (6.10下午-6.12, `far`) it is a day as well, and where both can be meant it asks.
    """
    near = said is not None and said.end + 2 >= token.start
    clocklike = said is not None and near and (said.part != "" or said.bare == 1)
    followed = after is not None and after.kind in ("clock", "part") and after.start <= token.end + 1
    if token.clock and clocklike and not followed:
        paired = said is not None and said.bare == 1 and said.clock is not None
        if token.day and (far or token.clock.minute % 5) and _may_be_day(token, dated, paired):
            sure = token.clock.minute % 5 or (dated is not None and dated.month is not None and not paired)
            return Token("day" if sure else "fuzzy", token.day if sure else None, start=token.start, end=token.end)
        return Token("clock", clock=token.clock, bare=1, start=token.start, end=token.end)
    if token.clock and token.day is None and near and said is not None and said.day:
        return Token("clock", clock=token.clock, bare=1, start=token.start, end=token.end)  # 6.19 17.30
    return Token("day", token.day, start=token.start, end=token.end) if token.day else None


def _may_be_day(token: Token, dated: Day | None, paired: bool) -> bool:
    """Whether a dotted number can be the day up to which a stretch goes: two clocks (2.30-4.30) only where it is near."""
    if not paired:
        return True
    if dated is None or dated.month is None or token.day is None:
        return False
    ahead = ((token.day.month or 0) - dated.month) % 12 * 31 + (token.day.dom or 0) - (dated.dom or 0)
    return 0 < ahead <= 31


def _settle_bare(token: Token, model: Token | None) -> Token | None:
    """A number takes the unit of the token that it is joined to."""
    if model and model.clock:
        return Token("clock", clock=Clock(token.bare), start=token.start, end=token.end)
    if model and model.day and model.day.form == "date":
        return Token("day", Day("date", dom=token.bare), start=token.start, end=token.end)
    return None


def settle(tokens: list[Token]) -> list[Token]:
    """The tokens with dotted and bare numbers made what their neighbours say they are; the rest of them goes."""
    settled: list[Token] = []
    said: Token | None = None  # the last token that is no joint
    dated: Day | None = None  # the last day
    for index, token in enumerate(tokens):
        known: Token | None = token
        if token.kind == "to" and settled and settled[-1].kind == "to" and token.start - settled[-1].end < 3:
            settled[-1].end, known = token.end, None  # 周五下午两点，到，到四点
        elif token.kind == "dotted":
            far = said is not None and said.end < token.start
            known = _settle_dotted(token, said, tokens[index + 1] if index + 1 < len(tokens) else None, dated, far)
        elif token.kind == "bare":
            joined = bool(settled) and settled[-1].kind in JOINTS and said is not None and bool(said.clock or said.day)
            after = next(
                (other for other in tokens[index + 1 : index + 2 * MOST_LISTED] if other.kind not in (*JOINTS, "bare")),
                None,
            )
            follower = tokens[index + 1] if index + 1 < len(tokens) else None
            parted = follower is not None and follower.kind == "part" and follower.start == token.end
            if parted and settled and settled[-1].kind in JOINTS and dated and dated.form == "date":
                known = Token(
                    "day", Day("date", dom=token.bare), start=token.start, end=token.end
                )  # 18号9点到19下午5点
            else:
                known = _settle_bare(token, said if joined else after)
            if known is None and settled and settled[-1].kind in JOINTS and said is not None and said.part:
                known = Token("fuzzy", start=token.start, end=token.end)  # 6.15下午-17: a day or a clock
        if known:
            settled.append(known)
            dated = known.day or dated
            said = known if known.kind not in JOINTS else said
    return settled


def _halves(ahead: Atom, last: Atom, token: Token, plain: str) -> bool:
    """Whether a part says which half of the day ahead is meant (明天半天上午); if so that day has it now."""
    if not (isinstance(last, Token) and last.length and 0 < last.length.days < 1 and isinstance(ahead, Point)):
        return False
    if not ahead.day or ahead.closed or ahead.has_time or last.start - ahead.end > 2 or AGAIN.match(plain, token.end):
        return False
    if not take(ahead, token, plain[last.end : token.start], plain):
        return False
    ahead.pieces.append((token.start, token.end))
    return True


def _is_apart(tokens: list[Token], index: int, gap: str, plain: str) -> bool:
    """Whether a time of the day in a clause of its own is that of something else than the day ahead of the comma."""
    if ("," not in gap and gap != " ") or tokens[index].kind not in ("day", "part", "clock", "lesson"):
        return False
    if gap == " ":
        return OF_ALL.match(plain, tokens[index].end) is not None
    end = tokens[index].end
    if tokens[index].kind == "day" and (index + 1 == len(tokens) or tokens[index + 1].start != end):
        return False
    for token in tokens[index + 1 : index + 3]:
        if token.start != end or token.kind not in ("part", "clock", "lesson"):
            break
        end = token.end
    return GOES_ON.match(plain, end) is None or plain.startswith("也", end)


def fold(tokens: list[Token], plain: str) -> list[Atom]:
    """Points, lengths and joints in the order in which they were said."""
    atoms: list[Atom] = []
    latest: Token | None = None
    tokens = settle(tokens)
    for index, token in enumerate(tokens):
        last = atoms[-1] if atoms else None
        if isinstance(last, Point):
            gap = plain[last.end : token.start]
            if token.kind == "allday" and CLOSE.fullmatch(gap) and last.day and not last.has_time:
                last.end, last.whole = token.end, True  # 周四全天，周五上午
                continue
            if token.kind in ("since", "before", "after"):
                if CLOSE.fullmatch(gap) or gap in ("左右", "这天", "那天", "就"):  # 三天前就开始发烧
                    setattr(last, token.kind, True)
                    last.closed = True
                    last.pieces.append((token.start, token.end))
                    last.end = token.end
                continue
            near = FILLER.fullmatch(gap) or (token.kind in ("part", "clock", "lesson") and ASKED.fullmatch(gap))
            if not last.closed and near and not _is_apart(tokens, index, gap, plain) and take(last, token, gap, plain):
                last.pieces.append((token.start, token.end))
                last.end = token.end
                continue
        if len(atoms) > 1 and token.kind == "part" and _halves(atoms[-2], atoms[-1], token, plain):
            continue
        if token.kind in ("from", "latest"):
            latest = token
            continue
        point = begin(token)
        if point:
            point.pieces.append((token.start, token.end))
            if latest and FILLER.fullmatch(plain[latest.end : token.start]):
                point.pieces.insert(0, (latest.start, latest.end))
                point.before = latest.kind == "latest"
                point.since = plain[latest.start : latest.end] in OPEN
            latest = None
            atoms.append(point)
        elif token.kind not in ("since", "before", "after", "dotted", "bare"):
            atoms.append(token)
    return atoms
