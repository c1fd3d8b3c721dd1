"""The bot's methods that send: what each checks, in the server's order, and what it sends."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.fakes.telegram.files import SMALLER, Files, Stored, Upload
from tests.fakes.telegram.limits import Limits
from tests.fakes.telegram.texts import CAPTION_LONGEST, TEXT_LONGEST, read_json, read_markup, read_text, units
from tests.fakes.telegram.world import Chat, Json, Kept, Refusal, Sent, World, bad

Args = dict[str, str]


def number(args: Args, key: str) -> int:
    """A whole number; what is none counts as 0, as td::to_integer reads it."""
    found = re.match(r"-?\d{1,18}", args.get(key, ""))
    return int(found[0]) if found else 0


def true(args: Args, key: str) -> bool:
    """A yes [srv to_bool]."""
    return args.get(key, "").lower() in {"true", "yes", "1"}


class Methods:
    """Everything that looks chats and messages up and sends new ones; changing.py goes on from here."""

    def __init__(self, world: World, files: Files, limits: Limits, *, callback_seconds: float) -> None:
        self.world, self.files, self.limits = world, files, limits
        self.callback_seconds = callback_seconds
        self.queries: dict[str, float] = {}  # callback queries that wait for their answer, and since when
        self.answered: dict[str, Json] = {}  # callback query → what the person saw
        self.counts: Counter[str] = Counter()
        self.changed: Callable[[], None] = lambda: None

    # --- looking up -------------------------------------------------------------------------------------------------

    def chat(self, args: Args, *, write: bool = True) -> Chat:
        """The chat of a request [srv check_chat, check_chat_access]."""
        raw = args.get("chat_id", "")
        if not raw:
            raise bad("chat_id is empty")
        chat = self.world.chats.get(number(args, "chat_id"))
        if chat is None or raw.startswith("@"):
            raise bad("chat not found")
        if chat.user is not None:
            if chat.user.deactivated and write:
                raise Refusal(403, "Forbidden: user is deactivated")
            if chat.blocked and write:
                raise Refusal(403, "Forbidden: bot was blocked by the user")
            return chat
        kind = "group" if chat.kind == "group" else "supergroup"
        if chat.migrated_to:
            raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
        if chat.bot_status == "kicked":
            raise Refusal(403, f"Forbidden: bot was kicked from the {kind} chat")
        if chat.bot_status == "left":
            raise Refusal(403, f"Forbidden: bot is not a member of the {kind} chat")
        return chat

    def thread(self, chat: Chat, args: Args) -> int:
        """The topic to write into [srv check_message_topic]; only forums look at it, and private chats have none here."""
        thread = number(args, "message_thread_id")
        if not thread or (chat.kind != "private" and not chat.forum):
            return 0
        topic = chat.topics.get(thread)
        if topic is None or topic.deleted or topic.lost:  # General (1) is none either.
            raise bad("message thread not found")
        if topic.closed and chat.bot_status != "administrator":
            raise bad("TOPIC_CLOSED")
        return thread

    def message(self, chat: Chat, args: Args, what: str) -> Kept:
        """A message by its id [srv check_message]."""
        if not args.get("message_id"):
            raise bad("message identifier is not specified")
        kept = chat.messages.get(number(args, "message_id"))
        if kept is None or kept.deleted:
            raise bad(f"{what} not found")
        return kept

    def answers(self, chat: Chat, args: Args) -> int:
        """The message that a new one replies to, or 0 [srv check_reply_parameters]."""
        given = read_json(args["reply_parameters"], "reply parameters") if args.get("reply_parameters") else {}
        if not isinstance(given, dict):
            raise bad("object expected as reply parameters")
        target = int(given.get("message_id", 0)) or number(args, "reply_to_message_id")
        kept = chat.messages.get(target)
        if target and (kept is None or kept.deleted):
            if given.get("allow_sending_without_reply") or true(args, "allow_sending_without_reply"):
                return 0
            raise bad("message to be replied not found")
        return target

    # --- sending ----------------------------------------------------------------------------------------------------

    def send_message(self, args: Args, files: dict[str, Upload]) -> Json:
        """SendMessage: text and keyboard first, then chat, topic, reply, then the length [srv do_send_message]."""
        if not args.get("text"):
            raise bad("message text is empty")
        markup = read_markup(args.get("reply_markup", ""))
        chat = self.chat(args)
        thread, reply_to = self.thread(chat, args), self.answers(chat, args)
        text, entities = self._text(args, "text", TEXT_LONGEST, "message is too long")
        if not text:
            raise bad("text must be non-empty")
        self.limits.admit(chat, "sendmessage")
        return self._deliver("sendMessage", chat, args, thread, reply_to, text, entities, markup)

    def send_photo(self, args: Args, files: dict[str, Upload]) -> Json:
        """SendPhoto."""
        return self._send_file("photo", "sendPhoto", args, files)

    def send_document(self, args: Args, files: dict[str, Upload]) -> Json:
        """SendDocument."""
        return self._send_file("document", "sendDocument", args, files)

    def send_media_group(self, args: Args, files: dict[str, Upload]) -> list[Json]:
        """SendMediaGroup: up to ten, photos and videos together or documents alone [td; facts §1.4]."""
        media = read_json(args.get("media", ""), "media") if args.get("media") else None
        if media is None:
            raise bad('parameter "media" is required')
        if not isinstance(media, list) or not all(isinstance(item, dict) for item in media):
            raise bad("expected an Array of InputMedia")
        kinds = {item.get("type") for item in media}
        if not kinds <= {"photo", "document"}:
            raise bad("can't parse InputMedia: type is unsupported here")  # The fake knows these two.
        if not media:
            raise bad("there are no messages to send")
        if len(media) > 10:
            raise bad("too many messages to send as an album")
        if len(kinds) > 1:
            raise bad("document can't be mixed with other media types")
        chat = self.chat(args)
        thread, reply_to = self.thread(chat, args), self.answers(chat, args)
        ready = []
        for item in media:
            words = self._caption(
                {key: json.dumps(value) if key == "caption_entities" else str(value) for key, value in item.items()}
            )
            ready.append((self._file(item["type"], str(item.get("media", "")), files), words))
        self.limits.admit(chat, "sendmediagroup", len(ready))
        group = str(self.world.clock.now())[:17].replace(".", "")
        return [
            self._deliver(
                "sendMediaGroup", chat, args, thread, reply_to, *words, None, stored, {"media_group_id": group}
            )
            for stored, words in ready
        ]

    def copy_message(self, args: Args, files: dict[str, Upload]) -> Json:
        """CopyMessage: the content again, without a link to where it came from."""
        source = self.chat(args | {"chat_id": args.get("from_chat_id", "")}, write=False)
        kept = self.message(source, args, "message to copy")
        markup = read_markup(args.get("reply_markup", ""))
        chat = self.chat(args)
        thread, reply_to = self.thread(chat, args), self.answers(chat, args)
        stored = self._stored(kept)
        key = "caption" if stored else "text"
        if stored is None and "text" not in kept.data:
            raise bad("message can't be copied")
        words: tuple[str, list[Json]] = (
            kept.data.get(key, ""),
            kept.data.get("caption_entities" if stored else "entities", []),
        )
        if stored and "caption" in args:
            words = self._caption(args)
        # The text of 1,024 UTF-16 units that people may write is refused here by one (bot-api#334).
        if stored and thread and units(words[0]) > CAPTION_LONGEST - 1:
            raise bad("message caption is too long")
        self.limits.admit(chat, "copymessage")
        sent = self._deliver("copyMessage", chat, args, thread, reply_to, *words, markup, stored)
        return {"message_id": sent["message_id"]}

    def _text(self, args: Args, key: str, longest: int, too_long: str) -> tuple[str, list[Json]]:
        entities = args.get("entities" if key == "text" else "caption_entities", "")
        return read_text(args.get(key, ""), args.get("parse_mode", ""), entities, longest, too_long)

    def _caption(self, args: Args) -> tuple[str, list[Json]]:
        return self._text(args, "caption", CAPTION_LONGEST, "message caption is too long")

    def _send_file(self, kind: str, method: str, args: Args, files: dict[str, Upload]) -> Json:
        if kind not in files and not args.get(kind):
            raise bad(f"there is no {kind} in the request")
        markup = read_markup(args.get("reply_markup", ""))
        chat = self.chat(args)
        thread, reply_to = self.thread(chat, args), self.answers(chat, args)
        text, entities = self._caption(args)
        stored = self._file(kind, f"attach://{kind}" if kind in files else args[kind], files)
        self.limits.admit(chat, method.lower())
        return self._deliver(method, chat, args, thread, reply_to, text, entities, markup, stored)

    def _file(self, kind: str, named: str, files: dict[str, Upload]) -> Stored:
        if named.startswith("attach://"):
            upload = files.get(named.removeprefix("attach://"))
            if upload is None:
                raise bad(f"there is no {kind} in the request")
            return self.files.take(kind, upload)
        if named.startswith(("http://", "https://")):
            raise bad("failed to get HTTP URL content")  # The fake has no network.
        stored = self.files.known(named)
        if stored.kind != kind:
            raise bad(f"can't use file of type {stored.kind.capitalize()} as {kind.capitalize()}")
        return stored

    def _stored(self, kept: Kept) -> Stored | None:
        for kind in ("photo", "document"):
            if kind in kept.data:
                shown = kept.data[kind][-1] if kind == "photo" else kept.data[kind]
                return self.files.known(shown["file_id"])
        return None

    def _deliver(
        self, method: str, chat: Chat, args: Args, thread: int, reply_to: int, text: str, entities: list[Json],
        markup: Json | None, stored: Stored | None = None, more: Json | None = None,
    ) -> Json:  # fmt: skip
        content = self.world.place(chat, thread, reply_to) | (more or {})
        content |= written(text, entities, stored)
        if markup and "inline_keyboard" in markup:
            content["reply_markup"] = markup
        if true(args, "protect_content"):
            content["has_protected_content"] = True
        kept = self.world.keep(chat, self.world.bot, content)
        media = None
        if stored is not None:
            media = {"kind": stored.kind, "file_id": stored.file_id, "file_name": stored.name} | (more or {})
        kept.sent = Sent(
            chat.id, method, text, self.world.clock.now(), kept.data["message_id"], thread, entities, markup, media,
            reply_to, true(args, "protect_content"), true(args, "disable_notification"),
        )  # fmt: skip
        self.world.sent.append(kept.sent)
        self.changed()
        return kept.data


def written(text: str, entities: list[Json], stored: Stored | str | None) -> Json:
    """The fields of a message that carry its words, or its file and caption."""
    key = "caption" if stored else "text"
    content: Json = {key: text} if text or not stored else {}
    if entities:
        content["caption_entities" if stored else "entities"] = entities
    return content | (shown(stored) if isinstance(stored, Stored) else {})


def shown(stored: Stored) -> Json:
    """A file as a message shows it; a photo in three sizes, the last the largest [doc]."""
    if stored.kind == "photo":
        sizes = [(90, 67), (320, 240), (1280, 960)]
        photo: list[Any] = [stored.json() | {"width": width, "height": height} for width, height in sizes]
        for place, small in enumerate(photo[:-1]):
            small |= {
                "file_id": f"{stored.file_id}{SMALLER}{place}",
                "file_size": min(stored.size, small["width"] * 20),
            }
        return {"photo": photo}
    about: Json = {"file_name": stored.name, "mime_type": stored.mime}
    if stored.kind == "voice":
        about = {"duration": 3, "mime_type": stored.mime}
    if stored.kind == "sticker":
        about = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "👍"}
    return {stored.kind: stored.json() | about}
