"""Days that are over: never next year's in silence, and handed in afterwards where the rules of the item allow it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from handlers import field_times, sheet
from handlers.talks import Draft, Talk
from handlers.understand.years import read_dated
from models.item import Item
from models.message import Refused
from tests.builders import ZONE, at, make_school, turn_of
from tests.handlers.leave_examples import DAYS, school_of

NOW = at("2026-11-21 10:00")


@pytest.mark.parametrize(
    ("words", "years"),
    [
        # Over lately and named without a year: both years, the past one first.
        ("11月10日到11月12日请病假", (2026, 2027)), ("10月1日到3日", (2026, 2027)), ("8月1日请假", (2026, 2027)), ("十月八号到十号", (2026, 2027)),
        ("10.8到10.10", (2026, 2027)), ("Oct 1 to Oct 3", (2026, 2027)), ("11月20日上午", (2026, 2027)),
        # Over for longer than a term, still to come, or with its year: only what was said.
        ("1月5日到8日", (2027,)), ("5月3日", (2027,)), ("12月1日到2日", (2026,)), ("明年10月1日", (2027,)), ("2027年10月1日到3日", (2027,)),
        ("今年12月1日", (2026,)), ("2027-10-01", (2027,)), ("明天", (2026,)), ("下周三到周五", (2026,)),
    ],
)  # fmt: skip
def test_it_reads_a_day_without_its_year(words: str, years: tuple[int, ...]) -> None:
    found = read_dated(words, NOW)
    spans = found.readings if found.ask == "two_readings" else (found,)
    assert sorted(each.start.year for each in spans if each.start) == sorted(years), found
    assert (found.ask is None) is (len(years) == 1)


def test_it_says_what_a_leave_that_is_over_needs(session: Session) -> None:
    """By the rules of the item: another kind, nothing, or it is too late."""

    def needs(rules: str, kind: str | None, start: str, end: str) -> object:
        school = school_of(rules) if rules else make_school()
        turn = turn_of(session, "李雷", at("2026-11-21 10:00"), school=school)
        ends = {
            key: at(f"2026-{day} 00:00").astimezone(ZONE).isoformat() for key, day in (("start", start), ("end", end))
        }
        return school.catalogue.service("leave").made_up(turn, {"kind": kind} if kind else {}, ends)  # fmt: skip

    assert needs("", "sick", "11-10", "11-13") == {"kind": "makeup"}
    assert needs("", None, "11-10", "11-13") == {"kind": "makeup"}
    assert needs("", "makeup", "11-10", "11-13") == {}
    assert needs("", "makeup", "11-01", "11-06") is None, "a fortnight is the shipped rule"
    assert needs("", "sick", "11-20", "11-23") == {}, "it has begun and is not over"
    assert needs("", "sick", "11-15", "11-23") == {"kind": "makeup"}, "it began more than three days ago"
    assert needs("", "makeup", "11-15", "11-23") == {}
    assert needs("", "sick", "11-25", "11-26") == {}
    assert needs(DAYS, "sick", "11-17", "11-19") == {"kind": "makeup"}
    assert needs(DAYS, "sick", "11-15", "11-18") is None


def test_it_takes_the_day_that_is_over_on_a_page_of_that_kind(session: Session) -> None:
    school = make_school()
    turn = turn_of(session, "李雷", NOW, school=school)
    item: Item = school.catalogue.items["leave"]
    given = {"f-kind": "makeup", "f-span-said": "11月20日上午", "f-reason": "肠胃炎", "f-off_campus": "no"}
    found = sheet.read(turn, item, given, {}, {})
    assert (found.wrong, found.answers["span"]["start"][:13]) == ([], "2026-11-20T08")
    sick = sheet.read(turn, item, {**given, "f-kind": "sick"}, {}, {})
    assert [len(each.offers) for each in sick.wrong] == [2]
    assert "已经过去了" in sick.wrong[0].said


def test_it_refuses_by_the_last_day_that_was_said(session: Session) -> None:
    school = make_school()
    turn = turn_of(session, "李雷", NOW, school=school)
    day = {"start": "2026-11-20T00:00:00+08:00", "end": "2026-11-21T00:00:00+08:00", "timed": [False, False]}
    with pytest.raises(Refused) as caught:
        school.catalogue.service("leave").check(turn, {"kind": "sick", "span": day})
    assert caught.value.values["end"] == "11月20日（周五）"


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("今晚不回宿舍", "21 23:30"), ("今晚就走，下周四回来", "21 23:30"), ("今晚到明早8点", "21 23:30"),
        ("今晚六点到十二点", "21 18:00"), ("今晚8点走，明天回", "21 20:00"), ("明晚不回宿舍", "22 18:00"),
    ],
)  # fmt: skip
def test_it_begins_an_evening_that_has_begun_from_now_on(words: str, start: str) -> None:
    found = read_dated(words, at("2026-11-21 23:12").astimezone(NOW.tzinfo))
    assert found.start is not None
    assert f"{found.start.astimezone(ZoneInfo('Asia/Shanghai')):%d %H:%M}" == start


def test_it_asks_for_a_nod_where_one_time_is_left_to_choose(session: Session) -> None:
    one = {
        "start": at("2026-11-22 00:00").isoformat(),
        "end": at("2026-11-23 00:00").isoformat(),
        "timed": [False, False],
    }
    draft = Draft(service="leave", asking="span", offer=[one], because="several")
    said = field_times.offer(turn_of(session, "李雷", NOW), Talk(drafts=[draft]), draft)
    assert "请的是这一段吗" in said.text
    assert "哪一段？" not in said.text
