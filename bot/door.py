"""The one way in: dedupe, order within an account, one atomic unit, the stored answer, and the apology path."""

from __future__ import annotations

import asyncio
import re
import time
import traceback
import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import structlog
from structlog.contextvars import bound_contextvars

from bot import receipts, render
from handlers import crisis, directory, intake, notices
from handlers.crisis_words import look
from handlers.texts import text
from handlers.turn import School, Turn
from models import sending
from models.base import new_id
from models.db import Away, Database, seal_of, wake
from models.failpoint import at
from models.message import MOST_PRESS, MOST_TEXT, Incoming, Reply, unpack
from models.outbox import Lane
from models.person import Account
from models.receiving import Earlier, stored
from models.shown import quoted

T = TypeVar("T")
Along = Callable[[Any], object]
log = structlog.get_logger()
MINUTE: Final = 60.0
MOST_HEARD: Final = 65_536  # characters; a cry is looked for in so many, so that no message holds up all others
NO_BUTTON: Final = "?"  # what a press counts as that no bot of ours can have offered
_KEPT = frozenset("\n\t")
_HALVES: Final = re.compile("[\ud800-\udfff]")  # of a character; no encoding takes one alone


@dataclass(frozen=True, slots=True)
class Answer:
    """What a channel shows: the replies, their number in the account's stream (0 for what was not taken in), and
    whether they are fresh or the stored answer of an earlier delivery. text: the same for a poor channel. kind and lang:
    of whom it is for ("staff", "student" or "")."""

    replies: tuple[Reply, ...]
    seq: int = 0
    fresh: bool = True
    text: str = ""
    taken: bool = True
    kind: str = ""
    lang: str = ""


def nothing(_: Any) -> None:
    """Nothing is done along with a message."""


def now() -> datetime:
    """The edge's clock: the only place from which the core gets its time."""
    return datetime.now(UTC)


def clean(words: str) -> str:
    """Text as it may be stored: no NUL and other control characters, lone surrogates replaced, no space around."""
    words = _HALVES.sub("\ufffd", words) if not words.isascii() else words
    if not words.isprintable():
        words = words.replace("\r\n", "\n").replace("\r", "\n")
        words = "".join(mark for mark in words if mark in _KEPT or unicodedata.category(mark) != "Cc")
    return words.strip()


def _pressed(press: str) -> str:
    """What a button carried: ours are short printable ASCII, and anything else is no button of ours."""
    return press if press.isascii() and press.isprintable() and len(press) <= MOST_PRESS else NO_BUTTON


