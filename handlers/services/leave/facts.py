"""What follows from the answers of a leave: its length, sums, reasons for one tier more, what is to be shown, notes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from handlers import begun
from handlers.services.leave import lessons
from handlers.services.leave.counting import count, days_of, hours
from handlers.services.leave.spans import Sum, add_up, span_of, whole_of
from handlers.turn import Turn
from models.chain import conditioned
from models.item import Item
from models.leave_rules import KindRules, LeaveRules, Total

DERIVED: Final = (
    "days", "hours", "lessons", "added_days", "term_days", "term_times", "term_hours", "term_lessons", "raised", "made_up", "people_count", "evidence_due", "guardian", "notes",
)  # fmt: skip
_SUMS: Final = frozenset({"term_days", "term_times", "term_hours", "term_lessons"})


def reckon(turn: Turn, item: Item, rules: LeaveRules, answers: dict[str, Any]) -> dict[str, Any]:
    """All that follows from the answers, by the keys of DERIVED; {} while the span is not answered.

    notes: what student and signers should read beside the form, as codes with values (`notes.lines` puts them in words),
    so that each reads them in their own language.
    """
    if not answers.get("span"):
        return {}
    start, end = span_of(turn, answers)
    mine, seasons = rules.of(answers.get("kind")), turn.school.seasons
    # Signers decide by the length of the whole, of which a leave that is prolonged is a part.
    first, extends = whole_of(turn, answers)[0], answers.get("extends")
    found: dict[str, Any] = {"days": count(first, end, mine.count, seasons, rules.half), "hours": hours(first, end)}
    notes: list[list[Any]] = []
    _in_lessons(turn, (first, end), found, notes)
    if extends:
        found["added_days"] = found["days"] - count(first, start, mine.count, seasons, rules.half)
        if start < turn.now:
            notes.append(["prolonged_late", math.ceil((turn.now - start).total_seconds() / 3600)])
    elif begun.reported_from(turn.school, answers["span"]) < turn.now:
        found["made_up"] = 1
        notes.append(["made_up"])
    people = answers.get("people") or ()
    if people:
        found["people_count"] = len(people)
        if turn.person is not None and turn.person.kind == "student" and turn.person.number not in map(str, people):
            notes.append(["without_filer"])
    known = {**answers, **found}
    if _needs_sums(item, mine):
        sum_ = add_up(turn, known, "term", frozenset({str(answers.get("kind"))}))
        found["term_days"], found["term_times"] = sum_.days, sum_.times
        found["term_hours"], found["term_lessons"] = sum_.hours, sum_.lessons
        known |= found
    off = seasons.holidays_in(*days_of(start, end))
    if off:
        counted = not mine.count.startswith("school")
        notes.append(["holiday", len(off), off[0].isoformat(), off[-1].isoformat(), counted, _runs(off)])
    notes += [["unknown_year", year] for year in seasons.unpublished(*days_of(start, end))]
    if found["days"] == 0:
        notes.append(["no_school_day"])
    reasons = _reasons(turn, rules, mine, known, notes)
    if reasons:
        found["raised"] = reasons
        known["raised"] = reasons
    found |= _owed(turn, mine, known)
    found["notes"] = notes or None
    return {key: value for key, value in found.items() if value is not None}


def _runs(days: Sequence[date]) -> list[list[str]]:
    """Days in order as stretches without a gap, each by its first and last day."""
    found: list[list[date]] = []
    for day in days:
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1][1] = day
        else:
            found.append([day, day])
    return [[first.isoformat(), last.isoformat()] for first, last in found]


def _in_lessons(turn: Turn, span: tuple[datetime, datetime], found: dict[str, Any], notes: list[list[Any]]) -> None:
    """How many lessons it takes, where the school told its timetable or the leave is of whole lessons by the common one."""
    named = lessons.named(*span, turn.lessons)
    if turn.school.lessons or named is not None:
        found["lessons"] = lessons.count(*span, turn.lessons, turn.school.seasons)
    if named is not None and found["lessons"]:
        notes.append(["lessons", *named])


def _needs_sums(item: Item, mine: KindRules) -> bool:
    conditions = [total for total in mine.total if total.do == "raise"]
    return bool(conditions) or bool(_SUMS & conditioned(item.approval))


def exceeded(turn: Turn, mine: KindRules, known: dict[str, Any], *, refuses: bool) -> list[tuple[Total, Sum]]:
    """The totals that this leave goes beyond, with what it makes of them: those that refuse it, or those that only warn or
    ask for one tier more."""
    found = []
    for total in (each for each in mine.total if (each.do == "refuse") == refuses):
        kinds = frozenset({str(known.get("kind")), *total.kinds})
        sum_ = add_up(turn, known, total.per, kinds)
        if sum_.of(total.unit) > total.limit:
            found.append((total, sum_))
    return found


def _reasons(turn: Turn, rules: LeaveRules, mine: KindRules, known: dict[str, Any], notes: list[list[Any]]) -> int:
    """How many reasons ask for one tier more; each is noted, and so are totals that only warn."""
    reasons = 0
    for each in rules.raises:
        if each.when.holds(known, turn.school.seasons):
            reasons += 1
            notes.append(["raised", each.why.zh, each.why.en])
    for total, sum_ in exceeded(turn, mine, known, refuses=False):
        reasons += total.do == "raise"
        notes.append(["sum", total.unit, total.per, sum_.of(total.unit), total.limit, total.do])
    return reasons


def _owed(turn: Turn, mine: KindRules, known: dict[str, Any]) -> dict[str, Any]:
    """What has to be shown ("now" or "later") and whether parents have to confirm."""
    seasons = turn.school.seasons
    found: dict[str, Any] = {}
    due = [each.due for each in mine.evidence if each.when is None or each.when.holds(known, seasons)]
    if due:
        found["evidence_due"] = "now" if "now" in due else "later"
    guardian = mine.guardian
    if guardian is not None and (guardian.when is None or guardian.when.holds(known, seasons)):
        found["guardian"] = 1
    return found
