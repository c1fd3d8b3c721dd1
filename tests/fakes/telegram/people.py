"""What people do on their phones: write, press, send files, block the bot, run groups. Each act makes its updates."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

from PIL import Image

from tests.fakes.telegram.files import Files, Stored
from tests.fakes.telegram.methods import shown
from tests.fakes.telegram.queues import CALLBACK_SECONDS, DAY, Updates
from tests.fakes.telegram.settings import Settings
from tests.fakes.telegram.texts import commands_in
from tests.fakes.telegram.world import Chat, Json, Kept, Sent, Topic, User, World

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")  # facts §1.4
CALLBACKS, OWN_MEMBERSHIP, REACTIONS = 3 << 33, 5 << 33, 8 << 33  # [srv add_update …] keys of the webhook's queues


def picture() -> bytes:
    """A small photograph that every reader of pictures takes."""
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 180, 90)).save(drawn, "JPEG")
    return drawn.getvalue()


JPEG = picture()


@dataclass
class Stage:
    """What acts need: the world, the files, the queue, the bot's methods."""

    world: World
    files: Files
    updates: Updates
    methods: Settings
    changed: Callable[[], None]
    numbers: count[int]

    def tell(self, kind: str, kept: Kept) -> int:
        """An update about a message; its day counts from the message's own date [srv add_message_update]."""
        date = float(kept.data.get("edit_date", 0) or kept.data["date"])
        seconds = date + DAY - self.world.clock.now()
        return self.updates.add(kind, kept.data, seconds, kept.data["chat"]["id"])


