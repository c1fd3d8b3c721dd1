"""Recognises the head of a column in a list of people: numbers of students, or their names."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_MARKS: Final = re.compile(r"[\s*:()\[\]【】_-]|必填")
_NUMBER: Final = re.compile(r"学号|学籍号|student(?:no|num|number|id)\.?|^(?:no|id|number|sid)\.?$|^学生编号$")
_NAME: Final = re.compile(
    r"姓名|名字|^(?:学生|同学|队员|成员|选手|人员|名单)$|^(?:full|student)?names?$|^(?:student|member)s?$"
)
_OTHERS: Final = re.compile(r"教师|老师|导师|辅导员|教练|领队|家长|父|母|监护|联系人|紧急")  # whose name it is then
_LONGEST: Final = 20  # characters of a head; more is a sentence


def head_of(cell: str) -> str:
    """What stands below the head of a column: "number" or "name" of students, "" for anything else."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", cell)).lower()
    if not plain or len(plain) > _LONGEST or _OTHERS.search(plain):
        return ""
    if _NUMBER.search(plain):
        return "number"
    return "name" if _NAME.search(plain) else ""
