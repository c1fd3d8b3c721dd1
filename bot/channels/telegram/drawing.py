"""Replies as Telegram shows them: texts within its length, a bold title by offset, and buttons in rows."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from bot import render
from handlers.texts import text
from models.message import MOST_PRESS, Choice, Reply

MOST_UNITS: Final = 4096  # of UTF-16 in one text, after entities are taken out (Bot API, sendMessage)
MOST_BUTTONS: Final = 100  # in one message, at most 8 a row; undocumented, beyond it the keyboard is refused or cut
MOST_LABEL: Final = 64  # characters; clients show less
ROW_WIDTH: Final = 24  # columns that a row of buttons shows on a small telephone without cutting; CJK takes two
MOST_IN_ROW: Final = 3
_ENDS: Final = (r"\n[^\S\n]*\n\s*", r"\n\s*", r"(?<=[。！？；…])|(?<=[.!?;])\s+", r"\s+")


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of text that is shown in its own way; offset and length count UTF-16 units."""

    kind: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Button:
    """A button that sends (at most 64 bytes) or opens a page."""

    label: str
    send: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its text, what of it is shown in its own way, rows of buttons, and whether it cannot be passed on."""

    text: str
    entities: tuple[Entity, ...] = ()
    keyboard: tuple[tuple[Button, ...], ...] = ()
    guarded: bool = False

    def values(self) -> dict[str, Any]:
        """What sendMessage and editMessageText take. Without a preview: a link's page would be fetched abroad."""
        values: dict[str, Any] = {"text": self.text, "link_preview_options": {"is_disabled": True}}
        if self.entities:
            values["entities"] = [
                {"type": entity.kind, "offset": entity.offset, "length": entity.length} for entity in self.entities
            ]
        if self.keyboard:
            values["reply_markup"] = {"inline_keyboard": [[_button(button) for button in row] for row in self.keyboard]}
        return values


def draw(reply: Reply, lang: str, base_url: str = "") -> list[Message]:
    """The messages that show a reply, in order; the last one carries the buttons. Empty for an empty reply.

    base_url: where stored files are opened; a file is never uploaded, since what is uploaded leaves the country.
    """
    fits = [choice for choice in reply.choices if _can_press(choice)]
    handed = reply.link is not None and reply.link.hand_over  # It is copied by a tap, and opened by nobody here.
    link = reply.link if reply.link is not None and not handed and _can_open(reply.link.url) else None
    buttons, rest = fits[: MOST_BUTTONS - (link is not None)], fits[MOST_BUTTONS - (link is not None) :]
    spoken = [choice for choice in reply.choices if not _can_press(choice)] + rest

    card = render.card_text(reply.card) if reply.card is not None else ""
    lines = [_spoken(choice, reply.choices.index(choice) + 1) for choice in spoken]
    if reply.link is not None and link is None:
        lines.append(f"{reply.link.label} {reply.link.url}".strip())
    if reply.file is not None:
        lines += [reply.file.name, f"{base_url.rstrip('/')}/files/{reply.file.id}"]
    words = "\n\n".join(block.strip() for block in (reply.text, card, "\n".join(lines)) if block.strip())
    keyboard = _rows(buttons)
    if link is not None:
        keyboard = (*keyboard, (Button(_cut(link.label) or link.url[:MOST_LABEL], url=link.url),))
    if not words and not keyboard:
        return []
    words = _clean(words) or text(lang, "telegram.choose")
    title = _clean(reply.card.title.strip()) if reply.card is not None and card.strip() else ""
    entities: tuple[Entity, ...] = ()
    if title:
        at = units(words[: len(_clean(reply.text.strip())) + 2]) if reply.text.strip() else 0
        entities = (Entity("bold", at, units(title)),)
    if reply.link is not None and handed and (place := words.find(reply.link.url)) >= 0:
        entities = (*entities, Entity("code", units(words[:place]), units(reply.link.url)))
    guarded = reply.guarded or (reply.card is not None and reply.card.guarded)
    parts = [replace(part, guarded=guarded) for part in split(words, entities)]
    return [*parts[:-1], replace(parts[-1], keyboard=keyboard)]


def mark(message: Message, words: str) -> Message:
    """The same message with a line before it, if there is room."""
    shift = units(words) + 1
    if units(message.text) + shift > MOST_UNITS:
        return message
    moved = tuple(replace(entity, offset=entity.offset + shift) for entity in message.entities)
    return replace(message, text=f"{words}\n{message.text}", entities=moved)


def units(words: str) -> int:
    """How many UTF-16 units a text has, as Telegram counts offsets."""
    return len(words) if words.isascii() else len(words.encode("utf-16-le")) // 2


# --- splitting --------------------------------------------------------------------------------------------------------


