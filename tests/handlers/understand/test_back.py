"""Who is said to be back by name or room, and what staff ask of their students."""

from __future__ import annotations

import pytest

from handlers.understand.absences import asks_students, weeks_ahead
from handlers.understand.keeping import names_back


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("李雷回来了", ("李雷",)), ("李雷已经回来了", ("李雷",)), ("301都回来了", ("301",)), ("301寝室都回来了", ("301",)), ("李雷、韩梅梅到校了", ("李雷", "韩梅梅")),
        ("李雷和韩梅梅都回来了。", ("李雷", "韩梅梅")), ("2023001返校了", ("2023001",)), ("李雷同学回来了", ("李雷",)), ("Li Lei is back", ("Li Lei",)),
        ("李雷回来了吗", ()), ("李雷没回来", ()), ("我回来了", ()), ("他回来了", ()), ("谁回来了", ()), ("大家都回来了", ()), ("已回 QJ-2606-0001", ()),
        ("李雷什么时候回来", ()), ("", ()),
    ],
)  # fmt: skip
def test_it_reads_who_is_back(words: str, who: tuple[str, ...]) -> None:
    assert names_back(words) == who


@pytest.mark.parametrize(
    ("words", "asked", "week"),
    [
        ("谁没回来", "missing", None), ("谁还没销假", "missing", None), ("今天谁没按时回来", "missing", None), ("还有哪些学生没返校", "missing", None), ("who is not back yet", "missing", None),
        ("今天谁请假", "away", None), ("谁不在", "away", None), ("这周谁请假", "away", 0), ("下周谁请假", "away", 1), ("现在有哪些学生请假？", "away", None),
        ("明天谁走", "leaving", None), ("今天谁离校", "leaving", None), ("明天有谁回家", "leaving", None), ("who is leaving tomorrow", "leaving", None),
        ("明天谁回来", "returning", None), ("今天谁返校", "returning", None), ("下周谁回来", "returning", 1),
        ("今天谁走，谁回来", "away", None), ("今天离校返校名单", "away", None), ("今晚楼里谁不在", "away", None), ("我们楼谁没回来", "missing", None),
        ("我要离校，回来再说", "", None), ("明天我走", "", None), ("谁值班", "", None), ("谁帮我", "", None), ("今天谁请吃饭", "", None),
    ],
)  # fmt: skip
def test_it_reads_what_is_asked_of_students(words: str, asked: str, week: int | None) -> None:
    assert asks_students(words) == asked
    assert not asked or weeks_ahead(words) == week
