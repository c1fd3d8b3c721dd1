"""What a dormitory keeper asks and says: who is not back (「楼里谁没回来」), and that somebody is (「已回 QJ-2606-0001」)."""

from __future__ import annotations

import re
from typing import Final

from handlers.understand.orders import read_number

_WHO: Final = re.compile(
    r"(?:楼里?|本楼|楼上|宿舍|寝室|今晚|现在|今天|还有|我们?楼|[\s,，])*(?:谁|哪些人?|哪个|哪几个|有谁|多少人)(?:学生|同学|人)?(?:还|今晚|现在)*(?:没有?|未)(?:回来?|到|归|返校|销假)(?:的|了)?"
    r"|(?:没|未)(?:回来?|归|返校|销假)(?:的)?(?:名单|学生|同学|人|有谁)|晚归名单"
    r"|who(?:\s+is|'s)?\s+(?:still\s+)?(?:not\s+back|missing|away)(?:\s+yet)?",
    re.IGNORECASE,
)
_BACK: Final = re.compile(r"^(?:人)?(?:已经?)?(?:回来?了?|已回|到了|在楼里)|^back\b|^is back\b", re.IGNORECASE)


def asks_who(words: str) -> bool:
    """Whether the words ask who has not come back."""
    return _WHO.fullmatch(words.strip(" ?？。.!！吗呢")) is not None


def says_back(words: str) -> str:
    """The number of the leave in 「已回 QJ-2606-0001」, "" where the words say nothing of the kind."""
    return read_number(words) if _BACK.match(words) else ""


# A pronoun, the speaker, or nobody by name: what they say of themselves, or a question.
_NOBODY: Final = re.compile(
    r"^(?:我|俺|本人|你|您|他|她|它|咱|大家|学生|同学|人|老师|谁|哪|都|全|i|he|she|they|who|everybody|everyone)",
    re.IGNORECASE,
)
_NAMED_BACK: Final = re.compile(
    r"^(?P<who>[^\s,，。?？吗呢没未不]{1,24}?(?:[、,，和跟与及\s]+[^\s,，。?？吗呢没未不]{1,24}?){0,9})\s*"
    r"(?:同学|的人|的学生|寝室|宿舍|室|房间)?\s*(?P<all>都|全都?|全部)?(?:已经?|刚刚?|刚才|现在|也|都)*"
    r"(?:回来|回校|返校|回宿舍|回寝室?|回楼|归寝|到校|到宿舍|到楼里|销假)(?:了|啦|咯|过了)[\s。.!！~～]*$"
    r"|^(?P<name>[A-Za-z][A-Za-z.'’ -]{1,30}?|\d{2,5})\s+(?:is|are|all)\s+(?:all\s+)?back[\s.!]*$",
    re.IGNORECASE,
)
_WRONG: Final = r"(?:(?:我|是|刚才|刚刚|不好意思|抱歉)*(?:登记|记|点|按|弄|搞|说|报|看|写|销)错(?:人)?(?:了|啦)?)"
_NOT_BACK: Final = r"(?:同学)?(?:其实|现在|并|都|还|也|人)*(?:没有?|未)(?:回来?|返校|归寝|到校?|销假)(?:呢|啊|的)?"
_END: Final = r"[\s,，。.!！~～]*"
_UNBOOKED: Final = re.compile(
    rf"(?P<who>[^\s,，。?？谁没未]{{2,24}}?){_NOT_BACK}{_END}{_WRONG}?{_END}"
    rf"|{_WRONG}{_END}(?P<then>[^\s,，。?？谁没未]{{0,24}}?)(?:{_NOT_BACK})?{_END}"
    r"|(?P<english>[A-Za-z][A-Za-z.'’ -]{1,30}?|\d{2,5})\s+(?:is|are)\s*(?:n['’]?t|\s+not)\s+back(?:\s+yet)?[\s.!]*"
)
# What staff do for whoever cannot say it: 「给李雷销假」, 「帮李雷、韩梅梅销一下假」, 「把李雷的假销了」. A number after 代 opens a page.
_FOR_NAMED: Final = re.compile(
    r"(?:请|麻烦|先|我来?|[\s,，])*(?:给|帮|替|为|代)(?P<who>(?!\d)[^\s,，。?？吗呢没未不]{2,24}?(?:[、,，和跟与及\s]+[^\s,，。?？吗呢没未不]{2,24}?){0,9})(?:同学|他们|他|她|们)?"
    r"\s*(?:办理?一?下?|登记一?下?|做一?下?|点一?下?|都)*\s*(?:销假|销一?下假|销了?假|把假销了?)(?:手续)?(?:了|吧|一下)?[\s。.!！~～]*"
    r"|(?:请|麻烦|先|我来?|[\s,，])*(?:把|将)?(?P<whose>[^\s,，。?？吗呢没未不]{2,24}?)(?:同学)?的(?:请?假|假条)(?:可以|就|都|给)?(?:销了?|销掉了?)(?:吧|一下)?[\s。.!！~～]*"
    r"|(?:mark|sign|book)\s+(?P<name>[A-Za-z][A-Za-z.'’ -]{1,30}?)\s+(?:as\s+)?(?:back|returned)(?:\s+in)?[\s.!]*",
    re.IGNORECASE,
)
_AND: Final = re.compile(r"[、,，和跟与及\s]+")


def names_back(words: str) -> tuple[str, ...]:
    """Who is said to be back by name or by room (「李雷回来了」, 「301都回来了」, 「李雷、韩梅梅到校了」), or is to be booked so
    (「给李雷销假」); () for other words."""
    asked = _FOR_NAMED.fullmatch(words.strip())
    if asked is not None:
        who = (asked["who"] or asked["whose"] or asked["name"]).strip()
        return () if _NOBODY.match(who) else tuple(dict.fromkeys(part for part in _AND.split(who) if part))
    found = _NAMED_BACK.match(words.strip())
    if found is None or _NOBODY.match(words.strip()):
        return ()
    if found["name"]:
        return (found["name"].strip(),)
    return tuple(dict.fromkeys(part for part in _AND.split(found["who"]) if part))


def takes_back(words: str) -> str | None:
    """Who is not back though that was booked (「李雷没回来，登记错了」), "" where nobody is named (「登记错了」); None for other
    words."""
    found = _UNBOOKED.fullmatch(words.strip())
    if found is None:
        return None
    who = (found["who"] or found["then"] or found["english"] or "").strip()
    return None if _NOBODY.match(who) else who
