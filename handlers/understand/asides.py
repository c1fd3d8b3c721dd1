"""Words that are said beside the question of a form: to hand in, to drop it, to change, to ask how far it is, to thank."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from handlers.crisis_fold import fold, squeeze
from handlers.understand.language import has_chinese
from handlers.understand.orders import NUMBER, Order, read_number
from handlers.understand.times.words import number

_BEFORE: Final = r"(?:请问|请|麻烦|帮我|给我|我想?要?|我的?|那就?|嗯|哦|唉|老师|还是|直接|算了|现在|先|can|could|you|i|want|to|would|like|just){0,4}?"
_AFTER: Final = r"(?:一下下?|吧|呗|啦|了|啊|呀|哦|哈|嘛|的|呢|吗|老师|谢谢你?|please|pls|thanks|now|it|this|that|form|my|request){0,3}"
_CORES: Final = (
    ("submit", r"提交(?:申请|表单|这张?表)?|交(?:上去|表|了)|可以提交|submit|handin|sendin|send"),
    (
        "drop",
        (r"撤回|撤销|撤掉|(?:不用|不要|不需要|不必|不想)(?:再)?(?:修|请|报|写|办|申请|报修|请假|写信|麻烦)?了|不(?:修|请|报|写|报修|请假|写信|提)了"
        r"|(?:取消|撤回|撤销|不要)(?:这个|这次|刚才的?|我的)?(?:{names}|申请|表单?|假|单子?)|withdraw|takeback|cancel(?:the|my)?(?:{names})"
        r"|(?:dont|nolonger)(?:need|want)"),
    ),
    ("change", r"修改|更改|改|要改|想改|填错|写错|edit|change|modify"),
    (
        "status",
        (r"催|催办|催单|(?:什么时候|啥时候|多久|几时)(?:能|会|可以|才)?(?:修|批|办|弄|处理|解决|回复|答复|搞)(?:得|的)?(?:好|完|下来|定)?"
        r"|(?:修|批|办|处理)(?:到哪|得怎么样|好没)|(?:怎么)?还没(?:人来|人管|修|批|处理|回复)|有人(?:来|看|处理|管)|进度|到哪一?步"
        r"|(?:whats|what is|whatis|checkthe|check)?(?:the|my)?(?:status|progress)|howlong|anynews|anyupdates?"),
    ),
    ("thanks", r"(?:好的?|嗯|行|ok)?(?:谢谢?|多谢|感谢|谢了|辛苦)(?:你|您|老师|啦|了)?|再见|拜拜|晚安|thx|thanks?|thankyou|bye(?:bye)?|goodbye"),
)  # fmt: skip
_LONGEST: Final = 24
# A place is told by a number or by a word that stands for a part of a house or a campus.
_PLACE: Final = re.compile(
    r"[0-9a-z〇零一二两三四五六七八九十百]|楼|栋|幢|室|房|层|园|区|馆|厅|堂|门口|走廊|厕所|卫生间|浴室|阳台|床|广场|操场|路|院|苑|斋|舍|寝|校|店|站|场|角|旁|边|里$"
)
_STORY: Final = re.compile(r"不|没|坏|了$|还是|又|一直|漏|冒|断|响|掉|裂|堵|烧|臭|滴|闪|老是|总是|能不能|怎么|吗|希望")
# What is broken, told without a number or a house, is no place although a room is named (「宿舍的灯坏了」).
_FAULT: Final = re.compile(r"坏|漏|堵|裂|不[亮通热冷转制]|断[网电水]|没(?:电|水|网)")
# When somebody is in to open the door (「明天上午有人在」) is told beside the place.
_SOMEBODY: Final = re.compile(r"^[^,，。]{0,12}(?:有|没)人(?:在)?(?:的|哦)?[\s。.!！]*$")
_EXACT: Final = re.compile(r"[0-9a-z〇零一二两三四五六七八九十百]|[楼栋幢]")
_STAND: Final = re.compile(r"地点|位置|地址|在哪|where|place|location|address|\broom", re.IGNORECASE)
_UNHELPED: Final = re.compile(
    r"^(?:老师|你好|您好|可是|但是|但|根本|并|怎么|我的?|宿舍|那个|它|[\s,，。.!！])*(?:没(?:有)?(?:修好|修|弄好|搞好|办好|处理|解决|好|用|人来)"
    r"|(?!我)[\u4e00-\u9fff]{0,6}?(?:还是|依然|依旧|仍然?|照样|又)(?:不(?![想要去来回用请])|没(?!有?时间)|坏|漏|断|堵|卡|黑)"
    r"|还(?:是)?(?:没|不|坏|漏|那样|老样子|一样)|还是(?!想|要|请|算|我|去|给|帮|办)|又(?:坏|漏|断|不|没|开始|来)|not (?:fixed|solved|yet)|still |it'?s? ?(?:still|not)|broken again)",
    re.IGNORECASE,
)
_GOES: Final = re.compile(
    r"(?:走|出发|动身|启程|离校|离开|开始|leave|set off|start)(?:吧|了|就行|可以)?$", re.IGNORECASE
)
_COMES: Final = re.compile(
    r"(?:回|回来|返校|回校|到校|回学校|结束|为止|return|come back|be back)(?:吧|了|就行|可以)?$", re.IGNORECASE
)
_GOING: Final = re.compile(r"走|出发|动身|离校")
_OFF: Final = re.compile(
    r"(?:老师|韩老师|那|你好|您好|,)*我?(?:们)?(?:现在|马上|立刻|这就|已经|今天|先|就|得|要|必须|只能|等不及){1,5}(?:要|得)?(?:走|出发|动身|离校|回家|上车|去车站)(?:了|啦|吧|啊){0,2}"
    r"|(?:i ?a?m |i |im )?(?:already |just )?(?:have to go now|leaving now|on my way|off now|must go now)"
)
_ALSO: Final = re.compile(r"也|还要|另外|再请|\b(?:also|too|as well)\b", re.IGNORECASE)
_WISH: Final = re.compile(
    r"我?想|我?要|帮|报修|请假|也|还有|另外|等一?下|对了|顺便|需要|申请|麻烦|\b(?:want|need|please|also|like)\b"
)
_BACK: Final = re.compile(r"撤|取消|withdraw|take back", re.IGNORECASE)
_TO: Final = re.compile(r"^(?:改到|改成|改为|换到|换成|推到|推迟到|提前到|挪到|改)+(?=[^到至])")


def read_aside(words: str, names: tuple[str, ...] = ()) -> str | None:
    """What words said in a form are after, alone or nearly alone: submit, drop, change, status or thanks; else None.

    names: what the form is called, so that 「取消报修」 is understood.
    """
    text = squeeze(fold(words[: 4 * _LONGEST]).strip()).replace("'", "")
    if not text or len(text) > _LONGEST:
        return None
    called = "|".join(re.escape(squeeze(fold(name))) for name in names if name) or "(?!)"
    for label, core in _CORES:
        if re.fullmatch(rf"{_BEFORE}(?:{core.replace('{names}', called)}){_AFTER}", text):
            return label
    return None


def may_take_back(words: str) -> bool:
    """Whether words may take something back at all: a look before any name is compared."""
    return _BACK.search(words) is not None and len(words) > 2


def takes_back(words: str, names: tuple[str, ...]) -> bool:
    """Whether words take a matter back that is not in hand (「撤回刚才的假」, 「取消报修」), and name it in some way."""
    return may_take_back(words) and read_aside(words, names) == "drop"


_NODS: Final = re.compile(r"我?(?:当然|肯定)?(?:会|要|去|有|离|需要|打算)(?:的|啊|呀|哦|吧|呢)*")
_SHAKES: Final = re.compile(
    r"我?(?:当然|肯定)?(?:不会|不要|不去|不离|不用|不需要|不打算|没有?)(?:的|啊|呀|哦|吧|了|呢)*"
)


def nod(words: str) -> str:
    """The "confirm" or "deny" of an answer that only repeats the verb of the question (「会」, 「不去」); "" for other words."""
    text = squeeze(fold(words[: 4 * _LONGEST]).strip())
    if words.rstrip().endswith(("?", "？")):
        return ""
    return "confirm" if _NODS.fullmatch(text) else "deny" if _SHAKES.fullmatch(text) else ""


def is_only_sent(words: str) -> bool:
    """Whether words hand something in (「提交」, "submit") or are no words but a thumb: no yes to any other question."""
    return read_aside(words) == "submit" or not any(unicodedata.category(mark)[0] in "LN" for mark in words)


def is_no_place(label: str, words: str) -> bool:
    """Whether a question asks for a place by its label, and the words tell what happened rather than where."""
    plain = unicodedata.normalize("NFKC", words).lower()
    if not _STAND.search(label) or not has_chinese(words):
        return False
    if _SOMEBODY.search(plain):
        return True
    fault = _FAULT.search(plain) is not None and _EXACT.search(plain) is None
    return fault or (_STORY.search(plain) is not None and _PLACE.search(plain) is None)


def says_unhelped(words: str) -> bool:
    """Whether the words say that it was not solved after all (「没修好」, 「还是不制冷」), in a short sentence."""
    return len(words) <= 60 and _UNHELPED.search(unicodedata.normalize("NFKC", words)) is not None


def edge(words: str) -> str:
    """Which end of a stretch a time is: "start" for 「周五早上走」, "end" for 「周日晚上回」, "" where both or none is said."""
    plain = re.sub(r"[\s,，。.!！~～]+$", "", unicodedata.normalize("NFKC", words))
    if _COMES.search(plain):
        return "" if _GOING.search(plain) else "end"
    return "start" if _GOES.search(plain) else ""


_LATER: Final = re.compile(
    r"(?<![\d.一二三四五六七八九十])(\d{1,2}|[一二两三四五六七八九十]{1,3})天(?:之|以)?后(?=.{0,3}(?:回|返|到校))|\b(\d{1,2}) days later\b"
)


def days_later(words: str) -> int:
    """How many days after something one comes back (「三天后回来」); 0 where words do not count so."""
    found = _LATER.search(unicodedata.normalize("NFKC", words))
    return (number(found[1] or found[2]) or 0) if found else 0


_ONLY_AN_END: Final = re.compile(
    r"(?:我|就|才|再|要|会|能|准备|打算|应该|大概|[\s,，。.!！])*(?:走|出发|动身|启程|离校|回|回来|回校|返校|到校|回学校|回宿舍|回寝室?|return|come back|be back|leave|set off)"
    r"(?:吧|了|就行|可以|[\s,，。.!！])*",
    re.IGNORECASE,
)


def is_only_an_end(words: str) -> bool:
    """Whether words beside a time only say that one goes or comes back then (「回来」 of 「后天下午回来」)."""
    return len(words) <= _LONGEST and _ONLY_AN_END.fullmatch(words) is not None


def is_wish(words: str) -> bool:
    """Whether the words are plainly a wish of their own: a long sentence, or one that asks for something."""
    return len(words) > _LONGEST or _WISH.search(unicodedata.normalize("NFKC", words).lower()) is not None


def bare_time(words: str) -> str:
    """Words of a time without the word of changing before them (「改到周五早上走」)."""
    return _TO.sub("", unicodedata.normalize("NFKC", words).strip())


def says_also(words: str) -> bool:
    """Whether the words add to what was said (「明天下午也要请」) instead of taking its place."""
    return _ALSO.search(words) is not None


_THANKED: Final = re.compile(
    r"(?:[\s,，.。!！~～、]|好(?:的|滴|嘞|哒)?|嗯+|哦+|ok(?:ay)?|收到|明白|了解|知道|清楚|谢谢|多谢|感谢|谢了|辛苦|麻烦|老师|您|你|了|啦|哈|啊|呀"
    r"|got it|thank you|thanks|thx|i see|understood|teacher)+",
    re.IGNORECASE,
)


_LETTERS: Final = re.compile(r"[^\W\d_]")


def says_nothing(words: str) -> bool:
    """Whether words hold nothing to go by: marks, emoji, a lone letter or a few digits (「？」, "/", "g", "12")."""
    plain = unicodedata.normalize("NFKC", words).strip()
    letters = _LETTERS.findall(plain)
    return (
        len(plain) <= 20 and not has_chinese(plain) and len(letters) < 2 and sum(mark.isdigit() for mark in plain) < 4
    )


def is_thanks(words: str) -> bool:
    """Whether words only say that something was heard (「谢谢老师，知道了」), which answers nothing that was asked."""
    return len(words) <= 40 and _THANKED.fullmatch(words.strip()) is not None


def house(place: str) -> str:
    """A place without its room (「东园1号楼203」 → 「东园1号楼」), given without spaces and marks."""
    return re.sub(r"[0-9]{2,4}(?:室|房|寝|号房间?)?$", "", place)


def asks(words: str) -> bool:
    """Whether the words end as a question does."""
    return words.rstrip().endswith(("?", "？", "吗", "呢"))


_YOU: Final = re.compile(
    r"^(?:老师|好的?|那|嗯+|[\s,，。!！])*(?:我|我们).{0,16}(?:找|见|去找|问|联系|打给|等|给)(?:一下)?(?:您|你|老师)|您|\b(?:i will|i'll|can i|may i)\b.*\byou\b",
    re.IGNORECASE,
)


def says_you(words: str) -> bool:
    """Whether words speak to a teacher (「我明天去找您」), in a short sentence."""
    return len(words) <= 60 and _YOU.search(unicodedata.normalize("NFKC", words)) is not None


def says_going(words: str) -> bool:
    """Whether somebody says to be setting off at this moment, and nothing else: 「我先走了」."""
    return len(words) <= _LONGEST and _OFF.fullmatch(fold(words).strip(" ,.!~")) is not None


_AFTER_IT: Final = re.compile(
    r"(?:(?:请|帮我|我想|想|查询?|看看?|查一下|看一下|问一下|请问)*(?:的|它的|这件的?)?(?:办理|处理|审批)?(?:进度|进展|状态|情况|结果)(?:如何|怎么?样了?|到哪了)?"
    r"|(?:现在)?(?:办|处理|修|批|走|进行|审批)?(?:到哪(?:儿|里|一步)?|得?怎么?样)了?|(?:查询?|看看?|查一下|看一下)|status(?:of)?|howfaris(?:it)?)"
)


def asks_after(words: str) -> Order | None:
    """The question how a matter stands that is named by its number (「进度 BX-2606-0001」), as the order to show it; None for
    all else."""
    plain = unicodedata.normalize("NFKC", words[:80])
    number = read_number(plain)
    rest = re.sub(r"[\s,，。.:：?？!！、吗呢啊呀]", "", NUMBER.sub("", plain, count=1)).lower() if number else ""
    return Order("show", number, "") if rest and _AFTER_IT.fullmatch(rest) else None
