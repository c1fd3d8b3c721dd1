"""Leave of today: an ordinary one in a hurry while the day's school hours run, one made up afterwards; and what is offered
in the place of a time that was refused."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from sqlalchemy.orm import Session

from handlers import approvals, begun, foreseen, gone_times, limits, tickets
from handlers.approvals import Pick
from models.message import Refused
from tests.builders import at, make_school, turn_of
from tests.handlers.leave_examples import span

WHOLE = ("2026-06-10T00:00:00+08:00", "2026-06-11T00:00:00+08:00")


def whole(start: str = WHOLE[0], end: str = WHOLE[1]) -> dict[str, Any]:
    return {"start": start, "end": end, "timed": [False, False]}


def asked(session: Session, now: str, value: dict[str, Any], kind: str = "personal", **school: Any) -> Any:
    here = make_school(**school)
    here.catalogue.record(session, at("2026-06-01 08:00"))
    turn = turn_of(session, "李雷", at(now), school=here)
    answers = {"kind": kind, "span": value, "reason": "家里有事", "off_campus": "no"}
    service = here.catalogue.service("leave")
    answers.update(service.derive(turn, answers))
    service.check(turn, answers)
    return turn, answers


@pytest.mark.parametrize(
    ("now", "late"),
    [
        ("2026-06-10 00:30", False), ("2026-06-10 07:30", False), ("2026-06-10 12:00", False), ("2026-06-10 16:59", False),
        ("2026-06-10 18:01", True), ("2026-06-10 23:50", True),
    ],
)  # fmt: skip
def test_it_takes_a_whole_day_of_today_as_asked_in_time_until_school_is_over(
    session: Session, now: str, *, late: bool
) -> None:
    turn, answers = asked(session, now, whole())
    assert bool(answers.get("made_up")) is late
    item = turn.school.catalogue.items["leave"]
    assert limits.is_rushed(turn, item, "/sl/cs/cs2301/", answers) is not late
    ticket = tickets.open_ticket(turn, item, answers)
    signer = turn_of(session, "韩老师", at(now), school=turn.school)
    ticket.assignee_id = signer.person.id if signer.person else None
    (judged, _), *_ = approvals.picked(
        signer, [Pick(ticket.id, ticket.rev)], lambda row, pick: approvals._flag(signer, row, pick), lock=False
    )
    assert (judged.flag == "begun") is late


def test_it_waits_for_the_last_lesson_where_the_timetable_is_told() -> None:
    evening = make_school(lessons={1: (time(8), time(8, 45)), 12: (time(20, 40), time(21, 25))})
    assert f"{begun.reported_from(evening, whole()):%H:%M}" == "21:25"
    saturday = whole("2026-06-13T00:00:00+08:00", "2026-06-14T00:00:00+08:00")
    assert f"{begun.reported_from(evening, saturday):%d %H:%M}" == "14 00:00"
    assert f"{begun.reported_from(evening, {**whole(), 'timed': [True, True]}):%H:%M}" == "00:30"


def test_it_names_whoever_is_on_duty_before_and_after_it_is_handed_in(session: Session) -> None:
    turn, answers = asked(session, "2026-06-10 09:00", whole())
    item = turn.school.catalogue.items["leave"]
    said = "".join(foreseen.promise(turn, item, tickets.place(turn, item), answers))
    ticket = tickets.open_ticket(turn, item, answers)
    name = next(each for each in ("值班老师甲", "韩老师") if each in said)
    assert turn_of(session, name).person.id == ticket.assignee_id  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("start", "end", "key"),
    [("06-11T14:00", "06-11T14:00", "zero_length"), ("06-12T14:00", "06-11T14:00", "no_length")],
)
def test_it_says_what_is_wrong_with_a_time_without_length(session: Session, start: str, end: str, key: str) -> None:
    with pytest.raises(Refused) as caught:
        asked(session, "2026-06-10 09:00", span(start, end))
    assert caught.value.key == f"leave.{key}"
    words = turn_of(session, "李雷").say(caught.value.key, **caught.value.values)
    assert ("没有时间" in words) is (key == "zero_length")


def test_it_offers_nothing_that_it_refused(session: Session) -> None:
    turn, answers = asked(session, "2026-06-10 09:00", span("06-10T14:00", "06-10T18:00"))
    tickets.open_ticket(turn, turn.school.catalogue.items["leave"], answers)
    field = turn.school.catalogue.items["leave"].field("span")
    assert field is not None
    again = [span("06-10T14:00", "06-10T18:00"), span("06-11T14:00", "06-11T18:00")]
    here = {"kind": "personal"}
    assert gone_times.fitting(turn, "leave", here, field, again) == again[1:]
    # 补假 is for what is over: no day to come is offered for it, and none is taken.
    assert gone_times.fitting(turn, "leave", {"kind": "makeup"}, field, again) == []
    with pytest.raises(Refused, match=r"leave\.not_gone"):
        asked(session, "2026-06-10 09:00", again[1], "makeup")
    assert asked(session, "2026-06-12 09:00", span("06-11T08:00", "06-11T12:00"), "makeup")[1]["made_up"] == 1
