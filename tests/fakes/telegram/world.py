"""What Telegram knows: people, chats, topics and messages, and everything that the bot has delivered."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


class Refusal(Exception):
    """An answer of the Bot API that is no success: its HTTP code, its sentence, and what machines may read of it."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(f"{code} {description}")
        self.code, self.description, self.parameters = code, description, parameters


def bad(description: str, **parameters: Any) -> Refusal:
    """A 400, worded as the server words it [srv fail_query_with_error]."""
    return Refusal(400, f"Bad Request: {description}", **parameters)


class Clock:
    """The fake's own time in seconds; `advance` makes a day pass at once."""

    def __init__(self, read: Callable[[], float] = time.time) -> None:
        self._read, self._ahead = read, 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return self._read() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._ahead += seconds


@dataclass
class User:
    """An account of a person, or the bot's own."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "zh-hans"
    is_bot: bool = False
    deactivated: bool = False

    def json(self) -> Json:
        """The User object of the Bot API."""
        shown: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        optional = {"last_name": self.last_name, "username": self.username}
        if not self.is_bot:
            optional["language_code"] = self.language_code
        return shown | {key: value for key, value in optional.items() if value}


@dataclass
class Topic:
    """A thread of a forum group; its id is the id of the message that tells of its creation."""

    id: int
    name: str
    icon_color: int = 7322096
    closed: bool = False
    deleted: bool = False
    lost: bool = False  # People still write there, the bot cannot any more (levlam, bot-api#596).


@dataclass
class Kept:
    """A message as the server keeps it."""

    data: Json
    from_bot: bool
    deleted: bool = False
    sent: Sent | None = None
    reactions: list[str] = field(default_factory=list)

    @property
    def thread(self) -> int:
        """The topic that it stands in, or 0."""
        return int(self.data.get("message_thread_id", 0)) if self.data.get("is_topic_message") else 0


@dataclass
class Chat:
    """A private chat, a group, a supergroup or a forum, and who is in it."""

    id: int
    kind: str  # private, group or supergroup
    title: str = ""
    forum: bool = False
    blocked: bool = False  # private: the person blocked the bot
    bot_status: str = "administrator"  # groups: administrator, member, left or kicked
    migrated_to: int = 0
    members: dict[int, str] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Kept] = field(default_factory=dict)
    user: User | None = None
    last_id: int = 0

    def json(self) -> Json:
        """The Chat object of the Bot API."""
        shown: Json = {"id": self.id, "type": self.kind}
        if self.user is not None:
            person = self.user.json()
            return shown | {key: person[key] for key in ("first_name", "last_name", "username") if key in person}
        return shown | {"title": self.title} | ({"is_forum": True} if self.forum else {})


@dataclass
class Edit:
    """One change of a message that stood already."""

    at: float
    text: str
    markup: Json | None
    method: str


@dataclass
class Sent:
    """One message that reached a chat: what the bot asked for, and what became of it."""

    chat_id: int
    method: str
    text: str  # or the caption, as first sent, after parsing
    at: float  # the fake's clock
    message_id: int
    thread_id: int = 0
    entities: list[Json] = field(default_factory=list)
    markup: Json | None = None
    media: Json | None = None  # kind, file_id, file_name, media_group_id
    reply_to: int = 0
    protected: bool = False
    silent: bool = False
    edits: list[Edit] = field(default_factory=list)
    reactions: list[str] = field(default_factory=list)
    deleted: bool = False

    @property
    def now(self) -> str:
        """The text that people see now."""
        return self.edits[-1].text if self.edits else self.text

    @property
    def buttons(self) -> list[Json]:
        """The inline buttons that stand below it now, row after row."""
        markup = self.edits[-1].markup if self.edits else self.markup
        return [button for row in (markup or {}).get("inline_keyboard", []) for button in row]

    def json(self) -> Json:
        """Plain values, for a test in another process."""
        return vars(self) | {"edits": [vars(edit) for edit in self.edits], "now": self.now, "buttons": self.buttons}


class World:
    """All chats, and the numbers that Telegram gives out."""

    def __init__(self, bot: User, clock: Clock) -> None:
        self.bot, self.clock = bot, clock
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.sent: list[Sent] = []
        self.actions: list[tuple[int, str]] = []  # (chat_id, "typing")
        self._last_id = 0
        self._last_chat = 2_000_000_000

    def next_id(self, chat: Chat) -> int:
        """The next message id: one row of numbers for all private chats and small groups, one for each supergroup."""
        if chat.kind == "supergroup":
            chat.last_id += 1
            return chat.last_id
        self._last_id += 1
        return self._last_id

    def open_private(self, user: User) -> Chat:
        """The chat of a person with the bot; until it exists the bot may not write [srv: chat not found]."""
        return self.chats.setdefault(user.id, Chat(user.id, "private", user=user, members={user.id: "member"}))

    def open_group(self, title: str, kind: str = "supergroup", *, forum: bool = False, bot_status: str = "administrator") -> Chat:  # fmt: skip
        """A group that the bot is in; a forum is a supergroup with topics."""
        self._last_chat += 1
        number = -self._last_chat if kind == "group" else -(10**12) - self._last_chat
        chat = Chat(number, kind, title, forum, bot_status=bot_status)
        self.chats[number] = chat
        return chat

    def keep(self, chat: Chat, author: User, content: Json, *, message_id: int = 0) -> Kept:
        """Write a message into a chat, under its head: id, author, chat and date."""
        head: Json = {
            "message_id": message_id or self.next_id(chat),
            "from": author.json(),
            "chat": chat.json(),
            "date": int(self.clock.now()),
        }
        kept = Kept(head | content, from_bot=author is self.bot)
        chat.messages[head["message_id"]] = kept
        return kept

    def place(self, chat: Chat, thread: int, reply_to: int) -> Json:
        """The fields that say where a message stands: its topic and what it answers.

        A message of a topic answers the message of its creation unless it answers another; in General a reply carries
        a thread id without `is_topic_message`, which names no topic (bot-api#447).
        """
        place: Json = {}
        root = reply_to or (thread if chat.forum else 0)
        answered = chat.messages.get(root)
        if answered is not None and not answered.deleted:
            shown = {key: value for key, value in answered.data.items() if key != "reply_to_message"}
            place["reply_to_message"] = shown
        if chat.forum and thread:
            place |= {"message_thread_id": thread, "is_topic_message": True}
        elif chat.kind == "supergroup" and reply_to:
            place["message_thread_id"] = reply_to
        return place
