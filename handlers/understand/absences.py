"""What staff say of being away and of their shifts: that they are away and who stands in, that they are back, a swap."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

TITLES: Final = ("老师", "书记", "主任", "处长", "师傅", "阿姨", "馆长", "院长")  # after a surname they name somebody
_MOST: Final = 120
_AWAY: Final = re.compile(
    r"不在(?!线|意|乎|吗|不)|不到岗|不上班|休假|年假|调休|出差|外出|(?<!要)(?<!给)(?<!来)请(?:个|了)?假(?!条)|去?培训|离岗"
    r"|\b(?:away|out of (?:the )?office|on leave|off (?:work|duty)|on a business trip)\b",
    re.IGNORECASE,
)
_SELF: Final = re.compile(r"^(?:老师)?(?:你好|您好)?[\s,，。!！]*(?:我|本人|俺|i\b|i'm\b|i’m\b)", re.IGNORECASE)
_STAND_IN: Final = re.compile(
    r"[\s,，。;；]*(?:(?:期间|这几天|这段时间|到时候?)?(?:的?(?:事|工作|学生))?(?:先|都)?(?:由|请|让|找|托|拜托|麻烦))\s*"
    r"(?P<name>[^\s,，。;；]{1,12}?)\s*(?:来|帮忙?|帮我)?(?:代(?:我|班|办|理|管|替|签|为|一下)*|顶(?:班|替|一下|我)*|接替|替(?:我|班|一下)*|负责)"
    r"|(?:^|[\s,，。;；])(?P<who>[^\s,，。;；我]{1,8}?)\s*(?:会|来|可以|先)?(?:替我|代我|顶我|帮我(?:代|顶|替)|替(?:我)?班|代班|顶班|(?<![交现时年世后])代|顶替)(?:班|办|理|管|签|处理|一下|一天|几天|的?(?:事|工作))*(?=$|[\s,，。.;；!！])"
    r"|[\s,.;，]*(?:and\s+)?(?P<first>[A-Za-z][\w.'’ -]{0,40}?)\s+(?:stands?|will\s+stand|is\s+standing|fills?|will\s+fill)\s+in(?:\s+for\s+me)?"
    r"|[\s,.;，]*(?:and\s+)?(?P<cover>[A-Za-z][\w.'’ -]{0,40}?)\s+(?:covers?|will\s+cover)(?:\s+for\s+me)?",
    re.IGNORECASE,
)
_BACK: Final = re.compile(
    r"^(?:老师好?[,，]?)?(?:我|本人)?(?:已经?|提前|今天|刚)*(?:回来|回岗|返岗|到岗|回校|返校|回单位|回办公室)(?:上班)?了?[\s。.!！~～]*$"
    r"|^(?:我)?(?:来|要)?(?:销假|取消代理|结束(?:请假|外出|休假|出差|代理))了?[\s。.!！~～]*$"
    r"|^(?:i am|i'm|i’m|im)\s+back(?:\s+(?:at work|in the office|early))?[\s.!]*$",
    re.IGNORECASE,
)
# An absence that is not to be after all, and those that are entered.
_OFF: Final = re.compile(
    r"^(?:我)?(?:下周|明天|后天)?(?:不(?:用)?(?:去)?(?:出差|休假|外出|请假|培训|调休|离岗)了|(?:要|想)?(?:取消|撤销|撤回)(?:我的|登记的?)?"
    r"(?:外出|出差|休假|不在|请假|外出登记|登记|代办))[\s。.!！~～]*$|^cancel (?:my )?(?:absence|leave|trip)[\s.!]*$",
    re.IGNORECASE,
)
_LIST: Final = re.compile(
    r"^(?:看?查?看?)?(?:我的?)?(?:外出|不在的?(?:日子|登记)|外出登记|出差登记|休假登记)(?:记录)?[\s。?？]*$|^my absences?[\s.?]*$",
    re.IGNORECASE,
)
_SWAP: Final = re.compile(
    r"^(?:我)?(?:想|要|需要|申请|能不能|可以)*(?:换(?:个|一下|下)?(?:[^\s,，。]{0,8}的)?(?:值?班|班次)|调班|找人(?:代|顶|替)班|换值班)(?:吗|一下|吧)?[\s。.!！?？]*$"
    r"|^(?:我的|查?看?我的?)(?:值班|班次|班表|班)(?:表|安排|有哪些)?[\s。.!！?？]*$|^我(?:什么时候|哪天|几号|何时)值班[\s?？]*$"
    r"|^(?:我)?(?:[今明后]天|[这本下]?周[一二三四五六日末]?)?(?:的?(?:值?班))?(?:想|要|需要|申请|能不能|可以)*(?:和|跟|同|与|找)(?P<name>[^\s,，。和跟同与]{2,8}?)(?:想|要|商量|互相|对|去)*(?:[换调](?:个|一下|下|一?天)?(?:值?班|班次))(?:吗|一下|吧|可以吗|行吗)?[\s。.!！?？]*$"
    r"|^(?:i\s+(?:want|would like|need)\s+to\s+)?(?:swap|change|exchange)\s+(?:a\s+|my\s+)?shifts?(?:\s+with\s+(?P<en>[A-Za-z][\w.'’ -]{0,40}?))?[\s.!]*$|^my\s+shifts?[\s.!]*$",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(r"[?？]|吗[\s。]*$|谁|^(?:他|她|老师|学生)")
# What is a farewell in a student's mouth and an absence in that of whoever answers for others, and nothing besides.
_PARTING: Final = re.compile(
    r"(?:老师)?(?:从)?(?:下周|下个月|这周|本周|周末|月底)?(?:起|开始)?我(?:下周|下个月|这周|本周|周末|月底|就|要)?不在了"
    r"(?:[\s,，。]*(?:我的|手上的?|手头的?)?(?:工单|事情?|工作|班级?)(?:都|先|请)?(?:交给?|由|转给?|给|找|托)[^\s,，。;；]{1,8}?(?:代|办|管|老师|处理|负责)*)?[\s。.!！~～]*"
)
_MOST_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class Wish:
    """What is said: "away", "back" (also of what is called off), "list" or "swap"; who is to stand in as it was said ("" nobody); the words that hold the time."""

    kind: str
    stand_in: str = ""
    when: str = ""


def read(words: str) -> Wish | None:
    """A wish of somebody on the staff about being away or about shifts; None when the words are about something else.

    「我明天到周五不在，由王老师代」 → away, 王老师, 「我明天到周五不在」.
    """
    plain = unicodedata.normalize("NFKC", words[: 4 * _MOST]).strip()
    if not plain or len(plain) > _MOST:
        return None
    if _BACK.match(plain) or _OFF.match(plain):
        return Wish("back")
    if _LIST.match(plain):
        return Wish("list")
    if swap := _SWAP.match(plain):
        return Wish("swap", (swap["name"] or swap["en"] or "").strip()[:_MOST_NAME])
    named = _STAND_IN.search(plain)
    when = (plain[: named.start()] + plain[named.end() :]) if named else plain
    if not _AWAY.search(when) or _ASKS.search(plain) or not (_SELF.match(plain) or named):
        return None
    name = next((group for group in named.groups() if group), "") if named else ""
    return Wish("away", name.strip()[:_MOST_NAME], when.strip(" ,，。.;；"))


# What may stand between a time and the word for being away, and after that word, when nobody is named: the speaker is meant.
_LEAD: Final = re.compile(
    r"^(?:从|自|要|得|都|会|可能|因事|有事|临时|开始|起|期间|全天|整天|我|i am|i'm|will be|from|[\s,，、])*",
    re.IGNORECASE,
)
_END: Final = re.compile(r"(?:了|家|岗|校|学校|单位|办公室|上班|几天|一下)?(?:[\s,，。.;；!！]|$)")


def read_bare(words: str, untimed: str) -> Wish | None:
    """「今天下午到周五不在」, a time and being away without a subject, means the speaker; None for all else.

    untimed: the words without those of the time. A service by its name alone (「请假」) tells no time and is none.
    """
    plain = unicodedata.normalize("NFKC", words[: 4 * _MOST]).strip()
    left = unicodedata.normalize("NFKC", untimed[: 4 * _MOST]).strip()
    if not left or len(plain) > _MOST or len(left) == len(plain) or _ASKS.search(plain) or "哪" in plain:
        return None
    head = _LEAD.match(left)
    found = _AWAY.match(left, head.end() if head else 0)
    if found is None or not _END.match(left, found.end()):
        return None
    named = _STAND_IN.search(plain)
    name = next((group for group in named.groups() if group), "") if named else ""
    when = (plain[: named.start()] + plain[named.end() :]) if named else plain
    return Wish("away", name.strip()[:_MOST_NAME], when.strip(" ,，.。;；"))


def addresses(words: str) -> bool:
    """Whether words speak to somebody (「我明天不在，你后天来」), as an answer to a student does and a wish of one's own does not."""
    return re.search(r"你|您|同学|\byou\b", words, re.IGNORECASE) is not None


