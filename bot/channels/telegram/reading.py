"""Reads an update by hand: whose it is, what was said, pressed, quoted or sent; nothing here can fail for a strange one."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bot.lists import Rows
from handlers.crisis_words import look
from handlers.understand.intents import command
from handlers.understand.orders import read_code
from models.inbox import Arrived
from models.message import Incoming, Place, Upload

NAME: Final = "telegram"
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")  # what the platform calls an album; a database takes nothing stranger
_CODE: Final = re.compile(r"[A-Za-z0-9]{8}")  # what a link of ours may carry
NO_CODE: Final = "00000000"  # what any other payload counts as; codes hold no nought, so it is a wrong one
_COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,64}))?(?:\s+|$)")
_OURS: Final = ("start", "bind", "code", "leave", "complain")  # beside the words that mean the same everywhere
# Kinds of messages that hold a file which the store may know, and what the file is called where it has no name.
_FILES: Final = {"document": "", "video": "video.mp4", "audio": "audio.mp3", "animation": "animation.gif"}
# Kinds that somebody sends on purpose and the bot cannot read; everything else is a notice of the platform's own.
UNREAD: Final = (
    "voice",
    "video_note",
    "sticker",
    "poll",
    "dice",
    "contact",
    "story",
    "game",
    "checklist",
    "paid_media",
)
URGENT: Final = "!"  # ends the name of the line in which an account's calls for help wait
BESIDE: Final = "+"  # ends the key of a file whose caption is heard before it
GONE: Final = ("kicked", "left")


class Unreadable(Exception):
    """An update that lacks what every update of its kind has. Its words are the place, never a value."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that somebody sent: the platform's id, a name, and its size in bytes (0: not told)."""

    file_id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Update:
    """One update as far as the bot reads it.

    kind: "said", "pressed", "edited" (words of an older message), "closed" or "opened" (the bot was blocked, or let in
    again), "elsewhere" (a group, where nothing about anybody is said; message: what is better taken away there; to: the
    name in small letters of the bot that a command there names), "" (nothing to answer). table: the rows of a file that may be a list, once it was fetched.
    """

    kind: str
    account: str = ""
    said_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    text: str = ""
    press: str = ""
    callback: str = ""
    quoted: str = ""
    pressed: str = ""
    hint: str = ""
    album: str = ""
    unread: str = ""
    sent: Sent | None = None
    place: Place | None = None
    message: str = ""
    to: str = ""
    table: Rows = ()

    def incoming(self, key: str, uploads: tuple[Upload, ...] = ()) -> Incoming:
        """The same for the door; key: the platform's number of the delivery."""
        return Incoming(
            NAME, self.account, key, self.said_at, self.text, self.press, file=uploads[0] if uploads else None,
            place=self.place, hint=self.hint, quoted=self.quoted, pressed=self.pressed, unread=self.unread,
            more=uploads[1:], table=self.table,
        )  # fmt: skip


def arrive(update: Any, bot: str = "") -> tuple[Arrived, ...]:
    """What the inbox keeps of an update, the whole of it as text; nothing for what has no number at all.

    bot: the bot's own number; another bot counts its updates anew. One that cannot be read is kept with its trace, and
    blocks nobody. A cry for help in the caption of a file is kept beside its file, so that it waits for no download.
    """
    number = update.get("update_id") if isinstance(update, dict) else None
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 2**62:
        return ()
    key = f"{bot}.{number}" if bot else str(number)
    body = ""
    try:
        body = _dumped(update)
        found = read(update)
    except Unreadable as error:
        return (Arrived(key, number, "", body, trace=f"unreadable: {error}"),)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        # The border of containment: what is not kept comes again for a day, and a poll never gets past it.
        return (Arrived(key, number, "", body, trace=f"unreadable: {type(error).__name__}"),)
    if not found.text or found.kind == "elsewhere" or look(found.text) is None:
        return (Arrived(key, number, found.account, body, found.album),)
    # Nobody who calls for help waits behind a picture, neither an earlier one of theirs nor the one that holds the cry.
    urgent = found.account + URGENT
    if found.sent is None or found.kind == "edited":
        return (Arrived(key, number, urgent, body),)
    words, file = _parted(update)
    beside = Arrived(key + BESIDE, number, found.account, _dumped(file), found.album)
    return (Arrived(key, number, urgent, _dumped(words)), beside)


