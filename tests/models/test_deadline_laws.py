"""Laws of deadlines, tried on invented stories: every step once, never back in time, nothing left due, no gap in a reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from models.deadline import (
    Limit,
    Limits,
    Mark,
    due_steps,
    explain,
    next_due,
    steps,
    targets,
)
from models.worktime import elapsed
from tests.models.test_deadline import NIGHTS, WORK

OFFSET = st.tuples(st.integers(-86400, 86400), st.sampled_from(["work", "calendar", "wall"])).map(lambda p: Limit(*p))
AFTER = st.tuples(st.integers(0, 86400), st.sampled_from(["work", "calendar", "wall"])).map(lambda p: Limit(*p))
SPAN = st.tuples(st.integers(60, 5 * 28800), st.sampled_from(["work", "calendar", "wall"])).map(lambda p: Limit(*p))
LIMITS = st.builds(
    Limits,
    respond=st.none() | SPAN,
    next=st.none() | SPAN,
    resolve=st.none() | SPAN,
    extend=st.none() | SPAN,
    before=st.just(Limit(3600, "wall")),
    remind=st.lists(OFFSET, max_size=3).map(tuple),
    escalate=st.lists(AFTER, max_size=3).map(tuple),
    follow_up=st.none() | SPAN,
    back=st.none() | AFTER,
    back_remind=st.lists(OFFSET, max_size=2).map(tuple),
    back_escalate=st.lists(AFTER, max_size=2).map(tuple),
)
START = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis asks for naive bounds)
KIND = st.sampled_from(
    [
        "taken",
        "replied",
        "asked",
        "answered",
        "added",
        "extended",
        "signed",
        "approved",
        "resolved",
        "reopened",
        "closed",
    ]
)
STORY = st.lists(st.tuples(KIND, st.integers(0, 20 * 86400)), max_size=6)
BEGINS = st.none() | st.integers(-5, 20).map(lambda days: timedelta(days=days))
BACK = st.none() | st.integers(0, 10).map(lambda days: timedelta(days=days))


def tell(opened_at: datetime, story: list[tuple[str, int]]) -> list[Mark]:
    return [Mark(kind, opened_at + timedelta(seconds=after)) for kind, after in story]


@given(START, STORY, LIMITS, BACK, BEGINS)
def test_it_does_every_step_once_and_never_goes_back_in_time(
    opened_at: datetime, story: list[tuple[str, int]], limits: Limits, back: timedelta | None, begins: timedelta | None
) -> None:
    marks = tell(opened_at, story)
    back_due = None if back is None else opened_at + back
    begins_at = None if begins is None else opened_at + begins
    dues: list[datetime] = []
    keys: list[str] = []
    while (due := next_due(opened_at, marks, limits, NIGHTS, back_due, begins_at)) is not None:
        step = steps(opened_at, marks, limits, NIGHTS, back_due, begins_at)[0]
        assert step.due_at == due
        dues.append(due)
        keys.append(step.key)
        marks.append(Mark("done", due, step.key))
    assert dues == sorted(dues)
    assert len(set(keys)) == len(keys) <= 36
    for at in dues:  # Only who asked too late for the evening before hears of it at night: he must know before going.
        morning = NIGHTS.awake(at)
        assert morning == at or (begins_at is not None and at < begins_at <= morning)


@given(START, STORY, LIMITS, BACK, st.integers(0, 60 * 86400))
def test_it_leaves_nothing_due_after_one_sweep(
    opened_at: datetime, story: list[tuple[str, int]], limits: Limits, back: timedelta | None, later: int
) -> None:
    marks = tell(opened_at, story)
    back_due = None if back is None else opened_at + back
    now = opened_at + timedelta(seconds=later)
    due = due_steps(opened_at, marks, limits, WORK, now, back_due)
    told = [key for step in due for key in (step.key, *step.superseded)]
    every = [step for step in steps(opened_at, marks, limits, WORK, back_due) if step.due_at <= now]
    # Everything but further steps up, which wait for whoever hears of it now.
    left = {step.key: step for step in every if step.key not in told}
    assert all(step.kind == "escalate" for step in left.values())
    assert set(told) <= {step.key for step in every}
    assert len(set(told)) == len(told)
    assert sum(step.kind == "escalate" for step in due) <= 1
    assert sum(step.kind in {"remind", "back"} for step in due) <= 4
    following = next_due(opened_at, [*marks, *(Mark("done", now, key) for key in told)], limits, WORK, back_due)
    assert following is None or following > now or left


@given(START, LIMITS, st.integers(0, 4 * 86400), st.integers(1, 4 * 86400))
def test_it_only_moves_a_target_later_by_asking(opened_at: datetime, limits: Limits, asked: int, waited: int) -> None:
    before = targets(opened_at, [], limits, WORK).get("resolve")
    story = tell(opened_at, [("asked", asked), ("answered", asked + waited)])
    after = targets(opened_at, story, limits, WORK).get("resolve")
    assert before == after or (before is not None and after is not None and before < after)


@given(START, STORY, LIMITS)
def test_it_explains_what_it_promises(opened_at: datetime, story: list[tuple[str, int]], limits: Limits) -> None:
    marks = tell(opened_at, story)
    for target, at in targets(opened_at, marks, limits, WORK).items():
        parts = explain(target, opened_at, marks, limits, WORK)
        limit = {"respond": limits.respond, "next": limits.next, "resolve": limits.resolve}[target]
        assert limit is not None
        once = [mark for mark in marks if mark.kind == "reopened"]
        extended = sum(
            mark.kind == "extended" and (not once or mark.at >= max(each.at for each in once)) for mark in marks
        )
        if target == "resolve" and extended and limits.extend is not None:
            continue  # Told below, since an extension may count by another clock.
        assert parts[-1][1] == at
        assert all(one[1] == two[0] for one, two in pairwise(parts))
        # Seconds are binary fractions here, instants whole microseconds: a sum may miss by less than one of these.
        assert abs(sum(counted for *_, counted in parts) - limit.seconds) < 1e-6
        if limit.clock == "work":
            assert all(counted <= elapsed(WORK.calendar, start, end) for start, end, counted in parts)
