"""Five figures for whoever leads a college or an office, on Monday morning: how last week went, with the way to the lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from handlers import directory, figures, notices
from handlers.figures import Asked
from handlers.turn import Turn
from handlers.understand.reporting import asked_days
from models.grid import Duty, Grid
from models.message import Link, Reply
from models.outbox import Lane
from models.person import Person
from models.sending import is_posted
from models.tidying import claim_job

HOUR: Final = 8  # of Monday, at the school
JOB: Final = "weekly"
COLLEGE: Final = "college"
LEVELS: Final = ("school", COLLEGE, "office")
MOST: Final = 3  # areas that one answer in chat tells of


def is_due(turn: Turn) -> datetime | None:
    """The instant of this week's message, once it has come; until Tuesday, so that a night without a server loses none."""
    local = turn.now.astimezone(turn.school.zone)
    monday = local.date() - timedelta(days=local.weekday())
    fires_at = datetime.combine(monday, time(HOUR), turn.school.zone)
    return fires_at if fires_at <= turn.now < fires_at + timedelta(days=1) else None


def report(turn: Turn) -> int:
    """Write this week's messages, once in the whole cluster; how many. Nothing when it is not Monday morning yet."""
    fires_at = is_due(turn)
    if fires_at is None or not claim_job(turn.session, JOB, fires_at):
        return 0
    since, until = figures.last_week(turn.today)
    count = 0
    for person, grid in _leaders(turn.session, turn.now):
        key = f"weekly:{since:%Y%m%d}:{person.id}:{grid.id}"
        if not is_posted(turn.session, key):
            address = directory.address(turn.session, person, turn.now)
            there = replace(turn.to(address.lang or person.lang, address.channel), person=person)
            notices.send(turn, address, _reply(there, grid, since, until), Lane.reminder, key)
            count += 1
    return count


def _leaders(session: Session, now: datetime) -> list[tuple[Person, Grid]]:
    statement = (
        select(Person, Grid)
        .join(Duty, Duty.person_id == Person.id)
        .join(Grid, Grid.path == Duty.path)
        .where(
            Duty.leads, Person.active, Grid.level.in_(LEVELS),
            and_(Duty.from_at <= now, or_(Duty.until_at.is_(None), Duty.until_at > now)),
        )
        .order_by(Grid.path, Person.number)
    )  # fmt: skip
    found: dict[tuple[str, str], tuple[Person, Grid]] = {}
    for person, grid in session.execute(statement):
        found.setdefault((person.id, grid.id), (person, grid))
    return list(found.values())


def hear(turn: Turn, words: str) -> tuple[Reply, ...] | None:
    """The same figures when a leader asks for them in chat (「数据」, 「本月统计」): of last week, or of the days that are
    named; whoever leads nothing reads who does. None for other words."""
    days = asked_days(words, turn.said_at.astimezone(turn.school.zone).date())
    if days is None or turn.person is None:
        return None
    led = [grid for person, grid in _leaders(turn.session, turn.now) if person.id == turn.person.id]
    if not led:
        return (Reply(text=turn.say("reports.not_led")),)
    return tuple(_reply(turn, grid, *days) for grid in led[:MOST])


def _reply(turn: Turn, grid: Grid, since: date, until: date) -> Reply:
    """The five figures of an area, counted as its leader would see them on the page that the link opens."""
    found = figures.figures(turn, Asked(since, until, grid.path))
    sums = found.total
    area = (grid.name_en if turn.lang == "en" else "") or grid.name
    week = turn.say("reports.last_week") if (since, until) == figures.last_week(turn.today) else ""
    days = {"area": area, "week": week, "since": f"{since:%m-%d}", "until": f"{until:%m-%d}"}
    words = turn.say("reports.weekly_none", **days)
    if sums["opened"]:
        words = turn.say(
            "reports.weekly", **days, opened=sums["opened"], answering=figures.percent(sums.answering),
            answering_of=sums.answering.whole, overdue=sums["overdue"], pleasing=figures.percent(sums.pleasing),
            rated=sums["rated"], unrated=sums["unrated"], median=figures.length(turn, found.median) or "—",
        )  # fmt: skip
    other = figures.elsewhere(turn, Asked(since, until, grid.path)) if grid.level == COLLEGE else 0
    words += "\n" + turn.say("reports.elsewhere", count=other) if other else ""
    query = f"since={since}&until={until}&area={grid.path}"
    url = f"{turn.school.base_url.rstrip('/')}/console/figures?{query}"
    return Reply(text=words, link=Link(label=turn.say("reports.look"), url=url))
