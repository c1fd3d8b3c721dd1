"""Hears a time where it is not simply the answer: a new one for a form that has one, and a yes or no to one offered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handlers import abroad, end_times, field_times, fields, gone_times
from handlers.form_ask import Replies, accept, item_of, question, top
from handlers.form_change import ask_anew
from handlers.talks import Talk
from handlers.turn import Turn
from handlers.understand.asides import edge, is_only_an_end, is_only_sent, nod, says_also
from handlers.understand.changes import read_change
from handlers.understand.intents_commands import command
from handlers.understand.moving import as_edge, names_both
from handlers.understand.slots import pick, remainder
from handlers.understand.times import read_time
from models.item import FormField, Item


def hear(turn: Turn, talk: Talk, field: FormField, words: str) -> Replies | None:
    """A yes or no to times that were offered, or one end of a time that is changed; None for all else."""
    return settle_offer(turn, talk, field, words) or move_edge(turn, talk, field, words)


def settle_offer(turn: Turn, talk: Talk, field: FormField, words: str) -> Replies | None:
    """What a bare yes or no does to the times that were offered (「你说的是这个时间吗？」): a yes takes the only one and has
    several shown again, a no asks for the time anew; None where nothing is offered, and for all other words."""
    draft = top(talk)
    if not draft.offer or field.kind not in ("span", "date") or is_only_sent(words):
        return None
    word = command(words)
    said = word if word in ("confirm", "deny") else nod(words)
    if said == "confirm":
        live = [value for value in draft.offer if gone_times.is_offered(turn, draft, value)]
        return accept(turn, talk, field, live[0]) if len(live) == 1 else (field_times.offer(turn, talk, draft),)
    if said == "deny":
        draft.offer = []
        return (question(turn, talk, field),)
    return None


def move_edge(turn: Turn, talk: Talk, field: FormField, words: str) -> Replies | None:
    """One end of a time that is being changed (「14号下午走」, or the end that was asked for): the other stays where it was. None
    for a time of both, where nothing is changed, and for what is not certain."""
    draft = top(talk)
    old = draft.was.get(field.key)
    if field.kind != "span" or old is None or draft.offer or draft.partial or not words:
        return None
    said = edge(words)
    if not said and not (
        draft.lean and not names_both(words) and end_times.is_within_a_day(read_time(words, turn.said_at))
    ):
        return None
    new = field_times.amend(turn, field, words if said else as_edge(words, draft.lean), old)
    return accept(turn, talk, field, new) if isinstance(new, dict) else None


def retime(turn: Turn, talk: Talk, asked: FormField | None, words: str) -> str | Replies | None:
    """What a new time does to the one that the form has: a sentence that says what it became; the replies that ask about
    it; None where the words say no other time. asked: the question that is open, None where the whole is shown.

    At a question for words only what is nothing but a time counts, since a reason may speak of times as well.
    """
    draft = top(talk)
    item = item_of(turn, draft)
    field = next((each for each in item.fields if each.kind in ("span", "date")), None)
    if field is None or field is asked or not words or abroad.kept(turn, item, field):
        return None
    old = draft.answers.get(field.key)
    named, said = _said_of(item, field, words)
    if old is None or not said or (asked is not None and asked.kind in ("phone", "number")):
        return None
    time = read_time(said, turn.said_at, lessons=turn.lessons)
    if time.kind == "none" and time.ask is None:
        return None
    left = remainder(said, time, fields.names(item), item)
    pure = named or not left or is_only_an_end(left)
    if not pure and (asked is None or asked.kind != "choice"):
        return None
    new = field_times.amend(turn, field, said, old)
    if new == old:  # 「一天」, said where the reason is asked for, is none.
        return turn.say("form.time_is_so", time=field_times.shown(turn, old)) if pure and asked is not None else None
    if new is None and not pure and _unclear(turn, field, said):
        return None
    return _take(turn, talk, item, field, (new, old), asked, said)


def _said_of(item: Item, field: FormField, words: str) -> tuple[bool, str]:
    """Whether the words name the time, or say that something is to be changed; and the words of the time itself."""
    told = read_change(item, words)
    if told is None or not told.value:
        return False, words if told is None else ""
    if told.fields and told.fields != (field,):
        return False, ""
    return told.said or bool(told.fields), told.value


def _unclear(turn: Turn, field: FormField, words: str) -> bool:
    """Whether a doubtful time is too vague to interrupt for it (「最近」 beside something else)."""
    heard = field_times.doubt_in(turn, field, words)
    return heard is None or not (heard.offer or heard.partial)


def _take(
    turn: Turn, talk: Talk, item: Item, field: FormField, times: tuple[Any, Any], asked: FormField | None, words: str
) -> str | Replies:
    """Take the new time of (new, old) where it is plain; else note what else was said, and ask."""
    draft = top(talk)
    new, old = times
    if isinstance(new, dict | str) and not says_also(words):
        draft.answers[field.key] = new
        shown = [field_times.shown(turn, value) for value in (new, old)]
        return turn.say("form.retimed", new=shown[0], old=shown[1])
    if asked is not None and asked.kind == "choice":
        option = pick(asked, words, loosely=False)
        if option is not None:
            draft.answers[asked.key] = option.key
        fields.note_others(turn, item, draft, asked, words, answered=True)
    if isinstance(new, dict | str):
        ask_anew(turn, talk, field)
        draft.offer, draft.because = [new, old], "several"
        return (field_times.offer(turn, talk, draft),)
    if isinstance(new, datetime):
        ask_anew(turn, talk, field)
        draft.partial, draft.timed = new.isoformat(), True
        return (question(turn, talk, field),)
    return ask_anew(turn, talk, field, words)
