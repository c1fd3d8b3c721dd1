"""Questions about who is on duty: that they are such, and which place they name."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

_DUTY: Final = re.compile(r"值班|值夜|值守|当班|当值|排班表|\bon duty\b|\bduty\b", re.IGNORECASE)


_GAPS: Final = re.compile(
    r"空缺|空档|空班|缺口|漏排|缺人|没排|没有?人(?:值|当|排)|没(?:有)?安排|\b(?:gaps?|uncovered|unstaffed|nobody)\b",
    re.IGNORECASE,
)


class Place(Enum):
    """Which of the speaker's places is meant: where one lives, where one studies, or the whole school."""

    residential = "residential"
    academic = "academic"
    school = "school"


_PLACES: Final = (
    (Place.school, re.compile(r"全校|校级|学校的?(?:谁|值|总|今|明|现)|(?:值班室|总值班)|\b(?:whole school|university)\b", re.IGNORECASE)),
    (Place.residential, re.compile(r"宿舍|寝室|公寓|社区|楼栋?(?!上|下)|\b(?:dorm\w*|hall|residen\w+|building)\b", re.IGNORECASE)),
    (Place.academic, re.compile(r"学院|院里|系里|我们[院系班]|班里|\b(?:college|faculty|department|class)\b", re.IGNORECASE)),
)  # fmt: skip


def asks_duty(words: str) -> bool:
    """Whether words are about being on duty."""
    return _DUTY.search(words) is not None


def asks_gaps(words: str) -> bool:
    """Whether words about the duty ask for hours in which nobody is on it (「哪里没人值班」)."""
    return asks_duty(words) and _GAPS.search(words) is not None


_ROSTER: Final = re.compile(
    r"值班(?:安排)?表|排班表|班表|排班(?:情况|安排)|值班安排|\b(?:roster|rota|schedule)\b", re.IGNORECASE
)


def asks_roster(words: str) -> bool:
    """Whether words about the duty ask for the whole table (「本周值班表」), and not who is there next."""
    return _ROSTER.search(words) is not None


def place_of(words: str) -> Place | None:
    """The place that words about the duty name, None where they name none."""
    return next((place for place, pattern in _PLACES if pattern.search(words)), None)


# What stands around the name of a place: when, who, and the words of a question.
_AROUND: Final = re.compile(
    r"值班|值夜班?|值守|当班|当值|大?后天|大?前天|[今明昨当][天日晚早夜]|早上|上午|中午|下午|傍晚|晚上|夜里|半夜|凌晨|"
    r"现在|目前|此刻|这会儿?|[这本下上]*(?:周|星期|礼拜)[一二三四五六日天末]?|\d+(?:[:：]\d+|[点时月日]|号(?!楼|院))|"
    r"[一二三四五六七八九十两]+(?:[点时月日]|号(?!楼|院))半?|请问|想问|问一?下|告诉|帮忙|查一?下|看一?下|知道|"
    r"有没有|没有|是不是|哪[个位些]?|什么|怎么|多少|电话|号码|时候|时间|安排|老师|人员|那边|这边|那里|这里|"
    r"我们|你们|咱们|[这那][个栋]|[我你您咱谁是在的由有吗呢啊呀么]|学校(?!医院)|[\s，,。？?！!、；;]"
)
_KIND: Final = re.compile(r"(?:中心|咨询|学院|书院|处|馆|部|办|办公室|社区|公寓|医院|科|系|委|食堂|号楼|所)$")
_TAIL: Final = re.compile(r"(?:咨询中心|咨询室|咨询|中心|办公室|部门|这块|方面)$")
_NO_NAME: Final = re.compile(
    "学院|书院|学生|宿舍|宿舍楼|寝室|公寓|社区|楼栋|楼下|楼里|院里|系里|班里|班级|中心|教育|工作|服务|咨询|办公室|辅导员|导员|"
    "全校|校级|本学院|本院|本部|全部|部门|值班室|总值班"
)
_NOT_PARTS: Final = frozenset({"医院", "校医院"})  # 医院 is no short name of 医学院


def named_place(words: str) -> tuple[tuple[str, ...], bool]:
    """The name of a place in words about the duty: how it may be looked up, the most exact first, and whether it is
    surely one, known or not (心理中心, 火星学院). ((), False) where none is named."""
    pieces = [each for each in _AROUND.split(words) if len(each) > 1 and not _NO_NAME.fullmatch(each)]
    pieces = [each for each in pieces if not each.isascii()]
    if not pieces:
        return (), False
    said = max(pieces, key=len)
    core = _TAIL.sub("", said)
    names = (said, core) if len(core) > 1 and not _NO_NAME.fullmatch(core) else (said,)
    return tuple(dict.fromkeys(names)), _KIND.search(said) is not None


def is_short(name: str) -> bool:
    """Whether a name may stand for a longer one that has its characters in this order."""
    return name not in _NOT_PARTS


_OFFICE: Final = re.compile(
    r"(?:教务|财务|招生|就业|研究生|国际|科研|人事|档案|网络|信息|医保|军训|体育|团委|学生会|资助|图书馆|校医院|食堂|快递|教材|注册|考务|基建|资产|校友)"
    r"[^\s,，。]{0,4}(?:电话|号码|怎么联系|联系方式|邮箱|地址)"
)


def asks_other_office(words: str) -> bool:
    """Whether words ask how to reach an office that is no counselor's (「教务处电话多少」): who is on duty is no answer to that."""
    return _OFFICE.search(words) is not None
