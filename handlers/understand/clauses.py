"""From a sentence to the clause that says why, or to the letter that it holds; nothing where it only names the service."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from handlers.understand.language import has_chinese

_END: Final = re.compile(r"[,，。;；!！?？\n]+")
# 「因…」 up to the end of its clause, or up to where the asking begins.
_CAUSE: Final = re.compile(
    r"(?:因为|由于|(?<![原起])因(?![此而])|原因是|事由是)\s*(?P<why>[^,，。;；!！?？\n]{2,60}?)\s*"
    r"(?:(?=想(?:要|跟您|向您|和您)?(?:请|申请))|(?=(?:需要?|要|特|现|拟|故|所以|因此|希望|打算)(?:向|此|请|申请|您|于|在|跟))|(?=申请|特向|请(?!客|教)|故(?![障乡事]))|[,，。;；!！?？\n]|$)"
)
_COURTESY: Final = re.compile(
    r"^(?:尊敬的|敬爱的|亲爱的).*|.*(?:望|请|恳请|希望|敬请|盼|求|麻烦)(?:您|老师|领导)?(?:能)?(?:予以)?(?:批准|准许|准假|同意|批一下|批假|谅解|审批|通过).*|^(?:老师|您|你)?好.{0,4}$|.*老师[您你]?好.*"
    r"|^(?:我|本人)(?:是|叫).{0,24}(?:班|级|专业|学院|学号|同学|的).*|^(?:特|现|兹|此).{0,3}(?:向您?|此)?.{0,4}(?:申请|请假).*|^(?:谢谢|感谢|麻烦|辛苦|此致|敬礼).*"
    r"|^(?:请假人|申请人|姓名|学号|班级|日期).*|^(?:我|本人)?(?:想|要)?(?:向您?|跟您?)?(?:请|申请)(?:个|一个|一下)?.{0,3}假?$"
)
# 「我爸住院了」 is told of 我爸: whoever is named so loses no 我.
_KIN: Final = r"[爸妈爷奶姥叔舅姑姨伯婶嫂哥姐弟妹父母爹娘]|外[婆公祖甥]|老[爸妈公婆爹娘]|[男女](?:朋友|儿|友)|(?:室|舍)友|同学|朋友|对象|儿子|导师|[表堂][哥姐弟妹兄]"
_ENDS: Final = re.compile(
    rf"^(?:[\s、]|我们?(?!{_KIN})|本人|还?想|还要|需要|得|要|会|就|再|也|都|今天|全天|一整天|一天|两天|半天|请[个了]?假|请了?|的|因为|由于|是|for |because |to |i |need |want )+"
    r"|(?:[\s、]|的|了吗|吧|呢|哈|请[个了]?假|请|一天|全天|所以|因此|回头|过后)+$",
    re.IGNORECASE,
)
_HOLLOW: Final = re.compile(
    r"[我你您他她它的了吧呢吗啊呀还也再就都要想会得请假走回来去到从至在是有不没能可以这那个一天下上行好,，。\s]*"
)
_LATIN: Final = re.compile(
    r"(?:\b(?:i|i'm|im|will|be|is|am|want|need|would|like|to|a|an|the|my|for|on|in|at|of|and|leave|request|ask|please|off|day|days|from|until|some|take|have|also|again|more)\b|[\W_])*",
    re.IGNORECASE,
)
_FOR: Final = re.compile(
    r"^(?:can|could|may|might) i\b.*?\b(?:for|because(?: of)?|due to|to) (?P<why>.+)$", re.IGNORECASE
)
# A clause that only says that a letter or a suggestion is to be written.
_WRITING: Final = re.compile(
    r"^(?:老师好?|你好|您好|我|想|要|需要|可以|能|能不能|可不可以|请问|帮我|麻烦|打算|准备|希望|[\s])*(?:(?:给|向|跟|对|和)[^,，。;；]{0,10}?)?"
    r"(?:写|提|发|寄|反映|投诉|说|反馈)(?:上|交|出)?(?:一?[封个点些条下件])?(?:信|信件|建议|意见|想法|问题|情况|事|事情|诉求|反馈)?(?:吗|吧|了|可以吗|行吗)?$"
    r"|^(?:hi|hello|[\s,.]|i|i'd|would|want|like|need|to|can|could|please)*(?:write|send|make|give|leave)\b[^,.;]{0,20}\b(?:letter|suggestion|feedback|complaint|message)s?\b(?: (?:to|for) [\w ]{1,40})?$",
    re.IGNORECASE,
)


def reason_in(words: str, left: str) -> str:
    """The clause that says why. words: the whole sentence; left: what is left of it without time, names and options.

    A clause after 「因为」 goes before all others; of the rest only what says something of its own counts, and no
    greeting, name, or asking for approval. "" where nothing is clean: then it is asked.
    """
    plain = unicodedata.normalize("NFKC", words)
    if not has_chinese(plain):
        told = _FOR.search(left)
        left = told["why"] if told is not None else left
        return "" if _LATIN.fullmatch(left) else left
    told = _CAUSE.search(plain)
    if told is not None:
        why = _clean(told["why"])
        if why:
            return why
    clauses = [_clean(clause) for clause in _END.split(left) if not _COURTESY.match(clause.strip())]
    return "，".join(clause for clause in clauses if clause)


def letter_in(words: str) -> str:
    """The words of a letter without a first clause that only says that one is to be written; "" for nothing else."""
    parts = _END.split(words.strip(), maxsplit=1)
    if not _WRITING.match(parts[0].strip()):
        return words
    return parts[1].strip() if len(parts) > 1 else ""


def _clean(clause: str) -> str:
    """A clause without its ends, "" where nothing but small words is left."""
    previous = None
    while clause != previous:
        previous, clause = clause, _ENDS.sub("", clause)
    return "" if len(clause) < 2 or _HOLLOW.fullmatch(clause) else clause


_ERRAND: Final = re.compile(
    r"(?:我|是|要|想|得|需要|因为|打算|准备|去|来|回家|出去|陪(?:妈妈|爸爸|同学|朋友|室友)?){0,4}"
    r"(?:看|办|买|拿|取|接|送|考|做|修|搬|探|见|领|交|面试|体检|复查|拔|参加|旅游|旅行|聚餐|聚会|婚礼|结婚|比赛|补办|照顾|理发|报名|签证|发烧|感冒|生病|头疼|肚子疼|回家|有事)"
    r"[一-鿿]{0,14}[。.!！]?",
)
_NO_ERRAND: Final = re.compile(r"不|没|什么|怎么|哪|吗|呢|看看|情况|再说|随便|买单|看着|看你")


def tells_why(words: str) -> bool:
    """Whether short words are plainly an errand or an ailment (「看牙」, 「办事」), and nothing that is said to the bot."""
    plain = words.strip()
    return len(plain) <= 20 and _ERRAND.fullmatch(plain) is not None and _NO_ERRAND.search(plain) is None


_OVER: Final = re.compile(
    r"上个?(?:周|星期|礼拜|月)|昨[天日晚]|前天|大前天|前几天|没来得及|来不及补|忘(?:了|记)(?:请|补|说|提)|补(?:假|请|个假|一下|交|上|办)|没(?:有)?请假|当时|那天"
    r"|\b(?:yesterday|last (?:week|month|\w+day)|forgot to|did ?n.?t (?:ask|apply)|was (?:ill|sick))\b",
    re.IGNORECASE,
)


def says_over(words: str) -> bool:
    """Whether words say of the time in them that it is over (「上周四没来得及请」)."""
    return _OVER.search(words) is not None
