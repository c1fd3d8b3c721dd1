"""Words that change an answer: by the name of its question, by what it is to be, and what is neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.understand.changes import read_change
from tests.builders import own_catalogue

LEAVE = own_catalogue().items["leave"]


@pytest.mark.parametrize(
    ("words", "keys", "value"),
    [("类型", ["kind"], ""), ("类型 病假", ["kind"], "病假"), ("时间改成明天", ["span"], "明天"),
     ("把时间改到后天下午吧", ["span"], "后天下午"), ("事由改为看牙", ["reason"], "看牙"), ("理由：看牙", ["reason"], "看牙"),
     ("我要改时间", ["span"], ""), ("时间写错了", ["span"], ""), ("the reason is wrong", ["reason"], ""), ("改成病假", [], "病假"), ("不对，改成公假", [], "公假"), ("修改", [], ""),
     ("离校改成不离校", ["off_campus"], "不离校"), ("change the reason to dentist", ["reason"], "dentist"),
     ("kind: sick", ["kind"], "sick"), ("change it to personal leave", [], "personal leave")],
)  # fmt: skip
def test_it_reads_what_is_to_be_changed(words: str, keys: list[str], value: str) -> None:
    told = read_change(LEAVE, words)
    assert told is not None
    assert ([field.key for field in told.fields], told.value) == (keys, value)


@pytest.mark.parametrize(
    "words", ["", "病假", "时间不够了", "时间不多了", "改变主意了", "好的", "我", "请", "明天下午", "timetable"]
)
def test_it_takes_other_words_for_no_change(words: str) -> None:
    assert read_change(LEAVE, words) is None


@given(st.text(max_size=300))
def test_it_never_trips_over_any_words(words: str) -> None:
    told = read_change(LEAVE, words)
    assert told is None or set(told.fields) <= set(LEAVE.fields)
