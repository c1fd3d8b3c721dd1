"""How people call offices: by a short name (后勤 for 后勤处), and as those whom they write to (你们部门)."""

from __future__ import annotations

import re
from typing import Final

# How whoever writes to an office speaks of it.
YOURS: Final = (
    "你们部门", "你们中心", "你们办公室", "你们单位", "贵处", "贵部门", "贵单位", "这个部门", "你们这个部门",
    "your office", "your department",
)  # fmt: skip
# 「希望后勤处理一下」 names no 后勤处.
NO_OFFICE: Final = r"(?<!处)|(?<=处)(?!理(?![睬会我]|都|也))"
_SUFFIX: Final = re.compile(r"(?:办公室|服务中心|管理中心|中心|[处部科办])$")
# What would be left of an office's name and is said of much else.
_COMMON: Final = frozenset(
    {"心理", "学生", "资助", "就业", "安全", "国际", "网络", "信息", "体育", "艺术", "宣传", "组织", "财务", "医疗"}
)


def short_of(name: str) -> str:
    """The short name of an office, "" where it has none of its own."""
    short = _SUFFIX.sub("", name)
    return short if 1 < len(short) < len(name) and short not in _COMMON else ""
