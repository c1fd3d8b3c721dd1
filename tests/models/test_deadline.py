"""Deadlines: what is owed when, what is done once, and how a pause, a reopening or a long sleep changes it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from models.deadline import (
    Clock,
    Limit,
    Limits,
    Mark,
    Step,
    due_steps,
    explain,
    next_due,
    parse_limit,
    steps,
    targets,
)
from models.worktime import Calendar, school_calendar, unknown_years

HOUR = timedelta(hours=1)
WORK = Clock(school_calendar())
WALL = Clock(Calendar.always())
NIGHTS = Clock(school_calendar(), quiet=(22 * 3600, 7 * 3600))
FOUR = parse_limit("4h")
LEAVE = Limits(
    respond=FOUR,
    resolve=parse_limit("1d"),
    remind=(parse_limit("-1h"),),
    escalate=(parse_limit("+0h"), parse_limit("+4h")),
)


def cst(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    """An instant by the clock on a wall in China."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


OPENED = cst(6, 10, 8)  # a Wednesday at opening time


def names(found: list[Step]) -> list[tuple[str, str, int]]:
    return [(step.kind, step.target, step.index) for step in found]


def test_it_refuses_a_scale_by_which_time_stands_still() -> None:
    for scale in (0, -1, float("inf"), float("nan")):
        with pytest.raises(ValueError, match="scale"):
            Clock(WORK.calendar, scale)


# What is owed


def test_it_promises_both_targets_in_working_time() -> None:
    assert targets(OPENED, [], LEAVE, WORK) == {"respond": cst(6, 10, 12), "resolve": cst(6, 10, 18)}


def test_it_lists_every_step_in_order() -> None:
    found = steps(OPENED, [], LEAVE, WORK)
    assert [(step.kind, step.target, step.index, step.due_at) for step in found] == [
        ("remind", "respond", 0, cst(6, 10, 11)),
        ("escalate", "respond", 0, cst(6, 10, 12)),
        ("remind", "resolve", 0, cst(6, 10, 17)),
        ("escalate", "respond", 1, cst(6, 10, 18)),
        ("escalate", "resolve", 0, cst(6, 10, 18)),
        ("escalate", "resolve", 1, cst(6, 11, 12)),
    ]
    assert max(len(step.key) for step in found) <= 48


@pytest.mark.parametrize(
    ("kind", "met"),
    [
        ("taken", False),
        ("noted", False),
        ("reminded", False),
        ("transferred", False),
        ("answered", False),
        ("replied", True),
        ("approved", True),
        ("refused", True),
        ("resolved", True),
    ],
)
def test_it_takes_only_what_the_requester_sees_for_a_response(kind: str, met: bool) -> None:
    owed = targets(OPENED, [Mark(kind, OPENED + HOUR)], LEAVE, WORK)
    assert ("respond" not in owed) == met


@pytest.mark.parametrize("end", ["resolved", "closed", "withdrawn", "refused"])
def test_it_owes_nothing_after_an_end(end: str) -> None:
    marks = [Mark(end, OPENED + HOUR)]
    assert targets(OPENED, marks, LEAVE, WORK, back_due=cst(6, 12, 8)) == {}
    assert next_due(OPENED, marks, LEAVE, WORK) is None


def test_it_stops_every_clock_while_the_requester_is_asked() -> None:
    asked = [Mark("asked", cst(6, 10, 9))]
    assert targets(OPENED, asked, LEAVE, WORK) == {}
    assert next_due(OPENED, asked, LEAVE, WORK) is None
    assert due_steps(OPENED, asked, LEAVE, WORK, cst(7, 1, 8)) == []
    answered = [*asked, Mark("answered", cst(6, 12, 9))]
    assert targets(OPENED, answered, LEAVE, WORK) == {"respond": cst(6, 12, 15), "resolve": cst(6, 12, 18)}


def test_it_owes_a_response_anew_when_the_matter_comes_back() -> None:
    only_respond = Limits(respond=FOUR, escalate=(Limit(0),))
    marks = [
        Mark("escalated", cst(6, 10, 12), "escalate:respond:0:0"),
        Mark("asked", cst(6, 10, 15)),
        Mark("answered", cst(6, 11, 8)),
    ]
    assert next_due(OPENED, marks, only_respond, WORK) == cst(6, 11, 12)
    signed = [Mark("signed", cst(6, 10, 11))]
    assert next_due(OPENED, signed, only_respond, WORK) == cst(6, 10, 17)
    keys = [steps(OPENED, some, only_respond, WORK)[0].key for some in ([], signed, marks)]
    assert keys == ["escalate:respond:0:0", "escalate:respond:0:0.1", "escalate:respond:0:0.1"]
    assert steps(OPENED, [*signed, Mark("approved", cst(6, 10, 12))], only_respond, WORK) == []


