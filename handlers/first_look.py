"""One guide beside a form that is about to be filled in, where the words fit it well; never a wall, and never in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers import kindred
from handlers.crisis_words import look
from handlers.guides import NEAR, Entry
from handlers.sheet import name_of
from handlers.turn import Turn
from handlers.understand.questions import LONGEST
from models.item import Item
from models.unit import known

_WORDY = frozenset({"text", "long"})


@dataclass(frozen=True, slots=True)
class Look:
    """A guide as it is shown: by which it is counted, its answer and whence it is, and where to read on ("" nowhere)."""

    id: str
    answer: str
    source: str
    link: str


def nearest(turn: Turn, words: str) -> tuple[Entry | None, float]:
    """The guide that fits words best today, and how well (0 to 1)."""
    asked = known(turn.session, "guides")  # A wish is looked up as a question, and again before its form.
    if words not in asked:
        asked[words] = turn.school.catalogue.guides.find(words, turn.today, 1)
    found: list[tuple[Entry, float]] = asked[words]
    return found[0] if found else (None, 0.0)


def source(turn: Turn, entry: Entry) -> str:
    """Whence a guide's answer is: the regulation that it names, else the guide's own title."""
    if entry.guide.source is not None:
        return turn.say("guide.source", source=entry.guide.source.to(turn.lang))
    title = entry.title or turn.school.catalogue.items[entry.item].title
    return turn.say("guide.source_title", title=title.to(turn.lang))


def told(turn: Turn, entry: Entry) -> str:
    """A guide's answer, and whence it is."""
    return f"{entry.guide.answer.to(turn.lang)}\n{source(turn, entry)}"


def first(turn: Turn, item: Item, words: str) -> Look | None:
    """One guide that fits what a student is about to ask for; None where none fits well.

    Never for a letter or another item whose words are sealed whole, nor beside words of distress.
    """
    letter = any(field.sensitive and field.kind == "long" for field in item.fields)
    if item.sensitive or item.urgent or letter or not words.strip() or look(words) is not None:
        return None
    # The very title says no more than which form is wanted: a rule that shares a word with it answers nothing.
    if kindred.exactly(turn, words) is not None:
        return None
    entry, fit = nearest(turn, words[:LONGEST])
    if entry is None or fit < NEAR or not entry.guide.on_form or entry.item not in ("", item.slug):
        return None
    return Look(entry.id, entry.guide.answer.to(turn.lang), source(turn, entry), entry.guide.link)


def beside(turn: Turn, item: Item, answers: Mapping[str, Any], typed: Mapping[str, str]) -> Look | None:
    """The same for a form as a page: by what stands in its open questions of free words, never in a sealed one."""
    asked = [field for field in item.fields if field.kind in _WORDY and not field.sensitive]
    for field in asked:
        words = answers.get(field.key) or typed.get(name_of(field), "")
        if isinstance(words, str) and (found := first(turn, item, words)) is not None:
            return found
    return None
