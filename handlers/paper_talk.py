"""What is said to whoever speaks of a paper at the question for it, instead of sending it: how it is sent, or left for later; and of a photo that there is none."""

from __future__ import annotations

from handlers import abroad, needed
from handlers.form_ask import Replies, item_of, prefixed, question
from handlers.talks import Talk
from handlers.turn import Turn
from handlers.understand.papers import asks_photo, speaks_of_paper, without_photo
from models.item import Item


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


def left_out(item: Item, words: str) -> tuple[str, dict[str, None]]:
    """The words of a wish without 「没有照片」, and the question for a photo answered by none; both as they are where nothing is
    said of it, or no such question may be left out."""
    asking = [
        field for field in item.fields if field.kind == "file" and not field.required and asks_photo(field.label("zh"))
    ]
    left = without_photo(words) if asking else None
    return (words, {}) if left is None else (left, dict.fromkeys(field.key for field in asking))
