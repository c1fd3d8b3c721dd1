"""Words that move an end of a time that is known by a length."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.understand.moving import moves_time, read_move


@pytest.mark.parametrize(
    ("words", "edge", "days"),
    [("早一天走", "start", -1), ("我想晚两天走可以吗", "start", 2), ("提前半天回来", "end", -0.5), ("推迟一周", "both", 7),
     ("能不能晚一天返校", "end", 1), ("往后推三天", "both", 3), ("早一天走，家里有事", "start", -1)],
)  # fmt: skip
def test_it_reads_what_is_moved_and_by_how_long(words: str, edge: str, days: float) -> None:
    assert read_move(words) == (edge, timedelta(days=days))


@pytest.mark.parametrize(
    ("words", "value"),
    [("我想早一天走，14号就走", "14号走"), ("想早点走，14号下午走", "14号下午走"), ("晚一天走", "晚一天走"),
     ("我想早点走", None), ("要提前几天申请", None), ("提前一天申请行吗", None), ("我要请假一天", None), ("晚回宿舍", None)],
)  # fmt: skip
def test_it_says_what_the_time_is_to_become(words: str, value: str | None) -> None:
    assert moves_time(words) == value
