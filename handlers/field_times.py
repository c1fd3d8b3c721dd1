"""Reads a time as an answer of a form: what is certain, what is offered to choose from, and what is said of the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from handlers import end_times, gone_times, wording
from handlers.talks import Draft, Heard, Talk
from handlers.turn import Turn
from handlers.understand.asides import bare_time, edge
from handlers.understand.moving import moved_by, read_move
from handlers.understand.remains import is_no_time
from handlers.understand.slots import date_value, says_length, span_value
from handlers.understand.times import Span, is_relative
from handlers.understand.times.days import SLEPT
from handlers.understand.times.values import add_half_days
from handlers.understand.years import read_dated
from models.item import FormField, Item
from models.message import Choice, Refused, Reply

MORE: Final = object()  # the answer is not whole yet: the draft says what is still asked
# What is said when a time cannot be taken, by the code of handlers.understand.times.
WHY: Final = {
    "no_such_day": "form.no_such_day", "no_such_time": "form.no_such_time",
    "no_such_lesson": "form.no_such_lesson", "lessons_turned": "form.lessons_turned", "same": "form.same",
    "reversed": "form.reversed_again",
    "two_readings": "form.fuzzy_time", "conflict": "form.conflict_again", "several": "form.several_again",
    "recurring": "form.recurring", "past": "form.past_time", "ahead": "form.ahead", "fuzzy": "form.fuzzy_time",
    "festival": "form.festival_again", "no_time": "form.no_clock", "no_start": "form.no_start",
    "no_end": "form.no_end", "lesson": "form.lesson",
}  # fmt: skip
_ONE: Final = {"form.two_readings": "form.is_it", "form.several": "form.several_one"}  # where one time is offered
GOING: Final = "going"  # why times are offered to whoever goes before the answer (handlers/going_first.py)
_OFFERS: Final = {
    "yesterday": "form.said_before", "reversed": "form.reversed", "two_readings": "form.two_readings",
    "over": "form.or_later", "conflict": "form.conflict", "several": "form.several",
    GOING: "form.going_times", "zero": "form.zero", "recurring": "form.recurring_first", "festival": "form.festival", "lesson": "form.lesson_is_it",
}  # fmt: skip
# What cannot be is told at once, before any other question.
_IMPOSSIBLE: Final = frozenset(
    f"form.{key}"
    for key in (
        "no_such_day", "no_such_time", "no_such_lesson", "lessons_turned", "same", "reversed_again", "zero_again", "far_time",
    )
)  # fmt: skip
# Doubts that a nod settles where both ends are known.
_NODS: Final = frozenset({"lesson", "conflict", "festival", "fuzzy"})


def read_answer(turn: Turn, draft: Draft, field: FormField, words: str) -> Any:
    """The time in the words as it is stored; MORE when the draft now offers times or asks for an end; else Refused."""
    time = read_dated(words, turn.said_at, lessons=turn.lessons)
    if field.kind == "span" and draft.partial:
        return _end(turn, draft, time, words)
    if field.kind == "span" and time.ask in (None, "no_start") and end_times.is_one_end(time) and edge(words) == "end":
        raise Refused("form.end_only")  # 「15号回校」 is no day of leave.
    value = _lengthened(draft, time, words) if field.kind == "span" else None
    value = value or _value(field, time) or gone_times.meant(turn, draft, field, time)
    if value is not None and is_sure(turn, words):
        return value
    heard = _without_length(words, _doubt(turn, field, time, value))
    if heard is None or heard.said:
        raise Refused(heard.said if heard else "form.zero_again" if is_no_time(words) else _why(time))
    _ask(draft, heard)
    return MORE


def _lengthened(draft: Draft, time: Span, words: str) -> dict[str, Any] | None:
    """A start together with the length that was said before (「请三天病假」, then 「从周五」); None where that does not fit."""
    if not (draft.days or draft.hours) or time.start is None or time.ask not in (None, "no_end") or says_length(words):
        return None
    if time.end is not None and (time.end - timedelta(seconds=1)).date() != time.start.date():
        return None
    if draft.days:
        end = add_half_days(time.start, round(2 * draft.days))
    elif time.start_has_time:
        end = time.start + timedelta(hours=draft.hours)
    else:
        return None
    timed = [time.start_has_time, time.start_has_time or end.hour > 0]
    return {"start": time.start.isoformat(), "end": end.isoformat(), "timed": timed}


def amend(turn: Turn, field: FormField, words: str, old: Any) -> Any:
    """What words make of a time that is known: as it is stored. 「…走」 moves its start only, 「…回」 and 「到…」 its end only,
    a length alone begins where it began. A start after the old end comes as the bare instant; None: nothing certain.
    """
    words = bare_time(words)
    time = read_dated(words, turn.said_at, lessons=turn.lessons)
    if not is_sure(turn, words):
        return None
    if field.kind == "date":
        return date_value(time)
    start, end = gone_times.both_ends(turn, old)
    if (move := read_move(words)) is not None:
        return moved_by(start, end, list(old.get("timed", [True, True])), move)
    moved = edge(words) if time.ask in (None, "no_start", "no_end") else ""
    timed = list(old.get("timed", [True, True]))
    if moved == "start" and (time.start or time.end):
        start, timed[0] = time.start or time.end or start, time.start_has_time if time.start else time.end_has_time
        if end <= start:
            return start
    elif moved == "end" or (time.kind == "range" and time.ask == "no_start" and time.end is not None):
        day = time.start + timedelta(days=1) if time.start and not time.start_has_time else time.start
        end, timed[1] = time.end or day or start, time.end_has_time if time.end else time.start_has_time
    elif time.kind == "duration" and time.ask == "no_start" and (time.days or (time.hours and timed[0])):
        end = add_half_days(start, round(2 * time.days)) if time.days else start + timedelta(hours=time.hours or 0)
        timed[1] = timed[0] or end.hour > 0
    else:
        return end_times.moved(start, end, timed, time, words) or span_value(time)
    return {"start": start.isoformat(), "end": end.isoformat(), "timed": timed} if end > start else None


def _value(field: FormField, time: Span) -> Any:
    return span_value(time) if field.kind == "span" else date_value(time)


def _doubt(turn: Turn, field: FormField, time: Span, value: Any) -> Heard | None:
    """What to ask about an uncertain time: its readings to choose from, or its end; None when it must be said anew."""
    if value is not None:
        return Heard(offer=[value], because="yesterday")
    if field.kind == "span" and end_times.is_far(turn.said_at, time):
        return Heard(said="form.far_time")
    if years := gone_times.pair(field, time):
        return Heard(offer=years, because=gone_times.OVER)
    if (gone := gone_times.past(field, time)) is not None:
        return Heard(offer=[gone, *gone_times.later(turn, field, gone)], because=gone_times.PAST)
    offer = gone_times.from_now(turn, _choices(field, time))
    if offer:
        return Heard(offer=offer, because=time.ask or "")
    if field.kind == "span" and time.start is not None and time.ask in (None, "no_end"):
        return Heard(partial=time.start.isoformat(), timed=time.start_has_time)
    return None


def _ask(draft: Draft, heard: Heard) -> None:
    draft.offer, draft.because = heard.offer, heard.because
    draft.partial, draft.timed = heard.partial, heard.timed
    if heard.days or heard.hours:
        draft.days, draft.hours = heard.days, heard.hours


def note_doubt(turn: Turn, item: Item, draft: Draft, words: str) -> None:
    """Keep what a first sentence says of a time without certainty, for the question that will ask for that time.

    A time that was said on another day (「明天」, read a day later) is uncertain too: it leaves the answers.
    """
    field = next((each for each in item.fields if each.kind in ("span", "date")), None)
    if field is None:
        return
    if not is_sure(turn, words):
        timed = {each.key for each in item.fields if each.kind in ("span", "date")}
        draft.answers = {key: value for key, value in draft.answers.items() if key not in timed}
    if field.key not in draft.answers:
        draft.heard = doubt_in(turn, field, words) or draft.heard
        gone = gone_times.settled(turn, draft.model_copy(update=draft.heard.model_dump())) if draft.heard else None
        if gone is not None:
            draft.answers[field.key], draft.heard = gone, None
    gone_times.note(turn, draft, words)


def doubt_in(turn: Turn, field: FormField, words: str) -> Heard | None:
    """What the words say of a time without certainty: readings, a start, a length, or why it cannot be; None: nothing."""
    time = read_dated(words, turn.said_at, lessons=turn.lessons)
    heard = _doubt(turn, field, time, _value(field, time))
    if heard is None and time.ask is not None:
        heard = Heard(said=_why(time) if time.ask in WHY else "")
        if field.kind == "span" and time.kind == "duration":
            heard.days, heard.hours = time.days or 0, time.hours or 0
    return _without_length(words, heard)


def _without_length(words: str, heard: Heard | None) -> Heard | None:  # 「明天 0天」
    if heard is None or not is_no_time(words):
        return heard
    return Heard(offer=heard.offer, because="zero") if heard.offer else Heard(said="form.zero_again")


def is_impossible(draft: Draft) -> bool:
    """Whether the time that waits for its question cannot be (31 February, an end before its start, 0 days)."""
    heard = draft.heard
    return heard is not None and (
        heard.said in _IMPOSSIBLE or (heard.because in ("reversed", "zero") and bool(heard.offer))
    )


def recall(draft: Draft, field: FormField) -> Heard | None:
    """Bring up the doubtful time of an earlier sentence when its question comes; None when there is none."""
    if draft.heard is None or field.kind not in ("span", "date"):
        return None
    heard, draft.heard = draft.heard, None
    _ask(draft, heard)
    return heard


def _why(time: Span) -> str:
    """The key of what is said of a time that cannot be taken. A length and an end alone are asked for their start."""
    if time.ask == "no_start" and time.kind != "duration":
        return "form.end_only"
    return WHY.get(time.ask or "", "form.no_time")


def _end(turn: Turn, draft: Draft, time: Span, words: str) -> Any:
    """The end of a span whose start is known: an instant, a day, or a length; MORE where it may be counted from two days."""
    start = instant(draft.partial)
    offer = end_times.counted_from(turn, draft, start, words)
    if len(offer) > 1:
        _ask(draft, Heard(offer=offer, because="two_readings"))
        return MORE
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
        raise Refused(_why(time))
    if end <= start:
        raise Refused("form.end_before_start", start=wording.moment(start, turn.lang, turn.school.zone, turn.today),
                      end=wording.moment(end, turn.lang, turn.school.zone, turn.today))  # fmt: skip
    return {"start": start.isoformat(), "end": end.isoformat(), "timed": [draft.timed, timed]}


def is_sure(turn: Turn, words: str) -> bool:
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
    if len(draft.offer) == 1:
        key = _ONE.get(key, key)
    elif key == "form.two_readings" and _is_said_at_night(turn, draft):
        key = "form.after_midnight"
    said = wording.day(turn.said_at.astimezone(turn.school.zone).date(), turn.lang)
    choices = tuple(
        Choice(label=gone_times.label(turn, draft, value, shown(turn, value)), send=f"f:{talk.rev}:o:{index}")
        for index, value in enumerate(draft.offer)
        if gone_times.is_offered(turn, draft, value)
    )
    ways = tuple(Choice(label=turn.say(f"way.{way}"), send=f"f:{talk.rev}:{way}:", words=turn.say(f"way.{way}"))
                 for way in ("back", "cancel"))  # fmt: skip
    times = turn.say("form.or").join(choice.label for choice in choices)
    gone = draft.because in gone_times.REASONS
    text = gone_times.head(turn, draft, shown(turn, draft.offer[0])) if gone else turn.say(key, day=said, times=times)
    return Reply(text=text, choices=(*choices, *ways))


def _is_said_at_night(turn: Turn, draft: Draft) -> bool:
    """Whether 「明天」 was said before one has slept: the same time is offered twice, counted from either day."""
    if len(draft.offer) != 2 or turn.said_at.astimezone(turn.school.zone).hour >= SLEPT:
        return False
    first, second = (instant(each["start"] if isinstance(each, dict) else each) for each in draft.offer)
    return abs(second - first) == timedelta(days=1)


def shown(turn: Turn, value: Any) -> str:
    """A time as it is stored, for people."""
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