class Person:
    """Somebody with a phone."""

    def __init__(self, stage: Stage, user: User) -> None:
        self._stage, self.user, self.id = stage, user, user.id
        stage.world.users[user.id] = user

    # --- writing ----------------------------------------------------------------------------------------------------

    def write(self, text: str, chat: int = 0, thread: int = 0, reply_to: int = 0) -> Json:
        """Send a text, to the bot or into a group; returns the message."""
        content: Json = {"text": text}
        if entities := commands_in(text):
            content["entities"] = entities
        return self._say(content, chat, thread, reply_to)

    def start(self, payload: str = "") -> Json:
        """Press Start, or follow a deep link t.me/bot?start=PAYLOAD; only now may the bot write."""
        if payload and not PAYLOAD.fullmatch(payload):
            message = f"No link carries {payload!r}: up to 64 of A-Z, a-z, 0-9, _ and -."
            raise ValueError(message)
        return self.write(f"/start {payload}".strip())

    def reply(self, message: Sent | int, text: str, chat: int = 0) -> Json:
        """Answer a message, in the topic where it stands."""
        chat = chat or (message.chat_id if isinstance(message, Sent) else 0)
        target = message.message_id if isinstance(message, Sent) else message
        kept = self._chat(chat).messages[target]
        return self.write(text, chat, kept.thread, target)

    def edit(self, message_id: int, text: str, chat: int = 0) -> Json:
        """Change an own message."""
        kept = self._chat(chat).messages[message_id]
        if kept.data["from"]["id"] != self.id or kept.deleted:
            message = "People edit their own messages only."
            raise ValueError(message)
        key = "text" if "text" in kept.data else "caption"
        kept.data = kept.data | {key: text, "edit_date": int(self._stage.world.clock.now())}
        self._stage.tell("edited_message", kept)
        return kept.data

    def send_photo(self, content: bytes = JPEG, caption: str = "", chat: int = 0, thread: int = 0, reply_to: int = 0) -> Json:  # fmt: skip
        """Send a photo."""
        stored = self._stage.files.store("photo", content, "photo.jpg", "image/jpeg")
        return self._send(stored, caption, chat, thread, reply_to)

    def send_document(
        self, content: bytes, name: str, mime: str = "application/pdf", caption: str = "", chat: int = 0, thread: int = 0,
        reply_to: int = 0, size: int | None = None,
    ) -> Json:  # fmt: skip
        """Send a file; `size` claims more bytes than are there."""
        stored = self._stage.files.store("document", content, name, mime, size)
        return self._send(stored, caption, chat, thread, reply_to)

    def send_album(self, photos: Sequence[bytes], caption: str = "", chat: int = 0, thread: int = 0) -> list[Json]:
        """Send photos together: one update each, one media_group_id, no number and no end (facts §1.4)."""
        group = str(13_000_000_000_000_000 + next(self._stage.numbers))
        stored = [self._stage.files.store("photo", content, "photo.jpg", "image/jpeg") for content in photos]
        return [
            self._send(one, caption if place == 0 else "", chat, thread, 0, {"media_group_id": group})
            for place, one in enumerate(stored)
        ]

    def send_voice(self, content: bytes = b"OggS", chat: int = 0, thread: int = 0) -> Json:
        """Send a voice message."""
        return self._send(self._stage.files.store("voice", content, "voice.ogg", "audio/ogg"), "", chat, thread, 0)

    def send_sticker(self, chat: int = 0, thread: int = 0) -> Json:
        """Send a sticker."""
        return self._send(self._stage.files.store("sticker", b"RIFF", "s.webp", "image/webp"), "", chat, thread, 0)

    def send_location(self, latitude: float, longitude: float, chat: int = 0) -> Json:
        """Send a place."""
        return self._say({"location": {"latitude": latitude, "longitude": longitude}}, chat, 0, 0)

    def send_contact(self, phone: str, *, own: bool = True, chat: int = 0) -> Json:
        """Share a telephone number, one's own or another's."""
        contact: Json = {"phone_number": phone, "first_name": self.user.first_name}
        return self._say({"contact": contact | ({"user_id": self.id} if own else {})}, chat, 0, 0)

    # --- pressing ---------------------------------------------------------------------------------------------------

    def press(self, message: Sent, button: str) -> str:
        """Press an inline button, named by its words or its data, that stands below a message now; returns the query's id.

        The update lives 150 s; buttons and texts are in separate queues, so either may come first [srv].
        """
        stage = self._stage
        kept = stage.world.chats[message.chat_id].messages[message.message_id]
        if message.deleted or kept.deleted:
            gone = "A deleted message has no buttons."
            raise ValueError(gone)
        found = [one for one in message.buttons if button in (one["text"], one.get("callback_data"))]
        if not found or "callback_data" not in found[0]:
            missing = f"{button!r} does not stand below it: {[one['text'] for one in message.buttons]}"
            raise ValueError(missing)
        query = str(self.id * 1_000_000 + next(stage.numbers))
        stage.methods.queries[query] = stage.world.clock.now()
        body = {
            "id": query,
            "from": self.user.json(),
            "message": kept.data,
            "chat_instance": str(message.chat_id * 7919),
            "data": found[0]["callback_data"],
        }
        stage.updates.add("callback_query", body, CALLBACK_SECONDS, self.id + CALLBACKS)
        return query

    def react(self, message: Sent, emoji: str) -> None:
        """Put a reaction on a message; the bot hears of it only if it asked."""
        reacted = {"type": "emoji", "emoji": emoji}
        chat = self._stage.world.chats[message.chat_id]
        body = {
            "chat": chat.json(),
            "message_id": message.message_id,
            "user": self.user.json(),
            "date": int(self._stage.world.clock.now()),
            "old_reaction": [],
            "new_reaction": [reacted],
        }
        self._stage.updates.add("message_reaction", body, DAY, chat.id + REACTIONS)

    # --- coming and going -------------------------------------------------------------------------------------------

    def block(self) -> None:
        """Block the bot."""
        self._turn("member", "kicked")

    def unblock(self) -> None:
        """Let the bot write again."""
        self._turn("kicked", "member")

    def deactivate(self) -> None:
        """Delete the account; nobody tells the bot."""
        self.user.deactivated = True

    def join(self, chat: int, status: str = "member") -> None:
        """Enter a group."""
        self._stage.world.chats[chat].members[self.id] = status

    def sees(self, chat: int = 0) -> list[Sent]:
        """What the bot has written to this person, and not deleted."""
        return [sent for sent in self._stage.world.sent if sent.chat_id == (chat or self.id) and not sent.deleted]

    def _turn(self, old: str, new: str) -> None:
        chat = self._stage.world.open_private(self.user)
        chat.blocked = new == "kicked"
        self._stage.updates.add("my_chat_member", change(self._stage, chat, self.user, old, new), DAY, chat.id + OWN_MEMBERSHIP)  # fmt: skip

    def _chat(self, chat: int) -> Chat:
        world = self._stage.world
        return world.chats[chat] if chat else world.open_private(self.user)

    def _send(
        self, stored: Stored, caption: str, chat: int, thread: int, reply_to: int, more: Json | None = None
    ) -> Json:
        content = shown(stored) | (more or {}) | ({"caption": caption} if caption else {})
        return self._say(content, chat, thread, reply_to)

    def _say(self, content: Json, to: int, thread: int, reply_to: int) -> Json:
        stage, chat = self._stage, self._chat(to)
        if chat.blocked:
            self.unblock()  # Whoever writes to a bot unblocks it first.
        if chat.migrated_to:
            chat = stage.world.chats[chat.migrated_to]
        topic = chat.topics.get(thread)
        if thread and (topic is None or topic.deleted):
            message = "Nobody writes into a topic that is gone."
            raise ValueError(message)
        kept = stage.world.keep(chat, self.user, stage.world.place(chat, thread, reply_to) | content)
        if self._reaches_bot(chat, kept, reply_to):
            stage.tell("message", kept)
        return kept.data

    def _reaches_bot(self, chat: Chat, kept: Kept, reply_to: int) -> bool:
        """In a group a bot that is no administrator hears commands and replies to itself only (privacy mode) [doc]."""
        if chat.kind == "private" or chat.bot_status == "administrator":
            return True
        answered = chat.messages.get(reply_to)
        to_bot = answered is not None and answered.from_bot
        return chat.bot_status == "member" and (to_bot or kept.data.get("text", "").startswith("/"))


