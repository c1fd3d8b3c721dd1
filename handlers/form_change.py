"""Changes an answer of a form by words: which one is meant, by its name or by what it is to be, and what it becomes."""

from __future__ import annotations

from handlers import abroad, field_times, fields, prolonging, wording
from handlers.form_ask import Replies, accept, change, item_of, prefixed, proceed, question, top
from handlers.talks import Talk
from handlers.turn import Turn
from handlers.understand.changes import Change, may_change, read_change
from handlers.understand.slots import fill
from models.item import FormField, Item
from models.message import Refused


def ask_anew(turn: Turn, talk: Talk, field: FormField, value: str = "") -> Replies:
    """Ask for one answer anew, or take what it is to be; the old one comes back if the student goes back."""
    draft = top(talk)
    abroad.guard(turn, item_of(turn, draft), field)
    draft.answers |= draft.was  # Another change takes the place of one that was not made.
    draft.settle()
    if field.key in draft.answers:
        draft.was = {field.key: draft.answers.pop(field.key)}
    draft.changing = True
    if not value or field.kind == "file":
        return (question(turn, talk, field),)
    draft.asking = field.key
    old = draft.was.get(field.key)
    moved = field_times.amend(turn, field, value, old) if old and field.kind in ("span", "date") else None
    if isinstance(moved, dict | str):
        return accept(turn, talk, field, moved)
    try:
        read = fields.read_words(turn, draft, field, value)
    except Refused as refused:
        return prefixed(turn.say(refused.key, **refused.values), (question(turn, talk, field),))
    if read is field_times.MORE:
        return (field_times.offer(turn, talk, draft) if draft.offer else question(turn, talk, field),)
    return accept(turn, talk, field, read)


def hear(turn: Turn, talk: Talk, words: str, otherwise: str) -> Replies:
    """Words where the whole is shown, or where it is asked which answer to change. Refused(otherwise) for what says
    neither a question nor an answer."""
    draft = top(talk)
    item = item_of(turn, draft)
    told = read_change(item, words)
    if told is None:
        return _by_value(turn, talk, item, Change((), words, said=False), otherwise)
    if len(told.fields) == 1:
        return ask_anew(turn, talk, told.fields[0], told.value or draft.value)
    if told.fields or not told.value:
        return change(turn, talk, told.fields, told.value)
    return _by_value(turn, talk, item, told, otherwise)


def hear_between(turn: Turn, talk: Talk, asked: FormField, words: str) -> Replies | None:
    """A change of an earlier answer said at another question (「时间改成明天」), and the question once more where only its
    change is spoken of (「改一下地点」, not yet given); None when the words are none."""
    draft = top(talk)
    told = read_change(item_of(turn, draft), words) if may_change(words) else None
    if told is None or not told.said or len(told.fields) != 1:
        return None
    (field,) = told.fields
    if field.key in draft.answers if field is not asked else told.value:
        return ask_anew(turn, talk, field, told.value)
    return (question(turn, talk, asked),) if not told.value and field.kind != "file" else None


def resume(turn: Turn, talk: Talk, words: str) -> Replies | None:
    """A change of an answer of the form that was put aside (「改一下地点」), which goes on with it; None for all else."""
    if not may_change(words):
        return None
    draft = top(talk)
    item = item_of(turn, draft)
    told = read_change(item, words)
    if told is None or not told.said or len(told.fields) != 1 or told.fields[0].key not in draft.answers:
        return None
    draft.shelved = False
    return ask_anew(turn, talk, told.fields[0], told.value)


def names_a_question(item: Item, words: str) -> bool:
    """Whether the words change an answer by the name of its question, whatever else they speak of."""
    told = read_change(item, words)
    return told is not None and bool(told.fields)


def _by_value(turn: Turn, talk: Talk, item: Item, told: Change, otherwise: str) -> Replies:
    """Change what the value certainly belongs to; ask where it may belong to several. Refused(otherwise) for nowhere."""
    draft, value = top(talk), told.value
    alike = [field for field in item.fields if field.kind == "choice" and fields.is_label(field, value)]
    if len(alike) > 1:
        return change(turn, talk, tuple(alike), value)
    found = fill(item, value, turn.said_at, fields.names(item), turn.lessons)
    chosen = [field for field in item.fields if field.kind in ("choice", "phone") and field.key in found]
    named = [field for field in chosen if field.kind == "phone" or fields.says_label(field, value)]
    timed = next((field for field in item.fields if field.kind in ("span", "date")), None)
    certain = timed is not None and timed.key in found and field_times.is_sure(turn, value)
    if timed is not None and not certain and field_times.doubt_in(turn, timed, value) is not None:
        draft.answers |= {field.key: found[field.key] for field in chosen}
        return ask_anew(turn, talk, timed, value)
    if not (told.said or certain or named) and (why := prolonging.add_reason(turn, item, draft, value)) is not None:
        draft.settle()
        noted = wording.line(why, draft.answers[why.key], turn.lang)
        return prefixed(turn.say("form.noted", labels=noted), proceed(turn, talk))
    free = [field for field in item.fields if field.kind in ("text", "long") and (told.said or field.fill == "rest")]
    if not told.said:  # 「发烧」 says which question it answers only to a reader: nothing changes unasked.
        meant = [field for field in chosen if draft.answers.get(field.key) != found[field.key]]
        if not (certain or named) and chosen and free and not turn.abroad:
            return change(turn, talk, (*meant, *free), value)
        free = []
    if not (certain or named) and (free or not chosen):
        among = (*chosen, *free)
        if len(among) > 1:
            return change(turn, talk, among, value)
        if not among:
            raise Refused(otherwise)
        return ask_anew(turn, talk, among[0], value)
    draft.answers |= {field.key: found[field.key] for field in (*chosen, *((timed,) if timed and certain else ()))}
    draft.settle()
    return proceed(turn, talk)
