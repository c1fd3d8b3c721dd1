"""More tables of words of time, sentences said on other days, and what the reading of very long texts costs."""

from __future__ import annotations

import time
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest

from handlers.understand import read_time
from handlers.understand.intents import read_intent
from handlers.understand.slots import span_value
from handlers.understand.times import ZONE
from tests.handlers.understand.times_notation import SAID_AT, misread, read_table

LATER: Final = (
    "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth",
)  # fmt: skip
with (Path(__file__).parent / "times_days.toml").open("rb") as _file:
    DAYS: Final = [(said, words, line) for said, rows in tomllib.load(_file).items() for words, line in rows.items()]
LONGEST: Final = 4096  # characters of one message
MOST: Final = 0.05  # seconds of computing for it, on a slow machine with one core to share


@pytest.mark.parametrize("table", LATER)
def test_it_reads_times_of_later_sets(table: str) -> None:
    assert misread(read_table(f"times_{table}.toml")) == []


def test_it_reads_times_on_other_days() -> None:
    wrong = [
        line
        for said, words, expected in DAYS
        for line in misread([(words, expected)], datetime.fromisoformat(said).replace(tzinfo=ZONE))
    ]
    assert wrong == []


@pytest.mark.parametrize("words", ["周五前", "明天之前", "by Friday", "6月15日前"])
def test_it_takes_no_limit_for_a_day_off(words: str) -> None:
    assert span_value(read_time(words, SAID_AT)) is None


@pytest.mark.parametrize(
    "piece",
    ["一", "十", "1", "1-", "12:", "一二三四五六七八九", "第1、2、", "周一到", "不", "假", "上", "half ", "how ", "can you ",
     "what leave ", "一晚", "好的谢谢", "请假改到", "(", " ", "的", "除了", "a week from "],
)  # fmt: skip
def test_it_reads_the_longest_messages_quickly(piece: str) -> None:
    words = (piece * LONGEST)[:LONGEST]
    took = []
    for _ in range(2):  # the better of two: the first one may have been interrupted
        begun = time.process_time()
        read_time(words, SAID_AT)
        middle = time.process_time()
        read_intent(words)
        took.append(max(middle - begun, time.process_time() - middle))

    assert min(took) < MOST
