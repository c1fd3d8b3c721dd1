"""What a question is about, as marks that can be compared: things it names, and what it wants to know of them.

Things that go by several names (一卡通, 饭卡, 校园卡) count as one; what is left of Chinese words counts by pairs of characters,
English by words. What is wanted (when, where, how, how much) is kept apart, since 图书馆在哪 is not answered by when it opens.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

_READ: Final = 120  # characters: a longer one is a story, and no question that a guide was written for


class Marks(NamedTuple):
    """things: what it is about; wants: what is asked of it, "" never among them."""

    things: frozenset[str]
    wants: frozenset[str]


# One thing under its names; the longer names first, since what was found is taken out of the words.
_THINGS: Final = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("clinic", r"校医院|医务室|校医室?|卫生所|门诊|campus (?:clinic|hospital|doctor)|\bclinic\b"),
        ("reimburse", r"报销|医保|医疗费|医药费|药费|reimburse\w*|medical insurance"),
        ("library", r"图书馆|图书(?!证)|\blibrary\b"),
        ("borrow", r"借书|还书|借阅|续借|借(?=几本|多少|多久)|几本书|borrow\w*|\bloans?\b|renew\w*"),
        ("card", r"校园卡|一卡通|学生卡|饭卡|campus card|student card"),
        (
            "lost",
            r"丢失|丢了?|掉了|遗失|找不到|不见了?|挂失|补卡|补办|补(?!考|助|课|假|交|充|贴|选)|\blost\b|\blose\b|replace\w*",
        ),
        ("topup", r"充值|充钱|圈存|top ?up|\bcharge\b"),
        ("dorm", r"学生公寓|宿舍|寝室|公寓|宿管|dorm\w*|\bhall\b|residence"),
        ("gate", r"门禁|锁门|关门(?=.*宿舍)|熄灯|断电时间|宵禁|查寝|curfew"),
        (
            "appliance",
            r"大?功率|电煮?锅|电饭煲|热水壶|烧水壶|电器|电热毯|吹风机|卷发棒|违章|appliances?|kettles?|cookers?|hair ?dryers?",
        ),
        ("hotwater", r"热水|浴室|洗澡|澡堂|淋浴|hot water|showers?|bath\w*"),
        ("net", r"校园网|网络|上网|宽带|无线|wifi|wi-fi|internet|network"),
        ("password", r"密码|password"),
        ("canteen", r"食堂|餐厅|饭堂|美食城|canteen|cafeteria|dining"),
        ("meal", r"早饭|早餐|午饭|午餐|晚饭|晚餐|夜宵|吃饭|开饭|breakfast|lunch|dinner"),
        ("bus", r"班车|校车|校区巴士|通勤车|摆渡车|shuttle|\bbus(?:es)?\b"),
        ("enrolled", r"在读证明|在校证明|学生证明|学籍证明|enrol\w+|student status"),
        ("transcript", r"成绩单|成绩证明|transcripts?"),
        ("print", r"自助打印机?|打印|开具|打(?=[吗呢?]?$)|开(?=个?(?:证明|成绩|在读))|print\w*"),
        ("vacation", r"放假|寒假|暑假|假期安排|校历|vacation|holidays?"),
        ("begin", r"开学|报到|注册|semester (?:start|begin)\w*|term (?:start|begin)\w*|school starts?"),
        ("exam", r"补考|缓考|重修|考试周|期末考?试?|exams?"),
        ("aid", r"助学金|奖学金|助学贷款|困难认定|贫困生|勤工助学|scholarships?|student loan|financial aid"),
        ("visitor", r"访客|来访|探访|家长|父母|爸妈|校外人员|visitors?|guests?"),
        ("anonymous", r"匿名|实名|anonymous\w*"),
        ("mailbox", r"青年信箱|信箱|意见箱|mailbox"),
        ("slip", r"请?假条|leave slip|\bslip\b"),
        ("parcel", r"快递|包裹|驿站取件|parcels?|packages?"),
    )
)
_WANTS: Final = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "when",
            (
                r"几点|什么时候|啥时候|何时|哪天|几号|哪几天|几月|时间|时刻表?|开到|多晚|早几点|关门|开门|开放|营业|上班|下班|门诊时间"
                r"|(?<![一-鿿])开(?=[吗么])|开(?=[吗么?？]|不开|着)|开始|截止|班次|末班|首班|待到|休息|最晚|最早|停(?![电水车])|关(?![于系注上])|when|what time|opening|hours|open\b|close[sd]?\b|closing|timetable|schedule"
            ),
        ),
        ("where", r"在哪儿?|哪里|哪儿|什么地方|地址|位置|怎么走|几楼|去哪|where|location|address"),
        ("cost", r"多少钱|费用|收费|价格|几块|要钱|how much|cost|price|fee"),
        ("papers", r"材料|什么证|证件|带什么|凭证|papers|documents?|evidence|proof"),
        ("long", r"多久|几天|多长|几个小时|how long|how many days"),
        ("many", r"几本|多少本|几次|上限|最多|how many"),
        ("who", r"找谁|谁|哪个部门|哪位|负责|who\b|whom"),
        ("phone", r"电话|联系方式|怎么联系|phone|contact"),
        ("may", r"能不能|可不可以|可以|允许|能(?=[一-鿿])|准不准|让不让|\bmay\b|\bcan i\b|allowed"),
        ("how", r"怎么办|怎么弄|怎么|怎样|如何|咋办?|流程|步骤|手续|how (?:to|do|can)|how\b|procedure"),
    )
)
# Words that most questions hold and that say nothing of what they are about.
_IDLE: Final = re.compile(
    r"请问一?下?|书(?![记院法店包])|一班|发烧了?|感冒了?|生病了?|不舒服|半夜|报修|维修|修理|请假|没有?|想?问一?下|我?想(?:知道|了解|问问?)|麻烦|谢谢|老师们?|同学|你好|您好|那个|学校里?的?|咱们?|我们|你们|我的?|你|一下|一般|大概|现在|目前"
    r"|今天|明天|周[一二三四五六日末天]|星期[一二三四五六日天]|每天|平时|晚上|早上|上午|下午|中午|节假日|一次|最近|这个?|本|到底|具体|要不要|需要|要|会|有|是|可|被"
    r"|什么|哪些?|多少|的话|的|了|吗|呢|吧|啊|呀|么|嘛|哦|得|地|都|还|就|在|去|给|把|里|上|从|到|和|跟|一个?|几"
    r"|\b(?:the|a|an|is|are|does|do|did|i|my|me|to|of|on|at|in|for|it|there|please|what|which|be|get|have|has|need|want|if|and|or|can|will|should|im|s|school|campus|university|today|now|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends?)\b"
)
_RUN: Final = re.compile(r"[一-鿿]+|[a-z0-9]+")


@lru_cache(maxsize=8192)
def marks(words: str) -> Marks:
    """What a question is about and what it wants to know; empty for words longer than a question is."""
    if len(words) > _READ:
        return Marks(frozenset(), frozenset())
    left = unicodedata.normalize("NFKC", words).lower().replace("'", "")
    things: set[str] = set()
    for name, pattern in _THINGS:
        left, count = pattern.subn(" ", left)
        if count:
            things.add(f"#{name}")
    wants: set[str] = set()
    for name, pattern in _WANTS:
        if pattern.search(left):
            wants.add(name)
            left = pattern.sub(" ", left)
    for run in _RUN.findall(_IDLE.sub(" ", left)):
        if run[0].isascii():
            things.add(run[:-1] if len(run) > 3 and run.endswith("s") else run)
        elif len(run) == 1:
            things.add(run)
        else:
            things |= {run[at : at + 2] for at in range(len(run) - 1)}
    return Marks(frozenset(things), frozenset(wants))
