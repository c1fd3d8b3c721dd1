"""How people speak of a college as a whole (「计算机学院乱收费」, 「我们学院」), and where its name only says where somebody belongs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

# How whoever belongs to a college speaks of it.
OURS: Final = (
    "我们学院", "咱们学院", "咱学院", "我们院里", "我们院", "咱们院", "我院", "本院", "本学院", "你们学院", "贵学院", "贵院",
    "our college", "my college", "our faculty", "my faculty", "our department", "my department",
)  # fmt: skip
_SUFFIX: Final = re.compile(r"(?:学院|书院|学部|系)$")
_LEAST: Final = 2  # characters of a name that stand for all of it: 计算机学院 for 计算机科学与技术学院
_ENGLISH: Final = re.compile(r"college|school|faculty|institute|department", re.IGNORECASE)
_IS_OF: Final = re.compile(
    r"(?:(?<!投诉的)(?<!举报的)(?<!就)是|来自|就读于?|考[到进入]|[转调][到入进]|属于|隶属|毕业于|读的?|我|本人|他|她|朋友|室友|\b(?:am|is|from|in|at|of) (?:the )?)$",
    re.IGNORECASE,
)
_YEAR: Final = r"(?:大[一二三四五]|研[一二三]|本科|硕士?|博士?|[0-9]{2,4}级?|[^\s，,。对给向让把骂打罚收]{2,6}专业)"
_STUDENTS: Final = r"(?:学生(?![处科办]|工作)|同学|新生|[学师](?:弟|妹|兄|姐|长)|研究生|本科生|博士生|男生|女生|[^\s，,。]{0,4}班(?!主任)|团委|社团)"
_ONE: Final = r"(?:一?[名个位群些]|某[个位]?|有?几个)"
# What belongs to it, or stands there, and is not what it does.
_ITS: Final = re.compile(
    rf"(?:的|里的?|里面的?|这边的?)?{_ONE}?{_YEAR}*的?{_STUDENTS}"
    r"|(?:的|里的?|里面的?|这边的?)(?!$|[\s，,。！!？?；;]|(?:所有|全体|全部|这帮|那帮|某些|一些|有些|几个|一个|某个|[一某那这][个位])?(?:人|老师|教师|教授|导师|领导|负责人|院长|副院长|书记|副书记|主任|工作人员|办公室|行政|教务|学工)"
    r"|态度|做法|行为|管理|服务|办事|工作|效率|评[优奖选定]|推免|保研|奖学金评|收费|规定|安排|通知)"
    r"|有(?:个|几个|些)?(?:同学|学生)|(?:楼|路|门口|门前|食堂|宿舍|机房|实验室|教室|网站|官网|公众号|微信|群|大厅|附近|旁边|厕所|电梯|篮球|足球)"
    r"|'s (?:student|building|lab|website)| (?:student|building|lab|website)",
    re.IGNORECASE,
)
# What a college is asked for: 「请计算机学院处理一下」, not 「希望计算机学院改正」.
_ASKED: Final = re.compile(
    r"(?:希望|请|恳请|麻烦|建议|盼|求|让|叫|\bask)(?:一下)?(?:我们?学校的?|学校的?)?$", re.IGNORECASE
)
_SERVES: Final = re.compile(
    r"(?:的?(?:老师|领导)们?)?(?:能不能|能否|能够?|可以|来|去|也|尽快|赶紧|出面|介入|帮忙?|一起)*(?:处理|解决|协调|管[一管]|看[一看]|查[一查处]?|调查|重视|关注|跟进|修|帮)"
)
# Some who work there are not whoever leads it.
SOME_OF: Final = re.compile(
    r"(?:的|里的?|里面的?|这边的?|那边的?)?(?:有的?|有些|某些|一些|几个|个别|部分)?(?:人|老师|教师|教授|导师|工作人员|办公室|行政|教务|学工)"
)


def names_of(name: str, name_en: str, others: Iterable[str]) -> tuple[str, ...]:
    """By what a college is called: its names, and what is left of a long one (计算机学院) where no other college is called so
    or begins so. others: the names of all of them."""
    suffix = _SUFFIX.search(name)
    found = [name] if suffix else []
    stem = name[: suffix.start()] if suffix else ""
    for most in range(len(stem) - 1, _LEAST - 1, -1):
        short = stem[:most]
        if not any(other != name and other.startswith(short) for other in others):
            found += [f"{short}{suffix.group()}" if suffix else "", f"{short}学院"]
    if name_en:
        found += [name_en] if _ENGLISH.search(name_en) else [f"College of {name_en}", f"School of {name_en}"]
        found += (
            [] if _ENGLISH.search(name_en) else [f"{name_en} {word}" for word in ("College", "School", "Department")]
        )
    return tuple(dict.fromkeys(each for each in found if each))


def is_meant(before: str, after: str) -> bool:
    """Whether a college that is named may be meant itself: not where somebody studies, its students, or what stands there."""
    if _IS_OF.search(before) is not None or _ITS.match(after) is not None:
        return False
    return _ASKED.search(before) is None or _SERVES.match(after) is None
