"""Words that want more days on a leave that runs (续假), or another time for one that was asked for (改时间)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from handlers.understand.orders import NUMBER

_NAMED: Final = re.compile(
    r"续\s?(?:个|一下|点|几天)?\s?假|延长(?:我的|这个|这次)?(?:请假|假期|假)|(?:请假|假期?|假条)[^,，。]{0,6}(?:延长|延到|延至|往后延|顺延)"
    r"|\b(?:extend|prolong)\b[^.]{0,20}\b(?:leave|absence)\b|\b(?:leave|absence)\b[^.]{0,20}\bextended\b",
    re.IGNORECASE,
)
_MORE: Final = re.compile(
    r"(?:再|多|继续)(?:请|续|待|呆|休|休息|住|留)(?:个|上)?(?:[0-9〇一二两三四五六七八九十半几]{1,3})(?:天|日|个?小时|周|个?星期|个?晚上|个?月)"
    r"|\b(?:[0-9]+|one|two|three|a few|some) more (?:days?|hours?|weeks?)\b",
    re.IGNORECASE,
)
_LEAD: Final = re.compile(
    r"^(?:我|你好|老师|请|麻烦|想要?|要|能不能|可以|申请|帮我|给我|[\s,，。:：/])*(?:续\s?假|prolong|extend)",
    re.IGNORECASE,
)
_CHANGED: Final = re.compile(
    r"(?:我的|这个|那个|上次的?|刚才的?|把|将|想把)*(?:请假|假期?|假条)(?:的)?(?:时间|日期)?(?:[请填写选弄搞]错了?[\s,，。]*)?(?:想|要|能不能|可以|能|需要|得|帮我|请)*(?:从[^,，。改换调挪推提]{1,16})?"
    r"(?:改(?!天)|换|调整?|挪|推迟|提前)(?:到|成|为|至|一下|下(?!周|星期|礼拜|个|午))*[\s:：,，]*(?P<value>.*)$"
    r"|(?:change|move|shift|reschedule)\s+(?:my\s+|the\s+)?leave(?:\s+(?:dates?|time))?(?:\s+to)?\s*(?P<english>.*)$",
    re.IGNORECASE | re.DOTALL,
)
# A bare 「改期」 names no leave, but a time is nothing else that a student changes by itself.
_BARE: Final = re.compile(
    r"(?:我|老师|你好|想要?|要|请|麻烦|帮我|能不能|可以|[\s,，])*改(?:个|一下|下)?期(?:到|成|为|至|一下)?[\s:：,，]*(?P<value>.*)$"
    r"|reschedule(?:\s+to)?\s*(?P<english>.*)$",
    re.IGNORECASE | re.DOTALL,
)
# What asks how it is done begins with the word for it, too, and asks for no more days.
_HOW: Final = re.compile(
    r"怎么|如何|流程|什么|网上|要不要|[批审签]吗|同意吗|重新|谁|哪|最多|最长|几次|几天前|提前几|多久|\bhow\b|\bwhat\b",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(
    r"怎么|如何|多久|最多|最长|几次|重新|谁|哪|提前几|提前多|网上|[批审签]吗|行不行|需要什么|为什么|吗[?？]?$|[?？]$|\bhow\b|\?$",
    re.IGNORECASE,
)


_UNSAID: Final = frozenset(
    {"时间", "日期", "一下", "一下时间", "个时间", "the time", "the dates"}
)  # that something changes


def asks_to_prolong(words: str) -> str:
    """Whether words want more days: "named" where they say so by name (「续假到周五」), "lead" where they begin with it,
    "more" for 「再请两天」, which only a leave that runs makes clear; "" for everything else."""
    plain = unicodedata.normalize("NFKC", words[:200])
    if _LEAD.match(plain) and not _HOW.search(plain):
        return "lead"
    if _NAMED.search(plain) and not _OTHER.search(plain):
        return "named"
    return "more" if _MORE.search(plain) else ""


def new_time(words: str) -> str | None:
    """What a leave that was asked for is to become in 「假期改到下周二到周四」: the words of the time, "" where none is said;
    None where the words change nothing of the kind."""
    plain = NUMBER.sub(" ", unicodedata.normalize("NFKC", words[:200])).strip()
    found = _CHANGED.search(plain) or _BARE.match(plain)
    if found is None or _OTHER.search(plain):
        return None
    value = (found["value"] if found["value"] is not None else found["english"] or "").strip(" 。.!！")
    return "" if value in _UNSAID else value


def names_leave(words: str) -> bool:
    """Whether words that change a time say that it is a leave's (「假期改到周五」), and not only 「改期」."""
    return _CHANGED.search(NUMBER.sub(" ", unicodedata.normalize("NFKC", words[:200])).strip()) is not None


_ASKING: Final = re.compile(r"(?:可以|行|好)(?:吗|么|不|嘛)[?？]?$|(?:能不能|可不可以|可以|能)(?=续|再|多)")
_LEFT: Final = re.compile(
    r"^(?:[\s,，。;；:：、]|我|想要?|要|需要|得|请|老师|你好|麻烦|申请|能不能|可以|帮我|给我|因为|由于|所以|的话|吧|了)+|(?:[\s,，。;；:：、]|想要?|要|需要|得|申请|所以|因此|吧|想再)+$"
)
# What is left of 「再请两天」 once its length is taken out.
_BARE_MORE: Final = re.compile(
    r"(?:^|(?<=[\s,，。;；]))(?:我?还?想|还?要)?(?:再|多|继续)+(?:请|续|待|呆|休息|休|住|留)(?=$|[\s,，。;；])"
)
_HOLLOW: Final = re.compile(r"[我你您的了吧呢吗啊呀还也再就都要想会得请假多几天续长延可以能行好谢申,，。!！?？\s]*")


def reason_left(words: str) -> str:
    """What words that want more days tell besides (「续假到周五，没赶上车」 → 「没赶上车」); the words of a time are out already.
    "" where nothing of weight is left."""
    plain = NUMBER.sub(" ", words[:200]).strip()
    for pattern in (_ASKING, _NAMED, _MORE, _BARE_MORE):
        plain = pattern.sub(" ", plain)
    left, before = plain, None
    while left != before:
        before, left = left, _LEFT.sub("", left).strip()
    return "" if len(left) < 3 or _HOLLOW.fullmatch(left) else left
