"""What a promise may say beyond respond and resolve: next response, one extension, and an answer before it begins."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.deadline import Clock, Limit, Limits, Mark, explain, next_due, parse_limit, steps, targets
from models.worktime import Calendar, elapsed, school_calendar

WORK = Clock(school_calendar())
FOUR = parse_limit("4h")
LIMITS = Limits(
    respond=FOUR, next=parse_limit("2h"), resolve=parse_limit("2d"), remind=(parse_limit("-1h"),),
    escalate=(parse_limit("+0h"),), extend=parse_limit("1d"), before=Limit(3600, "wall"),
)  # fmt: skip


def cst(day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    """An instant by the clock on a wall in China."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


OPENED = cst(10, 8)  # a Wednesday at opening time


def told(*story: tuple[str, datetime]) -> list[Mark]:
    return [Mark(kind, at) for kind, at in story]


# Next response


@pytest.mark.parametrize(
    ("story", "due"),
    [
        ([], None),
        ([("added", cst(10, 9))], None),  # The first answer is still owed: that says it.
        ([("replied", cst(10, 9))], None),
        ([("replied", cst(10, 9)), ("added", cst(10, 10))], cst(10, 12)),
        # More words do not move it, an answer meets it, and later words ask anew.
        ([("replied", cst(10, 9)), ("added", cst(10, 10)), ("added", cst(10, 11))], cst(10, 12)),
        ([("replied", cst(10, 9)), ("added", cst(10, 10)), ("replied", cst(10, 11))], None),
        (
            [("replied", cst(10, 9)), ("added", cst(10, 10)), ("replied", cst(10, 11)), ("added", cst(10, 17))],
            cst(11, 9),
        ),
        # Reading it is no answer; neither counts what is said while more is asked, nor after the end.
        ([("replied", cst(10, 9)), ("added", cst(10, 10)), ("taken", cst(10, 11))], cst(10, 12)),
        ([("asked", cst(10, 9)), ("added", cst(10, 10))], None),
        ([("asked", cst(10, 9)), ("added", cst(10, 10)), ("answered", cst(10, 11))], None),
        ([("replied", cst(10, 9)), ("added", cst(10, 10)), ("resolved", cst(10, 11))], None),
        ([("resolved", cst(10, 9)), ("reopened", cst(10, 10)), ("added", cst(10, 11))], None),
    ],
)
def test_it_owes_the_next_answer(story: list[tuple[str, datetime]], due: datetime | None) -> None:
    assert targets(OPENED, told(*story), LIMITS, WORK).get("next") == due


def test_it_arms_the_steps_of_each_exchange_anew() -> None:
    first = told(("replied", cst(10, 9)), ("added", cst(10, 10)))
    second = [*first, *told(("replied", cst(10, 11)), ("added", cst(10, 14)))]
    keys = [
        {step.key for step in steps(OPENED, story, LIMITS, WORK) if step.target == "next"} for story in (first, second)
    ]
    assert keys == [{"remind:next:0:0.1", "escalate:next:0:0.1"}, {"remind:next:0:0.2", "escalate:next:0:0.2"}]
    parts = explain("next", OPENED, first, LIMITS, WORK)
    assert sum(counted for *_, counted in parts) == 7200


# Extension


def test_it_moves_resolve_once_and_arms_its_reminders_anew() -> None:
    before = targets(OPENED, [], LIMITS, WORK)
    extended = told(("extended", cst(11, 9)))
    after = targets(OPENED, extended, LIMITS, WORK)
    assert (before["resolve"], after["resolve"]) == (cst(11, 18), cst(12, 18))
    assert before["respond"] == after["respond"]
    assert next_due(OPENED, [*told(("replied", cst(10, 9))), *extended], LIMITS, WORK) == cst(12, 17)
    keys = {step.key for step in steps(OPENED, extended, LIMITS, WORK) if step.target == "resolve"}
    assert keys == {"remind:resolve:0:0e1", "escalate:resolve:0:0e1"}
    parts = explain("resolve", OPENED, extended, LIMITS, WORK)
    assert parts[-1][1] == cst(12, 18)
    assert sum(counted for *_, counted in parts) == 24 * 3600
    reopened = [*extended, *told(("resolved", cst(12, 9)), ("reopened", cst(15, 8)))]
    assert targets(OPENED, reopened, LIMITS, WORK)["resolve"] == cst(16, 18)  # A new round has its own.


# Before it begins


