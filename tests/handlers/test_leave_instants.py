"""What a leave's times become, from the words to the database and back: days that are none, midnight, and foreign clocks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from handlers.understand.times import read_time
from models.ticket import Event, SealedAnswer, Ticket
from tests.builders import ZONE, at
from tests.talking import Stage

STRANGE = ("UTC", "America/New_York")


@pytest.fixture(params=STRANGE)
def clock_of(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The zone of the machine, which is not the school's."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def stored(stage: Stage) -> list[Ticket]:
    return stage.database.read(lambda session: list(session.execute(select(Ticket).order_by(Ticket.number)).scalars()))


def test_it_takes_only_the_leap_day_that_there_is_lv_02(sqlite_url: str) -> None:
    with Stage(sqlite_url, poor=False, now=at("2027-12-01 09:00")) as stage:
        for day in ("2026-02-31", "2025-02-29", "2026-13-01", "2026-00-10", "0000-01-01", "2028-02-29"):
            stage.say("李雷", "", "取消")
            stage.say("李雷", "", "请事假")
            stage.say("李雷", "", f"{day}一天")
            fits = day == "2028-02-29"
            assert ("什么时候" not in stage.text()) is fits, day
            assert (read_time(day, stage.now).start is not None) is fits, day
        stage.say("李雷", "", "家里有事，不离校")
        stage.say("李雷", "", "[提交]")
        (ticket,) = stored(stage)
    whole = {"start": "2028-02-29T00:00:00+08:00", "end": "2028-03-01T00:00:00+08:00", "timed": [False, False]}
    assert {key: ticket.answers["span"][key] for key in whole} == whole


ENDS = [
    # words, stored beginning and end, as people read it
    ("6月12日0点到24:00", "2026-06-12T00:00", "2026-06-13T00:00", "6月12日（周五）00:00–24:00"),
    ("6月12日0点到23:59:59", "2026-06-12T00:00", "2026-06-12T23:59", "6月12日（周五）00:00–23:59"),
    ("6月12日20:00到6月13日24:00", "2026-06-12T20:00", "2026-06-14T00:00", "6月12日（周五）20:00 → 6月13日（周六）24:00"),
    ("6月12日一天", "2026-06-12T00:00", "2026-06-13T00:00", "6月12日（周五）全天"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "start", "end", "shown"), ENDS)
def test_it_stores_and_shows_the_same_instants_wherever_the_machine_stands_lv_08(
    sqlite_url: str, clock_of: str, words: str, start: str, end: str, shown: str
) -> None:
    assert time.tzname, clock_of
    with Stage(sqlite_url, poor=False) as stage:
        stage.say("李雷", "", f"请病假 {words} 看牙 不离校")
        assert f"时间：{shown}\n" in stage.text()
        stage.say("李雷", "", "[提交]")
        stage.say("韩老师", "", "同意 QJ-2606-0001")
        assert f"时间：{shown}\n" in stage.text()
        (ticket,) = stored(stage)
    span, instants = (
        ticket.answers["span"],
        [datetime.fromisoformat(each).replace(tzinfo=ZONE) for each in (start, end)],
    )
    found = [datetime.fromisoformat(span[key]) for key in ("start", "end")]
    # A second within the last minute is that minute's.
    assert [each.replace(second=0) for each in found] == instants
    assert {each.utcoffset() for each in found} == {instants[0].utcoffset()}
    assert ticket.back_at is not None
    assert ticket.back_at.astimezone(UTC).replace(second=0) == instants[1].astimezone(UTC)


def test_it_reads_a_week_in_which_clocks_change_elsewhere_lv_08(sqlite_url: str, clock_of: str) -> None:
    # New York springs forward on 8 March 2026 at 02:00: an hour that is there in Shanghai.
    assert clock_of in STRANGE
    with Stage(sqlite_url, poor=False, now=at("2026-03-07 09:00")) as stage:
        stage.say("李雷", "", "请病假 3月8日凌晨2点半到3月9日凌晨2点半 急诊 不离校")
        assert "时间：3月8日（周日）02:30 → 3月9日（周一）02:30\n" in stage.text()
        stage.say("李雷", "", "[提交]")
        (ticket,) = stored(stage)
    assert [ticket.answers["span"][key] for key in ("start", "end")] == [
        "2026-03-08T02:30:00+08:00",
        "2026-03-09T02:30:00+08:00",
    ]
    assert ticket.answers["hours"] == 24


@pytest.mark.parametrize("poor", [False, True])
def test_it_lists_the_kind_and_never_the_illness_lv_12(sqlite_url: str, poor: bool) -> None:
    with Stage(sqlite_url, poor=poor) as stage:
        stage.say("李雷", "", "6月12日请病假，阑尾手术，会离校")
        stage.say("李雷", "", "[提交]")
        for who, words in (("韩老师", "待办"), ("韩老师", "今天谁请假"), ("韩老师", "6月12日谁请假")):
            stage.say(who, "", words)
            assert "阑尾" not in stage.text(), words
        stage.say("韩老师", "", "待办")
        assert "李雷" in stage.text()
        assert "请假" in stage.text(), "the category is what a list says"
        (ticket,) = stored(stage)
        sealed = stage.database.read(lambda session: session.execute(select(SealedAnswer)).scalars().all())
    assert ticket.answers["kind"] == "sick"
    assert "阑尾" not in repr(ticket.answers)
    assert len(sealed) == 1
    assert "阑尾".encode() not in sealed[0].value


def test_it_ends_a_leave_once_however_often_and_by_whomever_it_is_said_lv_14(sqlite_url: str) -> None:
    with Stage(sqlite_url, poor=False) as stage:
        stage.say("李雷", "", "6月10日下午2点到6点请事假，家里有事，不离校")
        stage.say("李雷", "", "[提交]")
        stage.say("韩老师", "", "同意 QJ-2606-0001")
        stage.say("李雷", "", "销假")
        assert "还没开始" in stage.text()
        stage.later(at("2026-06-10 17:30"))
        stage.say("韩梅梅", "", "销假 QJ-2606-0001")
        assert "已销假" not in stage.text()
        assert "没有" in stage.text()
        stage.say("李雷", "", "销假")
        assert "已销假：QJ-2606-0001" in stage.text()
        stage.redeliver()
        for who, words in (("李雷", "销假"), ("李雷", "销假 QJ-2606-0001"), ("韩老师", "代销假 QJ-2606-0001")):
            stage.say(who, "", words)
            assert any(said in stage.text() for said in ("QJ-2606-0001 已经销过假", "现在的状态：已销假")), words
        kinds = stage.database.read(
            lambda session: session.execute(select(Event.kind).order_by(Event.rev)).scalars().all()
        )
    assert kinds.count("returned") == 1
