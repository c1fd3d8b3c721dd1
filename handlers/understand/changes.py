"""Words that change an answer which was already given: which question they name, and what they say instead."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from models.item import FormField, Item

_MARK: Final = r"(?:改[成为到]|改一下[成为到]?|换[成为到]|变[成为]|应该是|应为|to\b|into\b)"
_BEFORE: Final = (
    r"(?:不对|不是|错了|写错了|[,，。\s]|我|那就?|不如|要不|干脆|还是|想要?|要|需要|请|麻烦|帮我|把|将|修改|更改|更正|改一下|改|换一下|换|重填|"
    r"\b(?:no|please|i|want|to|change|correct|edit|the|my|it)\b)*"
)
_JOIN: Final = r"(?:\s*(?:[:：=]|" + _MARK + r"|(?:一下|是|is\b))\s*|\s+)"
_BARE: Final = re.compile(rf"^{_BEFORE}$", re.IGNORECASE)
_VERB: Final = re.compile(r"改|换|更正|重填|不对|错|change|correct|edit", re.IGNORECASE)
_VALUE: Final = re.compile(rf"^{_BEFORE}{_MARK}\s*(?P<value>.+)$", re.IGNORECASE | re.DOTALL)
_AFTER: Final = re.compile(r"(?:[\s,，。.!！]|吧|了|可以吗|行吗|谢谢(?:老师)?|please)+$", re.IGNORECASE)
_WRONG: Final = re.compile(
    r"\s*(?:有?(?:点|些)?(?:不对|错了?|有误|[写填选搞弄]错了?)|不是(?:这个|这样)|(?:is|was) (?:wrong|not right)|wrong)了?",
    re.IGNORECASE,
)
_RIGHTED: Final = re.compile(
    rf"(?:{_WRONG.pattern})[\s,，。:：;；]*(?:应该|应|其实|而)?(?:是|为|改[成为])(?P<value>.+)", re.IGNORECASE
)
_NOT_BUT: Final = re.compile(
    r"^(?:不是|不对)[^,，。;；]{1,20}[,，。;；\s]+(?:而|应该|其实)?(?:是|改成)(?P<value>.+)$", re.DOTALL
)
# Other names that people have for the questions of a kind.
_KINDS: Final = {
    "span": ("时间", "日期", "起止时间", "time", "times", "dates", "date"),
    "date": ("时间", "日期", "date", "day"),
    "phone": ("电话", "手机", "手机号", "号码", "phone", "number"),
    "file": ("照片", "图片", "附件", "文件", "photo", "file"),
    "long": ("内容", "正文", "text", "words"),
}
_REST: Final = ("事由", "理由", "原因", "缘由", "reason", "why")
_CHOICE: Final = ("类型", "种类", "类别", "kind", "sort")


class Change(NamedTuple):
    """What is to be changed: the questions that are named (none, one or several), the words instead ("" for none), and
    whether a word of changing was said (「改成」), so that it is a change wherever it is said."""

    fields: tuple[FormField, ...]
    value: str
    said: bool


_MAY: Final = re.compile(
    r"改|换|变|更正|重填|不对|错|误|不是|应|把|将|chang|correct|edit|wrong|not right|\b(?:in)?to\b", re.IGNORECASE
)


def may_change(words: str) -> bool:
    """Whether a word stands in the words without which no change is said: a quick look before `read_change`."""
    return _MAY.search(unicodedata.normalize("NFKC", words[:400])) is not None


# 「请假的理由换一下，改成做手术」 says twice that it changes, and first whose it is.
_TWICE: Final = re.compile(r"(?:换|改|变|修改|调整)(?:一?下|一改|掉)?[\s,]+(?:改|换|变)?(?:成|为|是)(?!不)")
_OF_LEAVE: Final = re.compile(
    r"^(?:把|将)?(?:我)?(?:的|这个|那个|刚才的?)?(?:请假|假|申请|假条)的(?=事由|理由|原因|类型|种类|时间)"
)


def read_change(item: Item, words: str) -> Change | None:
    """The change that the words are, naming a question by label, alias or key, or only what it is to be; else None."""
    plain = _TWICE.sub("改成", _OF_LEAVE.sub("", unicodedata.normalize("NFKC", words[:400]).strip()))
    if not plain:
        return None
    if _BARE.match(plain) and _VERB.search(plain):
        return Change((), "", said=True)
    for name in sorted({name for field in item.fields for name in names(item, field)}, key=len, reverse=True):
        found = re.match(
            rf"^(?P<before>{_BEFORE}){re.escape(name)}(?P<join>{_JOIN})?(?P<value>.*)$",
            plain,
            re.IGNORECASE | re.DOTALL,
        )
        if found is None:
            continue
        value = _AFTER.sub("", found["value"])
        told = f"{found['join'] or ''}{value}"
        wrong = _WRONG.fullmatch(told) is not None
        righted = _RIGHTED.fullmatch(told)
        if righted is not None:  # 「原因写错了，是牙疼」
            fields = tuple(field for field in item.fields if name in names(item, field))
            return Change(fields, righted["value"], said=True)
        if value and not found["join"] and not wrong:
            continue
        value = "" if wrong else value
        fields = tuple(field for field in item.fields if name in names(item, field))
        marked = re.search(_MARK, found["join"] or "", re.IGNORECASE) or re.search("[改换把将]|change", found["before"])
        return Change(fields, value, said=wrong or bool(marked))
    found = _NOT_BUT.match(plain) or _VALUE.match(plain)
    return Change((), _AFTER.sub("", found["value"]), said=True) if found else None


_PARTED: Final = re.compile(
    r"^(?:请|麻烦|帮我|我|想要?|要|[\s,，])*(?:修改|更改|改|换|调整?|挪|change|move)(?:一下)?\s+(?:到|成|为|至|to\b)?\s*",
    re.IGNORECASE,
)


def read_parted(item: Item, words: str) -> Change | None:
    """As `read_change`, of words out of whose middle the number of a matter was taken: 「改 QJ-… 到6月16日下午」."""
    told = read_change(item, words)
    if told is not None and told.said:
        return told
    parted = _PARTED.match(unicodedata.normalize("NFKC", words[:400]))
    named = read_change(item, words[parted.end() :]) if parted is not None else None
    if parted is None or named is not None:  # 「改 QJ-… 事由 回家」
        return told if named is None else named._replace(said=True)
    return read_change(item, f"改到{words[parted.end() :]}") or told


def names(item: Item, field: FormField) -> tuple[str, ...]:
    """What people call a question: its label in both languages, its key, and the usual names of its kind."""
    own = [field.label("zh").lower(), field.label("en").lower(), field.key.lower(), *_KINDS.get(field.kind, ())]
    if field.fill == "rest":
        own += _REST
    if field.kind == "choice" and sum(each.kind == "choice" and each.fill == "" for each in item.fields) == 1:
        own += _CHOICE
    return tuple(dict.fromkeys(own))


_WISH: Final = re.compile(
    r"^(?:老师)?(?:你好|您好)?[\s,，。!！]*(?:(?:我|俺)?(?:还|也|又)?(?:想|要|得|需要|打算|申请|想要|准备)(?:再)?(?P<own>请|报|申请|办)|(?:请|申请)(?!问|老师|帮|你|您))"
    r"|^\s*i(?:'d| would) like\b|^\s*i (?:want|need)\b",
    re.IGNORECASE,
)


def wishes(words: str, untimed: str) -> str:
    """A whole wish (「我想请11月30日到12月2日的假回家」) as it would be said without its time (「我想请假回家」); "" for other words.

    untimed: the words without those of the time. A reason tells why and begins otherwise (「6月20日要考试」).
    """
    plain = unicodedata.normalize("NFKC", words[:400]).strip()
    if _WISH.match(plain) is None or not untimed or untimed == plain:
        return ""
    return re.sub(r"(请|报|办)的", r"\1", unicodedata.normalize("NFKC", untimed).replace(" ", ""))
