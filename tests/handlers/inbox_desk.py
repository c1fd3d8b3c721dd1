"""A settled school whose inbox is read, in a database of either kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from handlers import tickets
from handlers.turn import Turn
from handlers.views import inbox as views
from handlers.views.inbox import Inbox
from handlers.views.inbox_filter import Place, read
from models.db import Database
from tests import builders
from tests.builders import START, leave_answers, make_school, own_catalogue, person_of, turn_of

HOUR = timedelta(hours=1)
Do = Callable[..., Any]


def reading(session: Any, name: str, now: datetime = START, lang: str = "zh") -> Turn:
    """A turn of somebody who only looks."""
    return Turn(session, make_school(), now, now, None, person_of(session, name), lang)


class Desk:
    """A settled school in a database of either kind."""

    def __init__(self, url: str) -> None:
        self.database = Database(url, builders.new_seal())
        self.database.run(builders.settle)
        self.opened = 0

    def do(self, name: str, work: Do, now: datetime = START) -> Any:
        return self.database.run(lambda session: work(turn_of(session, name, now)))

    def leave(self, name: str = "李雷", now: datetime = START, day: int = 0, days: float = 1.5) -> str:
        """A leave on a day of its own; answers with its number."""
        self.opened += 1
        first = START + timedelta(days=3 * (day or self.opened))
        answers = leave_answers(f"{first:%Y-%m-%d} 14:00", f"{first + timedelta(days=1):%Y-%m-%d} 22:00", days)
        item = own_catalogue().items["leave"]
        return str(self.do(name, lambda turn: tickets.open_ticket(turn, item, answers).number, now))

    def repair(self, words: str = "空调不制冷", name: str = "李雷", now: datetime = START) -> str:
        item = own_catalogue().items["dorm-repair"]
        answers = {"kind": "other", "place": "梅园3栋402", "what": words}
        return str(self.do(name, lambda turn: tickets.open_ticket(turn, item, answers).number, now))

    def verb(self, name: str, number: str, verb: Do, *words: str, now: datetime = START) -> None:
        def unit(turn: Turn) -> None:
            ticket = tickets.by_number(turn, number)
            assert ticket is not None
            verb(turn, ticket, *words)

        self.do(name, unit, now)

    def look(self, name: str, now: datetime = START, place: Place | None = None, size: int = 50, **asked: str) -> Inbox:
        def query(session: Any) -> Inbox:
            return views.inbox(reading(session, name, now), read(asked), place, size)

        found: Inbox = self.database.read(query)
        return found

    def numbers(self, name: str, now: datetime = START, **asked: str) -> list[str]:
        return [row.number for row in self.look(name, now, None, 50, **asked).rows]