def test_it_blames_no_second_signer_for_time_before_the_hand_over() -> None:
    late = [Mark("escalated", cst(6, 10, 18), "escalate:resolve:0:0"), Mark("signed", cst(6, 11, 9))]
    assert targets(OPENED, late, LEAVE, WORK) == {"respond": cst(6, 11, 15), "resolve": cst(6, 12, 9)}
    assert "escalate:resolve:0:0.1" in [step.key for step in steps(OPENED, late, LEAVE, WORK)]
    assert min(step.due_at for step in steps(OPENED, late, LEAVE, WORK)) > cst(6, 11, 9)
    early = [Mark("signed", cst(6, 10, 9))]
    assert targets(OPENED, early, LEAVE, WORK) == {"respond": cst(6, 10, 15), "resolve": cst(6, 10, 18)}
    assert explain("resolve", OPENED, late, LEAVE, WORK)[0][0] == cst(6, 11, 9)
    again = [*late, Mark("reopened", cst(6, 11, 10))]
    assert targets(OPENED, again, LEAVE, WORK)["resolve"] == cst(6, 12, 10)


def test_it_lets_the_wall_clock_run_while_the_requester_is_asked() -> None:
    crisis = Limits(
        resolve=parse_limit("2h wall"), escalate=(parse_limit("+0h"), parse_limit("+1h"), parse_limit("+1h wall"))
    )
    asked = [Mark("asked", OPENED + HOUR)]
    assert targets(OPENED, asked, crisis, WORK) == {"resolve": OPENED + 2 * HOUR}
    assert [(step.index, step.due_at) for step in steps(OPENED, asked, crisis, WORK)] == [
        (0, OPENED + 2 * HOUR),
        (2, OPENED + 3 * HOUR),
    ]  # The step by the work clock stands still.


def test_it_starts_anew_when_reopened() -> None:
    reopened = cst(6, 11, 8)
    marks = [
        Mark("reminded", cst(6, 10, 11), "remind:respond:0:0"),
        Mark("asked", cst(6, 10, 12)),
        Mark("resolved", cst(6, 10, 17)),
        Mark("reopened", reopened),
    ]
    assert targets(OPENED, marks, LEAVE, WORK) == {"respond": cst(6, 11, 12), "resolve": cst(6, 11, 18)}
    first = steps(OPENED, marks, LEAVE, WORK)[0]
    assert (first.key, first.due_at) == ("remind:respond:0:1", cst(6, 11, 11))


def test_it_leaves_out_a_reminder_that_would_come_before_the_beginning() -> None:
    short = Limits(respond=parse_limit("30m"), remind=(parse_limit("-1h"), parse_limit("-10m")))
    assert names(steps(OPENED, [], short, WORK)) == [("remind", "respond", 1)]


def test_it_keeps_a_reminder_sent_before_a_pause_as_sent() -> None:
    marks = [
        Mark("reminded", cst(6, 10, 17), "remind:resolve:0:0"),
        Mark("asked", cst(6, 10, 17, 30)),
        Mark("answered", cst(6, 11, 17)),
        Mark("replied", cst(6, 11, 17)),
    ]
    assert names(steps(OPENED, marks, LEAVE, WORK)) == [("escalate", "resolve", 0), ("escalate", "resolve", 1)]
    assert next_due(OPENED, marks, LEAVE, WORK) == cst(6, 11, 17, 30)


def test_it_follows_up_once_and_only_what_was_answered() -> None:
    limits = Limits(respond=FOUR, follow_up=parse_limit("3d calendar"))
    resolved = [Mark("resolved", cst(6, 10, 9)), Mark("closed", cst(6, 11, 9))]
    (step,) = steps(OPENED, resolved, limits, WORK)
    assert (step.kind, step.due_at) == ("follow_up", cst(6, 13, 9))
    assert steps(OPENED, [*resolved, Mark("followed_up", cst(6, 13, 9), step.key)], limits, WORK) == []
    for end in ("withdrawn", "refused"):
        assert steps(OPENED, [Mark(end, cst(6, 10, 9)), Mark("closed", cst(6, 10, 9))], limits, WORK) == []
    again = [*resolved, Mark("reopened", cst(6, 12, 8)), Mark("resolved", cst(6, 12, 9))]
    assert steps(OPENED, again, limits, WORK)[0].key != step.key


# The return


def test_it_waits_for_a_return_by_its_own_instant() -> None:
    limits = Limits(
        respond=FOUR,
        back_remind=(parse_limit("-2h wall"),),
        back_escalate=(parse_limit("4h wall"),),
        follow_up=parse_limit("1d"),
    )
    back = cst(6, 13, 22)  # a Saturday night
    approved = [Mark("approved", cst(6, 10, 9))]
    assert targets(OPENED, approved, limits, WORK, back) == {"back": back}
    found = steps(OPENED, approved, limits, WORK, back)
    assert [(step.kind, step.target, step.due_at) for step in found] == [
        ("remind", "back", back - 2 * HOUR),
        ("back", "back", back),
        ("escalate", "back", back + 4 * HOUR),
    ]
    later = steps(OPENED, approved, limits, WORK, back + 24 * HOUR)
    assert not {step.key for step in found} & {step.key for step in later}
    assert max(len(step.key) for step in found) <= 48
    returned = [*approved, Mark("returned", cst(6, 13, 20))]
    assert steps(OPENED, returned, limits, WORK, back) == []
    assert next_due(OPENED, returned, limits, WORK) == cst(6, 15, 18)  # The follow-up counts from the return.


