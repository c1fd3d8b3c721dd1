"""What members of staff may say in chat about tickets: a verb, the number that it is about, and the words after it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Final

from handlers.understand.addressing import TO_STUDENT

NUMBER: Final = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{2})\s*-?\s*(\d{4})\s*-?\s*(\d{4,6})(?!\d)")
_VERBS: Final = (
    ("reopen", r"(?:退回)?重办|重开|重新(?:打开|受理|办理)|reopen"),
    ("archive", r"归档|结案|archive"),
    ("refuse", r"(?:仍然?|依然|还是)?不同意|驳回|不批准?|拒绝|decline|refuse|reject"),
    ("sign", r"(?:仍然?|依然|还是)?同意|批准|通过|准假|准了|批了(?![吗没么])|approve|agree"),
    (
        "send_back",
        r"退回(?:给)?(?:上一步|上一级|前一步|前一位)|退回(?=[到给至]?第\s*[1-9一二三四五六]\s*步|给\s*[^\s,，学同他她]{1,4}(?:老师|书记|主任|[院部处科]长))|back\s+a\s+step",
    ),
    (
        "guardian_link",
        r"(?:发|给)?家长链接|(?:请|让|发给?|问|找)?家长确认(?![了过好])|(?:联系|问)家长(?=\s*[A-Za-z]{2}-?\d|$)|guardian\s+link",
    ),
    ("guardian_phoned", r"已?电话核实|已?电话联系家长|parents?\s+phoned"),
    ("delegate", r"转签|请人代签|代签|delegate"),
    ("transfer", r"转办|转派|转给|转交|移交给?|transfer|forward|pass\s+on"),
    ("assign", r"派单|交办|指派|分派|派给|assign"),
    ("escalate", r"督办|升级|escalate"),
    ("readmit", r"(?:取消|解除|撤销)回避|readmit"),
    ("recuse", r"(?:申请)?回避|recuse"),
    ("nudge", r"(?:提醒|催一?下?)学生(?:补充)?|remind\s+(?:the\s+)?student"),
    ("merge", r"合并|并入|并案|merge"),
    ("close", r"不予受理|不受理|关闭|close"),
    ("urge", r"催办|催单|催一?下|催一?催|urge|remind\s+them"),
    ("rate", r"评价|打分|评分|满意度|打个?(?=\s*(?:[0-9一二三四五两]\s*[分星颗]|[好差]评))|rate"),
    ("correct", r"更正|correct"),
    ("own_reminders", r"我的提醒|提醒列表|my\s+reminders"),
    ("unsnooze", r"(?:取消|不用|不要|别|去掉)(?:再)?提醒(?:我)?了?|cancel\s+(?:the\s+)?reminder"),
    ("snooze", r"(?:稍后|过后|回头)?提醒我|稍后提醒|remind\s+me|snooze"),
    ("unrelate", r"(?:取消|解除|去掉)(?:关联|相关)|unrelate"),
    ("relate", r"关联|相关(?=\s*(?:$|[A-Za-z]{2}\s*-?\s*\d))|relate(?:d\s+to)?"),
    ("split", r"拆分|拆出来?|分拆|split(?:\s+off)?"),
    ("untag", r"(?:去掉|去除|取消|删除?|移除|撕掉)标签|untag|remove\s+tags?"),
    ("tag", r"(?:打上?|加上?|添加|贴上?)?标签|tags?"),
    ("unline", r"(?:清单(?:里)?(?:去掉|删掉?|减)|去掉清单|remove\s+line)"),
    ("line", r"清单(?:里)?(?:再)?(?:加上?|添加?)(?:一[项条])?|add\s+line"),
    ("untick", r"(?:取消|去掉)勾选?|取消打勾|untick"),
    ("tick", r"清单(?=[\s:：]|$|第?\d|全部)|勾选|打勾|checklist|tick"),
    ("note", r"(?:内部)?备注|批注|note"),
    (
        "ask",
        rf"退回补充{TO_STUDENT}|退回{TO_STUDENT}|补充材料|请补充|send\s*back(?:\s+to\s+(?:the\s+)?student\b)?|ask(?:\s+(?:the\s+)?student\b)?",
    ),
    ("progress", r"(?:更新|告知|说明)?进展(?!\s*(?:如何|怎|咋|情况|到|呢|吗|[?？]))|progress(?!\s+on)"),
    ("conclude", r"(?:这|那|刚才那句)?就是答复了?|this\s+is\s+the\s+answer"),
    ("unfinished", r"还?没有?办完|not\s+finished"),
    ("reply", r"回复|答复|reply|answer"),
    (
        "resolve",
        r"修好了|办结|办完了|办好了|处理好了|处理完了?|已经?(?:修好|处理|办好|办完|完成)好?了?|done|fixed|resolved?",
    ),
    ("extend", r"(?:申请)?延期|延长时限|extend"),
    ("priority", r"优先级|priority"),
    ("take", r"接单|受理|我来处理|take"),
    ("back", r"代?销假|已返校|sign\s*(?:back\s*)?in"),
    ("show", r"详情|查看|看看|details?|show|timeline"),
    ("more", r"更多操作|more\s+actions"),
    ("theirs", r"(?:正在|在)?等学生的?|waiting\s+for\s+students?"),
    (
        "mine",
        r"待办|待接单|待处理|未办|我的工单|(?:今天|现在|我)?还?有(?:什么|哪些|几件|多少)(?:事情?|活|要办|没办|没处理)的?|有没有超时的?|超时的?(?:有哪些|工单)|有哪些(?:待办|工单)|mine|todo|queue|open\s+tickets",
    ),
    ("acknowledge", r"是我要办的|it\s+was\s+me"),
    ("object", r"我没有要办|不是我要办的|i\s+did\s+not\s+ask"),
    ("fill", r"补充|add|fill"),
    ("call_off", r"整份(?:名单)?(?:都)?取消|取消整份(?:名单)?|整份(?:都)?撤回|call\s+it\s+off"),
    ("withdraw", r"(?:撤回|撤销)(?:刚才的?|上一步|上一个|操作|决定)*|withdraw|undo"),
    ("helped", r"解决了|已解决|solved|helped"),
    ("unhelped", r"没解决|未解决|没有解决|not\s+solved|unsolved"),
)
_ORDERS: Final = tuple(
    (verb, re.compile(rf"^[/\s]*(?:{pattern})(?=$|[^A-Za-z])", re.IGNORECASE)) for verb, pattern in _VERBS
)
# Most words begin with no verb, and learn it by one look.
_ANY: Final = re.compile(rf"^[/\s]*(?:{'|'.join(pattern for _, pattern in _VERBS)})(?=$|[^A-Za-z])", re.IGNORECASE)
# What may stand before a verb where a number is named: 「把 QJ-… 同意了」, 「给 BX-… 打五分」.
_BEFORE: Final = re.compile(r"^(?:请|麻烦|帮我|帮忙|我要|我想|想|关于|把|将|给|对|please\s|[\s,，:：])+", re.IGNORECASE)
# What is said of all at once; a tail is the end of a number, alone at the beginning or right after the verb.
_EVERY: Final = re.compile(r"^[/\s]*(?:全部|全都|都|统统|一律)(?:给我|帮我)?\s*", re.IGNORECASE)
_ALL: Final = frozenset({"全部", "所有", "所有的", "都", "all", "everything", "them all", "all of them"})
_TAIL_OF: Final = re.compile(r"^[\s,，.。:：#]*((?:\d{4}-)?\d{3,6})(?=$|[\s,，.。:：;；!！、])")
# 「明天上午提醒我」: the time stands before the verb. 「今天没人提醒我」 tells of something.
_REMIND: Final = re.compile(
    r"^(?!.*[没不谁怎昨吗?？])(?=.*(?:今|明|后天|周|星期|礼拜|号|点|小时|分钟|早|晚|午|\d))(?:请|麻烦)?(\S.{0,19}?)再?提醒一?下?我(?:一下|看一?下|处理|跟进)?[\s。.!！]*(.{0,20})$"
)
_POLITE: Final = re.compile(r"^[\s,，.。:：;；!！~～]+|^(?:了|吧|一下|please\b)+", re.IGNORECASE)
_TAIL: Final = re.compile(r"[\s.。!！~～]+$")


@dataclass(frozen=True, slots=True)
class Order:
    """A verb in words: which, about which ticket ("" when none is named), and what else was said.

    tail: digits beside the verb that may be the end of a number; they stand in the words too, since they may not be.
    rest: the words without them. every: it was said of all matters at once.
    """

    verb: str
    number: str
    words: str
    tail: str = ""
    rest: str = ""
    every: bool = False


def read_number(words: str) -> str:
    """The ticket number that stands in the words, as it is written on cards, "" for none."""
    found = NUMBER.search(unicodedata.normalize("NFKC", words[:400]))
    return f"{found[1].upper()}-{found[2]}-{found[3]}" if found else ""


def _as_written(written: str, plain: str, words: str) -> str:
    """Words as they stand in the message: 「，」 is no "," to whoever reads them. plain: the same message, made plain."""
    at = plain.rfind(words) if words and len(plain) == len(written) else -1
    return written[at : at + len(words)] if at >= 0 else words


def read_order(words: str) -> Order | None:
    """An order such as 「同意 QJ-2606-0012」 or 「QJ-2606-0012 退回 请补医院证明」; None when no verb leads.

    Which verbs somebody may use is not decided here.
    """
    written = words[:4000].strip()
    plain = unicodedata.normalize("NFKC", written).strip()
    number = read_number(plain)
    rest = NUMBER.sub(" ", plain, count=1).strip() if number else plain
    before = None if number else _TAIL_OF.match(rest)
    every = None if before else _EVERY.match(rest)
    told = rest[before.end() :].lstrip(" ,，.。:：") if before else rest[every.end() :] if every else rest
    for words_ in dict.fromkeys((told, _BEFORE.sub("", told))) if number else (told,):
        for verb, pattern in _ORDERS if _ANY.match(words_) else ():
            found = pattern.match(words_)
            if found:
                order = _order(
                    verb, number, words_[found.end() :], before[1] if before else "", every=every is not None
                )
                return order and replace(order, words=_as_written(written, plain, order.words))
    asked = _REMIND.match(told)
    if asked:
        return Order("snooze", number, _clean(f"{asked[1]} {asked[2]}"))
    return Order("show", number, "") if number and not rest else None


_AMONG_STAFF: Final = frozenset({
    "archive", "transfer", "assign", "note", "escalate", "merge", "close", "correct", "tag", "untag", "split",
    "relate", "unrelate", "recuse", "readmit", "nudge", "snooze", "unsnooze", "tick", "untick", "line", "unline",
    "progress", "conclude", "unfinished",
})  # fmt: skip


def is_order(words: str) -> bool:
    """Whether words are an order, as far as a student may mean one: 「close to the end」 is none of staff's."""
    order = read_order(words)
    return order is not None and (bool(order.number) or order.verb not in _AMONG_STAFF)


