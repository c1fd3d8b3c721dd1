"""The bot's updates: their numbers, how long they are kept, and getUpdates with all its corners."""

from __future__ import annotations

import asyncio
import json
import random
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram.world import Clock, Json, Refusal

WEEK = 7 * 86400.0  # of silence, after which numbers begin anew [doc]
DAY, CALLBACK_SECONDS, INLINE_SECONDS = 86400.0, 150.0, 30.0  # [srv add_message_update, add_new_callback_query]
LONGEST_POLL, MOST_UPDATES = 50, 100  # [srv process_get_updates_query]
ANSWER_LONGEST = 4 << 20  # bytes of one answer, facts §1.3
ALL_KINDS = (
    "message", "edited_message", "channel_post", "edited_channel_post", "inline_query", "chosen_inline_result",
    "callback_query", "shipping_query", "pre_checkout_query", "poll", "poll_answer", "my_chat_member", "chat_member",
    "chat_join_request", "chat_boost", "removed_chat_boost", "message_reaction", "message_reaction_count",
    "business_connection", "business_message", "edited_business_message", "deleted_business_messages",
)  # fmt: skip
ON_DEMAND = {"chat_member", "message_reaction", "message_reaction_count"}  # [doc] not sent unless asked for
DEFAULT_KINDS = frozenset(ALL_KINDS) - ON_DEMAND


@dataclass(eq=False)
class Pending:
    """One update that waits for the bot."""

    id: int
    body: str  # its JSON, whole
    expires_at: float
    queue: int  # the webhook's order key; 0 is a queue of its own
    delay: float = 1.0
    wake_at: float = 0.0
    fails: int = 0
    gone: bool = False  # taken, too old, or dropped


@dataclass
class Polls:
    """The getUpdates that waits, and what the last one asked."""

    waiting: asyncio.Future[str] | None = None  # resolves to "" to look again, or to the words of a conflict
    offset: int = 0
    started_at: float = float("-inf")
    conflict_at: float = float("-inf")
    conflicts: int = 0
    limited: int = 0  # answers cut to one update for an offset repeated within 0.5 s


