"""Reads one answer of a form: what each kind of field takes, and in which plain words it refuses."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from handlers import wording
from handlers.talks import Draft, Heard, Talk
from handlers.turn import Turn
from handlers.understand.slots import amount, date_value, fill, phone, pick, span_value
from handlers.understand.times import Span, is_relative, read_time
from models.item import FormField, Item
from models.message import Choice, Incoming, Refused, Reply

MORE: Final = object()  # the answer is not whole yet: the draft says what is still asked
NOT_UNDERSTOOD: Final = frozenset(
    {"form.no_time", "form.no_choice", "form.no_number", "form.no_phone", "form.empty", "form.at_summary"}
)
_NUMBER_MOST: Final = 1e9
# What is said when a time cannot be taken, by the code of handlers.understand.times.
WHY: Final = {
    "no_such_day": "form.no_such_day", "no_such_time": "form.no_such_time", "reversed": "form.reversed_again",
    "two_readings": "form.fuzzy_time", "conflict": "form.conflict_again", "several": "form.several_again",
    "recurring": "form.recurring", "past": "form.past_time", "ahead": "form.ahead", "fuzzy": "form.fuzzy_time",
    "festival": "form.festival_again", "no_time": "form.no_clock", "no_start": "form.no_start",
    "no_end": "form.no_end", "lesson": "form.lesson",
}  # fmt: skip
_OFFERS: Final = {
    "yesterday": "form.said_before", "reversed": "form.reversed", "two_readings": "form.two_readings",
    "conflict": "form.conflict", "several": "form.several", "festival": "form.festival", "lesson": "form.lesson_is_it",
}  # fmt: skip
# Doubts that a nod settles where both ends are known.
_NODS: Final = frozenset({"lesson", "conflict", "festival", "fuzzy"})


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
        return check_text(turn, field, words)
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
    if incoming.file is None:
        raise Refused("form.file_please")
    file = incoming.file
    kept = draft.answers.get(field.key) or []
    return [*kept, {"id": file.id, "name": file.name, "kind": file.kind, "size": file.size}]


def _time(turn: Turn, draft: Draft, field: FormField, words: str) -> Any:
    time = read_time(words, turn.said_at)
    if field.kind == "span" and draft.partial:
        return _end(turn, draft, time)
    value = _value(field, time)
    if value is not None and _sure(turn, words):
        return value
    heard = _doubt(field, time, value)
    if heard is None:
        raise Refused(WHY.get(time.ask or "", "form.no_time"))
    _ask(draft, heard)
    return MORE


def _value(field: FormField, time: Span) -> Any:
    return span_value(time) if field.kind == "span" else date_value(time)


def _doubt(field: FormField, time: Span, value: Any) -> Heard | None:
    """What to ask about an uncertain time: its readings to choose from, or its end; None when it must be said anew."""
    if value is not None:
        return Heard(offer=[value], because="yesterday")
    offer = _choices(field, time)
    if offer:
        return Heard(offer=offer, because=time.ask or "")
    if field.kind == "span" and time.start is not None and time.ask in (None, "no_end"):
        return Heard(partial=time.start.isoformat(), timed=time.start_has_time)
    return None


def _ask(draft: Draft, heard: Heard) -> None:
    draft.offer, draft.because = heard.offer, heard.because
    draft.partial, draft.timed = heard.partial, heard.timed


def note_doubt(turn: Turn, item: Item, draft: Draft, words: str) -> None:
    """Keep what a first sentence says of a time without certainty, for the question that will ask for that time.

    A time that was said on another day (「明天」, read a day later) is uncertain too: it leaves the answers.
    """
    field = next((each for each in item.fields if each.kind in ("span", "date")), None)
    if field is None:
        return
    if not _sure(turn, words):
        timed = {each.key for each in item.fields if each.kind in ("span", "date")}
        draft.answers = {key: value for key, value in draft.answers.items() if key not in timed}
    if field.key not in draft.answers:
        time = read_time(words, turn.said_at)
        draft.heard = _doubt(field, time, _value(field, time))


def told_again(turn: Turn, draft: Draft, item: Item, words: str) -> None:
    """Words where the whole is shown: what certainly changes an answer (「改成到周五」) does; Refused for anything else."""
    told = fill(item, words, turn.said_at, (item.title.zh, item.title.en, *item.aliases))
    kinds = ("choice", "phone", "span", "date") if _sure(turn, words) else ("choice", "phone")
    changed = {field.key: told[field.key] for field in item.fields if field.key in told and field.kind in kinds}
    if not changed:
        raise Refused("form.at_summary")
    draft.answers |= changed


def recall(draft: Draft, field: FormField) -> bool:
    """Bring up the doubtful time of the first sentence when its question comes; whether there is a choice to offer."""
    if draft.heard is None or field.kind not in ("span", "date"):
        return False
    heard, draft.heard = draft.heard, None
    _ask(draft, heard)
    return bool(draft.offer)


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
        end, timed = start + length, draft.timed or bool(time.hours)
    elif time.start is None and time.end is not None:  # 「到周五晚上」
        end, timed = time.end, time.end_has_time
    elif time.ask is None and time.start is not None:
        timed = time.start_has_time
        end = time.start if timed else time.start + timedelta(days=1)
        end = time.end if time.end is not None and time.kind == "range" else end
    else:
        raise Refused(WHY.get(time.ask or "", "form.no_time"))
    if end <= start:
        raise Refused("form.end_before_start", start=wording.moment(start, turn.lang, turn.school.zone, turn.today),
                      end=wording.moment(end, turn.lang, turn.school.zone, turn.today))  # fmt: skip
    return {"start": start.isoformat(), "end": end.isoformat(), "timed": [draft.timed, timed]}


def _sure(turn: Turn, words: str) -> bool:
    """Whether 「明天」 still means what it meant: it was said on the day on which it is read."""
    zone = turn.school.zone
    same_day = turn.said_at.astimezone(zone).date() == turn.now.astimezone(zone).date()
    return same_day or not is_relative(words)


def _choices(field: FormField, time: Span) -> list[Any]:
    """The readings of an uncertain time as answers, at most four; the time itself where it only wants a nod."""
    readings = time.readings or ((time,) if time.ask in _NODS else ())
    values: list[Any] = []
    for reading in readings:
        value = _value(field, replace(reading, ask=None)) if reading.ask in (None, *_NODS) else None
        if value is not None and value not in values:
            values.append(value)
    return values[:4]


def offer(turn: Turn, talk: Talk, draft: Draft) -> Reply:
    """The times that the words may mean, to choose from."""
    key = _OFFERS.get(draft.because, "form.is_it")
    if key == "form.two_readings" and len(draft.offer) == 1:
        key = "form.is_it"
    said = wording.day(turn.said_at.astimezone(turn.school.zone).date(), turn.lang)
    choices = tuple(
        Choice(label=_shown(turn, value), send=f"f:{talk.rev}:o:{index}") for index, value in enumerate(draft.offer)
    )
    cancel = Choice(label=turn.say("way.cancel"), send=f"f:{talk.rev}:cancel:", words=turn.say("way.cancel"))
    shown = turn.say("form.or").join(choice.label for choice in choices)
    return Reply(text=turn.say(key, day=said, times=shown), choices=(*choices, cancel))


def _shown(turn: Turn, value: Any) -> str:
    if isinstance(value, dict):
        return wording.span(value, turn.lang, turn.school.zone, turn.today)
    return wording.day(date.fromisoformat(value), turn.lang, turn.today)


def begun(turn: Turn, draft: Draft) -> str:
    """The start of a span whose end is asked, with a clock where one was named."""
    start = instant(draft.partial).astimezone(turn.school.zone)
    return (
        wording.moment(start, turn.lang, turn.school.zone, turn.today)
        if draft.timed
        else wording.day(start.date(), turn.lang, turn.today)
    )


def instant(value: str) -> datetime:
    """A stored instant."""
    return datetime.fromisoformat(value)