class Door:
    """Takes messages of every channel.

    poor: the channels that show one plain message a turn. push: those to which answers are sent by a courier, so that
    an answer is a row of the outbox, written in the unit of its effect.
    """

    def __init__(
        self, database: Database, school: School, per_minute: int = 30, poor: frozenset[str] = frozenset(),
        clock: Callable[[], datetime] = now, push: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        self._push = push
        self._database = database
        self.school = school
        self._per_minute = per_minute
        self._poor = poor
        self._clock = clock
        self._lines: dict[tuple[str, str], tuple[asyncio.Lock, int]] = {}
        self._pace: dict[tuple[str, str], tuple[float, float]] = {}

    async def receive(self, incoming: Incoming, along: Along = nothing) -> Answer:
        """Take one message in and answer it. Raises Away when the database is away: nothing was taken in then.

        along: done in the same unit, whatever the answer is; it lets go of what kept the message until now.

        1. Texts are cleaned and looked at for a crisis, before any limit; what is too long is refused, not cut.
        2. Messages of one account wait for each other here in memory, in the order in which they came, before a
           thread is taken; across processes a row lock does the same.
        3. One atomic unit: dedupe key, effect, and the answer as it was given. A bug in it is rolled back, and a
           second unit keeps the message in quarantine with an apology as its answer.
        """
        incoming = replace(
            incoming,
            text=clean(incoming.text[:MOST_HEARD]),
            press=_pressed(incoming.press),
            quote=clean(incoming.quote[:MOST_PRESS]),
        )
        alarm = look(incoming.text) if incoming.text else None
        lang = "en" if incoming.hint == "en" else "zh"
        if len(incoming.text) > MOST_TEXT:
            if alarm is None:
                return await self._put_off(incoming, text(lang, "door.too_long", most=MOST_TEXT), along)
            incoming = replace(incoming, text=_loudest(incoming.text))
        if alarm is None and not self._may_speak((incoming.channel, incoming.account)):
            return await self._put_off(incoming, text(lang, "door.too_fast"), along)
        with bound_contextvars(delivery=incoming.key[:24], channel=incoming.channel):
            async with self._in_line((incoming.channel, incoming.account)):
                at("received")
                answer = await self._unit(incoming, along)
                at("committed")
        return answer

    def help_without_database(self, words: str, lang: str) -> tuple[Reply, ...]:
        """The fixed help of the crisis lane when nothing can be stored; empty for everything else."""
        alarm = look(clean(words))
        return (crisis.help_text(self.school, lang, alarm),) if alarm is not None else ()

    async def _unit(self, incoming: Incoming, along: Along) -> Answer:
        try:
            return await self._submit(lambda session: self._answer(session, incoming), along)
        except Away:
            raise
        except Exception as error:
            # The border of containment: one message that trips over a bug must not stop the next, nor be lost.
            incident = new_id(self._clock())[-8:]
            log.exception("message_quarantined", incident=incident)
            trace = places(error)
        return await self._submit(lambda session: self._quarantine(session, incoming, incident, trace), along)

    async def _submit(self, unit: Callable[[Any], T], along: Along) -> T:
        def whole(session: Any) -> T:
            along(session)
            return unit(session)

        return await asyncio.wrap_future(self._database.submit(whole))

    def _answer(self, session: Any, incoming: Incoming) -> Answer:
        at_ = self._clock()
        account, person = directory.speaker(session, incoming.channel, incoming.account, at_)
        earlier = stored(session, incoming.channel, incoming.key)
        if earlier is not None:
            return self._stored(session, earlier, account)
        if account.closed:
            account.closed = ""  # Who writes can be written to.
        if person is not None and not person.active:
            person = None
        if incoming.quoted and not incoming.quote:
            incoming = replace(incoming, quote=quoted(session, account.id, incoming.quoted))
        turn = Turn(session, self.school, at_, min(incoming.said_at, at_), account, person, account.lang or "zh")
        label = receipts.label_of(account, incoming.press)
        replies = intake.answer(turn, incoming)
        answer = self._kept(turn, incoming, replies, label=label)
        at("answered")
        kind = turn.person.kind if turn.person is not None else ""
        return replace(answer, kind=kind, lang=turn.lang)

    def _kept(self, turn: Turn, incoming: Incoming, replies: tuple[Reply, ...], **more: str) -> Answer:
        """Write the delivery down with its answer, cut to what the channel shows or given to the courier."""
        account, session = turn.account, turn.session
        if account is None:
            raise AssertionError
        shown, row_id = "", new_id(turn.now)
        if incoming.channel in self._poor:
            shown, rest = render.fit(render.plain(replies, turn.lang), turn.lang)
            account.more = seal_of(session).close(f"account.more:{account.id}", rest) if rest else None
        elif incoming.channel in self._push:
            lane = Lane.crisis if incoming.text and look(incoming.text) else Lane.interactive
            for place, reply in enumerate(replies):
                pressed = "" if place else incoming.pressed
                notices.send(turn, account, reply, lane, f"{row_id}:{place}", pressed=pressed)
        session.flush()
        seq = directory.end(session, account, turn.now)
        receipts.write(session, incoming, account, seq, replies, turn.now, row_id, **more)
        wake(session, account.id)
        return Answer(replies, seq, text=shown)

    def _stored(self, session: Any, earlier: Earlier, account: Account) -> Answer:
        replies = unpack(seal_of(session).open(f"received.answer:{earlier.id}", earlier.answer))
        shown = render.fit(render.plain(replies, account.lang or "zh"), account.lang or "zh")[0]
        return Answer(replies, earlier.seq, fresh=False, text=shown, lang=account.lang or "zh")

    def _quarantine(self, session: Any, incoming: Incoming, incident: str, trace: str) -> Answer:
        at_ = self._clock()
        account, _ = directory.speaker(session, incoming.channel, incoming.account, at_)
        earlier = stored(session, incoming.channel, incoming.key)
        if earlier is not None:
            return self._stored(session, earlier, account)
        lang = account.lang or "zh"
        # Whatever broke, somebody who called for help gets the numbers.
        apology = Reply(text=text(lang, "door.apology", incident=incident))
        replies = (*self.help_without_database(incoming.text, lang), apology)
        turn = Turn(session, self.school, at_, at_, account, None, lang)
        answer = self._kept(turn, incoming, replies, status="quarantined", trace=trace)
        return replace(answer, text=render.fit(render.plain(replies, lang), lang)[0])

    # -- order and pace, in this process

    @asynccontextmanager
    async def _in_line(self, who: tuple[str, str]) -> AsyncIterator[None]:
        lock, waiting = self._lines.get(who, (asyncio.Lock(), 0))
        self._lines[who] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._lines[who]
            if waiting == 1:
                del self._lines[who]
            else:
                self._lines[who] = (lock, waiting - 1)

    def _may_speak(self, who: tuple[str, str]) -> bool:
        """A bucket of one minute's messages that fills evenly."""
        at_ = time.monotonic()
        left, since = self._pace.get(who, (float(self._per_minute), at_))
        left = min(float(self._per_minute), left + (at_ - since) * self._per_minute / MINUTE)
        if len(self._pace) > 50_000:
            self._pace.clear()
        self._pace[who] = (left - 1 if left >= 1 else left, at_)
        return left >= 1

    async def _put_off(self, incoming: Incoming, said: str, along: Along) -> Answer:
        """Too fast or too long: the stored answer if this delivery had one, else what to do. Nothing is taken in; on a
        push channel one account is told so once a minute."""
        minute = f"{self._clock():%Y%m%d%H%M}"

        def unit(session: Any) -> Answer | None:
            earlier = stored(session, incoming.channel, incoming.key)
            account = session.get(Account, earlier.account_id) if earlier is not None else None
            if earlier is not None and account is not None:
                return self._stored(session, earlier, account)
            if incoming.channel in self._push:
                self._warn(session, incoming, Reply(text=said), minute)
            return None

        if incoming.channel in self._push:
            answer = await self._submit(unit, along)
        else:
            answer = await asyncio.wrap_future(self._database.submit_read(unit))
        return answer or Answer((Reply(text=said),), text=said, taken=False)

    def _warn(self, session: Any, incoming: Incoming, reply: Reply, minute: str) -> None:
        at_ = self._clock()
        account, person = directory.speaker(session, incoming.channel, incoming.account, at_)
        key = f"slow:{account.id}:{minute}"
        if not sending.is_posted(session, key):
            turn = Turn(session, self.school, at_, at_, account, person, account.lang or "zh")
            notices.send(turn, account, reply, Lane.interactive, key)
            directory.end(session, account, at_)


def _loudest(words: str) -> str:
    """As much of a cry for help that is too long as can be stored: the first part in which the cry is heard."""
    parts = [words[start : start + MOST_TEXT] for start in range(0, len(words), MOST_TEXT // 2)]
    return next((part for part in parts if look(part) is not None), parts[0])


def places(error: BaseException) -> str:
    """Where it went wrong: files, lines and functions, never a value."""
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    return f"{type(error).__name__}\n" + "\n".join(places)
