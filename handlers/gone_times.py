"""Times of a form that are over: whether they may be handed in all the same (补假), and the same day a year on."""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from handlers.talks import Draft, Heard
from handlers.turn import Turn
from handlers.understand.clauses import says_over
from handlers.understand.slots import date_value, span_value
from handlers.understand.times import Span
from models.item import FormField
from models.message import Refused

OVER: Final = "year"  # why a draft offers times: the first is over, the second is the same a year on
PAST: Final = "past"  # the first is over, the others are later ones that may be meant
REFUSED: Final = "made_up"  # as PAST, once the rules of the item refused the first
REASONS: Final = frozenset({OVER, PAST, REFUSED})
_SLIP: Final = 7  # days: a time that is over for so long is perhaps a slip of the day, an older one of the month
_APART: Final = timedelta(days=300)  # two readings that are so far apart are one day of two years


def pair(field: FormField, time: Span) -> list[Any]:
    """A day that is over and the same a year on, as they are stored, where words name one without its year; else []."""
    before = next((each for each in time.readings if each.ask == "past"), None)
    after = next((each for each in time.readings if each.ask is None), None)
    if before is None or after is None or not before.start or not after.start or after.start - before.start < _APART:
        return []
    read = span_value if field.kind == "span" else date_value
    found = [read(replace(each, ask=None)) for each in (before, after)]
    return found if None not in found else []


def needs(turn: Turn, draft: Draft, value: Any) -> dict[str, Any] | None:
    """The answers that a time needs to be handed in ({"kind": "makeup"}), {} where it is fine as it is; None: it is too late.

    Only an item with code says so of a span; a day of any other item is taken as it was.
    """
    if not isinstance(value, dict) or draft.service not in turn.school.catalogue.items:
        return None if is_over(turn, value) else {}
    return turn.school.catalogue.service(draft.service).made_up(turn, draft.answers, value)


def is_over(turn: Turn, value: Any) -> bool:
    """Whether a time as it is stored ended before now."""
    if isinstance(value, dict):
        return datetime.fromisoformat(value["end"]) <= turn.now
    return isinstance(value, str) and value < turn.today.isoformat()


def has_begun(turn: Turn, value: Any) -> bool:
    """Whether a time as it is stored began before now."""
    begins = datetime.fromisoformat(value["start"] if isinstance(value, dict) else value)
    return begins.astimezone(turn.school.zone) <= turn.now if begins.tzinfo else begins.date() <= turn.today


def past(field: FormField, time: Span) -> Any:
    """The time that words name and that is over, as it is stored; None where they name none, or only that."""
    read = span_value if field.kind == "span" else date_value
    return read(replace(time, ask=None)) if time.ask == "past" else (pair(field, time) or (None,))[0]


def meant(turn: Turn, draft: Draft, field: FormField, time: Span) -> Any:
    """The day that is over, where the form is of a kind that is handed in afterwards, so that nothing is to be asked."""
    found = past(field, time) if draft.answers.get("kind") else None
    return found if found and needs(turn, draft, found) == {} else None


def refused(turn: Turn, draft: Draft, over: Any, offer: list[Any]) -> Heard | None:
    """What is offered once a time was refused: itself, where it may be handed in afterwards, and later ones."""
    offer = [] if draft.gone else offer
    if isinstance(over, dict) and has_begun(turn, over) and (along := needs(turn, draft, over)) != {}:
        if not is_over(turn, over):  # Whoever is away now means these days and no later ones.
            return Heard(offer=[over], because=REFUSED) if along else None
        if along:
            return Heard(offer=[over, *offer], because=REFUSED)
    return Heard(offer=offer, because="over") if offer else None


def note(turn: Turn, draft: Draft, words: str) -> None:
    """Remember that the words say of their time that it is over (「上周四请了病假没来得及补」): no later day is offered then,
    unless that one cannot be handed in any more."""
    draft.gone = says_over(words)
    heard = draft.heard
    if draft.gone and heard is not None and heard.because in (OVER, PAST) and heard.offer:
        heard.offer = heard.offer[:1] if needs(turn, draft, heard.offer[0]) is not None else heard.offer


def fitting(turn: Turn, slug: str, answers: dict[str, Any], field: FormField, values: list[Any]) -> list[Any]:
    """Of times as they are stored those that the rules of the item do not refuse with these answers: what was refused a
    moment ago is not offered again."""
    service = turn.school.catalogue.service(slug)

    def fits(value: Any) -> bool:
        try:
            service.check(turn, {**answers, field.key: value})
        except Refused as refused:
            return refused.values.get("field") not in (field.key, "kind")
        return True

    return [value for value in values if fits(value)]


