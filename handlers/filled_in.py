"""What a class officer filled in for the speaker: it is looked at, dropped, or gives way to a form of the speaker's own."""

from __future__ import annotations

from typing import Final

from handlers import classmates, form
from handlers.form_ask import Replies, prefixed
from handlers.talks import Talk
from handlers.turn import Turn
from models.message import Refused, Reply

WORDS: Final = frozenset({classmates.LOOK, classmates.DROP, classmates.ANEW})


def hear(turn: Turn, talk: Talk, word: str) -> Replies:
    """Do one of WORDS. Refused where nothing waits any more."""
    draft = classmates.waiting(talk)
    if draft is None:
        raise Refused("form.stale")
    words, draft.held = draft.held, ""
    talk.drafts.remove(draft)
    if word == classmates.DROP:
        title = form.item_of(turn, draft).title.to(turn.lang)
        return (Reply(text=turn.say("form.cancelled", title=title)),)
    if word == classmates.ANEW:
        return form.start(turn, talk, form.item_of(turn, draft), words)
    parked = talk.draft
    draft.shelved = False
    talk.drafts.append(draft)
    shown = form.again(turn, talk)
    if parked is None:
        return shown
    return prefixed(turn.say("form.parked", title=form.item_of(turn, parked).title.to(turn.lang)), shown)