@dataclass
class Updates:
    """The queue of one bot."""

    clock: Clock
    seed: int = 1
    next_id: int = 0
    hold_conflicts: float = 3.0  # seconds [srv fail_query_conflict]
    allowed: frozenset[str] = DEFAULT_KINDS
    pending: deque[Pending] = field(default_factory=deque)
    polls: Polls = field(default_factory=Polls)
    made: int = 0
    expired: int = 0
    unwanted: int = 0
    confirmed: int = 0

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self.next_id = self.next_id or self._dice.randrange(10**8, 9 * 10**8)  # It begins anywhere [doc].
        self.wake_webhook = asyncio.Event()
        self._soonest = float("inf")
        self._made_at = self.clock.now()

    def add(self, kind: str, body: Any, seconds: float, queue: int) -> int:
        """Put an update into the queue; 0 if the bot did not ask for this kind [srv add_update_impl]."""
        if kind in ALL_KINDS and kind not in self.allowed:
            self.unwanted += 1
            return 0
        number = self.take_number()
        self.add_raw(json.dumps({"update_id": number, kind: body}, ensure_ascii=False), seconds, queue, number)
        return number

    def take_number(self) -> int:
        """The next update_id; after a week without any it may be any, also a lower one [doc Update]."""
        now = self.clock.now()
        if now - self._made_at > WEEK and not self.pending:
            self.restart_numbering()
        self._made_at = now
        self.next_id += 1
        return self.next_id - 1

    def add_raw(self, body: str, seconds: float = DAY, queue: int = 0, number: int = 0) -> int:
        """Put any text into the queue as an update: a poisoned one, a future one, a wrong one."""
        number = number or self.take_number()
        self.pending.append(Pending(number, body, self.clock.now() + seconds, queue))
        self._soonest = min(self._soonest, self.pending[-1].expires_at)
        self.made += 1
        self.wake()
        return number

    def repeat(self, number: int) -> None:
        """Let the webhook deliver an update that waits twice, as when its 200 was lost on the way."""
        again = next(update for update in self.pending if update.id == number)
        self.pending.append(Pending(again.id, again.body, again.expires_at, again.queue))

    def restart_numbering(self, first: int | None = None) -> int:
        """A week of silence: the next id is random, maybe lower [doc]. Only an empty queue starts anew."""
        if self.pending:
            message = "Updates wait: numbers restart only after a week without any."
            raise ValueError(message)
        self.next_id = first if first is not None else self._dice.randrange(1, 9 * 10**8)
        return self.next_id

    def wake(self) -> None:
        """Let whoever waits for updates look again."""
        self.wake_webhook.set()
        if self.polls.waiting is not None and not self.polls.waiting.done():
            self.polls.waiting.set_result("")

    def drop_expired(self) -> None:
        """Forget what nobody fetched in time; a button pressed during an outage of 150 s is gone for good."""
        now = self.clock.now()
        if now <= self._soonest:
            return
        late = [update for update in self.pending if update.expires_at < now]
        self.expired += len(late)
        for update in late:
            self.forget(update)
        self._soonest = min((update.expires_at for update in self.pending), default=float("inf"))

    def clear(self) -> None:
        """drop_pending_updates."""
        for update in list(self.pending):
            self.forget(update)

    def forget(self, update: Pending) -> None:
        """The webhook took it, or it is too old."""
        update.gone = True
        if update in self.pending:
            self.pending.remove(update)

    def ask_for(self, raw: str | None) -> None:
        """allowed_updates: kept until the next list; an empty one is the default again [doc]."""
        if raw is None:
            return
        try:
            kinds = json.loads(raw)
        except ValueError:
            return
        if isinstance(kinds, list):
            self.allowed = frozenset(kinds) & frozenset(ALL_KINDS) if kinds else DEFAULT_KINDS

    async def get(self, offset: int, limit: int, timeout: float) -> str:  # noqa: ASYNC109 (the API's own word)
        """The JSON list of one getUpdates; raises the 409 if another one comes meanwhile."""
        limit, timeout = max(1, min(limit, MOST_UPDATES)), max(0.0, min(timeout, LONGEST_POLL))
        now = asyncio.get_running_loop().time()
        if offset == self.polls.offset and timeout < 3 and now < self.polls.started_at + 3:
            timeout = 3.0  # [srv process_get_updates_query]: a repeated offset waits.
        if offset == self.polls.offset and now < self.polls.started_at + 0.5:
            limit = 1
            self.polls.limited += 1
        self.polls.offset, self.polls.started_at = offset, now
        end = now + timeout
        while True:
            found = self._look(offset, limit)
            left = end - asyncio.get_running_loop().time()
            if found or left <= 0:
                return "[" + ",".join(update.body for update in found) + "]"
            await self._wait(left)

    def _look(self, offset: int, limit: int) -> list[Pending]:
        self.drop_expired()
        if offset < 0:  # Only the last -offset stay, all before them are forgotten [srv do_get_updates, doc].
            while len(self.pending) > -offset:
                self.pending.popleft()
                self.confirmed += 1
        # An offset far ahead of the newest update confirms nothing and reads from the head [td TQueue::get].
        elif offset <= self.next_id + 10:
            while self.pending and self.pending[0].id < offset:
                self.pending.popleft()
                self.confirmed += 1
        found: list[Pending] = []
        size = 0
        for update in self.pending:
            size += len(update.body.encode("utf-8", "surrogatepass"))
            if len(found) == limit or (found and size > ANSWER_LONGEST):
                break
            found.append(update)
        return found

    async def _wait(self, seconds: float) -> None:
        self.end_poll(
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        mine: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.polls.waiting = mine
        try:
            words = await asyncio.wait_for(mine, min(seconds, 1.0))  # Once a second also for a clock that was advanced.
        except TimeoutError:
            return
        finally:
            if self.polls.waiting is mine:
                self.polls.waiting = None
        if words:
            await self.conflict(words)

    def end_poll(self, words: str) -> None:
        """Answer 409 to the getUpdates that waits [srv abort_long_poll]: the older one loses."""
        if self.polls.waiting is not None and not self.polls.waiting.done():
            self.polls.waiting.set_result(words)

    async def conflict(self, words: str) -> None:
        """Raise 409, the second within three seconds only after three seconds [srv fail_query_conflict]."""
        now = asyncio.get_running_loop().time()
        self.polls.conflicts += 1
        if now < self.polls.conflict_at + self.hold_conflicts:
            await asyncio.sleep(self.hold_conflicts)
        else:
            self.polls.conflict_at = now
        raise Refusal(409, words)

    def info(self) -> Json:
        """Numbers of the queue."""
        return {
            "made": self.made,
            "pending": len(self.pending),
            "confirmed": self.confirmed,
            "expired": self.expired,
            "unwanted": self.unwanted,
            "conflicts": self.polls.conflicts,
            "limited": self.polls.limited,
        }
