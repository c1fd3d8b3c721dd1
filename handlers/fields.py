"""Reads one answer of a form: what each kind of field takes, and in which plain words it refuses."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from typing import Any, Final

from handlers import wording
from handlers.talks import Draft, Talk
from handlers.turn import Turn
from handlers.understand.slots import amount, date_value, phone, pick, span_value
from handlers.understand.times import Span, is_relative, read_time
from models.item import FormField, Item
from models.message import Choice, Incoming, Refused, Reply

MORE: Final = object()  # the answer is not whole yet: the draft says what is still asked
NOT_UNDERSTOOD: Final = frozenset({"form.no_time", "form.no_choice", "form.no_number", "form.no_phone", "form.empty"})
_NUMBER_MOST: Final = 1e9


def read(turn: Turn, draft: Draft, field: FormField, incoming: Incoming) -> Any:
    """The answer in what was said, as it is stored; MORE when a part is still asked; Refused with the reason."""
    if field.kind == "file":
        return _file(draft, field, incoming)
    if incoming.file is not None or incoming.place is not None:
        raise Refused("form.words_please", label=field.label(turn.lang))
    words = incoming.text.strip()
    if not words:
        raise Refused("form.empty", label=field.label(turn.lang))
    if field.kind in ("text", "long"):
        return _text(turn, field, words)
    if field.kind == "choice":
        option = pick(field, words, loosely=True)
        if option is None:
            labels = turn.say("form.or").join(option.label.to(turn.lang) for option in field.options)
            raise Refused("form.no_choice", options=labels)
        return option.key
    if field.kind in ("span", "date"):
        return _time(turn, draft, field, words)
    if field.kind == "phone":
        found = phone(words)
        if found is None:
            raise Refused("form.no_phone")
        return found
    number = amount(words)
    if number is None:
        raise Refused("form.no_number")
    if abs(number) > _NUMBER_MOST:
        raise Refused("form.number_too_large")
    return number


def _text(turn: Turn, field: FormField, words: str) -> str:
    if not any(unicodedata.category(mark)[0] in "LNS" for mark in words):
        raise Refused("form.empty", label=field.label(turn.lang))
    if len(words) < field.least:
        raise Refused("form.too_short", least=field.least, count=len(words))
    if len(words) > field.most:
        raise Refused("form.too_long", most=field.most, count=len(words))
    return words


def _file(draft: Draft, field: FormField, incoming: Incoming) -> Any:
    if incoming.file is None:
        raise Refused("form.file_please")
    file = incoming.file
    kept = draft.answers.get(field.key) or []
    return [*kept, {"id": file.id, "name": file.name, "kind": file.kind, "size": file.size}]


def _time(turn: Turn, draft: Draft, field: FormField, words: str) -> Any:
    time = read_time(words, turn.said_at)
    if field.kind == "span" and draft.partial:
        return _end(turn, draft, time)
    if time.ask in ("two_readings", "reversed") and _choices(field, time):
        draft.offer = _choices(field, time)
        draft.held = time.ask or ""
        return MORE
    if time.ask is not None or time.kind == "none":
        raise Refused(_why(time))
    value = span_value(time) if field.kind == "span" else date_value(time)
    if value is None:
        if time.start is None:
            raise Refused("form.no_time")
        draft.partial = time.start.isoformat()
        return MORE
    if not _sure(turn, words):
        if not isinstance(value, dict):
            raise Refused("form.fuzzy_time")
        draft.offer, draft.held = [value], "yesterday"
        return MORE
    return value


def _why(time: Span) -> str:
    known = {"no_such_day": "form.no_such_day", "reversed": "form.reversed", "fuzzy": "form.fuzzy_time",
             "no_start": "form.no_start", "past": "form.past_time", "lesson": "form.lesson",
             "two_readings": "form.fuzzy_time"}  # fmt: skip
    return known.get(time.ask or "", "form.no_time")


def _end(turn: Turn, draft: Draft, time: Span) -> Any:
    """The end of a span whose start is known: an instant, a day, or a length."""
    start = instant(draft.partial)
    whole = span_value(time)
    if whole is not None and time.kind == "range" and time.end is not None and time.start is not None:
        same_day = time.start.date() == (time.end - timedelta(seconds=1)).date()
        if not same_day:
            return whole
    if time.kind == "duration":
        length = timedelta(hours=time.hours) if time.hours else timedelta(days=time.days or 0)
        end, timed = start + length, True
    elif time.ask is None and time.start is not None:
        timed = time.start_has_time
        end = time.start if timed else time.start + timedelta(days=1)
        end = time.end if time.end is not None and time.kind == "range" else end
    else:
        raise Refused(_why(time))
    if end <= start:
        raise Refused("form.end_before_start", start=wording.moment(start, turn.lang, turn.school.zone),
                      end=wording.moment(end, turn.lang, turn.school.zone))  # fmt: skip
    return {"start": start.isoformat(), "end": end.isoformat(), "timed": [True, timed]}


def _sure(turn: Turn, words: str) -> bool:
    """Whether 「明天」 still means what it meant: it was said on the day on which it is read."""
    zone = turn.school.zone
    same_day = turn.said_at.astimezone(zone).date() == turn.now.astimezone(zone).date()
    return same_day or not is_relative(words)


def keep_sure(turn: Turn, item: Item, answers: dict[str, Any], words: str) -> dict[str, Any]:
    """Answers of a first sentence without times that were said on another day: those are shown and asked."""
    if _sure(turn, words):
        return answers
    timed = {field.key for field in item.fields if field.kind in ("span", "date")}
    return {key: value for key, value in answers.items() if key not in timed}


def _choices(field: FormField, time: Span) -> list[dict[str, Any]]:
    values = [span_value(reading) for reading in time.readings] if field.kind == "span" else []
    return [value for value in values if value is not None][:4]


def offer(turn: Turn, talk: Talk, draft: Draft) -> Reply:
    """The times that the words may mean, to choose from."""
    key = {"yesterday": "form.said_before", "reversed": "form.reversed"}.get(draft.held, "form.two_readings")
    if key == "form.two_readings" and len(draft.offer) == 1:
        key = "form.is_it"
    said = wording.day(turn.said_at.astimezone(turn.school.zone).date(), turn.lang)
    choices = tuple(
        Choice(label=wording.span(value, turn.lang, turn.school.zone), send=f"f:{talk.rev}:o:{index}")
        for index, value in enumerate(draft.offer)
    )
    cancel = Choice(label=turn.say("way.cancel"), send=f"f:{talk.rev}:cancel:", words=turn.say("way.cancel"))
    return Reply(text=turn.say(key, day=said), choices=(*choices, cancel))


def instant(value: str) -> datetime:
    """A stored instant."""
    return datetime.fromisoformat(value)
