"""How people speak of offices: by short names (后勤), as those whom they write to (你们部门), and when they ask for a service."""

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
# 「投诉图书馆太吵」 may be said of the house as well as of who works there.
PLACE_LIKE: Final = re.compile(r"[馆堂店场站室]$|医院$|超市$|浴室$")
_SUFFIX: Final = re.compile(r"(?:办公室|服务中心|管理中心|中心|[处部科办])$")
# What would be left of an office's name and is said of much else.
_COMMON: Final = frozenset(
    {"心理", "学生", "资助", "就业", "安全", "国际", "网络", "信息", "体育", "艺术", "宣传", "组织", "财务", "医疗"}
)
# What is asked of an office: its service, and where, when and how it is had.
SERVICE_BEFORE: Final = re.compile(
    r"(?:希望|请|麻烦|想让|让|叫|建议|盼|恳请|求|拜托|应该是|归|属于|是不是|联系|报给|转给|去|到|在|找|问)(?:了|过|一下)?(?:我们?学校的?|学校的?)?$|\b(?:ask|to|at|from|by|could|can|please)\s*$",
    re.IGNORECASE,
)
SERVICE: Final = re.compile(
    r"(?:的?(?:老师|师傅|工作人员)?们?[，,]?)?(?:能不能|能否|可以|可不可以|能|会不会|帮|来人?[修看换处]|尽快|赶紧|快点|几点|什么时候|何时|在哪|电话|怎么[走去联报]|上班|下班|地址|办公|负责(?!人)|通知|说|要求|发)"
)
# Where something happened: no more is said of the office.
WHERE_BEFORE: Final = re.compile(r"(?:在|去|到|来|从|路过|\bat|\bin)(?:我们?学校的?|学校的?|the)?\s*$", re.IGNORECASE)
WHERE: Final = re.compile(
    r"(?:里面?|门口|附近|旁边|楼下|外面|大厅|窗口|[0-9一二三四五六七八九十]+楼)(?!的?(?:人|老师|工作人员)(?!给?我))"
)
IDLE: Final = re.compile(
    r"^.{0,10}?(?:没人(?:来|理|管|接|修|回|处理)|没有人(?:来|理|管|接|修|回|处理)|(?:一直|迟迟|始终|总是?|老)(?:不|没)|不(?:来|修|接电话|回复|作为)|踢皮球|nobody)",
    re.IGNORECASE,
)
BY_RULE: Final = re.compile(
    r"不让|不准|不许|不允许|不肯|拒绝|没收|^[处罚扣了]{1,3}|won'?t let|will not let|doesn'?t let|refuse[sd]?",
    re.IGNORECASE,
)
BARE_VERB: Final = re.compile(r"(?<!不)(?:要|想|必须)(?:投诉|举报|控告)(?=[，,。！!：:\s]|$)")
GRUMBLES: Final = re.compile(
    r"失望|态度|效率.{0,3}(?:低|差|慢)|太慢|很慢|太差|很差|差劲|有问题|过分|不像话|不专业|没用|terrible|awful|slow",
    re.IGNORECASE,
)


def short_of(name: str) -> str:
    """The short name of an office, "" where it has none of its own."""
    short = _SUFFIX.sub("", name)
    return short if 1 < len(short) < len(name) and short not in _COMMON else ""