_WHO: Final = re.compile(
    r"^(?:请问|现在)?(?:今天|今日|今晚|现在|明天|明日|后天)?(?:都)?(?:有)?(?:谁|哪些(?:人|学生|同学)|哪几个(?:人|学生|同学)?)(?:今天|现在|明天|后天)?(?:都|在)?"
    r"(?:不在(?:校|学校)?|请(?:了)?假|离校|没(?:有)?(?:来|返校)|在请假)(?:了|的|中)?[\s?？。]*$"
    r"|^(?:who(?:'s|’s| is)?\s+(?:is\s+)?(?:away|on leave|absent|out)(?:\s+(?:today|now|tomorrow))?)[\s?？.]*$",
    re.IGNORECASE,
)


def asks_who(words: str) -> bool:
    """Whether somebody asks who is away (「今天谁请假」, 「谁不在」), and nothing else."""
    return len(words) <= _MOST and _WHO.match(unicodedata.normalize("NFKC", words).strip()) is not None


_LATER: Final = re.compile(r"明天|明晚|明早|后天|下周|周[一二三四五六日末天]|星期|号|tomorrow|next\s", re.IGNORECASE)


def names_another_day(words: str) -> bool:
    """Whether words about the duty ask for another day than today."""
    return _LATER.search(words) is not None


