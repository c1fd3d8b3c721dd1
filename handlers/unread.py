"""What comes in chat and is no words: kinds of messages that no bot of ours reads, and lists as tables."""

from __future__ import annotations

from handlers import form, list_files
from handlers.form_ask import Replies, prefixed
from handlers.talks import Talk
from handlers.turn import Turn
from models.message import Incoming, Refused, Reply


def hear(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """The answer to such a message; None for words, and for a spreadsheet that is a document like any other.

    Raises Refused where a list is damaged, or was sent as plain text while nothing asks for one.
    """
    if incoming.table:
        said = list_files.hear(turn, talk, incoming.table)
        if said is None and not incoming.files:
            raise Refused("file.kind")
        return said
    if incoming.unread and not (incoming.text.strip() or incoming.files or incoming.place):
        words = turn.say("unread.edited" if incoming.unread == "edited" else "unread.other")
        return prefixed(words, form.again(turn, talk)) if talk.draft is not None else (Reply(text=words),)
    return None
