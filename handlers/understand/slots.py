"""From a sentence to answers: which fields of an item it already fills."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any, Final

from handlers.understand.times import Span, read_time, rest
from handlers.understand.times.words import number
from models.item import FormField, Item, Option

_PHONE: Final = re.compile(r"(?<!\d)(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)")
_AMOUNT: Final = re.compile(r"(?<![\dA-Za-z.-])-?\d{1,9}(?:\.\d{1,4})?(?![\dA-Za-z])", re.ASCII)
_SPELLED: Final = re.compile(r"[〇零一二两三四五六七八九十百]{1,6}")
_LEADING: Final = re.compile(
    r"^(?:[\s,，.。:：;；!！~～、]|老师好?|你好|您好|麻烦|请问|那个|等一下|等等|对了|另外|还有|顺便|我想要?|我要|我需要|想要|想|要|申请|帮我|办理?|因为|由于|为了|"
    r"需要|从|到|至|请个?假|请(?=$|[\s,，])|的|了|吧|一下|i(?:'d| would) like to|i want to|i want|i need to|i need|i have to|ask for|a |"
    r"take|leave|please|because|for|to|from)+",
    re.IGNORECASE,
)
_TRAILING: Final = re.compile(
    r"(?:[\s,，.。:：;；!！~～、]|请个?假|可以吗|行吗|好吗|谢谢(?:老师)?|吧|了吗|的|从|到|至|please)+$", re.IGNORECASE
)
_NOTHING: Final = re.compile(r"^[\W_]*$")


def fill(item: Item, words: str, said_at: datetime, aliases: tuple[str, ...]) -> dict[str, Any]:
    """The answers that a first sentence already gives; whatever is not certain is left to be asked.

    A time that has two readings, or none, fills nothing: the form asks.
    """
    answers: dict[str, Any] = {}
    time = None
    for field in item.fields:
        if field.kind in ("span", "date") and time is None:
            time = read_time(words, said_at)
            value = span_value(time) if field.kind == "span" else date_value(time)
            if value is not None:
                answers[field.key] = value
        elif field.kind == "choice":
            option = pick(field, words, loosely=False)
            if option is not None:
                answers[field.key] = option.key
        elif field.kind == "phone":
            found = _PHONE.search(words)
            if found:
                answers[field.key] = found[1]
    left = remainder(words, time, aliases)
    for field in item.fields:
        if field.fill == "rest" and left and field.least <= len(left) <= field.most:
            answers[field.key] = left
    return answers


def remainder(words: str, time: Span | None, aliases: tuple[str, ...]) -> str:
    """What is left of a sentence without its time, the service's own names and the usual openings; "" for nothing."""
    left = rest(words, time) if time is not None else words
    names = sorted((alias for alias in aliases if len(alias) > 1), key=len, reverse=True)
    previous = None
    while left != previous:
        previous, left = left, _TRAILING.sub("", _LEADING.sub("", left))
        # A name is cut off at the ends only: 「宿舍灯坏了」 without its middle says nothing.
        for name in names:
            if left[: len(name)].lower() == name.lower():
                left = left[len(name) :]
            elif left[-len(name) :].lower() == name.lower():
                left = left[: -len(name)]
    left = re.sub(r"\s+", " ", re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", left)).strip()
    return "" if _NOTHING.match(left) or len(left) < 2 else left


def pick(field: FormField, words: str, *, loosely: bool) -> Option | None:
    """The one option that the words name or mean; None when none or several do. loosely: a part of a label counts."""
    folded = unicodedata.normalize("NFKC", words[:400]).lower().strip()
    exact = [option for option in field.options if folded in _names(option)]
    if len(exact) == 1:
        return exact[0]
    named = [option for option in field.options if any(_says(folded, name) for name in _labels(option))]
    if len(named) == 1:
        return named[0]
    meant = [option for option in field.options if any(_says(folded, word.lower()) for word in option.words)]
    if len(meant) == 1 and not named:
        return meant[0]
    if loosely and not named and len(folded) > 1:
        parts = [option for option in field.options if any(folded in name for name in _names(option))]
        return parts[0] if len(parts) == 1 else None
    return None


def _says(words: str, name: str) -> bool:
    """Whether a name stands in the words; one in Latin letters stands there as a word: "no" is not in "afternoon"."""
    if len(name) < 2:
        return name in words and not name.isascii()
    at = words.find(name)
    while at >= 0:
        end = at + len(name)
        inside = (at > 0 and _latin(words[at - 1]) and _latin(name[0])) or (
            end < len(words) and _latin(words[end]) and _latin(name[-1])
        )
        if not inside:
            return True
        at = words.find(name, at + 1)
    return False


def _latin(mark: str) -> bool:
    return mark.isascii() and mark.isalnum()


def _labels(option: Option) -> tuple[str, ...]:
    return tuple(name.lower() for name in (option.label.zh, option.label.en) if len(name) > 1)


def _names(option: Option) -> tuple[str, ...]:
    return tuple(name.lower() for name in (option.label.zh, option.label.en, option.key) if name)


def span_value(time: Span) -> dict[str, Any] | None:
    """A from–to answer, as it is stored; None when the time is not certain or has no end."""
    if time.ask is not None or time.start is None or time.kind not in ("range", "point"):
        return None
    end = time.end
    if end is None:
        if time.start_has_time:
            return None
        end = time.start + timedelta(days=1)
    if time.kind == "point" and time.start_has_time and end <= time.start:
        return None
    return {
        "start": time.start.isoformat(), "end": end.isoformat(), "timed": [time.start_has_time, time.end_has_time],
    }  # fmt: skip


def date_value(time: Span) -> str | None:
    """A day, as it is stored."""
    return time.start.date().isoformat() if time.ask is None and time.start is not None else None


def phone(words: str) -> str | None:
    """A telephone number in the words."""
    found = _PHONE.search(unicodedata.normalize("NFKC", words[:200]).replace(" ", ""))
    return found[1] if found else None


def amount(words: str) -> float | None:
    """A number in the words; None when there is none, or several. 「①」 and 「²」 are no numbers."""
    plain = "".join(mark if ord(mark) < 0xFF00 else unicodedata.normalize("NFKC", mark) for mark in words[:200])
    found = _AMOUNT.findall(plain)
    if not found:
        spelled = _SPELLED.findall(plain)
        read = number(spelled[0]) if len(spelled) == 1 else None
        return None if read is None else float(read)
    return float(found[0]) if len(found) == 1 else None
