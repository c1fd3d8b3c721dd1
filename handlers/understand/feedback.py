"""Words → that somebody presses for an answer, that it helped after all, or how many of five stars it is worth."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

_LONGEST: Final = 40  # a longer message tells of something of its own
_URGES: Final = re.compile(
    r"^(?:老师|你好|您好|请问?|麻烦|能不能|可以|可不可以|帮我|帮忙|再|那个|很?急(?:用|事)?|着急|我的?(?:申请|报修|假条?|事情?)?|[\s,，.。!！?？])*"
    r"(?:催一?催|催(?:一下|下|办|单)?|加急(?:一下)?|快(?:一?点|些)(?:给我)?(?:处理|办|回复|答复|批|审批?|修|弄|看)?|(?:赶紧|赶快|尽快|快)(?:帮我|给我)?(?:处理|办|回复|答复|批|审批?)(?=一下|下|吧|了|[\s。!！]*$)|早(?:一?点|些)(?:给我)?(?:处理|办|回复|答复|批|审批?)"
    r"|(?:怎么|为什么|为啥|咋)(?:一直|到现在|这么久)?(?:还|都)?(?:是)?没(?:有)?(?:人)?(?:处理|办|回复|回|答复|审批|批|消息|动静|结果|理|管|来)(?:我|好|完)?)"
    r"(?:了|啊|呀|呢|吗|嘛|吧|一下|下|我|好|完|[\s,，.。!！?？~～])*$"
    r"|^(?:please\s+)?(?:hurry(?:\s+up)?|any\s+(?:news|update|progress)|still\s+waiting|urge|remind\s+(?:them|him|her|the\s+teacher))[\s.!?]*$",
    re.IGNORECASE,
)
_STANDS: Final = re.compile(
    r"(?:现在|目前)?(?:是|该|归|轮到|到了?|在)?谁(?:在|来|那儿?|手[里上])?(?:处理|办理?|管|负责|批|签字?|审批?|经手|跟进|手[里上])"
    r"|(?:轮到|到|归|在)谁(?:了|那|手|签|批|审|管|办)|(?:到|走到|办到|批到|处理到)(?:哪|什么)(?:一?步|里|儿|个?环节|阶段|地步)?了?"
    r"|(?:什么时候|多久|啥时候|几时|哪天)(?:才|能|会|可以|来|给)*(?:好|修|批|办|处理|解决|弄|审|有结果|有人|回复|答复)|还要?(?:等)?多久"
    r"|(?:怎么|为什么|为啥|咋)(?:一直|到现在|这么久)?(?:还|都)?(?:是)?(?:没|不)(?:有)?(?:人)?(?:来|修|处理|办|批|弄|解决|回)"
    r"|有(?:没有)?人(?:在)?(?:管|处理|修|看|办|跟进)(?:吗|没|么|了吗)?|进度|进展|(?:处理|办|修|批|弄|审)得?怎么?样|批了(?:吗|没|么)"
    r"|\bwho\s+(?:is\s+)?(?:handling|working on|dealing with|has)\b|\b(?:status|progress)\b|how long (?:will|does|until)|\bwhen will\b",
    re.IGNORECASE,
)
_HELPED: Final = re.compile(
    r"^(?:老师|谢谢|多谢|感谢|嗯+|是的?|对|已经|都|全|现在|[\s,，.。!！])*"
    r"(?:(?:解决|弄|修|搞|办|处理)(?:好|完)?了|好了|可以了|没问题了?|没事了|恢复了|正常了|有了|fixed|solved|works?(?:\s+now)?|all\s+good)"
    r"(?:谢谢(?:老师)?|多谢|感谢|辛苦了|啦|呀|哈|[\s,，.。!！~～])*$",
    re.IGNORECASE,
)
_NO: Final = re.compile(
    r"^(?:还?没有?(?:呢|啊)?|不行|没用|no|not\s+yet|nope)[\s,，.。!！~～]*$", re.IGNORECASE
)  # an answer only where it was asked
_UNIT: Final = r"(?:分|星|颗星|stars?|points?|[/／]\s*5)"
_STARS: Final = re.compile(
    rf"^\s*[（(]?\s*(?:([0-9]{{1,3}})\s*{_UNIT}?|([一二三四五两])\s*{_UNIT})(?![0-9年月日号点楼天个分钟])[\s,，.。:：;；!！)）]*"
)
_NAMED: Final = (
    ("非常不满意", 1), ("很不满意", 1), ("非常满意", 5), ("很满意", 5), ("不太满意", 2), ("不满意", 2), ("比较满意", 4), ("满意", 4),
    ("一般", 3), ("好评", 5), ("差评", 1), ("very dissatisfied", 1), ("very satisfied", 5), ("dissatisfied", 2),
    ("satisfied", 4), ("neutral", 3),
)  # fmt: skip
_DIGITS: Final = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}


def urges(words: str) -> bool:
    """Whether the words press for an answer and say nothing else (「催一下」, 「怎么还没人处理」)."""
    return len(words) <= _LONGEST and _URGES.search(unicodedata.normalize("NFKC", words).strip()) is not None


def asks_how_it_stands(words: str) -> bool:
    """Whether the words ask who has a matter, how far it is or when it will be done (「我的报修谁在处理」)."""
    return len(words) <= _LONGEST and _STANDS.search(unicodedata.normalize("NFKC", words)) is not None


def says_helped(words: str) -> bool:
    """Whether the words say that it is all right now (「好了，谢谢」), as an answer to whether it is."""
    return len(words) <= _LONGEST and _HELPED.search(unicodedata.normalize("NFKC", words).strip()) is not None


def says_no(words: str) -> bool:
    """Whether the words are a bare no (「没有」), as an answer to whether it is solved."""
    return _NO.search(unicodedata.normalize("NFKC", words).strip()) is not None


def read_stars(words: str) -> tuple[int | None, str]:
    """The stars at the beginning of words (「5 很快」, 「四星」, 「不满意，拖了三天」) as said, and the words after them.

    None, with all the words, where none stand there. A number that is no rating (6, 0) is given as it is.
    """
    plain = unicodedata.normalize("NFKC", words).strip()
    found = _STARS.match(plain)
    if found:
        said = found[1] or found[2]
        return _DIGITS.get(said) or int(said), plain[found.end() :].strip()
    for name, stars in _NAMED:
        if plain.lower().startswith(name):
            return stars, plain[len(name) :].strip(" ,，.。:：;；!！了的")
    return None, words.strip()


_RATING: Final = re.compile(
    r"^\s*(?:我?(?:想|要)?(?:来|给)?(?:你们?|老师|这次)?(?:打个?分|评个?分|评价|满意度|评|打|给)(?:一下)?(?:个|了|是|为)?|(?:i(?:\s+would)?\s+)?(?:rate|give)(?:\s+it)?\b)"
    r"[\s,，.。:：]*(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
# Points that are given behind a word of praise or blame (「一般般，给2分」).
_GIVEN: Final = re.compile(
    rf"(?:我?(?:就|只|想|还是|最多)?(?:给|打|评)(?:个|了|你们|老师|师傅|他们)?)\s*(?P<stars>[1-5]|[一二三四五两])\s*{_UNIT}(?![0-9钟之]|以)",
    re.IGNORECASE,
)
_NAMES_IT: Final = re.compile(r"打分|评分|评价|满意度|rate", re.IGNORECASE)
_TOLD: Final = re.compile(r"[?？]|吗|什么|怎么|请假|报修|[号楼栋室]")
_MARKS: Final = " ,，.。:：;；!！~～吧"
_REST: Final = 20  # characters after bare stars; more tells of something of its own


class Rating(NamedTuple):
    """What words say of how it was: the stars (None for none), the words after them, and whether rating is named."""

    stars: int | None
    rest: str
    named: bool


def says_stars(words: str) -> bool:
    """Whether words name stars or points by their unit (「5星」, "4 stars")."""
    return re.search(r"[星分]|stars?\b", words, re.IGNORECASE) is not None


def read_rating(words: str) -> Rating:
    """A rating that names no matter: 「5」, 「5星」, 「打5分」, 「给个五星」, 「评分 5」, "rate 5", 「满意」, or a bare 「评价」.

    named: the words themselves say that they rate; bare stars are a rating only where it was asked for.
    """
    plain = unicodedata.normalize("NFKC", words[:200]).strip()
    given = _GIVEN.search(plain)
    if given and given.start() and len(plain) <= _LONGEST and not _TOLD.search(plain):
        rest = " ".join(filter(None, (plain[: given.start()].strip(_MARKS), plain[given.end() :].strip(_MARKS))))
        return Rating(_DIGITS.get(given["stars"]) or int(given["stars"]), rest, True)
    found = _RATING.match(plain)
    inner = found["rest"] if found else plain
    stars, rest = read_stars(inner)
    if stars is None or len(rest) > _REST or _TOLD.search(rest):
        bare = found is not None and not inner and _NAMES_IT.search(plain) is not None
        return Rating(None, "", bare)
    return Rating(stars, rest, found is not None)


_LETTER: Final = re.compile(
    r"信(?!息|号|用|任)|建议|意见|投诉|反映|留言|反馈|\b(?:letters?|complaints?|suggestions?)\b", re.IGNORECASE
)


def names_letter(words: str) -> bool:
    """Whether words speak of a letter, a complaint or a suggestion (「建议多久会有回音」), and not only of waiting."""
    return _LETTER.search(words) is not None
