"""Chains as data: which conditions hold, which step comes when, and what is refused in a file."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.chain import Planned, Signature, When, conditioned, plan
from models.item import Item
from models.seasons import Seasons, Term
from models.worktime import school_calendar

TERM = Term("2025–2026-2", date(2026, 3, 2), date(2026, 7, 5), ((date(2026, 6, 22), date(2026, 7, 3)),))
SEASONS = Seasons((TERM,), {"freshmen": ((date(2026, 9, 1), date(2026, 9, 14)),)}, school_calendar())


def span(start: str, end: str) -> dict[str, Any]:
    return {"start": f"{start}:00+08:00", "end": f"{end}:00+08:00", "timed": [True, True]}


def holds(when: dict[str, Any], /, **answers: Any) -> bool:
    return When.model_validate(when).holds(answers, SEASONS)


@pytest.mark.parametrize(
    ("when", "true", "false"),
    [
        ({"over": 3}, [3.5, 4], [3, 2.5, None, "4", True]),
        ({"at_least": 3}, [3, 4], [2.5]),
        ({"under": 3}, [2.5, 0], [3, None]),
        ({"at_most": 3}, [3, 0], [3.5]),
        ({"over": 1, "at_most": 3}, [1.5, 3], [1, 3.5]),
        ({"one_of": ["home", "city"]}, ["home", "city"], ["abroad", None]),
        ({"none_of": ["home", "city"]}, ["abroad"], ["home", None]),
    ],
)
def test_it_compares_one_answer(when: dict[str, Any], true: list[Any], false: list[Any]) -> None:
    assert all(holds({"field": "x", **when}, x=value) for value in true)
    assert not any(holds({"field": "x", **when}, x=value) for value in false)
    assert not holds({"field": "x", **when})


def test_it_joins_conditions() -> None:
    far = {"field": "where", "none_of": ["city"]}
    long = {"field": "days", "over": 3}
    assert holds({"all": [far, long]}, where="home", days=4)
    assert not holds({"all": [far, long]}, where="home", days=3)
    assert holds({"any": [far, long]}, where="city", days=4)
    assert not holds({"any": [far, long]}, where="city", days=3)
    assert holds({"not": long}, days=3)
    assert holds(
        {"any": [{"all": [far, {"not": long}]}, {"field": "kind", "one_of": ["abroad"]}]}, where="home", days=1
    )


@pytest.mark.parametrize(
    ("start", "end", "names"),
    [
        ("2026-06-10T08:00", "2026-06-11T00:00", {"term"}),
        ("2026-06-21T08:00", "2026-06-22T00:00", {"term", "holiday"}),  # the day before the exams, 端午
        ("2026-06-21T08:00", "2026-06-22T00:01", {"term", "holiday", "exam", "after-holiday"}),
        ("2026-07-03T00:00", "2026-07-04T00:00", {"term", "exam"}),
        ("2026-07-05T12:00", "2026-07-06T12:00", {"term", "vacation"}),
        ("2026-09-14T08:00", "2026-09-14T12:00", {"vacation", "freshmen"}),
        ("2026-06-18T08:00", "2026-06-18T12:00", {"term", "before-holiday"}),  # Thursday before 端午
        ("2026-06-17T08:00", "2026-06-17T12:00", {"term"}),
    ],
)
def test_it_knows_the_seasons_of_a_span(start: str, end: str, names: set[str]) -> None:
    for name in ("term", "vacation", "exam", "holiday", "before-holiday", "after-holiday", "freshmen"):
        assert holds({"field": "when", "season": name}, when=span(start, end)) is (name in names), name


@pytest.mark.parametrize(
    ("day", "names"),
    [("2026-12-30", set()), ("2026-12-31", {"before-holiday"}), ("2027-01-01", {"holiday"}), ("2027-01-04", {"after-holiday"}),
     ("2027-04-30", {"before-holiday"}), ("2027-05-03", {"after-holiday"}), ("2027-10-03", {"holiday"}), ("2027-10-04", {"after-holiday"}),
     ("2027-02-05", set()), ("2024-05-02", {"after-holiday"})],
)  # fmt: skip
def test_it_knows_the_holidays_by_law_of_a_year_that_is_not_published(day: str, names: set[str]) -> None:
    on = date.fromisoformat(day)
    asked = {"holiday", "before-holiday", "after-holiday"}
    assert SEASONS.names_of(on, on) & asked == names
    assert SEASONS.calendar is not None
    assert SEASONS.calendar.windows(date(2027, 1, 1)), "working time counts such a year Monday to Friday"
    own = Seasons(calendar=school_calendar(extra={date(2027, 1, 1): [("08:00", "12:00")]}))
    assert own.names_of(date(2026, 12, 31), date(2027, 1, 1)) & asked == set(), "the school's own word goes before"


def test_it_counts_how_many_working_days_are_near_a_holiday() -> None:
    near = Seasons(calendar=school_calendar(), near=2)
    wednesday = span("2026-06-17T08:00", "2026-06-17T12:00")
    assert When(field="when", season=("before-holiday",)).holds({"when": wednesday}, near)


@pytest.mark.parametrize(
    ("since", "until", "day", "inside"),
    [("12-20", "01-10", "2026-12-20", True), ("12-20", "01-10", "2027-01-10", True), ("12-20", "01-10", "2027-01-11", False),
     ("12-20", "01-10", "2026-12-19", False), ("06-01", "06-30", "2026-06-30", True), ("2026-06-01", "2026-06-30", "2027-06-15", False),
     ("2026-06-01", "2026-06-30", "2026-06-15", True)],
)  # fmt: skip
def test_it_knows_stretches_of_days(since: str, until: str, day: str, inside: bool) -> None:
    assert holds({"field": "on", "since": since, "until": until}, on=day) is inside


def test_it_asks_in_steps_and_side_by_side() -> None:
    chain = [Signature(role="a"), Signature(role="b", order=2), Signature(role="c", order=2),
             Signature(role="d", kind="inform"), Signature(role="e", order=9, when=When(field="days", over=7))]  # fmt: skip
    assert plan(chain, {"days": 3}) == (
        Planned(0, 0, "a"), Planned(1, 1, "b"), Planned(1, 2, "c"), Planned(2, 3, "d", "inform"),
    )  # fmt: skip
    assert plan(chain, {"days": 8})[-1] == Planned(3, 4, "e")
    assert conditioned(chain) == {"days"}


CONDITIONS = st.one_of(st.none(), st.sampled_from([1.0, 3.0, 7.0]).map(lambda over: When(field="days", over=over)))
SIGNATURES = st.builds(
    Signature, role=st.sampled_from("abc"), when=CONDITIONS, order=st.one_of(st.none(), st.integers(1, 4)),
    kind=st.sampled_from(["sign", "inform"]),
)  # fmt: skip


@given(st.lists(SIGNATURES, max_size=6), st.floats(0, 10), st.floats(0, 10))
def test_it_numbers_steps_without_gaps_and_asks_no_less_for_more(
    chain: list[Signature], few: float, many: float
) -> None:
    few, many = sorted((few, many))
    planned = plan(chain, {"days": few})
    steps = [line.step for line in planned]
    assert steps == sorted(steps)
    assert all(later - earlier in (0, 1) for earlier, later in pairwise(steps))
    assert not steps or steps[0] == 0
    assert {line.place for line in planned} <= {line.place for line in plan(chain, {"days": many})}


@pytest.mark.parametrize(
    ("when", "kind"),
    [
        ({"field": "days"}, "item_when"), ({"over": 3}, "item_when"), ({}, "item_when"),
        ({"field": "days", "over": 3, "any": [{"field": "days", "over": 1}]}, "item_when_mixed"),
        ({"field": "days", "since": "12-20"}, "item_when_days"), ({"field": "days", "since": "12-20", "until": "2026-12-30"}, "item_when_days"),
        ({"field": "days", "since": "13-20", "until": "12-30"}, "item_when_days"), ({"field": "days", "ovr": 3}, "extra_forbidden"),
    ],
)  # fmt: skip
def test_it_refuses_conditions_that_say_nothing(when: dict[str, Any], kind: str) -> None:
    with pytest.raises(ValidationError) as caught:
        When.model_validate(when)
    assert kind in {each["type"] for each in caught.value.errors()}


def test_it_refuses_two_modes_in_one_step() -> None:
    chain = [{"role": "a", "order": 1, "mode": "any"}, {"role": "b", "order": 1}]
    with pytest.raises(ValidationError, match="item_mode"):
        Item.model_validate({"title": "x", "prefix": "AB", "limits": {"resolve": "1d"}, "approval": chain})
