"""Reads one answer of a form: what each kind of field takes, and in which plain words it refuses."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

from handlers import field_people, field_times
from handlers.catalogue import fold
from handlers.talks import Draft
from handlers.turn import Turn
from handlers.understand.asides import is_only_sent, nod
from handlers.understand.clauses import tells_why
from handlers.understand.intents_commands import command
from handlers.understand.slots import amount, fill, phone, pick, remainder
from models.item import FormField, Item, Option
from models.message import Incoming, Refused

NOT_UNDERSTOOD: Final = frozenset(
    {
        "form.no_time",
        "form.no_choice",
        "form.no_number",
        "form.no_phone",
        "form.no_people",
        "form.empty",
        "form.at_summary",
        "form.file_please",
        "form.which_again",
    }
)
_YES_OR_NO: Final = {"confirm": "yes", "deny": "no"}  # a yes or no answers a choice whose options have these keys
_NUMBER_MOST: Final = 1e9


def read(turn: Turn, draft: Draft, field: FormField, incoming: Incoming) -> Any:
    """The answer in what was said, as it is stored; field_times.MORE when a part is still asked; Refused with the reason."""
    if field.kind == "file":
        return _file(draft, field, incoming)
    if incoming.file is not None or incoming.place is not None:
        raise Refused("form.words_please", label=field.label(turn.lang))
    return read_words(turn, draft, field, incoming.text.strip())


def read_words(turn: Turn, draft: Draft, field: FormField, words: str) -> Any:
    """The answer in words to a question of any kind but a file's; as `read`."""
    if not words:
        raise Refused("form.empty", label=field.label(turn.lang))
    if field.kind in ("text", "long"):
        return check_text(turn, field, words)
    if field.kind == "choice":
        said = "" if is_only_sent(words) else _YES_OR_NO.get(command(words) or "", "") or _YES_OR_NO.get(nod(words), "")
        option = pick(field, words, loosely=True) or field.option(said)
        if option is None:
            labels = "".join(turn.say("form.option", label=option.label.to(turn.lang)) for option in field.options)
            raise Refused("form.no_choice", options=labels)
        return option.key
    if field.kind in ("span", "date"):
        return field_times.read_answer(turn, draft, field, words)
    if field.kind == "phone":
        found = phone(words)
        if found is None:
            raise Refused("form.no_phone")
        return found
    if field.kind == "people":
        return field_people.read(turn, field, words)
    number = amount(words)
    if number is None:
        raise Refused("form.no_number")
    if abs(number) > _NUMBER_MOST:
        raise Refused("form.number_too_large")
    return number


def check_text(turn: Turn, field: FormField, words: str) -> str:
    """Words as a text field takes them; Refused when they are too short, too long, or no words at all."""
    if not any(unicodedata.category(mark)[0] in "LNS" for mark in words):
        raise Refused("form.empty", label=field.label(turn.lang))
    if len(words) < field.least:
        raise Refused("form.too_short", least=field.least, count=len(words))
    if len(words) > field.most:
        raise Refused("form.too_long", most=field.most, count=len(words))
    return words


def _file(draft: Draft, field: FormField, incoming: Incoming) -> Any:
    if not incoming.files:
        raise Refused("form.file_please")
    kept = draft.answers.get(field.key) or []
    sent = [{"id": file.id, "name": file.name, "kind": file.kind, "size": file.size} for file in incoming.files]
    return [*kept, *sent]


def names(item: Item) -> tuple[str, ...]:
    """What a service is called."""
    return (item.title.zh, item.title.en, *item.aliases)


def only_names(item: Item, words: str, asked: FormField | None) -> bool:
    """Whether the words only say the service's own name again (「请假」 in the middle of a leave), which answers nothing.

    A name by which it is also known (「漏水」) may well be the answer where words are asked.
    """
    if asked is not None and asked.kind == "choice" and pick(asked, words, loosely=False) is not None:
        return False  # 「灯坏了」 names a repair, and says which.
    free = asked is not None and asked.kind in ("text", "long")
    titles = (item.title.zh, item.title.en)
    # 「报修」 stands in the title of 宿舍报修: it calls the service, and is no place.
    called = (*titles, *(each for each in item.aliases if each in item.title.zh)) if free else names(item)
    return any(name.lower() in words.lower() for name in called) and not remainder(words, None, called)


def note_others(
    turn: Turn, item: Item, draft: Draft, asked: FormField, words: str, *, answered: bool
) -> list[FormField]:
    """Keep what an answer to one question says to others that are still open; the questions that it answered.

    Words that were asked for are not cut up for another text, and the bare name of an option says no more than that.
    Where the question itself was not answered, what is left of the words counts only beside something that was.
    """
    if asked.kind == "file":
        return []
    told = fill(item, words, turn.said_at, names(item), turn.lessons)
    whole = asked.kind in ("choice", "span", "date") and not _is_option(asked, words)
    open_ = [field for field in item.fields if field is not asked and field.key not in draft.answers]
    times = field_times.is_sure(turn, words)
    doubt = draft.heard
    for field in open_:
        timed = field.kind in ("span", "date")
        if timed and (field.key not in told or not times):
            draft.heard = field_times.doubt_in(turn, field, words) or draft.heard
        elif field.key in told and (whole or field.fill != "rest"):
            draft.answers[field.key] = told[field.key]
    if asked.kind in ("span", "date") and times:
        _rename(item, draft, told, words)
    noted = [field for field in open_ if field.key in draft.answers]
    why = asked.kind in ("span", "date") and tells_why(words)  # 「看牙」, where the time is asked, is said for good.
    if not answered and not why and draft.heard == doubt and all(field.fill == "rest" for field in noted):
        for field in noted:
            del draft.answers[field.key]
        return []
    return noted


def _rename(item: Item, draft: Draft, told: dict[str, Any], words: str) -> None:
    """A choice that was made, and whose other option stands by its name beside a time (「后天请丧假」), is that one."""
    for field in item.fields:
        if field.kind == "choice" and field.key in draft.answers and field.key in told and says_label(field, words):
            draft.answers[field.key] = told[field.key]


def note_letter(turn: Turn, item: Item, draft: Draft, asked: FormField, words: str) -> list[FormField]:
    """Keep free words that are no answer to a choice as the letter that the form is about, if it is still to be written."""
    letter = next((field for field in item.fields if field.kind == "long" and field.key not in draft.answers), None)
    if letter is None or asked.kind != "choice":
        return []
    try:
        draft.answers[letter.key] = check_text(turn, letter, words)
    except Refused:
        return []
    return [letter]


def _is_option(field: FormField, words: str) -> bool:
    return is_label(field, words) or any(fold(words) == fold(word) for option in field.options for word in option.words)


def is_label(field: FormField, words: str) -> bool:
    """Whether the words are just the name of an option."""
    return any(fold(words) == fold(name) for option in field.options for name in (*_labels(option), option.key))


def says_label(field: FormField, words: str) -> bool:
    """Whether the name of an option stands in the words, not only a word that means it."""
    folded = fold(words)
    return any(fold(name) in folded for option in field.options for name in _labels(option))


def _labels(option: Option) -> tuple[str, str]:
    return option.label.zh, option.label.to("en")
