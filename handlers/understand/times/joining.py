"""Joins points to phrases: a range, a list, a choice, an end without its start."""

from __future__ import annotations

import re

from handlers.understand.times.cues import (
    AILING,
    ARRIVES,
    BECAUSE,
    COMES,
    CUE,
    GOES,
    GOES_ON,
    LOOSE,
    MOVED,
    OTHERS,
    PLAIN_WORDS,
    SOMEBODY,
    UNLISTED,
    clause_start,
)
from handlers.understand.times.fold import CLOSE, FILLER, Atom, Point
from handlers.understand.times.phrases import Phrase
from handlers.understand.times.tokens import Token

NOW = re.compile(r"(?:现在|此刻)(?!在?(?:校|学校)|还没|没)")
CLOSED = re.compile(r",?[^,。止]*止")  # behind a start, its end: 6.15起，6.17止
ENDS = re.compile(r"就?(?:结束|为止|截止)")  # 15号开始请假，17号结束
TO_ITS_END = re.compile(r"(?:请个?[事病]?假)?[ ,]*我?(?:到|就|想|在)?")
# Right ahead of a day that is of something else, or of another leave: 答辩在12号, 上次请的是12号.
TOLD = re.compile(
    r"(?:(?<!请)(?<!请假)(?<!不)[在于]|(?<!我)(?<!要)(?<!想)(?<!不)(?<!就)(?<!间)(?<!期)是|(?<!请)(?<!我)的|[调改换挪定约排][到在成]?了?|到了)$"
)


def _listed(left: Point, right: Point, gap: str, plain: str) -> bool:
    """Whether two points side by side make a list: 周六周日, 12号,13号."""
    if not gap and left.part and right.part and not (right.day or left.clock or right.clock):
        return True  # 上午下午都请
    if not re.fullmatch(r"[ ,]*", gap) or not (left.day and right.day) or left.day == right.day:
        return False
    apart = left.day.form != right.day.form and "date" in (left.day.form, right.day.form)
    alone = ("," in gap or left.has_time) and _is_told_alone(left, right, plain)
    if alone or ("," in gap and UNLISTED.match(plain, right.end)):
        return False  # 想请12号，28号放暑假
    if "," in gap and (apart or left.day.back < right.day.back):
        return False  # 出生日期5月6日，明天请假
    if "," in gap and (not right.day.sure or right.day.name == "later"):
        return False  # 周六返校，一周后拆线
    if "," in gap and (TOLD.search(plain, 0, left.pieces[0][0]) or GOES.match(plain, right.end)):
        return False  # 答辩在12号，13号走
    if "," in gap and (right.since or plain.startswith("也不", right.end)):
        return False
    return not (left.before or left.since or right.before) and left.day.form in (
        right.day.form,
        "offset",
        "date",
        "weekday",
    )


def _is_told_alone(left: Point, right: Point, plain: str) -> bool:
    """Whether words are said of one day, and others of the day behind the comma: 返校时间周一早上，周五晚上社团有演出."""
    begin = clause_start(plain, left.start)
    wished = CUE.search(plain, begin, left.start) or not PLAIN_WORDS.fullmatch(plain, begin, left.pieces[0][0])
    return bool(wished) and GOES_ON.match(plain, right.end) is None


def _gather(phrase: Phrase, atoms: list[Atom], index: int, plain: str) -> int:
    """Adds to a phrase what is listed behind it (和, 或, or side by side); gives the index of the first atom left."""
    while index < len(atoms):
        joint, other = atoms[index], atoms[index + 1] if index + 1 < len(atoms) else None
        last = phrase.points[-1]
        if isinstance(joint, Point):
            ranged = isinstance(other, Token) and other.kind == "to"
            if (
                ranged
                or COMES.match(plain, joint.end)
                or not _listed(last, joint, plain[last.end : joint.start], plain)
            ):
                break
            phrase.points.append(joint)
            phrase.pieces += joint.pieces
            phrase.form, index = "list", index + 1
            continue
        if joint.kind not in ("and", "or") or not isinstance(other, Point):
            break
        if not (CLOSE.fullmatch(plain[last.end : joint.start]) and FILLER.fullmatch(plain[joint.end : other.start])):
            break
        phrase.points.append(other)
        phrase.pieces += [(joint.start, joint.end), *other.pieces]
        phrase.form = "choice" if joint.kind == "or" else "list"
        index += 2
    return index


