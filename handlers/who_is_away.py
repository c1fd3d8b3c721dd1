"""Answers staff who ask in chat who is on leave today or tomorrow: names and times, and the page where all of them stand."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from handlers.turn import Turn
from handlers.understand.absences import asks_who, days_ahead
from handlers.views import on_leave
from models.message import Link, Reply

MOST: Final = 10  # students listed in one message; the page has all of them
PAGE: Final = "/console/on-leave"


def hear(turn: Turn, words: str) -> tuple[Reply, ...] | None:
    """The students of the speaker's areas who are away on the day that is asked about; None for other words."""
    if turn.person is None or turn.person.kind != "staff" or not asks_who(words):
        return None
    ahead = days_ahead(words)
    on = turn.today + timedelta(days=ahead)
    page = on_leave.away(turn, on, most=MOST)
    day = turn.say(f"who_is_away.day{ahead}")
    lines = [
        turn.say("who_is_away.head" if page.rows else "who_is_away.none", day=day, count=sum(page.counts.values()))
    ]
    if not turn.abroad:  # Names stay on the school's own page.
        lines += [
            turn.say("who_is_away.line", name=row.leave.person, span=row.span, status=row.said) for row in page.rows
        ]
    lines += [turn.say("who_is_away.more")] if page.more or (turn.abroad and page.rows) else []
    url = f"{turn.school.base_url}{PAGE}?on={on:%Y-%m-%d}"
    return (Reply(text="\n".join(lines), link=Link(label=turn.say("console.on_leave"), url=url)),)
