"""Rules between terms and seasons: terms that overlap, one that seems to be missing, and hours that no day can have."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.settings.mistakes import Notes
from bot.settings.shape import Calendar

# The summer lasts eight to ten weeks at Chinese universities; a longer gap is a term that nobody has entered.
LONGEST: Final = timedelta(days=100)


def check_terms(calendar: Calendar, notes: Notes) -> None:
    """Note terms that overlap (a day has one term), gaps too long for a vacation, and hours that follow from terms or
    weeks of exams where there are none."""
    rows = sorted(enumerate(calendar.terms), key=lambda row: row[1].begins)
    if rows:
        _, reached = rows[0]
        for number, term in rows[1:]:
            place = ("calendar", "terms", number)
            if term.begins <= reached.ends:
                notes.add(
                    place, "term_overlap", name=term.name, other=reached.name, begins=term.begins, ends=reached.ends
                )
            elif term.begins - reached.ends > LONGEST:
                days = (term.begins - reached.ends).days - 1
                notes.add(place, "term_missing", fatal=False, name=term.name, other=reached.name, days=days)
            reached = max(reached, term, key=lambda each: each.ends)
    has_exams = any(term.exams_begin is not None for term in calendar.terms)
    for number, season in enumerate(calendar.seasons):
        if season.begins is not None or not season.has_hours:
            continue
        if season.name == "vacation" and not calendar.terms:
            notes.add(("calendar", "seasons", number), "season_no_term", fatal=False)
        if season.name == "exam" and not has_exams:
            notes.add(("calendar", "seasons", number), "season_no_exams", fatal=False)
