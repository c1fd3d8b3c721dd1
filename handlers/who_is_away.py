"""Answers staff who ask in chat of their students: who is away on a day or in a week, who leaves, who comes back, who is late."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from handlers import lists, student, wording
from handlers.turn import Turn
from handlers.understand.absences import asked_day, asked_of, asks_list, asks_students, days_ahead, may_ask, weeks_ahead
from handlers.views import on_leave
from handlers.views.away_day import OVERDUE, is_here, is_here_on, people
from handlers.views.on_leave import Row
from models.message import Choice, Link, Reply

MOST: Final = 10  # students listed in one message; the page has all of them
PAGE: Final = "/console/on-leave"
# What is asked → the states of a row that answer it; of the others every row does.
_STATES: Final = {"missing": {"overdue"}, "returning": {"returning", "returned"}}


def hear(turn: Turn, words: str) -> tuple[Reply, ...] | None:
    """The students of the speaker's areas who answer what is asked, with a button each; None for other words."""
    staff = turn.person is not None and turn.person.kind == "staff"
    if staff and asks_list(words):
        url = f"{turn.school.base_url}{PAGE}?on={turn.today:%Y-%m-%d}"
        return (Reply(text=turn.say("who_is_away.list"), link=Link(label=turn.say("console.on_leave"), url=url)),)
    dated, found = asked_day(words) if staff else (words, None)
    asked = asks_students(dated) if staff or may_ask(words) else ""
    if not staff:
        return _to_student(turn, words, asked)
    if not asked:
        of = lists.of_student(turn, words) if asked_of(words) else None
        return None if of is None else (of,)
    on = _calendar_day(turn, found) if found is not None else None
    if found is not None and on is None:
        return None
    days = [on] if on is not None else [turn.today] if asked == "missing" else _days(turn, words)
    rows = _rows(turn, asked, days)
    week = weeks_ahead(words) if len(days) > 1 else None
    ahead = (days[0] - turn.today).days
    day = turn.say(f"who_is_away.week{week}" if week is not None else f"who_is_away.day{ahead}") if on is None else ""
    day = wording.day(on, turn.lang, turn.today) if on is not None else day
    rows, owed = _apart(rows, days) if asked == "away" else (rows, 0)
    here = people(row.leave for row in rows if is_here(row.leave)) if asked == "away" else 0
    count = people(row.leave for row in rows if asked != "away" or not is_here(row.leave))
    key = "missing_seen" if asked == "missing" and not any(row.leave.books for row in rows) else asked
    lines = [turn.say(f"who_is_away.{key if rows else f'{asked}_none'}", day=day, count=count)]
    lines += [turn.say("who_is_away.here", count=here)] if here else []
    lines += [turn.say("who_is_away.owed", count=owed)] if owed else []
    shown = () if turn.abroad else rows[:MOST]  # Names stay on the school's own page.
    lines += [turn.say("who_is_away.line", name=row.leave.person, span=row.span, status=row.said) for row in shown]
    lines += [turn.say("who_is_away.more")] if len(rows) > len(shown) else []
    url = f"{turn.school.base_url}{PAGE}?on={days[0]:%Y-%m-%d}"
    choices = tuple(choice for row in shown for choice in _ways(turn, row))
    return (Reply(text="\n".join(lines), choices=choices, link=Link(label=turn.say("console.on_leave"), url=url)),)


def _to_student(turn: Turn, words: str, asked: str) -> tuple[Reply, ...] | None:
    """One's own leave by one's own name; of others nothing is told, not even that somebody of that name is here."""
    name = asked_of(words)
    if name and turn.person is not None and turn.person.name == name:
        return student.mine(turn)
    if not (name or asked):
        return None
    human = turn.say("way.human")
    return (Reply(text=turn.say("who_is_away.not_told"), choices=(Choice(label=human, send="w:human", words=human),)),)


def _calendar_day(turn: Turn, found: re.Match[str]) -> date | None:
    """The day that is named, of this month where no month is; None for one that there is not."""
    try:
        return date(turn.today.year, int(found["month"] or turn.today.month), int(found["day"]))
    except ValueError:
        return None


def _days(turn: Turn, words: str) -> list[date]:
    """The day that is asked about, or every day of the week from today on."""
    week = weeks_ahead(words)
    if week is None:
        return [turn.today + timedelta(days=days_ahead(words))]
    monday = turn.today - timedelta(days=turn.today.weekday()) + timedelta(weeks=week)
    return [day for day in (monday + timedelta(days=each) for each in range(7)) if day >= turn.today]


def _rows(turn: Turn, asked: str, days: Iterable[date]) -> list[Row]:
    """Who answers it on one of the days, each leave once, as it stands on the first of them."""
    found: dict[str, Row] = {}
    for day in days:
        for row in on_leave.away(turn, day).rows:
            starts = row.leave.start.date() == day
            wanted = asked not in _STATES or _STATES[asked] & set(row.states)
            if starts if asked == "leaving" else wanted:
                found.setdefault(row.leave.ticket_id, row)
    return list(found.values())


def _apart(rows: list[Row], days: Iterable[date]) -> tuple[list[Row], int]:
    """The rows without those of leaves on campus that were over before these days, and how many people owe the signing back
    in of one: they are on leave no more."""
    on = list(days)
    over = [row for row in rows if is_here(row.leave) and not any(is_here_on(row.leave, day) for day in on)]
    return [row for row in rows if row not in over], people(row.leave for row in over)


def _ways(turn: Turn, row: Row) -> Iterable[Choice]:
    """The return of whoever is late is booked; any other leave is looked at, where it may be."""
    leave = row.leave
    if row.status == OVERDUE and leave.books:
        words = turn.say("keeper.back_words", number=leave.ticket)
        yield Choice(label=turn.say("keeper.back", name=leave.person), send=f"k:{leave.ticket_id}", words=words)
    elif leave.opens:
        words = turn.say("who_is_away.see_words", number=leave.ticket)
        yield Choice(
            label=turn.say("who_is_away.see", name=leave.person), send=f"t:{leave.ticket_id}:show:0", words=words
        )
