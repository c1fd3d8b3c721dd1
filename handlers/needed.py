"""Which answers a form cannot do without as far as it is filled in: those that are always asked for, and the proof of a leave
whose rules want it together with the request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from handlers.turn import Turn
from models.item import FormField, Item

PROOF: Final = "evidence"


def is_needed(item: Item, field: FormField, answers: Mapping[str, Any]) -> bool:
    """Whether a question cannot be left out for these answers so far; a skip would be refused when the form is handed in."""
    return field.required or (item.leave is not None and field.key == PROOF and answers.get("evidence_due") == "now")


def ask(turn: Turn, item: Item, field: FormField, answers: Mapping[str, Any]) -> str:
    """The question in words: the item's own, but where that lets one send a file later which is needed now."""
    if not field.required and is_needed(item, field, answers):
        return turn.say("form.file_now")
    return field.ask.to(turn.lang)
