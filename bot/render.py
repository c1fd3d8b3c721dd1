"""Two ways to show replies: rich (the channel has buttons and edits) and poor (one plain message a turn)."""

from __future__ import annotations

from typing import Final

from handlers.texts import text
from models.message import Card, Choice, Reply

POOR_BYTES: Final = 2048  # what WeChat takes in one passive text reply
_ROOM: Final = 80  # bytes kept for the line that says that there is more


def card_text(card: Card) -> str:
    """A card as lines of text."""
    marks = " ─ ".join(("● " if mark.done else "○ ") + mark.label for mark in card.marks)
    return "\n".join(part for part in (card.title, *card.lines, marks) if part)


def plain(replies: tuple[Reply, ...], lang: str) -> str:
    """All replies of a turn as one text: choices numbered through, those with words of their own by these words."""
    parts: list[str] = []
    count = 0
    for reply in replies:
        lines = [reply.text] if reply.text else []
        if reply.card is not None:
            lines.append(card_text(reply.card))
        numbered: list[str] = []
        worded: list[str] = []
        for choice in reply.choices:
            if choice.words:
                worded.append(choice.words)
            else:
                count += 1
                numbered.append(f"{count} {choice.label}")
        lines += numbered
        if worded:
            lines.append(text(lang, "door.say", words=text(lang, "form.or").join(worded)))
        if reply.link is not None:
            lines.append(f"{reply.link.label} {reply.link.url}")
        if reply.file is not None:
            lines.append(reply.file.name)
        parts.append("\n".join(lines))
    return "\n\n".join(part for part in parts if part)


def fit(words: str, lang: str, most: int = POOR_BYTES) -> tuple[str, str]:
    """The words that fit into so many bytes of UTF-8, cut between lines where that is possible, and the rest."""
    if len(words.encode()) <= most:
        return words, ""
    room = most - _ROOM
    cut = len(words.encode()[:room].decode("utf-8", "ignore"))
    line = words.rfind("\n", cut // 2, cut)
    cut = line if line > 0 else cut
    return words[:cut].rstrip() + "\n" + text(lang, "door.more"), words[cut:].lstrip("\n")


def pressable(replies: tuple[Reply, ...]) -> list[Choice]:
    """Every button of a turn, in order."""
    return [choice for reply in replies for choice in reply.choices]