def change(stage: Stage, chat: Chat, by: User, old: str, new: str) -> Json:
    """The ChatMemberUpdated object about the bot itself."""
    bot = stage.world.bot.id
    return {
        "chat": chat.json(),
        "from": by.json(),
        "date": int(stage.world.clock.now()),
        "old_chat_member": stage.methods.membership(chat, bot, old),
        "new_chat_member": stage.methods.membership(chat, bot, new),
    }


class Group:
    """A group with the bot in it, seen by its people."""

    def __init__(self, stage: Stage, chat: Chat, owner: Person) -> None:
        self._stage, self.chat, self.owner = stage, chat, owner
        chat.members[owner.id] = "creator"

    @property
    def id(self) -> int:
        """Its chat id now."""
        return self.chat.id

    def turn_bot(self, status: str) -> None:
        """Make the bot administrator, member, or throw it out (kicked, left)."""
        old, self.chat.bot_status = self.chat.bot_status, status
        body = change(self._stage, self.chat, self.owner.user, old, status)
        self._stage.updates.add("my_chat_member", body, DAY, self.chat.id + OWN_MEMBERSHIP)

    def migrate(self) -> int:
        """A small group becomes a supergroup: a new id, and a message on either side with the other's [doc]."""
        old, world = self.chat, self._stage.world
        new = world.open_group(old.title, bot_status=old.bot_status)
        new.members = dict(old.members)
        self._stage.tell("message", world.keep(old, self.owner.user, {"migrate_to_chat_id": new.id}))
        self._stage.tell("message", world.keep(new, self.owner.user, {"migrate_from_chat_id": old.id}))
        old.migrated_to, self.chat = new.id, new
        return new.id

    def open_topic(self, name: str) -> int:
        """A person opens a topic; returns its thread id."""
        chat, world = self.chat, self._stage.world
        topic = Topic(world.next_id(chat), name)
        chat.topics[topic.id] = topic
        created = {"forum_topic_created": {"name": name, "icon_color": topic.icon_color}}
        place = {"message_thread_id": topic.id, "is_topic_message": True}
        self._stage.tell("message", world.keep(chat, self.owner.user, created | place, message_id=topic.id))
        return topic.id

    def delete_topic(self, thread: int) -> None:
        """A person deletes a topic: no update, all later writing fails (facts §1.6)."""
        self._stage.methods.drop_topic(self.chat, self.chat.topics[thread])

    def lose_topic(self, thread: int) -> None:
        """The forum grew past a million messages: the bot reaches this topic no more, people do (bot-api#596)."""
        self.chat.topics[thread].lost = True

    def topics(self) -> dict[int, Topic]:
        """Its topics by thread id."""
        return self.chat.topics
