"""Why a ticket is owed when it is: the promise in words, and stretch by stretch what of the time was counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers import limits, lists, wording
from handlers.texts import together
from handlers.turn import Turn
from models.limits import WORKDAY_SECONDS, Limit

MOST_PARTS = 40  # stretches that are shown; what lies between them is left out of the middle


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of time, and how much of it counted: "" for none of it."""

    said: str
    counted: str


@dataclass(frozen=True, slots=True)
class Owed:
    """One promise: what, by when, how late it is ("" when it is not), the rule in sentences, and its stretches.

    flag: what is not certain about it, "" for nothing: holidays of a year that are not announced yet.
    """

    said: str
    late: str
    rule: str
    parts: tuple[Part, ...]
    flag: str = ""


def owed(turn: Turn, whys: Sequence[limits.Why]) -> tuple[Owed, ...]:
    """Every promise of a ticket in words."""
    found = []
    for why in whys:
        late = lists.lasting(turn, turn.now - why.at) if why.at < turn.now else ""
        promise = turn.say(f"ticket_page.limit_{why.limit.clock}", length=_promised(turn, why.limit))
        begun = why.parts[0][0] if why.parts else why.at
        rule = turn.say(
            "ticket_page.rule", promise=promise, since=wording.moment(begun, turn.lang, turn.school.zone, turn.today)
        )
        at = wording.owed(why.at, turn.now, turn.lang, turn.school.zone)
        said = turn.say(f"ticket_page.owed_{why.target}", at=at)
        late = turn.say("inbox.late", late=late) if late else ""
        parts = tuple(_part(turn, part) for part in why.parts[-MOST_PARTS:])
        years = turn.say("form.or").join(str(year) for year in why.guessed)
        flag = turn.say("ticket_page.guessed", years=years) if years else ""
        found.append(Owed(said, late, together(rule, *_moved(turn, why)), parts, flag))
    return tuple(found)


def _moved(turn: Turn, why: limits.Why) -> list[str]:
    """What else had a say: an extension, and that the thing begins before the limit ends."""
    said = []
    if why.extended is not None:
        said.append(turn.say("ticket_page.extended_by", length=_promised(turn, why.extended)))
    if why.changed is not None:
        at = wording.moment(why.changed, turn.lang, turn.school.zone, turn.today)
        said.append(turn.say("ticket_page.reprioritised", at=at))
    if why.begins is not None:
        at = wording.moment(why.begins, turn.lang, turn.school.zone, turn.today)
        said.append(turn.say("ticket_page.begins", at=at))
    return said


def _promised(turn: Turn, limit: Limit) -> str:
    """A limit as promised; a day of working time is eight hours of it."""
    day = WORKDAY_SECONDS if limit.clock == "work" else 24 * 3600
    if limit.seconds % day == 0:
        return turn.say("lists.days", count=limit.seconds // day)
    return length(turn, limit.seconds)


def length(turn: Turn, seconds: float) -> str:
    """A length of time to the minute: 3小时30分钟; what is shorter, as in a demonstration, in seconds."""
    minutes = round(seconds / 60)
    if seconds < 60:
        return turn.say("ticket_page.seconds", count=round(seconds))
    if minutes < 60:
        return turn.say("lists.minutes", count=minutes)
    if minutes % 60 == 0:
        return turn.say("lists.hours", count=minutes // 60)
    return turn.say("ticket_page.hours", hours=minutes // 60, minutes=minutes % 60)


def _part(turn: Turn, part: tuple[datetime, datetime, float]) -> Part:
    begun, ended, seconds = part
    zone = turn.school.zone
    start, end = begun.astimezone(zone), ended.astimezone(zone)
    first = wording.moment(start, turn.lang, zone, turn.today)
    last = f"{end:%H:%M}" if start.date() == end.date() else wording.moment(end, turn.lang, zone, turn.today)
    return Part(turn.say("time.span", start=first, end=last), length(turn, seconds) if seconds else "")
