"""Where the chat leads to a page that does the same: only in the web chat, whose browser is already signed in there."""

from __future__ import annotations

from typing import Final

from handlers.turn import Turn
from models.message import Link, Reply

WEB: Final = "webchat"


def leading(turn: Turn, replies: tuple[Reply, ...], key: str, path: str) -> tuple[Reply, ...]:
    """The replies, the first with a link to a page of ours; unchanged elsewhere, and where it has a link already."""
    (first, *more) = replies
    if turn.channel != WEB or first.link is not None:
        return replies
    return (first.model_copy(update={"link": Link(label=turn.say(key), url=path)}), *more)
