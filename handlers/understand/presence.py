"""Words that ask whether somebody is there (「王书记在吗」, 「有人吗」, "is anyone there"), and who."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from handlers.understand.absences import TITLES

_MOST: Final = 30
_BEFORE: Final = r"(?:你好|您好|老师好|请问一?下?|想问一?下?|问一?下|那个|喂|hello|hi|[\s,，.。!！~～])*"
_NOW: Final = r"(?:现在|今天|今晚|这会儿?|此刻|还|都|会|人)*"
_AFTER: Final = r"(?:[\s,，.。!！?？~～]|啊|呀|呢|吗|么|嘛|没|急事?|老师)*"
_THERE: Final = re.compile(
    rf"{_BEFORE}(?P<who>[^\s,，.。!！?？在有没]{{0,10}}?){_NOW}(?:在(?:不在|吗|么|嘛|不|没|没在)|在(?:办公室|线上?|学校|单位|岗|值班)(?:吗|么|嘛|不|没)){_AFTER}"
    rf"|{_BEFORE}{_NOW}(?:有没有|有)(?:活)?(?P<any>人|老师|辅导员|值班老师|值班的)(?:在|值班|啊)*(?:吗|么|嘛|不|没有)?{_AFTER}"
    r"|(?:hi|hello|hey|excuse me|[\s,.!])*(?:is|are)\s+(?:there\s+)?(?P<en>[a-z.'’ -]{2,30}?)\s+(?:there|in|here|around|available|at (?:the |his |her )?office)"
    r"(?:\s+(?:now|today|right now))?[\s.?!]*|(?P<en_any>any(?:one|body))\s+(?:there|here|home)[\s.?!]*",
    re.IGNORECASE,
)
_ANYBODY: Final = frozenset({"老师", "辅导员", "导员", "我辅导员", "我的辅导员", "我导员", "我们老师", "我们辅导员", "值班老师", "书记", "领导", "人",
                             "真人", "客服", "人工", "班主任", "我的老师", "学院老师", "老师们"})  # fmt: skip
_ANY_ENGLISH: Final = re.compile(
    r"(?:any(?:one|body)|some(?:one|body)|a (?:person|human|teacher)|(?:the|my) (?:teacher|counsell?or))", re.IGNORECASE
)
_NAME: Final = re.compile(r"(?:mr|ms|mrs|dr|prof|professor|secretary|director|dean|teacher)\b", re.IGNORECASE)


def asks_there(words: str) -> str | None:
    """Who is asked for: somebody called by name and title, "" for anybody; None for other words.

    「在吗」 alone is a greeting, and a name without a title may be a friend's.
    """
    plain = unicodedata.normalize("NFKC", words).strip()
    found = _THERE.fullmatch(plain) if 0 < len(plain) <= _MOST else None
    if found is None:
        return None
    english = found["en"] or found["en_any"]
    if english:
        name = english.strip()
        return "" if _ANY_ENGLISH.fullmatch(name) else name if _NAME.match(name) else None
    who = "人" if found["any"] else (found["who"] or "")
    if who in _ANYBODY:
        return ""
    return who if who.endswith(TITLES) and len(who) > 2 else None


_WANTED: Final = re.compile(
    rf"{_BEFORE}(?:老师|我|想要?|要|需要|麻烦|帮我?|请|可以|能|直接|转接?|再)*"
    r"(?:找|问|联系|咨询|请教|转给?|转接|发给|留言给|给(?=.*(?:留言|写)))(?:一下|一?问|到|下)?"
    rf"(?P<who>[^\s,，.。!！?？]{{2,10}}?)(?:留个?言|写封?信|聊聊|说(?:点|件|个)?事|谈谈|问?(?:点|个|一?件|一?个)事情?|有事|一下){{0,2}}{_AFTER}"
    r"|(?:hi|hello|[\s,.!])*(?:(?:i(?:'d like| want| need) to|can i|please)\s+)?(?:talk to|speak (?:to|with)|ask|contact|find|reach)\s+(?P<en>[a-z.'’ -]{3,30}?)(?:\s+please)?[\s.?!]*",
    re.IGNORECASE,
)


def wants(words: str) -> str | None:
    """Whom of staff somebody wants to speak to, by name and title, with nothing else said (「找韩老师」, "talk to Ms Han").

    None for other words, also for 「找老师」, which names nobody.
    """
    plain = unicodedata.normalize("NFKC", words).strip()
    found = _WANTED.fullmatch(plain) if 0 < len(plain) <= _MOST else None
    if found is None:
        return None
    name = (found["who"] or found["en"] or "").strip()
    if found["en"]:
        return name if _NAME.match(name) and " " in name else None
    return name if name.endswith(TITLES) and name not in _ANYBODY and len(name) > 2 else None
