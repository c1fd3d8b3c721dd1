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
        (
            r"(?:向|跟|给|找)(?:上面|上级|上一级|领导|学院|学校|院里|校里)?的?(?:领导|老师|书记)?(?:反映|反应|申诉|投诉)(?:一?下|情况|这个?决定)*|向上反[映应]|(?:找|问)上(?:级|面|一级)(?:领导)?"
            r"|向[^\s,，。向]{1,4}?(?:老师|书记|主任|[院部处科校]长)(?:反映|反应|申诉)(?:一?下|情况|这个?决定)*|write to [a-z][a-z .'’-]{1,40}"
        ),
    ),
    (
        "dispute",
        (
            r"(?:这个?|这次|这样|对这个?|你们|老师|学校)?(?:的)?(?:决定|结果|理由|处理|做法)?(?:是|也|真|太|很|根本|完全|实在|就|觉得|一点都?)*"
            r"(?:不服气?|不接受|不能接受|不认可|不认同|不同意(?=这|你们|决定|结果)|有异议|不合理|不合适|不公平?|不公正|没道理|不讲道理|欺负人)(?:这个?|你们的?)?(?:决定|结果|理由|处理)?"
            r"|(?:提出?|提交|进行)?申诉(?:这个?决定|这件事?|一下|权)?|(?:i )?(?:want to )?(?:appeal|object|disagree)"
            r"|(?:应该|该)?(?:找|向|跟|去)?(?:谁|哪里?|哪个部门)(?:能|可以|去)*(?:申诉|说理|评理)|(?:怎么|如何|怎样)(?:去|能|可以)*申诉"
            r"|凭(?:什么|啥)(?:就|都|要|说)*(?:不?(?:同意|批准?|通过|给?批|让(?:我)?(?:请假|走|去|回家?)|准假?|行|给)|驳回|拒绝|这样)?(?:我|我的(?:假|申请))*"
        ),
    ),
    (
        "appeal",
        r"找(?:一?下)?(?:辅导员|导员|老师)(?:说说?|说明)?(?:情况)?|talk to (?:a |my )?(?:person|teacher|counselor)",
    ),
)
# Most words are none of them, and learn it by one look.
_ANY: Final = re.compile(rf"{_BEFORE}(?:{'|'.join(core for _, core in _CORES)}){_AFTER}", re.IGNORECASE)
_WHOLE: Final = tuple((kind, re.compile(rf"{_BEFORE}(?:{core}){_AFTER}", re.IGNORECASE)) for kind, core in _CORES)
# Said of a refusal only where the matter is named: else it is of an answer that did not help.
_UNSOLVED: Final = re.compile(
    rf"{_BEFORE}(?:问题|事情|这件事|根本|并|还是|还)*(?:没有?|未|不能?)解决(?:问题|啊)?{_AFTER}"
)
_PARTS: Final = re.compile(r"[,，。;；!！?？]+")


def read_dispute(words: str, *, named: bool) -> Dispute:
    """What a student wants done about a refusal: "dispute" that it is not accepted, "raise" a word to whoever is above,
    "refile" the same once more, "appeal" (only of a matter that is named) a word with a teacher; "" for all other words.

    words: without the number of a matter. named: whether one was named or quoted.
    """
    if len(words) > _LONGEST:
        return ""
    plain = unicodedata.normalize("NFKC", words).strip()
    if named and _UNSOLVED.fullmatch(plain):
        return "dispute"
    found = _read_whole(plain)
    parts = [] if found else [_read_whole(part.strip()) for part in _PARTS.split(plain) if part.strip()]
    if len(parts) > 1 and all(parts):
        # 「凭什么不批，我要向领导反映」 says twice that it is not accepted, and once what is wanted.
        found = next((part for part in parts if part != "dispute"), "dispute")
    return "" if found == "appeal" and not named else found


def _read_whole(words: str) -> Dispute:
    """What words want that say nothing else; "" for none."""
    if not words or _ANY.fullmatch(words) is None:
        return ""
    return next(kind for kind, whole in _WHOLE if whole.fullmatch(words))