def days_ahead(words: str) -> int:
    """Which day is asked about: 0 today, 1 tomorrow, 2 the day after."""
    if re.search(r"后天|day after tomorrow", words, re.IGNORECASE):
        return 2
    return 1 if re.search(r"明天|明日|tomorrow", words, re.IGNORECASE) else 0


_DAY: Final = r"(?:请问|现在|我们?[班楼]?|[班楼宿]舍?[里上]|[本这]?(?:栋|幢)?楼|学院|我的?学生)*(?:今天|今日|今晚|今早|现在|明天|明日|明晚|明早|后天|[本这下]个?(?:周|星期|礼拜)|[班楼宿]舍?[里上]|还|都|有)*"
_PEOPLE: Final = r"(?:谁|哪些(?:人|学生|同学)?|哪几个(?:人|学生|同学)?|有?(?:几|多少)个?(?:人|学生|同学))"
_DO: Final = r"(?:今天|现在|明天|后天|[本这下]个?(?:周|星期|礼拜)|都|在|还|要|会)*"
_GOES: Final = re.compile(
    rf"^{_DAY}{_PEOPLE}{_DO}(?:走|出发|离校|离开(?:学校)?|回家|开始请假)(?:了|的)?[\s?？。]*$|^who(?:'s|’s| is)? (?:leaving|going)(?: today| tomorrow)?[\s?？.]*$",
    re.IGNORECASE,
)
_COMES: Final = re.compile(
    rf"^{_DAY}{_PEOPLE}{_DO}(?:回来|返校|到校|回校|归校|销假)(?:了|的)?[\s?？。]*$|^who(?:'s|’s| is)? (?:coming back|returning)(?: today| tomorrow)?[\s?？.]*$",
    re.IGNORECASE,
)
_NOT_BACK: Final = re.compile(
    rf"^{_DAY}{_PEOPLE}{_DO}(?:没有?|未)(?:有)?(?:回来?|到校?|归校?|返校|销假|按时)(?:回来|返校|销假)?(?:的|了)?[\s?？。]*$|^(?:没|未|逾期|超期)(?:回来?|归|返校|销假)?(?:未销假|没销假)?(?:的)?(?:名单|学生|同学|人|有谁|有哪些)[\s?？。]*$|^who(?:'s|’s| is)?(?: still)? (?:not back|overdue)(?: yet)?[\s?？.]*$",
    re.IGNORECASE,
)
_IS_AWAY: Final = re.compile(
    rf"^{_DAY}{_PEOPLE}{_DO}(?:请(?:了)?假|不在(?:校|学校)?|在外)(?:了|的|中)?[\s?？。]*$", re.IGNORECASE
)
# Who leaves and who comes back, asked in one breath: everybody of the day, each with how it stands.
_BOTH: Final = re.compile(
    rf"^{_DAY}{_PEOPLE}?{_DO}(?:走|出发|离校|回来|返校|回校|离开)[\s,，、和与]*{_DAY}{_PEOPLE}?{_DO}(?:走|出发|离校|回来?|返校|回校|离开)(?:了|的)?(?:名单)?[\s?？。]*$"
)
_WEEK: Final = re.compile(r"(?P<next>下)?个?(?:周|星期|礼拜)|(?P<en_next>next) week|this week", re.IGNORECASE)


