"""Which words ask for the figures of an area, and of which days."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.understand.reporting import asked_days

TODAY = date(2026, 6, 10)  # a Wednesday


@pytest.mark.parametrize(
    ("words", "days"),
    [("数据", "2026-06-01 2026-06-07"), ("统计", "2026-06-01 2026-06-07"), ("上周统计", "2026-06-01 2026-06-07"), ("看一下数据", "2026-06-01 2026-06-07"),
     ("本周数据怎么样", "2026-06-08 2026-06-10"), ("我们学院本月的数据", "2026-06-01 2026-06-10"), ("月报", "2026-05-01 2026-05-31"),
     ("上个月的办理情况", "2026-05-01 2026-05-31"), ("今天的工单数据", "2026-06-10 2026-06-10"), ("昨天的统计", "2026-06-09 2026-06-09"),
     ("stats", "2026-06-01 2026-06-07"), ("figures for this month", "2026-06-01 2026-06-10"),
     ("统计学怎么请假", ""), ("数据线坏了", ""), ("我的数据被偷了", ""), ("待办", "")],
)  # fmt: skip
def test_it_reads_which_days_are_asked_for(words: str, days: str) -> None:
    found = asked_days(words, TODAY)
    assert (" ".join(str(day) for day in found) if found else "") == days
