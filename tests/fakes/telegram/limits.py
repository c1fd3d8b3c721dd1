"""How fast a bot may write, the 429s of a bot that writes faster, and who did not wait."""

from __future__ import annotations

import math
from collections import Counter, defaultdict, deque
from dataclasses import dataclass

from tests.fakes.telegram.world import Chat, Clock, Refusal


@dataclass
class Pace:
    """The numbers of facts §1.1; they are windows of ours around figures that Telegram gives only roughly.

    One chat: about one message a second, short bursts tolerated (FAQ). One group: 20 a minute, edits and new topics
    among them (levlam, tdlib/td#2592). Many chats: about 30 a second (FAQ, td#1834).
    """

    chat_per_second: float = 1.0
    chat_burst: int = 3
    group_per_window: int = 20
    group_window: float = 60.0
    bot_per_window: int = 30
    bot_window: float = 1.0
    retry_at_least: int = 1  # seconds; the API knows whole ones only


def too_many(seconds: float) -> Refusal:
    """The 429 [srv set_retry_after_error]."""
    whole = math.ceil(seconds)
    return Refusal(429, f"Too Many Requests: retry after {whole}", retry_after=whole)


class Limits:
    """Counts what a bot sends, refuses what is too fast, and remembers who came back before the time."""

    def __init__(self, pace: Pace | None, clock: Clock) -> None:
        self.pace, self._clock = pace, clock
        self._group: dict[int, deque[float]] = defaultdict(deque)
        self._bot: deque[float] = deque()
        self._full: dict[int, tuple[float, float]] = {}  # chat → (tokens, at)
        self._until: dict[int, float] = {}
        self._said: dict[int, float] = {}
        self.under_way = 0.05  # seconds after a 429 in which what comes was sent before anybody could hear of it
        self.throttled: Counter[int] = Counter()  # 429s a chat
        self.ignored: list[tuple[int, float]] = []  # (chat, seconds too early): a 429 that was not heeded
        self.passed: list[tuple[float, int]] = []  # (at, chat) of all that counted

    def throttle(self, chat_id: int, seconds: float) -> Refusal:
        """Say 429 and remember until when this chat must be left alone (levlam, td#715: it binds the request)."""
        refusal = too_many(seconds)
        now = self._clock.now()
        if now >= self._until.get(chat_id, 0.0):
            self._said[chat_id] = now
        self._until[chat_id] = now + refusal.parameters["retry_after"]
        self.throttled[chat_id] += 1
        return refusal

    def admit(self, chat: Chat, method: str, weight: int = 1) -> None:
        """Count a request that writes, or raise its 429."""
        now = self._clock.now()
        until = self._until.get(chat.id, 0.0)
        if now < until - 0.01:  # Two clocks, one machine: a hundredth is no impatience.
            if self._clock.now() - self._said.get(chat.id, 0.0) > self.under_way:
                self.ignored.append((chat.id, until - now))
            raise self.throttle(chat.id, until - now)
        edit = method.startswith("edit") and method != "editforumtopic"
        in_group = chat.kind != "private"
        pace = self.pace
        if pace is not None and (in_group or not edit):
            wait = max(
                self._bot_wait(pace, now, weight),
                0.0 if edit else self._chat_wait(pace, chat.id, now),
                self._group_wait(pace, chat.id, now, weight) if in_group else 0.0,
            )
            if wait > 0:
                raise self.throttle(chat.id, max(wait, pace.retry_at_least))
            self._count(pace, chat, now, weight, edit=edit)
        self.passed.append((now, chat.id))

    def _count(self, pace: Pace, chat: Chat, now: float, weight: int, *, edit: bool) -> None:
        self._bot.extend([now] * weight)
        if chat.kind != "private":
            self._group[chat.id].extend([now] * weight)
        if not edit:
            self._full[chat.id] = (self._tokens(pace, chat.id, now) - 1, now)  # An album is one burst.

    def _tokens(self, pace: Pace, chat_id: int, now: float) -> float:
        tokens, at = self._full.get(chat_id, (float(pace.chat_burst), now))
        return min(float(pace.chat_burst), tokens + (now - at) * pace.chat_per_second)

    def _chat_wait(self, pace: Pace, chat_id: int, now: float) -> float:
        missing = 1 - self._tokens(pace, chat_id, now)
        return missing / pace.chat_per_second if missing > 1e-6 else 0.0

    def _group_wait(self, pace: Pace, chat_id: int, now: float, weight: int) -> float:
        return _window_wait(self._group[chat_id], pace.group_window, pace.group_per_window, now, weight)

    def _bot_wait(self, pace: Pace, now: float, weight: int) -> float:
        return _window_wait(self._bot, pace.bot_window, pace.bot_per_window, now, weight)

    def fastest(self, window: float = 1.0, chat_id: int = 0) -> int:
        """The most that passed within any `window` seconds, everywhere or in one chat."""
        times = [at for at, chat in self.passed if chat_id in (0, chat)]
        most = first = 0
        for last, at in enumerate(times):
            while at - times[first] >= window:
                first += 1
            most = max(most, last - first + 1)
        return most


def _window_wait(times: deque[float], window: float, most: int, now: float, weight: int) -> float:
    """Seconds until `weight` more fit into a sliding window."""
    while times and times[0] <= now - window:
        times.popleft()
    over = len(times) + weight - most
    if over <= 0 or not times:
        return 0.0
    return times[min(over, len(times)) - 1] + window - now