def _find_now(end: Point, plain: str, limit: int) -> Point | None:
    """The start of a leave up to an hour of today, where it was said to begin now: 我现在发高烧，要请假去医院，到今天下午6点."""
    today = end.day is None or (end.day.form == "offset" and end.day.offsets == (0,))
    found = NOW.search(plain, 0, limit) if today and end.has_time else None
    if found is None or not CUE.search(plain, found.end(), limit):
        return None
    return Point(found.start(), found.start() + 2, minutes=0, pieces=[(found.start(), found.start() + 2)])


def _leads(gap: str) -> bool:
    """Whether a 到 goes on to what follows it; 我妈周四到，我周五请假 is an arrival."""
    return FILLER.fullmatch(gap) is not None and not ARRIVES.match(gap)


def _closes(start: Point, end: Point, plain: str) -> bool:
    """Whether a point behind a start is said to be its end."""
    if CLOSED.fullmatch(plain, start.end, end.end + 1):
        return True
    if CUE.search(plain, 0, end.start) is None:
        return False  # 比赛15号开始，18号结束
    return ENDS.match(plain, end.end) is not None and TO_ITS_END.fullmatch(plain, start.end, end.start) is not None


def join(atoms: list[Atom], plain: str) -> list[Phrase]:
    """The phrases that points and joints make."""
    phrases: list[Phrase] = []
    index = 0
    while index < len(atoms):
        atom, *near = atoms[index : index + 3]
        joint, other = near[0] if near else None, near[1] if len(near) > 1 else None
        index += 1
        if isinstance(atom, Token):
            arrives = bool(phrases) and plain.startswith(",", atom.end) and phrases[-1].end == atom.start
            if atom.kind == "to" and isinstance(joint, Point) and _leads(plain[atom.end : joint.start]) and not arrives:
                start = None if phrases else _find_now(joint, plain, atom.start)
                points, spot = ([start, joint], "range") if start else ([joint], "until")
                ahead = start.pieces if start else []
                phrases.append(Phrase(spot, points, [*ahead, (atom.start, atom.end), *joint.pieces]))
                index += 1
            continue
        if isinstance(joint, Token) and isinstance(other, Point) and joint.kind == "to":
            gap = plain[atom.end : joint.start]
            # 从前天开始发烧，想请假到周五: the one began, the other is to end.
            apart = (
                (AILING.search(gap) or "," in gap)
                and (atom.day and atom.day.back)
                and CUE.search(gap)
                and "补" not in plain
            )
            apart = apart or BECAUSE.search(gap) is not None
            loose = LOOSE.fullmatch(gap) and not (MOVED.search(gap) or OTHERS.search(gap) or apart)
            behind = plain[joint.end : other.start]
            comes = "," in behind and SOMEBODY.search(plain, 0, atom.start)  # 我对象周日到，周五请假
            if loose and _leads(behind) and not comes:
                phrases.append(Phrase("range", [atom, other], [*atom.pieces, (joint.start, joint.end), *other.pieces]))
                index += 2
                continue
        if isinstance(joint, Point) and atom.since and _closes(atom, joint, plain):
            phrases.append(Phrase("range", [atom, joint], [*atom.pieces, *joint.pieces]))
            index += 1
            continue
        phrase = Phrase("single", [atom], list(atom.pieces))
        index = _gather(phrase, atoms, index, plain)
        phrases.append(phrase)
    return phrases
