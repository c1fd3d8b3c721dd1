"""The demo school in a folder of its own, and the wave of messages that the rows are measured with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import select

from bot import app
from bot.settings import Settings, demo_settings
from handlers import directory
from models.message import Reply
from models.person import Person
from models.ticket import Ticket

START = datetime(2026, 6, 8, 1, 0, tzinfo=UTC)  # a Monday, nine o'clock in Shanghai
ROUND = timedelta(days=3)  # from one wave to the next: the leave of the former one is over
WISH = "我想从明天下午到后天晚上请假回家看病"
MENU, MINE, BACK = "菜单", "我的", "销假"


@dataclass(slots=True)
class Hands:
    """The clock of a bench school: stands where it is put."""

    at: datetime = START

    def __call__(self) -> datetime:
        """The instant that counts as now."""
        return self.at


@dataclass(slots=True)
class Bench:
    """A school put together for measuring."""

    parts: app.Parts
    hands: Hands
    students: list[str]
    keys: int = 0


def settings_for(folder: Path, url: str = "") -> Settings:
    """The demo's settings without its limits on how fast one speaks; url: another database than the folder's own."""
    settings = demo_settings(folder)
    if url:
        database = settings.database.model_copy(update={"url": SecretStr(url)})
        settings = settings.model_copy(update={"database": database})
    rate = settings.rate.model_copy(update={"messages_per_minute": 10_000, "per_address_per_minute": 1_000_000})
    limits = settings.limits.model_copy(update={"most_open_per_person": 1000})
    return settings.model_copy(update={"rate": rate, "limits": limits})


def open_school(folder: Path, at: datetime = START, url: str = "") -> Bench:
    """The demo school in a folder, made at the first call; every person has a web chat account."""
    hands = Hands(at)
    parts = app.put_together(settings_for(folder, url), hands)

    def bind(session: Any) -> list[str]:
        for person in session.execute(select(Person)).scalars():
            directory.account(session, directory.PULL, person.id, START).person_id = person.id
        found = select(Person.id).where(Person.kind == "student").order_by(Person.number)
        return list(session.execute(found).scalars())

    return Bench(parts, hands, parts.database.run(bind))


Say = Callable[[str, str, str], tuple[Reply, ...]]  # (person, text, press) → what was answered


def wave(bench: Bench, students: list[str], say: Say, *, only_open: bool = False) -> int:
    """Play one wave: every student asks for leave, is approved and comes back. Returns the number of messages.

    Step by step through all students, so that the conversations of a wave are mixed as they are in a school.
    only_open: end when the leaves are handed in.
    """
    count = 0

    def spoken(who: str, text: str, press: str = "") -> tuple[Reply, ...]:
        nonlocal count
        count += 1
        bench.hands.at += timedelta(milliseconds=700)
        return say(who, text, press)

    began = bench.hands.at
    summaries = [spoken(who, WISH) for who in students]
    receipts = [spoken(who, "", replies[0].choices[0].send) for who, replies in zip(students, summaries, strict=True)]
    if only_open:
        return count
    for who, menu in zip(students, [MINE, MENU] * len(students), strict=False):
        spoken(who, menu)
    for replies in receipts:
        ticket = replies[0].choices[0].send.split(":")[1]
        assignee = _assignee(bench, ticket)
        spoken(assignee, MINE)
        spoken(assignee, "", f"t:{ticket}:sign:1")
    bench.hands.at = began + timedelta(days=2)
    for who in students:
        spoken(who, BACK)
    for who in students:
        spoken(who, MENU)
    for who in students:
        spoken(who, MINE)
    bench.hands.at = began + ROUND
    return count


def _assignee(bench: Bench, ticket: str) -> str:
    found = bench.parts.database.read(lambda session: session.get(Ticket, ticket))
    if found is None or found.assignee_id is None:
        message = "a leave of the bench has nobody who answers"
        raise AssertionError(message)
    return str(found.assignee_id)
