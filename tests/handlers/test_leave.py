"""How many days a leave counts, and what cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from handlers import tickets
from handlers.services.leave import counting, days, spans
from models.message import Refused
from models.seasons import Term
from tests.builders import ZONE, at, leave_answers, make_school, turn_of

MOMENTS = st.integers(0, 60 * 24 * 364).map(
    lambda minutes: at("2026-01-01 00:00").astimezone(ZONE) + timedelta(minutes=minutes)
)
LENGTHS = st.integers(1, 60 * 24 * 40).map(lambda minutes: timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [("06-11 14:00", "06-12 22:00", 1.5), ("06-11 00:00", "06-12 00:00", 1), ("06-11 08:00", "06-11 12:00", 0.5),
     ("06-11 14:00", "06-11 18:00", 0.5), ("06-11 08:00", "06-11 18:00", 1), ("06-11 12:59", "06-11 13:01", 1),
     ("06-11 13:00", "06-11 13:01", 0.5), ("06-11 08:00", "06-11 13:00", 0.5), ("06-12 00:00", "06-16 00:00", 4),
     ("06-11 23:00", "06-12 01:00", 1), ("06-11 00:00", "06-11 00:01", 0.5)],
)  # fmt: skip
def test_it_counts_in_half_days(start: str, end: str, count: float) -> None:
    begins, ends = (at(f"2026-{words}").astimezone(ZONE) for words in (start, end))
    assert days(begins, ends) == count


@given(MOMENTS, LENGTHS)
def test_it_counts_halves_and_never_nothing(start: datetime, length: timedelta) -> None:
    count = days(start, start + length)
    assert count >= 0.5
    assert (count * 2) % 1 == 0
    # At most: the last minute before 13:00, the eleven hours after it, and the first minute of the next day.
    assert abs(count - length / timedelta(days=1)) <= 1.5 - 11 / 24


@given(MOMENTS, LENGTHS, LENGTHS)
def test_it_counts_no_less_for_a_longer_leave(start: datetime, length: timedelta, more: timedelta) -> None:
    assert days(start, start + length) <= days(start, start + length + more)


@given(MOMENTS, st.integers(1, 30))
def test_it_counts_whole_days_as_whole(start: datetime, count: int) -> None:
    midnight = start.replace(hour=0, minute=0)
    assert days(midnight, midnight + timedelta(days=count)) == count


@pytest.mark.parametrize(
    ("start", "end", "key"),
    [("2026-06-11 14:00", "2026-06-11 14:00", "leave.zero_length"), ("2026-06-12 14:00", "2026-06-11 14:00", "leave.no_length"),
     ("2026-06-11 00:00", "2027-06-12 00:00", "leave.too_far"), ("2027-06-12 00:00", "2027-06-13 00:00", "leave.too_far"),
     ("2026-06-07 08:59", "2026-06-12 00:00", "leave.begun_kind"), ("2026-06-09 08:00", "2026-06-10 09:00", "leave.past_kind"),
     ("2026-06-07 09:00", "2026-06-10 09:01", None), ("2026-06-10 09:00", "2027-06-10 09:00", None)],
)  # fmt: skip
def test_it_refuses_what_cannot_be(session: Session, start: str, end: str, key: str | None) -> None:
    turn = turn_of(session, "李雷")
    service = make_school().catalogue.service("leave")
    if key is None:
        assert service.check(turn, leave_answers(start, end)) is None  # type: ignore[func-returns-value]
        return
    with pytest.raises(Refused) as caught:
        service.check(turn, leave_answers(start, end))
    assert (caught.value.key, caught.value.values["field"]) == (key, "span")


def test_it_locks_a_person_so_that_rows_may_still_name_the_person() -> None:
    # A plain FOR UPDATE would hold up everybody who writes a row that refers to this person.
    assert str(spans.LOCK.compile(dialect=postgresql.dialect())).endswith("FOR NO KEY UPDATE")  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("other", "lines"),
    [
        (("2026-06-12 20:00", "2026-06-13 22:00", 1.5), ["第二", "重叠"]),
        (("2026-06-13 08:00", "2026-06-13 22:00", 1), ["第二", "前后相连"]),
        (("2026-06-10 13:30", "2026-06-10 22:00", 0.5), ["第二", "前后相连"]),
        (("2026-06-15 08:00", "2026-06-15 22:00", 1), ["第二"]),
        (("2026-09-15 08:00", "2026-09-15 22:00", 1), ["第一"]),
    ],
)
def test_it_weighs_a_leave_by_the_others_of_its_term(
    session: Session, other: tuple[str, str, float], lines: list[str]
) -> None:
    item = make_school().catalogue.items["leave"]
    second = tickets.open_ticket(turn_of(session, "李雷"), item, leave_answers(*other))
    ticket = tickets.open_ticket(turn_of(session, "李雷"), item, leave_answers())
    tickets.open_ticket(turn_of(session, "韩梅梅"), item, leave_answers())  # Somebody else's.
    turn = turn_of(session, "韩老师")
    said = make_school().catalogue.service("leave").weigh(turn, ticket)
    counted = lines[0] == "第二"
    first = f"本学期第 2 次请假，连这次共 {1.5 + other[2]:g} 天" if counted else "本学期第一次请假，共 1.5 天"
    assert first in said[0]
    assert "2月1日" in said[0]
    assert len(said) == len(lines)
    if len(lines) > 1:
        assert second.number in said[1]
        assert lines[1] in said[1]
    tickets.refuse(turn, second, "那几天有考试")
    assert "本学期第一次请假" in make_school().catalogue.service("leave").weigh(turn, ticket)[0]


def test_it_weighs_only_what_the_reader_may_see(session: Session) -> None:
    item = make_school().catalogue.items["leave"]
    ticket = tickets.open_ticket(turn_of(session, "李雷"), item, leave_answers())
    tickets.open_ticket(turn_of(session, "李雷"), item, leave_answers("2026-06-15 08:00", "2026-06-15 22:00", 1))
    weighed = make_school().catalogue.service("leave").weigh(turn_of(session, "方老师"), ticket)
    assert "本学期第一次请假" in weighed[0]


@pytest.mark.parametrize(
    ("day", "first"),
    [("2026-01-31", "2025-08-01"), ("2026-02-01", "2026-02-01"), ("2026-07-31", "2026-02-01"),
     ("2026-08-01", "2026-08-01"), ("2026-12-31", "2026-08-01")],
)  # fmt: skip
def test_it_knows_the_half_year_of_a_day(day: str, first: str) -> None:
    assert counting.period(date.fromisoformat(day), "term", make_school().seasons) == date.fromisoformat(first)


@pytest.mark.parametrize(
    ("day", "first"),
    [("2026-03-02", "2026-03-02"), ("2026-07-20", "2026-03-02"), ("2026-09-07", "2026-09-07"),
     ("2027-01-15", "2026-09-07"), ("2027-05-01", "2027-02-01"), ("2026-02-20", "2026-03-02"), ("2026-09-01", "2026-09-07"),
     ("2026-01-20", "2025-08-01")],
)  # fmt: skip
def test_it_knows_the_schools_own_terms(day: str, first: str) -> None:
    # A day between two terms counts to the one of its half year; where no term is known, the half years go on.
    terms = (
        Term("春季", date(2026, 3, 2), date(2026, 7, 12)),
        Term("秋季", date(2026, 9, 7), date(2027, 1, 17)),
    )
    assert counting.period(
        date.fromisoformat(day), "term", replace(make_school(), terms=terms).seasons
    ) == date.fromisoformat(first)


def test_it_says_that_a_leave_lies_in_the_exams(session: Session) -> None:
    exams = ((date(2026, 6, 11), date(2026, 6, 19)),)
    school = replace(make_school(), terms=(Term("春季", date(2026, 3, 2), date(2026, 7, 12), exams),))
    ticket = tickets.open_ticket(turn_of(session, "李雷"), school.catalogue.items["leave"], leave_answers())
    said = school.catalogue.service("leave").weigh(turn_of(session, "韩老师", school=school), ticket)
    assert said[1:] == ("这段时间里有考试周。",)
