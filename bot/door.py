"""The one way in: dedupe, order within an account, one atomic unit, the stored answer, and the apology path."""

from __future__ import annotations

import asyncio
import json
import time
import traceback
import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from structlog.contextvars import bound_contextvars

from bot import render
from handlers import cards, crisis, directory, intake
from handlers.crisis_words import look
from handlers.texts import text
from handlers.turn import School, Turn
from models.base import new_id
from models.db import Away, Database, seal_of, wake
from models.failpoint import at
from models.message import MOST_PRESS, MOST_TEXT, Incoming, Reply, pack, unpack
from models.person import Account
from models.receiving import Earlier, keep, stored

log = structlog.get_logger()
MINUTE: Final = 60.0
MOST_HEARD: Final = 65_536  # characters; a cry is looked for in so many, so that no message holds up all others
NO_BUTTON: Final = "?"  # what a press counts as that no bot of ours can have offered
_KEPT = frozenset("\n\t")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a channel shows: the replies, their number in the account's stream (0 for what was not taken in), and
    whether they are fresh or the stored answer of an earlier delivery. text: the same for a poor channel."""

    replies: tuple[Reply, ...]
    seq: int = 0
    fresh: bool = True
    text: str = ""
    taken: bool = True


def now() -> datetime:
    """The edge's clock: the only place from which the core gets its time."""
    return datetime.now(UTC)


def clean(words: str) -> str:
    """Text as it may be stored: no NUL and other control characters, lone surrogates replaced, no space around."""
    words = words.encode("utf-8", "replace").decode("utf-8") if not words.isascii() else words
    if not words.isprintable():
        words = words.replace("\r\n", "\n").replace("\r", "\n")
        words = "".join(mark for mark in words if mark in _KEPT or unicodedata.category(mark) != "Cc")
    return words.strip()


def _pressed(press: str) -> str:
    """What a button carried: ours are short printable ASCII, and anything else is no button of ours."""
    return press if press.isascii() and press.isprintable() and len(press) <= MOST_PRESS else NO_BUTTON


