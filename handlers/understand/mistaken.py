"""Words by which somebody says that the last press was a slip: 「按错了」, 「我还没回来」, 「不撤回了」."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

Slip = Literal["", "any", "back", "withdraw"]
_LONGEST: Final = 40  # a longer message tells of something of its own
_BEFORE: Final = (
    r"(?:(?:说|发|按|点|弄|搞|写)错了?|老师|你好|不好意思|对不起|抱歉|哎呀?|啊呀?|呃|额|嗯|糟了?|完了|等等|等一下|刚刚?才?|刚才|我|是|可能|好像|其实|又|不小心|真的|都|还"
    r"|sorry|oops|wait|no|i|it|that|was|just|actually|,|[\s，。.!！~～])*"
)
_AFTER: Final = r"(?:(?:刚才|刚刚|我|是)*(?:说|发|按|点|弄|搞|写)错|了|啦|的|吧|啊|呀|哦|呢|按钮|按键|键|那个|这个|刚才|一下|撤销|撤回|老师|谢谢|sorry|please|pls|now|[\s,，。.!！~～])*"
_PRESS: Final = r"[按点戳碰摁]"
_CORES: Final[tuple[tuple[Slip, str], ...]] = (
    (
        "back",
        (
            r"(?:撤销|取消|撤回|收回|作废)(?:我的|刚刚?才?的?|刚才的?|这次的?)*销假|销假(?:是)?(?:我)?(?:不小心)?(?:按|点|发|弄|搞|说)错"
            r"|不(?:是|要|想要?|该)?销假|没(?:有)?(?:要|想)?销假|恢复(?:我的|刚才的?|这个)*(?:请假|假期|假)"
            r"|(?:人)?(?:还)?没(?:有)?(?:回|返|到)(?:来|校|学校|宿舍)|(?:人)?还在外面"
            r"|(?:am|'?m)?\s*not\s*back(?:\s*yet)?|undo\s*(?:the\s*|my\s*)?(?:return|sign[\s-]*in)"
        ),
    ),
    (
        "withdraw",
        (
            r"(?:撤销|取消)(?:我的|刚刚?才?的?|刚才的?|这次的?)*撤回|撤回(?:是)?(?:我)?(?:不小心)?(?:按|点|发|弄|搞|说)错"
            r"|(?:不|别)(?:想|要|用|该)?撤(?:回|销)?|恢复(?:我的|刚才的?|原来的?|这个|那个)*(?:申请|报修|信|单子?)"
            r"|(?:不|没)(?:是|有)?(?:要|想要?)撤回|(?:don'?t|do\s*not)\s*withdraw(?:\s*it)?|un-?withdraw|undo\s*(?:the\s*|my\s*)?withdrawal"
        ),
    ),
    (
        "any",
        (
            rf"{_PRESS}(?:错|到|多|早|偏)|{_PRESS}(?:得|的)?太快|误(?:触|点|按|操作|碰)|手(?:滑|快|抖|误)|不小心{_PRESS}?(?:到|错)?"
            r"|(?:撤销|取消|收回)(?:刚才|刚刚|上一步|上一个|这一步)(?:的|那)?(?:一步|操作|动作)?"
            r"|(?:pressed|tapped|clicked|hit|did)\s*(?:(?:it|that|this)\s*)?(?:the\s*wrong\s*(?:button|one|thing)|by\s*(?:mistake|accident)|wrong)"
            r"|mis-?(?:click|tap|press)(?:ed)?|(?:a\s*|my\s*)mistake|an\s*accident|wrong\s*button|by\s*(?:mistake|accident)|undo\s*that"
        ),
    ),
)
_WHOLE: Final = tuple((slip, re.compile(rf"{_BEFORE}(?:{core}){_AFTER}", re.IGNORECASE)) for slip, core in _CORES)
# Cheap, and asked of every message: one of these stands in all of the above.
_HINT: Final = re.compile(
    r"错|误|手[滑快抖]|不小心|销假|没|撤|恢复|取消|收回|作废|还在外面|[按点戳碰摁]|back|undo|mis|accident|wrong|withdraw",
    re.IGNORECASE,
)


def says_slip(words: str) -> Slip:
    """What words take back that say nothing else: "back" a return, "withdraw" a withdrawal, "any" whatever was last; ""
    for all other words."""
    if not words or len(words) > _LONGEST or not _HINT.search(words):
        return ""
    plain = unicodedata.normalize("NFKC", words).strip()
    return next((slip for slip, whole in _WHOLE if whole.fullmatch(plain)), "")


_RESTORE: Final = re.compile(
    r"(?:老师|请|麻烦|帮我|我?[想要]+|把|将|给|[\s,，:：])*(?:恢复|restore)(?:一下|了|吧|它|please|[\s。.!！~～])*",
    re.IGNORECASE,
)


def says_restore(words: str) -> bool:
    """Whether words beside a number say no more than 「恢复」, whichever end is to be taken back."""
    return len(words) <= _LONGEST and _RESTORE.fullmatch(unicodedata.normalize("NFKC", words)) is not None


def names_end(words: str) -> bool:
    """Whether words name a return or a withdrawal (「销假按错了」), so that nothing else can be meant."""
    return re.search(r"销假|撤", words) is not None


def says_withdraw(words: str) -> bool:
    """Whether words begin with the word that withdraws (「撤回」), and not with the one that undoes (「撤销」)."""
    return words.strip().startswith("撤回")


def names_restore(words: str) -> bool:
    """Whether words name restoring (「恢复申请」), whatever is to be restored."""
    return re.search(r"恢复|\brestore\b", words, re.IGNORECASE) is not None
