"""Words that speak of the paper that is asked for (「请假条」, 「医院的证明我有」) instead of sending it: no wish and no question."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LONGEST: Final = 30  # characters; more is a reason, or a story
_PAPER: Final = re.compile(
    r"[请病事公]假条|[请病]假单|诊断|病历|病例|证明|通知书?|公函|邀请函|邀请信|红头文件|挂号单|缴费单|收费单|检查单|化验单|处方|车票|机票|材料|附件|照片|图片|拍照|截图|扫描件|盖章|导师签字"
    r"|certificate|doctor'?s (?:note|letter)|sick note|medical (?:note|record)|\bproof\b|\bdocuments?\b|\bletter\b|\bphoto\b|\bnote\b",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(
    r"[?？]|吗|呢$|怎么|怎样|如何|什么|啥|哪|可以|能不能|能否|要不要|需不需要|用不用|必须|多久|几天|几号|谁|是不是|算不算|行不行|在线|打印|下载|看一下我的|\b(?:what|how|where|which|can|must|do i|should|when)\b",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(
    r"请.{0,4}天|请(?:病|事|公|丧|年)?假(?!条|单)|续假|销假|报修|投诉|取消|撤回|找老师|明天|后天|下周|\d+[月号日点:：]"
)


def speaks_of_paper(words: str, *, asks: bool = False) -> bool:
    """Whether words name the paper, have it, bring it later or have none; another wish is nothing of that, nor is a question
    (asks: which counts as well)."""
    plain = unicodedata.normalize("NFKC", words).strip()
    if not plain or len(plain) > _LONGEST or _OTHER.search(plain) or (_ASKS.search(plain) and not asks):
        return False
    return _PAPER.search(plain) is not None


_PHOTO: Final = re.compile(r"照片|图片|相片|\b(?:photo|picture|image)s?\b", re.IGNORECASE)
# A clause of its own that says there is none: 「宿舍没有热水，没有照片」.
_NO_PHOTO: Final = re.compile(
    r"(?:^|[\s,，。;；.!！])(?:我|但是?|不过|也|就|暂时|现在|手上|手头|这里|[\s])*(?:没有?|无|没拍|拍不了|不方便拍|不用|不传|不发|没法拍)(?:带|拍|传)?(?:照片?|图片?|相片|拍照)"
    r"(?:了|可发|可传|可以发|呢|啊)?(?=$|[\s,，。;；.!！])|(?:^|[\s,.;])(?:i have |there is |but )?no (?:photos?|pictures?)(?=$|[\s,.;!])",
    re.IGNORECASE,
)


def asks_photo(label: str) -> bool:
    """Whether the label of a question for a file asks for a photo, and for no paper."""
    return _PHOTO.search(label) is not None and re.search(r"证明|certificate|proof", label, re.IGNORECASE) is None


def without_photo(words: str) -> str | None:
    """The words without the clause that says there is no photo; None where they do not say so."""
    found = _NO_PHOTO.search(words)
    return None if found is None else (words[: found.start()] + words[found.end() :]).strip(" ,，;；")
