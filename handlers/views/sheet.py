"""A service item's form as one page: its inputs with what they hold and what is wrong, and the whole before it is handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers import (
    directory,
    foreseen,
    form_about,
    handing_in,
    listed_names,
    needed,
    sheet_times,
    signing,
    tickets,
    wording,
)
from handlers.sheet import Wrong, inputs_of, name_of
from handlers.turn import Turn
from models.item import FormField, Item


@dataclass(frozen=True, slots=True)
class Input:
    """One field as it is drawn. name: of its input, and the beginning of the names of its parts. values: what the
    inputs hold, by name; options: (key, label); halves: (clock, text key) of half days; files: (id, name, bytes).

    wrong: why the answer was not taken, "" for nothing; offers: times to choose from, as (value, label). is_sealed: the answer
    is kept encrypted, so the browser keeps no copy; readers: who reads it, in words.
    """

    key: str
    name: str
    kind: str
    label: str
    ask: str
    hint: str
    required: bool
    most: int
    readers: str
    values: Mapping[str, str]
    options: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str, int], ...]
    wrong: str
    offers: tuple[tuple[str, str], ...]
    is_sealed: bool = False

    def value(self, ending: str = "") -> str:
        """What an input of this field holds."""
        return self.values.get(self.name + ending, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form of an item. mistakes: (key of the field or "", label, sentence), for the list on top."""

    slug: str
    title: str
    about: str
    inputs: tuple[Input, ...]
    mistakes: tuple[tuple[str, str, str], ...]

    @property
    def takes_files(self) -> bool:
        """Whether any question takes a file, or a list of people as one."""
        return any(each.kind in ("file", "people") for each in self.inputs)


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole before it is handed in: (label, answer), what follows from them, who answers by when, and a word for
    exactly these answers. about: what is asked before it is handed in (form_about.readings)."""

    title: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    digest: str
    about: form_about.Readings | None = None


def sheet(
    turn: Turn, item: Item, answers: Mapping[str, Any], given: Mapping[str, str] | None = None,
    wrong: Sequence[Wrong] = (), typed: Mapping[str, str] | None = None,
) -> Sheet:  # fmt: skip
    """The form with what was answered before; where it was posted (given), with what was typed, and what is wrong.

    typed: what was put aside with it and is no answer yet.
    """
    by_key = {each.key: each for each in wrong}
    sealed, reads = _readers(turn, item)
    inputs = tuple(
        _input(
            turn,
            field,
            answers.get(field.key),
            given,
            typed or {},
            by_key.get(field.key),
            sealed=kept(item, field),
            readers=reads if field.hint else sealed,
            ask=needed.ask(turn, item, field, answers),
            must=needed.is_needed(item, field, answers),
        )
        for field in item.fields
    )
    labels = {field.key: field.label(turn.lang) for field in item.fields}
    return Sheet(
        slug=item.slug, title=item.title.to(turn.lang), about=item.about.to(turn.lang) if item.about else "",
        inputs=inputs, mistakes=tuple((each.key, labels.get(each.key, ""), each.said) for each in wrong),
    )  # fmt: skip


def summary(turn: Turn, item: Item, answers: dict[str, Any]) -> Summary:
    """The whole of a form that has every answer; turn.person is whoever it is for."""
    service = turn.school.catalogue.service(item.slug)
    derived = {**answers, **service.derive(turn, answers)}
    named = listed_names.named(turn, item, answers, staff=False, whole=True)  # Everybody, before it is handed in.
    facts = tuple((field.label(turn.lang), _shown(turn, field, named.get(field.key))) for field in item.fields)
    shows = service.shows(turn, derived)
    lines = (*service.lines(turn.lang, derived), *((shows,) if shows else ()))
    if turn.person is None:  # Nobody knows yet who would answer.
        return Summary(item.title.to(turn.lang), facts, lines, handing_in.digest(answers))
    path = tickets.place(turn, item, derived)
    chain = signing.chain(turn, item, path, derived)
    lines = (*lines, *foreseen.promise(turn, item, path, derived), *((chain,) if chain else ()))
    about = form_about.readings(turn, item, derived)
    return Summary(item.title.to(turn.lang), facts, lines, handing_in.digest(answers), about)


def _shown(turn: Turn, field: FormField, value: Any) -> str:
    if field.kind == "file" and value:
        return turn.say("form.or").join(str(file["name"]) for file in value)
    return wording.answer(field, value, turn.lang, turn.school.zone, turn.today)


def kept(item: Item, field: FormField) -> bool:
    """Whether an answer is sealed, and the page says who reads it."""
    return item.sensitive or field.sensitive


def _readers(turn: Turn, item: Item) -> tuple[str, str]:
    """Who reads what is sealed (whoever would answer if it were handed in now), in whole, and as it stands under a hint:
    the hint of such a field says already that few read it."""
    if turn.person is None or not any(kept(item, field) for field in item.fields):
        return turn.say("sheet.sealed"), ""
    path = tickets.place(turn, item)
    name = directory.name_of(foreseen.responsible(turn, item, path), turn.lang)
    if not name:
        return turn.say("sheet.sealed"), ""
    return turn.say("sheet.sealed_for", name=name), turn.say("sheet.read_by", name=name)


def _input(
    turn: Turn, field: FormField, answer: Any, given: Mapping[str, str] | None, typed: Mapping[str, str],
    wrong: Wrong | None, *, sealed: bool, readers: str, ask: str, must: bool,
) -> Input:  # fmt: skip
    name = name_of(field)
    values = {each: typed[each] for each in inputs_of(field, typed)}
    values = _stored(turn, field, name, answer) if answer is not None else values
    if given is not None:
        posted = {each: given[each] for each in inputs_of(field, given)}
        # Words that were understood stand as dates from now on; whatever was not stays as it was typed.
        values = posted if wrong is not None or field.kind not in ("span", "date") or answer is None else values
        values = {key: value for key, value in values.items() if not key.endswith("-pick")}
    files = tuple((str(f["id"]), str(f["name"]), int(f["size"])) for f in answer or ()) if field.kind == "file" else ()
    return Input(
        key=field.key, name=name, kind=field.kind, label=field.label(turn.lang), ask=ask,
        hint=field.hint.to(turn.lang) if field.hint else "", required=must, most=field.most, readers=readers if sealed else "",
        values=values, options=tuple((option.key, option.label.to(turn.lang)) for option in field.options), files=files,
        wrong=wrong.said if wrong else "", offers=wrong.offers if wrong else (), is_sealed=sealed,
    )  # fmt: skip


def _stored(turn: Turn, field: FormField, name: str, answer: Any) -> dict[str, str]:
    """What the inputs hold for an answer of before."""
    if answer is None or field.kind == "file":
        return {}
    if field.kind in ("span", "date"):
        return sheet_times.inputs(turn, field, name, answer)
    if field.kind == "people":
        return {name: " ".join(str(each) for each in answer)}
    return {name: wording.number(answer) if field.kind == "number" else str(answer)}
