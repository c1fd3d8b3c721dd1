"""What stands beside the form of a leave in words: its length, holidays inside it, sums, and why one tier more decides."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers import wording
from handlers.guardians import CONFIRMED
from handlers.lengths import keyed
from handlers.texts import text


def lines(lang: str, answers: dict[str, Any], *, nights: bool = False) -> tuple[str, ...]:
    """The lines of a leave's facts (`facts.reckon`), in a language. nights: whether its length is a number of nights."""
    if "days" not in answers:
        return ()
    said = [_prolonged(lang, answers, nights) if answers.get("extends") else _length(lang, answers, nights)]
    for code, *values in answers.get("notes") or ():
        if code == "lessons":
            continue  # They stand with the length.
        said.append(_note(lang, str(code), values))
    if answers.get("people_count"):
        said.append(text(lang, "leave.people", count=answers["people_count"]))
    if answers.get("listed"):
        said.append(text(lang, "leave.listed", number=answers["listed"]))
    if answers.get("guardian"):
        said.append(text(lang, "leave.guardian_done" if answers["guardian"] == CONFIRMED else "leave.guardian"))
    return tuple(said)


def _length(lang: str, answers: dict[str, Any], nights: bool) -> str:
    if nights:
        return text(lang, "leave.length_nights", days=wording.number(answers["days"]))
    days, hours, lessons = answers["days"], answers.get("hours", 24), answers.get("lessons")
    span = next((values for code, *values in answers.get("notes") or () if code == "lessons"), None)
    if span is not None:
        key = "leave.length_lesson" if span[0] == span[1] else "leave.length_lessons"
        return text(lang, key, count=lessons, first=span[0], last=span[1], days=wording.number(days))
    if lessons is not None and days <= 1:
        said = text(lang, "leave.length_taking", days=wording.number(days), count=lessons)
        return said if lessons else text(lang, "leave.length", days=wording.number(days))
    if hours <= 6 and days <= 0.5:
        return text(lang, "leave.length_hours", days=wording.number(days), hours=wording.number(round(hours, 1)))
    return text(lang, "leave.length", days=wording.number(days))


def _prolonged(lang: str, answers: dict[str, Any], nights: bool) -> str:
    added, days = (wording.number(answers.get(key, 0)) for key in ("added_days", "days"))
    return text(lang, keyed("leave.prolongs", nights=nights), number=answers["extends"], added=added, days=days)


def _note(lang: str, code: str, values: list[Any]) -> str:
    if code == "raised":
        return text(lang, "leave.raised", why=(values[1] if lang == "en" else "") or values[0])
    if code == "holiday":
        count, first, last, counted, *runs = values
        # What was written down before stretches were told apart has only the first and the last day.
        span = text(lang, "beside.and").join(_run(lang, *run) for run in (runs[0] if runs else [[first, last]]))
        return text(lang, "leave.holiday_counted" if counted else "leave.holiday_free", count=count, span=span)
    if code == "total":  # As it was written down before hours and lessons were added up.
        per, days_, times, over, most, do = values
        unit, sum_, limit = ("days", days_, over) if over is not None else ("times", times, most)
        code, values = "sum", [unit, per, sum_, limit, do]
    if code == "sum":
        unit, per, sum_, limit, do = values
        said = text(lang, f"leave.sum_{unit}_{per}", sum=wording.number(sum_), most=wording.number(limit))
        if do == "raise":
            return text(lang, "leave.raised", why=said)
        return said + text(lang, "leave.sum_warned") if do == "warn" else said
    if code == "unknown_year":
        return text(lang, "leave.unknown_year", year=values[0])
    if code == "prolonged_late":
        return text(lang, "leave.prolonged_late", hours=values[0])
    return text(lang, f"leave.{code}")


def _run(lang: str, first: str, last: str) -> str:
    """One stretch of days in words."""
    days = [wording.day(date.fromisoformat(each), lang) for each in (first, last)]
    return days[0] if first == last else text(lang, "time.span", start=days[0], end=days[1])
