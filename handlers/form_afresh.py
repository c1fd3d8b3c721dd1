"""A whole wish said while a form of the same item is open: it changes this form, or is another one; which is asked."""

from __future__ import annotations

from typing import Any, Final

from handlers import field_times, fields, kindred, people_kept
from handlers.form_ask import Replies, item_of, prefixed, proceed, send, top
from handlers.talks import Draft, Talk
from handlers.turn import Turn
from handlers.understand.changes import may_change, read_change, wishes
from handlers.understand.slots import fill
from handlers.understand.times import read_time, rest
from handlers.understand.times.values import Span
from models.item import Item
from models.message import Choice, Refused, Reply

_TIMED: Final = ("span", "date")


def ask(turn: Turn, talk: Talk, item: Item, words: str) -> Replies | None:
    """Whether a sentence with another time and another reason or kind is to change this form; None for all other words.

    It names the item, or both another kind and another reason. Where the time is asked for, any time is another one once a
    reason was given; where the reason is asked for, another time is enough in a whole wish.
    """
    draft = top(talk)
    timed, asked = _timed(item), item.field(draft.asking)
    here = asked is not None and asked.key in timed and asked.key not in draft.answers
    answered = any(key in draft.answers for key in timed)
    if not answered and not here:
        return None
    wished = _wished(turn, words) if answered else ""
    named = kindred.named_length(item, words) or (wished and kindred.named_length(item, wished))
    if draft.changes or (may_change(words) and read_change(item, words)):
        return None
    told = _told(turn, item, words)
    kinds = {field.key for field in item.fields if field.kind == "choice" and field.fill == ""}
    reasons = {field.key for field in item.fields if field.fill == "rest"}
    known = reasons | {field.key for field in item.fields if field.kind == "choice"}
    other = {key for key, value in told.items() if key in draft.answers and draft.answers[key] != value}
    if not named and not (kinds & other and reasons & other):
        return None
    # Where no reason stands yet, another kind beside the time takes the place of the first, and nothing is lost.
    if not (timed & other or (here and timed & set(told) and reasons & set(draft.answers))):
        return None
    reasoned = bool(wished) and asked is not None and asked.fill == "rest"
    if not known & other and not reasoned:
        return None
    draft.held = words
    choices = tuple(Choice(label=turn.say(f"form.{key}"), send=send(talk, key)) for key in WAYS)
    return (Reply(text=turn.say("form.which_leave", title=item.title.to(turn.lang)), choices=choices),)


def _timed(item: Item) -> set[str]:
    return {field.key for field in item.fields if field.kind in _TIMED}


def _wished(turn: Turn, words: str) -> str:
    """A whole wish without its time, "" for words that are none."""
    return wishes(words, rest(words, _time(turn, words)))


def _time(turn: Turn, words: str) -> Span:
    return read_time(words, turn.said_at.astimezone(turn.school.zone), lessons=turn.lessons)


def _told(turn: Turn, item: Item, words: str) -> dict[str, Any]:
    """What a sentence answers. A time that parts the item's name (「请6月20日的假回家」) is read before it, so that no half of the
    name stays in the reason."""
    wished = "" if kindred.named_length(item, words) else _wished(turn, words)
    parts = _time(turn, words).covered if wished else ()
    if parts:
        words = f"{words[parts[0][0] : parts[-1][1]]} {wished}"
    return fill(item, words, turn.said_at, fields.names(item), turn.lessons)


def change(turn: Turn, talk: Talk) -> Replies:
    """The answers of this form become what the sentence says, and what it does not say stays."""
    draft = top(talk)
    item, words = item_of(turn, draft), _held(draft)
    draft.answers |= _told(turn, item, words)
    draft.settle()
    return proceed(turn, talk)


def begin(turn: Turn, talk: Talk) -> Replies:
    """Another form begins with the sentence; this one waits and comes back afterwards."""
    here = top(talk)
    item, words = item_of(turn, here), _held(here)
    here.settle()
    draft = Draft(service=item.slug, answers=_told(turn, item, words))
    field_times.note_doubt(turn, item, draft, words)
    talk.drafts.append(draft)
    return prefixed(turn.say("form.parked", title=item.title.to(turn.lang)), proceed(turn, talk))


def _held(draft: Draft) -> str:
    if not draft.held:
        raise Refused("form.stale")
    return draft.held


WAYS: Final = {"afresh_change": change, "afresh_begin": begin}
VERBS: Final = {**WAYS, "these": people_kept.these}  # what buttons of a form do besides its own
