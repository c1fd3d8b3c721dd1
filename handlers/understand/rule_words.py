"""What a question asks besides its aspect of the rules, and questions about one's own refused or owed matters."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MOST: Final = 40  # characters of such a question
_FORMALITIES: Final = re.compile(r"手续|流程|步骤|\b(?:formalities|procedure|steps)\b", re.IGNORECASE)
_ALLOWED: Final = re.compile(
    r"(?:能不能|可不可以|能|可以|允许|让|准)(?:不能|不可以)?(?:请|休)|(?:请|休).{0,4}假.{0,2}(?:行|可以|准)(?:吗|么|不)|\b(?:can|may) i\b",
    re.IGNORECASE,
)
_FAMILY: Final = r"(?:家长|父母|爸妈|爸爸妈妈|监护人|家里)"
_PARENTS: Final = re.compile(
    rf"(?:请问|老师|[\s,，])*(?:要不要|需不需要|用不用|会不会|是不是要|一定要|必须|需要|要|用|会|得)?(?:告诉|通知|联系|让|给|经过|跟|和)?{_FAMILY}(?:要不要|需不需要|用不用|会不会|要|需要|用|会|得|也要)*(?:说|讲)?(?:知道|知情|通知|同意|确认|签字|知晓)?(?:吗|么|不|嘛|的)?[\s?？]*"
)
_WHY: Final = re.compile(
    r"(?:请问|老师|那|[\s,，])*(?:为什么|为啥|为何|怎么|咋|凭什么)(?:会|就|又|要|我的?|老师|辅导员|请?假|申请|都|给)*(?:没有?|不|未)(?:给|被)?(?:我)?(?:同意|批准?|通过|准)(?:我|了|的|啊|呢|我的?请?假|假|申请)*[\s?？]*"
    r"|(?:请问|老师|那|[\s,，])*(?:(?:为什么|为啥|为何|怎么|咋|凭什么)(?:会|就|又|我的?|请?假|申请|把|给|我)*(?:被)?(?:驳回|拒绝|拒|退回?)(?:了|的|我|啊|呢|我的?假)*|(?:不同意|没批|拒绝|驳回|没通过)的?(?:理由|原因)(?:是)?(?:什么|啥|呢)?)[\s?？]*"
    r"|why (?:was|is|did|were).{0,30}(?:refused|rejected|declined|denied|not approved)[\s?]*",
    re.IGNORECASE,
)
_OWED: Final = re.compile(
    r"(?:请问|老师|我|那|现在|[\s,，])*(?:还|都)?(?:欠|差|缺|没交|要补|需要补|要交|得交|该交)(?:交|了|的)?(?:有)?(?:什么|哪些|啥|哪几样|几样|几份)(?:材料|证明|东西|文件|单子)?(?:没交|没有交|要交|要补)?(?:吗|么|呢|啊)?[\s?？]*"
    r"|(?:请问|我|还|[\s,，])*(?:有)?(?:什么|哪些|啥)?(?:材料|证明|东西)(?:还)?(?:没交|没有交|要补|欠着)(?:吗|么|的)?[\s?？]*|what (?:papers|proof|documents) do i (?:still )?owe[\s?]*",
    re.IGNORECASE,
)

_DEEDS: Final = (  # of what somebody asks whether or how one does it, and what it is called where it is done
    ("withdraw", r"撤|取消|withdraw|take back|cancel"), ("rate", r"评价|打分|评分|打星|好评|差评|rate"), ("urge", r"催|加急|urge|hurry"),
    ("fill", r"补"), ("unhelped", r"退回重办|重新办|重开|reopen"), ("change", r"修改|更改|改|change|amend|edit"),
)  # fmt: skip
_DEED: Final = r"(?:撤(?:回|销|掉|下来?)?|取消|评价|打分|评分|打星|好评|差评|催办?|加急|修改|更改|改|补充|补材料|补交|退回重办|重新办理?|重开)"
_MATTER: Final = r"(?:这个|这件事|这条|这次|它|申请|工单|报修|请假|假条|信|咨询|材料|内容|时间|服务|老师|师傅)"
_WRONG: Final = (
    r"(?:地址|时间|内容|房间号?|原因|电话|类型|日期|信息|表|不小心|刚才|刚刚)*(?:填|写|选|报|提交|点|弄)错(?:了|过)?"
)
_ASKS_WAY: Final = re.compile(
    rf"(?:请问一?下?|老师|你好|那|我的?|要是|如果|想|现在|已经|刚才的?|刚刚|之前的?|提交(?:了|过)?(?:的|以后|之后|后)?|{_WRONG}|{_MATTER}|[\s,，])*"
    r"(?:(?:怎么|如何|怎样|咋|在哪里?|哪里|去哪里?|从哪里?)(?:样|才?能|可以|去|来|给|把|要|再|自己|我|对|进行|申请|做)*"
    r"|(?:还|也|就)?(?:能不能|可不可以|可否|能否|是否可以|能|可以|可|允许)(?:不能|再|自己|我|给|把|去|随时|中途|直接|申请)*)"
    rf"(?:{_MATTER}|刚才的?)*(?P<deed>{_DEED})"
    rf"(?:{_MATTER}|刚才的?|一下|一次|办理|回?来|掉|了|的|呢|吗|么|嘛|不|啊|呀|[\s?？。.!！])*"
    rf"|(?:请问|老师|我|想|要|如果|[\s,，])*(?P<first>{_DEED}){_MATTER}*[\s,，]*(?:要|该)?(?:怎么|在哪|去哪|咋)(?:弄|办|操作|做|搞|里|儿|点|弄的)?(?:啊|呀|呢|[\s?？])*"
    rf"|(?P<wrong>{_WRONG})[\s,，]*(?:怎么办|咋办|怎么弄|怎么搞)(?:啊|呀|呢|[\s?？])*"
    r"|(?:how (?:do|can|to)|can|may|could)(?: i| we)? "
    r"(?P<en>withdraw|take back|cancel|rate|urge|hurry|change|amend|edit|reopen)(?: it| this| my \w+| the \w+)?[\s?.!]*",
    re.IGNORECASE,
)  # fmt: skip


def asks_way(words: str) -> str:
    """Which verb of a student's somebody asks about, whether or how it is done (「我能撤回吗」, 「怎么评价」): "withdraw", "rate",
    "urge", "change", "fill" or "unhelped"; "" for other words."""
    plain = _plain(words)
    found = _ASKS_WAY.fullmatch(plain) if 2 < len(plain) <= MOST else None
    if found is None:
        return ""
    said = found["deed"] or found["first"] or found["en"]
    if not said:
        return "change"  # 「填错了怎么办」
    return next((verb for verb, named in _DEEDS if re.match(named, said, re.IGNORECASE)), "")


def asks_formalities(words: str) -> bool:
    """Whether a question is about all that a leave of a kind takes (「出国请假要什么手续」), not its papers alone."""
    return _FORMALITIES.search(_plain(words)) is not None


def asks_whether_allowed(words: str) -> bool:
    """Whether a question asks if leave is possible at all (「考试周能请假吗」)."""
    return _ALLOWED.search(_plain(words)) is not None


def asks_parents(words: str) -> bool:
    """Whether a question is whether parents have to know, and nothing else (「家长要知道吗」)."""
    plain = _plain(words)
    return 2 < len(plain) <= MOST and _PARENTS.fullmatch(plain) is not None


def asks_why_refused(words: str) -> bool:
    """Whether somebody asks why their own matter was refused (「为什么不同意」)."""
    plain = _plain(words)
    return 2 < len(plain) <= MOST and _WHY.fullmatch(plain) is not None


def asks_owed(words: str) -> bool:
    """Whether somebody asks what they still have to hand in (「还欠什么材料」)."""
    plain = _plain(words)
    return 2 < len(plain) <= MOST and _OWED.fullmatch(plain) is not None


_MISSED: Final = re.compile(
    r"没(?:有)?(?:去|来|能去|能来)?上(?:成)?课|没(?:有)?(?:去|来)(?:成)?(?:学校|教室)|缺(?:了)?课|没(?:来得及|有?时间|顾上)?请(?:上)?假|忘(?:了|记)?请假|(?:昨|前)天.{0,4}(?:生病|病了|发烧|不舒服|住院|有事)"
)


def tells_missed(words: str) -> bool:
    """Whether words tell of lessons that were missed without a leave (「昨天生病没去上课，怎么补」)."""
    return _MISSED.search(_plain(words)) is not None


def _plain(words: str) -> str:
    return unicodedata.normalize("NFKC", words[: 4 * MOST]).strip().lower()
