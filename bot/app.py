"""Puts every part together from the settings and runs them: the only file that knows all parts."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog
import uvicorn

from bot import demo, hours, server
from bot.clock import Clock
from bot.door import Door, now, places
from bot.guard import Pace, check_pace
from bot.settings import Settings
from bot.store import Store
from handlers import catalogue, hooks, undelivered
from handlers.turn import HelpLine, Hook, School
from models import keys, migrate
from models.db import Database, reaching
from models.item import Words
from models.message import Refused
from models.seal import Seal

log = structlog.get_logger()
STOP_SECONDS: Final = 2  # a stream that does not end by itself is cut after this
BACKLOG: Final = 512  # connections that wait while the program starts or is busy
PORTS: Final = 20  # how many further ports a demo tries
POOR: Final = frozenset({"terminal"})  # channels that show one plain message a turn


@dataclass(frozen=True)
class Parts:
    """A school's program, put together and not yet serving."""

    settings: Settings
    database: Database
    school: School
    door: Door


def seal_of(settings: Settings) -> Seal:
    """The seal of the configured keys."""
    previous = [key.get_secret_value() for key in settings.keys.previous]
    return Seal(settings.keys.current.get_secret_value(), previous, settings.keys.index.get_secret_value())


def catalogue_of(settings: Settings) -> catalogue.Catalogue:
    """The service items, the crisis lane's with the role to page and the minutes that the school configured."""
    ours = (demo.GUIDES,) if settings.demo.enabled else ()
    ruled, guided = settings.services.when, (*ours, *settings.services.guides)
    loaded = catalogue.load(settings.services.folders, settings.services.off, guided, ruled)
    urgent = loaded.items.get("crisis")
    if urgent is None:
        return loaded
    limits = urgent.limits.model_copy(update={"respond": f"{settings.crisis.page_after_minutes}m"})
    lane = urgent.model_copy(update={"answers_by": settings.crisis.role, "limits": limits})
    return catalogue.Catalogue([lane if item is urgent else item for item in loaded.items.values()], loaded.files)


def hooks_of(settings: Settings) -> tuple[Hook, ...]:
    """The systems that hear of events, without their addresses and secrets."""
    rows = settings.api.webhooks
    return tuple(
        Hook(each.name, frozenset(each.events), frozenset(each.items), frozenset(each.offices)) for each in rows
    )


def school_of(settings: Settings) -> School:
    """The school as the core sees it."""
    lines = tuple(
        HelpLine(Words(zh=line.name, en=line.name_en), line.phone, Words(zh=line.hours, en=line.hours_en))
        for line in settings.crisis.numbers
    )
    telegram = settings.channels.telegram
    return School(
        name=Words(zh=settings.school.name, en=settings.school.name_en),
        zone=ZoneInfo(settings.school.zone), base_url=settings.school.base_url,
        catalogue=catalogue_of(settings),
        clock=hours.clock_of(settings), terms=hours.terms_of(settings), named=hours.named_of(settings), help_lines=lines,
        lessons=hours.lessons_of(settings), courses=hours.courses_of(settings), follows=hours.follows_of(settings),
        most_open=settings.limits.most_open_per_person, reopen_days=settings.limits.reopen_days,
        most_reopens=settings.limits.most_reopens, urge_days=settings.limits.urge_days, undo_minutes=settings.limits.undo_minutes, demo=settings.demo.enabled,
        abroad=frozenset({"telegram"} if telegram.enabled and telegram.sensitive == "link" else ()),
        telegram=telegram.name if telegram.enabled else "", hooks=hooks_of(settings),
    )  # fmt: skip


def put_together(settings: Settings, clock: Callable[[], datetime] = now) -> Parts:
    """Open the database (brought to the newest schema), check the keys against it, and make the door.

    Raises Refused ("run.wrong_keys", "run.wrong_index") when the keys are not those of what lies there, Away when it
    cannot be reached; the database is closed again then.
    """
    url = settings.database.url.get_secret_value()
    secure_file(settings.database.sqlite_file)
    with reaching():
        migrate.upgrade(url)
    database = Database(url, seal_of(settings))
    try:
        fits = database.run(keys.check_keys)
    except BaseException:
        database.close()
        raise
    if not fits:
        database.close()
        raise Refused("run.wrong_keys")
    school = school_of(settings)
    database.run(lambda session: _prepare(session, school))
    if settings.demo.enabled:
        demo.fill(database, clock())
    push = frozenset({"telegram"} if settings.channels.telegram.enabled else ())
    door = Door(database, school, settings.rate.messages_per_minute, POOR, clock, push)
    return Parts(settings, database, school, door)


