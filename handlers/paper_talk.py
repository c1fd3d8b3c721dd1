"""What is said to whoever speaks of a paper at the question for it, instead of sending it: how it is sent, or left for later."""

from __future__ import annotations

from handlers import abroad, needed
from handlers.form_ask import Replies, item_of, prefixed, question
from handlers.talks import Talk
from handlers.turn import Turn
from handlers.understand.papers import speaks_of_paper


def hear(turn: Turn, talk: Talk, words: str, *, asks: bool = False) -> Replies | None:
    """What to do, and the question once more, which says what is wanted and by when; None where no file is asked for, and for
    all other words. asks: questions about it are answered so, too, where nothing else has an answer."""
    draft = talk.draft
    if draft is None or draft.shelved or not speaks_of_paper(words, asks=asks):
        return None
    item = item_of(turn, draft)
    asked = item.field(draft.asking)
    if asked is None or asked.kind != "file" or abroad.kept(turn, item, asked):
        return None
    draft.misses, draft.unheard = 0, []
    said = turn.say("form.paper_now" if needed.is_needed(item, asked, draft.answers) else "form.paper")
    return prefixed(said, (question(turn, talk, asked),))