def from_now(turn: Turn, values: list[Any]) -> list[Any]:
    """Times to choose from, and before them what is left of one that has begun today: 「8:30到17:30」, said at ten, may mean
    the rest of the day. It begins at the next quarter of an hour, at least five minutes from now."""
    zone, found = turn.school.zone, []
    for value in values:
        if not isinstance(value, dict) or not value.get("timed", (True, True))[0]:
            continue
        start, end = (datetime.fromisoformat(value[key]).astimezone(zone) for key in ("start", "end"))
        soon = turn.now.astimezone(zone).replace(second=0, microsecond=0) + timedelta(minutes=5)
        soon += timedelta(minutes=-soon.minute % 15)
        if start <= turn.now and soon < end and end.date() == turn.today:
            found.append({**value, "start": soon.isoformat()})
    return [*found, *values] if len(values) > 1 else values


def is_offered(turn: Turn, draft: Draft, value: Any) -> bool:
    """Whether one of the offered times is shown: one that is over only where it may be handed in."""
    return draft.because not in REASONS or not is_over(turn, value) or needs(turn, draft, value) is not None


def label(turn: Turn, draft: Draft, value: Any, shown: str) -> str:
    """How an offered time reads: with the answer that comes with it (「补假：11月20日全天」)."""
    if draft.because not in REASONS or draft.service not in turn.school.catalogue.items:
        return shown
    item, along = turn.school.catalogue.items[draft.service], needs(turn, draft, value) or {}
    for key, answer in along.items():
        field = item.field(key)
        option = field.option(answer) if field is not None else None
        if option is not None:
            return turn.say("form.line", label=option.label.to(turn.lang), value=shown)
    return shown


def head(turn: Turn, draft: Draft, shown: str) -> str:
    """What is said above offered times; shown: the first of them in words."""
    if draft.because == REFUSED:
        return turn.say("form.made_up" if len(draft.offer) > 1 else "form.made_up_one")
    late = not is_offered(turn, draft, draft.offer[0])
    if len(draft.offer) == 1 and not late:
        return turn.say("form.past_one", gone=shown)
    if draft.because == OVER:
        return turn.say("form.year_late" if late else "form.year", gone=shown)
    return turn.say("form.past_late" if late else "form.past", gone=shown)


def chosen(turn: Turn, draft: Draft, value: Any) -> dict[str, Any]:
    """The answers that come with an offered time that was chosen."""
    if draft.because not in REASONS or value not in draft.offer:
        return {}
    return needs(turn, draft, value) or {}


def settled(turn: Turn, draft: Draft) -> Any:
    """The offered time that is over, once an answer was changed so that it may be handed in; None for none."""
    if draft.because not in REASONS or not draft.offer or not has_begun(turn, draft.offer[0]):
        return None
    return draft.offer[0] if needs(turn, draft, draft.offer[0]) == {} else None


def later(turn: Turn, field: FormField, value: Any) -> list[Any]:
    """The next days on which a time that is over could be meant, two at most: the same clocks, today or tomorrow for
    what is a week old at most, else the same days of a coming month."""
    if field.kind == "date":
        begins = datetime.combine(date.fromisoformat(value), datetime.min.time(), turn.school.zone) if value else None
        ends = begins + timedelta(days=1) if begins else None
    else:
        begins, ends = both_ends(turn, value) if value else (None, None)
    if begins is None or ends is None or ends <= begins or begins.date() > turn.today:
        return []
    ago = (turn.today - begins.date()).days
    if ago <= _SLIP:
        shifts = [ago, ago + 1, ago + 2]
    else:
        shifts = [(_months_on(begins.date(), many) - begins.date()).days for many in range(1, 13)]
    # Shifted on the wall clock of people, so that 14:00 stays 14:00.
    moved = [(begins + timedelta(days=days), ends + timedelta(days=days)) for days in shifts]
    plausible = [(start, end) for start, end in moved if start.date() >= turn.today and end > turn.now]
    most = 2 if ago <= _SLIP else 1
    return [start.date().isoformat() if field.kind == "date" else
            {**value, "start": start.isoformat(), "end": end.isoformat()} for start, end in plausible[:most]]  # fmt: skip


def both_ends(turn: Turn, value: dict[str, Any]) -> tuple[datetime, datetime]:
    """The two instants of a span as it is stored, on the school's clock."""
    start, end = (datetime.fromisoformat(value[edge]) for edge in ("start", "end"))
    return start.astimezone(turn.school.zone), end.astimezone(turn.school.zone)


def _months_on(day: date, many: int) -> date:
    """The same day so many months later, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + many, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