def _prepare(session: Any, school: School) -> None:
    keys.remember_keys(session)
    school.catalogue.record(session, datetime.now(UTC))
    hooks.prepare(session, school.hooks, datetime.now(UTC))


def secure_file(file: Path | None) -> None:
    """Make a SQLite file that only its owner may read, before anything is written to it."""
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))


@contextmanager
def alone(file: Path | None) -> Iterator[None]:
    """Hold a SQLite file's lock as its one serving process; Refused ("run.file_taken") while another has it.

    The lock is the operating system's: it goes with the process, so a new holder knows that the former one is dead.
    """
    if file is None:
        yield
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with Path(f"{file}.lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("run.file_taken", file=file.name) from None
        yield


class _Server(uvicorn.Server):
    """uvicorn that tells open streams at once that it is about to stop."""

    def __init__(self, config: uvicorn.Config, closing: asyncio.Event) -> None:
        super().__init__(config)
        self._closing = closing

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Ctrl-C or a service's stop."""
        self._closing.set()
        super().handle_exit(sig, frame)
        # uvicorn would raise the signal once more after its stop, and so cut off what serve() still has to put away.
        self._captured_signals.clear()


def listen(settings: Settings) -> socket.socket:
    """The socket to serve on; a demo takes the next free port, a school is told that its port is taken."""
    host, port = settings.server.host, settings.server.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for each in range(port, port + (PORTS if settings.demo.enabled else 1)):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, each))
            # Two may bind one port as long as neither listens, so only this shows that it is free.
            listener.listen(BACKLOG)
        except OSError:
            listener.close()
            continue
        return listener
    raise Refused("run.port_taken", port=port)


async def serve(parts: Parts, listener: socket.socket, version: str) -> None:
    """Serve until told to stop: pages, the ticking clock, and whatever receives and sends for each push channel."""
    closing = asyncio.Event()
    settings, database = parts.settings, parts.database
    store = Store(settings.store.folder, database, settings.server.max_file_bytes, settings.rate.files_per_hour)
    pace = Pace(settings.rate.per_address_per_minute)
    bot, senders = None, list[Any]()
    if settings.api.webhooks:
        from bot.hooks import Hooks

        senders.append(Hooks(settings.api.webhooks, database, now))
    if settings.channels.telegram.enabled:
        # Only who has a bot there pays for its library, which is a tenth of the start.
        from bot.channels.telegram.running import TelegramBot

        def lost(session: Any, ids: list[str]) -> None:
            undelivered.hear(session, parts.school, ids, now())

        bot = TelegramBot(settings, database, parts.door, store, now, lost)
        senders.append(bot)
    routes = bot.routes(lambda request: check_pace(request, settings, pace)) if bot is not None else ()
    app = server.build(settings, database, parts.door, store, parts.school, closing, routes, version, pace=pace)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, date_header=True, lifespan="off",
        timeout_graceful_shutdown=STOP_SECONDS, proxy_headers=False, h11_max_incomplete_event_size=32_768,
    )  # fmt: skip
    database.hear()
    clock = Clock(database, parts.school, now, store, timedelta(days=settings.store.keep_days))
    clock.start(demo.top_up if settings.demo.enabled else None)
    running = [asyncio.create_task(each.run(closing)) for each in senders]
    try:
        await _Server(config, closing).serve(sockets=[listener])
    finally:
        closing.set()
        clock.stop()
        await asyncio.gather(*running, return_exceptions=True)
        listener.close()
        await asyncio.to_thread(database.close)


def set_up_log(settings: Settings) -> None:
    """One line an event, constant names and ids; what libraries say goes the same way, from warnings up."""
    level = getattr(logging, settings.log.level.upper())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars, structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True), _places_only,
    ]  # fmt: skip
    last: Any = structlog.processors.JSONRenderer(ensure_ascii=True)
    if settings.log.form == "console":
        last = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    structlog.configure(
        processors=[*shared, last], wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr), cache_logger_on_first_use=False,
    )  # fmt: skip
    logging.basicConfig(
        level=max(level, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )


def _places_only(_logger: Any, _name: str, event: Any) -> Any:
    """An exception in the log is its kind and its places; its message and its values may be somebody's words."""
    exc_info = event.pop("exc_info", None)
    if exc_info:
        error = exc_info if isinstance(exc_info, BaseException) else sys.exc_info()[1]
        if error is not None:
            event["places"] = places(error)
    return event
