"""From a sentence to answers: what it fills, and what it leaves to be asked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.understand.slots import amount, fill, phone, remainder
from tests.builders import START, own_catalogue

LEAVE = own_catalogue().items["leave"]
REPAIR = own_catalogue().items["dorm-repair"]


def filled(item: Any, words: str) -> dict[str, Any]:
    return fill(item, words, START, (item.title.zh, item.title.en, *item.aliases))


def test_it_fills_a_whole_leave_from_one_sentence() -> None:
    answers = filled(LEAVE, "我想从明天下午到后天晚上请假回家看病")
    assert answers["kind"] == "sick"
    assert answers["off_campus"] == "yes"
    assert answers["reason"] == "回家看病"
    assert (answers["span"]["start"][:16], answers["span"]["end"][:16]) == ("2026-06-11T14:00", "2026-06-12T22:00")


@pytest.mark.parametrize("words", ["星期三下午请假看病", "过几天请假", "请三天病假", "2月30日请假"])
def test_it_fills_no_time_that_is_not_certain(words: str) -> None:
    assert "span" not in filled(LEAVE, words)


@pytest.mark.parametrize("words", ["请假", "我要请假", "老师好，我想请个假", "I need leave", "请假，谢谢老师"])
def test_it_takes_the_name_of_the_service_for_no_reason(words: str) -> None:
    assert filled(LEAVE, words) == {}


def test_it_leaves_a_choice_open_that_two_options_claim() -> None:
    assert "kind" not in filled(LEAVE, "明天请假看病还要面试")


def test_it_fills_a_repair_and_asks_for_the_place() -> None:
    answers = filled(REPAIR, "宿舍空调不制冷了")
    assert answers["what"] == "air"
    assert "where" not in answers


@pytest.mark.parametrize(
    ("words", "detail"),
    [("the light in my dorm is broken", "the light in my dorm is broken"), ("the door needs repair", "the door needs repair"),
     ("repair the door of room 302 please", "the door of room 302"), ("repair", None), ("toilet blocked", "toilet blocked"),
     ("宿舍灯坏了", "宿舍灯坏了"), ("灯坏了", "灯坏了"), ("宿舍报修，水龙头一直漏水", "水龙头一直漏水"), ("宿舍漏水", "宿舍漏水"),
     ("洗手池需要修理", "洗手池需要修理"), ("我要报修 空调不制冷", "空调不制冷"), ("我要报修", None), ("报修网络", "报修网络")],
)  # fmt: skip
def test_it_keeps_whole_what_is_told_of_a_matter(words: str, detail: str | None) -> None:
    assert filled(REPAIR, words).get("detail") == detail


def test_it_reads_latin_words_as_words() -> None:
    assert "off_campus" not in filled(LEAVE, "leave for the afternoon of 12 June, doctor")


@given(st.text(max_size=200))
def test_it_never_trips_over_any_words(words: str) -> None:
    answers = filled(LEAVE, words)
    assert set(answers) <= {"kind", "span", "reason", "off_campus"}
    assert isinstance(remainder(words, None, ("请假",)), str)
    assert amount(words) is None or isinstance(amount(words), float)
    assert phone(words) is None or len(phone(words) or "") >= 10


@pytest.mark.parametrize(
    ("words", "reason", "off_campus"),
    [("明天请事假去面试，不离校", "去面试", "no"), ("明天请假，看病", "看病", None), ("我明天请病假，发烧，去校医院", "发烧", "no"),
     ("明天请假 看病 不会离校", "看病", "no"), ("明天请病假会离校去医院", "去医院", "yes"), ("明天不回家，请事假去面试", "不回家，去面试", None),
     ("就明天一天", None, None), ("大概明天下午两点到六点吧", None, None), ("明天请事假办事", "办事", None)],
)  # fmt: skip
def test_it_takes_what_is_left_for_the_reason(words: str, reason: str | None, off_campus: str | None) -> None:
    answers = filled(LEAVE, words)
    assert answers.get("off_campus") == off_campus
    assert answers.get("reason") == reason
