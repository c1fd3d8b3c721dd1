"""Whoever approves one after another or many at once reads what a leave costs: lessons missed, exam weeks, and totals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from pathlib import Path

import pytest

from bot.settings.hours import Course, Term
from bot.settings.values import Window
from tests.bad_inputs.place import Place

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@pytest.fixture
def place(sqlite_url: str, tmp_path: Path) -> Iterator[Place]:
    """A school whose class has 操作系统 each morning, and exam weeks from the fortieth day from now on."""
    today = datetime.now(UTC).date()
    exams = Term(
        name="本学期", begins=today - timedelta(days=60), ends=today + timedelta(days=100),
        exams_begin=today + timedelta(days=40), exams_end=today + timedelta(days=60),
    )  # fmt: skip
    courses = tuple(Course(area="cs2301", day=day, lessons="1-2", teacher="N0007", name="操作系统") for day in WEEKDAYS)  # type: ignore[arg-type]
    lessons = (Window(time(8), time(8, 45)), Window(time(8, 55), time(9, 40)))
    place = Place(sqlite_url, tmp_path, {"calendar": {"terms": (exams,), "courses": courses, "lessons": lessons}})
    yield place
    place.close()


def school_day(place: Place, after: int) -> int:
    """How many days from now the first school day is that is no nearer than so many."""
    today: date = place.now.astimezone(place.school.zone).date()
    return next(
        count for count in range(after, after + 15) if place.school.seasons.is_school_day(today + timedelta(days=count))
    )


def said(page: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", page))


def test_it_shows_lessons_exams_and_totals_in_the_queue_and_before_many_are_approved(place: Place) -> None:
    place.next_day = school_day(place, 3)
    ordinary = place.leave_of("owner")
    place.next_day = school_day(place, 42)
    examined = place.leave_of("owner")
    zone = place.school.zone
    days = [datetime.fromisoformat(each.answers["span"]["start"]).astimezone(zone) for each in (ordinary, examined)]
    lessons = [rf"要缺的课：(\d+年)?{day.month}月{day.day}日[^。]*第 1–2 节操作系统" for day in days]
    for ticket, lesson, exam, total in (
        (ordinary, lessons[0], False, "本学期第一次请假，共 1 天"), (examined, lessons[1], True, "本学期第 2 次请假，连这次共 2 天"),
    ):  # fmt: skip
        card = said(place.call("GET", f"/console/approvals?at={ticket.number}", "counselor").text)
        card = card[: card.index("先放着")]
        assert ticket.number in card
        assert re.search(lesson, card)
        assert ("这段时间里有考试周" in card) is exam
        assert ("要多一级审批：时间在考试周里" in card) is exam
        assert total in card
    picks = " ".join(f"{each.id}.{each.rev}" for each in (ordinary, examined))
    many = said(place.post("/console/bulk", "counselor", do="approve", picks=picks, back="/console").text)
    fit, left_out = many.split("不会一起同意的")
    assert re.search(lessons[0], fit)
    assert not re.search(lessons[1], fit)
    assert "本学期第一次请假，共 1 天" in fit
    assert "考试周" not in fit
    assert re.search(lessons[1], left_out)
    for words in ("这段时间里有考试周", "连这次共 2 天"):
        assert words in left_out
    place.post("/console/bulk", "counselor", do="approve", picks=picks, back="/console", sure="1")
    assert place.ticket(ordinary.number).back_at is not None
    assert place.ticket(examined.number).status == "new", "what conflicts is left to a look of its own"