def asks_students(words: str) -> str:
    """What staff ask about their students: "missing" (谁没回来), "leaving" (明天谁走), "returning" (明天谁回来), "away" (今天谁请假); "" for other words."""
    plain = unicodedata.normalize("NFKC", words[: 2 * _MOST]).strip()
    if len(plain) > _MOST:
        return ""
    asked = (("missing", _NOT_BACK), ("leaving", _GOES), ("returning", _COMES), ("away", _IS_AWAY), ("away", _BOTH))
    found = "leaving" if _BARE_GOES.fullmatch(plain) else ""
    found = found or next((what for what, pattern in asked if pattern.match(plain)), "")
    return found or ("away" if asks_who(plain) else "")


_NAMED: Final = re.compile(
    r"^(?:请问|老师|你好|[\s,，])*(?P<name>(?!我|俺|本人|可以|能|要|想|需|是|没|不|有|还|在|怎|什|该|让|准|允|谁|帮|给|今天|明天|后天|周|下周|考试|期末|上课|病假|事假|公假)[一-鿿]{2,4}?)"
    r"(?:同学)?(?:今天|昨天|明天|这周|本周|最近|是不是|有没有|现在)*(?:请(?:了|过)?(?:病|事|公)?假|在请假|回家|离校|销假|返校|回来)(?:了|的)?(?:吗|么|没有?)[\s?？。]*$"
)


_LISTS: Final = re.compile(
    r"(?:请|麻烦|帮我|给我|我要|我想|老师|查一?下?|看一?下?|看看|导出|下载|打印|生成|要|一?份|本周|这周|下周|今天|明天|本月|这个月|本学期|我们?班|全班|学院|学生的?|的|[\s,，])*"
    r"(?:请销?假|在外|离校|不在校|销假)(?:的|人员|学生|同学|情况|人数)*(?:统计表?|汇总表?|名单|报表|一览表?|台账|清单|表格|导出|数据)[\s?？。!！]*"
    r"|(?:export|download|show)?\s*(?:the\s+)?(?:leave|absence)\s+(?:list|statistics|stats|report|summary)[\s?.!]*",
    re.IGNORECASE,
)
_BARE_GOES: Final = re.compile(r"(?:今天|今日|今晚|明天|明日|后天)(?:的)?离校(?:的)?(?:学生|同学|人|名单)?[\s?？。]*")
_ON: Final = re.compile(r"(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})[号日]")


