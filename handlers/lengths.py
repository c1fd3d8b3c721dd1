"""How long a leave is, in words: in days, or in nights where the rule of its kind counts those (公寓假)."""

from __future__ import annotations

from typing import Any

from handlers import wording
from handlers.texts import text
from models.item import Item


def in_nights(item: Item, answers: dict[str, Any]) -> bool:
    """Whether the length of a leave with these answers is a number of nights, by the rule of its kind."""
    return item.leave is not None and item.leave.of(answers.get("kind")).count == "nights"


def keyed(key: str, *, nights: bool) -> str:
    """The key of a sentence on a length: that of days, or the one of the same name that says nights."""
    return f"{key}_nights" if nights else key


def said(lang: str, item: Item, answers: dict[str, Any]) -> str:
    """The length of a leave that was reckoned (「共 2 晚」); "" for one that was not."""
    if answers.get("days") is None:
        return ""
    return text(lang, keyed("leave.length", nights=in_nights(item, answers)), days=wording.number(answers["days"]))
