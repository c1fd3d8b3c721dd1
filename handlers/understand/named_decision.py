"""A decision that staff say with the student's name in the place of a number: 「李雷的假不批，材料不全」, 「不批李雷的假」."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from handlers.understand.questions import is_question

_WHO: Final = r"(?P<{0}>(?!我|你|您|他|她|它|这|那|谁|哪|学生|同学|大家|所有|全部|今天|明天)[一-鿿·]{{2,8}}?)(?:同学)?(?:的|这[个次张份]|那[个次张份])+"
_LEAVE: Final = r"(?:请)?(?:病|事|公|丧|补|续)?假(?:条|单|申请)?"
_NO: Final = r"(?:不同意|不批准?|不予批准|不予?通过|驳回|拒绝|不准|不能批|没法批|批不了)"
_YES: Final = r"(?:同意|批准|批了|准了|通过|可以批)"
_DECIDED: Final = re.compile(
    rf"(?:老师|[\s,，])*{_WHO.format('whose')}{_LEAVE}(?:我|就|先|暂时|现在|还是|这边|[\s,，:：])*(?:(?P<no>{_NO})|(?P<yes>{_YES}))(?:了|吧|啊)*(?P<why>(?=$|[\s,，。.:：;；!！因]).*)"
    rf"|(?:老师|我|先|[\s,，])*(?:(?P<no2>{_NO})|(?P<yes2>{_YES}))\s*{_WHO.format('whose2')}{_LEAVE}(?:了|吧|啊)*(?P<why2>(?=$|[\s,，。.:：;；!！因]).*)",
    re.DOTALL,
)
MOST: Final = 500  # characters that a reason may have here


class Decided(NamedTuple):
    """Whose leave, "refuse" or "sign", and the words after it."""

    name: str
    verb: str
    words: str


def read_decision(words: str) -> Decided | None:
    """The decision in words; None for a question and for all else."""
    plain = unicodedata.normalize("NFKC", words[:MOST]).strip()
    found = _DECIDED.fullmatch(plain) if "假" in plain else None
    if found is None:
        return None
    why = (found["why"] or found["why2"] or "").strip(" ,，。.:：;；!！")
    if is_question(plain[: len(plain) - len(why)]) or plain.endswith(("?", "吗", "么", "没有")):
        return None
    # As it is written: 「，」 is no "," to the student who reads the reason.
    at = words.rfind(why) if why else -1
    name = found["whose"] or found["whose2"]
    return Decided(name, "refuse" if found["no"] or found["no2"] else "sign", words[at:].strip() if at >= 0 else why)