def _parted(update: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A message with a file as two: its words alone, and its file alone."""
    message = update["message"]
    words = {
        name: value for name, value in message.items() if name not in ("photo", *_FILES, "caption", "media_group_id")
    }
    file = {name: value for name, value in message.items() if name not in ("caption", "text")}
    said = message.get("text") or message.get("caption")
    return update | {"message": words | {"text": said}}, update | {"message": file}


def _dumped(update: dict[str, Any]) -> str:
    return json.dumps(update, ensure_ascii=True, separators=(",", ":"))


def read(update: dict[str, Any]) -> Update:
    """Read one update. Raises Unreadable for one whose shape the platform never promised."""
    if "callback_query" in update:
        return _press(_dict(update, "callback_query"))
    if "message" in update:
        return _message(_dict(update, "message"))
    if "edited_message" in update:
        found = _message(_dict(update, "edited_message"))
        return _like(found, "edited" if found.kind == "said" and found.text else "")
    if "my_chat_member" in update:
        return _member(_dict(update, "my_chat_member"))
    return Update("")


def _press(query: dict[str, Any]) -> Update:
    who = _dict(query, "from")
    message = query.get("message")
    chat = message.get("chat") if isinstance(message, dict) else None
    private = not isinstance(chat, dict) or chat.get("type") == "private"
    on = _number(message, "message_id") if isinstance(message, dict) else 0
    return Update(
        "pressed" if private else "elsewhere", str(_number(who, "id")), press=str(query.get("data") or "?"),
        said_at=datetime.now(UTC), callback=str(query.get("id") or ""), pressed=str(on or ""), hint=_hint(who),
    )  # fmt: skip


def _message(message: dict[str, Any]) -> Update:
    chat = _dict(message, "chat")
    account = str(_number(chat, "id"))
    said_at = _instant(message)
    who = message.get("from")
    who = who if isinstance(who, dict) else {}
    if who.get("is_bot") is True or "sender_chat" in message:
        return Update("", account, said_at)  # Two programs must not talk to each other, nor is a channel anybody.
    if chat.get("type") != "private":
        return _elsewhere(message, account, said_at)
    reply = message.get("reply_to_message")
    quoted = reply.get("message_id") if isinstance(reply, dict) else None
    quoted = str(quoted) if isinstance(quoted, int) and 0 < quoted < 2**62 else ""
    album = str(message.get("media_group_id") or "")
    sent, place = _sent(message), _place(message)
    unread = next((kind for kind in UNREAD if kind in message), "")
    words = _words(message)
    kind = "said" if words or sent or place or unread else ""
    return Update(
        kind, account, said_at, words, quoted=quoted, hint=_hint(who), album=album if _NAME.fullmatch(album) else "",
        unread="" if words or sent or place else unread, sent=sent, place=place,
    )  # fmt: skip


def _elsewhere(message: dict[str, Any], account: str, said_at: datetime) -> Update:
    """What was said in a group. Only a command and a binding code are meant for a bot; other bots hear commands too."""
    words = str(message.get("text") or message.get("caption") or "")
    found = _COMMAND.match(words)
    name, to = (found[1].lower(), (found[2] or "").lower()) if found else ("", "")
    if not read_code(words) and not (found and (to or name in _OURS or command(name))):
        return Update("elsewhere", account, said_at)
    # What follows a command there is most often a number or a code, which nobody else is to read.
    told = str(_number(message, "message_id")) if len(words.split()) > 1 else ""
    return Update("elsewhere", account, said_at, words, message=told, to=to)


def _member(change: dict[str, Any]) -> Update:
    chat, new = _dict(change, "chat"), _dict(change, "new_chat_member")
    account = str(_number(chat, "id"))
    if chat.get("type") != "private":
        return Update("", account)
    return Update("closed" if new.get("status") in GONE else "opened", account)


def _words(message: dict[str, Any]) -> str:
    """The text or caption. /mine@bot is /mine, and /start CODE, which a link makes, is to bind."""
    words = message.get("text") or message.get("caption") or ""
    if not isinstance(words, str):
        raise Unreadable("text")
    found = _COMMAND.match(words)
    if found is None:
        return words
    name, rest = found[1].lower(), words[found.end() :].strip()
    if name == "start":
        return f"bind {rest if _CODE.fullmatch(rest) else NO_CODE}" if rest else "menu"
    return f"/{name} {rest}".strip()


def _sent(message: dict[str, Any]) -> Sent | None:
    photos = message.get("photo")
    if isinstance(photos, list) and photos:
        sizes = [size for size in photos if isinstance(size, dict) and isinstance(size.get("file_id"), str)]
        if not sizes:
            raise Unreadable("photo")
        largest = max(sizes, key=lambda size: (_size(size), _size(size, "width")))
        return Sent(largest["file_id"], "photo.jpg", _size(largest))
    for kind, name in _FILES.items():
        file = message.get(kind)
        if isinstance(file, dict) and isinstance(file.get("file_id"), str):
            return Sent(file["file_id"], str(file.get("file_name") or name or "file"), _size(file))
    return None


def _size(file: dict[str, Any], name: str = "file_size") -> int:
    size = file.get(name)
    return size if isinstance(size, int) else 0


def _place(message: dict[str, Any]) -> Place | None:
    venue = message.get("venue")
    place = venue.get("location") if isinstance(venue, dict) else message.get("location")
    if not isinstance(place, dict):
        return None
    try:
        latitude, longitude = float(place["latitude"]), float(place["longitude"])
    except (KeyError, TypeError, ValueError):
        raise Unreadable("location") from None
    label = str(venue.get("title") or "")[:120] if isinstance(venue, dict) else ""
    return Place(latitude, longitude, label)


def _instant(message: dict[str, Any]) -> datetime:
    seconds = message.get("edit_date") or message.get("date")
    try:
        return datetime.fromtimestamp(_plain(seconds), UTC)
    except (OverflowError, OSError, ValueError):
        raise Unreadable("date") from None


def _plain(seconds: Any) -> float:
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise Unreadable("date")
    return seconds


def _hint(who: dict[str, Any]) -> str:
    code = str(who.get("language_code") or "").lower()
    return "zh" if code.startswith("zh") else "en" if code else ""


def _like(update: Update, kind: str) -> Update:
    return Update(kind, update.account, update.said_at, update.text, hint=update.hint)


def _dict(outer: dict[str, Any], name: str) -> dict[str, Any]:
    inner = outer.get(name)
    if not isinstance(inner, dict):
        raise Unreadable(name)
    return inner


def _number(outer: dict[str, Any], name: str) -> int:
    number = outer.get(name)
    if not isinstance(number, int) or isinstance(number, bool) or not -(2**62) < number < 2**62:
        raise Unreadable(name)
    return number