def test_it_grants_grace_before_a_return_is_due() -> None:
    limits = Limits(back=parse_limit("30m wall"))
    assert next_due(OPENED, [Mark("approved", OPENED)], limits, WORK, cst(6, 13, 22)) == cst(6, 13, 22, 30)


def test_it_asks_after_a_return_once_after_a_long_sleep() -> None:
    limits = Limits(back_remind=(parse_limit("-2h wall"), parse_limit("+0h wall"), parse_limit("+2h wall")))
    back = cst(6, 13, 22)
    (step,) = due_steps(OPENED, [Mark("approved", OPENED)], limits, WORK, back + 3 * HOUR, back)
    assert step.kind == "back"
    assert len(step.superseded) == 3


# After a long sleep


def test_it_collapses_reminders_and_climbs_one_step_at_a_time() -> None:
    limits = Limits(
        respond=FOUR,
        remind=(parse_limit("-2h"), parse_limit("-1h"), parse_limit("+1h"), parse_limit("+5d")),
        escalate=(parse_limit("+0h"), parse_limit("+4h"), parse_limit("+9d")),
    )
    due = due_steps(OPENED, [], limits, WORK, cst(6, 11, 8))
    assert names(due) == [("escalate", "respond", 0), ("remind", "respond", 2)]
    assert due[1].superseded == ("remind:respond:0:0", "remind:respond:1:0")
    done = [Mark("done", cst(6, 11, 8), key) for step in due for key in (step.key, *step.superseded)]
    assert due_steps(OPENED, done, limits, WORK, cst(6, 11, 8)) == []
    # Whoever hears of it now, a day late, has the four hours that were meant before it climbs on.
    left = steps(OPENED, done, limits, WORK)
    assert [(step.kind, step.index, step.due_at) for step in left] == [
        ("escalate", 1, cst(6, 11, 12)), ("remind", 3, cst(6, 17, 12)), ("escalate", 2, cst(6, 24, 18)),
    ]  # fmt: skip


# Demonstrations, and why


def test_it_shortens_everything_for_a_demonstration() -> None:
    demo = Clock(WORK.calendar, scale=1 / 240)  # an hour in fifteen seconds
    night = cst(6, 13, 23)
    assert targets(night, [], LEAVE, demo) == {
        "respond": night + timedelta(minutes=1),
        "resolve": night + timedelta(minutes=2),
    }
    assert steps(night, [], LEAVE, demo)[0].due_at == night + timedelta(seconds=45)


def test_it_explains_a_deadline_without_gaps() -> None:
    marks = [Mark("asked", cst(6, 10, 10)), Mark("answered", cst(6, 10, 11))]
    assert explain("resolve", OPENED, marks, LEAVE, WORK) == [
        (cst(6, 10, 8), cst(6, 10, 10), 7200),
        (cst(6, 10, 10), cst(6, 10, 11), 0),
        (cst(6, 10, 11), cst(6, 10, 12), 3600),
        (cst(6, 10, 12), cst(6, 10, 14), 0),
        (cst(6, 10, 14), cst(6, 10, 18), 14400),
        (cst(6, 10, 18), cst(6, 11, 8), 0),
        (cst(6, 11, 8), cst(6, 11, 9), 3600),
    ]
    assert explain("resolve", OPENED, marks[:1], LEAVE, WORK) == [(cst(6, 10, 8), cst(6, 10, 10), 7200)]
    assert explain("back", OPENED, marks, LEAVE, WORK) == explain("respond", OPENED, marks, Limits(), WORK) == []
    grace = Limits(back=parse_limit("30m wall"))
    assert explain("back", OPENED, [], grace, WORK, OPENED) == [(OPENED, OPENED + HOUR / 2, 1800)]
    with pytest.raises(ValueError, match="unknown target"):
        explain("respnod", OPENED, marks, LEAVE, WORK)


def test_it_admits_a_deadline_in_a_year_without_a_notice() -> None:
    opened_at = cst(12, 31, 17)
    due_at = targets(opened_at, [], LEAVE, WORK)["respond"]
    assert due_at == cst(1, 1, 11, year=2027)
    assert unknown_years(WORK.calendar, opened_at, due_at) == (2027,)


def test_it_watches_over_a_dormitory_at_night() -> None:
    nights = {day: [("22:00", "06:00")] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    duty = Clock(Calendar.build("Asia/Shanghai", nights, holidays=[date(2026, 3, 3)]))
    limits = Limits(respond=parse_limit("2h"))
    assert targets(cst(3, 2, 23, 30), [], limits, duty) == {"respond": cst(3, 3, 1, 30)}
    assert targets(cst(3, 3, 5), [], limits, duty) == {"respond": cst(3, 4, 23)}
