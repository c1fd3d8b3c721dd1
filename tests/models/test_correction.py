"""What was taken back does not count: for limits, for the status, and in what an event's key says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import first_id, new_id
from models.correction import Before, read_before, standing
from models.deadline import Clock, Limit, Limits, Mark, next_due, targets
from models.ticket import TRANSITIONS, BadTransition, Status, Ticket
from models.worktime import Calendar
from tests.builders import START

MINUTE = timedelta(minutes=1)
LIMITS = Limits(respond=Limit(4 * 3600, "wall"), resolve=Limit(24 * 3600, "wall"), follow_up=Limit(48 * 3600, "wall"))
CLOCK = Clock(Calendar.always())
KINDS = ["taken", "asked", "signed", "approved", "refused", "resolved"]


@dataclass
class Seen:
    kind: str
    key: str = ""


@pytest.mark.parametrize(
    ("kinds", "left"),
    [
        ([], []),
        (["approved", "undone"], []),
        (["signed", "approved", "undone", "refused"], ["signed", "refused"]),
        (["asked", "undone", "asked", "undone", "taken"], ["taken"]),
        (["undone"], []),
    ],
)
def test_it_leaves_out_what_was_taken_back(kinds: list[str], left: list[str]) -> None:
    assert [seen.kind for seen in standing(map(Seen, kinds))] == left


@given(st.sampled_from(list(Status)), st.one_of(st.none(), st.just("0" * 22)), st.booleans())
def test_it_reads_back_how_a_ticket_stood(status: Status, assignee: str | None, owned: bool) -> None:
    before = Before(status, assignee, owned)
    assert read_before(before.key) == before
    assert len(before.key) <= 48


@pytest.mark.parametrize("key", ["", "respond:0:1", "remind:resolve:0:0.1", "was:new"])
def test_it_takes_back_nothing_that_carries_no_before(key: str) -> None:
    assert read_before(key) is None


@pytest.mark.parametrize("kind", KINDS)
def test_it_owes_the_same_after_a_decision_was_taken_back(kind: str) -> None:
    story = [Mark("replied", START + MINUTE), Mark("signed", START + 2 * MINUTE)]
    done = [*story, Mark(kind, START + 3 * MINUTE, "was:new::"), Mark("undone", START + 4 * MINUTE)]
    assert targets(START, done, LIMITS, CLOCK) == targets(START, story, LIMITS, CLOCK)
    assert next_due(START, done, LIMITS, CLOCK) == next_due(START, story, LIMITS, CLOCK)


def test_it_asks_for_no_follow_up_of_what_was_not_approved_after_all() -> None:
    done = [Mark("approved", START + MINUTE), Mark("undone", START + 2 * MINUTE)]
    assert next_due(START, done[:1], LIMITS, CLOCK) == START + MINUTE + timedelta(hours=48)
    assert targets(START, done, LIMITS, CLOCK)["respond"] == START + timedelta(hours=4)


@pytest.mark.parametrize("before", list(Status))
@pytest.mark.parametrize("now", list(Status))
def test_it_goes_back_only_where_a_transition_came_from(before: Status, now: Status) -> None:
    ticket = Ticket(status=now, resolution="approved" if now in (Status.resolved, Status.closed) else None)
    if before in (Status.resolved, Status.closed) or (now != before and now not in TRANSITIONS[before]):
        with pytest.raises(BadTransition):
            ticket.put_back(before)
        return
    ticket.put_back(before)
    assert (ticket.status, ticket.resolution) == (before, None)


def test_it_makes_a_first_id_that_no_later_one_comes_before() -> None:
    assert new_id(START - MINUTE) < first_id(START) <= new_id(START)