_OFFICE: Final = re.compile(r"(\w{2,8}?)(?:办公室|中心|[处部科室办院馆组])(?!\w)")


def read_office(words: str) -> tuple[str, str]:
    """What a short name of an office at the beginning of words says before the word for an office, and the words after it:
    「学工处 请看一下」 → ("学工", "请看一下"). ("", words) where none stands there."""
    said = _OFFICE.match(words.strip())
    return (said[1], words.strip()[said.end() :].strip()) if said else ("", words.strip())


def read_other(words: str) -> tuple[str, str]:
    """The number of another ticket in 「到 QJ-2606-0012 同一件事」 ("" for none), and the words after it."""
    plain = unicodedata.normalize("NFKC", words).strip()
    number = read_number(plain)
    return (number, NUMBER.sub("", plain, count=1).lstrip(" 到进并入至给和与,，.。:：")) if number else ("", plain)


def _order(verb: str, number: str, after: str, tail: str, *, every: bool) -> Order | None:
    """An order of its parts; None where a word that is often said of other things leads a sentence."""
    words = _clean(after)
    if not number and not tail:
        named = _TAIL_OF.match(after)
        if named:
            return Order(verb, "", words, named[1], _clean(after[named.end() :]))
        if verb == "resolve" and words:
            return None
        if words.lower() in _ALL or every:
            return Order(verb, "", "" if words.lower() in _ALL else words, every=True)
    return Order(verb, number, words, tail, words if tail else "")


