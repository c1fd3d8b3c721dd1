"""The border between channels and the bot: what comes in, what goes out, and a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

MOST_TEXT: Final = 4000  # characters of one message; a longer one is refused with a sentence, never cut in silence
MOST_PRESS: Final = 64  # bytes; Telegram's limit for callback data, so no channel sees more


@dataclass(frozen=True, slots=True)
class Place:
    """A position that somebody sent: degrees, and a label that the platform gave."""

    latitude: float
    longitude: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sent and the store already keeps: row id, shown name, media kind and size in bytes."""

    id: str
    name: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message or button press of one account on one channel.

    key: the platform's own id of this delivery; the same key again gets the same answer and no second effect.
    said_at: the platform's instant of the message; its words (「明天」) are read by it. Limits use `now` instead.
    press: what a button carried (at most 64 bytes of ASCII). quote: the number of the ticket whose card was quoted.
    hint: the language that the platform reports ("zh", "en" or ""). quoted: what the platform calls the message that was
    quoted; pressed: the one whose button it was. unread: a kind of message that no bot of ours reads (a voice, a sticker).
    more: further files that were sent as one with the first. table: the rows of a file that may be a list.
    """

    channel: str
    account: str
    key: str
    said_at: datetime
    text: str = ""
    press: str = ""
    quote: str = ""
    file: Upload | None = None
    place: Place | None = None
    hint: str = ""
    quoted: str = ""
    pressed: str = ""
    unread: str = ""
    more: tuple[Upload, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()

    @property
    def files(self) -> tuple[Upload, ...]:
        """Every file of this message."""
        return (self.file, *self.more) if self.file is not None else ()


class Shape(BaseModel):
    """A frozen part of a reply."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(Shape):
    """A button: its label, what it sends, and the words that do the same where there are no buttons.

    Without words it is offered by number, and a number counts only in the turn that it was offered in.
    """

    label: str
    send: str
    words: str = ""
    style: str = ""  # "" | "main" | "danger"


class Link(Shape):
    """A page that a person may open. hand_over: it is for somebody else, so it is shown to be copied, not to be opened."""

    label: str
    url: str
    hand_over: bool = False


class File(Shape):
    """A stored file that a person may open."""

    id: str
    name: str
    kind: str
    size: int


class Mark(Shape):
    """One step on a card's line of progress; done, or still to come."""

    label: str
    done: bool = False


class Card(Shape):
    """What is known of one matter, kept up to date in place where the channel can edit (same key, later card).

    elsewhere: its answers and words are on the web page only, since this channel's messages leave the country. guarded:
    it shows what is sensitive, so a channel that can keeps the message from being passed on.
    """

    key: str
    title: str
    lines: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    ticket: str = ""  # the ticket's number: what a quotation of this card names
    elsewhere: bool = False
    guarded: bool = False


class Reply(Shape):
    """One message to one account: text, choices, a card, a file, a link, whatever is there.

    guarded: the text shows what is sensitive, as a guarded card does.
    """

    text: str = ""
    card: Card | None = None
    choices: tuple[Choice, ...] = ()
    file: File | None = None
    link: Link | None = None
    guarded: bool = False


_REPLIES: Final = TypeAdapter(tuple[Reply, ...])


def pack(replies: tuple[Reply, ...]) -> str:
    """Replies as JSON, for the stored answer."""
    return _REPLIES.dump_json(replies, exclude_defaults=True).decode()


def unpack(words: str) -> tuple[Reply, ...]:
    """The replies that `pack` wrote."""
    return _REPLIES.validate_json(words)


class Refused(Exception):
    """What a person asked for cannot be done; says why, and what to do, by the key of a text.

    The dialogue stays where it was and nothing is changed. Everything else that is raised is a bug.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values
