"""A whole wish said while a form of the same item is open: it changes this form, or is another one; which is asked."""

from __future__ import annotations

from typing import Final

from handlers import field_times, fields, kindred
from handlers.form_ask import Replies, item_of, prefixed, proceed, send, top
from handlers.talks import Draft, Talk
from handlers.turn import Turn
from handlers.understand.changes import may_change, read_change
from handlers.understand.slots import fill
from models.item import Item
from models.message import Choice, Refused, Reply

_TIMED: Final = ("span", "date")


def ask(turn: Turn, talk: Talk, item: Item, words: str) -> Replies | None:
    """Whether a sentence that names the item, another time and another reason or kind is to change this form; None for all
    other words, and where this form has no time yet."""
    draft = top(talk)
    if draft.changes or not kindred.named_length(item, words) or (may_change(words) and read_change(item, words)):
        return None
    told = fill(item, words, turn.said_at, fields.names(item), turn.lessons)
    timed = {field.key for field in item.fields if field.kind in _TIMED}
    known = {field.key for field in item.fields if field.fill == "rest" or field.kind == "choice"}
    other = [key for key, value in told.items() if key in draft.answers and draft.answers[key] != value]
    if not timed & set(other) or not known & set(other):
        return None
    draft.held = words
    choices = tuple(Choice(label=turn.say(f"form.{key}"), send=send(talk, key)) for key in VERBS)
    return (Reply(text=turn.say("form.which_leave", title=item.title.to(turn.lang)), choices=choices),)


def change(turn: Turn, talk: Talk) -> Replies:
    """The answers of this form become what the sentence says, and what it does not say stays."""
    draft = top(talk)
    item, words = item_of(turn, draft), _held(draft)
    draft.answers |= fill(item, words, turn.said_at, fields.names(item), turn.lessons)
    draft.settle()
    return proceed(turn, talk)


def begin(turn: Turn, talk: Talk) -> Replies:
    """Another form begins with the sentence; this one waits and comes back afterwards."""
    here = top(talk)
    item, words = item_of(turn, here), _held(here)
    here.settle()
    draft = Draft(service=item.slug, answers=fill(item, words, turn.said_at, fields.names(item), turn.lessons))
    field_times.note_doubt(turn, item, draft, words)
    talk.drafts.append(draft)
    return prefixed(turn.say("form.parked", title=item.title.to(turn.lang)), proceed(turn, talk))


def _held(draft: Draft) -> str:
    if not draft.held:
        raise Refused("form.stale")
    return draft.held


VERBS: Final = {"afresh_change": change, "afresh_begin": begin}
