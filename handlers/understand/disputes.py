"""Words of a student who does not accept a refusal, or wants to hand the same in again: 「我不服」, 「申诉」, 「再提交一次」."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

Dispute = Literal["", "dispute", "refile", "appeal", "raise"]
_LONGEST: Final = 30
_BEFORE: Final = r"(?:老师|你好|您好|请问?|那|可是|但是?|麻烦|帮我|我们?|想要?|要|能不能|可以|可不可以|需要|就|还是|把|对|[\s,，。:：])*"
_AFTER: Final = r"(?:了|吧|啊|的|吗|老师|一下|可以|行|please|[\s,，。.!！?？~～])*"
_CORES: Final[tuple[tuple[Dispute, str], ...]] = (
    (
        "refile",
        (
            r"(?:(?:修?改|写|补)(?:好|完|清楚)?(?:一?下|以后|之后|后|了|再|,|，)*)?(?:再|重新?|再次|重新再)(?:提交|提|申请|交|请|报|递交)(?:一次|一遍|一下|一回|上去|这个|假)*"
            r"|(?:re-?submit|submit (?:it )?again|apply again|try again with changes)"
        ),
    ),
    (
        "raise",
        r"(?:向|跟|给|找)(?:上面|上级|上一级|领导|学院|学校|院里|校里)?的?(?:领导|老师|书记)?(?:反映|反应|申诉|投诉)(?:一?下|情况|这个?决定)*|向上反[映应]|(?:找|问)上(?:级|面|一级)(?:领导)?",
    ),
    (
        "dispute",
        (
            r"(?:这个?|这次|对这个?)?(?:决定|结果|理由)?(?:不服气?|不接受|不认可|不认同|有异议|不合理|不合适|不公平)(?:这个?)?(?:决定|结果|理由)?"
            r"|(?:提出?|提交)?申诉(?:这个?决定|这件事?)?|(?:i )?(?:want to )?(?:appeal|object|disagree)"
        ),
    ),
    (
        "appeal",
        r"找(?:一?下)?(?:辅导员|导员|老师)(?:说说?|说明)?(?:情况)?|talk to (?:a |my )?(?:person|teacher|counselor)",
    ),
)
_WHOLE: Final = tuple((kind, re.compile(rf"{_BEFORE}(?:{core}){_AFTER}", re.IGNORECASE)) for kind, core in _CORES)


def read_dispute(words: str, *, named: bool) -> Dispute:
    """What a student wants done about a refusal: "dispute" that it is not accepted, "raise" a word to whoever is above,
    "refile" the same once more, "appeal" (only of a matter that is named) a word with a teacher; "" for all other words.

    words: without the number of a matter. named: whether one was named or quoted.
    """
    if len(words) > _LONGEST:
        return ""
    plain = unicodedata.normalize("NFKC", words).strip()
    found: Dispute = next((kind for kind, whole in _WHOLE if plain and whole.fullmatch(plain)), "")
    return "" if found == "appeal" and not named else found