def _clean(words: str) -> str:
    previous = None
    while words != previous:
        previous, words = words, _POLITE.sub("", words)
    return _TAIL.sub("", words) if len(words) < 4 else words.strip()


# What a decision is to become, as it is said after 「更正」. 「答复有误」 begins the right words; 「答复：」 names what is meant.
_BECOMES: Final = tuple(
    (verb, re.compile(rf"^(?:改?[为成]|to\s+)?\s*(?:{pattern})", re.IGNORECASE))
    for verb, pattern in (
        ("refuse", rf"(?:{dict(_VERBS)['refuse']})(?=$|[^A-Za-z])"),
        ("sign", rf"(?:{dict(_VERBS)['sign']})(?=$|[^A-Za-z])"),
        ("ask", rf"(?:退回(?:补充)?{TO_STUDENT}|请补充|send\s*back|ask)(?=$|[^A-Za-z])"),
        ("take", r"(?:重新(?:办理|受理|办)|重办|take\s+up|again)(?=$|[^A-Za-z])"),
        ("reply", r"(?:回复|答复|原话|reply|answer)(?=$|[\s,，:：])"),
    )
)


def read_becomes(words: str) -> tuple[str, str]:
    """What a decision is to become by 「不同意 材料不实」 or 「改为退回 …」, as a verb ("reply" for other words), "" where it is
    not said; and the words after it."""
    written = words.strip()
    for verb, pattern in _BECOMES:
        found = pattern.match(written)
        if found:
            return verb, _clean(written[found.end() :])
    return "", written