def asks_list(words: str) -> bool:
    """Whether staff want the list or the sums of leaves (「请假统计」, 「导出请假名单」), which stand on a page."""
    return len(words) <= _MOST and _LISTS.fullmatch(unicodedata.normalize("NFKC", words).strip()) is not None


def asked_day(words: str) -> tuple[str, re.Match[str] | None]:
    """Words without the day of the calendar in them (「6月15日谁不在」), and that day: its month, if said, and day."""
    plain = unicodedata.normalize("NFKC", words[: 2 * _MOST]).strip()
    found = _ON.search(plain)
    return (plain, None) if found is None else (f"{plain[: found.start()]}{plain[found.end() :]}", found)


_MAY: Final = re.compile(r"谁|哪[些几]|几个|多少|who|没|未|逾期|超期|overdue", re.IGNORECASE)


def may_ask(words: str) -> bool:
    """Whether the words hold one of those without which nobody asks for students who are away: a quick look."""
    return len(words) <= _MOST and _MAY.search(words) is not None


def asked_of(words: str) -> str:
    """The name of whoever a question asks to be on leave or back (「李雷请假了吗」); "" for other words."""
    found = _NAMED.match(unicodedata.normalize("NFKC", words).strip()) if len(words) <= 24 else None
    return found["name"] if found else ""


def weeks_ahead(words: str) -> int | None:
    """Which week is asked about: 0 this one, 1 the next; None where the words name a day or none."""
    found = _WEEK.search(words)
    return None if found is None else int(bool(found["next"] or found["en_next"]))


def may_part(words: str) -> bool:
    """Whether a member of staff may mean by it that they are away: 「我不在了」, 「下周我不在了，工单交给王老师」, and no word more."""
    return _PARTING.fullmatch(unicodedata.normalize("NFKC", words[: 4 * _MOST]).strip()) is not None


_AGREES: Final = re.compile(
    r"(?:好的?|行|可以|嗯|我|[\s,，])*(?:同意|愿意|接受|答应)(?:和|跟|同|与|给|替|帮)?[^\s,，。?？吗]{0,8}?(?:换班|换|代班)(?:了|吧|的|请求|申请|[\s。.!！~～])*"
    r"|(?:i\s+)?(?:agree to|accept)(?: the)? swap[\s.!]*",
    re.IGNORECASE,
)
_DECLINES: Final = re.compile(
    r"(?:抱歉|不好意思|对不起|我|这次|[\s,，])*不(?:同意|愿意|接受|想|能|方便|便|打算)?(?:和|跟|同|与|给|替|帮)?[^\s,，。?？吗]{0,8}?(?:换班|换|代班)(?:了|吧|[\s。.!！~～])*"
    r"|(?:i\s+)?(?:decline|refuse)(?: the)? swap[\s.!]*|no swap[\s.!]*",
    re.IGNORECASE,
)


def answers_swap(words: str) -> bool | None:
    """Whether somebody who was asked to swap a shift agrees (「同意换班」) or does not (「不换」); None for other words."""
    plain = unicodedata.normalize("NFKC", words[:_MOST]).strip()
    if len(plain) > _MOST_NAME:
        return None
    if _DECLINES.fullmatch(plain):
        return False
    return True if _AGREES.fullmatch(plain) else None


_OF_OTHERS: Final = re.compile(
    r"(?<!随便)(?<!不管)(?<!无论)谁(?!都|也|知道|让)|哪(?:位|个人|些人|[个些位](?:同学|学生|老师))|\bwho(?:'s|’s)?\b",
    re.IGNORECASE,
)


def asks_of_others(words: str) -> bool:
    """Whether words of one clause ask about somebody else (「明天谁带队」), so that a time in them is no time of one's own."""
    plain = unicodedata.normalize("NFKC", words[:_MOST]).strip(" \t\n?.。!")
    return 0 < len(plain) <= 30 and re.search(r"[,;，。；、\n]", plain) is None and _OF_OTHERS.search(plain) is not None
