"""Reads names out of a list of people: who is named, whether it is the whole class, and who of it is not meant."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

_PARTS: Final = re.compile(r"[\s,、;:。.()\[\]|/&+]+|以及|还有|\band\b")
_JOINTS: Final = re.compile(r"[和与跟及]")
_LATIN: Final = re.compile(r"[A-Za-z][A-Za-z'-]*(?: [A-Za-z][A-Za-z'-]*){1,3}")
_NAME: Final = re.compile(rf"[\u3400-\u9fff\U00020000-\U0003ffff·]{{2,15}}|{_LATIN.pattern}")
# What stands beside names in a list and is none: a post, a class, the head of a column.
_NO_NAME: Final = re.compile(r".*(?:[长队员院系班级业部组社师手补人单号名园楼]|比赛|参赛|参加|学生|同学|备注|电话)$")
_CALLED: Final = re.compile(r"^(?:我们?班的?|同学)|(?:同学|一起|参加|都去|去|等)$")
_WHOLE: Final = re.compile(
    r"^(?:我们|咱们|我|咱|本)?(?:班(?:里|上)?)?(?:的)?(?:全班|全体|所有|整个班|每个)(?:班?的?)?(?:同学|人|学生|成员)*(?:都|一起)?(?:去|参加)?$"
    r"|^(?:我们|咱们)班(?:都|一起)?(?:去|参加)?$|^(?:the )?whole class$"
)
_BUT: Final = re.compile(
    r"(?:,|，)?\s*(?:除了?|不含|不包括|减去|去掉|没有|but|except)\s*(.+?)(?:以外|之外|外|不去|都去|不参加)*$"
)


class Named(NamedTuple):
    """Who is named, in the order of the words; whether the whole class is; and who of it is left out."""

    names: tuple[str, ...]
    whole: bool
    but: tuple[str, ...]


def read_people(words: str) -> Named:
    """The names in words that are a list; what stands between them and is no name is one of them, to be asked about."""
    plain = unicodedata.normalize("NFKC", words).strip(" \n\t,、。.!")
    found = _BUT.search(plain)
    first = plain[: found.start()] if found else plain
    whole = _WHOLE.fullmatch(first.strip(" ,的").lower()) is not None
    return Named(() if whole else split(first), whole, split(found[1]) if found and whole else ())


def split(words: str) -> tuple[str, ...]:
    """The parts of a list that can be names, each once."""
    latin = _LATIN.findall(words)
    rest = words
    for each in latin:
        rest = rest.replace(each, ",")
    parts = [_CALLED.sub("", _CALLED.sub("", part)) for part in _PARTS.split(rest)]
    return tuple(dict.fromkeys(part for part in (*parts, *latin) if part and not re.search(r"\d", part)))


def apart(name: str) -> tuple[str, ...]:
    """The halves of 「李雷和韩梅梅」, which may as well be one name."""
    return tuple(part for part in _JOINTS.split(name) if part)


def is_name(part: str) -> bool:
    """Whether a part of a list looks like the name of somebody."""
    return _NAME.fullmatch(part) is not None


def may_be_name(part: str) -> bool:
    """Whether a part of a list that is the name of nobody here looks like one all the same."""
    return is_name(part) and len(part) <= 4 and not _NO_NAME.fullmatch(part)


_MANY: Final = r"(?:[2-9]|[1-9][0-9]+|[二两三四五六七八九十]{1,3}|几)\s*(?:多)?(?:个|名|位)?(?:人|同学|队员|成员|队友)(?!一?间|寝|宿舍|桌)"
_ALL_OF: Final = r"全[班体队组员]|(?:所有|每个)(?:同学|队员|成员|人)"
_LIST: Final = re.compile(
    r"(?:参赛|参加|人员|请假|队员|同学)*名单(?:如下)?\s*[:是为]\s*(?P<names>[^。;]{2,})", re.DOTALL
)
_FOR_MANY: Final = re.compile(
    rf"(?:{_ALL_OF}|{_MANY}|{_LIST.pattern.replace('P<names>', ':')}).*公假|公假.*(?:{_ALL_OF}|{_MANY}|名单(?:如下)?\s*[:是为])",
    re.DOTALL,
)
# Who belongs to many and asks for himself alone.
_ALONE: Final = re.compile(
    r"我(?!们)(?:自己|一个人|本人|也|就|只|想|要|需要|得|先|来|[\s,，])*(?:请|申请)|只给我|就我|我一个人|其中"
)


def speaks_for_many(words: str) -> bool:
    """Whether an official leave is wanted for a number of people or all of them: 「我们队5个人去比赛要请公假」."""
    plain = unicodedata.normalize("NFKC", words[:400])
    return _FOR_MANY.search(plain) is not None and _ALONE.search(plain) is None


_MATE: Final = (
    r"(?P<{0}>(?!老师|辅导员|导员|书记|班主任|学校|学院|宿管|领导|部门|单位|公司|教练|导师|医生|家人|家里|家长|父母|爸|妈|爷|奶|姥|外[公婆]|[舅叔伯姨姑姐哥弟妹])"
    r"[^\s,。;!?我请]{{1,24}}?)(?:同学)?"
)
_ASKS: Final = r"\s*(?:一起|一块儿?|两个人?|俩人?|一同|都|也|想|要|得|需要|打算|准备)*\s*(?:请|申请)[^\s,。;!?]{0,3}假"
_TOGETHER: Final = re.compile(
    rf"我们?\s*[和跟与同]\s*{_MATE.format('a')}{_ASKS}"
    rf"|(?<![一-鿿]){_MATE.format('b')}\s*[和跟与]\s*我们?(?=一起|一块|俩|两个|都|一同){_ASKS}"
)


def named_beside(words: str, me: str) -> tuple[str, str]:
    """Who is to have leave beside the speaker, as the words write it (「我和韩梅梅一起请假」, 「名单：韩梅梅 赵敏」), and the words
    without that; two empty ones where nobody is. me: the speaker's name, which stands before names of whoever goes along."""
    plain = unicodedata.normalize("NFKC", words[:400])
    if (listed := _LIST.search(plain)) is not None and "假" in plain:
        return listed["names"].strip(), f"{plain[: listed.start()]} {plain[listed.end() :]}".strip()
    found = _TOGETHER.search(plain)
    if found is None:
        return "", ""
    return f"{me} {found['a'] or found['b']}".strip(), f"{plain[: found.start()]}请假{plain[found.end() :]}".strip()


_THESE: Final = re.compile(
    r"(?:就|只|先|只有)?(?:这些|他们|这(?:\d+|[一二两三四五六七八九十]+|几)个?人?)(?:人|同学)?(?:去|就行|就好|吧|了)*|(?:没有|不加|去掉|删掉|删了)(?:了|他|它|这个|那个|吧)*"
    r"|that(?:'s|’s| is) all|just these|only these",
    re.IGNORECASE,
)


def are_all(words: str) -> bool:
    """Whether words say that a list is complete as it is (「就这些」), without the number that was wrong."""
    return _THESE.fullmatch(words.strip(" 。.!！,，")) is not None


def may_be_list(words: str) -> bool:
    """Whether words may be a list of people: a part of them looks like a name, or like a number of somebody."""
    plain = unicodedata.normalize("NFKC", words)
    return re.search(r"\d{3}", plain) is not None or any(may_be_name(part) for part in split(plain))
