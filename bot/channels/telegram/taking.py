"""Takes updates in and works on them: kept before they are acknowledged, worked on in order within a chat, side by side
between chats, and let go in the unit that holds what came of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import structlog
from telegram.error import TelegramError

from bot.channels.telegram.files import Files, Platform
from bot.channels.telegram.reading import NAME, URGENT, Unreadable, Update, arrive, read
from bot.door import Door, nothing, places
from bot.lease import Lease
from bot.store import Store
from handlers import directory, notices
from handlers.crisis_words import look
from handlers.texts import text
from handlers.turn import Turn
from models import inbox, sending
from models.db import Away, Database
from models.failpoint import at
from models.message import Reply, Upload
from models.outbox import Lane

T = TypeVar("T")
log = structlog.get_logger()
LEASE: Final = "telegram.in"  # whoever holds it works on what came in, so that a chat keeps its order on many machines
LEASE_SECONDS: Final = 15.0
AT_ONCE: Final = 32  # chats worked on side by side; a slow one holds up its own place only
IDLE_SECONDS: Final = 1.0
MOST_MENUS: Final = 5_000
GRACE_SECONDS: Final = 1.0  # what is being worked on gets when the program is told to stop


class Reception:
    """Updates of one bot, from wherever they come. `take` keeps them; `run` works on what is kept.

    alone: no other process can be at work on this database, so nobody's lease need be waited for. number: the bot's own,
    without which another bot's updates would count as this one's. name: its user name, asked for when needed if "".
    """

    def __init__(
        self, database: Database, door: Door, store: Store, bot: Platform, clock: Callable[[], datetime], *,
        alone: bool = False, most_bytes: int = 10_485_760, number: str = "", name: str = "",
    ) -> None:  # fmt: skip
        self._database = database
        self._door = door
        self._bot = bot
        self._clock = clock
        self._number, self._name = number, name.lstrip("@").lower()
        self._files = Files(database, store, bot, clock, most_bytes)
        self._lease = Lease(database, LEASE, clock, timedelta(seconds=LEASE_SECONDS), alone=alone)
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._asides: set[asyncio.Future[Any]] = set()
        self._menus: dict[str, str] = {}  # what the platform was told to show beside the field, by account
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    # -- taking in

    async def take(self, updates: Iterable[Any]) -> None:
        """Keep updates; when this returns they are committed, and the platform may forget them. Raises Away.

        Presses are answered at once, so that nobody waits for the button: what it does comes as a message.
        """
        kept: list[inbox.Arrived] = []
        for update in updates:
            arrived = arrive(update, self._number)
            if not arrived:
                log.warning("telegram_update_without_number")
            for each in arrived:
                if each.trace:
                    log.warning("telegram_update_unreadable", update=each.key)
            kept += arrived
        now = self._clock()
        await self._unit(lambda session: self._keep(session, kept, now))
        at("taken")
        for update in updates:
            query = update.get("callback_query") if isinstance(update, dict) else None
            if isinstance(query, dict) and isinstance(query.get("id"), str):
                self._aside(self._bot.answer(query["id"]))
        self._woken.set()

    def _keep(self, session: Any, kept: list[inbox.Arrived], now: datetime) -> None:
        """Keep what fits. Who has far too much waiting is told once an hour that no more was taken in."""
        for line in sorted(inbox.accept(session, NAME, kept, now).full):
            account = line.removesuffix(URGENT)
            if account.isdecimal():
                key = f"full:{account}:{now:%Y%m%d%H}"
                self._send(session, Update("said", account), key, "telegram.full", most=inbox.MOST_WAITING)

    def _aside(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    # -- working on what was taken in

    async def run(self, closing: asyncio.Event) -> None:
        """Work until closing is set; what is being worked on then gets a moment, and stays kept where that is too short."""
        self._loop = asyncio.get_running_loop()
        self._database.listen(self._wake)
        while not closing.is_set():
            try:
                rest = await self._round()
            except Away:
                log.warning("telegram_inbox_waits")
                rest = IDLE_SECONDS
            except Exception:
                # The border of containment: whatever a round trips over must not deafen the bot for good.
                log.exception("telegram_inbox_round_failed")
                rest = IDLE_SECONDS
            await self._rest(rest, closing)
        if self._busy:
            await asyncio.wait(list(self._busy.values()), timeout=GRACE_SECONDS)
        for task in [*self._busy.values(), *self._asides]:
            task.cancel()
        await self._lease.give_up()

    async def _round(self) -> float:
        """Begin what may be begun; how long to rest unless woken."""
        if await self._lease.hold(self._lease.span * 3 / 4) is None:
            return IDLE_SECONDS
        room = AT_ONCE - len(self._busy)
        if room <= 0:
            return IDLE_SECONDS
        now, busy = self._clock(), frozenset(self._busy)

        def look_up(session: Any) -> tuple[list[inbox.Waiting], datetime | None]:
            rows = inbox.waiting(session, NAME, now, room, busy)
            full = len(rows) == room
            return rows, None if full else inbox.next_due(session, NAME, busy.union(row.account for row in rows))

        rows, due = await asyncio.wrap_future(self._database.submit_read(look_up))
        for row in rows:
            task = asyncio.create_task(self._work(row))
            self._busy[row.account] = task
            task.add_done_callback(lambda _, account=row.account: self._done(account))  # type: ignore[misc]
        return IDLE_SECONDS if due is None else min(IDLE_SECONDS, max((due - now).total_seconds(), 0.05))

    def _done(self, account: str) -> None:
        self._busy.pop(account, None)
        self._woken.set()

    async def _work(self, row: inbox.Waiting) -> None:
        """Work on one delivery. One that trips over a bug is set aside with its trace, and its chat goes on."""
        try:
            await self._handle(row, read(json.loads(row.body)))
        except Away:
            await asyncio.sleep(IDLE_SECONDS)
        except Unreadable as error:
            trace = f"unreadable: {error}"
            await self._set_aside(row, trace)
        except Exception as error:
            # The border of containment: one delivery must not stop those behind it.
            log.exception("telegram_update_quarantined", update=row.key)
            await self._set_aside(row, places(error))

    async def _set_aside(self, row: inbox.Waiting, trace: str) -> None:
        with suppress(Away):
            await self._unit(lambda session: inbox.quarantine(session, row.id, trace))

    async def _handle(self, row: inbox.Waiting, update: Update) -> None:
        ids = [row.id]

        def finish(session: Any) -> None:
            inbox.finish(session, ids)

        if update.kind == "edited":
            # What was done by the old words stays done; only a cry for help counts whenever it is heard.
            heard = update if look(update.text) else replace(update, text="", unread="edited")
            await self._answer(row, heard, finish)
        elif update.kind in ("closed", "opened"):
            await self._unit(lambda session: self._note(session, update), finish)
        elif update.kind == "elsewhere":
            meant = not update.to or update.to == await self._own_name()
            await self._unit(lambda session: self._decline(session, update) if meant else None, finish)
            if meant and update.message:
                self._aside(self._bot.delete(update.account, update.message))
        elif not update.kind:
            await self._unit(finish)
        elif not update.sent:
            await self._answer(row, update, finish)
        else:
            found = await self._files.fetch(row, update)
            if found is not None:
                ids[:] = found.ids
                for key, values in found.refused:
                    await self._unit(lambda session, key=key, values=values: self._send(  # type: ignore[misc]
                        session, update, f"{row.id}:{key}", key, **values))  # fmt: skip
                if found.uploads or found.update.text or found.update.table:
                    await self._answer(row, found.update, finish, found.uploads)
                else:
                    await self._unit(finish)

    async def _answer(
        self, row: inbox.Waiting, update: Update, along: Callable[[Any], object], uploads: tuple[Upload, ...] = ()
    ) -> None:  # fmt: skip
        """Hear what a handler answers, and keep the list of commands beside the field true: staff have their own, and
        everybody theirs in the language that they chose. Once a process, a list that may be of former times is renewed:
        that of whoever is nobody (any more).
        """
        answer = await self._door.receive(update.incoming(row.key, uploads), along)
        staff = answer.kind == "staff"
        menu, usual = f"{answer.lang}:{staff}", f"{update.hint or 'zh'}:False" if answer.kind else ""
        if answer.fresh and answer.taken and answer.lang and menu != self._menus.get(update.account, usual):
            if len(self._menus) > MOST_MENUS:
                self._menus.clear()
            self._menus[update.account] = menu
            self._aside(self._bot.commands_for(update.account, answer.lang, staff))

    # -- what no handler answers

    def _send(self, session: Any, update: Update, dedupe_key: str, key: str, **values: object) -> None:
        now = self._clock()
        if sending.is_posted(session, dedupe_key):
            return
        account = directory.account(session, NAME, update.account, now)
        lang = account.lang or update.hint or "zh"
        turn = Turn(session, self._door.school, now, now, account, None, lang)
        notices.send(turn, account, Reply(text=text(lang, key, **values)), Lane.interactive, dedupe_key)

    def _decline(self, session: Any, update: Update) -> None:
        """In a group nothing about anybody is said: whoever calls the bot there is asked, once a day, to write to it."""
        if update.text:
            day = f"{self._clock():%Y%m%d}"
            self._send(session, update, f"group:{update.account}:{day}", "telegram.privately")

    async def _own_name(self) -> str:
        """The bot's user name in small letters, "" while nobody can tell."""
        if not self._name:
            with suppress(TelegramError):
                self._name = (await self._bot.me()).lower()
        return self._name

    def _note(self, session: Any, update: Update) -> None:
        """Somebody blocked the bot, or let it in again."""
        account = directory.account(session, NAME, update.account, self._clock())
        account.closed = "blocked" if update.kind == "closed" else ""
        session.add(account)

    # -- the database and the clock

    async def _unit(self, unit: Callable[[Any], T], along: Callable[[Any], object] = nothing) -> T:
        def whole(session: Any) -> T:
            along(session)
            return unit(session)

        return await asyncio.wrap_future(self._database.submit(whole))

    def _wake(self, _: frozenset[str]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._woken.set)

    async def _rest(self, seconds: float, closing: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(closing.wait()), asyncio.ensure_future(self._woken.wait())]
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        self._woken.clear()
