"""The cast of the matrix, and a school with nothing stood in for in which it is settled: areas, duties, cookies."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import update

from bot import app as program
from bot import server
from bot.cookies import ANONYMOUS, PERSONAL, STAFF, new_cookie
from bot.door import Door
from bot.settings import demo_settings
from bot.store import Store
from handlers import seats, signins
from models.base import new_id
from models.db import Database
from models.grid import Duty, Grid
from models.person import Person

IDLE: Final = timedelta(days=30)
AREAS: Final = (
    ("academic", "school", "/S/"), ("academic", "college", "/S/cs/"), ("academic", "class", "/S/cs/cs2301/"),
    ("academic", "college", "/S/civil/"), ("academic", "class", "/S/civil/ce2301/"),
    ("office", "office", "/S/psych/"), ("office", "office", "/S/logistics/"), ("office", "office", "/S/youth-league/"),
)  # fmt: skip
# name → (person, class, role, area, leads)
CAST: Final[dict[str, tuple[str, str, str, str, bool]]] = {
    "owner": ("李雷", "/S/cs/cs2301/", "", "", False),
    "classmate": ("韩梅梅", "/S/cs/cs2301/", "", "", False),
    "stranger": ("欧阳㛃", "/S/civil/ce2301/", "", "", False),
    "counselor": ("韩老师", "", "counselor", "/S/cs/cs2301/", False),
    "other_counselor": ("赵老师", "", "counselor", "/S/civil/ce2301/", False),
    "deputy": ("王书记", "", "deputy-secretary", "/S/cs/", True),
    "other_deputy": ("刘书记", "", "deputy-secretary", "/S/civil/", True),
    "officer": ("邓师傅", "", "officer", "/S/logistics/", False),
    "psych": ("宋老师", "", "psych-duty", "/S/psych/", False),
    "head": ("高处长", "", "head", "/S/", True),
    "inactive": ("离职老师", "", "counselor", "/S/cs/cs2301/", False),
}
ROLES: Final = ("anonymous", "visitor", *CAST)


@dataclass
class Settled:
    """The parts of one running school, with the cast in it; `changes` are sections of the settings."""

    url: str
    folder: Path
    changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    next_day: int = 2

    def __post_init__(self) -> None:
        self.settings = demo_settings(self.folder)
        patient = {"messages_per_minute": 10_000, "per_address_per_minute": 1_000_000, "files_per_hour": 10_000}
        changes = {"rate": patient, "limits": {"most_open_per_person": 1000}} | self.changes
        for section, values in changes.items():
            changed = getattr(self.settings, section).model_copy(update=values)
            self.settings = self.settings.model_copy(update={section: changed})
        self.database = Database(self.url, program.seal_of(self.settings))
        self.school = program.school_of(self.settings)
        self.now = datetime.now(UTC)
        self.database.run(self._settle)
        self.door = Door(self.database, self.school, self.settings.rate.messages_per_minute)
        server_ = self.settings.server
        store = Store(self.folder / "files", self.database, server_.max_file_bytes, self.settings.rate.files_per_hour)
        self.closing = asyncio.Event()
        self.app = server.build(self.settings, self.database, self.door, store, self.school, self.closing)
        self.web = self.app.state.web
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End every stream, then the loop and the database."""

        async def end() -> None:
            self.closing.set()
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            await asyncio.wait(tasks, timeout=2) if tasks else None

        self.run(end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()
        self.database.close()

    def run(self, task: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(task, self.loop).result(120)

    # -- who is there

    def _settle(self, session: Any) -> None:
        for tree, level, path in AREAS:
            code = path.strip("/").rpartition("/")[2]
            session.add(Grid(id=new_id(self.now), tree=tree, level=level, code=code, name=code, path=path))
        session.flush()
        for number, (key, (name, area, _, _, _)) in enumerate(CAST.items()):
            session.add(Person(id=key.replace("_", "0"), number=f"N{number:04}", name=name, active=True,
                               kind="student" if area else "staff", academic_path=area or None))  # fmt: skip
        session.flush()
        for key, (_, _, role, path, leads) in CAST.items():
            if role:
                self.give_duty(session, key, role, path, leads=leads)
        self.school.catalogue.record(session, self.now)
        # In the same unit, since two dozen of them were half of what a school costs.
        self.cookies = {name: self._cookie(session, name) for name in ROLES}
        self.seats = {name: self._seat(session, name) for name, row in CAST.items() if row[2]}
        self._person(session, "inactive", active=False)

    def give_duty(self, session: Any, who: str, role: str, path: str, *, leads: bool = False) -> None:
        session.add(Duty(id=new_id(self.now), person_id=who.replace("_", "0"), path=path, role=role, leads=leads,
                         from_at=self.now - timedelta(days=9)))  # fmt: skip

    def end_duties(self, session: Any, who: str) -> None:
        session.execute(update(Duty).where(Duty.person_id == who.replace("_", "0")).values(until_at=self.now))

    def _person(self, session: Any, who: str, *, active: bool) -> None:
        session.execute(update(Person).where(Person.id == who.replace("_", "0")).values(active=active))

    def activate(self, who: str, *, active: bool) -> None:
        self.database.run(lambda session: self._person(session, who, active=active))

    def _cookie(self, session: Any, who: str) -> str:
        if who == "anonymous":
            return ""
        cookie = new_cookie(ANONYMOUS if who == "visitor" else PERSONAL)
        if who == "visitor":
            self.visitor = signins.visit(session, cookie, self.now, IDLE).account_key
        else:
            signins.enter(session, cookie, who.replace("_", "0"), self.now, IDLE)
        return cookie

    def _seat(self, session: Any, who: str) -> str:
        """The console cookie of a member of staff."""
        cookie, span = new_cookie(STAFF), seats.Span(timedelta(hours=2), timedelta(hours=12))
        seats.take(session, cookie, who.replace("_", "0"), self.now, span)
        return cookie

    def account(self, who: str) -> str:
        return self.visitor if who == "visitor" else who.replace("_", "0")
