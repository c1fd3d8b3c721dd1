"""An accident of a relative's elsewhere, told by somebody who wants leave for it: a wish, not an alarm."""

from __future__ import annotations

import re
from typing import Final

RULE: Final = "FAMILY"  # the name of such a look-alike in `crisis_words.Alarm`
# What befalls a body or a home. Violence, threats and whoever is held are never taken for a reason for leave here.
_BEFALLS: Final = frozenset({"FIRE", "COLLAPSE", "INJURY", "TRAFFIC", "WATER", "SUDDEN"})
_RELATIVE: Final = re.compile(
    r"爷爷|奶奶|姥姥|姥爷|外公|外婆|爸爸|妈妈|我?[爸妈]|父亲|母亲|父母|家里(?:的?人|老人)?|家人|亲人|亲戚|老家|我?家"
    r"|[舅叔伯][舅叔伯父妈]?|舅妈|婶婶?|[姨姑][妈姨姑父]?|[表堂]?[哥姐弟妹][哥姐弟妹]?"
)
# Between the relative and the accident nobody else comes in, and the speaker least.
_SOMEBODY: Final = re.compile(
    r"我(?![爸妈哥姐弟妹爷奶外舅叔姑姨伯家])|他们|室友|舍友|同学|朋友|有人|学[弟妹姐长]|师[弟妹兄姐]"
)
_WITH_ME: Final = re.compile(r"(?:我们?|咱们?)(?:[和跟与同]|带着?|陪着?)(?:我的?)?$")
_STUDENTS: Final = re.compile(r"[学师]$")  # 学弟 and 师妹 are here
_HERE: Final = re.compile(
    r"校门|学校|校园|校区|校内|[东南西北]门|宿舍|寝室|食堂|操场|教学楼|实验室|图书馆|楼下|旁边|身边|面前|眼前|快来|来人|救命|救救|怎么救"
    r"|(?:叫|打|喊)(?:个|了)?(?:救护车|120|119|110)|我[也都]?(?:被|受伤|流血|在车)"
)
_LEAVE: Final = re.compile(
    r"请.{0,14}假|[事病丧]假|准假|(?:要|想|得|需|必须|马上|赶紧|赶快|立刻|立即|尽快|现在就?|今[天晚]|明[天早]).{0,6}(?:回(?:一?趟)?(?:老家|家|去)|赶回)|赶回(?:老家|家|去)"
)
_REACH: Final = 10  # characters between whoever it befell and what it was


def is_reason(rule: str, text: str, at: int) -> bool:
    """Whether what a rule of danger heard at a place of a squeezed text befell a relative, while leave is asked for.

    Whoever is here in danger now is never meant: a place on the campus, the speaker beside the relative, a call for help.
    """
    if rule not in _BEFALLS or not _LEAVE.search(text):
        return False
    return _RELATIVE.search(_before(text, at)) is not None and not is_here(text, at)


def is_here(text: str, at: int) -> bool:
    """Whether words around what was heard at a place of a squeezed text put it on the campus, or befall the speaker or a
    fellow student beside the relative that is named."""
    if _HERE.search(text):
        return True
    before = _before(text, at)
    relative = _RELATIVE.search(before)
    if relative is None:
        return False
    lead = text[: max(0, at - _REACH) + relative.start()]
    beside = _WITH_ME.search(lead) or _STUDENTS.search(lead) or _SOMEBODY.search(before, relative.end())
    return beside is not None


def _before(text: str, at: int) -> str:
    """What stands before it, and its first words, which may be the subject's."""
    return text[max(0, at - _REACH) : at + 3]
