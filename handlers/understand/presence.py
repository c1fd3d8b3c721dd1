"""Words that ask whether somebody is there (「王书记在吗」, 「李雷在校吗」, "is anyone there"), who, and why a student is away."""

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


_OF_STUDENT: Final = re.compile(
    r"(?:请问|老师|查一?下|看一?下|[\s,，])*(?P<who>(?!我|你|您|他|她|它|谁|哪|有|人|老师|学生|同学|大家|今天|明天|现在)[一-鿿·]{2,8}?)(?:同学)?"
    r"(?:今天|今晚|现在|目前|这会儿?|此刻|人|是|还|[\s,，])*"
    r"(?:(?:在|不在)(?:学校|校|校内|宿舍|寝室|楼里)?(?:吗|么|没有?|不)|在不在(?:学校|校内?|宿舍|寝室)?|是不是(?:不在|在)?(?:学校|校|请假|离校)了?|在(?:请假|休假|离校)(?:中|期间)?(?:吗|么)"
    r"|(?:人)?(?:在|去了?)(?:哪(?:里|儿)?|什么地方)|去哪(?:里|儿)?了|有没有(?:请假|离校|在校|回来|返校)|(?:离校|出校|回来|返校|到校|销假)(?:了)?(?:吗|么|没有?))[\s?？。]*"
    r"|(?:is\s+)?(?P<en>[A-Za-z][A-Za-z.'’ -]{1,30}?)\s+(?:here|on campus|away|on leave)(?:\s+(?:now|today))?\s*\?",
    re.IGNORECASE,
)


def asks_of_student(words: str) -> str:
    """The name in 「李雷在校吗」, 「李雷在哪」: whoever is asked to be here; "" for other words. Whether that is a student's name
    is not decided here."""
    plain = unicodedata.normalize("NFKC", words).strip()
    found = _OF_STUDENT.fullmatch(plain) if 0 < len(plain) <= _MOST else None
    return (found["who"] or found["en"]).strip() if found else ""


_ASKED_WHY: Final = r"(?:为什么|为啥|为何|怎么(?!样|请)|因为(?:什么|啥)|(?:什么|啥)(?:原因|理由|事))"
_WHY_AWAY: Final = re.compile(
    r"(?:请问|老师|查一?下|看一?下|问一?下|[\s,，])*"
    r"(?P<who>(?!我|你|您|他|她|它|谁|哪|有|人|老师|学生|同学|大家|学校|今天|昨天|明天|现在|为|因|怎|什|啥|能|可|请)[一-鿿·]{2,4}?)(?:同学)?"
    rf"(?:(?:今天|昨天|这次|这几天|最近|到底|是|又|的)*{_ASKED_WHY}(?:事|要|会|又|去)*(?:请|休)(?:了|的)*(?:这(?:次|个))?(?:[病事公丧]?假)(?:了|的|啊|呢)*"
    r"|(?:这次|今天|最近)?(?:请|休)(?:的|了)*(?:是)?(?:什么|啥|哪种|哪一?类)假(?:啊|呢)?"
    r"|(?:这次)?(?:请假|的请?假|请的假)(?:的)?(?:具体)?(?:事由|原因|理由)(?:是)?(?:什么|啥)?(?:呢|啊)?)[\s?？。]*"
    r"|why (?:is|was|did)\s+(?P<en>[A-Za-z][A-Za-z.'’ -]{1,30}?)\s+(?:on leave|away|(?:take|ask for) leave)[\s?]*",
    re.IGNORECASE,
)


def asks_why_away(words: str) -> str:
    """The name in 「李雷为什么请假」, 「李雷请的什么假」: whose reason somebody wants to know; "" for other words."""
    plain = unicodedata.normalize("NFKC", words).strip()
    found = _WHY_AWAY.fullmatch(plain) if 0 < len(plain) <= _MOST else None
    return (found["who"] or found["en"]).strip() if found else ""