CODE_LENGTH: Final = 8  # as handlers.binding makes them
_CODE: Final = re.compile(r"^[/\s]*(?:绑定码?|bind|start)[\s:：]*([0-9A-Za-z][0-9A-Za-z\s-]{6,14})\s*$", re.IGNORECASE)


_WANTED: Final = re.compile(r"^[/\s]*(?:绑定码|code)[\s:：]*([0-9A-Za-z]{2,32})\s*$", re.IGNORECASE)


def read_code_wish(words: str) -> str:
    """The number of the person in 「绑定码 2023010101」, said by staff, "" when that is not what the words are."""
    found = _WANTED.match(unicodedata.normalize("NFKC", words[:60]))
    return found[1] if found else ""


def read_code(words: str) -> str:
    """The binding code in 「绑定 ABCD2345」, "" when that is not what the words are."""
    found = _CODE.match(unicodedata.normalize("NFKC", words[:60]))
    code = found[1] if found else ""
    return code if len(re.sub(r"[\s-]", "", code)) == CODE_LENGTH else ""


# The number of a student for whom something is to be done: digits stand in it, and it is no ticket's.
_WHOSE: Final = re.compile(
    r"^[/\s]*(?:代替?|替|for\s)\s*(?:学号)?\s*((?=[A-Z]*[0-9])[0-9A-Z]{4,32})(?![0-9A-Z-])[\s,:：]*(.*)$",
    re.IGNORECASE | re.DOTALL,
)


def read_whose(words: str) -> tuple[str, str]:
    """The number and the rest of 「代 2023010101 请假」, said by staff; two empty ones when that is not what the words are."""
    found = _WHOSE.match(unicodedata.normalize("NFKC", words[:400]))
    return (found[1].upper(), found[2].strip()) if found else ("", "")


_TO_WHOM: Final = re.compile(r"^(?:[\s,，.。:：]+|转?给|请|由|to\b)+", re.IGNORECASE)
_AFTER_WHOM: Final = re.compile(r"^[\s,，.。:：;；]+")


def read_whom(words: str) -> str:
    """What is said after 「转签」, from the name on: without 「给」, 「请」, "to" before it."""
    return _TO_WHOM.sub("", unicodedata.normalize("NFKC", words[:2000]).strip())


def read_note(words: str) -> str:
    """What stands after the name: the note itself."""
    return _AFTER_WHOM.sub("", words).strip()


def after_name(words: str, name: str) -> str:
    """What is said after the name of a student that begins the words (「李雷，请补材料」); all of them where none does."""
    return words.removeprefix(name).lstrip(" ,，.。:：的") if name else words


def half_named(words: str) -> str:
    """Which half of what waits words name: "mine" for what is in hand, "queue" for what is to be taken, "" for neither."""
    said = words.strip("/ ").lower()
    return "queue" if said in ("queue", "待接单") else "mine" if said == "mine" else ""


_AS_WRITTEN: Final = frozenset({"用原话", "原话", "as written"})


def is_as_written(words: str) -> bool:
    """Whether words ask for somebody's own words as they stand."""
    return words.strip(" 。.").lower() in _AS_WRITTEN