@pytest.mark.parametrize(
    ("begins", "due"),
    [
        (cst(30, 8), {"respond": cst(10, 12), "resolve": cst(11, 18)}),  # far ahead: the limits alone
        (cst(11, 8), {"respond": cst(10, 12), "resolve": cst(11, 7)}),
        (cst(10, 11), {"respond": cst(10, 10), "resolve": cst(10, 10)}),
        (cst(10, 8, 50), {"respond": cst(10, 8, 30), "resolve": cst(10, 8, 30)}),  # half an hour at least,
        (cst(10, 8, 20), {"respond": cst(10, 8, 20), "resolve": cst(10, 8, 20)}),  # the beginning at most
        (cst(10, 8), {"respond": cst(10, 8, 30), "resolve": cst(10, 8, 30)}),  # It begins as it is asked,
        (cst(10, 7, 31), {"respond": cst(10, 8, 30), "resolve": cst(10, 8, 30)}),  # or has just begun.
        (cst(10, 7, 30), {"respond": cst(10, 12), "resolve": cst(11, 18)}),  # It began already: the limits alone.
        (cst(9, 8), {"respond": cst(10, 12), "resolve": cst(11, 18)}),
    ],
)
def test_it_is_due_before_the_thing_begins(begins: datetime, due: dict[str, datetime]) -> None:
    assert targets(OPENED, [], LIMITS, WORK, begins_at=begins) == due


def test_it_climbs_one_step_where_both_promises_fall_before_the_beginning() -> None:
    late = cst(10, 22)  # A leave of the next morning, asked for at night.
    found = steps(late, [], LIMITS, WORK, begins_at=cst(11, 8))
    assert [(step.kind, step.target, step.due_at) for step in found] == [("escalate", "resolve", cst(11, 7))]
    # Whoever has answered by then owes the decision alone, and it climbs all the same.
    found = steps(late, told(("replied", cst(10, 23))), LIMITS, WORK, begins_at=cst(11, 8))
    assert [(step.kind, step.target) for step in found] == [("escalate", "resolve")]
    without = Limits(respond=FOUR, escalate=LIMITS.escalate, before=LIMITS.before)
    assert [step.target for step in steps(late, [], without, WORK, begins_at=cst(11, 8))] == ["respond"]


def test_it_says_why_it_is_earlier() -> None:
    parts = explain("resolve", OPENED, [], LIMITS, WORK, begins_at=cst(11, 8))
    assert parts[-1][1] == cst(11, 7)
    assert sum(counted for *_, counted in parts) == 8 * 3600


STARTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis asks for naive bounds)


@given(STARTS, st.integers(-86400, 20 * 86400), st.integers(0, 20 * 86400))
def test_it_is_monotone_in_the_beginning(opened_at: datetime, begins: int, later: int) -> None:
    one, two = opened_at + timedelta(seconds=begins), opened_at + timedelta(seconds=begins + later)
    free = targets(opened_at, [], LIMITS, WORK)
    first, second = (targets(opened_at, [], LIMITS, WORK, begins_at=each) for each in (one, two))
    for name, at in free.items():
        assert opened_at < second[name] <= at
        assert first[name] <= second[name] or one <= opened_at
        assert second[name] < two or two <= opened_at or second[name] == two


@given(STARTS, st.integers(0, 10 * 86400))
def test_it_never_shortens_by_an_extension(opened_at: datetime, at: int) -> None:
    marks = told(("extended", opened_at + timedelta(seconds=at)))
    plain, moved = (targets(opened_at, each, LIMITS, WORK)["resolve"] for each in ([], marks))
    assert elapsed(WORK.calendar, plain, moved) == 8 * 3600


# Hours


def test_it_keeps_the_week_of_a_season_and_lets_dates_and_holidays_beat_it() -> None:
    season = (date(2026, 9, 21), date(2026, 10, 11), {"mon": [("09:00", "11:00")], "thu": [("22:00", "02:00")]})
    calendar = school_calendar(seasons=[season], extra={date(2026, 9, 29): [("08:00", "09:00")]})
    assert elapsed(calendar, cst(21, 0, month=9), cst(22, 0, month=9)) == 2 * 3600
    assert elapsed(calendar, cst(24, 0, month=9), cst(25, 12, month=9)) == 4 * 3600  # Its shift ends on a holiday.
    assert elapsed(calendar, cst(29, 0, month=9), cst(30, 0, month=9)) == 3600
    assert elapsed(calendar, cst(1, 0, month=10), cst(2, 12, month=10)) == 0
    # A make-up day has the hours of its season's first open day, not those of the term.
    assert elapsed(calendar, cst(10, 0, month=10), cst(11, 0, month=10)) == 2 * 3600
    assert elapsed(calendar, cst(12, 0, month=10), cst(13, 0, month=10)) == 8 * 3600
    with pytest.raises(ValueError, match="ends before it begins"):
        school_calendar(seasons=[(date(2026, 9, 2), date(2026, 9, 1), {})])
    only = Calendar.build("UTC", {}, seasons=[(date(2026, 1, 5), date(2026, 1, 5), {"mon": [("08:00", "09:00")]})])
    assert not only.is_wall
