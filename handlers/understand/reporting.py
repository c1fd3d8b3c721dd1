"""Words → that somebody wants the figures of an area, and of which week or month."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import Final

_LONGEST: Final = 24
_ASKS: Final = re.compile(
    r"^(?:请|麻烦|帮我|给我|我要|我想|想|要|看一?看|查一?下?|看|查看|发|汇报|出)*(?:一下)?(?:我们?|本|全)?(?:学?院|学校|校|单位|部门)?的?"
    r"(?P<when>今天|今日|本周|这周|这个?星期|上周|上个?星期|本月|这个月|上个?月|昨天)?的?(?:工单|办件|办理|服务)?(?:情况)?的?"
    r"(?:数据|统计(?:数据|表|情况)?|报表|周报|月报|日报|数字|指标|办理情况|五个数|满意[度率]|响应率|解决率|及时率|超[期时]率)(?:怎么样|如何|呢|吧|看看)?[\s。.!！?？]*$"
    r"|^(?:show\s+(?:me\s+)?)?(?:the\s+|my\s+)?(?:(?P<en>this week|last week|this month|last month)(?:'s|’s)?\s+)?"
    r"(?:figures|statistics|stats|numbers|report|weekly report|monthly report)(?:\s+(?:of|for)\s+(?P<of>this week|last week|this month|last month))?[\s.?!]*$",
    re.IGNORECASE,
)


def asked_days(words: str, today: date) -> tuple[date, date] | None:
    """The first and the last day of which figures are asked (last week where no time is named); None for other words."""
    plain = unicodedata.normalize("NFKC", words).strip()
    found = _ASKS.match(plain) if len(plain) <= 2 * _LONGEST else None
    if found is None:
        return None
    when = (found["when"] or found["en"] or found["of"] or "").lower()
    if not when and re.search(r"月报|monthly", plain, re.IGNORECASE):
        when = "last month"
    if when in ("今天", "今日") or (not when and "日报" in plain):
        return today, today
    if when == "昨天":
        return today - timedelta(days=1), today - timedelta(days=1)
    monday = today - timedelta(days=today.weekday())
    if when in ("本周", "这周", "这星期", "这个星期", "this week"):
        return monday, today
    first = today.replace(day=1)
    if when in ("本月", "这个月", "this month"):
        return first, today
    if when in ("上月", "上个月", "last month"):
        last = first - timedelta(days=1)
        return last.replace(day=1), last
    return monday - timedelta(days=7), monday - timedelta(days=1)