class Door:
    """Takes messages of every channel. `poor` names the channels that show one plain message a turn."""

    def __init__(
        self, database: Database, school: School, per_minute: int = 30, poor: frozenset[str] = frozenset(),
        clock: Callable[[], datetime] = now,
    ) -> None:  # fmt: skip
        self._database = database
        self.school = school
        self._per_minute = per_minute
        self._poor = poor
        self._clock = clock
        self._lines: dict[tuple[str, str], tuple[asyncio.Lock, int]] = {}
        self._pace: dict[tuple[str, str], tuple[float, float]] = {}

    async def receive(self, incoming: Incoming) -> Answer:
        """Take one message in and answer it. Raises Away when the database is away: nothing was taken in then.

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
                said = text(lang, "door.too_long", most=MOST_TEXT)
                return Answer((Reply(text=said),), text=said, taken=False)
            incoming = replace(incoming, text=_loudest(incoming.text))
        if alarm is None and not self._may_speak((incoming.channel, incoming.account)):
            return await self._limited(incoming, lang)
        with bound_contextvars(delivery=incoming.key[:24], channel=incoming.channel):
            async with self._in_line((incoming.channel, incoming.account)):
                at("received")
                answer = await self._unit(incoming)
                at("committed")
        return answer

    def help_without_database(self, words: str, lang: str) -> tuple[Reply, ...]:
        """The fixed help of the crisis lane when nothing can be stored; empty for everything else."""
        alarm = look(clean(words))
        return (crisis.help_text(self.school, lang, alarm),) if alarm is not None else ()

    async def _unit(self, incoming: Incoming) -> Answer:
        try:
            return await asyncio.wrap_future(self._database.submit(lambda session: self._answer(session, incoming)))
        except Away:
            raise
        except Exception as error:
            # The border of containment: one message that trips over a bug must not stop the next, nor be lost.
            incident = new_id(self._clock())[-8:]
            log.exception("message_quarantined", incident=incident)
            trace = places(error)
        return await asyncio.wrap_future(
            self._database.submit(lambda session: self._quarantine(session, incoming, incident, trace))
        )

    def _answer(self, session: Any, incoming: Incoming) -> Answer:
        at_ = self._clock()
        account, person = directory.speaker(session, incoming.channel, incoming.account, at_)
        earlier = stored(session, incoming.channel, incoming.key)
        if earlier is not None:
            return self._stored(session, earlier, account)
        if person is not None and not person.active:
            person = None
        turn = Turn(session, self.school, at_, min(incoming.said_at, at_), account, person, account.lang or "zh")
        seq = directory.begin(session, account)
        label = _label(account, incoming.press)
        replies = intake.answer(turn, incoming)
        answer = self._kept(turn, incoming, replies, seq, label)
        session.flush()
        directory.end(session, account, at_)
        wake(session, account.id)
        at("answered")
        return answer

    def _kept(self, turn: Turn, incoming: Incoming, replies: tuple[Reply, ...], seq: int, label: str) -> Answer:
        """Write the delivery down with its answer, cut to what the channel shows."""
        account = turn.account
        if account is None:
            raise AssertionError
        shown = ""
        if incoming.channel in self._poor:
            shown, rest = render.fit(render.plain(replies, turn.lang), turn.lang)
            account.more = seal_of(turn.session).close(f"account.more:{account.id}", rest) if rest else None
        _keep(turn.session, incoming, account, seq, replies, self._clock(), label=label)
        return Answer(replies, seq, text=shown)

    def _stored(self, session: Any, earlier: Earlier, account: Account) -> Answer:
        replies = unpack(seal_of(session).open(f"received.answer:{earlier.id}", earlier.answer))
        shown = render.fit(render.plain(replies, account.lang or "zh"), account.lang or "zh")[0]
        return Answer(replies, earlier.seq, fresh=False, text=shown)

    def _quarantine(self, session: Any, incoming: Incoming, incident: str, trace: str) -> Answer:
        at_ = self._clock()
        account = directory.account(session, incoming.channel, incoming.account, at_)
        earlier = stored(session, incoming.channel, incoming.key)
        if earlier is not None:
            return self._stored(session, earlier, account)
        lang = account.lang or "zh"
        # Whatever broke, somebody who called for help gets the numbers.
        apology = Reply(text=text(lang, "door.apology", incident=incident))
        replies = (*self.help_without_database(incoming.text, lang), apology)
        seq = directory.next_seq(session, account)
        _keep(session, incoming, account, seq, replies, at_, status="quarantined", trace=trace)
        wake(session, account.id)
        return Answer(replies, seq, text=render.fit(render.plain(replies, lang), lang)[0])

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

    async def _limited(self, incoming: Incoming, lang: str) -> Answer:
        """Too fast: the stored answer if this delivery had one, else the request to wait. Nothing is taken in."""

        def look_up(session: Any) -> Answer | None:
            earlier = stored(session, incoming.channel, incoming.key)
            account = session.get(Account, earlier.account_id) if earlier is not None else None
            return self._stored(session, earlier, account) if earlier is not None and account is not None else None

        answer = await asyncio.wrap_future(self._database.submit_read(look_up))
        said = text(lang, "door.too_fast")
        return answer or Answer((Reply(text=said),), text=said, taken=False)


def _loudest(words: str) -> str:
    """As much of a cry for help that is too long as can be stored: the first part in which the cry is heard."""
    parts = [words[start : start + MOST_TEXT] for start in range(0, len(words), MOST_TEXT // 2)]
    return next((part for part in parts if look(part) is not None), parts[0])


def _label(account: Account, press: str) -> str:
    """What stood on the button that was pressed, as far as the last answer or its verb tells."""
    for label, _, send in account.offered:
        if send == press:
            return str(label)
    kind, _, rest = press.partition(":")
    verb = rest.split(":")[1] if kind == "t" and rest.count(":") > 1 else ""
    return text(account.lang or "zh", f"verb.{verb}") if verb in cards.VERBS else ""


def _keep(
    session: Any, incoming: Incoming, account: Account, seq: int, replies: tuple[Reply, ...], at_: datetime, *,
    status: str = "done", trace: str = "", label: str = "",
) -> None:  # fmt: skip
    said: dict[str, Any] = {"text": incoming.text}
    if incoming.press:
        said |= {"press": incoming.press, "label": label}
    if incoming.file is not None:
        said["file"] = {"id": incoming.file.id, "name": incoming.file.name}
    row_id, seal = new_id(at_), seal_of(session)
    keep(session, {
        "id": row_id, "channel": incoming.channel, "key": incoming.key, "account_id": account.id, "seq": seq, "at": at_,
        "status": status, "trace": trace,
        "body": seal.close(f"received.body:{row_id}", json.dumps(said, ensure_ascii=False)),
        "answer": seal.close(f"received.answer:{row_id}", pack(replies)),
    })  # fmt: skip


def places(error: BaseException) -> str:
    """Where it went wrong: files, lines and functions, never a value."""
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    return f"{type(error).__name__}\n" + "\n".join(places)
