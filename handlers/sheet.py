"""Checks a form that was filled in as one page: every answer by the checks of the chat, all that is wrong said at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from handlers import fields, gone_times, sheet_times
from handlers.talks import Draft
from handlers.turn import Turn
from models.item import FormField, Item
from models.message import Refused, Upload

PREFIX: Final = "f-"  # begins the name of every input of a field; no key of a field holds a dash
MOST_WORDS: Final = 3000  # characters that any field may ask for (models.item.FormField.most)
MOST_FILES: Final = 9  # of one field, as many as a message of Telegram or WeChat may carry
_TIME: Final = {
    "span": ("-from", "-from_half", "-from_at", "-to", "-to_half", "-to_at", "-said", "-pick"),
    "date": ("", "-said", "-pick"),
    "file": (),
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why one answer was not taken: the key of its field ("" for the form as a whole), the sentence, times to choose from."""

    key: str
    said: str
    offers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Read:
    """A form as it was read: the answers that are good, as they are stored, and what is wrong, in the form's order."""

    answers: dict[str, Any] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)


def name_of(asked: FormField) -> str:
    """The name of a field's input; the parts of a time have endings of their own."""
    return PREFIX + asked.key


def inputs_of(asked: FormField, given: Iterable[str]) -> list[str]:
    """Which of the names of inputs belong to a field."""
    name = name_of(asked)
    return [each for each in given if each == name or each.startswith(f"{name}-")]


def names(item: Item) -> frozenset[str]:
    """The names of all inputs of an item's form, but for those that take files."""
    return frozenset(name_of(each) + ending for each in item.fields for ending in _TIME.get(each.kind, ("",)))


def file_names(item: Item) -> frozenset[str]:
    """The names of the inputs that take files."""
    return frozenset(name_of(each) for each in item.fields if each.kind == "file")


def read(
    turn: Turn, item: Item, given: Mapping[str, str], kept: Mapping[str, Any], sent: Mapping[str, Sequence[Upload]]
) -> Read:
    """Read every field of a posted form. turn.person is whoever the matter is for, so that its own matters count.

    given: what was posted, by the names of inputs; kept: what was answered before, of which files stay unless they were
    taken out; sent: files that the store has just taken, by the field's key. Nothing is refused: Read says all of it.
    """
    found = Read()
    for asked in item.fields:
        try:
            so_far = Draft(service=item.slug, answers={k: v for k, v in found.answers.items() if v is not None})
            files = kept.get(asked.key), sent.get(asked.key, ())
            found.answers[asked.key] = _value(turn, asked, given, so_far, files)
        except sheet_times.Unsure as unsure:
            found.wrong.append(Wrong(asked.key, unsure.said, unsure.offers))
        except Refused as refused:
            found.wrong.append(Wrong(asked.key, turn.say(refused.key, **refused.values)))
    _check(turn, item, found)
    order = [each.key for each in item.fields]
    found.wrong.sort(key=lambda wrong: order.index(wrong.key) if wrong.key in order else -1)
    return found


def check(turn: Turn, item: Item, answers: dict[str, Any]) -> None:
    """Refuse answers that are not whole or cannot be (Refused; its value `field` names the one to ask anew)."""
    service = turn.school.catalogue.service(item.slug)
    answers.update(service.derive(turn, answers))
    for asked in item.fields:
        if asked.required and answers.get(asked.key) is None and asked.asked(answers, turn.school.seasons):
            raise Refused("form.empty", label=asked.label(turn.lang), field=asked.key)
    service.check(turn, answers)


def _check(turn: Turn, item: Item, found: Read) -> None:
    """What the item's own code says of all answers together."""
    service = turn.school.catalogue.service(item.slug)
    if not found.wrong:
        found.answers.update(service.derive(turn, found.answers))
    told = {each.key for each in found.wrong}
    for each in item.fields:
        if not each.asked(found.answers, turn.school.seasons):
            found.answers[each.key] = None  # The page shows every question, also one that these answers leave out.
        elif each.when is not None and each.required and found.answers.get(each.key) is None and each.key not in told:
            said = turn.say(f"sheet.missing_{each.kind}", label=each.label(turn.lang))
            found.wrong.append(Wrong(each.key, said))
    good = {key: value for key, value in found.answers.items() if value is not None}
    try:
        service.check(turn, good)
    except Refused as refused:
        asked = item.field(str(refused.values.get("field", "")))
        over = found.answers.pop(asked.key, None) if asked is not None else None
        later = gone_times.later(turn, asked, over) if asked is not None and asked.kind in ("span", "date") else []
        later = gone_times.fitting(turn, item.slug, good, asked, later) if asked is not None else []
        offers = sheet_times.offer(turn, asked, later) if asked is not None else ()
        said = turn.say(refused.key, **refused.values)
        found.wrong.append(Wrong(asked.key if asked is not None else "", said, offers))


def _value(
    turn: Turn, asked: FormField, given: Mapping[str, str], so_far: Draft, files: tuple[Any, Sequence[Upload]]
) -> Any:
    """One answer as it is stored, None for an optional one that was left out; raises Refused. files: kept, and sent."""
    name = name_of(asked)
    if asked.kind == "file":
        value: Any = _files(asked, *files)
    elif asked.kind in ("span", "date"):
        value = sheet_times.read_time(turn, asked, name, given, so_far)
    else:
        words = given.get(name, "").strip()
        value = _words(turn, asked, words) if words else None
    if value is None and asked.required and asked.when is None:
        raise Refused(f"sheet.missing_{asked.kind}", label=asked.label(turn.lang))
    return value


def _words(turn: Turn, asked: FormField, words: str) -> Any:
    if asked.kind == "choice" and asked.option(words) is not None:
        return words
    if asked.kind not in ("text", "long") and len(words) > MOST_WORDS:
        raise Refused("form.too_long", most=MOST_WORDS, count=len(words))
    return fields.read_words(turn, Draft(service=""), asked, words)


def _files(asked: FormField, kept: Any, sent: Sequence[Upload]) -> list[dict[str, Any]] | None:
    every = list(kept or ())
    for file in sent:
        # A page that is sent twice brings its files twice.
        if all((old["name"], old["size"]) != (file.name, file.size) for old in every):
            every.append({"id": file.id, "name": file.name, "kind": file.kind, "size": file.size})
    if len(every) > MOST_FILES:
        raise Refused("sheet.many_files", most=MOST_FILES, count=len(every))
    return every or None
