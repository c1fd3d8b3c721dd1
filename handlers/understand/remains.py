"""What is left of words once their names are taken out, and whether they ask for a stretch of no length."""

from __future__ import annotations

import re
from typing import Final

_AROUND_NAMES: Final = re.compile(
    r"(?:学号|名单)[是为:\s]*(?=[\s,，、;；。]|$)|(?<=\s)[、,，;；和及与]+(?=\s)|[(（]\s*[)）]"
)
_ZERO: Final = re.compile(
    r"(?<![\d.])(?:0+(?:\.0+)?|零) ?(?:个?(?:半天|小时|钟头|星期|月)|天|日|周|节|分钟|days?\b|hours?\b)"
    r"|(?<![\d号日点月年-])[-负] ?\d+ ?(?:个?(?:半天|小时|钟头|星期|月)|天|周|节|days?\b|hours?\b)",
    re.IGNORECASE,
)


def without_joints(words: str) -> str:
    """Words without what stood around names that are gone: labels (学号：), joints (、和) and empty brackets."""
    return re.sub(r"\s+", " ", _AROUND_NAMES.sub(" ", words)).strip()


def is_no_time(words: str) -> bool:
    """Whether words ask for a stretch of no length or less (「0天」, 「零小时」, 「-3天」, "0 days")."""
    return _ZERO.search(words) is not None


# 「得回去几天」 tells of some days, and 「我不知道要几天」 of none yet: nothing is asked.
_SOME_DAYS: Final = re.compile(
    r"(?:(?:得|要|想|需要|打算)(?:回[家去]?|休息|歇|待|住院?|离开|出去|缺课)(?:个)?|(?:不知道|不确定|不清楚|没想好|没定|说不准)(?:要|会|得|请|是|去|回|待)*)(?:几天|多少天|多久|多长)(?!.{0,3}(?:[?？吗批]|能|会|可以))"
)


def without_some_days(words: str) -> str:
    """Words without a number of days that is left open, which would else read as a question."""
    return _SOME_DAYS.sub("", words)


_MEASURE: Final = re.compile(r"^(?:一句话?|一下|一点|说明|两句|几句|个?情况|[\s,，:：])+")


def without_measure(words: str) -> str:
    """What is said after 「补充」 without how much it is: 「一句 我坐高铁回去」 → 「我坐高铁回去」."""
    return _MEASURE.sub("", words).strip()
