"""Instants, days, spans and answers as people read them, in the school's time zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from handlers.texts import sentences, text
from models.item import FormField, Item
from models.ticket import Resolution, Status


@lru_cache(maxsize=4096)
def day(on: date, lang: str, today: date | None = None) -> str:
    """A day with its weekday, and its year where that is not today's: 6月11日（周四）."""
    weekday = text(lang, "time.weekdays").split()[on.weekday()]
    month = text(lang, "time.months").split()[on.month - 1]
    key = "time.day" if today is None or on.year == today.year else "time.day_of_year"
    return text(lang, key, year=on.year, month=month, day=on.day, weekday=weekday)


@lru_cache(maxsize=4096)
def moment(at: datetime, lang: str, zone: ZoneInfo, today: date | None = None) -> str:
    """An instant: 6月11日（周四）14:00."""
    local = at.astimezone(zone)
    return text(lang, "time.moment", day=day(local.date(), lang, today), clock=f"{local:%H:%M}")


def until(at: datetime, lang: str, zone: ZoneInfo, today: date | None = None) -> str:
    """An instant at which something ends: midnight belongs to the evening before it, 6月17日（周三）24:00."""
    local = at.astimezone(zone)
    if (local.hour, local.minute) != (0, 0):
        return moment(at, lang, zone, today)
    return text(lang, "time.moment", day=day(local.date() - timedelta(days=1), lang, today), clock="24:00")


def soon(at: datetime, now: datetime, lang: str, zone: ZoneInfo) -> str:
    """An instant as said to somebody now: 今天 11:00, 明天 9:30, else with the date."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    away = (local.date() - today).days
    if away in (0, 1):
        return text(lang, "time.today" if away == 0 else "time.tomorrow", clock=f"{local:%H:%M}")
    return moment(at, lang, zone, today)


def last_minute(at: datetime, zone: ZoneInfo) -> datetime:
    """The end of a limit as it is said: midnight between two days is read as either, 23:59 is one day's alone."""
    local = at.astimezone(zone)
    return at - timedelta(minutes=1) if (local.hour, local.minute) == (0, 0) else at


def owed(at: datetime | None, now: datetime, lang: str, zone: ZoneInfo) -> str:
    """By when something is owed, as said to somebody now; "" for nothing."""
    return "" if at is None else soon(last_minute(at, zone), now, lang, zone)


def role(code: str, lang: str, area: str = "") -> str:
    """What a role is called; one of the school's own stands as it is written in the roster.

    area: the name that stands right before it in Chinese; what that ends with is not said twice (its kind, 社区, of the head).
    """
    key = f"role.{code.replace('-', '_')}"
    name = text(lang, key) if key in sentences(lang) else code
    if lang == "zh":
        for most in range(len(name) - 1, 1, -1):
            if area.endswith(name[:most]):
                return name[most:]
    return name


def roles() -> frozenset[str]:
    """The roles that have a name here, as rosters and items write them."""
    return frozenset(key.removeprefix("role.").replace("_", "-") for key in sentences("zh") if key.startswith("role."))


def places(names: Iterable[str]) -> str:
    """Areas from the widest to the narrowest as one line, without those whose name begins the next one's (a house, its floor)."""
    found: list[str] = []
    for name in filter(None, names):
        if found and name.startswith(found[-1]):
            found.pop()
        found.append(name)
    return " ".join(found)


def level(code: str, lang: str) -> str:
    """What a level of the grid is called; one of the school's own stands as it is written in the roster."""
    key = f"level.{code.replace('-', '_')}"
    return text(lang, key) if key in sentences(lang) else code


def span(value: dict[str, Any], lang: str, zone: ZoneInfo, today: date | None = None) -> str:
    """A from–to answer, days shown without clock where the person named none, and with the year where it is not today's."""
    start, end = (datetime.fromisoformat(value[key]).astimezone(zone) for key in ("start", "end"))
    timed_start, timed_end = value.get("timed", (True, True))
    # Midnight is the end of the evening before, be it said as 24:00 or not.
    midnight = (end.hour, end.minute) == (0, 0) and end > start
    last = end - timedelta(seconds=1) if midnight or not timed_end else end
    from_words = moment(start, lang, zone, today) if timed_start else day(start.date(), lang, today)
    to_words = until(end, lang, zone, today) if timed_end else day(last.date(), lang, today)
    if not timed_start and not timed_end and start.date() == last.date():
        return text(lang, "time.whole_day", day=from_words)
    if timed_start and timed_end and start.date() == last.date():
        clock = "24:00" if midnight else f"{end:%H:%M}"
        return text(lang, "time.hours", day=day(start.date(), lang, today), start=f"{start:%H:%M}", end=clock)
    return text(lang, "time.span", start=from_words, end=to_words)


def start(value: dict[str, Any], lang: str, zone: ZoneInfo, today: date | None = None) -> str:
    """The beginning of a from–to answer, with a clock where the person named one."""
    at = datetime.fromisoformat(value["start"]).astimezone(zone)
    timed = value.get("timed", (True, True))[0]
    return moment(at, lang, zone, today) if timed else day(at.date(), lang, today)


def number(value: float) -> str:
    """A length or amount without needless zeros: 1.5, 3."""
    return f"{value:g}"


def answer(field: FormField, value: Any, lang: str, zone: ZoneInfo, today: date | None = None) -> str:
    """One answer as people read it."""
    if value is None:
        return text(lang, "form.left_out")
    if field.kind == "choice":
        option = field.option(value)
        return option.label.to(lang) if option else str(value)
    if field.kind == "span":
        return span(value, lang, zone, today)
    if field.kind == "date":
        return day(date.fromisoformat(value), lang, today)
    if field.kind == "number":
        return number(value)
    if field.kind == "people":
        shown = text(lang, "form.or").join(str(each) for each in value[:5])
        return text(lang, "form.people", numbers=shown, count=len(value)) if len(value) > 5 else shown
    if field.kind == "file":
        return text(lang, "form.files", count=len(value))
    return str(value)


def ended(status: str, resolution: str, *, signed: bool = True) -> str:
    """The key of how a ticket ended: what was answered is done once its student said so, or nobody spoke of it any more."""
    if resolution == Resolution.refused and not signed:
        return "state.not_taken"  # Nobody was asked to agree: staff said that it is no matter of theirs.
    done = status == Status.closed and resolution == Resolution.answered
    return "state.finished" if done else f"state.{resolution}"


def line(field: FormField, said: str, lang: str) -> str:
    """An answer with what it answers: 「类型：病假」; a choice that says so itself stands alone: 「不离校」."""
    label = field.label(lang)
    if field.kind == "choice" and label in said:
        return said
    return text(lang, "form.line", label=label, value=said)


def summary(
    item: Item, answers: dict[str, Any], lang: str, zone: ZoneInfo, today: date | None = None
) -> tuple[str, ...]:
    """The filled-in form, a line a field; sealed answers that the reader was not given are left out."""
    return tuple(
        line(field, answer(field, answers[field.key], lang, zone, today), lang)
        for field in item.fields
        if answers.get(field.key) is not None
    )
