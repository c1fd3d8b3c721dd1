"""To whom words are said that staff write for a student: 「给学生：缺材料」 and 「李雷：修好了」 are 「缺材料」 and 「修好了」."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

# What may stand behind 退回: 「退回给学生」, 「退回学生补充」; not 「退回给学生处」, and not 「退回 学生没签字」.
STUDENT: Final = r"(?:学生|同学|本人|申请人|[他她])(?:本人)?(?![证会处工办部手的])"
TO_STUDENT: Final = (
    rf"(?:\s*(?:还|退|发)?(?:回)?给\s*(?:这位|该)?{STUDENT}(?:补充|修改|完善|重填|重新填写?)?(?=$|[\s,，:：;；。.!！]|[请缺没少因补])"
    r"|\s*(?:学生|同学|申请人)(?:本人)?(?:补充|修改|完善|重填|重新填写?)(?=$|[\s,，:：;；。.!！]))?"
)
_END: Final = r"(?:$|[\s,，:：;；。.!！]+)"
_TOLD: Final = r"(?:请)?(?:发|还|转)?(?:给|告诉|告知|转告|通知|跟|对)"


@lru_cache(maxsize=256)
def _pattern(name: str) -> re.Pattern[str]:
    whom = STUDENT if not name else rf"(?:{STUDENT}|{re.escape(name)}(?:同学)?)"
    return re.compile(rf"^\s*(?:{_TOLD}\s*(?:这位|该)?{whom}(?:说|讲|一声|一下)?{_END}|(?:这位|该)?{whom}\s*[:：]+\s*)")


def unaddressed(words: str, name: str) -> str:
    """Words for a student without the address before them; name: of the student, "" for nobody. All of them where none is."""
    found = _pattern(name if len(name) > 1 else "").match(words)
    return words[found.end() :].strip() if found else words