def split(words: str, entities: tuple[Entity, ...] = (), most: int = MOST_UNITS) -> list[Message]:
    """A text as messages of at most so many units: cut between paragraphs, else lines, sentences, words, characters.

    White space at a cut is dropped. An entity is cut only where it is longer than a message. Offsets that fall between
    the halves of a character are nobody's and do not occur.
    """
    parts = []
    begin = 0
    while begin < len(words):
        end = _cut_at(words, begin, entities, most)
        piece = words[begin:end].rstrip()
        if piece:
            first = units(words[:begin])
            parts.append(Message(piece, _within(entities, first, first + units(piece))))
        begin = end
        while begin < len(words) and words[begin].isspace():
            begin += 1
    return parts or [Message(words)]


def _cut_at(words: str, begin: int, entities: tuple[Entity, ...], most: int) -> int:
    """Where the part that begins here ends."""
    window = words[begin : begin + most + 1]
    fitting = _fitting(window, most)
    if fitting == len(window):
        return len(words)
    end = _kept_whole(words, begin, begin + fitting, entities)
    for pattern in _ENDS:
        # A cut in the first half would leave a part that is hardly worth a message.
        found = [match.start() for match in re.finditer(pattern, window) if match.start() >= fitting // 2]
        for place in reversed(found):
            stop = begin + place
            if stop <= end and not _cuts(words, begin, stop, entities, most):
                return stop
    stop = end
    while stop > begin + 1 and end - stop < 16 and _joined(words, stop):
        stop -= 1
    return end if _joined(words, stop) else stop


def _fitting(words: str, most: int) -> int:
    """How many characters, none of them cut, fit into so many units."""
    return len(words.encode("utf-16-le")[: most * 2].decode("utf-16-le", "ignore"))


def _kept_whole(words: str, begin: int, end: int, entities: tuple[Entity, ...]) -> int:
    """The end, moved before an entity that it would cut; an entity at the very begin is cut all the same."""
    at, first = units(words[:end]), units(words[:begin])
    for entity in entities:
        if max(entity.offset, first) < at < entity.offset + entity.length and entity.offset > first:
            return begin + _fitting(words[begin:], entity.offset - first)
    return end


def _cuts(words: str, begin: int, stop: int, entities: tuple[Entity, ...], most: int) -> bool:
    """Whether a part that ends here would cut an entity that could stay whole."""
    at, first = units(words[:stop]), units(words[:begin])
    return any(
        max(entity.offset, first) < at < entity.offset + entity.length
        and (entity.offset > first or entity.offset + entity.length <= first + most)
        for entity in entities
    )


def _within(entities: tuple[Entity, ...], first: int, last: int) -> tuple[Entity, ...]:
    """The entities of one part, counted from its begin."""
    found = []
    for entity in entities:
        begin, end = max(entity.offset, first), min(entity.offset + entity.length, last)
        if begin < end:
            found.append(Entity(entity.kind, begin - first, end - begin))
    return tuple(found)


def _joined(words: str, at: int) -> bool:
    """Whether two characters are drawn as one: an accent, a joiner, a variation, a skin or half a flag follows."""
    if not 0 < at < len(words):
        return False
    before, after = words[at - 1], words[at]
    if unicodedata.combining(after) or after in "\u200d\ufe0e\ufe0f" or before == "\u200d":
        return True
    return 0x1F3FB <= ord(after) <= 0x1F3FF or (0x1F1E6 <= ord(before) <= 0x1F1FF and 0x1F1E6 <= ord(after) <= 0x1F1FF)


def _clean(words: str) -> str:
    """Without half characters, which no encoding takes."""
    return words.encode(errors="replace").decode()


# --- buttons ----------------------------------------------------------------------------------------------------------


def _rows(choices: list[Choice]) -> tuple[tuple[Button, ...], ...]:
    """Short labels up to three in a row, long ones alone. Telegram has no colours: the main button stands first, alone,
    and what cannot be taken back last, away from the others."""
    rows: list[list[Button]] = []
    room = 0
    for choice in sorted(choices, key=lambda choice: {"main": 0, "danger": 2}.get(choice.style, 1)):
        button = Button(_cut(choice.label) or _cut(choice.words) or "…", choice.send)
        width = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in button.label) + 2
        alone = choice.style in ("main", "danger")
        if alone or not rows or width > room or len(rows[-1]) >= MOST_IN_ROW:
            rows.append([button])
            room = 0 if alone else ROW_WIDTH - width
        else:
            rows[-1].append(button)
            room -= width
    return tuple(tuple(row) for row in rows)


def _can_press(choice: Choice) -> bool:
    return 0 < len(choice.send.encode(errors="replace")) <= MOST_PRESS


def _can_open(url: str) -> bool:
    """Whether Telegram takes an address for a button: a name with a dot, or an address that is not this machine's own."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or re.search(r"\s", url):
        return False
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return "." in host.strip(".")


def _spoken(choice: Choice, number: int) -> str:
    """A choice for which there is no button: by its own words, else by its number, which the bot understands."""
    return choice.words or f"{number} {choice.label}"


def _cut(label: str) -> str:
    label = _clean(" ".join(label.split()))
    return label if len(label) <= MOST_LABEL else label[: MOST_LABEL - 1] + "…"


def _button(button: Button) -> dict[str, str]:
    kind = {"url": button.url} if button.url else {"callback_data": button.send}
    return {"text": button.label, **kind}
