"""Three whole sets of rules, as schools have them: every boundary of every tier and guard."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from handlers import form, form_ask
from handlers.talks import Draft, Talk
from models.message import Refused
from tests.builders import START, turn_of
from tests.handlers.leave_examples import DAYS, JOINT, WHERE, C, D, Z, answers_of, chain, refusal, school_of


@pytest.mark.parametrize(
    ("kind", "start", "end", "who"),
    [
        # Calendar days, weekends counted: up to 2 days, up to 7, above; the registrar gets a copy above 7.
        ("sick", "06-15T08:00", "06-15T12:00", C), ("sick", "06-15T08:00", "06-17T00:00", C), ("sick", "06-15T08:00", "06-17T00:01", D),
        ("sick", "06-12T18:00", "06-15T08:00", D), ("sick", "06-15T00:00", "06-22T00:00", D), ("sick", "06-15T00:00", "06-22T00:01", Z),
        ("personal", "06-15T00:00", "06-17T00:00", C), ("personal", "06-15T00:00", "06-18T00:00", D), ("personal", "06-15T00:00", "06-29T00:00", Z),
        ("bereavement", "06-15T00:00", "06-22T00:00", D),
    ],
)  # fmt: skip
def test_it_climbs_by_days(session: Session, kind: str, start: str, end: str, who: str) -> None:
    assert chain(session, DAYS, kind, start, end) == who


JOINED = "counselor > deputy-secretary+teaching-dean"
ALL = f"{JOINED} > student-affairs"


@pytest.mark.parametrize(
    ("kind", "start", "end", "who"),
    [
        # School days: from Friday noon over a weekend costs half a day; 端午 (06-19 to 06-21) costs nothing.
        ("sick", "06-12T13:00", "06-15T00:00", C), ("sick", "06-15T00:00", "06-18T00:00", C), ("sick", "06-15T00:00", "06-18T12:00", JOINED),
        ("sick", "06-17T00:00", "06-23T00:00", C), ("sick", "06-17T00:00", "06-23T12:00", JOINED),
        ("sick", "06-10T13:00", "06-22T12:30", JOINED), ("sick", "06-11T00:00", "06-22T23:59", JOINED), ("sick", "06-11T00:00", "06-23T12:00", ALL),
        ("official", "06-13T00:00", "06-15T00:00", C),  # a weekend: no school day at all
        # In the exam weeks the two decide however short it is; the day before they do not.
        ("sick", "06-28T08:00", "06-29T00:00", C), ("sick", "06-28T08:00", "06-29T08:00", JOINED), ("sick", "07-10T13:00", "07-11T00:00", JOINED),
        ("sick", "07-11T08:00", "07-11T18:00", C),
    ],
)  # fmt: skip
def test_it_decides_jointly(session: Session, kind: str, start: str, end: str, who: str) -> None:
    assert chain(session, JOINT, kind, start, end) == who


FAR = "counselor > deputy-secretary"
OUT = f"{FAR} > international-office"


@pytest.mark.parametrize(
    ("kind", "where", "start", "end", "who"),
    [
        ("personal", "campus", "06-11T08:00", "06-12T00:00", "(counselor)"), ("personal", "campus", "06-11T08:00", "06-12T12:00", C),
        ("personal", "town", "06-11T08:00", "06-11T12:00", C), ("personal", "country", "06-11T08:00", "06-11T12:00", FAR),
        ("personal", "abroad", "06-11T08:00", "06-11T12:00", OUT), ("abroad", "country", "06-26T08:00", "06-27T12:00", OUT),
        # Thursday 06-18 lies before 端午, Monday 06-22 after it; the days further off do not.
        ("personal", "town", "06-18T08:00", "06-18T12:00", FAR), ("personal", "campus", "06-18T08:00", "06-18T12:00", FAR),
        ("personal", "town", "06-17T08:00", "06-18T00:00", C), ("personal", "town", "06-22T08:00", "06-22T12:00", FAR),
        ("personal", "town", "06-23T08:00", "06-23T12:00", C), ("personal", "town", "06-29T08:00", "06-29T12:00", FAR),
        ("away", "town", "06-12T08:00", "06-16T18:00", C), ("night", "town", "06-12T22:00", "06-13T08:00", C),
    ],
)  # fmt: skip
def test_it_climbs_by_destination_and_season(
    session: Session, kind: str, where: str, start: str, end: str, who: str
) -> None:
    assert chain(session, WHERE, kind, start, end, where=where) == who


# -- guards


@pytest.mark.parametrize(
    ("rules", "kind", "start", "end", "key"),
    [
        (DAYS, "personal", "06-11T08:59", "06-11T12:00", "leave.lead"), (DAYS, "personal", "06-11T09:00", "06-11T12:00", ""),
        (DAYS, "sick", "06-10T09:30", "06-10T12:00", ""),  # whoever is ill needs no lead
        (DAYS, "personal", "06-15T00:00", "06-29T00:00", ""), (DAYS, "personal", "06-15T00:00", "06-29T00:01", "leave.too_long"),
        (DAYS, "bereavement", "06-15T00:00", "06-22T00:01", "leave.too_long"),
        (DAYS, "sick", "06-09T08:59", "06-10T12:00", "leave.begun_kind"), (DAYS, "sick", "06-09T09:00", "06-10T12:00", ""),
        (DAYS, "sick", "06-08T08:00", "06-09T12:00", "leave.past_kind"), (DAYS, "makeup", "06-08T08:00", "06-09T12:00", ""),
        (DAYS, "makeup", "06-06T08:00", "06-07T09:01", ""), (DAYS, "makeup", "06-06T08:00", "06-07T08:59", "leave.long_past"),
        (DAYS, "makeup", "06-07T08:00", "06-10T12:00", "leave.too_long"),  # not too late, as it may be once it is over
        (JOINT, "sick", "06-08T08:00", "06-09T12:00", "leave.past"),
        (WHERE, "away", "06-11T08:00", "06-18T00:00", ""), (WHERE, "away", "06-11T08:00", "06-18T08:00", "leave.lead"),
        (WHERE, "away", "06-11T09:00", "06-18T08:00", ""), (WHERE, "internship", "06-13T08:59", "06-20T00:00", "leave.lead"),
        (WHERE, "internship", "06-13T09:00", "06-20T00:00", ""), (WHERE, "abroad", "06-24T08:59", "06-30T00:00", "leave.lead"),
        (WHERE, "night", "06-12T22:00", "06-16T08:00", "leave.too_long_nights"), (WHERE, "night", "06-12T22:00", "06-15T08:00", ""),
        (DAYS, "sick", "06-11T08:00", "06-11T08:00", "leave.zero_length"), (DAYS, "sick", "06-12T08:00", "06-11T08:00", "leave.no_length"),
        (DAYS, "sick", "06-11T08:00", "06-11T08:01", "leave.minutes_only"), (DAYS, "sick", "06-11T08:00", "06-11T08:10", ""),
    ],
)  # fmt: skip
def test_it_keeps_to_times_and_lengths(session: Session, rules: str, kind: str, start: str, end: str, key: str) -> None:
    where: dict[str, Any] = {"where": "town"} if rules == WHERE else {}
    if key:
        assert refusal(session, rules, kind, start, end, **where) == key
    else:
        assert answers_of(session, rules, kind, start, end, **where)["days"] >= 0


def test_it_asks_for_more_days_ahead_out_of_town(session: Session) -> None:
    early = START - timedelta(days=1)
    assert refusal(session, WHERE, "away", "06-11T12:00", "06-26T12:00", now=early, where="country") == "leave.lead"
    assert answers_of(session, WHERE, "away", "06-11T12:00", "06-26T12:00", now=early, where="town")
    assert answers_of(session, WHERE, "away", "06-12T12:00", "06-27T12:00", now=early, where="country")


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [("06-12T22:00", "06-13T08:00", 1), ("06-12T22:00", "06-13T00:00", 1), ("06-12T18:00", "06-12T23:00", 1),
     ("06-12T00:00", "06-13T00:00", 1), ("06-12T00:00", "06-14T00:00", 2), ("06-12T22:00", "06-14T08:00", 2), ("06-12T18:00", "06-14T23:00", 2)],
)  # fmt: skip
def test_it_counts_a_night_out_as_one_day(session: Session, start: str, end: str, days: float) -> None:
    assert answers_of(session, WHERE, "night", start, end, where="town")["days"] == days


def test_it_explains_holidays_inside(session: Session) -> None:
    lines = school_of(DAYS).catalogue.service("leave").lines
    inside = answers_of(session, DAYS, "sick", "06-18T00:00", "06-23T00:00")
    assert lines("zh", inside)[:2] == (
        "共 5 天",
        "其中 6月19日（周五） → 6月21日（周日）（3 天）是法定节假日，也计入天数。",
    )
    free = answers_of(session, JOINT, "sick", "06-18T00:00", "06-23T00:00")
    assert lines("zh", free)[:2] == (
        "共 2 天",
        "其中 6月19日（周五） → 6月21日（周日）（3 天）是法定节假日，不计入天数。",
    )
    long = lines("zh", answers_of(session, DAYS, "sick", "09-24T00:00", "10-08T00:00"))[1]
    assert long.startswith("其中 9月25日（周五） → 9月27日（周日）、10月1日（周四） → 10月7日"), (
        "each stretch by itself"
    )
    assert "（10 天）" in long
    old = {"days": 5, "notes": [["holiday", 3, "2026-06-19", "2026-06-21", True]]}
    assert "6月19日（周五） → 6月21日（周日）（3 天）" in lines("zh", old)[1], "as it was once written down"


@pytest.mark.parametrize(
    ("rules", "kind", "start", "end", "due"),
    [
        (DAYS, "sick", "06-15T00:00", "06-16T00:00", None), (DAYS, "sick", "06-15T00:00", "06-17T00:00", "later"),
        (DAYS, "official", "06-15T00:00", "06-16T00:00", "now"), (DAYS, "personal", "06-15T00:00", "06-16T00:00", None),
        (DAYS, "bereavement", "06-10T12:00", "06-13T00:00", "later"), (JOINT, "sick", "06-15T00:00", "06-16T00:00", "now"),
    ],
)  # fmt: skip
def test_it_asks_for_evidence_by_kind(
    session: Session, rules: str, kind: str, start: str, end: str, due: str | None
) -> None:
    answers = answers_of(session, rules, kind, start, end)
    assert answers.get("evidence_due") == due
    asked = school_of(rules).catalogue.items["leave"].field("evidence")
    assert asked is not None
    assert asked.asked(answers) is (due is not None)
    if due is not None:
        key = refusal(session, rules, kind, start, end, evidence=None) if due == "now" else ""
        assert key == ("leave.evidence_now" if due == "now" else "")
        assert answers_of(session, rules, kind, start, end, evidence=[{"id": "f"}])
        turn, talk = turn_of(session, "李雷", START, school=school_of(rules)), Talk()
        talk.drafts = [Draft(service="leave", answers=answers)]
        shown = form_ask.question(turn, talk, asked)
        offers = "跳过" in [choice.label for choice in shown.choices]
        assert (offers, "跳过" in shown.text) == ((True, True) if due == "later" else (False, False))
        if due == "now":
            with pytest.raises(Refused, match="cannot_skip"):
                form.skip(turn, talk)


@pytest.mark.parametrize(
    ("kind", "start", "end", "asked"),
    [("personal", "06-15T00:00", "06-18T00:00", False), ("personal", "06-15T00:00", "06-18T12:00", True), ("sick", "06-15T00:00", "06-19T00:00", False)],
)  # fmt: skip
def test_it_asks_parents_where_the_rules_do(session: Session, kind: str, start: str, end: str, asked: bool) -> None:
    assert bool(answers_of(session, JOINT, kind, start, end).get("guardian")) is asked


@pytest.mark.parametrize(
    ("rules", "roles", "hours"),
    [
        (DAYS, ("monitor", "counselor", "deputy-dean"), (1, 4, 24)), (JOINT, ("room-head", "counselor", "deputy-secretary"), (1, 4, 24)),
        (WHERE, ("room-head", "monitor", "counselor", "deputy-secretary"), (1, 2, 4, 24)),
    ],
)  # fmt: skip
def test_it_watches_for_the_return_by_role(rules: str, roles: tuple[str, ...], hours: tuple[int, ...]) -> None:
    limits = school_of(rules).catalogue.items["leave"].limits.limits()
    assert limits.back_roles == roles
    assert tuple(each.seconds // 3600 for each in limits.back_escalate) == hours
